"""Bookings as an iCalendar file (RFC 5545, RFC 5546) for a calendar program outside the desk.

What leaves the desk names nobody in clear and never an illness or a department: service, masked name,
hospital and the hour. The order that lets it out is sealed in the audit log before the file is written (R89).

A file has one METHOD for all its events. It is PUBLISH: with it Outlook, 企业微信, 飞书 and phones take an event whose UID
they know and whose SEQUENCE is higher as a change of the one they hold. What was called off stays in the same file as
STATUS:CANCELLED, gives its time free and says 【已取消】 in its title, for programs that show a cancelled event like any other.
METHOD:CANCEL is for an organizer who invited people; it would need a file of its own that nobody opens.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.bookings.calendar_events import CalendarEvent, CalendarSpan, load_events
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words.wording import phrase

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_ZONE: Final = "Asia/Shanghai"
_PRODUCT: Final = "-//lian-desk//bookings//ZH-CN"
#: The last daylight saving time of China ended in 1991; no booking is older than the desk.
_ZONE_FROM: Final = date(2000, 1, 1)
#: Held free in a calendar; how long a visit takes nobody knows beforehand.
_VISIT: Final = timedelta(hours=1)
#: A reminder the day before, when the customer can still be told, and an hour before; of a whole day at nine the day before.
_ALARMS: Final = (timedelta(days=-1), timedelta(hours=-1))
_ALARM_OF_A_DAY: Final = (timedelta(hours=-15),)
CALLED_OFF_MARK: Final = "【已取消】"


@dataclass(frozen=True, slots=True)
class WrittenCalendar:
    """What was written: how many bookings, how many of them were called off, and where."""

    booking_count: int
    path: Path
    called_off_count: int = 0


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
    with desk.read() as session:
        events = load_events(session, span)
    content = calendar_bytes(events, desk.identity.database_id, desk.clock.now())
    desk.execute(
        RecordCalendarExport(
            command_id=desk.new_id(),
            first_on=span.first_on,
            last_on=span.last_on,
            booking_count=len(events),
        )
    )
    with foreseen_problems():
        write_durably(path, content)
    return WrittenCalendar(len(events), path, sum(event.is_called_off for event in events))


def calendar_bytes(events: list[CalendarEvent], database_id: str, stamped_at: datetime) -> bytes:
    """Return the file; names stand masked, as in every list. ``database_id`` tells workspaces apart in a calendar."""
    # loaded late: its eighty modules would lengthen every start of the window
    from icalendar import Calendar, Timezone  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add_component(Timezone.from_tzid(_ZONE, first_date=_ZONE_FROM))
    for event in events:
        calendar.add_component(_component(event, database_id, stamped_at))
    content: bytes = calendar.to_ical()
    return content


def _component(event: CalendarEvent, database_id: str, stamped_at: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - see calendar_bytes

    summary = f"{phrase(event.kind)} · {event.insured_name} · {event.hospital}"
    made = Event()
    made.add("uid", f"{event.first_booking_id}@{database_id}")
    made.add("sequence", event.sequence)
    made.add("dtstamp", _utc(stamped_at))
    made.add("last-modified", _utc(event.changed_at))
    visit_at = event.visit_at.astimezone(ZoneInfo(_ZONE))
    if event.is_whole_day:
        made.add("dtstart", visit_at.date())
        made.add("dtend", visit_at.date() + timedelta(days=1))
    else:
        made.add("dtstart", visit_at)
        made.add("dtend", visit_at + _VISIT)
    made.add("summary", f"{CALLED_OFF_MARK}{summary}" if event.is_called_off else summary)
    made.add("location", event.hospital)
    made.add("description", f"档案 {event.file_number}")
    made.add("class", "PRIVATE")
    made.add("status", "CANCELLED" if event.is_called_off else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if event.is_called_off else "OPAQUE")
    if not event.is_called_off:
        for before in _ALARM_OF_A_DAY if event.is_whole_day else _ALARMS:
            made.add_component(_alarm(summary, before))
    return made


def _alarm(words: str, before: timedelta) -> "Alarm":
    from icalendar import Alarm  # noqa: PLC0415 - see calendar_bytes

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC")).replace(microsecond=0)
