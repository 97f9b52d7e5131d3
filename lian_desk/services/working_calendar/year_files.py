"""A calendar year as it lies in a file: every day with its own fault, so that a lead sees all of them at once.

Known are tables (XLSX, XLS, CSV in any usual encoding) with a day or a range and what happens on it, JSON of this
program (``year``, ``status``, ``source``, ``notice``, ``days_off`` as named ranges, ``make_up_working_days``), JSON whose
days are objects (holiday-cn and its kin) and calendars in ICS. Days of another year than the file's own are no fault: they
are kept apart, for the import of that year.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.adapters.tables.cells import SheetRow
from lian_desk.adapters.tables.reading import FoundTable, TableChoice, find_table
from lian_desk.models.plain_text import plain
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.rules.calendars import refusal
from lian_desk.services.words.as_written import Fault, NotWritten, read_day, read_days
from lian_desk.services.words.wording import phrase
from lian_desk.services.working_calendar.calendar_shapes import (
    CALENDAR_YEAR,
    FIRST_YEAR,
    LABEL_LENGTH,
    LAST_YEAR,
    YearAbout,
    open_year_file,
)
from lian_desk.services.working_calendar.calendar_words import DaySaid, is_weekday, read_answer, read_kind

LONGEST_HOLIDAY: Final = 31
"""Days; a longer range is surely a slip of the pen."""
_MANY_DAYS: Final = 300
"""A table with so many days lists every day of the year, the ordinary ones too."""
_YEAR_IN_TITLE: Final = re.compile(r"(?<!\d)(20\d\d)\s*年")
_LIST: Final = re.compile(
    r"(?<=[日号)])\s*[、，,;；和及\n]\s*(?!(?:放假|调休|连休|休息|休假)*[，,、]?(?:放假|共|合?计))|\n|;|；|(?<=\d)\s*[、,，]\s*(?=\d{4}\D)"
)
_SERIAL: Final = re.compile(r"\d{5}(?:\.0)?")
_YEAR_SAID: Final = re.compile(r"\d{4}|年")
_WEEKDAYS: Final = "一二三四五六日"
_WEEKDAY_SAID: Final = re.compile("^[^至到~～—-]*?(?:星期|周|礼拜)([一二三四五六日天])")
_CALLED: Final = re.compile(r"(?:照常|正常|调休)?(?:上班|补班)(?=$|[、，,;；。\s])")
_DAY_OF_SAME_MONTH: Final = re.compile(r"\d{1,2}[日号]")
_WITHIN: Final = range(2, 12)
"""Months whose days show that the list has come past the beginning of its year."""
_DECEMBER: Final = 12
_NO_DAY: Final = frozenset({"", "无", "-", "--", "/", "不调休", "无调休", "不补班"})
_SAID_BY_HEADING: Final = {"off_on": "放假", "work_on": "工作日"}
_SAYS: Final = {"kind", "is_off", "is_work"}
_EXAMPLE: Final = "应写作 2027-01-01"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One day of a file. ``number``: line of a table, place of the entry in a JSON. ``problem``: empty when sound.

    ``note``: what is worth a word though nothing is wrong. ``at``: the field whose cell is at fault.
    """

    number: int
    text: str
    day_on: date | None
    kind: DayKind | None
    label: str
    problem: str = ""
    note: str = ""
    at: str = ""
    is_one_of_several: bool = False
    """Part of a range; a range that says again what stands there already is no slip of the pen."""


