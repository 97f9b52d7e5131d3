"""The text that stands in a PDF page, as runs of characters that stand close together on one line, with their boxes."""

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pypdfium2.raw as pdfium

from lian_desk.adapters.exchange.page_images import WordRun

if TYPE_CHECKING:
    import pypdfium2

_DEVICE: Final = 100_000
"""Side of the device on which PDFium places a point: fractions of the upright page to five digits."""
_WIDEST_GAP: Final = 1.3
"""Gap between two characters, in heights of a line, that begins another run (a column)."""
_SAME_LINE: Final = 0.5
"""How far the middle of a character may lie from that of its run, in heights."""
_BREAKS: Final = frozenset("\r\n\x02\ufffe")
_QUARTER: Final = 90
_FIRST_WIDE: Final = 0x2E80
_SHAPELESS: Final = 0.15
"""Points; no letter is thinner, the box of a letter without a glyph is."""
_ASCENT: Final = 0.85
_DESCENT: Final = 0.15
"""How far a letter reaches above and below its origin, in sizes of the type."""

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the upright page."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a page: its place in the text, its box, and how far clockwise, in degrees, it is turned."""

    index: int
    char: str
    box: Edges
    turned: int


class _Run:
    """A run that is being gathered; the box grows with every character."""

    def __init__(self, first: Character) -> None:
        self.text = first.char
        self.turned = first.turned
        self.left, self.top, self.right, self.bottom = _upright(first.box, first.turned)

    def takes(self, next_one: Character, ratio: float) -> bool:
        """Tell whether a character stands on the same line and near the end; ``ratio`` is height by width of the page."""
        if next_one.turned != self.turned:
            return False
        box = _upright(next_one.box, self.turned)
        across = 1 / ratio if self.turned % (2 * _QUARTER) else ratio
        height = max(self.bottom - self.top, box[3] - box[1])
        middle = (box[1] + box[3]) / 2
        if abs(middle - (self.top + self.bottom) / 2) > _SAME_LINE * height:
            return False
        gap = box[0] - self.right
        return -height * across < gap < _WIDEST_GAP * height * across

    def add(self, gap: str, next_one: Character) -> None:
        box = _upright(next_one.box, self.turned)
        self.text += gap + next_one.char
        self.left, self.top = min(self.left, box[0]), min(self.top, box[1])
        self.right, self.bottom = max(self.right, box[2]), max(self.bottom, box[3])

    def finished(self) -> WordRun:
        left, top, right, bottom = _upright((self.left, self.top, self.right, self.bottom), -self.turned % 360)
        return WordRun(self.text, left, top, right - left, bottom - top, self.turned)


def word_runs(
    sheet: "pypdfium2.PdfPage",
    words: "pypdfium2.PdfTextPage",
    count: int,
    counts: Callable[[Character], bool] | None = None,
) -> list[WordRun]:
    """Return the runs of the first ``count`` characters of a page, in the order of the document.

    A character for which ``counts`` is not true is left out, as if a blank stood there.
    """
    ratio = float(sheet.get_height()) / max(float(sheet.get_width()), 1.0)
    runs: list[_Run] = []
    is_open = False
    gap = ""
    for index in range(count):
        char = chr(pdfium.FPDFText_GetUnicode(words.raw, index))
        if char in _BREAKS:
            is_open = False
            continue
        found = None if char.isspace() else character_at(sheet, words, index, char)
        if found is None or (counts is not None and not counts(found)):
            gap = " "
            continue
        if is_open and runs[-1].takes(found, ratio):
            runs[-1].add(gap, found)
        else:
            runs.append(_Run(found))
        is_open, gap = True, ""
    return [run.finished() for run in runs]


def character_at(sheet: "pypdfium2.PdfPage", words: "pypdfium2.PdfTextPage", index: int, char: str) -> Character | None:
    """Return a character with its place; None for one without."""
    box = _box(sheet, words, index)
    if box is None:
        return None
    angle = math.degrees(pdfium.FPDFText_GetCharAngle(words.raw, index)) + sheet.get_rotation()
    return Character(index, char, box, round(angle / _QUARTER) * _QUARTER % 360)


def place_on(sheet: "pypdfium2.PdfPage", corners: tuple[float, float, float, float]) -> Edges:
    """Return a rectangle of the page's own coordinates (left, bottom, right, top) as edges in fractions."""
    left, bottom, right, top = corners
    one, other = _place(sheet, left, top), _place(sheet, right, bottom)
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _upright(box: Edges, turned: int) -> Edges:
    """Return edges as they lie when the page is turned back by ``turned`` degrees."""
    left, top, right, bottom = box
    if turned == _QUARTER:
        return top, 1 - right, bottom, 1 - left
    if turned == 2 * _QUARTER:
        return 1 - right, 1 - bottom, 1 - left, 1 - top
    if turned == 3 * _QUARTER:
        return 1 - bottom, left, 1 - top, right
    return box


def _box(sheet: "pypdfium2.PdfPage", words: "pypdfium2.PdfTextPage", index: int) -> Edges | None:
    """Left, top, right, bottom as fractions; None for a character without a place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(words.raw, index, left, right, bottom, top):
        return None
    if right.value - left.value > _SHAPELESS and top.value - bottom.value > _SHAPELESS:
        return place_on(sheet, (left.value, bottom.value, right.value, top.value))
    return _place_without_shape(sheet, words, index)


def _place_without_shape(sheet: "pypdfium2.PdfPage", words: "pypdfium2.PdfTextPage", index: int) -> Edges | None:
    """Return where a letter stands whose font is missing on this machine: an em at its origin."""
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetCharOrigin(words.raw, index, x, y):
        return None
    size = float(pdfium.FPDFText_GetFontSize(words.raw, index))
    if pdfium.FPDFText_GetMatrix(words.raw, index, matrix):
        size *= math.hypot(matrix.c, matrix.d)
    wide = size if pdfium.FPDFText_GetUnicode(words.raw, index) >= _FIRST_WIDE else size / 2
    return place_on(sheet, (x.value, y.value - _DESCENT * size, x.value + wide, y.value + _ASCENT * size))


def _place(sheet: "pypdfium2.PdfPage", x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
    return across.value / _DEVICE, down.value / _DEVICE
