"""The clocks beside a second engine that walks from minute to minute and from day to day, slow and plain (A9, A12, A45)."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lian_desk.models.rules.clocks import Pause, booking_clock, feedback_clock, response_clock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind, DayKind, PauseReason, ServiceKind
from lian_desk.services.rules.calendars import build_calendar, shipped_years
from lian_desk.services.rules.rule_packs import load_rule_pack

PACK = load_rule_pack("2024-11")
CALENDAR = build_calendar()
KNOWN = {day: kind for year in shipped_years() for day, kind in year.days.items()}
KINDS = st.sampled_from([kind for kind, rule in PACK.services.items() if rule.has_booking])
MOMENTS = st.datetimes(datetime(2024, 12, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
#: Times at and around the opening and the closing, where engines go wrong.
EDGES = st.builds(
    lambda day, clock, off: datetime.combine(day, clock, SHANGHAI) + timedelta(microseconds=off),
    st.dates(date(2024, 12, 1), date(2027, 2, 1)),
    st.sampled_from([time(9), time(20, 55), time(21), time(0)]),
    st.integers(-1, 1),
)
TIMES = st.one_of(MOMENTS, EDGES)
PAUSES = st.lists(
    st.builds(
        lambda reason, one, other: Pause(reason, min(one, other), max(one, other)),
        st.sampled_from(list(PauseReason)),
        TIMES,
        TIMES,
    ).filter(lambda pause: pause.to_at is not None and timedelta(0) < pause.to_at - pause.from_at < timedelta(days=40)),
    max_size=4,
)
OPENS, CLOSES = time(9), time(21)


def works(day: date) -> bool:
    kind = KNOWN.get(day)
    return day.weekday() < 5 if kind is None else kind is DayKind.MAKE_UP_WORKING_DAY


def holds(pause: Pause, at: datetime) -> bool:
    return pause.from_at <= at and (pause.to_at is None or at < pause.to_at)


def walked_booking(confirmed: datetime, days: int, pauses: list[Pause]) -> datetime:
    day, left = confirmed.date(), days
    stopping = [pause for pause in pauses if ClockKind.BOOKING in PACK.pauses[pause.reason].stops]
    while left:
        day += timedelta(days=1)
        closing = datetime.combine(day, CLOSES, SHANGHAI)
        if works(day) and not any(holds(pause, closing) for pause in stopping):
            left -= 1
    return datetime.combine(day, CLOSES, SHANGHAI)


def walked_response(received: datetime, minutes: int) -> datetime:
    left, at = timedelta(minutes=minutes), received
    while True:
        opening, closing = (datetime.combine(at.date(), clock, SHANGHAI) for clock in (OPENS, CLOSES))
        if works(at.date()) and at < closing:
            begun = max(at, opening)
            if closing - begun >= left:
                return begun + left
            left -= closing - begun
        at = datetime.combine(at.date() + timedelta(days=1), time(0), SHANGHAI)


def walked_feedback(confirmed: datetime, hours: int, pauses: list[Pause]) -> datetime:
    """Let the time run from one edge of a pause to the next; it counts where nothing pauses it."""
    stopping = [pause for pause in pauses if ClockKind.FEEDBACK in PACK.pauses[pause.reason].stops]
    edges = sorted({edge for pause in stopping for edge in (pause.from_at, pause.to_at) if edge and edge > confirmed})
    at, left = confirmed, timedelta(hours=hours)
    for edge in edges:
        if not any(holds(pause, at) for pause in stopping):
            if edge - at >= left:
                return at + left
            left -= edge - at
        at = edge
    return at + left


def walked_internal(due: datetime) -> datetime:
    day = due.date()
    if works(day) and due.time() >= OPENS:
        return min(due, datetime.combine(day, CLOSES, SHANGHAI))
    day -= timedelta(days=1)
    while not works(day):
        day -= timedelta(days=1)
    return datetime.combine(day, CLOSES, SHANGHAI)


@settings(max_examples=300)
@given(TIMES, KINDS, st.booleans(), PAUSES)
def test_the_booking_clock_agrees_with_walking(
    confirmed: datetime, kind: ServiceKind, is_renowned: bool, pauses: list[Pause]
) -> None:
    days, _clause = PACK.service(kind).booking_limit(is_renowned=is_renowned)
    found = booking_clock(confirmed, PACK, CALENDAR, kind=kind, is_renowned=is_renowned, pauses=pauses)
    assert found.due_at == walked_booking(confirmed, days, pauses)


@settings(max_examples=300)
@given(TIMES, KINDS, PAUSES)
def test_the_feedback_clock_agrees_with_walking(confirmed: datetime, kind: ServiceKind, pauses: list[Pause]) -> None:
    found = feedback_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses)
    assert found.due_at == walked_feedback(confirmed, PACK.service(kind).feedback_hours or 0, pauses)
    assert found.internal_due_at == walked_internal(found.due_at)


@settings(max_examples=300)
@given(TIMES)
def test_the_response_clock_agrees_with_walking(received: datetime) -> None:
    assert response_clock(received, PACK, CALENDAR).due_at == walked_response(
        received, PACK.thresholds.response_minutes
    )


@settings(max_examples=300)
@given(TIMES, st.integers(1, 4000))
def test_service_minutes_forward_and_back_agree(at: datetime, minutes: int) -> None:
    due = CALENDAR.add_service_minutes(at, minutes)
    assert due == walked_response(at, minutes)
    back = CALENDAR.subtract_service_minutes(due, minutes)
    assert CALENDAR.service_minutes_between(back, due) == minutes
