"""The one masking layer under screen rows, clipboard, PDF, CSV and log (R90, R92).

Every function takes the plain value and returns what may be seen. ``revealed`` shows the plain value; revealing is
an audited act of the caller. Lengths are not hidden for numbers (they are public) but for names.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from lian_desk.models.vocabulary import MaskingLevel
from lian_desk.services.surnames import split_name

_STAR = "*"
_PHONE_LENGTH = 11
_LONG_NUMBER = 12
_LETTERS_TO_SLIP = 3
_VARIATION_SELECTORS = ("\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef")
_NUMBER_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[0-9０-９][0-9０-９ \-]{5,22}[0-9０-９XxＸｘ](?![0-9A-Za-z])")
#: A day, a month or a moment of this century looks like a long number and is none.
_MOMENT_IN_TEXT = re.compile(
    r"(?<![0-9０-９A-Za-z-])(20[0-9]{2}-(?:0[1-9]|1[0-2])"
    r"(?:-(?:0[1-9]|[12][0-9]|3[01])(?: [0-2]?[0-9](?:[:.][0-5][0-9]){1,2})?)?)(?![0-9０-９-])"
)
_EMAIL_IN_TEXT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


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


def scrub_text(text: str, *, names: tuple[str, ...] = ()) -> str:
    """Return free text fit for a log: every long number, e-mail address and each of ``names`` is masked."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    text = _EMAIL_IN_TEXT.sub("***@***", text)
    pieces = _MOMENT_IN_TEXT.split(text)
    return "".join(
        piece if place % 2 else _NUMBER_IN_TEXT.sub(_mask_number, piece) for place, piece in enumerate(pieces)
    )


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

    Names, also with blanks between their letters, the value of every field that says who somebody is, long numbers and
    e-mail addresses. Days and moments stay.
    """
    spans = [match.span(1) for match in _PERSONAL_FIELD.finditer(text)]
    for name in filter(None, names):
        spans += [match.span() for match in re.finditer(_as_read(name), text)]
    spans += [match.span() for match in _EMAIL_IN_TEXT.finditer(text)]
    moments = [match.span() for match in _MOMENT_IN_TEXT.finditer(text)]
    for match in _NUMBER_IN_TEXT.finditer(text):
        if not any(first <= match.start() and match.end() <= last for first, last in moments):
            spans.append(match.span())
    return sorted(set(spans))


def _as_read(name: str) -> str:
    """Return the pattern of a name on a recognised page: blanks between its letters, and one of three misread."""
    letters = [re.escape(letter) for letter in name if not letter.isspace()]
    ways = [letters]
    if len(letters) >= _LETTERS_TO_SLIP and not name.isascii():
        ways += [[*letters[:place], r"\w", *letters[place + 1 :]] for place in range(len(letters))]
    return "|".join(r"\s*".join(way) for way in ways)


def _mask_number(match: re.Match[str]) -> str:
    digits = re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", match.group()))
    if len(digits) == _PHONE_LENGTH:
        return mask_phone(digits)
    return mask_identity_number(digits)
