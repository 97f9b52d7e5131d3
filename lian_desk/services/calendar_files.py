"""A calendar year as it lies in a file: every row with its own fault, so that a lead sees all of them at once.

The strict readers of ``services/calendars.py`` stop at the first fault; this one reads on. Two shapes are known:
JSON (``year``, ``status``, ``source``, ``notice``, ``days_off`` as named ranges, ``make_up_working_days``) and CSV
with the columns date, kind and name (also 日期, 类型, 名称).
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.durable_files import write_durably
from lian_desk.services.environment_problems import foreseen_problems
from lian_desk.services.import_files import decode, read_bounded
from lian_desk.services.wording import phrase

LIMIT_MEGABYTES: Final = 1
LONGEST_HOLIDAY: Final = 31
"""Days; a longer range is surely a slip of the pen."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
LABEL_LENGTH: Final = 60

_KINDS: Final = {
    "off": DayKind.DAY_OFF,
    "day_off": DayKind.DAY_OFF,
    "放假": DayKind.DAY_OFF,
    "休": DayKind.DAY_OFF,
    "work": DayKind.MAKE_UP_WORKING_DAY,
    "make_up_working_day": DayKind.MAKE_UP_WORKING_DAY,
    "上班": DayKind.MAKE_UP_WORKING_DAY,
    "调休上班": DayKind.MAKE_UP_WORKING_DAY,
    "班": DayKind.MAKE_UP_WORKING_DAY,
}
_HEADINGS: Final = {
    "date": "date",
    "日期": "date",
    "kind": "kind",
    "类型": "kind",
    "安排": "kind",
    "name": "name",
    "名称": "name",
    "节日": "name",
}
_WORKING_WEEKDAYS: Final = 5


@dataclass(frozen=True, slots=True)
class FileRow:
    """One day of a file. ``number``: line of a CSV, place of the entry in a JSON. ``problem``: empty when sound."""

    number: int
    text: str
    day_on: date | None
    kind: DayKind | None
    label: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class YearFile:
    """What a file says; ``year`` is None when no row has a date. ``status`` and ``source`` may be left to the lead."""

    name: str
    year: int | None
    status: CalendarStatus | None
    source: str
    rows: tuple[FileRow, ...]

    @property
    def faulty(self) -> tuple[FileRow, ...]:
        """The rows that have a fault."""
        return tuple(row for row in self.rows if row.problem)


def read_year_file(path: Path) -> YearFile:
    """Return the year in a JSON or CSV file; the ending of its name does not matter.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``; ``CALENDAR_DAMAGED`` when the file as
            a whole is not a calendar year.
    """
    text = decode(read_bounded(path, LIMIT_MEGABYTES))
    found = _read_json(text, path.name) if text.lstrip()[:1] in {"{", "["} else _read_csv(text, path.name)
    return _checked(found)


def save_year(path: Path, text: str) -> None:
    """Write an exported year durably.

    Raises:
        EnvironmentProblem: the disk is full, read-only or gone.
    """
    with foreseen_problems():
        write_durably(path, text.encode("utf-8"))


def _damaged(detail: str) -> EnvironmentProblem:
    return EnvironmentProblem(ErrorCode.CALENDAR_DAMAGED, year="", detail=detail)


# ------------------------------------------------------------------------------------------------------------- JSON


def _read_json(text: str, name: str) -> YearFile:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged("不是完整的 JSON") from error
    if not isinstance(document, dict):
        raise _damaged("应为一个 JSON 对象")
    year = document.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise _damaged("缺少 year（四位数字的年份）")
    stated = document.get("status")
    if stated is not None and stated not in {status.value for status in CalendarStatus}:
        raise _damaged("status 须为 official 或 provisional")
    notice, source = str(document.get("notice", "")).strip(), str(document.get("source", "")).strip()
    if notice and notice not in source:
        source = f"{source}（{notice}）" if source else notice
    rows = (
        *_ranges(document, "days_off", _range_rows),
        *_ranges(document, "make_up_working_days", _single_row),
    )
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))
    return YearFile(name, year, CalendarStatus(stated) if stated else None, source, numbered)


def _ranges(
    document: Mapping[str, object], key: str, read: Callable[[Mapping[str, object]], Iterator[FileRow]]
) -> Iterator[FileRow]:
    entries = document.get(key, [])
    if not isinstance(entries, list):
        raise _damaged(f"{key} 应为列表")
    for entry in entries:
        if isinstance(entry, dict):
            yield from read(entry)
        else:
            yield FileRow(0, str(entry)[:LABEL_LENGTH], None, None, "", f"{key} 的每一项应为对象")


