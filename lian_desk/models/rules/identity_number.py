"""Checks of what people type: identity numbers, mobile numbers, names and free text (R16, R17).

A refusal is a RuleViolation with its code; the window shows it beside the field and keeps what was typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.plain_text import is_han, kept_as_typed, plain_number
from lian_desk.models.radicals import IDEOGRAPH_OF_RADICAL
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
#: First digit of a foreigner's number since December 2023; behind it province, country, day of birth, order and check.
_FOREIGNER = "9"
#: The card before: three letters of the country and twelve digits, the day of birth without its century among them.
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}")
_LIKE_X = str.maketrans("×хХ✕✖╳", "XXXXXX")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?86(?=1[0-9]{10}$)")
_BETWEEN_DIGITS = str.maketrans("", "", "-().·_/")
_LINE_BREAKS = "\n\t"
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0x180B, 0x1810), range(0xE0100, 0xE01F0))
_JOINERS = "\u200c\u200d"
#: What people type for the dot between the parts of a name.
_DOTS = "[\u2022\u30fb\u2027\u2219\u22c5\u25cf\uff0e\uff65\u2024\u25aa\u2e31\u16eb\ufe52\u0387]"
_WIDE = re.compile("[\uff01-\uff5e\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PADDED_PART = 2
_PADDED_NAME = 4
"""A name is padded with blanks (王　芳) when no part has more characters than the one, and the whole not more than the other."""


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """A checked identity number with what it tells."""

    number: str
    """18 characters, half width, X in upper case."""
    born_on: date
    sex: Sex
    is_foreigner: bool = False
    """The number of a 外国人永久居留身份证."""


def parse_identity_number(text: str, today: date) -> IdentityFacts:
    """Check an 18-digit number of an identity card or of a foreigner's card, and derive birth date and sex.

    Accepts what people write: full-width digits, a small x, blanks, dashes, marks that nobody sees. RuleViolation:
    IDENTITY_NUMBER_OLD for 15 digits, IDENTITY_NUMBER_LENGTH, IDENTITY_NUMBER_CHECKSUM, IDENTITY_NUMBER_PROVINCE,
    IDENTITY_NUMBER_DATE.
    """
    number = plain_number(text).replace("-", "").translate(_LIKE_X)
    if len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_OLD, clause="R16")
    body = number[:-1]
    if len(number) != _LENGTH or not (body.isascii() and body.isdigit()):
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_LENGTH, clause="R16", length=len(number))
    if check_character(body) != number[-1]:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_CHECKSUM, clause="R16")
    is_foreigner = number[0] == _FOREIGNER
    if (number[1:3] if is_foreigner else number[:2]) not in _PROVINCES:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_PROVINCE, clause="R16")
    born_on = _date_in(number)
    if born_on is None or not _OLDEST <= born_on <= today:
        raise RuleViolation(ErrorCode.IDENTITY_NUMBER_DATE, clause="R16")
    return IdentityFacts(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE, is_foreigner)


def parse_foreigner_number(text: str, today: date) -> IdentityFacts | str:
    """Check the number of a 外国人永久居留身份证: facts for 18 digits, the number alone for the older 15 characters.

    RuleViolation: FOREIGNER_NUMBER_SHAPE for any other shape, and what :func:`parse_identity_number` refuses.
    """
    number = plain_number(text).replace("-", "")
    if _OLD_FOREIGNER.fullmatch(number):
        return number
    if number[:1] != _FOREIGNER:
        raise RuleViolation(ErrorCode.FOREIGNER_NUMBER_SHAPE, clause="R16")
    return parse_identity_number(number, today)


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
    """Return the eleven digits of a mobile number of mainland China; RuleViolation(PHONE_NUMBER_INVALID) otherwise.

    Blanks, dashes, brackets and marks that nobody sees may stand anywhere, 86, +86 or 0086 in front.
    """
    digits = _COUNTRY_CODE.sub("", plain_number(text).translate(_BETWEEN_DIGITS))
    if not _MOBILE.fullmatch(digits):
        raise RuleViolation(ErrorCode.PHONE_NUMBER_INVALID, clause="R22")
    return digits


def plain_name(text: str) -> str:
    """Return a name in its one spelling: half width, one kind of dot, not padded, nothing unseen; rare characters stay."""
    name = kept_as_typed(unicodedata.normalize("NFC", text))
    name = re.sub(_DOTS, "·", name)
    name = _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide.group()), name).translate(IDEOGRAPH_OF_RADICAL)
    parts = name.split()
    characters = "".join(parts)
    if all(is_han(char) or _is_variation(char) for char in characters):
        is_padded = len(characters) <= _PADDED_NAME and all(len(part) <= _PADDED_PART for part in parts)
        return ("" if is_padded else " ").join(parts)
    # 阿卜杜拉.买买提 and 阿卜杜拉 · 买买提
    return re.sub(r"(?<=[^\x00-\u02af]) ?[.·] ?(?=[^\x00-\u02af])", "·", " ".join(parts))


def parse_name(text: str, *, limit: int) -> str:
    """Return a person's name as :func:`plain_name` spells it.

    RuleViolation: FIELD_REQUIRED, FIELD_TOO_LONG (in characters), FIELD_HAS_CONTROL_CHARACTERS for control and private
    characters, NAME_HAS_SYMBOLS for emoji and other signs.
    """
    name = plain_name(text)
    _require_length(name, limit=limit, is_required=True)
    for index, char in enumerate(name):
        if index and (_is_variation(char) or char in _JOINERS):
            continue
        if _is_hidden(char):
            raise RuleViolation(ErrorCode.FIELD_HAS_CONTROL_CHARACTERS, position=index + 1)
        if not (char.isalpha() or unicodedata.combining(char) or char in " ·.-'’"):
            raise RuleViolation(ErrorCode.NAME_HAS_SYMBOLS, position=index + 1)
    return name


def parse_text(text: str, *, limit: int, is_required: bool = False, is_multiline: bool = False) -> str:
    """Return free text, trimmed, without marks that nobody sees; emoji stay, length is counted in characters.

    RuleViolation: FIELD_REQUIRED, FIELD_TOO_LONG, FIELD_HAS_CONTROL_CHARACTERS.
    """
    broken = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    cleaned = kept_as_typed(unicodedata.normalize("NFC", broken)).strip()
    _require_length(cleaned, limit=limit, is_required=is_required)
    allowed = _LINE_BREAKS if is_multiline else ""
    for index, char in enumerate(cleaned):
        if char not in allowed and unicodedata.category(char) != "Cf" and _is_hidden(char):
            raise RuleViolation(ErrorCode.FIELD_HAS_CONTROL_CHARACTERS, position=index + 1)
    return cleaned


def parse_policy_number(text: str, *, limit: int) -> str:
    """Return a policy number: letters, digits and hyphens, half width, upper case; what nobody sees is dropped."""
    number = plain_number(text)
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
    """Tell control, format, surrogate, private and line-separating characters."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _is_variation(char: str) -> bool:
    return any(ord(char) in block for block in _VARIATION_SELECTORS)
