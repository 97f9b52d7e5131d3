"""Promises that run out: two levels, each once, in service hours only, standing clocks never, no word about a person."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lian_desk.models.rules.clocks import warning_times
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import Channel, ClockKind, PauseReason
from lian_desk.services.service_requests import PauseRequest
from lian_desk.services.service_requests.applications import RecordApplication
from lian_desk.services.worklist.alerts import Alert, AlertLevel, AlertWatch
from tests.desk_world import World

N, U = AlertLevel.NOTICE, AlertLevel.URGENT


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def seen(alerts: tuple[Alert, ...]) -> list[tuple[AlertLevel, ClockKind, int]]:
    return [(alert.level, alert.clock, alert.count) for alert in alerts]


@pytest.fixture
def watch(world: World) -> AlertWatch:
    made = AlertWatch(world.desk)
    assert made.look(world.clock.moment) == ()
    return made


def test_feedback_is_told_at_both_levels_and_once_each(world: World, watch: AlertWatch) -> None:
    # confirmed Monday 10:00, due Wednesday 10:00: eight service hours before is Tuesday 14:00, two is Tuesday 20:00
    world.to_requirement(world.open_file())
    assert watch.look(at(29, 13, 59)) == ()
    (notice,) = watch.look(at(29, 14, 1))
    assert (notice.level, notice.clock, notice.count) == (N, ClockKind.FEEDBACK, 1)
    assert notice.words == "1 项协调反馈将在 19 小时 59 分后到期"
    assert watch.look(at(29, 14, 2)) == ()
    assert seen(watch.look(at(29, 20, 1))) == [(U, ClockKind.FEEDBACK, 1)]
    assert watch.look(at(30, 9, 0)) == ()


def test_half_an_hour_before_it_says_minutes(world: World, watch: AlertWatch) -> None:
    world.to_requirement(world.open_file())
    (urgent,) = watch.look(at(30, 9, 30))
    assert urgent.words == "1 项协调反馈将在 30 分钟后到期"


def test_outside_service_hours_it_waits_for_the_opening(world: World, watch: AlertWatch) -> None:
    world.to_requirement(world.open_file())
    assert watch.look(at(29, 21, 0)) == ()
    assert watch.look(at(29, 23, 30)) == ()
    assert watch.look(at(30, 8, 59)) == ()
    assert seen(watch.look(at(30, 9, 0))) == [(U, ClockKind.FEEDBACK, 1)]


def test_a_first_look_tells_what_is_pressing_and_leaves_out_what_is_late(world: World) -> None:
    world.to_requirement(world.open_file())
    assert seen(AlertWatch(world.desk).look(at(30, 9, 30))) == [(U, ClockKind.FEEDBACK, 1)]
    assert AlertWatch(world.desk).look(at(30, 10, 1)) == ()


def test_what_ran_out_while_the_machine_slept_is_said(world: World, watch: AlertWatch) -> None:
    world.to_requirement(world.open_file())
    (late,) = watch.look(at(30, 15, 0))
    assert (late.level, late.is_late, late.words) == (U, True, "1 项协调反馈已超时")


def test_a_clock_that_stands_still_is_not_told(world: World, watch: AlertWatch) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(
        PauseRequest,
        by=world.lead,
        request_id=request_id,
        reason=PauseReason.FORCE_MAJEURE,
        note="台风",
        paused_at=world.clock.moment,
    )
    assert watch.look(at(30, 9, 30)) == ()


def test_one_sentence_for_many_of_a_kind(world: World, watch: AlertWatch) -> None:
    file_id = world.open_file()
    for _ in range(3):
        world.to_requirement(file_id)
        world.later(minutes=5)
    (alert,) = watch.look(at(30, 9, 30))
    assert (alert.count, alert.words) == (3, "3 项协调反馈将到期，最早在 30 分钟后")


def test_a_message_is_told_within_its_five_minutes(world: World, watch: AlertWatch) -> None:
    world.run(
        RecordApplication,
        contact_name="王淑兰",
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        need_text="想看心内科",
    )
    start = world.clock.moment
    assert watch.look(start + timedelta(minutes=1)) == ()
    assert seen(watch.look(start + timedelta(minutes=2))) == [(N, ClockKind.RESPONSE, 1)]
    (urgent,) = watch.look(start + timedelta(minutes=3))
    assert urgent.words == "1 项首次响应将在 2 分钟后到期"


def test_the_booking_of_a_holiday_is_told_before_the_holiday(world: World, watch: AlertWatch) -> None:
    """Seven working days after Monday 28 September end on Monday 12 October; the days off are no time to be warned."""
    world.to_requirement(world.open_file())
    days_off = [watch.look(at(day, 12, month=10)) for day in range(1, 8)]
    assert days_off == [()] * 7
    assert ClockKind.BOOKING in {alert.clock for alert in watch.look(at(12, 9, month=10))}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(minutes=st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_each_level_is_told_once_whatever_the_rhythm_of_looks(world: World, minutes: list[int]) -> None:
    if world.count == 0:
        world.to_requirement(world.open_file())
    watch = AlertWatch(world.desk)
    moment = at(28, 10, 10)
    watch.look(moment)
    told: list[tuple[AlertLevel, ClockKind]] = []
    for gap in minutes:
        moment += timedelta(minutes=gap)
        alerts = watch.look(moment)
        if alerts:
            assert world.desk.calendar.is_service_time(moment)
        told += [(alert.level, alert.clock) for alert in alerts]
    assert len(told) == len(set(told))


def test_no_level_lies_outside_service_hours(world: World) -> None:
    desk = world.desk
    for hours in range(0, 24 * 30, 5):
        due = at(28, 9) + timedelta(hours=hours)
        internal = desk.calendar.last_working_minute_not_after(due)
        for clock in ClockKind:
            times = warning_times(clock, internal, desk.pack, desk.calendar)
            for moment in times.notice_at, times.urgent_at:
                assert desk.calendar.is_service_time(moment) or moment == desk.calendar.closing_of(moment.date())


def test_words_name_nobody(world: World, watch: AlertWatch) -> None:
    world.to_requirement(world.open_file())
    for alert in watch.look(at(30, 9, 30)):
        assert "王" not in alert.words
