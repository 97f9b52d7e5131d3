"""Writes the drawing operators of a page straight into the canvas of the PDF library.

The library's own calls format every number and every text through several layers; a page of a record has some hundred
marks, and a batch has thousands of pages. Stands on internals of reportlab 5.1 (the list of operators of a page, the
subsets of a font), as the patches beside it do.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase import pdfmetrics

from lian_desk.adapters.drawing import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lian_desk.adapters.drawing.layout import BoxMark, LineMark, TextMark

_ESCAPED = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256))} | {
    ord(mark): f"\\{mark}" for mark in "()\\"
}
_HEIGHT = style.PAGE_HEIGHT


class Ink:
    """One page under the pen; colours are written only when they change."""

    def __init__(self, canvas: Any) -> None:
        """Take the canvas at the begin of a page."""
        self._document = canvas._doc  # noqa: SLF001 - see the module
        self._write = canvas._code.append  # noqa: SLF001 - see the module
        self._fill = self._stroke = ""
        self._write(f"{style.HAIRLINE:g} w")

    def box(self, mark: BoxMark) -> None:
        """Paint a rectangle."""
        place = f"{mark.x:.2f} {_HEIGHT - mark.y - mark.height:.2f} {mark.width:.2f} {mark.height:.2f} re"
        if mark.fill:
            self._fill_with(mark.fill)
        if mark.stroke:
            self._stroke_with(mark.stroke)
        self._write(f"{place} {'B' if mark.fill and mark.stroke else 'f' if mark.fill else 'S'}")

    def line(self, mark: LineMark) -> None:
        """Paint a straight line."""
        self._stroke_with(mark.colour)
        self._write(f"{mark.x1:.2f} {_HEIGHT - mark.y1:.2f} m {mark.x2:.2f} {_HEIGHT - mark.y2:.2f} l S")

    def text(self, mark: TextMark, runs: Sequence[tuple[str, str]]) -> None:
        """Set a piece of one line: runs of a face and its text, whose characters may lie in several subsets of it."""
        self._fill_with(mark.colour)
        spacing = f"{mark.spacing:g} Tc " if mark.spacing else ""
        parts: list[str] = []
        for face, text in runs:
            font = pdfmetrics.getFont(face)
            parts += [
                f"{font.getSubsetInternalName(subset, self._document)} {mark.size:g} Tf ({_escape(codes)}) Tj"
                for subset, codes in font.splitString(text, self._document)
            ]
        back = " 0 Tc" if mark.spacing else ""
        self._write(f"BT 1 0 0 1 {mark.x:.2f} {_HEIGHT - mark.y:.2f} Tm {spacing}{' '.join(parts)}{back} ET")

    def _fill_with(self, colour: str) -> None:
        if colour != self._fill:
            self._fill = colour
            self._write(f"{_components(colour)} rg")

    def _stroke_with(self, colour: str) -> None:
        if colour != self._stroke:
            self._stroke = colour
            self._write(f"{_components(colour)} RG")


def _escape(codes: bytes) -> str:
    """Return the content of a literal string of PDF."""
    return codes.decode("latin-1").translate(_ESCAPED)


@cache
def _components(hexadecimal: str) -> str:
    """Return the three parts of a colour, each from 0 to 1."""
    return " ".join(f"{int(hexadecimal[place : place + 2], 16) / 255:.4g}" for place in (1, 3, 5))