def _range_rows(entry: Mapping[str, object]) -> Iterator[FileRow]:
    label, first_text = str(entry.get("name", "")).strip(), str(entry.get("from", "")).strip()
    last_text = str(entry.get("to", first_text)).strip()
    text = f"{label} {first_text} 至 {last_text}".strip()
    first, last = _day(first_text), _day(last_text)
    if first is None or last is None:
        wrong = first_text if first is None else last_text
        yield FileRow(0, text, None, DayKind.DAY_OFF, label, f"日期“{wrong}”不存在，应写作 2027-01-01")
    elif not timedelta(0) <= last - first <= timedelta(days=LONGEST_HOLIDAY):
        problem = f"止日早于起日，或一次放假超过 {LONGEST_HOLIDAY} 天"
        yield FileRow(0, text, first, DayKind.DAY_OFF, label, problem)
    else:
        for offset in range((last - first).days + 1):
            yield FileRow(0, text, first + timedelta(days=offset), DayKind.DAY_OFF, label)


def _single_row(entry: Mapping[str, object]) -> Iterator[FileRow]:
    label, text = str(entry.get("name", "")).strip(), str(entry.get("on", "")).strip()
    day = _day(text)
    problem = "" if day else f"日期“{text}”不存在，应写作 2027-01-01"
    yield FileRow(0, f"{label} {text}".strip(), day, DayKind.MAKE_UP_WORKING_DAY, label, problem)


# -------------------------------------------------------------------------------------------------------------- CSV


def _read_csv(text: str, name: str) -> YearFile:
    reader = csv.reader(io.StringIO(text), strict=False)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise _damaged("CSV 的引号或换行不成对") from error
    head = next((place for place, (_number, cells) in enumerate(lines) if any(cells)), None)
    columns = {} if head is None else {_HEADINGS.get(cell.casefold(), ""): at for at, cell in enumerate(lines[head][1])}
    if head is None or not {"date", "kind"} <= columns.keys():
        raise _damaged("CSV 的第一行须有 date、kind（日期、类型）两列")
    rows = tuple(_csv_row(number, cells, columns) for number, cells in lines[head + 1 :] if any(cells))
    years = [row.day_on.year for row in rows if row.day_on is not None]
    return YearFile(name, max(set(years), key=years.count) if years else None, None, "", rows)


def _csv_row(number: int, cells: list[str], columns: Mapping[str, int]) -> FileRow:
    def cell(column: str) -> str:
        place = columns.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    day, kind = _day(cell("date")), _KINDS.get(cell("kind").casefold())
    problem = ""
    if day is None:
        problem = f"日期“{cell('date')}”不存在，应写作 2027-01-01"
    elif kind is None:
        problem = f"类型“{cell('kind')}”看不懂，应为 放假 或 上班（off 或 work）"
    return FileRow(number, " ".join(filter(None, cells)), day, kind, cell("name"), problem)


def _day(text: str) -> date | None:
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        return date(*(int(part) for part in parts)) if len(parts) == len(("y", "m", "d")) else None
    except (ValueError, OverflowError):
        return None


# ----------------------------------------------------------------------------------------------------------- checks


def _checked(found: YearFile) -> YearFile:
    if found.year is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _damaged(f"年份 {found.year} 不合理")
    if not found.rows:
        raise _damaged("没有任何日期")
    seen: dict[date, int] = {}
    rows: list[FileRow] = []
    for row in found.rows:
        problem = row.problem or row_problem(row, found.year, seen)
        if row.day_on is not None and not problem:
            seen[row.day_on] = row.number
        rows.append(replace(row, problem=problem))
    return replace(found, rows=tuple(rows))


def row_problem(row: FileRow, year: int | None, seen: Mapping[date, int]) -> str:
    """Return what is wrong with a row beside the rows ``seen`` before it; an empty text when it is sound."""
    day = row.day_on
    if day is None or row.kind is None:
        return "缺少日期或类型"
    if day.year != year:
        return f"{day} 不在 {year} 年"
    if day in seen:
        return f"{day} 与第 {seen[day]} 行重复"
    if len(row.label) > LABEL_LENGTH:
        return f"名称超过 {LABEL_LENGTH} 个字"
    if row.kind is DayKind.MAKE_UP_WORKING_DAY and day.weekday() < _WORKING_WEEKDAYS:
        return f"{day} 本来就是工作日，不能{phrase(row.kind)}"
    return ""
