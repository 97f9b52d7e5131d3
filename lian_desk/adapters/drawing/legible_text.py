"""Makes every character visible before it is drawn: what the fonts cannot show is named, never a box.

A missing glyph becomes 〔U+20BB7〕. Marks that turn the direction of writing or have no width could hide or reorder a
name, so they are named too. Joiners and variation selectors only choose between shapes of the character beside them
and are left out. Everything replaced or left out is reported to the caller.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_SHAPE_ONLY = frozenset({0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
#: Control, format, surrogate, private use, unassigned: without a shape of their own, or without a meaning.
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset("\t\u00a0\u2002\u2003\u2009\u202f")
_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")


class ReplacedCharacter(NamedTuple):
    """A character that could not be drawn as it is. `shown_as` is empty when it was left out."""

    code_point: int
    shown_as: str


class Legibility:
    """Cleans the texts of one document and remembers what it had to replace."""

    def __init__(self, has_glyph: Callable[[int], bool]) -> None:
        """Take a function that tells whether every face of the document can draw a code point."""
        self._has_glyph = has_glyph
        self._replaced: dict[int, str] = {}
        self._drawn_as: dict[str, str] = {"\n": "\n"} | dict.fromkeys(_SPACES, " ")

    def clean(self, text: str) -> str:
        """Return `text` with every character drawable; line ends of all kinds become a line feed."""
        if text.isascii() and text.isprintable():
            return text
        for line_end in _LINE_ENDS:
            if line_end in text:
                text = text.replace(line_end, "\n")
        drawn_as = self._drawn_as
        for character in set(text) - drawn_as.keys():
            drawn_as[character] = self._drawable(character)
        return "".join([drawn_as[character] for character in text])

    def replaced(self) -> tuple[ReplacedCharacter, ...]:
        """Return what was replaced or left out so far, by code point."""
        return tuple(ReplacedCharacter(point, shown) for point, shown in sorted(self._replaced.items()))

    def _drawable(self, character: str) -> str:
        point = ord(character)
        if point in _SHAPE_ONLY:
            self._replaced[point] = ""
        elif unicodedata.category(character) in _NEVER_DRAWN or not self._has_glyph(point):
            self._replaced[point] = f"〔U+{point:04X}〕"
        else:
            return character
        return self._replaced[point]
