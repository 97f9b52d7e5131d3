from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.rules.clocks import (
    ClockReading,
    Pause,
    booking_clock,
    clock_state,
    feedback_clock,
    response_clock,
    warning_times,
)
from lian_desk.models.rules.derivations import describe_day_kind
from lian_desk.models.rules.working_time import SHANGHAI, CalendarYear
from lian_desk.models.vocabulary import CalendarStatus, ClockKind, ClockState, DayKind, PauseReason, ServiceKind
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_packs import load_rule_pack

PACK = load_rule_pack("2024-11")
CALENDAR = build_calendar()
OUTPATIENT = ServiceKind.OUTPATIENT_COORDINATION
INPATIENT = ServiceKind.INPATIENT_COORDINATION
SURGERY = ServiceKind.SURGERY_COORDINATION
EXAMINATION = ServiceKind.EXPEDITED_EXAMINATION
BOOKED = [OUTPATIENT, INPATIENT, SURGERY, EXAMINATION]
MOMENTS = st.datetimes(datetime(2024, 6, 1), datetime(2028, 6, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
PERIODS = st.lists(
    st.tuples(st.sampled_from(list(PauseReason)), MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=20))).map(
        lambda row: Pause(row[0], row[1], row[1] + row[2])
    ),
    max_size=4,
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def waiting(start: str, end: str | None, reason: PauseReason = PauseReason.AWAITING_CUSTOMER) -> Pause:
    return Pause(reason, moment(start), moment(end) if end else None)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2026-11-20T20:58", "2026-11-23T09:03", id="V1"),
        pytest.param("2026-11-20T21:00", "2026-11-23T09:05", id="closed at nine sharp"),
        pytest.param("2026-10-10T10:00", "2026-10-10T10:05", id="V3"),
        pytest.param("2026-11-23T08:30", "2026-11-23T09:05", id="V4"),
        pytest.param("2026-02-14T20:59", "2026-02-24T09:04", id="the last minute before the spring festival"),
        pytest.param("2026-10-03T12:00", "2026-10-08T09:05", id="in the national holiday"),
    ],
)
def test_c1_first_response(received: str, due: str) -> None:
    deadline = response_clock(moment(received), PACK, CALENDAR)
    assert deadline.due_at == deadline.internal_due_at == moment(due)
    assert deadline.clauses[0] == "R56"


@pytest.mark.parametrize(
    ("confirmed", "due", "internal"),
    [
        pytest.param("2026-11-18T10:00", "2026-11-20T10:00", "2026-11-20T10:00", id="V6"),
        pytest.param("2026-11-20T10:00", "2026-11-22T10:00", "2026-11-20T21:00", id="ends on a Sunday"),
        pytest.param("2026-11-18T22:00", "2026-11-20T22:00", "2026-11-20T21:00", id="ends after closing"),
        pytest.param("2026-11-18T08:00", "2026-11-20T08:00", "2026-11-19T21:00", id="ends before opening"),
        pytest.param("2026-09-30T16:00", "2026-10-02T16:00", "2026-09-30T21:00", id="ends in a holiday"),
        pytest.param("2026-10-08T10:00", "2026-10-10T10:00", "2026-10-10T10:00", id="ends on a working Saturday"),
    ],
)
def test_c2_feedback_counts_clock_hours(confirmed: str, due: str, internal: str) -> None:
    deadline = feedback_clock(moment(confirmed), PACK, CALENDAR, kind=OUTPATIENT)
    assert (deadline.due_at, deadline.internal_due_at) == (moment(due), moment(internal))


