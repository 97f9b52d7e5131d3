"""Units and signs of medicine stand on the paper as they were written, and are copied and searched as such."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ImageChops

from lian_desk.adapters.drawing.press import fonts
from lian_desk.adapters.paper_forms.follow_up_record import draw_follow_up_record
from tests.integration.paper_forms.reading import poppler_text, read_back
from tests.integration.paper_forms.samples import FOLLOW_UPS, PARTY, record

SIGNS = {
    "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜ",
    "lowered": "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ",
    "ticked": "☐☑☒✔✘✓✗✕✖",
    "measures": "µμΩ℃℉°‰‱⌀Øℓ㎎㎏㎡㏄½¼¾⅓⅔′″‴",
    "numbered": "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⒈❶ⓐ",
    "compared": "≤≥±×÷≈≠≡∞√∑∫∝∠⊥∆⊕⊖∅∈∉",
    "arrows": "→↑↓←↗↘⇒↔⇑⇓➡",
    "letters": "αβγδεθλμπσφωΔΣΩЖжёÑåøłőảệ",
    "shapes": "♀♂★☆●○◆◇▲△▼▽■□※†‡•℞⚠❤",
}
UNITS = "白细胞3.86×10⁹/L，SpO₂98%，HbA₁c6.1%，用药5mg·kg⁻¹，H₂O，Ca²⁺，10⁻¹²mol，☑已宣教☐未宣教，⌀8mm"


def drawn(told: str, name: str = PARTY.name) -> tuple[bytes, tuple[object, ...]]:
    target = BytesIO()
    facts = draw_follow_up_record(
        record(party=replace(PARTY, name=name), follow_ups=(replace(FOLLOW_UPS[0], condition=told),)), target
    )
    return target.getvalue(), facts.replaced


@pytest.mark.parametrize("kind", SIGNS)
def test_every_sign_is_drawn_and_read_back_as_itself(kind: str, tmp_path: Path) -> None:
    paper, replaced = drawn(SIGNS[kind])
    assert replaced == ()
    path = tmp_path / "p.pdf"
    path.write_bytes(paper)
    got = read_back(path)
    assert SIGNS[kind] in got.run
    assert "〔" not in got.run
    assert all(embedded for _name, embedded in got.fonts)
    other = poppler_text(path)
    assert other is None or Counter(other) == Counter(got.run)


def test_units_stand_on_the_paper_whole_and_twice_the_same(tmp_path: Path) -> None:
    paper, replaced = drawn(UNITS)
    assert replaced == ()
    assert drawn(UNITS)[0] == paper
    path = tmp_path / "p.pdf"
    path.write_bytes(paper)
    got = read_back(path)
    assert UNITS in got.run
    for unit in ("10⁹/L", "SpO₂", "HbA₁c", "kg⁻¹", "Ca²⁺", "10⁻¹²mol"):
        assert unit in got.text, f"{unit} is cut by the end of a line"
    for face in ("NotoSansSC", "DejaVuSans"):
        assert any(face in name for name, _embedded in got.fonts)


def test_a_paper_without_signs_holds_no_second_face(tmp_path: Path) -> None:
    path = tmp_path / "p.pdf"
    path.write_bytes(drawn("平稳")[0])
    assert all("NotoSansSC" in name for name, _embedded in read_back(path).fonts)


def test_what_no_face_holds_is_still_named() -> None:
    _paper, replaced = drawn("好😀")
    assert [found.code_point for found in replaced] == [0x1F600]


def test_both_weights_have_the_same_signs_and_each_sign_its_own_width() -> None:
    for char in "".join(SIGNS.values()):
        assert fonts().has_glyph(ord(char)), char
        assert fonts().width(char, 9, bold=False) > 0
        assert fonts().width(char, 9, bold=True) > 0
    faces = fonts().runs("10⁹/L m² 好", bold=True)
    assert [text for _face, text in faces] == ["10", "⁹", "/L m", "²", " 好"]
    assert {face for face, text in faces if text in "⁹²"} == {"DejaVuSansSigns-Bold"}


def test_no_sign_is_an_empty_box_or_another_sign() -> None:
    import pypdfium2

    def picture(char: str) -> object:
        document = pypdfium2.PdfDocument(drawn(char * 12)[0])
        try:
            return document[0].render(scale=1.5).to_pil().convert("L")
        finally:
            document.close()

    seen = {char: picture(char) for char in "⁰⁹⁻₂☐☑☒✔⌀"}
    for char, image in seen.items():
        others = [other for other in seen if other != char]
        assert all(ImageChops.difference(image, seen[other]).getbbox() for other in others), char
