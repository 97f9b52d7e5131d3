"""Find the table in a book: which sheet, which row holds the headings, which column says what; and say why.

Every sheet and every one of its first rows is scored by the headings it holds; the best one is read and named. A person
may choose another sheet, another row, or tell a column by hand; columns told by hand come back for the same headings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lian_desk.adapters.tables.cells import BLANK, Book, Cell, Sheet, SheetRow
from lian_desk.adapters.tables.remarks import is_remark
from lian_desk.adapters.tables.schema import TableSchema, fingerprint, plain_heading
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

HEAD_ROWS: Final = 30
"""Rows from the top among which the headings are looked for."""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a person has chosen; empty parts are found by the program.

    Attributes:
        sheet: place of the sheet in the book, from 0; -1 for none chosen.
        head: number of the row of headings as the file shows it; -1 for none chosen.
        columns: place of a column by the name of its field, as told by hand; None: as recognised or remembered.
        mended: what a person has written into single cells, by row number and field.
    """

    sheet: int = -1
    head: int = -1
    columns: tuple[tuple[str, int], ...] | None = None
    mended: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def with_cell(self, row: int, name: str, text: str) -> "TableChoice":
        """Return the same choice with one cell mended."""
        return replace(self, mended={**self.mended, (row, name): text})


@dataclass(frozen=True)
class FoundTable:
    """The table that is read.

    Attributes:
        columns: place of a column by the name of its field.
        headings: words at the head of every column of the sheet.
        is_remembered: True when a person told these columns for the same headings before.
        further: names of other sheets that hold such a list too.
        left_out: rows below the headings that are no entries: totals, notes, numbers of pages, names of sections.
    """

    schema: TableSchema
    book: Book
    sheet_place: int
    head: SheetRow
    columns: Mapping[str, int]
    body: tuple[SheetRow, ...]
    mended: Mapping[tuple[int, str], str]
    is_remembered: bool = False
    further: tuple[str, ...] = ()
    left_out: tuple[SheetRow, ...] = ()

    @property
    def sheet(self) -> Sheet:
        """The sheet that is read."""
        return self.book.sheets[self.sheet_place]

    @property
    def headings(self) -> tuple[str, ...]:
        """The words at the head of every column."""
        return tuple(" ".join(cell.text.split()) for cell in self.head.cells)

    @property
    def fingerprint(self) -> str:
        """Under which the columns are remembered."""
        return fingerprint(self.schema.kind, self.headings)

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of required columns that nobody has found yet."""
        return tuple(field.label for field in self.schema.missing(self.columns))

    @property
    def titles(self) -> tuple[str, ...]:
        """What stands above the headings."""
        return tuple(cell.text for row in self.sheet.rows if row.number < self.head.number for cell in row.cells[:1])

    def cell(self, row: SheetRow, name: str) -> Cell:
        """Return the cell of a row that a field names; what a person wrote there counts instead."""
        text = self.mended.get((row.number, name))
        if text is not None:
            return Cell(text.strip())
        place = self.columns.get(name)
        return BLANK if place is None else row.cell(place)

    @property
    def words(self) -> str:
        """Which sheet and row are read and why: 读取工作表“名单”，第 3 行为表头（认出 医院名称、城市、等级）."""
        sheet = f"工作表“{self.sheet.name}”" if self.sheet.name else "文件"
        hidden = "（隐藏的工作表）" if self.sheet.is_hidden else ""
        names = "、".join(self.schema.field(name).label for name in self.columns)
        why = "列按上次手工指定的对应" if self.is_remembered else f"认出 {names}" if names else "没有认出任何一列"
        head = f"第 {self.head.number} 行为表头" if self.head.number else "各项名称为表头"
        more = f"；工作表{'、'.join(f'“{name}”' for name in self.further)}也是清单，请逐一导入" if self.further else ""
        beside = f"；{_numbers(self.left_out)}是合计、说明或分段标题，没有读取" if self.left_out else ""
        twice = "".join(f"；“{heading}”有几列，读取最左边一列" for heading in self._twice)
        return f"读取{sheet}{hidden}，{head}（{why}）{more}{twice}{beside}"

    @property
    def _twice(self) -> list[str]:
        """Headings of read columns that stand over further columns too."""
        plain = [plain_heading(heading) for heading in self.headings]
        return [self.headings[place] for place in self.columns.values() if plain.count(plain[place]) > 1]


def find_table(
    book: Book,
    schema: TableSchema,
    choice: TableChoice | None = None,
    remembered: Mapping[str, Mapping[str, int]] | None = None,
) -> FoundTable:
    """Return the table of a book that ``choice`` means, else the one whose headings say most.

    A table may miss required columns (``FoundTable.missing``): a person can still tell them by hand.

    Raises:
        EnvironmentProblem: ``IMPORT_COLUMNS_MISSING`` when no sheet holds any row.
    """
    wanted = choice or TableChoice()
    rated = list(_candidates(book, schema, wanted, remembered or {}))
    best = max(rated, key=lambda one: one[0], default=None)
    if best is None:
        labels = "、".join(field.label for field in schema.fields if field.required)
        raise EnvironmentProblem(ErrorCode.IMPORT_COLUMNS_MISSING, missing=labels)
    whole = dict.fromkeys(one.sheet_place for rank, one in rated if rank[0] and one.sheet_place != best[1].sheet_place)
    found = best[1]
    body = (row for row in found.sheet.rows if row.number > found.head.number and not _repeats(row, found.head))
    rows = tuple(body)
    found = replace(found, body=rows, further=tuple(book.sheets[place].name for place in whole))
    if wanted.columns is not None:
        told = {name: place for name, place in wanted.columns if place < len(found.head.cells)}
        found = replace(found, columns=told, is_remembered=False)
    beside = tuple(row for row in rows if is_remark(row, schema, found.columns))
    numbers = {row.number for row in beside}
    return replace(found, body=tuple(row for row in rows if row.number not in numbers), left_out=beside)


def require_columns(found: FoundTable) -> FoundTable:
    """Return the table when nothing required is missing.

    Raises:
        EnvironmentProblem: ``IMPORT_COLUMNS_MISSING`` naming the columns and the sheet that was read.
    """
    if not found.missing:
        return found
    missing = "、".join(found.missing)
    if found.sheet.name:
        head = f"第 {found.head.number} 行" if found.head.number else ""
        missing = f"{missing}（读取的是工作表“{found.sheet.name}”{head}）"
    raise EnvironmentProblem(ErrorCode.IMPORT_COLUMNS_MISSING, missing=missing)


_MOST_NUMBERS: Final = 5


def _numbers(rows: tuple[SheetRow, ...]) -> str:
    named = "、".join(str(row.number) for row in rows[:_MOST_NUMBERS])
    return f"第 {named} 行" if len(rows) <= _MOST_NUMBERS else f"第 {named} 等 {len(rows)} 行"


_Rank = tuple[bool, bool, int, int, int, int]


def _candidates(
    book: Book, schema: TableSchema, choice: TableChoice, remembered: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[_Rank, FoundTable]]:
    """Rate every row that may hold the headings: complete, on a sheet that is shown, what it says, rows, then above."""
    known = schema.known
    for place, sheet in enumerate(book.sheets):
        if choice.sheet not in {-1, place}:
            continue
        for at, row in enumerate(sheet.rows[:HEAD_ROWS]):
            if choice.sheet == place and choice.head not in {-1, row.number}:
                continue
            told = remembered.get(fingerprint(schema.kind, [" ".join(cell.text.split()) for cell in row.cells]))
            columns = dict(told) if told is not None else _columns(row, known)
            found = FoundTable(schema, book, place, row, columns, (), choice.mended, told is not None)
            rows = len(sheet.rows) - at - 1 if not found.missing else 0
            rank = (bool(rows), not sheet.is_hidden, schema.weight(columns), rows, -place, -at)
            yield rank, found


def _columns(row: SheetRow, known: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        name = known.get(plain_heading(cell.text)) if cell.text else None
        if name is not None:
            columns.setdefault(name, at)
    return columns


def _repeats(row: SheetRow, head: SheetRow) -> bool:
    """Tell whether a row is the headings once more, as at the top of every printed page."""
    return tuple(cell.text for cell in row.cells) == tuple(cell.text for cell in head.cells)