def test_c2_is_not_stopped_by_waiting_for_the_customer_but_by_a_suspension() -> None:
    confirmed = moment("2026-11-18T10:00")
    for reason, due in (
        (PauseReason.AWAITING_CUSTOMER, "2026-11-20T10:00"),
        (PauseReason.DOCTORS_ORDER, "2026-11-20T10:00"),
        (PauseReason.POLICY_SUSPENDED, "2026-11-21T13:00"),
        (PauseReason.FORCE_MAJEURE, "2026-11-21T13:00"),
    ):
        pause = waiting("2026-11-18T12:00", "2026-11-19T15:00", reason)
        assert feedback_clock(confirmed, PACK, CALENDAR, kind=OUTPATIENT, pauses=[pause]).due_at == moment(due)


def test_c2_counts_overlapping_pauses_once_and_ignores_those_outside() -> None:
    stop = PauseReason.POLICY_SUSPENDED
    pauses = [
        waiting("2026-11-17T00:00", "2026-11-18T12:00", stop),
        waiting("2026-11-18T11:00", "2026-11-18T13:00", stop),
        waiting("2026-11-18T11:30", "2026-11-18T12:30", stop),
        waiting("2026-11-25T00:00", "2026-11-26T00:00", stop),
    ]
    deadline = feedback_clock(moment("2026-11-18T10:00"), PACK, CALENDAR, kind=INPATIENT, pauses=pauses)
    assert deadline.due_at == moment("2026-11-20T13:00")
    assert deadline.paused_amount == 3
    assert "暂停 3 小时不计" in deadline.derivation


