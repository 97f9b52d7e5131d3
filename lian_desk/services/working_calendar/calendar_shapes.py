"""The shapes in which a year of the working calendar comes: tables, JSON of several kinds, ICS; each becomes a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.import_files import decode, read_bounded
from lian_desk.adapters.tables.book import book_of
from lian_desk.adapters.tables.cells import Book, Cell, Sheet, SheetRow
from lian_desk.adapters.tables.schema import ColumnField, TableSchema
from lian_desk.adapters.tables.text_sheets import read_objects
from lian_desk.models.vocabulary import CalendarStatus
from lian_desk.services.rules.calendars import refusal
from lian_desk.services.working_calendar.calendar_json import read_calendar_days, says_something
from lian_desk.services.working_calendar.holiday_events import read_events

LIMIT_MEGABYTES: Final = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
LABEL_LENGTH: Final = 60
_NO_DAYS: Final = "里面没有看得懂的日期"

CALENDAR_YEAR: Final = TableSchema(
    "calendar_year",
    "工作日历",
    (
        ColumnField(
            "date",
            "日期",
            ("day", "公历日期", "公历", "日期范围", "时间", "range", "key"),
            required=True,
        ),
        ColumnField(
            "off_on",
            "放假日期",
            ("放假时间", "放假日", "休息日期", "休假日期", "放假调休日期", "放假起止日期"),
            instead_of=("date", "kind"),
        ),
        ColumnField(
            "work_on",
            "上班日期",
            (
                *("调休上班日期", "调休上班", "调休上班日", "调休上班时间", "上班时间", "补班日期", "补班时间"),
                *("调休补班日期", "调休补班", "周末上班日期"),
            ),
            instead_of=("kind",),
        ),
        ColumnField("from", "起始日期", ("开始日期", "起始", "开始", "起", "start", "startdate"), instead_of=("date",)),
        ColumnField("to", "截止日期", ("结束日期", "终止日期", "截止", "结束", "止", "end", "enddate")),
        ColumnField(
            "kind",
            "类型",
            (
                *("安排", "kind", "type", "状态", "性质", "日期类型", "放假安排", "节假日类型", "类别", "工作安排"),
                *("日期性质", "休班", "班休", "休息上班", "是否工作"),
            ),
            required=True,
        ),
        ColumnField(
            "is_off",
            "是否放假",
            ("放假", "是否休息", "是否节假日", "是否休假", "休息", "isoffday", "off", "holiday", "isholiday"),
            instead_of=("kind",),
        ),
        ColumnField(
            "is_work", "是否上班", ("上班", "是否工作日", "是否补班", "workday", "isworkday"), instead_of=("kind",)
        ),
        ColumnField(
            "name",
            "名称",
            ("节日", "节日名称", "节假日", "节假日名称", "假日名称", "假期", "假期名称", "事由", "summary"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class YearAbout:
    """What a file says of itself beside its days."""

    year: int | None = None
    status: CalendarStatus | None = None
    source: str = ""


def open_year_file(path: Path) -> tuple[Book, YearAbout]:
    """Return the tables of a file and what it says of itself.

    Raises:
        EnvironmentProblem: as of :func:`read_year_file`.
    """
    content = read_bounded(path, LIMIT_MEGABYTES)
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return _open_json(decode(content), path.name, content)
    if start.upper().startswith(b"BEGIN:VCALENDAR"):
        book, about = book_of(path.name, content, (read_events(decode(content)),)), YearAbout()
    else:
        book, about = book_of(path.name, content), YearAbout()
    if not any(sheet.rows for sheet in book.sheets):
        raise refusal(None, _NO_DAYS)
    return book, about


def _open_json(text: str, name: str, content: bytes) -> tuple[Book, YearAbout]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal(None, "不是完整的 JSON") from error
    about = _about(document) if isinstance(document, dict) else YearAbout()
    if isinstance(document, dict) and document.keys() & {"days_off", "make_up_working_days"}:
        if about.year is None:
            raise refusal(None, "缺少 year（四位数字的年份）")
        book = book_of(name, content, (_own_sheet(document),))
    else:
        book = book_of(name, content, _sheets_of(document))
    if not any(sheet.rows for sheet in book.sheets):
        raise refusal(about.year, _NO_DAYS)
    return book, about


def _sheets_of(document: object) -> tuple[Sheet, ...]:
    """Return the days that are known as such, and else every list, whose columns a person can tell."""
    days = read_calendar_days(document, CALENDAR_YEAR)
    if says_something(days, CALENDAR_YEAR):
        return (days,)
    lists = read_objects(document)
    return lists or (days,)


def _about(document: Mapping[str, object]) -> YearAbout:
    year = document.get("year")
    stated = document.get("status")
    if stated is not None and stated not in {status.value for status in CalendarStatus}:
        raise refusal(_stated_year(year), "status 须为 official 或 provisional")
    known = _stated_year(year)
    if known is not None and not FIRST_YEAR <= known <= LAST_YEAR:
        raise refusal(known, "年份不合理")
    notice, source = str(document.get("notice", "")).strip(), str(document.get("source", "")).strip()
    papers = document.get("papers")
    if not source and isinstance(papers, list):
        source = "、".join(str(paper) for paper in papers)
    if notice and notice not in source:
        source = f"{source}（{notice}）" if source else notice
    return YearAbout(known, CalendarStatus(stated) if stated else None, source)


def _stated_year(year: object) -> int | None:
    if isinstance(year, str) and year.isdecimal() and len(year) == len("2027"):
        return int(year)
    return year if isinstance(year, int) and not isinstance(year, bool) else None


def _own_sheet(document: Mapping[str, object]) -> Sheet:
    """Return the two lists of the program's own shape as one table."""
    rows: list[tuple[str, str, str]] = []
    for key, kind in (("days_off", "放假"), ("make_up_working_days", "调休上班")):
        entries = document.get(key, [])
        if not isinstance(entries, list):
            raise refusal(_stated_year(document.get("year")), f"{key} 应为列表")
        for entry in entries:
            if not isinstance(entry, dict):
                rows.append((str(entry)[:LABEL_LENGTH], kind, ""))
                continue
            first = str(entry.get("from", entry.get("on", ""))).strip()
            last = str(entry.get("to", first)).strip()
            days = first if first == last else f"{first} 至 {last}"
            rows.append((days, kind, str(entry.get("name", "")).strip()))
    head = SheetRow(0, tuple(Cell(text) for text in ("日期", "类型", "名称")))
    lines = (SheetRow(number, tuple(map(Cell, row))) for number, row in enumerate(rows, start=1))
    return Sheet("", (head, *lines) if rows else ())
