"""Take in a year of the working calendar, or correct one day of it; every deadline that moves is shown before (A4, A5).

A year is never changed in place: each import and each correction is a new row, and the newest one of a year holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import CalendarYear, ServiceHours, WorkCalendar
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.reference import working_calendar as stored
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CalendarStatus, ClockKind, DayKind, EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.rules.calendars import build_calendar, shipped_years, stored_years
from lian_desk.services.rules.edition_shelf import EditionShelf
from lian_desk.services.service_requests.steps import refresh_next_action
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.services.working_calendar.calendar_shapes import FIRST_YEAR, LAST_YEAR
from lian_desk.services.working_calendar.moved_deadlines import DeadlineMove, Reckoning, reckon
from lian_desk.services.working_calendar.year_files import FileRow, row_problem

SOURCE_LENGTH: Final = 400
_CORRECTION: Final = "；更正 "
_ADDITION: Final = "；并入 "
_REASON_LENGTH: Final = 120
_BASE_LENGTH: Final = 240


@dataclass(frozen=True, slots=True)
class CalendarDayInput:
    """A day that differs from its weekday, with the festival it belongs to."""

    day_on: date
    kind: DayKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class CalendarYearInput:
    """A year as a lead takes it in; without ``is_whole`` its days are put into the year that holds, nothing else moves."""

    year: int
    status: CalendarStatus
    source: str
    days: tuple[CalendarDayInput, ...]
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class ImportCalendarYear(Command):
    """Take in a year. ``accepted`` is the mark of the list of moves that the lead has seen (``Reckoning.mark``)."""

    content: CalendarYearInput
    accepted: str


@dataclass(frozen=True, kw_only=True)
class CorrectCalendarDay(Command):
    """Correct one day with a reason; ``kind`` None lets the weekday decide again. ``accepted`` as in the import."""

    day_on: date
    kind: DayKind | None
    label: str
    reason: str
    accepted: str


@handles(ImportCalendarYear, roles=LEADS)
def import_calendar_year(command: ImportCalendarYear, context: CommandContext) -> int | None:
    """Store the year as the newest one, write the deadlines that move and tell each file.

    The same year again stores nothing and returns the row that holds (None when it is the one that ships).

    Raises:
        RuleViolation: ``FIELD_REQUIRED``, ``FIELD_TOO_LONG``, ``VALUE_NOT_UNDERSTOOD`` for a faulty day;
            ``IMPORT_PREVIEW_OUTDATED`` when other deadlines would move than the lead has accepted.
    """
    return _take_in(context, whole_year(context.session, command.content), command.accepted)


@handles(CorrectCalendarDay, roles=LEADS)
def correct_calendar_day(command: CorrectCalendarDay, context: CommandContext) -> int | None:
    """Take in the year that holds, with one day corrected."""
    content = corrected_year(context.session, command.day_on, command.kind, command.label, command.reason)
    return _take_in(context, content, command.accepted)


def corrected_year(session: Session, day_on: date, kind: DayKind | None, label: str, reason: str) -> CalendarYearInput:
    """Return the year that holds with one day corrected; its source names the day and the reason.

    Raises:
        RuleViolation: ``REASON_MISSING``; a make-up day that is a working day anyway.
    """
    if not reason.strip():
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="A4", field="reason")
    reason = input_checks.required(reason, field="reason", clause="A4", limit=_REASON_LENGTH)
    held = year_that_holds(session, day_on.year)
    days = {day: CalendarDayInput(day, known, held.names.get(day, "")) for day, known in held.days.items()}
    days.pop(day_on, None)
    if kind is not None:
        days[day_on] = CalendarDayInput(day_on, kind, label.strip())
    source = f"{held.source.split(_CORRECTION)[0][:_BASE_LENGTH] or '未录入放假安排'}{_CORRECTION}{day_on}：{reason}"
    ordered = tuple(days[day] for day in sorted(days))
    return checked_year(CalendarYearInput(day_on.year, held.status, source, ordered))


def whole_year(session: Session, content: CalendarYearInput) -> CalendarYearInput:
    """Return the year that would hold: ``content`` itself, or the year that holds with the days of ``content`` put in.

    A notice may set days of the year before or after its own (30 December off, 25 December worked); they change those
    days and leave certainty and all other days as they are.

    Raises:
        RuleViolation: what :func:`checked_year` refuses.
    """
    given = checked_year(content)
    return given if given.is_whole else with_days(year_that_holds(session, given.year), given)


def with_days(held: CalendarYear, given: CalendarYearInput) -> CalendarYearInput:
    """Return the year ``held`` with the days of ``given`` put in; its source names both."""
    days = {day: CalendarDayInput(day, known, held.names.get(day, "")) for day, known in held.days.items()}
    if all(days.get(day.day_on) == day for day in given.days):
        # these days stand there already: the same year, from the same source
        return CalendarYearInput(given.year, held.status, held.source or given.source, tuple(days.values()))
    days |= {day.day_on: day for day in given.days}
    base = (held.source or "未录入放假安排")[:_BASE_LENGTH]
    source = f"{base}{_ADDITION}{given.source}"[:SOURCE_LENGTH]
    return checked_year(CalendarYearInput(given.year, held.status, source, tuple(days[day] for day in sorted(days))))


def year_that_holds(session: Session, year: int) -> CalendarYear:
    """Return the newest import of a year, else the shipped one, else an empty provisional year."""
    for known in (*stored_years(session), *reversed(shipped_years())):
        if known.year == year:
            return known
    return CalendarYear(year, CalendarStatus.PROVISIONAL, "", {})


def checked_year(content: CalendarYearInput) -> CalendarYearInput:
    """Return the year with its days in order and its source trimmed; a faulty day is refused by its date."""
    source = input_checks.required(content.source, field="source", clause="A4", limit=SOURCE_LENGTH)
    if not FIRST_YEAR <= content.year <= LAST_YEAR:
        raise RuleViolation(ErrorCode.DATE_IMPOSSIBLE, clause="A4", field="year")
    seen: dict[date, int] = {}
    for number, day in enumerate(content.days, start=1):
        problem = row_problem(FileRow(number, "", day.day_on, day.kind, day.label), content.year, seen)
        if problem:
            raise RuleViolation(
                ErrorCode.VALUE_NOT_UNDERSTOOD, clause="A4", field="kind", value=day.day_on, expected=problem
            )
        seen[day.day_on] = number
    days = tuple(sorted(content.days, key=lambda day: day.day_on))
    return CalendarYearInput(content.year, content.status, source, days, content.is_whole)


def as_calendar_year(content: CalendarYearInput) -> CalendarYear:
    """Return the year as the working time engine knows it."""
    return CalendarYear(
        content.year,
        content.status,
        content.source,
        {day.day_on: day.kind for day in content.days},
        {day.day_on: day.label for day in content.days if day.label},
    )


def calendar_with(session: Session, year: CalendarYear, hours: ServiceHours) -> WorkCalendar:
    """Return the calendar that holds once ``year`` is taken in, with the service ``hours`` in force."""
    others = [known for known in stored_years(session) if known.year != year.year]
    return build_calendar((*others, year)).with_hours(hours)


def reckon_year(session: Session, editions: EditionShelf, year: CalendarYear, hours: ServiceHours) -> Reckoning:
    """Reckon what taking in ``year`` moves; nothing is written (the dry run)."""
    return reckon(session, editions, calendar_with(session, year, hours), year.year)


# --------------------------------------------------------------------------------------------------------- taking in


def _take_in(context: CommandContext, content: CalendarYearInput, accepted: str) -> int | None:
    year = as_calendar_year(content)
    held = year_that_holds(context.session, content.year)
    reckoning = reckon_year(context.session, context.editions, year, context.pack.service_hours)
    if reckoning.mark != accepted:
        raise RuleViolation(ErrorCode.IMPORT_PREVIEW_OUTDATED, clause="A5")
    newest = _newest(context.session, content.year)
    key = newest.id if newest is not None else None
    if not is_same_year(held, year):
        key = _store(context, content, newest)
    context.calendar = calendar_with(context.session, year, context.pack.service_hours)
    _write_moves(context, reckoning, year)
    return key


def is_same_year(one: CalendarYear, other: CalendarYear) -> bool:
    """Tell whether two years say the same of every day, with the same certainty and from the same source."""
    return (one.status, one.source, dict(one.days), _named(one.names)) == (
        other.status,
        other.source,
        dict(other.days),
        _named(other.names),
    )


def _named(names: Mapping[date, str]) -> dict[date, str]:
    return {day: name for day, name in names.items() if name}


def _newest(session: Session, year: int) -> stored.CalendarYear | None:
    return session.scalars(
        select(stored.CalendarYear)
        .where(stored.CalendarYear.year == year)
        .order_by(stored.CalendarYear.imported_at.desc())
        .limit(1)
    ).first()


def _store(context: CommandContext, content: CalendarYearInput, newest: stored.CalendarYear | None) -> int:
    # the newest import must win even when the clock was set back in between
    earliest = newest.imported_at + timedelta(microseconds=1) if newest is not None else context.now
    row = stored.CalendarYear(
        id=context.new_id(),
        year=content.year,
        status=content.status,
        source=content.source,
        imported_at=max(context.now, earliest),
        imported_by=context.operator.id,
    )
    context.session.add(row)
    context.session.add_all(
        stored.CalendarDay(
            id=context.new_id(), calendar_year_id=row.id, day_on=day.day_on, kind=day.kind, label=day.label
        )
        for day in content.days
    )
    return row.id


def _write_moves(context: CommandContext, reckoning: Reckoning, year: CalendarYear) -> None:
    for run, deadline, _move in reckoning.clocks:
        run.due_at = deadline.due_at
        run.internal_due_at = deadline.internal_due_at
        run.window_opens_on = deadline.window_opens_on
        run.is_provisional = deadline.is_provisional
        run.paused_since_at = deadline.paused_since_at
        run.derivation = deadline.derivation
    for move in reckoning.moves:
        _follow(context, move)
        _tell_file(context, move, year)
    for target in reckoning.targets:
        context.get(ServiceRequest, target.request_id).next_action_due_at = target.new_due_at
    # the audit entry is about the calendar, not about the last file that was told
    context.assistance_file_id = None


def _follow(context: CommandContext, move: DeadlineMove) -> None:
    """Let what was copied from the clock follow it: the due time of an application, the next step of a request."""
    if move.application_id is not None:
        context.get(IncomingApplication, move.application_id).response_due_at = move.new_due_at
    if move.request_id is not None:
        request = context.get(ServiceRequest, move.request_id)
        if request.next_action_due_at in {move.old_due_at, move.old_internal_at}:
            refresh_next_action(context, request)


def _tell_file(context: CommandContext, move: DeadlineMove, year: CalendarYear) -> None:
    if move.assistance_file_id is None:
        return
    category = EntryCategory.APPLICATION if move.clock is ClockKind.RESPONSE else EntryCategory.REQUEST
    context.feed(
        context.get(AssistanceFile, move.assistance_file_id),
        category,
        f"{year.year} 年工作日历更新：{move_words(move)}",
        f"{move.derivation}。依据：{year.source}",
        request_id=move.request_id,
    )


def move_words(move: DeadlineMove) -> str:
    """Return what happens to a deadline: 预约时限由 2027-01-15 21:00 改为 2027-01-18 21:00."""
    name = phrase(move.clock)
    if move.is_shifted:
        words = f"{name}由 {formats.iso_moment(move.old_due_at)} 改为 {formats.iso_moment(move.new_due_at)}"
    elif move.old_internal_at != move.new_internal_at:
        words = (
            f"{name}的内部截止由 {formats.iso_moment(move.old_internal_at)}"
            f" 改为 {formats.iso_moment(move.new_internal_at)}"
        )
    else:
        words = f"{name} {formats.iso_moment(move.new_due_at)} 不变"
    if move.was_provisional and not move.is_provisional:
        return f"{words}，不再是暂定"
    return f"{words}，为暂定" if move.is_provisional else words


def day_inputs(days: Iterable[FileRow]) -> tuple[CalendarDayInput, ...]:
    """Return the sound rows of a file as days."""
    return tuple(
        CalendarDayInput(row.day_on, row.kind, row.label)
        for row in days
        if row.day_on is not None and row.kind is not None and not row.problem
    )
