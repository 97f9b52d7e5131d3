from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.identity_number import (
    check_character,
    parse_foreigner_number,
    parse_identity_number,
    parse_mobile_number,
    parse_name,
    parse_policy_number,
    parse_text,
)
from lian_desk.models.vocabulary import Sex

TODAY = date(2026, 11, 20)


def number(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


def refusal(call: object, *arguments: object, **named: object) -> ErrorCode:
    assert callable(call)
    with pytest.raises(RuleViolation) as refused:
        call(*arguments, **named)
    return refused.value.code


@pytest.mark.parametrize(
    ("body", "born", "sex"),
    [
        ("32010219740101452", date(1974, 1, 1), Sex.FEMALE),
        ("44052418800101001", None, Sex.MALE),
        ("32010219550101001", date(1955, 1, 1), Sex.MALE),
        ("81000019900229001", None, Sex.MALE),
        ("83000020000229002", date(2000, 2, 29), Sex.FEMALE),
    ],
)
def test_birth_date_and_sex_come_from_the_number(body: str, born: date | None, sex: Sex) -> None:
    if born is None:
        assert refusal(parse_identity_number, number(body), TODAY) is ErrorCode.IDENTITY_NUMBER_DATE
    else:
        facts = parse_identity_number(number(body), TODAY)
        assert (facts.born_on, facts.sex, facts.number) == (born, sex, number(body))


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_every_possible_person_passes_and_one_wrong_digit_does_not(born: date, order: int) -> None:
    good = number(f"320102{born:%Y%m%d}{order:03d}")
    assert parse_identity_number(good, TODAY).born_on == born
    wrong = good[:16] + str((int(good[16]) + 1) % 10) + good[17]
    assert refusal(parse_identity_number, wrong, TODAY) is ErrorCode.IDENTITY_NUMBER_CHECKSUM


def test_small_x_full_width_and_blanks_are_read() -> None:
    body = next(f"3201021974010145{n}" for n in range(10) if check_character(f"3201021974010145{n}") == "X")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in body)
    assert parse_identity_number(f" {wide[:6]} {wide[6:]}x", TODAY).number == body + "X"


@pytest.mark.parametrize(
    "typed",
    [
        "\u200b{}",
        "'{}",
        "\u202d{}\u202c",
        "{}\ufeff",
        "\u201c{}\u201d",
    ],
)
def test_an_identity_number_comes_with_marks_nobody_sees(typed: str) -> None:
    good = number("32010219740101145")
    assert parse_identity_number(typed.format(good), TODAY).number == good
    assert parse_identity_number(typed.format(f"{good[:6]}-{good[6:14]} {good[14:]}"), TODAY).number == good


@pytest.mark.parametrize("cross", ["x", "Ｘ", "ｘ", "×", "х", "Х", "Ⅹ"])
def test_whatever_looks_like_the_last_x_is_one(cross: str) -> None:
    body = next(f"3201021974010145{n}" for n in range(10) if check_character(f"3201021974010145{n}") == "X")
    assert parse_identity_number(body + cross, TODAY).number == body + "X"


def test_a_foreigners_card_tells_birth_and_sex() -> None:
    # the number printed on the specimen of the card
    facts = parse_identity_number("911124198108030024", TODAY)
    assert (facts.born_on, facts.sex, facts.is_foreigner) == (date(1981, 8, 3), Sex.FEMALE, True)
    assert not parse_identity_number(number("32010219740101452"), TODAY).is_foreigner
    assert parse_foreigner_number("9 11124 19810803 0024", TODAY) == facts
    assert parse_foreigner_number("can 110081080310", TODAY) == "CAN110081080310"
    for wrong in ("320102197401014528", "CAN11008108031", "CANADA081080310", ""):
        assert refusal(parse_foreigner_number, wrong, TODAY) is ErrorCode.FOREIGNER_NUMBER_SHAPE
    assert refusal(parse_identity_number, number("99912419810803002"), TODAY) is ErrorCode.IDENTITY_NUMBER_PROVINCE
    assert refusal(parse_foreigner_number, "911124198108030025", TODAY) is ErrorCode.IDENTITY_NUMBER_CHECKSUM
    assert refusal(parse_foreigner_number, number("91112420301103002"), TODAY) is ErrorCode.IDENTITY_NUMBER_DATE


def test_each_mistake_has_its_own_word() -> None:
    assert refusal(parse_identity_number, "320102740101452", TODAY) is ErrorCode.IDENTITY_NUMBER_OLD
    assert refusal(parse_identity_number, "32010219740101452", TODAY) is ErrorCode.IDENTITY_NUMBER_LENGTH
    assert refusal(parse_identity_number, "3201021974010145二X", TODAY) is ErrorCode.IDENTITY_NUMBER_LENGTH
    assert refusal(parse_identity_number, "", TODAY) is ErrorCode.IDENTITY_NUMBER_LENGTH
    assert refusal(parse_identity_number, number("99010219740101452"), TODAY) is ErrorCode.IDENTITY_NUMBER_PROVINCE
    assert refusal(parse_identity_number, number("32010219740230452"), TODAY) is ErrorCode.IDENTITY_NUMBER_DATE
    assert refusal(parse_identity_number, number("32010220261121452"), TODAY) is ErrorCode.IDENTITY_NUMBER_DATE


