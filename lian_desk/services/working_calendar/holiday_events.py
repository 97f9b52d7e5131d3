"""Days off and make-up days out of an ICS calendar: events of whole days whose name says 休 or 班."""

from datetime import date, datetime, timedelta

import icalendar

from lian_desk.adapters.disk.import_files import unreadable
from lian_desk.adapters.tables.cells import Cell, Sheet, SheetRow
from lian_desk.services.working_calendar.calendar_words import MARK


def read_events(text: str) -> Sheet:
    """Return the events of a calendar as a table of days, kinds and names; an event without 休 or 班 has no kind.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``.
    """
    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except ValueError as error:
        raise unreadable("不是完整的 ICS 日历") from error
    rows = [SheetRow(0, (Cell("日期"), Cell("类型"), Cell("名称")))]
    for number, event in enumerate(events, start=1):
        summary = str(event.get("SUMMARY", "")).strip()
        found = MARK.search(summary)
        kind = (found[1] or found[2]) if found is not None else ""
        name = MARK.sub("", summary) if found is not None else summary
        rows.append(SheetRow(number, (Cell(_days(event)), Cell(kind), Cell(name.strip() or summary))))
    return Sheet("", tuple(rows) if len(rows) > 1 else ())


def _days(event: icalendar.Component) -> str:
    """Return first and last day; the end of an event of whole days is the day after it."""
    first, end = _value(event, "DTSTART"), _value(event, "DTEND")
    if first is None:
        return ""
    if end is None or end <= first:
        return first.isoformat()
    last = end - timedelta(days=1)
    return first.isoformat() if last <= first else f"{first.isoformat()} 至 {last.isoformat()}"


def _value(event: icalendar.Component, name: str) -> date | None:
    given = event.get(name)
    value = getattr(given, "dt", None)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
