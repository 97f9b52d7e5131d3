"""Layouts of invented papers besides the plain one of ``page_layout``: pairs, boxes, a phone's screenshot, a letter."""

from collections.abc import Callable
from typing import Final

from lian_desk.services.demo.pages.page_layout import (
    CONTENT,
    MARGIN,
    PAGE_WIDTH,
    LineMark,
    Mark,
    StampMark,
    TextMark,
    lay_out,
    register_fonts,
    width_of,
    wrap,
)
from lian_desk.services.demo.pages.papers import DEMO_MARK, Paper, Section

_RIGHT: Final = PAGE_WIDTH - MARGIN
_FOOT: Final = 812.0


def lay_out_as(layout: str, paper: Paper) -> tuple[Mark, ...]:
    """Return the marks of ``paper`` in the layout of that name."""
    register_fonts()
    return _LAYOUTS[layout](paper)


def _centred(text: str, y: float, size: float, *, is_bold: bool = True) -> TextMark:
    return TextMark((PAGE_WIDTH - width_of(text, size, is_bold=is_bold)) / 2, y, size, text, is_bold)


def _sections(marks: list[Mark], paper: Paper, y: float, *, inline: bool, mark: str = "：") -> float:
    for section in paper.sections:
        y = _inline(marks, section, y, mark) if inline else _below(marks, section, y)
    return y


def _inline(marks: list[Mark], section: Section, y: float, mark: str) -> float:
    """Heading and text in one paragraph."""
    for index, line in enumerate(wrap(f"{section.heading}{mark}{section.text}", 11, CONTENT)):
        y += 20 if index == 0 else 17
        marks.append(TextMark(MARGIN, y, 11, line))
    return y + 4


def _below(marks: list[Mark], section: Section, y: float) -> float:
    y += 22
    marks.append(TextMark(MARGIN, y, 12, f"【{section.heading}】", is_bold=True))
    for line in wrap(section.text, 11, CONTENT - 12):
        y += 18
        marks.append(TextMark(MARGIN + 12, y, 11, line))
    return y + 4


def _rows(marks: list[Mark], paper: Paper, y: float, *, ruled: bool) -> float:
    """The table of a report, with or without rules."""
    if paper.grid is None:
        return y
    total = sum(paper.grid.widths)
    for index, row in enumerate((paper.grid.head, *paper.grid.rows)):
        y += 18
        left = MARGIN
        for share, cell in zip(paper.grid.widths, row, strict=False):
            marks.append(TextMark(left + 3, y, 9.5, cell, is_bold=index == 0))
            left += share / total * CONTENT
        if ruled or index == 0:
            marks.append(LineMark(MARGIN, y + 5, _RIGHT, y + 5, 0.5))
    return y + 8


def _foot(marks: list[Mark], paper: Paper, y: float, *, left: float = PAGE_WIDTH - MARGIN - 200) -> None:
    y = min(max(y + 46, 540.0), 770.0)
    for index, (label, value) in enumerate(paper.signatures):
        marks.append(TextMark(left, y + index * 21, 11, f"{label}：{value}"))
    if paper.has_stamp:
        marks.append(StampMark(_RIGHT - 40, y + 2, 42, (paper.issuer[:8], paper.issuer[8:16], "演示专用章")))
    marks.append(TextMark(MARGIN, _FOOT, 8, DEMO_MARK, is_faint=True))


def _pairs(paper: Paper) -> tuple[Mark, ...]:
    """Two columns of fields, the title at the left, headings in their paragraphs."""
    marks: list[Mark] = [TextMark(MARGIN, 62, 15, paper.issuer, is_bold=True), TextMark(MARGIN, 90, 18, paper.title)]
    y = 100.0
    for index, (label, value) in enumerate(paper.fields):
        if index % 2 == 0:
            y += 19
        marks.append(TextMark(MARGIN + (index % 2) * CONTENT / 2, y, 10.5, f"{label}: {value}"))
    y += 10
    marks.append(LineMark(MARGIN, y, _RIGHT, y, 0.8))
    y = _rows(marks, paper, y, ruled=False)
    _foot(marks, paper, _sections(marks, paper, y, inline=True))
    return tuple(marks)


