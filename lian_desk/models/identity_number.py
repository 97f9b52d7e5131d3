"""Checks of what people type: identity numbers, mobile numbers, names and free text (R16, R17).

A refusal is a RuleViolation with its code; the window shows it beside the field and keeps what was typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
"""First two digits in use, 港澳台居民居住证 (81 to 83) included."""
_LENGTH = 18
_OLD_LENGTH = 15
_OLDEST = date(1900, 1, 1)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)86")
_LINE_BREAKS = "\n\t"
_FIRST_EMOJI = 0x1F000
_LAST_EMOJI = 0x1FAFF
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_EMOJI_PRESENTATION = "\ufe0f"


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """A checked identity number with what it tells."""

    number: str
    """18 characters, half width, X in upper case."""
    born_on: date
    sex: Sex


def parse_identity_number(text: str, today: date) -> IdentityFacts:
    """Check an 18-digit identity number and derive birth date and sex.

    Accepts full-width digits, a small x and blanks. RuleViolation: IDENTITY_NUMBER_OLD for 15 digits,
    IDENTITY_NUMBER_LENGTH, IDENTITY_NUMBER_CHECKSUM, IDENTITY_NUMBER_PROVINCE, IDENTITY_NUMBER_DATE.
    """
    number = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_OLD, clause="R16")
    body = number[:-1]
    if len(number) != _LENGTH or not (body.isascii() and body.isdigit()):
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_LENGTH, clause="R16", length=len(number))
    if check_character(body) != number[-1]:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_CHECKSUM, clause="R16")
    if number[:2] not in _PROVINCES:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_PROVINCE, clause="R16")
    born_on = _date_in(number)
    if born_on is None or not _OLDEST <= born_on <= today:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_DATE, clause="R16")
    return IdentityFacts(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_character(first_seventeen: str) -> str:
    """Return the last character for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % len(_CHECK_CHARACTERS)]


def _date_in(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def parse_mobile_number(text: str) -> str:
    """Return the eleven digits of a mobile number of mainland China; RuleViolation(PHONE_NUMBER_INVALID) otherwise."""
    folded = "".join(char for char in unicodedata.normalize("NFKC", text) if not char.isspace() and char != "-")
    digits = _COUNTRY_CODE.sub("", folded)
    if not _MOBILE.fullmatch(digits):
        raise RuleViolation(ErrorCode.PHONE_NUMBER_INVALID, clause="R22")
    return digits


def parse_name(text: str, *, limit: int) -> str:
    """Return a person's name, trimmed, one kind of middle dot; rare characters stay as they are.

    RuleViolation: FIELD_REQUIRED, FIELD_TOO_LONG (in characters), FIELD_HAS_CONTROL_CHARACTERS for control,
    direction and zero-width marks, NAME_HAS_SYMBOLS for emoji and other signs.
    """
    name = unicodedata.normalize("NFC", text).strip()
    name = re.sub("[•・‧∙⋅●．]", "·", name)
    _require_length(name, limit=limit, is_required=True)
    for index, char in enumerate(name):
        if _is_variation_of_han(name, index):
            continue
        if _is_hidden(char):
            raise RuleViolation(ErrorCode.FIELD_HAS_CONTROL_CHARACTERS, position=index + 1)
        if not (char.isalpha() or unicodedata.combining(char) or char in " ·.-'’"):
            raise RuleViolation(ErrorCode.NAME_HAS_SYMBOLS, position=index + 1)
    return name


def parse_text(text: str, *, limit: int, is_required: bool = False, is_multiline: bool = False) -> str:
    """Return free text, trimmed; emoji may stay, hidden marks may not, and length is counted in characters.

    RuleViolation: FIELD_REQUIRED, FIELD_TOO_LONG, FIELD_HAS_CONTROL_CHARACTERS.
    """
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    _require_length(cleaned, limit=limit, is_required=is_required)
    allowed = _LINE_BREAKS if is_multiline else ""
    for index, char in enumerate(cleaned):
        if char in allowed or _belongs_to_symbol(cleaned, index):
            continue
        if _is_hidden(char):
            raise RuleViolation(ErrorCode.FIELD_HAS_CONTROL_CHARACTERS, position=index + 1)
    return cleaned


def parse_policy_number(text: str, *, limit: int) -> str:
    """Return a policy number: letters, digits and hyphens, half width, upper case."""
    number = "".join(unicodedata.normalize("NFKC", text).upper().split())
    _require_length(number, limit=limit, is_required=True)
    if not re.fullmatch(r"[0-9A-Z\-]+", number):
        raise RuleViolation(ErrorCode.POLICY_NUMBER_INVALID)
    return number


def _require_length(text: str, *, limit: int, is_required: bool) -> None:
    if is_required and not text:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED)
    if len(text) > limit:
        raise RuleViolation(ErrorCode.FIELD_TOO_LONG, limit=limit, length=len(text))


def _is_hidden(char: str) -> bool:
    """Tell control, format (direction, zero width), surrogate, private and line-separating characters."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _is_variation_of_han(text: str, index: int) -> bool:
    return index > 0 and text[index - 1].isalpha() and any(ord(text[index]) in block for block in _VARIATION_SELECTORS)


def _belongs_to_symbol(text: str, index: int) -> bool:
    """Tell a zero-width joiner or tag inside an emoji, where it is no hidden mark."""
    if text[index] != "\u200d" or not 0 < index < len(text) - 1:
        return False
    return _is_symbol(text[index - 1]) and _is_symbol(text[index + 1])


def _is_symbol(char: str) -> bool:
    return char == _EMOJI_PRESENTATION or _FIRST_EMOJI <= ord(char) <= _LAST_EMOJI or unicodedata.category(char) == "So"
