"""What the page 工作日历 shows: a year sheet with its source and history, and the preview of an import."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.derivations import describe_day_kind
from lian_desk.models.rules.working_time import CalendarYear, WorkCalendar
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.reference import working_calendar as stored
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.desk.desk import Desk
from lian_desk.services.rules.calendars import build_calendar, shipped_years, stored_years, write_year_json
from lian_desk.services.words import formats
from lian_desk.services.working_calendar.moved_deadlines import DeadlineMove, Reckoning
from lian_desk.services.working_calendar.years import (
    CalendarYearInput,
    as_calendar_year,
    calendar_with,
    corrected_year,
    is_same_year,
    reckon_year,
    whole_year,
    year_that_holds,
)


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the sheet: whether the desk works, what the notice says, and why in words."""

    day_on: date
    is_working: bool
    kind: DayKind | None
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A run of days off with its make-up days: 国庆节 · 10月1日至7日 共 7 天 · 9月20日、10月10日上班."""

    label: str
    span: str
    make_up: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import of the year, the newest first; the shipped year has no time and no name."""

    imported_at: datetime | None
    imported_by: str
    status: CalendarStatus
    source: str
    is_in_force: bool


@dataclass(frozen=True)
class YearSheet:
    """A year as it holds now."""

    year: int
    status: CalendarStatus
    source: str
    is_known: bool
    days: tuple[DayLine, ...]
    holidays: tuple[HolidayLine, ...]
    history: tuple[ImportLine, ...]
    known_years: tuple[int, ...]
    may_change: bool
    today: date

    @property
    def working_days(self) -> int:
        """Number of working days of the year."""
        return sum(day.is_working for day in self.days)

    def count(self, kind: DayKind) -> int:
        """Return how many days the notice sets to ``kind``."""
        return sum(day.kind is kind for day in self.days)


@dataclass(frozen=True, slots=True)
class DayDifference:
    """A day that would be another than now."""

    day_on: date
    before: str
    after: str
    changes_work: bool


@dataclass(frozen=True)
class CalendarPreview:
    """What taking in a year would do. ``mark`` goes back with the command as ``accepted``."""

    content: CalendarYearInput
    differences: tuple[DayDifference, ...]
    moves: tuple[DeadlineMove, ...]
    target_count: int
    mark: str
    is_same: bool


def load_year_sheet(desk: Desk, year: int) -> YearSheet:
    """Read the sheet of ``year`` in one session."""
    with desk.read() as session:
        held = year_that_holds(session, year)
        imported = stored_years(session)
        calendar = build_calendar(imported)
        history = _history(session, year)
        known = sorted({known.year for known in (*shipped_years(), *imported)})
    return YearSheet(
        year=year,
        status=held.status,
        source=held.source,
        is_known=year in known,
        days=tuple(_day_line(calendar, day) for day in _days_of(year)),
        holidays=tuple(_holidays(calendar, year)),
        history=history,
        known_years=tuple(known),
        may_change=desk.operator.role in LEADS,
        today=desk.today,
    )


def preview_year(desk: Desk, content: CalendarYearInput) -> CalendarPreview:
    """Reckon what taking in ``content`` would change; nothing is written.

    Raises:
        RuleViolation: what ``whole_year`` refuses.
    """
    with desk.read() as session:
        return _preview(session, desk, whole_year(session, content))


def preview_correction(desk: Desk, day_on: date, kind: DayKind | None, label: str, reason: str) -> CalendarPreview:
    """Reckon what correcting one day would change; nothing is written.

    Raises:
        RuleViolation: what ``corrected_year`` refuses.
    """
    with desk.read() as session:
        return _preview(session, desk, corrected_year(session, day_on, kind, label, reason))


def export_year(desk: Desk, year: int) -> str:
    """Return the year that holds as JSON that can be taken in again."""
    with desk.read() as session:
        return write_year_json(year_that_holds(session, year))


def _preview(session: Session, desk: Desk, content: CalendarYearInput) -> CalendarPreview:
    year = as_calendar_year(content)
    held = year_that_holds(session, year.year)
    hours = desk.pack.service_hours
    reckoning: Reckoning = reckon_year(session, desk.editions, year, hours)
    before, after = calendar_with(session, held, hours), calendar_with(session, year, hours)
    return CalendarPreview(
        content=content,
        differences=tuple(_differences(before, after, year.year)),
        moves=reckoning.moves,
        target_count=len(reckoning.targets),
        mark=reckoning.mark,
        is_same=is_same_year(held, year),
    )


def _differences(before: WorkCalendar, after: WorkCalendar, year: int) -> Iterator[DayDifference]:
    for day in _days_of(year):
        old, new = describe_day_kind(before, day), describe_day_kind(after, day)
        old_label, new_label = before.name_of(day), after.name_of(day)
        if old != new or old_label != new_label:
            changes_work = before.is_working_day(day) != after.is_working_day(day)
            yield DayDifference(day, _with_label(old, old_label), _with_label(new, new_label), changes_work)


def _with_label(words: str, label: str) -> str:
    return f"{words}（{label}）" if label and label not in words else words


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _day_line(calendar: WorkCalendar, day: date) -> DayLine:
    label = calendar.name_of(day)
    why = f"{formats.long_day(day)} · {_with_label(describe_day_kind(calendar, day), label)}"
    if calendar.status_of(day.year) is CalendarStatus.PROVISIONAL:
        why += "（暂定）"
    return DayLine(day, calendar.is_working_day(day), calendar.kind_of(day), label, why)


def _holidays(calendar: WorkCalendar, year: int) -> Iterator[HolidayLine]:
    before, last = date(year - 1, 12, 31), date(year, 12, 31)
    make_up = calendar.make_up_days_between(before, last)
    for run in calendar.days_off_between(before, last):
        until = run.first_on + timedelta(days=run.count - 1)
        span = _short(run.first_on)
        if run.count > 1:
            span += f"至{until.day}日" if until.month == run.first_on.month else f"至{_short(until)}"
        worked = "、".join(_short(day) for day in make_up if run.name and calendar.name_of(day) == run.name)
        yield HolidayLine(run.name or "放假", f"{span} 共 {run.count} 天", f"{worked}上班" if worked else "")


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _history(session: Session, year: int) -> tuple[ImportLine, ...]:
    rows = session.execute(
        select(stored.CalendarYear, Operator.name)
        .join(Operator, Operator.id == stored.CalendarYear.imported_by)
        .where(stored.CalendarYear.year == year)
        .order_by(stored.CalendarYear.imported_at.desc())
    ).all()
    lines = [
        ImportLine(row.imported_at, name, row.status, row.source, is_in_force=place == 0)
        for place, (row, name) in enumerate(rows)
    ]
    for known in shipped_years():
        if known.year == year:
            lines.append(_shipped(known, is_in_force=not lines))
    return tuple(lines)


def _shipped(year: CalendarYear, *, is_in_force: bool) -> ImportLine:
    return ImportLine(None, "", year.status, year.source, is_in_force)
