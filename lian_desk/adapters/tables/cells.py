"""What a table file holds, before anybody gives it a meaning: sheets of rows of typed cells."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: what it says, as typed; a number without a trailing ``.0``, a day as 2026-11-01.
        is_number: True when the file holds a number there: an identifier may have lost its leading zeros.
        is_answer: True when the file holds true or false there: no name, code or level is one.
        day: the day, where the file itself says that the cell is one.
        fault: why the cell cannot be read though it holds something (a formula without its result, an error value).
    """

    text: str = ""
    is_number: bool = False
    is_answer: bool = False
    day: date | None = None
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """True when the cell says nothing and hides nothing."""
        return not self.text and not self.fault


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its number as the program that wrote the file shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """True when no cell says anything."""
        return all(cell.is_blank for cell in self.cells)

    def cell(self, place: int) -> Cell:
        """Return the cell in column ``place`` from 0; beyond the end it is blank."""
        return self.cells[place] if 0 <= place < len(self.cells) else BLANK


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet without its blank rows; merged cells are filled. ``name`` is empty for a file of text."""

    name: str
    rows: tuple[SheetRow, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A file with its sheets in their order. ``digest``: checksum of its bytes, under which drafts are kept."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]
