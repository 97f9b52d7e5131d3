"""Where a piece of a recognised line stands on its page: the line's box, shared out among its characters."""

import unicodedata
from itertools import product
from typing import Final, NamedTuple

from lian_desk.services.recognition.page_words import WordLine, turned_back, turned_on

#: From here on characters are as wide as they are high.
_FIRST_WIDE: Final = 0x2E80
_NARROW: Final = frozenset("fijlrtI.,:;'|!()[]-/")
_BROAD: Final = frozenset("mwMW@%")


class _Type(NamedTuple):
    """How wide narrow, usual and broad letters, blanks and wide signs are, in halves of a Chinese character."""

    narrow: float
    usual: float
    broad: float
    blank: float
    sign: float


_USUAL: Final = _Type(1.0, 1.0, 1.0, 1.0, 2.0)
#: Type differs, a blank stands for any gap within a row, and a sign at an end is measured by its ink.
_TYPES: Final = (
    _USUAL,
    *(
        _Type(*letters, blank, sign)
        for letters, blank, sign in product(
            ((0.5, 1.15, 1.75), (1.2, 1.2, 1.2), (0.8, 0.8, 0.8)), (0.5, 2.6), (0.8, 2.0)
        )
    ),
)


def place_of(line: WordLine, first: int, last: int, turned: int) -> WordLine:
    """Return the box of ``line.text[first:last]`` on the stored page, whose writing lies ``turned`` degrees clockwise."""
    upright = turned_back(line, turned)
    left, right = _shares(line.text, first, last, _USUAL)
    return _part(line, upright, (first, last), (left, right), turned)


def widest_place_of(line: WordLine, first: int, last: int, turned: int) -> WordLine:
    """Return the box in which ``line.text[first:last]`` lies whatever the type: nobody measured its letters."""
    upright = turned_back(line, turned)
    shares = [_shares(line.text, first, last, kind) for kind in _TYPES]
    widest = min(left for left, _right in shares), max(right for _left, right in shares)
    return _part(line, upright, (first, last), widest, turned)


def _part(
    line: WordLine, upright: WordLine, span: tuple[int, int], shares: tuple[float, float], turned: int
) -> WordLine:
    left, right = shares
    piece = upright._replace(
        text=line.text[span[0] : span[1]],
        left=upright.left + left * upright.width,
        width=(right - left) * upright.width,
    )
    return turned_on(piece, turned)


def _shares(text: str, first: int, last: int, kind: _Type) -> tuple[float, float]:
    """Return where a piece of a text begins and ends, in shares of the whole."""
    total = _extent(text, kind) or 1
    return _extent(text[:first], kind) / total, _extent(text[:last], kind) / total


def _extent(text: str, kind: _Type) -> float:
    """Return how wide a text is, roughly, in halves of a Chinese character."""
    return sum(_wide(char, kind) for char in text)


def _wide(char: str, kind: _Type) -> float:
    if char.isspace():
        return kind.blank
    if ord(char) >= _FIRST_WIDE:
        return kind.sign if unicodedata.category(char)[0] == "P" else 2.0
    return kind.narrow if char in _NARROW else kind.broad if char in _BROAD else kind.usual
