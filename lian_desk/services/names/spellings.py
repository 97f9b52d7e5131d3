"""A text as it is compared with names and numbers, character by character, so that places in it are places in the text.

A name is written in simplified and traditional characters (琼瑶, 瓊瑤), full width, as radicals, in capitals, with blanks,
dots or marks between its letters that nobody sees; a number likewise. Here all of these become one, and every character
stays one, so that what is found can be covered where it stands.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import without_unseen
from lian_desk.models.radicals import IDEOGRAPH_OF_RADICAL
from lian_desk.services.names.search_terms import is_han, name_syllables

#: What stands for a mark that nobody sees, for any blank, any dash, any dot.
UNSEEN: Final = "\u200b"
BLANK: Final = " "
DASH: Final = "-"
DOT: Final = "·"
_DASHES: Final = frozenset("\u002d\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2500")
_DOTS: Final = frozenset("\u00b7\u2022\u30fb\u2027\u2219\u22c5\u25cf\uff65\u2024\u25aa\u2e31\u16eb\u0387")
#: What may stand between two letters of a name without making two words of it.
_BETWEEN: Final = rf"[\s{UNSEEN}{DOT}._{DASH}]*"
_LATIN: Final = r"[^\W\d_\u2e80-\U0003ffff]"


@cache
def _classes() -> dict[str, str]:
    """By character: the one that stands for all its variants."""
    lines = resource_path("characters", "variants.txt").read_text(encoding="utf-8").splitlines()
    return {char: line[0] for line in lines if not line.startswith("#") for char in line}


class _Table(dict[int, str]):
    """For ``str.translate``: one character for each, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        found = self[point] = _compared(chr(point))
        return found


_TABLE: Final = _Table()


def compared(text: str) -> str:
    """Return ``text`` as it is compared; of the same length, so that a place in it is that place in ``text``."""
    return text.translate(_TABLE)


def _compared(char: str) -> str:
    if not without_unseen(char):
        return UNSEEN
    if char in _DASHES:
        return DASH
    if char in _DOTS:
        return DOT
    plain = unicodedata.normalize("NFKC", IDEOGRAPH_OF_RADICAL.get(ord(char), char)).casefold()
    if len(plain) != 1:
        plain = char
    if plain.isspace() and plain not in "\n\r":
        return BLANK
    return _classes().get(plain, plain)


@lru_cache(maxsize=4096)
def name_pattern(name: str, *, slips: bool = False) -> re.Pattern[str] | None:
    """Return what finds ``name`` in a compared text; None for a name without letters.

    ``slips``: on a recognised page one of three or more Chinese characters may have been read as another.
    """
    letters = [char for char in compared(name) if char.isalnum()]
    if not letters:
        return None
    ways = [[re.escape(char) for char in letters]]
    if slips and len(letters) >= _LETTERS_TO_SLIP and not name.isascii():
        ways += [[*ways[0][:place], r"\w", *ways[0][place + 1 :]] for place in range(len(letters))]
    words = "|".join(_BETWEEN.join(way) for way in ways)
    # a name in Latin letters is a word of its own: Li is not found in Lithium
    first, last = (f"(?<!{_LATIN})", f"(?!{_LATIN})") if re.match(_LATIN, letters[0]) else ("", "")
    return re.compile(f"{first}(?:{words}){last}")


@lru_cache(maxsize=4096)
def latin_pattern(name: str) -> re.Pattern[str] | None:
    """Return what finds ``name`` in Latin letters in a compared text: Wang Shulan, SHULAN WANG, wangshulan, Wáng Shū-lán.

    A Chinese name is found by all its readings, a name in Latin letters by its words the other way round. None for a name
    of one syllable or word, which may be any word.
    """
    ways: set[str] = set()
    for parts in _latin_parts(name):
        for order in {parts, (*parts[1:], parts[0]), (*parts[2:], *parts[:2])}:
            ways.add(_APART.join("".join(_MARKED.get(char, re.escape(char)) for char in part) for part in order))
    if not ways:
        return None
    return re.compile(f"(?<!{_LATIN})(?:{'|'.join(sorted(ways, key=len, reverse=True))})(?!{_LATIN})")


def _latin_parts(name: str) -> list[tuple[str, ...]]:
    if any(is_han(char) for char in name):
        return [tuple(parts) for parts in name_syllables(name) if len(parts) > 1]
    words = tuple(re.findall(rf"{_LATIN}+", compared(name)))
    return [words] if len(words) > 1 else []


_APART: Final = rf"[\s{UNSEEN}{DOT}.,_'’{DASH}]*"
#: Letters of a reading as they are written: with the mark of a tone or without, ü in four ways.
_MARKED: Final = {
    "a": "[aāáǎà]",
    "e": "[eēéěèê]",
    "i": "[iīíǐì]",
    "o": "[oōóǒò]",
    "u": "[uūúǔù]",
    "v": "(?:yu|[vuüǖǘǚǜ])",
}
_LETTERS_TO_SLIP: Final = 3
