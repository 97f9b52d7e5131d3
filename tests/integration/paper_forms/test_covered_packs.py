"""Covered packs read back: by the recogniser, by poppler and byte by byte, no page shows whom it is about (R90).

Pages that nobody could read wholly do not leave covered before a person has looked at them and covered them by hand.
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from sqlalchemy import select, update

from lian_desk.adapters.rendering.renderer import BytesSource
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.recognition import MaterialPageText, PageCover, RecognitionJob
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.vocabulary import (
    DocumentKind,
    MaskingLevel,
    MaterialKind,
    MaterialSource,
    OwnSign,
    RecognitionState,
)
from lian_desk.services.covering.page_covers import CoverBox, CoverState, KeepPageCover, load_page_covers
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.materials.materials import ClassifyMaterial, ConfirmMaterial
from lian_desk.services.materials.pages import SplitMaterial
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.papers.issuing import issue, preview
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.pack_choices import load_pack_choices
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.reading_queue.jobs import QueueReading
from lian_desk.services.reading_queue.runner import ReadingQueue
from lian_desk.services.recognition.reader import TextReader
from tests import pages_on_purpose as made
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World
from tests.integration.paper_forms.reading import poppler_text

CASES: Final = Path(__file__).parents[2] / "cases" / "pdf"
LAYER: Final = "赵铁军的门诊病历，性别男，年龄四十一岁"
TakeIn = Callable[[str, bytes], int]


def jpeg() -> bytes:
    target = io.BytesIO()
    made.picture().save(target, "JPEG", quality=88)
    return target.getvalue()


#: Pages that the machine reads wholly, whatever they do to hide from it.
READABLE: Final[dict[str, Callable[[], bytes]]] = {
    "written.pdf": made.written,
    "table.pdf": made.tabled,
    "footer_on_a_scan.pdf": made.scan_with_footer,
    "layer_over_a_scan.pdf": lambda: made.scan_with_footer(layer=LAYER),
    "layer_under_a_scan.pdf": lambda: made.scan_with_footer(layer=LAYER, layer_mode=0),
    "letters_as_curves.pdf": made.outlined,
    "other_meanings.pdf": made.garbled,
    "upwards.pdf": lambda: made.turned_words(90),
    "upside_down.pdf": lambda: made.turned_words(180),
    "field.pdf": lambda: made.form("text"),
    "comb.pdf": lambda: made.form("comb"),
    "note.pdf": lambda: made.form("note"),
    "picture.jpg": jpeg,
    "own_scan_with_text_footer.pdf": (CASES / "own_scan_with_text_footer.pdf").read_bytes,
    "own_filled_form.pdf": (CASES / "own_filled_form.pdf").read_bytes,
}
#: Pages with something that no words explain.
UNREADABLE: Final[dict[str, Callable[[], bytes]]] = {
    "signature.pdf": made.with_signature,
    "stamp.pdf": made.with_stamp,
    "code.pdf": made.with_code,
    "photograph.pdf": made.with_photograph,
}


@pytest.fixture
def file_id(world: World) -> Iterator[int]:  # noqa: F811 - the fixture
    yield world.open_file()
    world.desk.renderer.close()


@pytest.fixture
def take_in(world: World, file_id: int) -> Iterator[TakeIn]:  # noqa: F811
    """Take a paper in as a person does."""
    intake = MaterialIntake(world.desk, file_id, MaterialSource.DROP)

    def take(name: str, content: bytes) -> int:
        result = intake.take_in(IntakeItem(name, content))
        assert result.material_id is not None, result.sentence
        return result.material_id

    yield take
    intake.close()


def read_all(world: World, *material_ids: int) -> None:  # noqa: F811
    """Read what was taken in, and let a person confirm it."""
    queue = ReadingQueue(world.desk)
    try:
        if queue.has_unread():
            world.desk.execute(queue.queue_unread())
        while (step := queue.step()) is not None:
            for command in step.commands:
                world.desk.execute(command)
    finally:
        queue.close()
    with world.desk.read() as session:
        states = session.execute(select(RecognitionJob.state, RecognitionJob.failure)).all()
    assert {(state, failure) for state, failure in states} <= {(RecognitionState.DONE, "")}
    for key in material_ids:
        world.run(
            ClassifyMaterial,
            material_id=key,
            kind=MaterialKind.OUTPATIENT_RECORD,
            name_matches=True,
            own_sign=OwnSign.NAME_READ,
        )
        world.run(ConfirmMaterial, material_id=key)


def covered(file_id: int, *material_ids: int) -> ExportOrder:
    return ExportOrder(
        kind=DocumentKind.DISCLOSURE_PACK,
        file_id=file_id,
        masking=MaskingLevel.INTERNAL,
        recipient="样例公司",
        purpose="核对",
        pages=tuple(PagesGiven(material_id=key) for key in material_ids),
    )


def told(text: str) -> list[str]:
    """Return what a text tells of the person: letters of the name, pieces of numbers and of the address."""
    squeezed = "".join(text.split())
    found = [letter for letter in made.NAME if letter in squeezed]
    for secret, length in ((made.NUMBER, 4), (made.PHONE, 4), (made.ADDRESS, 3)):
        pieces = {secret[place : place + length] for place in range(len(secret) - length + 1)}
        found += sorted(piece for piece in pieces if piece in squeezed)
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("third", range(3))
def test_no_covered_page_tells_whom_it_is_about(
    world: World,  # noqa: F811
    file_id: int,
    take_in: TakeIn,
    tmp_path: Path,
    third: int,
) -> None:
    keys = {name: take_in(name, READABLE[name]()) for name in list(READABLE)[third::3]}
    read_all(world, *keys.values())
    issued = issue(world.desk, covered(file_id, *keys.values()), tmp_path)
    written = tmp_path / issued.file_name
    content = written.read_bytes()
    document = pypdfium2.PdfDocument(content)
    first = len(document) - len(keys)
    assert document.count_attachments() == 0
    notes = []
    for place in range(first, len(document)):
        sheet = document[place]
        notes.append(pdfium.FPDFPage_GetAnnotCount(sheet.raw))
        sheet.close()
    document.close()
    assert notes == [0] * len(keys), "no field or note goes with a page"
    assert told(_words_of(written, first + 1)) == [], "words lie below the bars"
    before_the_seal = tmp_path / "before.pdf"
    before_the_seal.write_bytes(content[: content.index(b"%%EOF") + 6])
    assert told(_words_of(before_the_seal, first + 1)) == [], "an earlier revision tells"
    cover = _words_of(written, 1)
    for secret in (made.NAME, made.NUMBER, made.PHONE, made.ADDRESS):
        assert secret not in cover
        assert not any(secret.encode(coding) in content for coding in ("utf-8", "utf-16-be", "gbk"))
    for mark in (b"/EmbeddedFile", b"/JavaScript", b"/Widget/T(number)"):
        assert mark not in content
    faults = {}
    with TextReader() as reader:
        for place, name in enumerate(keys, start=first):
            page = world.desk.renderer.render_page(BytesSource(issued.drawn.sha256, content), place, 2.0)
            seen = reader.read(page).text
            if told(seen):
                faults[name] = told(seen)
            assert len(seen) > 40, f"{name} is still worth reading"
    assert faults == {}


def _words_of(path: Path, first: int) -> str:
    """Return the text from a page on, as PDFium reads it and, where it is installed, poppler; without white space."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for place in range(first - 1, len(document)):
        sheet = document[place]
        text = sheet.get_textpage()
        found.append(text.get_text_range())
        text.close()
        sheet.close()
    document.close()
    return "".join("".join(found).split()) + (poppler_text(path, first) or "")


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_no_words_explain_is_held_until_a_person_has_covered_it(
    world: World,  # noqa: F811
    file_id: int,
    take_in: TakeIn,
    name: str,
) -> None:
    key = take_in(name, UNREADABLE[name]())
    read_all(world, key)
    order = covered(file_id, key)
    with pytest.raises(RuleViolation) as refused:
        preview(world.desk, order)
    assert refused.value.code is ErrorCode.PAGES_NOT_EXPLAINED
    assert refused.value.parameters["pages"] == "门诊病历第 1 页"
    view = load_page_covers(world.desk, key)[0]
    assert view.state is CoverState.UNEXPLAINED
    (first, *_rest) = view.places
    assert first.left > 0.5, "the place to be looked at is named"
    assert first.top > 0.6
    assert view.number == 1
    choices = load_pack_choices(world.desk, file_id)
    assert choices is not None
    assert [page.cover for page in choices.pages] == [CoverState.UNEXPLAINED]

    box = CoverBox(first.left, first.top, first.width, first.height)
    world.run(KeepPageCover, material_id=key, page=0, boxes=(box,), is_complete=False)
    with pytest.raises(RuleViolation):
        preview(world.desk, order)
    world.later(minutes=1)
    world.run(KeepPageCover, material_id=key, page=0, boxes=(box,), is_complete=True)
    content, _drawn = preview(world.desk, order)
    assert _is_black(content, box)
    view = load_page_covers(world.desk, key)[0]
    assert (view.state, view.is_complete, view.made_by) == (CoverState.READY, True, world.desk.operator.name)
    assert view.made_at == world.clock.moment
    with world.desk.read() as session:
        versions = session.scalars(select(PageCover.is_complete).order_by(PageCover.id)).all()
        titles = session.scalars(select(FileEntry.detail).where(FileEntry.title == "手工遮盖页面")).all()
    assert versions == [False, True]
    assert sorted(titles) == ["门诊病历第 1 页 · 1 处 · 尚未确认完成", "门诊病历第 1 页 · 1 处 · 遮盖完成"]


