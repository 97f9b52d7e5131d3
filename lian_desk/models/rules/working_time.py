"""Working days and service hours of Asia/Shanghai, on a calendar of known years (R55, A4, A5, A9, A43).

Pure arithmetic. A day's type comes from the notice of the State Council first and from the weekday second.
The days that differ from their weekday are kept as sorted corrections with running sums, so that a question about
any day of any year costs two binary searches and no walk from day to day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

from lian_desk.models.vocabulary import CalendarStatus, DayKind

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of every rule (A43). A fixed offset is exact: China has kept UTC+8 without summer time since 1991; it
needs no zone database on Windows and is fast."""

_WORKING_WEEKDAYS = 5
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """Opening and closing of the desk on a working day, Shanghai time; the closing minute itself is closed."""

    opens: time
    closes: time

    @property
    def length(self) -> timedelta:
        """Open time of one working day."""
        return _since_midnight(self.closes) - _since_midnight(self.opens)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of one year that differ from their weekday, with the source that says so (A4)."""

    year: int
    status: CalendarStatus
    source: str
    days: Mapping[date, DayKind]
    names: Mapping[date, str] = field(default_factory=dict)
    """Festival of a day off, in Chinese; used in derivations."""
    notice: str = ""
    """Number of the notice, e.g. 国办发明电〔2025〕7号; empty if not known."""


@dataclass(frozen=True, slots=True)
class DayRun:
    """Consecutive days off with one name, e.g. 国庆节, of which ``count`` lie in the range asked for."""

    name: str
    first_on: date
    count: int


def in_shanghai(at: datetime) -> datetime:
    """Return the aware time ``at`` in the zone of the rules; a naive time is a bug and is refused."""
    if at.tzinfo is SHANGHAI:
        return at
    if at.tzinfo is None:
        message = "a time without a zone reached the rules"
        raise ValueError(message)
    return at.astimezone(SHANGHAI)


def at_time(day: date, clock: time) -> datetime:
    """Return ``clock`` on ``day`` as an aware Shanghai time."""
    return datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, tzinfo=SHANGHAI)


def midnight(day: date) -> datetime:
    """Return 00:00 of ``day`` as an aware Shanghai time."""
    return datetime.combine(day, time.min, SHANGHAI)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _weekdays_until(ordinal: int) -> int:
    """Mondays to Fridays from the first day of the proleptic calendar (a Monday) up to and with ``ordinal``."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * _WORKING_WEEKDAYS + min(rest, _WORKING_WEEKDAYS)


def _ordinal_of_weekday(count: int) -> int:
    """Ordinal of the ``count``-th Monday to Friday; the inverse of :func:`_weekdays_until`."""
    weeks, rest = divmod(count - 1, _WORKING_WEEKDAYS)
    return weeks * 7 + rest + 1


