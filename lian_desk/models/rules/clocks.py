"""The three clocks of the handbook: C1 first response, C2 feedback, C3 booking (R56 to R62, A6 to A9, A45).

Pure: every function takes the rule pack and the calendar. A deadline keeps the facts it came from; its readable
sentence is composed when asked for, so that a hundred thousand deadlines a second cost no text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.derivations import describe_booking, describe_feedback, describe_response
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.vocabulary import ClockKind, ClockState, PauseReason, ServiceKind

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a request stands still: ``from_at`` inclusive, ``to_at`` exclusive, None while it lasts."""

    reason: PauseReason
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock ends, and why.

    ``due_at`` is the promise, ``internal_due_at`` the moment the desk should have done it by (the same for C1 and C3),
    ``window_opens_on`` the earliest day the handbook promises (never a ban on earlier success, A10).
    ``paused_since_at``: from when a pause lasts; ``due_at`` is then the earliest possible end and moves on meanwhile. A
    pause that began after the end moves nothing and is none.
    """

    clock: ClockKind
    started_at: datetime
    due_at: datetime
    internal_due_at: datetime
    window_opens_on: date | None
    is_provisional: bool
    paused_since_at: datetime | None
    amount: int
    """Service minutes, clock hours or working days, by ``clock``."""
    paused_amount: float
    """Working days (C3) or hours (C2) not counted because of pauses."""
    clauses: tuple[str, ...]
    edition: str
    counts_days: bool
    """True where the amount is working days."""
    calendar: WorkCalendar

    @property
    def is_open_pause(self) -> bool:
        """A pause lasts that moves the due time."""
        return self.paused_since_at is not None

    @property
    def derivation(self) -> str:
        """One readable Chinese sentence that leads from the start to the due time."""
        if self.clock is ClockKind.RESPONSE:
            return describe_response(self)
        return describe_booking(self) if self.counts_days else describe_feedback(self)


def pauses_stopping(clock: ClockKind, pack: RulePack, pauses: Iterable[Pause]) -> list[Pause]:
    """Return those of ``pauses`` whose reason stops ``clock``, by their beginning (A8: which stops which is data)."""
    stopping = [pause for pause in pauses if clock in pack.pauses[pause.reason].stops]
    if len(stopping) > 1:
        stopping.sort(key=lambda pause: pause.from_at)
    return stopping


def response_clock(received_at: datetime, pack: RulePack, calendar: WorkCalendar) -> Deadline:
    """Return C1: the first response is due after the service minutes of R56; it waits for the opening (A12)."""
    calendar = calendar.with_hours(pack.service_hours)
    minutes = pack.thresholds.response_minutes
    received = in_shanghai(received_at)
    due = calendar.add_service_minutes(received, minutes)
    return Deadline(
        clock=ClockKind.RESPONSE,
        started_at=received,
        due_at=due,
        internal_due_at=due,
        window_opens_on=None,
        is_provisional=calendar.is_provisional(received, due),
        paused_since_at=None,
        amount=minutes,
        paused_amount=0,
        clauses=(pack.thresholds.clause_of("response_minutes"), "R55", "A12"),
        edition=pack.edition,
        counts_days=False,
        calendar=calendar,
    )


def feedback_clock(
    confirmed_at: datetime,
    pack: RulePack,
    calendar: WorkCalendar,
    *,
    kind: ServiceKind,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Return C2: tell the customer within the clock hours of R57 from the confirmed requirement (A6, A7).

    ValueError for a service without this clock (``pack.service(kind).feedback_hours`` is None).
    """
    rule, calendar = pack.service(kind), calendar.with_hours(pack.service_hours)
    stopping = pauses_stopping(ClockKind.FEEDBACK, pack, pauses) if pauses else []
    if rule.feedback_business_days is not None:
        return _count_days(
            _DayCount(ClockKind.FEEDBACK, rule.feedback_business_days, None, (rule.clause_of("feedback_hours"), "A6")),
            confirmed_at,
            pack,
            calendar,
            stopping,
        )
    if rule.feedback_hours is None:
        message = f"{kind} has no feedback clock"
        raise ValueError(message)
    confirmed = in_shanghai(confirmed_at)
    due, paused, open_since = _add_hours(confirmed, timedelta(hours=rule.feedback_hours), stopping)
    return Deadline(
        clock=ClockKind.FEEDBACK,
        started_at=confirmed,
        due_at=due,
        internal_due_at=calendar.last_working_minute_not_after(due),
        window_opens_on=None,
        is_provisional=calendar.is_provisional(confirmed, due),
        paused_since_at=open_since,
        amount=rule.feedback_hours,
        paused_amount=paused / timedelta(hours=1),
        clauses=(rule.clause_of("feedback_hours"), "A6"),
        edition=pack.edition,
        counts_days=False,
        calendar=calendar,
    )


def _add_hours(
    start: datetime, length: timedelta, pauses: Sequence[Pause]
) -> tuple[datetime, timedelta, datetime | None]:
    due = start + length
    covered_until = start
    for pause in pauses:
        begins = max(in_shanghai(pause.from_at), covered_until)
        if begins >= due:
            break
        if pause.to_at is None:
            return due, due - start - length, begins
        ends = in_shanghai(pause.to_at)
        if ends > begins:
            due += ends - begins
            covered_until = ends
    return due, due - start - length, None


