"""What stands on an invented form, and a sheet of paper to write it on; points, y grows downwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.page_layout import (
    CONTENT,
    MARGIN,
    PAGE_WIDTH,
    LineMark,
    Mark,
    StampMark,
    TextMark,
    width_of,
    wrap,
)

RIGHT: Final = PAGE_WIDTH - MARGIN
_LINE: Final = 18.0


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The invented facts of one page; ``age`` in full years on ``dated_on``, which is the paper's own day.

    ``checker`` and ``technician`` are of the laboratory or the picture department, ``contact`` is a relative.
    """

    kind: MaterialKind
    hospital: str
    name: str
    sex: str
    age: int
    born_on: date
    identity_number: str
    department: str
    doctor: str
    technician: str
    checker: str
    contact: str
    phone: str
    visit_number: str
    inpatient_number: str
    bed: str
    diagnosis: str
    complaint: str
    dated_on: date
    taken_on: date
    printed_at: datetime


@dataclass(slots=True)
class Sheet:
    """Gathers marks from the top; ``said`` notes which facts were printed, by their name in ``FormFacts``."""

    y: float = 50.0
    marks: list[Mark] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def down(self, points: float = _LINE) -> None:
        """Go to the next line."""
        self.y += points

    def put(self, x: float, text: str, size: float = 10.5, *, bold: bool = False, faint: bool = False) -> float:
        """Write at the left distance ``x`` and return where it ends."""
        self.marks.append(TextMark(x, self.y, size, text, bold, faint))
        return x + width_of(text, size, is_bold=bold)

    def put_right(self, x: float, text: str, size: float = 10.5, *, bold: bool = False) -> None:
        """Write so that it ends at ``x``."""
        self.put(x - width_of(text, size, is_bold=bold), text, size, bold=bold)

    def centre(self, text: str, size: float = 16.0, *, bold: bool = True) -> None:
        """Write in the middle of the page."""
        self.put((PAGE_WIDTH - width_of(text, size, is_bold=bold)) / 2, text, size, bold=bold)

    def spread(self, words: Sequence[str], *, size: float = 10.5, left: float = MARGIN, right: float = RIGHT) -> None:
        """Write words at equal distances in one line."""
        share = (right - left) / len(words)
        for place, text in enumerate(words):
            self.put(left + place * share, text, size)

    def rule(self, *, gap: float = 6.0, left: float = MARGIN, right: float = RIGHT, width: float = 0.7) -> None:
        """Draw a line below what was written."""
        self.y += gap
        self.marks.append(LineMark(left, self.y, right, self.y, width))

    def upright(self, x: float, top: float, bottom: float) -> None:
        """Draw a line down the page."""
        self.marks.append(LineMark(x, top, x, bottom, 0.6))

    def underlined(self, x: float, text: str, size: float = 10.5, *, least: float = 40.0) -> float:
        """Write on a line, as on a form that is filled in."""
        width = max(width_of(text, size) + 10, least)
        self.put(x + 4, text, size)
        self.marks.append(LineMark(x, self.y + 3, x + width, self.y + 3, 0.5))
        return x + width

    def paragraph(self, text: str, size: float = 11.0, *, indent: float = 0.0, step: float = 18.0) -> None:
        """Write text of several lines."""
        for line in wrap(text, size, CONTENT - indent):
            self.down(step)
            self.put(MARGIN + indent, line, size)

    def cells(
        self, rows: Sequence[Sequence[str]], shares: Sequence[float], *, height: float = 21.0, size: float = 10.0
    ) -> None:
        """Write a table with lines all round."""
        total = sum(shares)
        edges = [MARGIN]
        for share in shares:
            edges.append(edges[-1] + share / total * CONTENT)
        top = self.y
        self.marks.append(LineMark(MARGIN, top, RIGHT, top, 0.6))
        for row in rows:
            self.y += height
            self.marks.append(LineMark(MARGIN, self.y, RIGHT, self.y, 0.6))
            for left, text in zip(edges, row, strict=False):
                self.marks.append(TextMark(left + 4, self.y - height / 2 + 4, size, text))
        for edge in edges:
            self.upright(edge, top, self.y)

    def stamp(self, words: str, *, x: float = RIGHT - 60) -> None:
        """Put a red stamp beside what was written last."""
        self.marks.append(StampMark(x, self.y - 10, 38, (words[:8], words[8:16])))

    def say(self, *facts: str) -> None:
        """Note that these facts stand on the page."""
        self.said.update(facts)