def _boxed(paper: Paper) -> tuple[Mark, ...]:
    """Fields in a table: label cell, value cell, rules all round, no colon."""
    marks: list[Mark] = [_centred(paper.issuer, 64, 15), _centred(paper.title, 92, 19)]
    y = _cells(marks, paper.fields, 104.0, columns=2, height=22.0)
    y = _rows(marks, paper, y + 4, ruled=True)
    _foot(marks, paper, _sections(marks, paper, y, inline=False))
    return tuple(marks)


def _cells(marks: list[Mark], fields: tuple[tuple[str, str], ...], y: float, *, columns: int, height: float) -> float:
    share = CONTENT / columns
    first = y
    marks.append(LineMark(MARGIN, y, _RIGHT, y))
    for index, (label, value) in enumerate(fields):
        left = MARGIN + (index % columns) * share
        if index % columns == 0:
            y += height
            marks.append(LineMark(MARGIN, y, _RIGHT, y))
        marks.append(TextMark(left + 5, y - 7, 10, label, is_bold=True))
        marks.append(TextMark(left + 90, y - 7, 10, value))
    uprights = [MARGIN + column * share for column in range(columns + 1)]
    uprights += [left + 84 for left in uprights[:-1]]
    marks.extend(LineMark(x, first, x, y) for x in uprights)
    return y


def _stacked(paper: Paper) -> tuple[Mark, ...]:
    """Every label stands above its value, four to a row."""
    marks: list[Mark] = [_centred(paper.title, 64, 20), _centred(paper.issuer, 90, 13, is_bold=False)]
    y = 100.0
    across = 3
    for index, (label, value) in enumerate(paper.fields):
        if index % across == 0:
            y += 36 if index else 20
        left = MARGIN + (index % across) * CONTENT / across
        marks.append(TextMark(left, y, 9, label, is_faint=True))
        marks.append(TextMark(left, y + 15, 11, value))
    y += 28
    marks.append(LineMark(MARGIN, y, _RIGHT, y, 0.8))
    y = _rows(marks, paper, y, ruled=True)
    _foot(marks, paper, _sections(marks, paper, y, inline=False), left=MARGIN)
    return tuple(marks)


def _screenshot(paper: Paper) -> tuple[Mark, ...]:
    """A phone's page of a hospital's application: label at the left, value at the right edge."""
    marks: list[Mark] = [
        TextMark(MARGIN - 20, 40, 10, "10:42", is_bold=True),
        TextMark(_RIGHT - 24, 40, 10, "5G"),
        _centred(paper.title, 70, 16),
        LineMark(MARGIN - 20, 84, _RIGHT + 20, 84, 0.5),
        TextMark(MARGIN, 108, 12, paper.issuer, is_bold=True),
    ]
    y = 114.0
    for label, value in (*paper.fields, *paper.signatures):
        y += 23
        marks.append(TextMark(MARGIN, y, 11, label, is_faint=True))
        marks.append(TextMark(_RIGHT - width_of(value, 11), y, 11, value))
    y += 10
    marks.append(LineMark(MARGIN, y, _RIGHT, y, 0.4))
    y = _rows(marks, paper, y, ruled=False) if paper.grid is not None else y
    _sections(marks, paper, y, inline=False)
    marks.append(TextMark(MARGIN, 826, 8, DEMO_MARK, is_faint=True))
    return tuple(marks)


def _ruled(paper: Paper) -> tuple[Mark, ...]:
    """Values on rules, three to a row, label and value apart."""
    marks: list[Mark] = [_centred(paper.issuer, 58, 17), _centred(paper.title, 88, 17, is_bold=False)]
    y, left = 98.0, MARGIN
    room = _RIGHT + 1
    y += 20
    for label, value in paper.fields:
        width = width_of(label, 10.5) + width_of(value, 10.5) + 26
        if left + width > room:
            y, left = y + 21, MARGIN
        marks.append(TextMark(left, y, 10.5, label))
        start = left + width_of(label, 10.5) + 6
        marks.append(TextMark(start + 4, y, 10.5, value))
        marks.append(LineMark(start, y + 3, left + width - 8, y + 3, 0.5))
        left += width
    y += 14
    y = _rows(marks, paper, y, ruled=False)
    _foot(marks, paper, _sections(marks, paper, y, inline=True, mark="  "))
    return tuple(marks)


