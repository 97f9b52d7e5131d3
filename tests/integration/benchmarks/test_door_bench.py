"""The measure of the door: two halves that share no layout, figures that can fail, and every layout as a document."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.benchmarks.hospital_forms.form_set import SEED, FormPage, Half, count_of, form_pages
from lian_desk.benchmarks.hospital_forms.kept_forms import KEPT_FORMS
from lian_desk.benchmarks.hospital_forms.tuned_forms import TUNED_FORMS
from lian_desk.benchmarks.materials import door
from lian_desk.benchmarks.materials.materials_suite import MEASURES, MaterialsBench
from lian_desk.models.vocabulary import FindingField, NameAnswer, TextOrigin
from lian_desk.services.recognition.page_words import PageWords, WordLine


def read(half: Half, times: int) -> list[tuple[FormPage, PageWords]]:
    """Every layout as a document with words of its own: nothing is recognised, so nothing is misread."""
    found = []
    with Renderer() as renderer:
        for place, page in enumerate(form_pages(half, times, arrival="document")):
            runs = renderer.survey(BytesSource(f"{half}{place}", page.data), 0).runs
            lines = tuple(WordLine(*run[:5], 1.0) for run in runs)
            found.append((page, PageWords(TextOrigin.DOCUMENT, 0, lines)))
    return found


def test_the_halves_share_no_layout_and_the_kept_one_has_sixty_pages() -> None:
    tuned, kept = ({form.head for form in forms} for forms in (TUNED_FORMS, KEPT_FORMS))
    assert not tuned & kept
    assert count_of(Half.KEPT, door.TIMES[Half.KEPT]) >= 60
    assert ("door", "measure_door") in {(module, function) for _words, module, function in MEASURES}


def test_the_same_seed_gives_the_same_page_in_every_way_of_arrival() -> None:
    def first(arrival: str, seed: int = SEED) -> bytes:
        return next(form_pages(Half.TUNED, 1, seed, arrival=arrival)).data

    drawn = [first(arrival) for arrival in ("document", "scan", "scan in a document", "photograph", "screen")]
    assert len(set(drawn)) == 5
    assert first("photograph") == drawn[3]
    assert first("document", 7) != drawn[0]


@pytest.mark.parametrize("half", list(Half))
def test_r1_every_layout_tells_its_facts_and_the_door_passes_nobody_elses(half: Half, tmp_path: Path) -> None:
    found = door.shares_of(read(half, 2))
    for field in (FindingField.KIND, FindingField.NAME, FindingField.DOCUMENT_ON, FindingField.DEPARTMENT):
        assert found.percent(field.value) >= door.READ_RIGHT, field
    assert found.other(NameAnswer.INSURED.value) == 0
    assert found.other("stopped") >= door.STOPPED / 100 * sum(found.others.values())
    assert found.own["stopped"] <= door.OWN_STOPPED / 100 * sum(found.own.values())
    assert set(found.nameless) <= {NameAnswer.UNSEEN.value}
    said: list[str] = []
    door.tell(found, MaterialsBench(tmp_path, 1, 1, 1, said.append))
    assert any(line.startswith("own pages: insured") for line in said)
    assert all(figure.is_met for figure in door.figures_of(found))


def test_a_page_read_wrong_or_passed_in_silence_fails_the_figures() -> None:
    page = next(form_pages(Half.TUNED, 1))
    empty = PageWords(TextOrigin.RECOGNISED, 0, ())
    blind = door.shares_of([(page, empty)])
    assert (blind.own[NameAnswer.UNSEEN.value], blind.percent("name")) == (1, 0.0)
    assert blind.other(NameAnswer.UNSEEN.value) == 3
    assert {figure.name for figure in door.figures_of(blind) if not figure.is_met} >= {"forms, name read wrong"}
    others = door.other_names(page, Random(1))
    swapped = PageWords(TextOrigin.RECOGNISED, 0, (WordLine(f"姓名：{others['similar']}", 0.1, 0.1, 0.3, 0.02, 0.99),))
    wrong = door.shares_of([(page, swapped)])
    assert wrong.own == Counter({"stopped": 1})
    assert not next(one for one in door.figures_of(wrong) if one.name == "own pages stopped").is_met


def test_the_other_people_are_a_stranger_a_relative_and_one_character_apart() -> None:
    for turn, page in enumerate(form_pages(Half.TUNED, 1, arrival="document")):
        others = door.other_names(page, Random(turn))
        name = page.facts.name
        assert name not in others.values()
        assert others["relative"][0] == name[0]
        assert len(others["similar"]) == len(name)
        assert sum(one != other for one, other in zip(others["similar"], name, strict=True)) == 1