def _is_black(content: bytes, box: CoverBox) -> bool:
    """Tell whether the middle of a box of the original is black on the last page of a pack, within its picture."""
    document = pypdfium2.PdfDocument(content)
    try:
        page = document[len(document) - 1]
        (image,) = page.get_objects(filter=[3])
        left, bottom, right, top = image.get_bounds()
        picture = page.render(scale=2).to_pil().convert("L")
        x = left + (box.left + box.width / 2) * (right - left)
        y = page.get_height() - top + (box.top + box.height / 2) * (top - bottom)
        return int(picture.getpixel((round(2 * x), round(2 * y)))) < 40
    finally:
        document.close()


def test_what_was_read_in_an_earlier_way_is_read_again_before_it_is_covered(
    world: World,  # noqa: F811
    file_id: int,
    take_in: TakeIn,
) -> None:
    key = take_in("written.pdf", made.written())
    read_all(world, key)
    with world.desk.database.write_session() as session:
        session.execute(update(MaterialPageText).values(reading=1, unexplained=None))
        session.commit()
    with pytest.raises(RuleViolation) as refused:
        preview(world.desk, covered(file_id, key))
    assert refused.value.code is ErrorCode.PAGES_READ_ANEW
    world.run(QueueReading, material_id=key)
    read_all(world)
    assert load_page_covers(world.desk, key)[0].state is CoverState.READY
    preview(world.desk, covered(file_id, key))