def _letter(paper: Paper) -> tuple[Mark, ...]:
    """One field a line, as in a letter; the issuer stands at the foot."""
    marks: list[Mark] = [_centred(paper.title, 70, 22)]
    y = 86.0
    for label, value in paper.fields:
        y += 19
        marks.append(TextMark(MARGIN + 20, y, 11, f"{label}：{value}"))
    y += 8
    y = _rows(marks, paper, y, ruled=False)
    y = _sections(marks, paper, y, inline=True)
    y = min(max(y + 30, 520.0), 730.0)
    marks.append(TextMark(_RIGHT - width_of(paper.issuer, 12, is_bold=True), y, 12, paper.issuer, is_bold=True))
    _foot(marks, paper, y - 20, left=_RIGHT - 230)
    return tuple(marks)


def _ledger(paper: Paper) -> tuple[Mark, ...]:
    """Four cells to a row, labels over values in one frame, the hospital small in the corner, the title in the middle."""
    marks: list[Mark] = [TextMark(MARGIN, 44, 9, paper.issuer), _centred(paper.title, 74, 18)]
    across, height, first = 4, 34.0, 88.0
    share = CONTENT / across
    y = first
    marks.append(LineMark(MARGIN, y, _RIGHT, y))
    for index, (label, value) in enumerate(paper.fields):
        if index % across == 0:
            y += height
            marks.append(LineMark(MARGIN, y, _RIGHT, y))
        left = MARGIN + (index % across) * share + 5
        size = 10.5 if width_of(value, 10.5) < share - 8 else 10.5 * (share - 8) / width_of(value, 10.5)
        marks.append(TextMark(left, y - 20, 8.5, f"{label}："))
        marks.append(TextMark(left, y - 6, size, value))
    marks.extend(LineMark(MARGIN + column * share, first, MARGIN + column * share, y) for column in range(across + 1))
    y = _rows(marks, paper, y + 4, ruled=True)
    _foot(marks, paper, _sections(marks, paper, y, inline=True, mark=" "), left=MARGIN + 20)
    return tuple(marks)


def _slip(paper: Paper) -> tuple[Mark, ...]:
    """A narrow slip from a machine in the lobby: everything in one short column, dashes between the parts."""
    width = 300.0
    left = (PAGE_WIDTH - width) / 2
    dashes = "- " * 34
    marks: list[Mark] = [_centred(paper.issuer, 60, 13), _centred(paper.title, 82, 15), TextMark(left, 98, 9, dashes)]
    y = 100.0
    for label, value in paper.fields:
        y += 17
        marks.append(TextMark(left, y, 10, f"{label}:{value}"))
    y += 14
    marks.append(TextMark(left, y, 9, dashes))
    if paper.grid is not None:
        for row in (paper.grid.head, *paper.grid.rows):
            y += 15
            marks.extend(
                TextMark(left + offset, y, 8.5, cell)
                for offset, cell in zip((0, 130, 180, 205), (row[1], row[2], row[3], row[4]), strict=True)
            )
    for section in paper.sections:
        for line in wrap(f"{section.heading}:{section.text}", 10, width):
            y += 16
            marks.append(TextMark(left, y, 10, line))
    y += 16
    marks.append(TextMark(left, y, 9, dashes))
    for label, value in paper.signatures:
        y += 17
        marks.append(TextMark(left, y, 10, f"{label}:{value}"))
    marks.append(TextMark(left, min(y + 24, 830.0), 8, DEMO_MARK, is_faint=True))
    return tuple(marks)


_LAYOUTS: Final[dict[str, Callable[[Paper], tuple[Mark, ...]]]] = {
    "columns": lay_out,
    "pairs": _pairs,
    "boxed": _boxed,
    "stacked": _stacked,
    "screenshot": _screenshot,
    "ruled": _ruled,
    "letter": _letter,
    "ledger": _ledger,
    "slip": _slip,
}
