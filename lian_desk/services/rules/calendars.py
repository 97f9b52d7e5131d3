"""Years of the working calendar: those that travel with the program and those a lead has imported (A4, A5).

A year of the program's own is one JSON object (``year``, ``status``, ``source``, ``days_off`` as named ranges,
``make_up_working_days``), read strictly; files from outside are read by ``services/working_calendar/year_files.py``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.working_time import CalendarYear, WorkCalendar
from lian_desk.models.tables.reference import working_calendar as stored
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.rules.rule_packs import load_current_pack

_LONGEST_HOLIDAY = 31
_KEYS = {"year", "status", "source", "notice", "days_off", "make_up_working_days"}


def refusal(year: int | None, detail: str) -> EnvironmentProblem:
    """Return the refusal of a file that is no calendar year as a whole; ``year`` where it is known."""
    return EnvironmentProblem(ErrorCode.CALENDAR_DAMAGED, year="" if year is None else f" {year} 年", detail=detail)


def read_year_json(text: str) -> CalendarYear:
    """Return the year in ``text``.

    Raises:
        EnvironmentProblem: ``CALENDAR_DAMAGED`` with the place: not JSON, unknown keys, impossible or foreign dates,
            one day twice.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise refusal(None, "不是 JSON") from error
    if not isinstance(document, dict) or set(document) - _KEYS:
        raise refusal(None, "含有未知项目")
    year = document.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise refusal(None, "year 缺失")
    try:
        status = CalendarStatus(document.get("status", CalendarStatus.OFFICIAL))
    except ValueError:
        raise refusal(year, "status 须为 official 或 provisional") from None
    days = list(_days_of(document, year))
    return _year(year, status, str(document.get("source", "")), days, notice=str(document.get("notice", "")))


def _days_of(document: Mapping[str, object], year: int) -> Iterator[tuple[date, DayKind, str]]:
    for row in _rows(document, "days_off", year):
        first, last = _date(row.get("from"), year), _date(row.get("to", row.get("from")), year)
        if not timedelta(0) <= last - first <= timedelta(days=_LONGEST_HOLIDAY):
            raise refusal(year, f"{first} 至 {last} 先后不对")
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset), DayKind.DAY_OFF, str(row.get("name", ""))
    for row in _rows(document, "make_up_working_days", year):
        yield _date(row.get("on"), year), DayKind.MAKE_UP_WORKING_DAY, str(row.get("name", ""))


def _rows(document: Mapping[str, object], key: str, year: int) -> list[dict[str, object]]:
    rows = document.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise refusal(year, f"{key} 格式不符")
    return cast("list[dict[str, object]]", rows)


def _date(value: object, year: int) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise refusal(year, f"日期 {value} 不存在") from None


def _year(
    year: int, status: CalendarStatus, source: str, days: list[tuple[date, DayKind, str]], *, notice: str = ""
) -> CalendarYear:
    kinds: dict[date, DayKind] = {}
    names: dict[date, str] = {}
    for day, kind, name in days:
        if day.year != year:
            raise refusal(year, f"{day} 不在 {year} 年")
        if day in kinds:
            raise refusal(year, f"{day} 出现两次")
        kinds[day] = kind
        if name:
            names[day] = name
    return CalendarYear(year, status, source, kinds, names, notice)


def write_year_json(year: CalendarYear) -> str:
    """Return ``year`` as JSON that :func:`read_year_json` reads back."""
    off = [day for day, kind in sorted(year.days.items()) if kind is DayKind.DAY_OFF]
    work = [day for day, kind in sorted(year.days.items()) if kind is DayKind.MAKE_UP_WORKING_DAY]
    document = {
        "year": year.year,
        "status": year.status.value,
        "source": year.source,
        "notice": year.notice,
        "days_off": [{"name": year.names.get(day, ""), "from": day.isoformat(), "to": day.isoformat()} for day in off],
        "make_up_working_days": [{"on": day.isoformat(), "name": year.names.get(day, "")} for day in work],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


@cache
def shipped_years() -> tuple[CalendarYear, ...]:
    """Return the years that travel with the program, oldest first."""
    paths = sorted(path for path in resource_path("calendars").iterdir() if path.suffix == ".json")
    return tuple(read_year_json(path.read_text(encoding="utf-8")) for path in paths)


def stored_years(session: Session) -> tuple[CalendarYear, ...]:
    """Return the newest import of each year that a lead has taken in."""
    newest: dict[int, stored.CalendarYear] = {}
    for row in session.scalars(select(stored.CalendarYear).order_by(stored.CalendarYear.imported_at)):
        newest[row.year] = row
    if not newest:
        return ()
    owners = {row.id: row for row in newest.values()}
    days: dict[int, list[tuple[date, DayKind, str]]] = {key: [] for key in owners}
    chosen = select(stored.CalendarDay).where(stored.CalendarDay.calendar_year_id.in_(owners))
    for day in session.scalars(chosen):
        days[day.calendar_year_id].append((day.day_on, day.kind, day.label))
    return tuple(_year(row.year, row.status, row.source, days[key]) for key, row in owners.items())


def build_calendar(imported: Iterable[CalendarYear] = ()) -> WorkCalendar:
    """Return the calendar of the shipped years, replaced and continued by ``imported`` ones."""
    return WorkCalendar((*shipped_years(), *imported), load_current_pack().service_hours)


def load_calendar(session: Session) -> WorkCalendar:
    """Return the calendar that holds for an opened workspace."""
    return build_calendar(stored_years(session))
