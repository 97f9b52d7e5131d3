"""A column of a list as data: what it shows of a row, and how it is painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone


class ColumnKind(StrEnum):
    """How a cell is painted."""

    TEXT = "text"
    SECONDARY = "secondary"
    NUMBER = "number"
    NAME = "name"
    TWO_LINES = "two_lines"
    CHIP = "chip"
    DEADLINE = "deadline"
    PROGRESS = "progress"
    ACTION = "action"
    BASIS = "basis"


class DeadlineCell(NamedTuple):
    """A time limit for the eye.

    Attributes:
        text: for example 今日 16:20, or 超时 1 天.
        tone: kept, at risk or broken.
        progress: share of the time used up, 0 to 1; ``None`` paints the text as a chip instead of over a bar.
        note: quiet words behind the text, for example 跨国庆.
    """

    text: str
    tone: Tone
    progress: float | None = None
    note: str = ""


class ButtonCell(NamedTuple):
    """The next step of a row as a button."""

    text: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title: heading.
        text: what the cell says; also what is copied and read aloud. ``deadline`` may stand in its place.
        sort: name of the sort of the row source; empty when the column does not sort.
        width: pixels at first; the user may change it. ``stretch`` takes the room that is left.
        yields: True lets a narrow window leave the column out; what it says must stand elsewhere too.
        secondary: quiet second text, behind the name (``NAME``) or below the text (``TWO_LINES``).
        chips: status badges of the cell (``CHIP``), or behind its text (other kinds).
        deadline: time limit of the row seen at a moment; such a column is painted again as the clock runs.
        button: the next step of the row (``ACTION``), ``None`` for none.
        tone: colour of a ``PROGRESS`` bar.
        progress: share of a ``PROGRESS`` bar, 0 to 1.
        tooltip: how the value came about.
    """

    title: str
    text: Callable[[Any], str] | None = None
    sort: str = ""
    width: int = 120
    kind: ColumnKind = ColumnKind.TEXT
    stretch: bool = False
    yields: bool = False
    secondary: Callable[[Any], str] | None = None
    chips: Callable[[Any], Sequence[ChipText]] | None = None
    deadline: Callable[[Any, datetime], DeadlineCell | None] | None = None
    button: Callable[[Any], ButtonCell | None] | None = None
    tone: Callable[[Any], Tone] | None = None
    progress: Callable[[Any], float] | None = None
    tooltip: Callable[[Any], str] | None = None

    def says(self, row: object, now: datetime) -> str:
        """Return the words of the cell for reading, copying and the screen reader."""
        if self.deadline is not None:
            cell = self.deadline(row, now)
            return "" if cell is None else f"{cell.text} {cell.note}".strip()
        if self.button is not None:
            button = self.button(row)
            return "" if button is None else button.text
        words = self.text(row) if self.text is not None else ""
        if self.kind is ColumnKind.CHIP and self.chips is not None and not words:
            words = " ".join(chip.text for chip in self.chips(row))
        return words

    def says_all(self, row: object, now: datetime) -> str:
        """Return the words of the cell with its quiet text and its badges."""
        words = [self.says(row, now)]
        if self.secondary is not None:
            words.append(self.secondary(row))
        if self.chips is not None and self.text is not None:
            words.extend(chip.text for chip in self.chips(row))
        return " ".join(word for word in words if word)