@pytest.mark.parametrize(
    "text",
    [
        "13812346620",
        "138 1234 6620",
        "138-1234-6620",
        "138\u20111234\u20126620",
        "138－1234－6620",
        "138.1234.6620",
        "+86 13812346620",
        "+86-138-1234-6620",
        "（+86）138 1234 6620",
        "0086 13812346620",
        "86 13812346620",
        "１３８１２３４６６２０",
        "\u202d138 1234 6620\u202c",
        "138\u200b12346620",
        "138\u00a01234\u20096620",
        "'13812346620",
        "＋８６　１３８１２３４６６２０",
    ],
)
def test_mobile_numbers_are_read_as_people_write_them(text: str) -> None:
    assert parse_mobile_number(text) == "13812346620"


@pytest.mark.parametrize(
    "text",
    [
        "8612812346620",
        "8613812346620 13900000000",
        "",
        "12812346620",
        "1381234662",
        "138123466200",
        "02586785555",
        "abc",
    ],
)
def test_other_numbers_are_no_mobile_numbers(text: str) -> None:
    assert refusal(parse_mobile_number, text) is ErrorCode.PHONE_NUMBER_INVALID


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王淑兰", "王淑兰"),
        (" 王𬭎 ", "王𬭎"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("㛃䶮", "㛃䶮"),
        ("Maria O'Brien-Chen Jr.", "Maria O'Brien-Chen Jr."),
        ("葛󠄀城", "葛󠄀城"),
        ("José", "José"),
        ("王　芳", "王芳"),
        ("王 淑　兰", "王淑兰"),
        ("欧阳　娜娜", "欧阳娜娜"),
        ("阿依古丽 买买提", "阿依古丽 买买提"),
        ("阿卜杜拉･买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 • 买买提", "阿卜杜拉·买买提"),
        ("ＭＡＲＩＡ　Ｃｈｅｎ", "MARIA Chen"),
        ("Maria\u00a0 Chen", "Maria Chen"),
        ("\u202d王\u200b淑\u2060兰\ufeff\u202c", "王淑兰"),
        ("王\u00ad兰", "王兰"),
        ("\ufe00王", "王"),
        ("⻢⽟", "马玉"),
        ("龜\ufe00", "龜\ufe00"),
    ],
)
def test_names_as_in_the_document(typed: str, name: str) -> None:
    assert parse_name(typed, limit=200) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  ", ErrorCode.FIELD_REQUIRED),
        ("王" * 201, ErrorCode.FIELD_TOO_LONG),
        ("王\x00兰", ErrorCode.FIELD_HAS_CONTROL_CHARACTERS),
        ("王\ue000兰", ErrorCode.FIELD_HAS_CONTROL_CHARACTERS),
        ("王兰😀", ErrorCode.NAME_HAS_SYMBOLS),
        ("王兰3", ErrorCode.NAME_HAS_SYMBOLS),
        ("王<兰>", ErrorCode.NAME_HAS_SYMBOLS),
        ("\u200b\ufeff", ErrorCode.FIELD_REQUIRED),
    ],
)
def test_what_is_no_name(typed: str, code: ErrorCode) -> None:
    assert refusal(parse_name, typed, limit=200) is code


def test_two_hundred_rare_characters_are_two_hundred() -> None:
    assert parse_name("𬭎" * 200, limit=200) == "𬭎" * 200


def test_free_text_keeps_emoji_and_lines_and_refuses_hidden_marks() -> None:
    family = "👨‍👩‍👧"
    assert parse_text(f" 家人 {family} ", limit=50) == f"家人 {family}"
    assert parse_text("第一行\r\n第二行\t好", limit=50, is_multiline=True) == "第一行\n第二行\t好"
    assert parse_text("", limit=5) == ""
    assert refusal(parse_text, "", limit=5, is_required=True) is ErrorCode.FIELD_REQUIRED
    assert refusal(parse_text, "一二三四五六", limit=5) is ErrorCode.FIELD_TOO_LONG
    for hidden in ("第一行\n第二行", "甲\x00乙", "甲\ue000乙"):
        assert refusal(parse_text, hidden, limit=50) is ErrorCode.FIELD_HAS_CONTROL_CHARACTERS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("左\u202e右", "左右"),
        ("甲\u200d乙", "甲乙"),
        ("\u200d甲乙丙", "甲乙丙"),
        ("甲\ufeff乙\u200b", "甲乙"),
        ("甲\u2028乙", "甲\n乙"),
        ("❤\ufe0f 好", "❤\ufe0f 好"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("م\u200cم", "م\u200cم"),
    ],
)
def test_marks_nobody_sees_are_dropped_and_those_that_change_the_sight_stay(typed: str, kept: str) -> None:
    assert parse_text(typed, limit=50, is_multiline=True) == kept


def test_policy_numbers() -> None:
    assert parse_policy_number(" ｐ2024-000 123 ", limit=40) == "P2024-000123"
    assert parse_policy_number("\u200bJLB２０２４\u20110001\ufeff", limit=40) == "JLB2024-0001"
    assert parse_policy_number("'8600012345678901234567", limit=40) == "8600012345678901234567"
    assert refusal(parse_policy_number, "保单1", limit=40) is ErrorCode.POLICY_NUMBER_INVALID
    assert refusal(parse_policy_number, "", limit=40) is ErrorCode.FIELD_REQUIRED
