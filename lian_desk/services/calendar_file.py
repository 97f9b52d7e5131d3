"""Bookings as an iCalendar file (RFC 5545) for a calendar program outside the desk.

What leaves the desk names nobody in clear and never an illness or a department: service, masked name,
hospital and the hour. The order that lets it out is sealed in the audit log before the file is written (R89).
"""

from array import array
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.commands import Command, CommandContext, handles
from lian_desk.services.desk import Desk
from lian_desk.services.durable_files import write_durably
from lian_desk.services.environment_problems import foreseen_problems
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.bookings import BookingRow, BookingSource
from lian_desk.services.wording import phrase

_ZONE: Final = "Asia/Shanghai"
_PRODUCT: Final = "-//lian-desk//bookings//ZH-CN"
_PART: Final = 500
#: The last daylight saving time of China ended in 1991; no booking is older than the desk.
_ZONE_FROM: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """Which bookings: days from ``first_on``, of one service and of one case manager where they are named."""

    first_on: date
    day_count: int
    kind: ServiceKind | None = None
    mine: int | None = None

    @property
    def last_on(self) -> date:
        """The last day of the span."""
        return self.first_on + timedelta(days=self.day_count - 1)

    @property
    def file_name(self) -> str:
        """A name for the file: the days, nothing about a person."""
        last = "" if self.day_count == 1 else f"_{self.last_on.isoformat()}"
        return f"预约日程_{self.first_on.isoformat()}{last}.ics"


@dataclass(frozen=True, slots=True)
class WrittenCalendar:
    """What was written: how many bookings, and where."""

    booking_count: int
    path: Path


@dataclass(frozen=True, kw_only=True)
class RecordCalendarExport(Command):
    """The bookings of ``first_on`` to ``last_on`` are about to leave the desk as a calendar file (R89)."""

    first_on: date
    last_on: date
    booking_count: int


@handles(RecordCalendarExport)
def record_calendar_export(command: RecordCalendarExport, context: CommandContext) -> None:
    """Leave the sealed entry; nothing else changes.

    Raises:
        RuleViolation: ``TIME_ORDER`` where the days stand the wrong way round.
    """
    del context
    if command.last_on < command.first_on:
        raise RuleViolation(ErrorCode.TIME_ORDER, clause="R89", earliest=command.first_on.isoformat())


def export_calendar(desk: Desk, span: CalendarSpan, path: Path) -> WrittenCalendar:
    """Seal the export and write the bookings of ``span`` to ``path``.

    Raises:
        EnvironmentProblem: the disk is full, read-only or gone; an older file under that name is untouched.
    """
    rows = _rows(desk, span)
    content = calendar_bytes(desk, rows, desk.clock.now())
    desk.execute(
        RecordCalendarExport(
            command_id=desk.new_id(),
            first_on=span.first_on,
            last_on=span.last_on,
            booking_count=len(rows),
        )
    )
    with foreseen_problems():
        write_durably(path, content)
    return WrittenCalendar(len(rows), path)


def calendar_bytes(desk: Desk, rows: list[BookingRow], stamped_at: datetime) -> bytes:
    """Return the file; names stand masked, as in every list."""
    # loaded late: its eighty modules would lengthen every start of the window
    from icalendar import Calendar, Event, Timezone  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add_component(Timezone.from_tzid(_ZONE, first_date=_ZONE_FROM))
    zone = ZoneInfo(_ZONE)
    for row in rows:
        event = Event()
        # the same booking exported again replaces itself
        event.add("uid", f"{row.key}@{desk.identity.database_id}")
        event.add("dtstamp", stamped_at.astimezone(ZoneInfo("UTC")))
        event.add("dtstart", row.visit_at.astimezone(zone))
        event.add("summary", f"{phrase(row.kind)} · {row.insured_name} · {row.hospital}")
        event.add("location", row.hospital)
        event.add("description", f"档案 {row.file_number}")
        event.add("class", "PRIVATE")
        event.add("status", "CANCELLED" if row.is_called_off else "CONFIRMED")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _rows(desk: Desk, span: CalendarSpan) -> list[BookingRow]:
    after = span.last_on + timedelta(days=1)
    query = ListQuery().with_filter("from", span.first_on.isoformat()).with_filter("to", after.isoformat())
    query = query.with_filter("kind", span.kind.value if span.kind else None).with_filter("mine", span.mine)
    source = BookingSource(desk)
    keys: array[int] = source.keys(query)
    found: list[BookingRow] = []
    for start in range(0, len(keys), _PART):
        part = keys[start : start + _PART]
        rows = source.rows(part)
        found += [rows[key] for key in part if key in rows]
    return found
