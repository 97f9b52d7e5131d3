"""Sets a paper on one A4 page as marks in points; y grows downwards. One layout serves PDF, scan and photograph."""

from dataclasses import dataclass
from functools import cache

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from lian_desk.adapters.drawing import cjk_patches
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.services.demo.pages.papers import DEMO_MARK, Grid, Paper

PAGE_WIDTH = 595.0
PAGE_HEIGHT = 842.0
MARGIN = 52.0
CONTENT = PAGE_WIDTH - 2 * MARGIN
REGULAR = "DemoSC"
BOLD = "DemoSC-Bold"
FONT_FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf"}
_COLUMNS = 3
_NO_START = "，。、；：？！）】》”’%℃"


@dataclass(frozen=True, slots=True)
class TextMark:
    """Words with the left end of their baseline."""

    x: float
    y: float
    size: float
    text: str
    is_bold: bool = False
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class LineMark:
    """A straight rule."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class StampMark:
    """A red round stamp."""

    x: float
    y: float
    radius: float
    lines: tuple[str, ...]


Mark = TextMark | LineMark | StampMark


@cache
def register_fonts() -> None:
    """Make the shipped fonts known to reportlab, once."""
    cjk_patches.apply()
    # streams as bytes: their spelling in ASCII costs more than drawing the page
    rl_config.useA85 = 0
    for name, file in FONT_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resource_path("fonts", file))))


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return the width of ``text`` in points."""
    return float(pdfmetrics.stringWidth(text, BOLD if is_bold else REGULAR, size))


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break ``text`` into lines of at most ``width`` points; no line begins with closing punctuation."""
    lines: list[str] = []
    line, used = "", 0.0
    for character in text:
        step = width_of(character, size)
        if used + step > width and line:
            if character in _NO_START:
                lines.append(line[:-1])
                line, used = line[-1], width_of(line[-1], size)
            else:
                lines.append(line)
                line, used = "", 0.0
        line += character
        used += step
    return [*lines, line] if line else lines


def lay_out(paper: Paper) -> tuple[Mark, ...]:
    """Return the marks of ``paper``."""
    register_fonts()
    marks: list[Mark] = []
    y = _heading(marks, paper)
    y = _fields(marks, paper, y)
    if paper.grid is not None:
        y = _grid(marks, paper.grid, y)
    for section in paper.sections:
        y += 19
        marks.append(TextMark(MARGIN, y, 11.5, f"{section.heading}：", is_bold=True))
        for line in wrap(section.text, 11, CONTENT - 24):
            y += 17.5
            marks.append(TextMark(MARGIN + 24, y, 11, line))
        y += 5
    _signatures(marks, paper, min(max(y + 54, 560.0), 762.0))
    marks.append(LineMark(MARGIN, 796, PAGE_WIDTH - MARGIN, 796, 0.4))
    marks.append(TextMark(MARGIN, 810, 8, DEMO_MARK, is_faint=True))
    return tuple(marks)


def _centred(text: str, y: float, size: float, *, is_bold: bool) -> TextMark:
    return TextMark((PAGE_WIDTH - width_of(text, size, is_bold=is_bold)) / 2, y, size, text, is_bold)


def _heading(marks: list[Mark], paper: Paper) -> float:
    marks.append(_centred(paper.issuer, 66, 16, is_bold=True))
    marks.append(_centred(paper.title, 94, 20, is_bold=True))
    marks.append(LineMark(MARGIN, 108, PAGE_WIDTH - MARGIN, 108, 1.2))
    return 112.0


def _fields(marks: list[Mark], paper: Paper, y: float) -> float:
    """Labels and values in three columns; a value too long for its column takes a line of its own."""
    column_width = CONTENT / _COLUMNS
    column = 0
    y += 18
    for label, value in paper.fields:
        text = f"{label}：{value}"
        span = 3 if width_of(text, 10.5) > 2 * column_width - 8 else 2 if width_of(text, 10.5) > column_width - 8 else 1
        if column + span > _COLUMNS:
            y += 18
            column = 0
        marks.append(TextMark(MARGIN + column * column_width, y, 10.5, text))
        column += span
    y += 10
    marks.append(LineMark(MARGIN, y, PAGE_WIDTH - MARGIN, y, 0.8))
    return y


def _grid(marks: list[Mark], grid: Grid, y: float) -> float:
    total = sum(grid.widths)
    edges = [MARGIN]
    for share in grid.widths:
        edges.append(edges[-1] + share / total * CONTENT)
    for index, row in enumerate((grid.head, *grid.rows)):
        y += 18.5
        for left, cell in zip(edges, row, strict=False):
            marks.append(TextMark(left + 3, y, 10, cell, is_bold=index == 0))
        if index == 0:
            marks.append(LineMark(MARGIN, y + 6, PAGE_WIDTH - MARGIN, y + 6, 0.8))
            y += 2
    y += 9
    marks.append(LineMark(MARGIN, y, PAGE_WIDTH - MARGIN, y, 0.8))
    return y


def _signatures(marks: list[Mark], paper: Paper, y: float) -> None:
    for index, (label, value) in enumerate(paper.signatures):
        marks.append(TextMark(PAGE_WIDTH - MARGIN - 190, y + index * 22, 11, f"{label}：{value}"))
    if paper.has_stamp:
        marks.append(
            StampMark(PAGE_WIDTH - MARGIN - 66, y + 4, 44, (paper.issuer[:8], paper.issuer[8:16], "演示专用章"))
        )
