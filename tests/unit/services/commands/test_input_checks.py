"""Checks of values: each refusal names the field it is shown beside."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import IdentityDocumentKind, Sex
from lian_desk.services.commands import input_checks
from tests.desk_world import identity_number

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 28)


def code_of(call, *args, **kwargs) -> tuple[ErrorCode, object]:
    with pytest.raises(RuleViolation) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.parameters.get("field")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", ErrorCode.FIELD_REQUIRED),
        ("字" * 50_001, ErrorCode.FIELD_TOO_LONG),
        ("字\ue000", ErrorCode.FIELD_HAS_CONTROL_CHARACTERS),
        ("字\x00", ErrorCode.FIELD_HAS_CONTROL_CHARACTERS),
    ],
)
def test_required_text(text: str, code: ErrorCode) -> None:
    assert code_of(input_checks.required, text, field="reason") == (code, "reason")


def test_text_keeps_what_people_write() -> None:
    assert input_checks.required(" 甲\r\n乙 👨‍👩‍👧 ", field="x") == "甲\n乙 👨‍👩‍👧"
    assert input_checks.long_text("", field="x") == ""
    assert input_checks.short_text("  一行  ", field="x") == "一行"
    assert code_of(input_checks.short_text, "一\n二", field="x")[0] is ErrorCode.FIELD_HAS_CONTROL_CHARACTERS
    assert input_checks.required("字" * 200, field="x", limit=200) == "字" * 200
    assert code_of(input_checks.required, "一\n二", field="x", limit=200)[0] is ErrorCode.FIELD_HAS_CONTROL_CHARACTERS


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("王𬭎", "王𬭎"),
        (" 欧阳 ", "欧阳"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("兰" * 200, "兰" * 200),
        ("\u202b王\u2066兰\u2069", "王兰"),
    ],
)
def test_names_that_are_kept(name: str, kept: str) -> None:
    assert input_checks.name(name, field="name") == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("兰" * 201, ErrorCode.FIELD_TOO_LONG),
        ("王🌸", ErrorCode.NAME_HAS_SYMBOLS),
        ("王1", ErrorCode.NAME_HAS_SYMBOLS),
        ("王\ue000", ErrorCode.FIELD_HAS_CONTROL_CHARACTERS),
        ("", ErrorCode.FIELD_REQUIRED),
    ],
)
def test_names_that_are_refused(name: str, code: ErrorCode) -> None:
    assert code_of(input_checks.name, name, field="name") == (code, "name")


@pytest.mark.parametrize("text", ["13812346620", "+86 138-1234-6620", "１３８１２３４６６２０"])
def test_one_spelling_of_a_phone(text: str) -> None:
    assert input_checks.phone(text, field="phone") == "13812346620"


def test_one_spelling_of_a_policy_number() -> None:
    assert input_checks.policy_number(" jlb-２０２４ 01 ", field="policy_number") == "JLB-202401"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("32010219740101145", ErrorCode.IDENTITY_NUMBER_LENGTH),
        ("320102740101145", ErrorCode.IDENTITY_NUMBER_OLD),
        ("990102197401011457", ErrorCode.IDENTITY_NUMBER_CHECKSUM),
        ("32010219740230145X", ErrorCode.IDENTITY_NUMBER_CHECKSUM),
    ],
)
def test_an_identity_card_is_checked(number: str, code: ErrorCode) -> None:
    card = IdentityDocumentKind.RESIDENT_IDENTITY_CARD
    assert code_of(input_checks.identity, card, number, None, None, TODAY) == (code, "identity_number")
    assert code_of(input_checks.identity, card, number, None, None, TODAY, field="guardian")[1] == "guardian"


def test_a_card_speaks_for_itself_and_a_passport_does_not() -> None:
    card = IdentityDocumentKind.RESIDENT_IDENTITY_CARD
    number = next(
        made for made in (identity_number(date(1974, 1, 1), odd) for odd in range(101, 199, 2)) if made[-1] == "X"
    )
    stated = input_checks.identity(card, number.lower(), Sex.FEMALE, date(1999, 1, 1), TODAY)
    assert stated == (number, Sex.MALE, date(1974, 1, 1))
    passport = IdentityDocumentKind.PASSPORT
    assert input_checks.identity(passport, " e1 ", Sex.FEMALE, TODAY, TODAY) == ("E1", Sex.FEMALE, TODAY)
    assert code_of(input_checks.identity, passport, "E1", None, TODAY, TODAY)[1] == "sex"


def test_a_foreigners_card_has_a_kind() -> None:
    kind = IdentityDocumentKind.FOREIGN_PERMANENT_RESIDENT_CARD
    specimen = ("911124198108030024", Sex.FEMALE, date(1981, 8, 3))
    assert input_checks.identity(kind, " 911124 19810803 0024", None, None, TODAY) == specimen
    card = IdentityDocumentKind.RESIDENT_IDENTITY_CARD
    assert code_of(input_checks.identity, card, specimen[0], None, None, TODAY)[0] is ErrorCode.FOREIGNER_NUMBER
    older = input_checks.identity(kind, "can110081080310", Sex.FEMALE, specimen[2], TODAY)
    assert older == ("CAN110081080310", *specimen[1:])
    assert code_of(input_checks.identity, kind, "CAN110081080310", None, specimen[2], TODAY)[1] == "sex"
    assert input_checks.card_number(specimen[0], TODAY, field="x") == (specimen[0], specimen[2])


def test_the_number_of_a_passport_is_written_in_one_way() -> None:
    passport = IdentityDocumentKind.PASSPORT
    assert input_checks.identity(passport, "\u200bｅ12 345\u2010678", Sex.MALE, TODAY, TODAY)[0] == "E12345-678"


def test_times_lie_between_the_earliest_day_and_now() -> None:
    input_checks.not_in_future(NOW + timedelta(seconds=60), NOW, field="at")
    assert code_of(input_checks.not_in_future, NOW + timedelta(seconds=61), NOW, field="at") == (
        ErrorCode.TIME_IN_FUTURE,
        "at",
    )
    assert code_of(input_checks.not_in_future, datetime(1, 1, 1, tzinfo=UTC), NOW, field="at")[0] is (
        ErrorCode.DATE_IMPOSSIBLE
    )
    input_checks.day_not_in_future(TODAY, NOW, field="on")
    input_checks.day_not_in_future(input_checks.EARLIEST_DAY, NOW, field="on")
    assert code_of(input_checks.day_not_in_future, date(1899, 12, 31), NOW, field="on")[0] is ErrorCode.DATE_IMPOSSIBLE


def test_today_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 9, 27, 16, 30, tzinfo=UTC)
    input_checks.day_not_in_future(TODAY, late, field="on")
    assert code_of(input_checks.day_not_in_future, TODAY, late - timedelta(hours=1), field="on")[0] is (
        ErrorCode.TIME_IN_FUTURE
    )


def test_the_order_of_times_is_told_in_shanghai() -> None:
    with pytest.raises(RuleViolation) as caught:
        input_checks.not_before(NOW - timedelta(minutes=1), NOW, field="at")
    assert caught.value.parameters == {"field": "at", "earliest": "2026-09-28 10:00"}
    input_checks.not_before(NOW, NOW, field="at")


def test_a_field_named_inside_stays() -> None:
    with pytest.raises(RuleViolation) as caught, input_checks.beside("outer", "R1"):
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause="R2", field="inner")
    assert (caught.value.parameters["field"], caught.value.clause) == ("inner", "R2")