@pytest.mark.parametrize("until", [None, "2026-11-20T18:00"])
@pytest.mark.parametrize(
    ("since", "moves"), [("2026-11-20T09:59", True), ("2026-11-20T10:00", False), ("2026-11-20T10:01", False)]
)
def test_c2_is_not_lengthened_by_a_pause_that_begins_with_the_due_moment(
    since: str, until: str | None, *, moves: bool
) -> None:
    """The promise is over with its last moment: what begins then or later pauses nothing that is still owed."""
    pause = waiting(since, until, PauseReason.POLICY_SUSPENDED)
    deadline = feedback_clock(moment("2026-11-18T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=[pause])
    assert (deadline.due_at > moment("2026-11-20T10:00")) == (moves and until is not None)
    assert deadline.is_open_pause == (moves and until is None)
    assert (deadline.paused_amount > 0) == (moves and until is not None)


def test_c2_a_second_pause_that_begins_with_the_lengthened_due_moment_lengthens_no_more() -> None:
    stop = PauseReason.FORCE_MAJEURE
    first = waiting("2026-11-18T12:00", "2026-11-18T15:00", stop)
    for since, due in (("2026-11-20T12:59", "2026-11-20T15:01"), ("2026-11-20T13:00", "2026-11-20T13:00")):
        pauses = [first, waiting(since, "2026-11-20T15:00", stop)]
        deadline = feedback_clock(moment("2026-11-18T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=pauses)
        assert deadline.due_at == moment(due)


def test_c2_stands_still_while_a_pause_lasts() -> None:
    pause = waiting("2026-11-18T12:00", None, PauseReason.POLICY_SUSPENDED)
    deadline = feedback_clock(moment("2026-11-18T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=[pause])
    assert deadline.is_open_pause
    assert "现正暂停" in deadline.derivation


def test_c2_in_working_days_where_a_pack_says_so() -> None:
    from dataclasses import replace

    rule = replace(PACK.service(OUTPATIENT), feedback_business_days=2)
    pack = replace(PACK, services={**PACK.services, OUTPATIENT: rule})
    deadline = feedback_clock(moment("2026-11-20T10:00"), pack, CALENDAR, kind=OUTPATIENT)
    assert deadline.due_at == moment("2026-11-24T21:00")
    assert deadline.derivation.startswith("2 个工作日")


def test_a_service_without_the_clock_is_a_bug() -> None:
    for clock in (feedback_clock, booking_clock):
        with pytest.raises(ValueError, match="case_management"):
            clock(moment("2026-11-20T10:00"), PACK, CALENDAR, kind=ServiceKind.CASE_MANAGEMENT)


@pytest.mark.parametrize(
    ("kind", "renowned", "confirmed", "due", "window"),
    [
        pytest.param(OUTPATIENT, False, "2026-02-13T10:00", "2026-03-02T21:00", "2026-02-24", id="V9"),
        pytest.param(EXAMINATION, False, "2026-09-30T10:00", "2026-10-10T21:00", None, id="V10"),
        pytest.param(OUTPATIENT, True, "2026-09-28T16:20", "2026-10-23T21:00", None, id="the picture's expert"),
        pytest.param(INPATIENT, True, "2026-02-13T10:00", "2026-03-02T21:00", "2026-02-24", id="A14: outpatient only"),
        pytest.param(SURGERY, False, "2026-11-20T10:00", "2026-12-11T21:00", "2026-12-01", id="window from day 7"),
        pytest.param(EXAMINATION, False, "2025-01-24T10:00", "2025-02-05T21:00", None, id="working Sunday in January"),
        pytest.param(EXAMINATION, False, "2026-11-21T10:00", "2026-11-25T21:00", None, id="confirmed on a Saturday"),
        pytest.param(EXAMINATION, False, "2026-11-20T23:30", "2026-11-25T21:00", None, id="confirmed late at night"),
    ],
)
def test_c3_booking_counts_working_days(
    kind: ServiceKind, renowned: bool, confirmed: str, due: str, window: str | None
) -> None:
    deadline = booking_clock(moment(confirmed), PACK, CALENDAR, kind=kind, is_renowned=renowned)
    assert deadline.due_at == moment(due)
    assert deadline.window_opens_on == (date.fromisoformat(window) if window else None)
    assert not deadline.is_provisional


def test_v13_beyond_the_known_years_is_provisional() -> None:
    deadline = booking_clock(moment("2026-12-28T10:00"), PACK, CALENDAR, kind=SURGERY)
    assert deadline.is_provisional
    assert deadline.due_at == moment("2027-01-18T21:00")
    assert "暂定" in deadline.derivation
    assert "2027年1月18日" in deadline.derivation
    imported = CalendarYear(2027, CalendarStatus.OFFICIAL, "通知", {date(2027, 1, 1): DayKind.DAY_OFF})
    recomputed = booking_clock(moment("2026-12-28T10:00"), PACK, build_calendar([imported]), kind=SURGERY)
    assert (recomputed.due_at, recomputed.is_provisional) == (moment("2027-01-19T21:00"), False)
    assert "1月1日" not in recomputed.derivation.split("→")[0] or "天不计" in recomputed.derivation


def test_the_derivation_reads_as_on_the_screen() -> None:
    deadline = booking_clock(moment("2026-09-28T16:20"), PACK, CALENDAR, kind=OUTPATIENT, is_renowned=True)
    assert (
        deadline.derivation == "15 个工作日 · 自 9月28日次日起算 · 国庆节 7 天不计 · 10月10日调休计入 → 10月23日 21:00"
    )
    assert deadline.clauses == ("R59", "A9")
    assert deadline.edition == "2024-11"
    late = response_clock(moment("2026-11-20T20:58:30"), PACK, CALENDAR)
    assert (
        late.derivation
        == "服务时间内 5 分钟 · 11月20日 20:58:30 收到 · 当日 21:00 停止服务，余下顺延 → 11月23日 09:03:30"
    )
    early = response_clock(moment("2026-11-23T08:30"), PACK, CALENDAR)
    assert "服务时间外，自 11月23日 09:00 起算" in early.derivation


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        pytest.param([("2026-11-23T20:00", "2026-11-23T20:59")], "2026-11-25T21:00", id="lifted before closing"),
        pytest.param([("2026-11-23T20:00", "2026-11-23T21:00")], "2026-11-25T21:00", id="the end is outside"),
        pytest.param([("2026-11-23T20:00", "2026-11-23T21:01")], "2026-11-26T21:00", id="paused at closing"),
        pytest.param([("2026-11-23T21:00", "2026-11-23T21:01")], "2026-11-26T21:00", id="begins with closing"),
        pytest.param([("2026-11-23T21:01", "2026-11-24T20:00")], "2026-11-25T21:00", id="only a night"),
        pytest.param([("2026-11-20T08:00", "2026-11-23T22:00")], "2026-11-26T21:00", id="from before the start"),
        pytest.param([("2026-11-01T08:00", "2026-11-10T22:00")], "2026-11-25T21:00", id="over before the start"),
        pytest.param([("2026-11-21T08:00", "2026-11-22T23:00")], "2026-11-25T21:00", id="only a weekend"),
        pytest.param([("2026-12-21T08:00", "2026-12-22T23:00")], "2026-11-25T21:00", id="after the end"),
        pytest.param(
            [("2026-11-23T20:00", "2026-11-24T22:00"), ("2026-11-24T08:00", "2026-11-25T08:00")],
            "2026-11-27T21:00",
            id="overlapping count once",
        ),
        pytest.param(
            [("2026-11-25T20:00", "2026-11-25T22:00"), ("2026-11-26T20:00", "2026-11-26T22:00")],
            "2026-11-27T21:00",
            id="one pause reaches the next",
        ),
    ],
)
def test_a45_a_day_paused_at_its_closing_does_not_count(pauses: list[tuple[str, str]], due: str) -> None:
    given_pauses = [waiting(start, end) for start, end in pauses]
    deadline = booking_clock(moment("2026-11-20T10:00"), PACK, CALENDAR, kind=EXAMINATION, pauses=given_pauses)
    assert deadline.due_at == moment(due)
    assert ("不计" in deadline.derivation) == (due != "2026-11-25T21:00")


def test_a_lasting_pause_is_marked_and_the_earliest_kept() -> None:
    pauses = [waiting("2026-11-24T10:00", None), waiting("2026-11-23T10:00", None)]
    deadline = booking_clock(moment("2026-11-20T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=pauses)
    assert deadline.is_open_pause
    after = [waiting("2027-11-24T10:00", None)]
    assert not booking_clock(moment("2026-11-20T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=after).is_open_pause
    first_before_second_after = [waiting("2026-11-23T10:00", None), *after]
    deadline = booking_clock(
        moment("2026-11-20T10:00"), PACK, CALENDAR, kind=OUTPATIENT, pauses=first_before_second_after
    )
    assert deadline.paused_since_at == moment("2026-11-23T10:00")


def test_a45_a_lasting_pause_counts_up_to_the_closing_of_the_last_day() -> None:
    """Due on 25 November at 21:00: what begins at that closing still holds the day, a minute later it holds nothing."""
    for since, holds in (("2026-11-25T10:00", True), ("2026-11-25T21:00", True), ("2026-11-25T21:01", False)):
        deadline = booking_clock(
            moment("2026-11-20T10:00"), PACK, CALENDAR, kind=EXAMINATION, pauses=[waiting(since, None)]
        )
        assert (deadline.due_at, deadline.is_open_pause) == (moment("2026-11-25T21:00"), holds), since


@given(MOMENTS, MOMENTS, st.sampled_from(BOOKED), st.booleans())
def test_deadlines_are_monotonic(first: datetime, second: datetime, kind: ServiceKind, renowned: bool) -> None:
    first, second = sorted((first, second))
    assert (
        booking_clock(first, PACK, CALENDAR, kind=kind, is_renowned=renowned).due_at
        <= booking_clock(second, PACK, CALENDAR, kind=kind, is_renowned=renowned).due_at
    )
    assert (
        feedback_clock(first, PACK, CALENDAR, kind=kind).due_at
        <= feedback_clock(second, PACK, CALENDAR, kind=kind).due_at
    )
    assert response_clock(first, PACK, CALENDAR).due_at <= response_clock(second, PACK, CALENDAR).due_at


@given(MOMENTS, st.sampled_from(BOOKED), PERIODS)
def test_deadlines_never_fall_on_a_day_off(confirmed: datetime, kind: ServiceKind, pauses: list[Pause]) -> None:
    booking = booking_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses)
    feedback = feedback_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses)
    assert CALENDAR.is_working_day(booking.due_at.date())
    assert CALENDAR.is_working_day(feedback.internal_due_at.date())
    assert CALENDAR.is_working_day(response_clock(confirmed, PACK, CALENDAR).due_at.date())
    for pause in pauses:
        if ClockKind.BOOKING in PACK.pauses[pause.reason].stops:
            assert pause.to_at is not None
            assert not pause.from_at <= booking.due_at < pause.to_at


@given(MOMENTS, st.sampled_from(BOOKED), PERIODS)
def test_pausing_never_shortens(confirmed: datetime, kind: ServiceKind, pauses: list[Pause]) -> None:
    for clock in (booking_clock, feedback_clock):
        for count in range(len(pauses)):
            fewer = clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses[:count])
            more = clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses[: count + 1])
            assert fewer.due_at <= more.due_at


@given(MOMENTS, st.sampled_from(BOOKED), PERIODS)
def test_pauses_are_counted_as_a_walk_over_days_does(
    confirmed: datetime, kind: ServiceKind, pauses: list[Pause]
) -> None:
    stopping = [pause for pause in pauses if ClockKind.BOOKING in PACK.pauses[pause.reason].stops]
    days, day = PACK.service(kind).booking_days or 0, confirmed.date()
    while days:
        day += timedelta(days=1)
        closing = CALENDAR.closing_of(day)
        is_paused = any(p.to_at is not None and p.from_at <= closing < p.to_at for p in stopping)
        days -= CALENDAR.is_working_day(day) and not is_paused
    assert booking_clock(confirmed, PACK, CALENDAR, kind=kind, pauses=pauses).due_at.date() == day


def test_warnings_come_in_service_hours() -> None:
    times = warning_times(ClockKind.BOOKING, moment("2026-10-10T21:00"), PACK, CALENDAR)
    assert (times.notice_at, times.urgent_at) == (moment("2026-10-09T09:00"), moment("2026-10-10T09:00"))


def test_the_state_of_a_clock() -> None:
    due, notice, urgent = moment("2026-10-10T21:00"), moment("2026-10-09T09:00"), moment("2026-10-10T09:00")
    running = ClockReading(due, notice, urgent)
    assert clock_state(running, moment("2026-10-08T09:00")) is ClockState.RUNNING
    assert clock_state(running, notice) is ClockState.AT_RISK
    assert clock_state(running, urgent) is ClockState.URGENT
    assert clock_state(running, due) is ClockState.URGENT
    assert clock_state(running, due + timedelta(seconds=1)) is ClockState.BROKEN
    assert clock_state(ClockReading(due, notice, urgent, is_paused=True), due + timedelta(days=9)) is ClockState.PAUSED
    assert clock_state(ClockReading(due, notice, urgent, stopped_at=due), due) is ClockState.KEPT
    late = ClockReading(due, notice, urgent, stopped_at=due + timedelta(minutes=1))
    assert clock_state(late, due + timedelta(days=1)) is ClockState.BROKEN


def test_the_kind_of_a_day_in_words() -> None:
    words = [describe_day_kind(CALENDAR, date(2026, 10, day)) for day in (1, 9, 10, 11)]
    assert words == ["国庆节放假", "工作日", "调休上班", "周末"]
    unnamed = CalendarYear(2027, CalendarStatus.OFFICIAL, "", {date(2027, 1, 1): DayKind.DAY_OFF})
    assert describe_day_kind(build_calendar([unnamed]), date(2027, 1, 1)) == "节假日放假"