@dataclass(frozen=True)
class YearFile:
    """What a file says; ``year`` is None when no row has a date. ``status`` and ``source`` may be left to the lead.

    ``rows`` hold every day, those of another year too; ``plain_days`` were left out because they say of a day what its
    weekday says anyway.
    """

    name: str
    year: int | None
    status: CalendarStatus | None
    source: str
    rows: tuple[FileRow, ...]
    plain_days: int = 0
    table: FoundTable | None = field(default=None, compare=False)

    @property
    def faulty(self) -> tuple[FileRow, ...]:
        """The rows that have a fault."""
        return tuple(row for row in self.rows if row.problem)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year the file has days of, its own first."""
        found = {row.day_on.year for row in self.rows if row.day_on is not None and not row.problem}
        return tuple(sorted(found, key=lambda year: (year != self.year, year)))

    def rows_of(self, year: int | None) -> tuple[FileRow, ...]:
        """Return the sound days of a year."""
        return tuple(row for row in self.rows if row.day_on is not None and row.day_on.year == year and not row.problem)

    def is_fragment(self, year: int) -> bool:
        """Tell whether the file holds only the edge of a year: the days of its December or January for another one."""
        months = {row.day_on.month for row in self.rows_of(year) if row.day_on is not None}
        return year != self.year and months <= {1, 12}


def read_year_file(path: Path) -> YearFile:
    """Return the days in a file; the ending of its name does not matter.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``; ``CALENDAR_DAMAGED`` when the file as
            a whole is not a calendar year.
    """
    book, about = open_year_file(path)
    found = find_table(book, CALENDAR_YEAR)
    if found.missing:
        raise refusal(about.year, f"没有找到这些列：{'、'.join(found.missing)}；{found.words}")
    read = read_year(found, about)
    if not read.rows:
        raise refusal(about.year, "里面没有任何日期")
    return read


def save_year(path: Path, text: str) -> None:
    """Write an exported year durably.

    Raises:
        EnvironmentProblem: the disk is full, read-only or gone.
    """
    with foreseen_problems():
        write_durably(path, text.encode("utf-8"))


# ------------------------------------------------------------------------------------------------------------- rows


def read_year(found: FoundTable, about: YearAbout) -> YearFile:
    """Return the days of a table; a day without a year belongs to the year of the file."""
    base = about.year or _title_year(found) or _usual_year(_days_of_rows(found, None))
    days = tuple(_days_of_rows(found, base))
    rows, plain_days = _told_apart(days)
    year = about.year or base or _usual_year(rows)
    return YearFile(found.book.name, year, about.status, about.source, _checked(rows), plain_days, found)


def mended_year(read: YearFile, about: YearAbout, number: int, name: str, text: str) -> YearFile:
    """Return the file with one cell of the row ``number`` written anew."""
    assert read.table is not None
    mended = TableChoice(mended=read.table.mended).with_cell(number, name, text).mended
    return read_year(replace(read.table, mended=mended), about)


def _title_year(found: FoundTable) -> int | None:
    for title in found.titles:
        named = _YEAR_IN_TITLE.search(plain(title))
        if named is not None:
            return int(named[1])
    return None


def _usual_year(rows: Iterable[FileRow]) -> int | None:
    years = [row.day_on.year for row in rows if row.day_on is not None]
    return max(sorted(set(years), reverse=True), key=years.count) if years else None


def _days_of_rows(found: FoundTable, base: int | None) -> Iterator[FileRow]:
    is_late = False
    for row in found.body:
        usual = next((name for name in ("date", "off_on", "from") if name in found.columns), "date")
        fields = [usual, *(["work_on"] if "work_on" in found.columns else [])]
        told = [
            name for name in fields if plain(found.cell(row, name).text) not in _NO_DAY or found.cell(row, name).fault
        ]
        for name in told or fields[:1]:
            for day in _RowOfDays(found, row, base, name, is_late=is_late).days():
                is_late = is_late or (day.day_on is not None and day.day_on.month in _WITHIN)
                yield day


class _RowOfDays:
    """One row of a table: a day, a range or several of them, and what happens then."""

    def __init__(self, found: FoundTable, row: SheetRow, base: int | None, day_field: str, *, is_late: bool) -> None:
        """Take a row; ``is_late``: days within the year stand above, so that a range over new year ends in the next."""
        self._found, self._row, self._base = found, row, base
        self._day_field, self._is_late = day_field, is_late
        self._doubt = ""
        text = " ".join(plain(" ".join(cell.text.split())) for cell in row.cells if cell.text)
        self._empty = FileRow(row.number, text, None, None, self._words("name"))

    def days(self) -> Iterator[FileRow]:
        """Yield a row for each day."""
        for name in self._found.columns:
            cell = self._found.cell(self._row, name)
            if cell.fault:
                yield replace(self._empty, problem=f"{CALENDAR_YEAR.field(name).label}{cell.fault}", at=name)
                return
        try:
            days = tuple(self._read_days())
        except NotWritten as problem:
            yield replace(self._empty, problem=self._day_fault(problem), at=self._day_field)
            return
        if not days:
            too_long = f"止日早于起日，或一次放假超过 {LONGEST_HOLIDAY} 天"
            yield replace(self._empty, problem=too_long, at=self._day_field)
            return
        for day in days:
            said = self._said(day)
            yield replace(
                self._empty,
                day_on=day,
                kind=said.kind,
                note="；".join(filter(None, (said.note, self._doubt))),
                problem=said.problem,
                at=self._kind_field,
                is_one_of_several=len(days) > 1,
            )

    def _said(self, day: date) -> DaySaid:
        name = self._kind_field
        if name in _SAID_BY_HEADING:
            return read_kind(_SAID_BY_HEADING[name], day)
        words = self._words(name)
        return read_kind(words, day) if name == "kind" else read_answer(words, day, is_off=name == "is_off")

    @property
    def _kind_field(self) -> str:
        if self._day_field == "work_on" or (self._day_field == "off_on" and not _SAYS & self._found.columns.keys()):
            return self._day_field
        return next((name for name in ("kind", "is_off", "is_work") if name in self._found.columns), "kind")

    def _words(self, name: str) -> str:
        return " ".join(plain(self._found.cell(self._row, name).text).split())

    def _read_days(self) -> Iterator[date]:
        cell = self._found.cell(self._row, self._day_field)
        if cell.day is not None and not self._words("to"):
            yield cell.day
            return
        text, last = plain(cell.text), self._words("to")
        if last and last != text:
            text = f"{text} 至 {last}"
        if self._day_field == "work_on":
            text = _CALLED.sub("", text)
        base, before = None, None
        for part in filter(None, (piece.strip() for piece in _LIST.split(text))) if text else ("",):
            is_serial = cell.is_number or _SERIAL.fullmatch(part) is not None
            day = read_day(part, is_number=True).isoformat() if is_serial else part
            if before is not None and _DAY_OF_SAME_MONTH.match(part):
                day = f"{before.month}月{part}"
            first, end = self._placed(day, base or self._base)
            base = base or (first.year if _YEAR_SAID.search(day) else None)
            before = first
            if not timedelta(0) <= end - first <= timedelta(days=LONGEST_HOLIDAY):
                return
            for offset in range((end - first).days + 1):
                yield first + timedelta(days=offset)

    def _placed(self, part: str, year: int | None) -> tuple[date, date]:
        """Return the days of a part: new year and weekdays tell the year of what is written without one."""
        first, end = read_days(part, year=year)
        said = _WEEKDAY_SAID.search(part)
        wanted = _WEEKDAYS.index(said[1].replace("天", "日")) if said is not None else first.weekday()
        if year is not None and not _YEAR_SAID.search(part):
            if end.year > first.year and not self._is_late:
                first, end = read_days(part, year=year - 1)
            elif first.weekday() != wanted and first.month in {1, _DECEMBER}:
                other = read_days(part, year=year + 1 if first.month == 1 else year - 1)
                first, end = other if other[0].weekday() == wanted else (first, end)
        if first.weekday() != wanted:
            self._doubt = f"{first} 是周{_WEEKDAYS[first.weekday()]}，文件写的是周{_WEEKDAYS[wanted]}，请核对"
        return first, end

    def _day_fault(self, problem: NotWritten) -> str:
        words = self._words(self._day_field)
        if problem.fault is Fault.EMPTY:
            return "缺少日期"
        if problem.fault is Fault.NO_SUCH_DAY:
            return f"日期“{words}”不存在，请核对"
        if problem.fault is Fault.NO_YEAR:
            return f"日期“{words}”没有年份，{_EXAMPLE}"
        return f"日期“{words}”看不懂，{_EXAMPLE}"


def _told_apart(rows: tuple[FileRow, ...]) -> tuple[tuple[FileRow, ...], int]:
    """Leave out the days that say what their weekday says; in a list of the whole year unnamed weekends too."""
    lists_every_day = len(rows) > _MANY_DAYS

    def is_plain(row: FileRow) -> bool:
        if row.problem or row.day_on is None:
            return False
        unnamed_weekend = row.kind is DayKind.DAY_OFF and not is_weekday(row.day_on) and not row.label
        return row.kind is None or (lists_every_day and unnamed_weekend)

    kept = tuple(row for row in rows if not is_plain(row))
    return kept, len(rows) - len(kept)


# ----------------------------------------------------------------------------------------------------------- checks


def _checked(rows: tuple[FileRow, ...]) -> tuple[FileRow, ...]:
    seen: dict[date, int] = {}
    said: dict[date, tuple[DayKind | None, str]] = {}
    checked: list[FileRow] = []
    for row in rows:
        if row.is_one_of_several and row.day_on is not None and said.get(row.day_on) == (row.kind, row.label):
            continue
        year = row.day_on.year if row.day_on is not None else None
        problem = row.problem or row_problem(row, year, seen)
        if row.day_on is not None and not problem:
            seen[row.day_on] = row.number
            said[row.day_on] = (row.kind, row.label)
        checked.append(replace(row, problem=problem))
    return tuple(checked)


def row_problem(row: FileRow, year: int | None, seen: Mapping[date, int]) -> str:
    """Return what is wrong with a row beside the rows ``seen`` before it; an empty text when it is sound."""
    day = row.day_on
    if day is None or row.kind is None:
        return "缺少日期或类型"
    if day.year != year or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"{day} 不在 {year} 年" if day.year != year else f"年份 {day.year} 不合理"
    if day in seen:
        return f"{day} 与第 {seen[day]} 行重复"
    if len(row.label) > LABEL_LENGTH:
        return f"名称超过 {LABEL_LENGTH} 个字"
    if row.kind is DayKind.MAKE_UP_WORKING_DAY and is_weekday(day):
        return f"{day} 本来就是工作日，不能{phrase(row.kind)}"
    return ""
