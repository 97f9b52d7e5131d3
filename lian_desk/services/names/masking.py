"""The one masking layer under screen rows, clipboard, PDF, CSV and log (R90, R92).

Every function takes the plain value and returns what may be seen. ``revealed`` shows the plain value; revealing is
an audited act of the caller. Lengths are not hidden for numbers (they are public) but for names.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lian_desk.models.vocabulary import MaskingLevel
from lian_desk.services.names.spellings import UNSEEN, compared, latin_pattern, name_pattern
from lian_desk.services.names.surnames import split_name

_STAR = "*"
_PHONE_LENGTH = 11
_LONG_NUMBER = 12
_VARIATION_SELECTORS = ("\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef")
#: All of these look into a compared text (``services/names/spellings.py``): half width, one kind of blank, dash and unseen mark.
_NUMBER_IN_TEXT = re.compile(rf"(?<![0-9a-z])[0-9][0-9 \-{UNSEEN}]{{5,22}}[0-9x](?![0-9a-z])")
#: Numbers of people that stand glued to letters or are parted by dots: 手机wx13812346620, 138.1234.6620.
_MOBILE_IN_TEXT = re.compile(
    rf"(?<![0-9])1{UNSEEN}*[3-9]{UNSEEN}*[0-9][{UNSEEN} .·_\-]{{0,2}}"
    rf"(?:[0-9]{UNSEEN}*){{4}}[ .·_\-]{{0,2}}(?:[0-9]{UNSEEN}*){{3}}[0-9](?![0-9])"
)
_CARD_IN_TEXT = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9x](?![0-9])")
#: A day, a month or a moment of this century looks like a long number and is none.
_MOMENT_IN_TEXT = re.compile(
    r"(?<![0-9a-z-])(20[0-9]{2}-(?:0[1-9]|1[0-2])"
    r"(?:-(?:0[1-9]|[12][0-9]|3[01])(?: [0-2]?[0-9](?:[:.][0-5][0-9]){1,2})?)?)(?![0-9-])"
)
#: Numbers of this desk and of a service line lead to no person: S-26-01-00005, 400-005-7995.
_NOBODYS_NUMBER = re.compile(
    r"(?<![0-9a-z-])[a-z]{1,3}-[0-9]{2}(?:-[0-9]{2})?-[0-9]{5,7}(?![0-9-])|(?<![0-9-])[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}(?![0-9-])"
    r"|(?<![0-9-])(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]) [0-2]?[0-9]:[0-5][0-9](?![0-9])"
)
_LETTER = re.compile("[a-z]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"[0-9]")
_EMAIL_IN_TEXT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WIDE_PLACE = re.compile(r"[\u3400-\u9fff]{2,6}[省市]")
_HOME_WORD = re.compile(r"[室户住]|单元")
#: Where somebody lives: a street or estate with house and door, or whatever stands behind the word for it. The addresses of
#: hospitals have no door, and stay.
_HOME_IN_TEXT = re.compile(
    r"[\u3400-\u9fff]{2,12}(?:路|街|道|巷|弄|里|坊|村|庄|苑|园|小区|公寓|家园|新村|花园)[^，,。；;\n]{0,16}?[0-9]+ ?(?:号|弄|栋|幢|座|楼)"
    r"[^，,。；;、\n]{0,16}?[0-9]+ ?(?:室|户|单元)[^，,。；;、\s]{0,8}"
    r"|(?<!医院)(?<!就诊)(?<!院区)(?:家庭住址|家庭地址|现住址|住址|住处|家住|现住在?)\s*[:：]?\s*(?P<home>[^，,。；;\n]{4,60})"
)


@dataclass(frozen=True, slots=True)
class MaskingRule:
    """What a level shows in clear; everything else is masked.

    ``others`` are guardian and policyholder, ``expert`` is the doctor of a booking. ``name`` also governs the insured's name inside free text; long numbers in free text are shown only where
    ``free_text`` says so.
    """

    name: bool = False
    identity_number: bool = False
    phone: bool = False
    policy_number: bool = False
    others: bool = False
    expert: bool = False
    free_text: bool = False

    @property
    def masks_nothing(self) -> bool:
        """True when every value is shown in clear."""
        return all(getattr(self, name) for name in self.__slots__)


#: The insured knows the own name and policy; a hospital must know whom it treats and how to reach that person (R21).
_RULES: Final = {
    MaskingLevel.INTERNAL: MaskingRule(),
    MaskingLevel.INSURED: MaskingRule(name=True, policy_number=True, expert=True),
    MaskingLevel.HOSPITAL: MaskingRule(name=True, identity_number=True, phone=True, expert=True),
    MaskingLevel.REVEALED: MaskingRule(
        name=True, identity_number=True, phone=True, policy_number=True, others=True, expert=True, free_text=True
    ),
}


def masking_rule(level: MaskingLevel) -> MaskingRule:
    """Return what ``level`` shows in clear."""
    return _RULES[level]


def _letters(text: str) -> list[str]:
    """Split into characters as seen: combining marks and variation selectors stay with their base."""
    letters: list[str] = []
    for char in text:
        first, last, first_extra, last_extra = _VARIATION_SELECTORS
        attaches = unicodedata.combining(char) or first <= char <= last or first_extra <= char <= last_extra
        if letters and attaches:
            letters[-1] += char
        else:
            letters.append(char)
    return letters


#: Stands where a name was erased; it is nobody's name (R90).
GONE = "已删除"


def mask_name(name: str, *, revealed: bool = False) -> str:
    """Mask a person's name: 王淑兰 → 王*兰, 李雷 → 李*, 欧阳娜娜 → 欧阳*娜, Maria Chen → M* C*.

    The star stands for one or more characters, so the length of the name is not told.
    """
    if revealed or not name or name == GONE:
        return name
    cleaned = name.strip()
    if cleaned.isascii():
        return " ".join(f"{word[0]}{_STAR}" for word in cleaned.split()) or _STAR
    letters = _letters(cleaned)
    surname_length = len(split_name("".join(letter[0] for letter in letters))[0])
    surname, given = "".join(letters[:surname_length]), letters[surname_length:]
    if len(given) == 1:
        return f"{surname}{_STAR}"
    return f"{surname}{_STAR}{given[-1]}"


def _keep_ends(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return _STAR * len(text)
    return f"{text[:head]}{_STAR * hidden}{text[len(text) - tail :]}"


def mask_phone(phone: str, *, revealed: bool = False) -> str:
    """Mask a phone number: 13812346620 → 138****6620; other lengths keep their last four digits."""
    if revealed or not phone:
        return phone
    return _keep_ends(phone, 3 if len(phone) == _PHONE_LENGTH else 0, 4)


def mask_identity_number(number: str, *, revealed: bool = False) -> str:
    """Mask an identity number: 320102197401014528 → 320***********4528; shorter papers keep two and two."""
    if revealed or not number:
        return number
    if len(number) >= _LONG_NUMBER:
        return _keep_ends(number, 3, 4)
    return _keep_ends(number, 2, 2)


def mask_policy_number(number: str, *, revealed: bool = False) -> str:
    """Mask the middle of a policy number, keeping enough at both ends to tell two apart."""
    if revealed or not number:
        return number
    if len(number) >= _LONG_NUMBER:
        return _keep_ends(number, 4, 4)
    return _keep_ends(number, 2, 2)


def mask_contact_handle(handle: str, *, revealed: bool = False) -> str:
    """Mask the handle of a messenger: its first and last character remain."""
    if revealed or not handle:
        return handle
    letters = _letters(handle)
    return f"{letters[0]}{_STAR * 3}{letters[-1]}" if len(letters) > 1 else _STAR


def mask_address(address: str, *, revealed: bool = False) -> str:
    """Keep the first six characters of an address (province and city), hide the rest."""
    if revealed or not address:
        return address
    return f"{address[:6]}{_STAR * 4}" if len(address) > len("江苏省南京市") else _STAR * 4


@dataclass(frozen=True, slots=True)
class _Found:
    """A part of a text, first and one past the last character, and what may be seen in its place."""

    first: int
    last: int
    shown: str


def scrub_text(text: str, *, names: tuple[str, ...] = ()) -> str:
    """Return free text in which nobody is named: names however they are spelled, numbers, e-mail addresses, homes."""
    if not text:
        return text
    looked_at = compared(text)
    found = [*_names_in(looked_at, names), *_addresses_in(text, looked_at), *_numbers_in(looked_at)]
    pieces: list[str] = []
    end = 0
    # what begins first counts, the longer of two that begin together; a name before the number behind it
    for one in sorted(found, key=lambda one: (one.first, -one.last)):
        if one.first >= end:
            pieces += (text[end : one.first], one.shown)
            end = one.last
    return "".join((*pieces, text[end:]))


def _names_in(looked_at: str, names: tuple[str, ...], *, slips: bool = False) -> Iterator[_Found]:
    has_letters = _LETTER.search(looked_at) is not None
    for name in dict.fromkeys(filter(None, names)):
        latin = latin_pattern(name) if has_letters else None
        for match in latin.finditer(looked_at) if latin is not None else ():
            yield _Found(*match.span(), " ".join(f"{word[0]}{_STAR}" for word in _LETTERS.findall(match[0])))
        # most texts name nobody: a look for the first letter is quicker than the pattern
        if not slips and compared(name.lstrip()[:1]) not in looked_at:
            continue
        pattern = name_pattern(name, slips=slips)
        for match in pattern.finditer(looked_at) if pattern is not None else ():
            yield _Found(*match.span(), mask_name(name))


def _addresses_in(text: str, looked_at: str) -> Iterator[_Found]:
    for match in _EMAIL_IN_TEXT.finditer(looked_at) if "@" in looked_at else ():
        yield _Found(*match.span(), "***@***")
    for match in _HOME_IN_TEXT.finditer(text) if _HOME_WORD.search(text) is not None else ():
        first, last = match.span("home") if match["home"] else match.span()
        # the beginning of an address is kept where it is a province or a city
        begins_wide = _WIDE_PLACE.match(text[first:last]) is not None
        yield _Found(first, last, mask_address(text[first:last]) if begins_wide else _STAR * 4)


def _numbers_in(looked_at: str) -> Iterator[_Found]:
    """Yield every long number; a day, a moment or a number of nobody is none, also where it stands beside one."""
    if _DIGIT.search(looked_at) is None:
        return
    kept = [match.span() for pattern in (_MOMENT_IN_TEXT, _NOBODYS_NUMBER) for match in pattern.finditer(looked_at)]
    pieces = [0]
    for first, last in sorted(kept):
        if first >= pieces[-1]:
            pieces += (first, last)
    pieces.append(len(looked_at))
    for first, last in zip(pieces[::2], pieces[1::2], strict=True):
        for pattern in (_NUMBER_IN_TEXT, _MOBILE_IN_TEXT, _CARD_IN_TEXT):
            for match in pattern.finditer(looked_at, first, last):
                yield _Found(*match.span(), _masked_number(match.group()))


#: Fields whose value says who somebody is, as papers of hospitals head them; blanks may stand inside the words.
_PERSONAL_LABEL = (
    r"(?:姓\s*名|身\s*份\s*证(?:\s*件)?|患\s*者|病\s*人|家\s*属|联\s*系\s*人|监\s*护\s*人|电\s*话|手\s*机|住\s*址|地\s*址|条\s*码"
    r"|[\u4e00-\u9fff]\s*号(?:\s*码)?|(?<![A-Za-z])(?:ID|No\.?))\s*[：:]"
)
_PERSONAL_FIELD = re.compile(rf"{_PERSONAL_LABEL}\s*(\S+)", re.IGNORECASE)
_BARE_LABEL = re.compile(rf"{_PERSONAL_LABEL}\s*$", re.IGNORECASE)


def ends_in_personal_label(text: str) -> bool:
    """Tell whether a recognised line ends in the name of a field whose value says who somebody is: it stands beside."""
    return _BARE_LABEL.search(text) is not None


def spans_to_hide(text: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the parts of a recognised line that a masked page must not show, as first and one past the last character.

    Names in any spelling, also with a slip of recognition, the value of every field that says who somebody is, long
    numbers, e-mail addresses and homes. Days and moments stay.
    """
    looked_at = compared(text)
    found = [*_names_in(looked_at, names, slips=True), *_addresses_in(text, looked_at), *_numbers_in(looked_at)]
    labelled = (match.span(1) for match in _PERSONAL_FIELD.finditer(text))
    return sorted({*labelled, *((one.first, one.last) for one in found)})


def _masked_number(number: str) -> str:
    digits = re.sub(rf"[ .·_\-{UNSEEN}]", "", number).upper()
    return mask_phone(digits) if len(digits) == _PHONE_LENGTH else mask_identity_number(digits)
