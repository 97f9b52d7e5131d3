"""Which promises call for attention now: at risk, and urgent, each told once and only in service hours (R55).

What crosses a level while the desk is closed waits for the next opening: a look outside service hours says nothing
and forgets nothing. The words name no person, so that they may stand in a message of the system.
"""

import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Select, select

from lian_desk.models.rules.clocks import warning_times
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import ClockKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
#: A promise that was told is forgotten so long after it was due.
_KEPT: Final = timedelta(days=1)


class AlertLevel(StrEnum):
    """How pressing it is; the second is the higher one."""

    NOTICE = "notice"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Alert:
    """Promises of one kind that reached a level in the same look.

    Attributes:
        first_due_at: by when the first of them should be kept: the desk's own deadline, never after the promise.
        is_late: that moment had passed when the desk looked, for example after the machine slept.
    """

    level: AlertLevel
    clock: ClockKind
    count: int
    first_due_at: datetime
    seen_at: datetime
    is_late: bool = False

    @property
    def words(self) -> str:
        """One sentence without personal data, as seen at ``seen_at``."""
        clock = phrase(self.clock)
        what = f"{self.count:,} 项{' ' if clock[0].isdigit() else ''}{clock}"
        if self.is_late:
            return f"{what}已超时"
        left = _in_words(self.first_due_at - self.seen_at)
        return f"{what}将在 {left}后到期" if self.count == 1 else f"{what}将到期，最早在 {left}后"


class _Running(NamedTuple):
    """An open clock as it is stored."""

    key: int
    kind: ClockKind
    due_at: datetime
    desk_due_at: datetime


class AlertWatch:
    """Remembers what was told; safe to be asked from any reading thread."""

    def __init__(self, desk: Desk) -> None:
        """Look through ``desk``; the first look tells what is pressing already."""
        self._desk = desk
        self._told: dict[int, tuple[AlertLevel, datetime]] = {}
        self._looked_at: datetime | None = None
        self._lock = threading.Lock()

    def look(self, now: datetime) -> tuple[Alert, ...]:
        """Return what reached a level since the last look, urgent ones first; nothing outside service hours."""
        with self._lock:
            if not self._desk.calendar.is_service_time(now):
                return ()
            found = list(self._new(now))
            self._looked_at = now
            self._forget(now)
        return _grouped(found, now)

    def _new(self, now: datetime) -> Iterator[tuple[AlertLevel, _Running]]:
        desk = self._desk
        for row in self._open_clocks(now):
            times = warning_times(row.kind, row.desk_due_at, desk.pack, desk.calendar)
            if now < times.notice_at:
                continue
            level = AlertLevel.URGENT if now >= times.urgent_at else AlertLevel.NOTICE
            told = self._told.get(row.key)
            # a deadline that moved is another promise
            if told is not None and told[1] == row.due_at and (told[0] is level or told[0] is AlertLevel.URGENT):
                continue
            self._told[row.key] = (level, row.due_at)
            yield level, row

    def _open_clocks(self, now: datetime) -> list[_Running]:
        since = self._looked_at or now
        with self._desk.read() as session:
            return [
                _Running(row.id, row.kind, row.due_at, min(row.internal_due_at or row.due_at, row.due_at))
                for kind in ClockKind
                for row in session.execute(self._statement(kind, since, now))
            ]

    def _statement(
        self, kind: ClockKind, since: datetime, now: datetime
    ) -> Select[int, ClockKind, datetime, datetime | None]:
        """Read from the index of open clocks those due after ``since`` that can have reached a level by ``now``."""
        pack, calendar = self._desk.pack, self._desk.calendar
        latest = calendar.next_opening(calendar.add_service_minutes(now, pack.warnings[kind].notice_minutes))
        return select(ClockRun.id, ClockRun.kind, ClockRun.due_at, ClockRun.internal_due_at).where(
            ClockRun.ended_at.is_(None),
            ClockRun.kind == kind,
            ClockRun.due_at > since,
            ClockRun.due_at <= latest,
            ClockRun.paused_since_at.is_(None),
        )

    def _forget(self, now: datetime) -> None:
        self._told = {key: told for key, told in self._told.items() if told[1] > now - _KEPT}


def _grouped(found: Iterable[tuple[AlertLevel, _Running]], now: datetime) -> tuple[Alert, ...]:
    """Fold what was found into one line per level and kind, late ones apart."""
    groups: dict[tuple[AlertLevel, ClockKind, bool], list[datetime]] = {}
    for level, row in found:
        groups.setdefault((level, row.kind, row.desk_due_at < now), []).append(row.desk_due_at)
    alerts = [
        Alert(level, clock, len(dues), min(dues), now, is_late=is_late)
        for (level, clock, is_late), dues in groups.items()
    ]
    alerts.sort(key=lambda alert: (alert.level is not AlertLevel.URGENT, alert.first_due_at))
    return tuple(alerts)


def _in_words(left: timedelta) -> str:
    """Return 30 分钟 below an hour, else the two largest units."""
    if left < _HOUR:
        return f"{max(math.ceil(left / _MINUTE), 1)} 分钟"
    return formats.duration(left)
