"""A person is hidden however name and number are written, and what is nobody's stays."""

import pytest

from lian_desk.services.names.masking import scrub_text, spans_to_hide
from lian_desk.services.names.spellings import compared, name_pattern

NAME = "方琼瑶"


@pytest.mark.parametrize(
    "written",
    [
        "方琼瑶",
        "方瓊瑤",
        "方瓊瑶",
        "方 琼 瑶",
        "方　瓊瑤",
        "方\u200b琼\u2060瑶",
        "⽅琼瑶",
        "方·琼瑶",
        "方_琼瑶",
        "方\ufe00琼瑶",
    ],
)
def test_a_name_is_found_in_every_spelling(written: str) -> None:
    text = f"家属代{written}问诊"
    assert scrub_text(text, names=(NAME,)) == "家属代方*瑶问诊"
    (span,) = spans_to_hide(text, (NAME,))
    assert text[span[0] : span[1]] == written
    # the file may hold the other characters
    assert scrub_text("方琼瑶", names=(written,)) != "方琼瑶"


@pytest.mark.parametrize("written", ["Maria Chen", "MARIA CHEN", "maria  chen", "Ｍａｒｉａ Ｃｈｅｎ", "MariaChen"])
def test_a_latin_name_is_a_word_of_its_own(written: str) -> None:
    assert written not in scrub_text(f"病人 {written}。", names=("Maria Chen",))
    assert scrub_text("Lithium", names=("Li",)) == "Lithium"


@pytest.mark.parametrize(
    "written",
    [
        "13877665544",
        "１３８７７６６５５４４",
        "138 7766 5544",
        "138\u00a07766\u20115544",
        "138.7766.5544",
        "138\u200b7766\u200b5544",
        "1 3 8 7 7 6 6 5 5 4 4",
    ],
)
@pytest.mark.parametrize("text", ["电话{}。", "方_{}.jpg"])
def test_a_phone_is_found_in_every_spelling(text: str, written: str) -> None:
    assert scrub_text(text.format(written)) == text.format("138****5544")


def test_numbers_glued_to_letters_are_found() -> None:
    assert scrub_text("微信wx13877665544a") == "微信wx138****5544a"
    assert scrub_text("IMG320102197401011451b") == "IMG320***********1451b"


@pytest.mark.parametrize(
    "text",
    [
        "S-26-01-00005 企业微信",
        "热线 400-005-7995",
        "09-28 10:00 复查",
        "2026-09-30 10:51",
        "白细胞 3.86 12.5 98.2",
        "门诊楼 3 号楼 215 诊室",
        "枫林路180号",
        "第 12 次",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert scrub_text(text, names=(NAME,)) == text


def test_a_home_is_hidden() -> None:
    assert "汉口路" not in scrub_text("家住南京市鼓楼区汉口路22号3幢502室，步行")
    assert "汉口路" not in scrub_text("在汉口路22号3幢502室取药")
    assert scrub_text("家住南京市鼓楼区汉口路22号，步行").endswith("，步行")


def test_a_compared_text_has_the_places_of_the_text() -> None:
    text = "㎎方\u200b瓊ＡＢ ﬁ🌸𠮷"
    assert len(compared(text)) == len(text)
    assert name_pattern("…") is None
