"""The shapes in which a year of the working calendar comes: tables, JSON of several kinds, ICS; each becomes a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import CalendarStatus
from lian_desk.services.holiday_events import read_events
from lian_desk.services.import_files import decode, read_bounded
from lian_desk.services.tables.book import book_of
from lian_desk.services.tables.cells import Book, Cell, Sheet, SheetRow
from lian_desk.services.tables.schema import ColumnField, TableSchema

LIMIT_MEGABYTES: Final = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
LABEL_LENGTH: Final = 60

CALENDAR_YEAR: Final = TableSchema(
    "calendar_year",
    "工作日历",
    (
        ColumnField(
            "date",
            "日期",
            ("day", "放假日期", "公历日期", "公历", "日期范围", "时间", "放假时间", "key"),
            required=True,
        ),
        ColumnField("from", "起始日期", ("开始日期", "起始", "开始", "起", "start", "startdate"), instead_of="date"),
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
            instead_of="kind",
        ),
        ColumnField(
            "is_work", "是否上班", ("上班", "是否工作日", "是否补班", "workday", "isworkday"), instead_of="kind"
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
        raise damaged("没有任何日期")
    return book, about


def damaged(detail: str) -> EnvironmentProblem:
    """Return the refusal of a file that is no calendar year as a whole."""
    return EnvironmentProblem(ErrorCode.CALENDAR_DAMAGED, year="", detail=detail)


def _open_json(text: str, name: str, content: bytes) -> tuple[Book, YearAbout]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged("不是完整的 JSON") from error
    about = _about(document) if isinstance(document, dict) else YearAbout()
    if isinstance(document, dict) and document.keys() & {"days_off", "make_up_working_days"}:
        if about.year is None:
            raise damaged("缺少 year（四位数字的年份）")
        book = book_of(name, content, (_own_sheet(document),))
    else:
        book = book_of(name, content)
    if not any(sheet.rows for sheet in book.sheets):
        raise damaged("没有任何日期")
    return book, about


def _about(document: Mapping[str, object]) -> YearAbout:
    year = document.get("year")
    stated = document.get("status")
    if stated is not None and stated not in {status.value for status in CalendarStatus}:
        raise damaged("status 须为 official 或 provisional")
    if isinstance(year, str) and year.isdecimal() and len(year) == len("2027"):
        year = int(year)
    known = year if isinstance(year, int) and not isinstance(year, bool) else None
    if known is not None and not FIRST_YEAR <= known <= LAST_YEAR:
        raise damaged(f"年份 {known} 不合理")
    notice, source = str(document.get("notice", "")).strip(), str(document.get("source", "")).strip()
    papers = document.get("papers")
    if not source and isinstance(papers, list):
        source = "、".join(str(paper) for paper in papers)
    if notice and notice not in source:
        source = f"{source}（{notice}）" if source else notice
    return YearAbout(known, CalendarStatus(stated) if stated else None, source)


def _own_sheet(document: Mapping[str, object]) -> Sheet:
    """Return the two lists of the program's own shape as one table."""
    rows: list[tuple[str, str, str]] = []
    for key, kind in (("days_off", "放假"), ("make_up_working_days", "调休上班")):
        entries = document.get(key, [])
        if not isinstance(entries, list):
            raise damaged(f"{key} 应为列表")
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