def test_a_page_of_another_material_or_a_box_beside_the_page_is_refused(
    world: World,  # noqa: F811
    take_in: TakeIn,
) -> None:
    key = take_in("written.pdf", made.written())
    for page, boxes in (
        (1, ()),
        (0, (CoverBox(0.9, 0.1, 0.2, 0.1),)),
        (0, (CoverBox(-0.1, 0.1, 0.2, 0.1),)),
        (0, (CoverBox(0.1, -0.1, 0.1, 0.2),)),
        (0, (CoverBox(0.1, 0.9, 0.1, 0.2),)),
        (0, (CoverBox(0.1, 0.1, 0.0, 0.1),)),
        (0, (CoverBox(0.1, 0.1, 0.1, 0.0),)),
        (0, (CoverBox(0.1, 0.1, 0.1, 0.1), CoverBox(0.1, 0.9, 0.1, 0.2))),
        (0, (CoverBox(0.1, 0.1, 0.1, 0.1),) * 201),
    ):
        with pytest.raises(RuleViolation):
            world.run(KeepPageCover, material_id=key, page=page, boxes=boxes, is_complete=True)
    with world.desk.read() as session:
        assert session.scalars(select(PageCover)).all() == []


def test_the_newest_plan_of_a_page_holds_and_an_unfinished_one_takes_the_word_back(
    world: World,  # noqa: F811
    file_id: int,
    take_in: TakeIn,
) -> None:
    """Whoever begins anew has not finished: the page is held again, and the plan before it counts no more."""
    key = take_in("written.pdf", made.written())
    first, second = CoverBox(0.1, 0.1, 0.2, 0.1), CoverBox(0.5, 0.5, 0.2, 0.1)
    world.run(KeepPageCover, material_id=key, page=0, boxes=(first,), is_complete=True)
    assert load_page_covers(world.desk, key)[0].state is CoverState.READY
    preview(world.desk, covered(file_id, key))
    world.run(KeepPageCover, material_id=key, page=0, boxes=(second,), is_complete=False)
    held = load_page_covers(world.desk, key)[0]
    assert (held.boxes, held.is_complete, held.state) == ((second,), False, CoverState.NOT_READ)
    with pytest.raises(RuleViolation) as refused:
        preview(world.desk, covered(file_id, key))
    assert refused.value.code is ErrorCode.PAGES_NOT_READ


def test_a_paper_in_the_trash_is_not_covered(world: World, take_in: TakeIn) -> None:  # noqa: F811
    key = take_in("written.pdf", made.written())
    world.run(MoveMaterialToTrash, material_id=key, reason="重复")
    with pytest.raises(RuleViolation) as refused:
        world.run(KeepPageCover, material_id=key, page=0, boxes=(), is_complete=True)
    assert refused.value.code is ErrorCode.MATERIAL_IN_TRASH


def test_covers_go_with_the_pages_that_are_split_off(world: World, take_in: TakeIn) -> None:  # noqa: F811
    pages = pypdfium2.PdfDocument.new()
    for _page in range(2):
        part = pypdfium2.PdfDocument(made.written())
        pages.import_pages(part)
        part.close()
    target = io.BytesIO()
    pages.save(target)
    pages.close()
    key = take_in("two.pdf", target.getvalue())
    box = CoverBox(0.1, 0.1, 0.2, 0.1)
    world.run(KeepPageCover, material_id=key, page=1, boxes=(box,), is_complete=True)
    other = world.run(SplitMaterial, material_id=key, pages=(1,))
    assert load_page_covers(world.desk, other)[1].boxes == (box,)
    assert load_page_covers(world.desk, key)[0].boxes == ()
