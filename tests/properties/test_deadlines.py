"""What holds of every deadline, whatever the day, the pauses and the calendar (A5, A8, A9, A45)."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.rules.clocks import Pause, booking_clock, feedback_clock, response_clock
from lian_desk.models.rules.working_time import SHANGHAI, CalendarYear
from lian_desk.models.vocabulary import CalendarStatus, DayKind, PauseReason, ServiceKind
from lian_desk.services.rules.calendars import build_calendar, shipped_years
from lian_desk.services.rules.rule_packs import load_current_pack

PACK = load_current_pack()
CALENDAR = build_calendar()
KINDS = st.sampled_from([kind for kind, rule in PACK.services.items() if rule.has_booking])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
REASONS = st.sampled_from(list(PauseReason))
PAUSES = st.lists(
    st.builds(
        lambda reason, start, length: Pause(reason, start, start + length),
        REASONS,
        MOMENTS,
        st.timedeltas(timedelta(minutes=1), timedelta(days=15)),
    ),
    max_size=4,
)
DAYS_OFF = st.sets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=40)


def both(confirmed: datetime, kind: ServiceKind, pauses: list[Pause]) -> tuple[datetime, datetime]:
    return (
        feedback_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses).due_at,
        booking_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses).due_at,
    )


@given(MOMENTS, KINDS, PAUSES, st.data())
def test_the_order_of_pauses_does_not_matter_and_a_pause_may_be_told_in_two_parts(
    confirmed: datetime, kind: ServiceKind, pauses: list[Pause], data: st.DataObject
) -> None:
    due = both(confirmed, kind, pauses)
    assert both(confirmed, kind, data.draw(st.permutations(pauses))) == due
    parts: list[Pause] = []
    for pause in pauses:
        assert pause.to_at is not None
        middle = pause.from_at + (pause.to_at - pause.from_at) / 2
        parts += [Pause(pause.reason, pause.from_at, middle), Pause(pause.reason, middle, pause.to_at)]
    assert both(confirmed, kind, parts) == due
    assert both(confirmed, kind, [*pauses, *pauses]) == due


@given(MOMENTS, KINDS, PAUSES)
def test_a_deadline_lies_after_its_start_and_its_internal_end_never_after_it(
    confirmed: datetime, kind: ServiceKind, pauses: list[Pause]
) -> None:
    for clock in (feedback_clock, booking_clock):
        deadline = clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses)
        assert deadline.due_at > confirmed
        assert deadline.internal_due_at <= deadline.due_at
        assert CALENDAR.is_working_day(deadline.internal_due_at.date())
    assert response_clock(confirmed, PACK, CALENDAR).due_at > confirmed


@given(MOMENTS, KINDS)
def test_a_renowned_expert_never_has_less_time(confirmed: datetime, kind: ServiceKind) -> None:
    plain = booking_clock(confirmed, PACK, CALENDAR, kind=kind).due_at
    renowned = booking_clock(confirmed, PACK, CALENDAR, kind=kind, is_renowned=True).due_at
    assert renowned >= plain
    is_told_apart = PACK.service(kind).renowned_days is not None
    assert (renowned > plain) is is_told_apart


@given(MOMENTS, KINDS, DAYS_OFF, DAYS_OFF)
def test_more_days_off_never_bring_a_deadline_forward(
    confirmed: datetime, kind: ServiceKind, some: set[date], more: set[date]
) -> None:
    def due(days: set[date]) -> datetime:
        year = CalendarYear(2027, CalendarStatus.OFFICIAL, "试算", dict.fromkeys(sorted(days), DayKind.DAY_OFF))
        calendar = build_calendar((*shipped_years(), year))
        found = booking_clock(confirmed, PACK, calendar, kind=kind).due_at
        assert calendar.is_working_day(found.date())
        return found

    assert due(some) <= due(some | more)
