"""Text as it is meant: without marks that nobody sees, in one width, radicals as ideographs.

What is copied out of a chat, a contact, a web page or a spreadsheet carries zero-width blanks, direction marks, soft
hyphens and byte order marks. A sentence that refuses them contradicts the eye, so they are dropped; signs that belong
to what is seen (a joiner inside an emoji, the variant of an ideograph) stay where text is kept as it was typed.
"""

import re
import unicodedata
from typing import Final

from lian_desk.models.radicals import IDEOGRAPH_OF_RADICAL

#: Unicode's Default_Ignorable_Code_Point, and four more that show nothing: annotation marks, the empty pattern of
#: Braille and the place of an object that did not come along.
_UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffc\u2800\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_UNSEEN_MARK: Final = re.compile(f"[{_UNSEEN}]")
#: One code point for each that the fonts show as a short line: hyphens, dashes, minus signs, also of East Asia.
_DASHES: Final = "\u002d\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc\u2500\u02d7"
_DASH: Final = re.compile(f"[{_DASHES}]")
_JOINERS: Final = "\u200c\u200d"
_HAN: Final = re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MONGOLIAN: Final = re.compile("[\u1820-\u18aa]")
#: Scripts whose letters change their form by a joiner: Arabic to Tibetan, Mongolian.
_JOINING_SCRIPT: Final = re.compile("[\u0600-\u0fff\u1000-\u18af]")
_FIRST_EMOJI: Final = 0x1F000
_LAST_EMOJI: Final = 0x1FAFF
_EMOJI_PRESENTATION: Final = "\ufe0f"
_KEYCAPS: Final = "0123456789#*"
_FLAG: Final = "\U0001f3f4"


def without_unseen(text: str) -> str:
    """Return ``text`` without any mark that nobody sees; variants of ideographs go too: to compare, not to keep."""
    return _UNSEEN_MARK.sub("", text)


def plain(text: str) -> str:
    """Return ``text`` to be read or compared: nothing unseen, one width (NFKC), radicals as ideographs, no blank ends."""
    return _one_width(text).strip()


def folded(text: str) -> str:
    """Return ``text`` as it is searched: nothing unseen, one width, radicals as ideographs, one case; blanks stay."""
    return _one_width(text).casefold()


def _one_width(text: str) -> str:
    seen = _UNSEEN_MARK.sub("", text).translate(IDEOGRAPH_OF_RADICAL)
    # a full-width or compatibility form may unfold into a mark that is not seen
    return _UNSEEN_MARK.sub("", unicodedata.normalize("NFKC", seen))


def plain_number(text: str) -> str:
    """Return what is written of a number or code: plain, upper case, every dash a hyphen, without blanks.

    The apostrophe that spreadsheets put before digits, and quotes around the whole, are no part of it.
    """
    number = _DASH.sub("-", "".join(plain(text).split()))
    return number.strip("'\u2018\u2019\u201c\u201d\"`\u00b4").upper()


def kept_as_typed(text: str) -> str:
    """Return free text as it was typed, without the unseen marks that mean nothing where they stand."""
    return _UNSEEN_MARK.sub(_meant, text) if _UNSEEN_MARK.search(text) else text


def is_han(char: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return _HAN.match(char) is not None


def _meant(match: re.Match[str]) -> str:
    """Return the mark where it changes what is seen, else nothing."""
    mark, text = match.group(), match.string
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    return mark if before and _changes_the_sight(mark, before, after) else ""


def _changes_the_sight(mark: str, before: str, after: str) -> bool:
    if mark in _JOINERS:
        is_emoji = mark == "\u200d" and _is_symbol(before) and bool(after) and _is_symbol(after)
        return is_emoji or bool(_JOINING_SCRIPT.match(before) and _JOINING_SCRIPT.match(after))
    if "\u180b" <= mark <= "\u180f":
        return _MONGOLIAN.match(before) is not None
    if "\ufe00" <= mark <= "\ufe0e" or mark >= "\U000e0100":
        return is_han(before) or _is_symbol(before)
    if mark == _EMOJI_PRESENTATION:
        return _is_symbol(before) or before in _KEYCAPS
    # the tags that make a flag: each stands behind the black flag or another tag
    return "\U000e0020" <= mark <= "\U000e007f" and (before == _FLAG or "\U000e0020" <= before <= "\U000e007e")


def _is_symbol(char: str) -> bool:
    return char == _EMOJI_PRESENTATION or _FIRST_EMOJI <= ord(char) <= _LAST_EMOJI or unicodedata.category(char) == "So"


def fold(text: str) -> str:
    """Return ``text`` as it is compared: one width, one case, without blanks, dots and hyphens."""
    folded = plain(text).casefold()
    return "".join(char for char in folded if char.isalnum())
