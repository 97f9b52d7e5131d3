"""Puts texts and tables on pages: a list of marks per page, ready to be painted. Knows no PDF library.

The pages are laid out before anything is painted, so the number of pages is known when the footer is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.line_breaking import break_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lian_desk.adapters.drawing.legible_text import Legibility
    from lian_desk.adapters.drawing.style import Type


class Metrics(Protocol):
    """Widths of text in the two faces of the documents."""

    def width(self, text: str, size: float, *, bold: bool) -> float:
        """Return the advance width of `text` in points."""


class TextMark(NamedTuple):
    """A piece of one line; `y` is the baseline, `spacing` is added after each character."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    colour: str
    spacing: float = 0.0


class BoxMark(NamedTuple):
    """A rectangle; `fill` empty means only the outline is drawn, `stroke` empty means only the inside."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str


class ImageMark(NamedTuple):
    """A JPEG picture, stretched over its place."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


class LineMark(NamedTuple):
    """A straight line of hairline width."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str


Mark = TextMark | BoxMark | ImageMark | LineMark


class Heading(NamedTuple):
    """An entry of the outline: the page (from 0) and the distance from its top."""

    title: str
    page: int
    y: float


class Cell(NamedTuple):
    """One field of a table; a label is bold on a tinted ground.

    `marked` are the paragraphs of the text (from 0) that report a broken promise; their words say so too.
    """

    text: str
    label: bool = False
    colour: str = style.TEXT
    marked: frozenset[int] = frozenset()


class Line(NamedTuple):
    """One line of a cell, ready to be placed."""

    text: str
    colour: str


class Row(NamedTuple):
    """Cells with their widths in points."""

    cells: tuple[Cell, ...]
    widths: tuple[float, ...]


class Table(NamedTuple):
    """Rows under an optional header row, which is repeated on every page the table reaches."""

    rows: Sequence[Row]
    header: Row | None = None
    ruled: bool = True
    row_gap: float = 0.0
    body: Type = style.BODY
    label: Type = style.BODY_BOLD


class _Set(NamedTuple):
    """A row broken into lines."""

    row: Row
    lines: list[list[Line]]

    @property
    def line_count(self) -> int:
        return max(len(lines) for lines in self.lines)


class Sheet:
    """The growing document. `y` is where the next thing begins on the page in hand."""

    def __init__(self, metrics: Metrics, legibility: Legibility) -> None:
        """Begin with one empty page."""
        self.metrics = metrics
        self.legibility = legibility
        self.pages: list[list[Mark]] = [[]]
        self.headings: list[Heading] = []
        self.y = style.BODY_TOP

    @property
    def room(self) -> float:
        """Height left on this page, in points."""
        return style.BODY_BOTTOM - self.y

    def new_page(self) -> None:
        """Go on at the top of a fresh page."""
        self.pages.append([])
        self.y = style.BODY_TOP

    def gap(self, height: float) -> None:
        """Leave white space; at the foot of a page it is dropped."""
        self.y = min(self.y + height, style.BODY_BOTTOM)

    def line(self, text: str, at: tuple[float, float], kind: Type, colour: str = style.TEXT) -> None:
        """Put one line with its top left corner at `at`, on the page in hand."""
        x, top = at
        self._text(x, top, self.legibility.clean(text).replace("\n", " "), kind, colour)

    def title(self, text: str, subtitle: str) -> None:
        """Put the title and the line under it, both centred."""
        kind = style.TITLE
        spacing = style.TITLE_SPACING
        width = self.metrics.width(text, kind.size, bold=True) + spacing * (len(text) - 1)
        self.headings.append(Heading(text, len(self.pages) - 1, self.y))
        self._text((style.PAGE_WIDTH - width) / 2, self.y, text, kind, style.TEXT, spacing)
        self.y += kind.pitch
        for line in self._broken(subtitle, style.CONTENT_WIDTH, style.SUBTITLE):
            width = self.metrics.width(line, style.SUBTITLE.size, bold=False)
            self._text((style.PAGE_WIDTH - width) / 2, self.y, line, style.SUBTITLE, style.SECONDARY)
            self.y += style.SUBTITLE.pitch
        self.y += 8

    def remark(self, text: str) -> None:
        """Put a paragraph across the page on a tinted ground, above the first section."""
        shown = Table([Row((Cell(text, label=True),), (style.CONTENT_WIDTH,))], label=style.BODY)
        self._table([self._set(row, shown) for row in shown.rows], shown)
        self.gap(11)

    def opening(self, text: str) -> None:
        """Put the heading of a running text; it is an entry of the outline."""
        self.headings.append(Heading(text, len(self.pages) - 1, self.y))
        self.paragraphs(text, style.OPENING)
        self.gap(4)

    def paragraphs(self, text: str, kind: Type) -> None:
        """Put running text across the page, broken over pages where it is long."""
        for line in self._broken(text, style.CONTENT_WIDTH, kind):
            if self.room < kind.pitch:
                self.new_page()
            if line:
                self._text(style.MARGIN, self.y, line, kind, style.TEXT)
            self.y += kind.pitch

    def picture(self, title: str, jpeg: bytes, size: tuple[float, float]) -> None:
        """Put a picture on a page of its own under its title, as large as fits; `size` gives its proportions."""
        if self.y > style.BODY_TOP:
            self.new_page()
        self._heading(title)
        width, height = size
        scale = min(style.CONTENT_WIDTH / width, self.room / height)
        x = style.MARGIN + (style.CONTENT_WIDTH - width * scale) / 2
        self.pages[-1].append(ImageMark(x, self.y, width * scale, height * scale, jpeg))
        self.y = style.BODY_BOTTOM

    def section(self, title: str, table: Table, *, together: bool = False) -> None:
        """Put a section: its heading never stands alone; `together` keeps the whole section on one page if it can."""
        placed = [self._set(row, table) for row in table.rows]
        head = self._height(self._set(table.header, table), table) if table.header else 0.0
        need = style.SECTION.pitch + 6 + head
        if together:
            need += sum(self._height(row, table) for row in placed)
        elif placed:
            need += self._least_height(placed[0], table)
        if need > self.room and self.y > style.BODY_TOP:
            self.new_page()
        self._heading(title)
        self._table(placed, table)
        self.gap(11)

    def _heading(self, title: str) -> None:
        self.headings.append(Heading(title, len(self.pages) - 1, self.y))
        self.pages[-1].append(BoxMark(style.MARGIN, self.y, 2.4, style.SECTION.pitch, style.ACCENT, ""))
        self._text(style.MARGIN + 8.5, self.y, title, style.SECTION, style.TEXT)
        self.y += style.SECTION.pitch + 6

    def split_line(self, parts: Sequence[str], height: float) -> None:
        """Put texts at the left, the middle and the right of one line, `height` below what stands above."""
        if self.room < height + style.BODY.pitch:
            self.new_page()
        else:
            self.y += height
        for position, part in enumerate(parts):
            text = self.legibility.clean(part).replace("\n", " ")
            text = self._broken(text, style.CONTENT_WIDTH / len(parts) - 8, style.BODY)[0]
            width = self.metrics.width(text, style.BODY.size, bold=False)
            x = style.MARGIN + (style.CONTENT_WIDTH - width) * position / max(len(parts) - 1, 1)
            self._text(x, self.y, text, style.BODY, style.TEXT)
        self.y += style.BODY.pitch

    def _table(self, placed: list[_Set], table: Table) -> None:
        header = self._set(table.header, table) if table.header else None
        if header:
            self._row(header, table, self._pieces(header, 0, header.line_count))
        for row in placed:
            self._flow(row, table, header)

    def _flow(self, row: _Set, table: Table, header: _Set | None) -> None:
        """Put one row, over as many pages as it needs."""
        if self._height(row, table) > self.room and (
            row.line_count <= style.LINES_KEPT_TOGETHER or self._lines_that_fit(table) < style.LEAST_LINES
        ):
            self._continue_on_new_page(table, header)
        start = 0
        while True:
            left = row.line_count - start
            fit = max(self._lines_that_fit(table), 1)
            if left <= fit:
                self._row(row, table, self._pieces(row, start, row.line_count))
                return
            take = fit - 1 if left - fit < style.LEAST_LINES and fit > style.LEAST_LINES else fit
            self._row(row, table, self._pieces(row, start, start + take))
            start += take
            self._continue_on_new_page(table, header)

    def _continue_on_new_page(self, table: Table, header: _Set | None) -> None:
        self.new_page()
        if header:
            self._row(header, table, self._pieces(header, 0, header.line_count))

    def _lines_that_fit(self, table: Table) -> int:
        pad = style.CELL_PAD_Y if table.ruled else 0.0
        return int((self.room - 2 * pad) // table.body.pitch)

    @staticmethod
    def _pieces(row: _Set, start: int, stop: int) -> list[list[Line]]:
        pieces = [lines[start:stop] for lines in row.lines]
        if start and not pieces[0]:
            pieces[0] = [Line("（接上页）", style.SECONDARY)]
        return pieces

    def _row(self, row: _Set, table: Table, pieces: list[list[Line]]) -> None:
        """Draw some lines of a row as one band of boxes and move below it."""
        pad_y = style.CELL_PAD_Y if table.ruled else 0.0
        pad_x = style.CELL_PAD_X if table.ruled else 0.0
        height = max(len(lines) for lines in pieces) * table.body.pitch + 2 * pad_y
        marks = self.pages[-1]
        x = style.MARGIN
        for cell, width, lines in zip(row.row.cells, row.row.widths, pieces, strict=True):
            if table.ruled:
                marks.append(BoxMark(x, self.y, width, height, style.LABEL_FILL if cell.label else "", style.GRID))
            kind = table.label if cell.label else table.body
            top = self.y + pad_y
            for line in lines:
                if line.text:
                    self._text(x + pad_x, top, line.text, kind, line.colour)
                top += table.body.pitch
            x += width
        self.y += height + table.row_gap

    def _set(self, row: Row, table: Table) -> _Set:
        pad = style.CELL_PAD_X if table.ruled else 4.0
        lines: list[list[Line]] = []
        for cell, width in zip(row.cells, row.widths, strict=True):
            kind = table.label if cell.label else table.body
            paragraphs = cell.text.split("\n") if cell.marked else [cell.text]
            lines.append([])
            for number, paragraph in enumerate(paragraphs):
                colour = style.BROKEN if number in cell.marked else cell.colour
                lines[-1] += [Line(text, colour) for text in self._broken(paragraph, width - 2 * pad, kind)]
        return _Set(row, lines)

    def _height(self, row: _Set, table: Table) -> float:
        return row.line_count * table.body.pitch + (2 * style.CELL_PAD_Y if table.ruled else 0.0) + table.row_gap

    def _least_height(self, row: _Set, table: Table) -> float:
        """Height of the part of a row that must follow its heading on the same page."""
        if row.line_count <= style.LINES_KEPT_TOGETHER:
            return self._height(row, table)
        return style.LEAST_LINES * table.body.pitch + 2 * style.CELL_PAD_Y

    def _broken(self, text: str, limit: float, kind: Type) -> list[str]:
        metrics, size, bold = self.metrics, kind.size, kind.bold
        return break_lines(self.legibility.clean(text), limit, lambda piece: metrics.width(piece, size, bold=bold))

    def _text(self, x: float, top: float, text: str, kind: Type, colour: str, spacing: float = 0.0) -> None:
        # The fonts' em box reaches 0.88 above and 0.12 below the baseline; the box is centred in the line pitch.
        baseline = top + (kind.pitch - kind.size) / 2 + 0.88 * kind.size
        self.pages[-1].append(TextMark(x, baseline, text, kind.size, kind.bold, colour, spacing))
