"""The text that stands in a PDF page, as runs of characters that stand close together on one line, with their boxes."""

import ctypes
from typing import TYPE_CHECKING, Final

import pypdfium2.raw as pdfium

from lian_desk.services.rendering.page_images import WordRun

if TYPE_CHECKING:
    import pypdfium2

_DEVICE: Final = 100_000
"""Side of the device on which PDFium places a point: fractions of the upright page to five digits."""
_WIDEST_GAP: Final = 1.3
"""Gap between two characters, in heights of a line, that begins another run (a column)."""
_SAME_LINE: Final = 0.5
"""How far the middle of a character may lie from that of its run, in heights."""
_BREAKS: Final = frozenset("\r\n\x02\ufffe")


class _Run:
    """A run that is being gathered; the box grows with every character."""

    def __init__(self, char: str, box: tuple[float, float, float, float]) -> None:
        self.text = char
        self.left, self.top, self.right, self.bottom = box

    def takes(self, box: tuple[float, float, float, float], ratio: float) -> bool:
        """Tell whether a character stands on the same line and near the end; ``ratio`` is height by width of the page."""
        height = max(self.bottom - self.top, box[3] - box[1])
        middle = (box[1] + box[3]) / 2
        if abs(middle - (self.top + self.bottom) / 2) > _SAME_LINE * height:
            return False
        gap = box[0] - self.right
        return -height * ratio < gap < _WIDEST_GAP * height * ratio

    def add(self, char: str, box: tuple[float, float, float, float]) -> None:
        self.text += char
        self.left, self.top = min(self.left, box[0]), min(self.top, box[1])
        self.right, self.bottom = max(self.right, box[2]), max(self.bottom, box[3])

    def finished(self) -> WordRun:
        return WordRun(self.text, self.left, self.top, self.right - self.left, self.bottom - self.top)


def word_runs(sheet: "pypdfium2.PdfPage", words: "pypdfium2.PdfTextPage", count: int) -> list[WordRun]:
    """Return the runs of the first ``count`` characters of a page, in the order of the document."""
    ratio = float(sheet.get_height()) / max(float(sheet.get_width()), 1.0)
    runs: list[_Run] = []
    is_open = False
    gap = ""
    for index in range(count):
        char = chr(pdfium.FPDFText_GetUnicode(words.raw, index))
        if char in _BREAKS:
            is_open = False
            continue
        if char.isspace():
            gap = " "
            continue
        box = _box(sheet, words, index)
        if box is None:
            continue
        if is_open and runs[-1].takes(box, ratio):
            runs[-1].add(gap + char, box)
        else:
            runs.append(_Run(char, box))
        is_open, gap = True, ""
    return [run.finished() for run in runs]


def _box(
    sheet: "pypdfium2.PdfPage", words: "pypdfium2.PdfTextPage", index: int
) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom as fractions; None for a character without a place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium.FPDFText_GetCharBox(words.raw, index, left, right, bottom, top)
    if not found:
        return None
    one, other = _place(sheet, left.value, top.value), _place(sheet, right.value, bottom.value)
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _place(sheet: "pypdfium2.PdfPage", x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
    return across.value / _DEVICE, down.value / _DEVICE