def booking_clock(
    confirmed_at: datetime,
    pack: RulePack,
    calendar: WorkCalendar,
    *,
    kind: ServiceKind,
    is_renowned: bool = False,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Return C3: the booking is due at the end of business of working day N after the requirement (R58 to R62, A9).

    A working day paused at its closing does not count (A45). ValueError for a service without booking.
    """
    rule, calendar = pack.service(kind), calendar.with_hours(pack.service_hours)
    days, clause = rule.booking_limit(is_renowned=is_renowned)
    is_long = is_renowned and rule.renowned_days is not None
    stopping = pauses_stopping(ClockKind.BOOKING, pack, pauses) if pauses else []
    count = _DayCount(ClockKind.BOOKING, days, None if is_long else rule.booking_from_days, (clause, "A9"))
    return _count_days(count, confirmed_at, pack, calendar, stopping)


@dataclass(frozen=True, slots=True)
class _DayCount:
    clock: ClockKind
    days: int
    from_days: int | None
    clauses: tuple[str, ...]


def _count_days(
    count: _DayCount, confirmed_at: datetime, pack: RulePack, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> Deadline:
    confirmed = in_shanghai(confirmed_at)
    start_on = confirmed.date()
    clauses = count.clauses
    window_opens_on: date | None = None
    paused_days = 0
    paused_since_at: datetime | None = None
    if pauses:
        closings, open_from = _paused_closings(pauses, calendar)
        due_on, paused_days = _nth_unpaused(start_on, count.days, closings, calendar)
        if open_from is not None and open_from <= due_on:
            paused_since_at = min(pause.from_at for pause in pauses if pause.to_at is None)
        if count.from_days is not None:
            window_opens_on = _nth_unpaused(start_on, count.from_days, closings, calendar)[0]
        clauses = (*clauses, "A45")
    else:
        due_on = calendar.nth_working_day_after(start_on, count.days)
        if count.from_days is not None:
            window_opens_on = calendar.nth_working_day_after(start_on, count.from_days)
    due_at = calendar.closing_of(due_on)
    return Deadline(
        clock=count.clock,
        started_at=confirmed,
        due_at=due_at,
        internal_due_at=due_at,
        window_opens_on=window_opens_on,
        is_provisional=calendar.is_provisional(start_on, due_on),
        paused_since_at=paused_since_at,
        amount=count.days,
        paused_amount=paused_days,
        clauses=clauses,
        edition=pack.edition,
        counts_days=True,
        calendar=calendar,
    )


def _paused_closings(pauses: Sequence[Pause], calendar: WorkCalendar) -> tuple[list[tuple[date, date]], date | None]:
    """Return the day ranges that were paused at their closing, apart and in order, and the day a lasting pause began."""
    ranges: list[tuple[date, date]] = []
    open_from: date | None = None
    for pause in pauses:
        first = _first_closing_from(pause.from_at, calendar)
        if pause.to_at is None:
            open_from = first if open_from is None else min(open_from, first)
            continue
        last = _first_closing_from(pause.to_at, calendar) - _ONE_DAY
        if ranges:
            first = max(first, ranges[-1][1] + _ONE_DAY)
        if first <= last:
            ranges.append((first, last))
    return ranges, open_from


def _first_closing_from(at: datetime, calendar: WorkCalendar) -> date:
    """Return the first day whose closing is not before ``at``."""
    local = in_shanghai(at)
    return local.date() if local.time() <= calendar.hours.closes else local.date() + _ONE_DAY


def _nth_unpaused(
    start_on: date, days: int, closings: Iterable[tuple[date, date]], calendar: WorkCalendar
) -> tuple[date, int]:
    due_on = calendar.nth_working_day_after(start_on, days)
    paused_days = 0
    for first, last in closings:
        if first > due_on:
            break
        after = max(first - _ONE_DAY, start_on)
        if last <= after:
            continue
        paused_days += calendar.working_days_between(after, last)
        due_on = calendar.nth_working_day_after(start_on, days + paused_days)
    return due_on, paused_days


@dataclass(frozen=True, slots=True)
class WarningTimes:
    """From when a clock is shown at risk, and from when urgent; both lie in service hours (R55)."""

    notice_at: datetime
    urgent_at: datetime


def warning_times(clock: ClockKind, internal_due_at: datetime, pack: RulePack, calendar: WorkCalendar) -> WarningTimes:
    """Return when to warn, reckoned back in service minutes from the internal deadline (numbers of the pack)."""
    rule, calendar = pack.warnings[clock], calendar.with_hours(pack.service_hours)
    return WarningTimes(
        calendar.subtract_service_minutes(internal_due_at, rule.notice_minutes),
        calendar.subtract_service_minutes(internal_due_at, rule.urgent_minutes),
    )


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What is stored of one clock; ``stopped_at`` is when its promise was met, None while it runs."""

    due_at: datetime
    notice_at: datetime
    urgent_at: datetime
    stopped_at: datetime | None = None
    is_paused: bool = False


def clock_state(reading: ClockReading, now: datetime) -> ClockState:
    """Tell how a clock stands at ``now``: kept, broken, paused, urgent, at risk or running.

    The promise is kept up to and with its due time.
    """
    if reading.stopped_at is not None:
        return ClockState.KEPT if reading.stopped_at <= reading.due_at else ClockState.BROKEN
    if reading.is_paused:
        return ClockState.PAUSED
    if now > reading.due_at:
        return ClockState.BROKEN
    if now >= reading.urgent_at:
        return ClockState.URGENT
    return ClockState.AT_RISK if now >= reading.notice_at else ClockState.RUNNING
