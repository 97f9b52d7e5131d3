import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.services.names.masking import (
    mask_address,
    mask_contact_handle,
    mask_identity_number,
    mask_name,
    mask_phone,
    mask_policy_number,
    scrub_text,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("兰", "*"),
        ("李雷", "李*"),
        ("王淑兰", "王*兰"),
        ("王小二兰", "王*兰"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("王𬭎", "王*"),
        ("𬭎淑㛃", "𬭎*㛃"),
        ("葛󠄀城", "葛󠄀*"),
        ("阿依古丽·买买提", "阿*提"),
        ("Maria Chen", "M* C*"),
        ("  ", "*"),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked
    assert mask_name(name, revealed=True) == name


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=12))
def test_no_mask_shows_a_whole_name_or_its_length(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert name not in masked
    assert len(masked) <= 4


def test_numbers() -> None:
    assert mask_phone("13812346620") == "138****6620"
    assert mask_phone("02586785555") == "025****5555"
    assert mask_phone("6785555") == "***5555"
    assert mask_phone("110") == "***"
    assert mask_identity_number("320102197401014528") == "320***********4528"
    assert mask_identity_number("E12345678") == "E1*****78"
    assert mask_policy_number("P20241120000123") == "P202*******0123"
    assert mask_policy_number("P2024001") == "P2****01"
    assert mask_policy_number("AB") == "**"


@pytest.mark.parametrize(
    "mask", [mask_phone, mask_identity_number, mask_policy_number, mask_contact_handle, mask_address]
)
def test_revealed_and_empty_values_stay(mask: object) -> None:
    assert callable(mask)
    assert mask("320102197401014528", revealed=True) == "320102197401014528"
    assert mask("") == ""


def test_handles_and_addresses() -> None:
    assert mask_contact_handle("wxid_lan66") == "w***6"
    assert mask_contact_handle("兰") == "*"
    assert mask_address("江苏省南京市建邺区江东中路235号") == "江苏省南京市****"
    assert mask_address("南京市") == "****"


def test_free_text_for_a_log() -> None:
    text = "王淑兰 电话 138 1234-6620，身份证320102197401014528、32010219740101452x，a.b@lian.cn，保单 P1，第 12 次"
    scrubbed = scrub_text(text, names=("王淑兰", ""))
    for secret in ("王淑兰", "1234", "19740101", "a.b@"):
        assert secret not in scrubbed
    assert "王*兰" in scrubbed
    assert "138****6620" in scrubbed
    assert "第 12 次" in scrubbed


@pytest.mark.parametrize("moment", ["2024-11", "2026-09-30", "2026-09-30 10:51", "2026-09-30 10.51.00"])
def test_a_day_in_free_text_is_no_number(moment: str) -> None:
    assert scrub_text(f"复查（{moment}），电话 13812346620") == f"复查（{moment}），电话 138****6620"


def test_a_number_that_begins_like_a_day_is_masked() -> None:
    assert "2026-09-3012345" not in scrub_text("保单 2026-09-3012345")


def test_a_longer_name_is_masked_before_a_shorter_one_inside_it() -> None:
    assert scrub_text("欧阳娜娜与欧阳娜", names=("欧阳娜", "欧阳娜娜")) == "欧阳*娜与欧阳*"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Wang Shulan", "w* s*"),
        ("WANG SHULAN", "w* s*"),
        ("wangshulan", "w*"),
        ("Shulan Wang", "s* w*"),
        ("Wang, Shu-lan", "w* s* l*"),
        ("Wáng Shūlán", "w* s*"),
        ("ＷＡＮＧ　ＳＨＵＬＡＮ", "w* s*"),
    ],
)
def test_a_name_in_latin_letters_is_masked(written: str, shown: str) -> None:
    assert scrub_text(f"护照 {written}，CT 平扫", names=("王淑兰",)) == f"护照 {shown}，CT 平扫"
    assert scrub_text(f"{written}_ct.jpg", names=("李雷", "王淑兰")) == f"{shown}_ct.jpg"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("吕敏", "LYU MIN"),
        ("吕敏", "lv min"),
        ("吕敏", "Lü Min"),
        ("单雄", "Shan Xiong"),
        ("欧阳娜娜", "Nana Ouyang"),
        ("欧阳娜娜", "ouyangnana"),
        ("Maria Chen", "CHEN, Maria"),
    ],
)
def test_every_reading_and_order_is_masked(name: str, written: str) -> None:
    masked = scrub_text(f"患者 {written} 复诊", names=(name,))
    assert masked.startswith("患者 ")
    assert masked.endswith("* 复诊")
    assert written.casefold() not in masked.casefold()


@pytest.mark.parametrize("text", ["swangshulan", "wangshulanx", "Wang 医生", "Shulan", "long lan 10mg CT"])
def test_other_words_in_latin_letters_stay(text: str) -> None:
    assert scrub_text(text, names=("王淑兰", "兰")) == text