class WorkCalendar:
    """Working days and service time; its days never change, so it may be shared between threads.

    Answers are remembered by day; a remembered answer is only ever added.
    """

    def __init__(self, years: Iterable[CalendarYear], hours: ServiceHours) -> None:
        """Build the corrections from ``years`` (one per year; a later one replaces an earlier) and open ``hours``."""
        self.hours = hours
        self.years: dict[int, CalendarYear] = {year.year: year for year in years}
        self._official = frozenset(y.year for y in self.years.values() if y.status is CalendarStatus.OFFICIAL)
        self._kinds: dict[date, DayKind] = {}
        self._names: dict[date, str] = {}
        for year in self.years.values():
            self._kinds.update(year.days)
            self._names.update(year.names)
        self._special_days = sorted(self._kinds)
        # answers are remembered by day: the same few hundred days are asked for again and again
        self._days_until: dict[int, int] = {}
        self._day_of_total: dict[int, date] = {}
        self._marks: list[int] = []
        self._corrections: list[int] = [0]
        self._totals: list[int] = []
        for day in self._special_days:
            change = self._change_of(day)
            if change:
                self._marks.append(day.toordinal())
                self._corrections.append(self._corrections[-1] + change)
                self._totals.append(_weekdays_until(self._marks[-1]) + self._corrections[-1])

    def with_hours(self, hours: ServiceHours) -> "WorkCalendar":
        """Return the same days with the opening and closing of another edition; itself where they agree (R55, A41)."""
        if hours is self.hours or hours == self.hours:
            return self
        other = copy(self)
        other.hours = hours
        return other

    def _change_of(self, day: date) -> int:
        is_weekday = day.weekday() < _WORKING_WEEKDAYS
        works = self._kinds[day] is DayKind.MAKE_UP_WORKING_DAY
        return int(works) - int(is_weekday)

    def _working_days_until(self, ordinal: int) -> int:
        days = self._days_until.get(ordinal)
        if days is None:
            days = _weekdays_until(ordinal) + self._corrections[bisect_right(self._marks, ordinal)]
            self._days_until[ordinal] = days
        return days

    def _day_with_total(self, total: int) -> date:
        """Return the first day up to and with which ``total`` working days have been counted."""
        day = self._day_of_total.get(total)
        if day is None:
            index = bisect_left(self._totals, total)
            candidate = _ordinal_of_weekday(total - self._corrections[index])
            if index < len(self._marks) and candidate > self._marks[index]:
                candidate = self._marks[index]
            day = self._day_of_total[total] = date.fromordinal(candidate)
        return day

    def status_of(self, year: int) -> CalendarStatus:
        """Tell whether the days of ``year`` are official; a year nobody entered is provisional (A5)."""
        return CalendarStatus.OFFICIAL if year in self._official else CalendarStatus.PROVISIONAL

    def provisional_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years from ``first`` to ``last`` whose days are not official yet."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self._official)

    def is_provisional(self, first: date, last: date) -> bool:
        """Tell whether a year from ``first`` to ``last`` is not official yet."""
        if first.year == last.year:
            return first.year not in self._official
        return bool(self.provisional_years(first, last))

    def kind_of(self, day: date) -> DayKind | None:
        """Return what the notice says of ``day``, or None where the weekday decides."""
        return self._kinds.get(day)

    def name_of(self, day: date) -> str:
        """Return the festival of ``day`` as the notice names it, or an empty text."""
        return self._names.get(day, "")

    def is_working_day(self, day: date) -> bool:
        """Tell whether the desk works on ``day``: the notice first, the weekday second."""
        kind = self._kinds.get(day)
        if kind is None:
            return day.weekday() < _WORKING_WEEKDAYS
        return kind is DayKind.MAKE_UP_WORKING_DAY

    def nth_working_day_after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``; ``day`` itself is not counted (A9). ``count`` >= 1."""
        if count < 1:
            message = "working days are counted from one"
            raise ValueError(message)
        return self._day_with_total(self._working_days_until(day.toordinal()) + count)

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after ``after`` up to and with ``until``; negative if the order is reversed."""
        return self._working_days_until(until.toordinal()) - self._working_days_until(after.toordinal())

    def last_working_day_not_after(self, day: date) -> date:
        """Return ``day`` if it is a working day, else the nearest one before it."""
        if self.is_working_day(day):
            return day
        return self._day_with_total(self._working_days_until(day.toordinal()))

    def is_service_time(self, at: datetime) -> bool:
        """Tell whether the desk is open at ``at`` (R55): the opening minute is open, 21:00 sharp is closed."""
        local = in_shanghai(at)
        return self.hours.opens <= local.timetz().replace(tzinfo=None) < self.hours.closes and self.is_working_day(
            local.date()
        )

    def closing_of(self, day: date) -> datetime:
        """Return the end of business of ``day``, working day or not."""
        return at_time(day, self.hours.closes)

    def next_opening(self, at: datetime) -> datetime:
        """Return ``at`` itself in service time, else the next opening of the desk (A12)."""
        local = in_shanghai(at)
        if self.is_service_time(local):
            return local
        day = local.date()
        if self.is_working_day(day) and local.time() < self.hours.opens:
            return at_time(day, self.hours.opens)
        return at_time(self.nth_working_day_after(day, 1), self.hours.opens)

    def add_service_minutes(self, at: datetime, minutes: int) -> datetime:
        """Return the moment when ``minutes`` of service time have passed since ``at`` (R56, A12).

        Minutes that end with the day end at its closing, not at the next opening.
        """
        start = self.next_opening(at)
        passed = start - at_time(start.date(), self.hours.opens) + minutes * _ONE_MINUTE
        days, rest = divmod(passed, self.hours.length)
        if not rest and days:
            days, rest = days - 1, self.hours.length
        day = self.nth_working_day_after(start.date(), days) if days else start.date()
        return at_time(day, self.hours.opens) + rest

    def service_minutes_between(self, start: datetime, end: datetime) -> int:
        """Count the whole minutes of service time from ``start`` to ``end``; negative if ``end`` is earlier."""
        return (self._service_time_until(end) - self._service_time_until(start)) // _ONE_MINUTE

    def _service_time_until(self, at: datetime) -> timedelta:
        local = in_shanghai(at)
        ordinal = local.toordinal()
        whole = self._working_days_until(ordinal - 1) * self.hours.length
        if not self.is_working_day(local.date()):
            return whole
        today = local - at_time(local.date(), self.hours.opens)
        return whole + min(max(today, timedelta(0)), self.hours.length)

    def subtract_service_minutes(self, at: datetime, minutes: int) -> datetime:
        """Return the moment from which ``minutes`` of service time are left until ``at``; used for warnings."""
        end = self.last_working_minute_not_after(at)
        left = at_time(end.date(), self.hours.closes) - end + minutes * _ONE_MINUTE
        days, rest = divmod(left, self.hours.length)
        if not rest and days:
            days, rest = days - 1, self.hours.length
        day = end.date()
        for _ in range(days):
            day = self.last_working_day_not_after(day - _ONE_DAY)
        return at_time(day, self.hours.closes) - rest

    def last_working_minute_not_after(self, at: datetime) -> datetime:
        """Return ``at`` inside service hours, else the end of business before it (A6, internal deadline)."""
        local = in_shanghai(at)
        day = local.date()
        if self.is_working_day(day) and local.time() >= self.hours.opens:
            return min(local, at_time(day, self.hours.closes))
        return at_time(self.last_working_day_not_after(day - _ONE_DAY), self.hours.closes)

    def days_off_between(self, after: date, until: date) -> tuple[DayRun, ...]:
        """Return the named days off after ``after`` up to and with ``until``, one run per festival."""
        runs: list[DayRun] = []
        for day in self._special_between(after, until):
            if self._kinds[day] is not DayKind.DAY_OFF:
                continue
            name = self.name_of(day)
            if runs and runs[-1].name == name and (day - runs[-1].first_on).days == runs[-1].count:
                runs[-1] = DayRun(name, runs[-1].first_on, runs[-1].count + 1)
            else:
                runs.append(DayRun(name, day, 1))
        return tuple(runs)

    def make_up_days_between(self, after: date, until: date) -> tuple[date, ...]:
        """Return the working weekend days after ``after`` up to and with ``until``."""
        return tuple(
            day for day in self._special_between(after, until) if self._kinds[day] is DayKind.MAKE_UP_WORKING_DAY
        )

    def _special_between(self, after: date, until: date) -> Iterator[date]:
        start = bisect_right(self._special_days, after)
        stop = bisect_right(self._special_days, until)
        yield from self._special_days[start:stop]
