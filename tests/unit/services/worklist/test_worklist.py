"""The worklist and the figures around it: one list in order of what is due, counters that tell the truth."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import (
    Channel,
    CheckResult,
    FactSource,
    FollowUpKind,
    FollowUpOutcome,
    NextAction,
    PauseReason,
    RequestStatus,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp, RecordFollowUp
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.worklist import WorklistRow, WorklistSource
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.service_requests import PauseRequest, RecordReview
from lian_desk.services.service_requests.applications import RecordApplication, RespondToApplication
from lian_desk.services.service_requests.reviewing import CheckGiven
from lian_desk.services.worklist.worklist import Totals, load_totals, load_workbench
from tests.desk_world import World


def message(world: World, **changes: Any) -> int:
    values: dict[str, Any] = {
        "channel": Channel.WECOM,
        "received_at": world.clock.moment,
        "contact_name": "刘洋",
        "need_text": "想约号",
    }
    return world.run(RecordApplication, **(values | changes))


def listed(world: World, query: ListQuery | None = None) -> list[WorklistRow]:
    source = WorklistSource(world.desk)
    keys = source.keys(query or ListQuery())
    rows = source.rows(keys)
    return [rows[key] for key in keys]


def test_applications_and_requests_stand_in_one_order(world: World) -> None:
    file_id = world.open_file()
    waiting = world.to_requirement(file_id)
    submitted = world.open_request(file_id, ServiceKind.CASE_MANAGEMENT)
    fresh = message(world)
    rows = listed(world)
    assert [row.key for row in rows] == [fresh, waiting, submitted] or [row.key for row in rows] == [
        fresh,
        submitted,
        waiting,
    ]
    assert rows[0].key == fresh
    dues = [row.due_at for row in rows]
    assert dues == sorted(dues)  # type: ignore[type-var]
    assert (rows[0].application_id, rows[0].request_id, rows[0].next_action) == (fresh, None, NextAction.RESPOND)
    assert rows[0].insured_name == "刘*"


def test_a_row_names_its_promise_and_its_place(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    fresh = message(world)
    by_key = {row.key: row for row in listed(world)}
    assert (by_key[fresh].promise, by_key[fresh].clause) == ("5 分钟内响应", "R56")
    row = by_key[request_id]
    assert (row.next_action, row.promise, row.clause) == (NextAction.GIVE_FEEDBACK, "48 小时", "R57")
    assert row.place == "2-5"
    assert row.notice_at is not None
    assert row.notice_at < (row.due_at or row.notice_at)


def test_a_feedback_over_the_weekend_still_names_its_promise(world: World) -> None:
    world.clock.moment = datetime(2026, 9, 11, 10, 0, tzinfo=SHANGHAI)
    request_id = world.to_requirement(world.open_file())
    row = next(row for row in listed(world) if row.key == request_id)
    assert row.due_at == datetime(2026, 9, 11, 21, 0, tzinfo=SHANGHAI)
    assert (row.promise, row.clause) == ("48 小时", "R57")


def test_an_answered_application_waits_for_its_file_without_a_promise(world: World) -> None:
    key = message(world)
    world.run(RespondToApplication, application_id=key, responded_at=world.later(minutes=1))
    (row,) = listed(world)
    assert (row.next_action, row.due_at, row.promise) == (NextAction.OPEN_FILE, None, "")


def test_the_list_is_narrowed_by_service_by_person_and_by_words(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    message(world, service_kind=ServiceKind.SURGERY_COORDINATION)
    outpatient = ListQuery().with_filter("kind", ServiceKind.OUTPATIENT_COORDINATION.value)
    surgery = ListQuery().with_filter("kind", ServiceKind.SURGERY_COORDINATION.value)
    assert [row.key for row in listed(world, outpatient)] == [request_id]
    assert [row.insured_name for row in listed(world, surgery)] == ["刘*"]
    assert [row.key for row in listed(world, ListQuery().with_text("wsl"))] == [request_id]
    assert listed(world, ListQuery().with_text("无此人")) == []
    theirs = ListQuery().with_filter("mine", world.lead.operator.id)
    assert [row.request_id for row in listed(world, theirs)] == [None]


def test_counters_of_an_empty_desk_are_nought(world: World) -> None:
    bench = load_workbench(world.desk)
    assert bench.response.next_due_at is None
    figures = (bench.response, bench.feedback, bench.booking, bench.follow_up)
    assert [figure.open_count for figure in figures] == [0, 0, 0, 0]
    assert (bench.agenda, bench.follow_ups, bench.missing, bench.missing_count) == ((), (), (), 0)
    assert bench.is_service_time


def test_counters_follow_the_clocks(world: World) -> None:
    world.to_requirement(world.open_file())
    due_at = world.clock.moment + timedelta(minutes=5)
    message(world)
    bench = load_workbench(world.desk)
    assert (bench.response.open_count, bench.response.overdue_count, bench.response.next_due_at) == (1, 0, due_at)
    assert (bench.feedback.open_count, bench.feedback.overdue_count) == (1, 0)
    world.later(minutes=6)
    assert load_workbench(world.desk).response.overdue_count == 1
    world.later(days=2)
    late = load_workbench(world.desk).feedback
    assert (late.open_count, late.overdue_count) == (1, 1)
    assert load_totals(world.desk) == Totals(1, 1)


def test_a_clock_that_stands_still_is_not_late(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(
        PauseRequest,
        by=world.lead,
        request_id=request_id,
        reason=PauseReason.FORCE_MAJEURE,
        note="暴雨红色预警",
        paused_at=world.clock.moment,
    )
    world.later(days=40)
    bench = load_workbench(world.desk)
    assert (bench.feedback.open_count, bench.feedback.overdue_count, bench.feedback.today_count) == (1, 0, 0)
    assert (bench.booking.open_count, bench.booking.overdue_count) == (1, 0)


def test_waiting_for_the_customer_stops_the_booking_and_not_the_feedback(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.AWAITING_CUSTOMER,
        note="客户出差",
        paused_at=world.clock.moment,
    )
    world.later(days=40)
    bench = load_workbench(world.desk)
    assert (bench.feedback.overdue_count, bench.booking.overdue_count) == (1, 0)


def test_the_agenda_of_today_says_whether_the_customer_was_told(world: World) -> None:
    request_id = world.to_started(world.open_file())
    world.book(request_id, world.clock.moment + timedelta(hours=5))
    (item,) = load_workbench(world.desk).agenda
    assert (item.request_id, item.insured_name, item.what, item.is_told) == (request_id, "王*兰", "心内科", False)
    world.later(days=1)
    assert load_workbench(world.desk).agenda == ()


def test_follow_ups_of_today_late_ones_and_done_ones(world: World) -> None:
    file_id = world.open_file()
    for days, label in ((0, "今天"), (-2, "前天"), (3, "以后")):
        world.clock.moment += timedelta(days=min(days, 0))
        plan(world, file_id, date(2026, 9, 28) + timedelta(days=days), label)
        world.clock.moment -= timedelta(days=min(days, 0))
    bench = load_workbench(world.desk)
    assert (bench.follow_up.open_count, bench.follow_up.overdue_count) == (2, 1)
    assert {(item.label, item.late_days) for item in bench.follow_ups} == {("今天", 0), ("前天", 2)}
    key = next(item.follow_up_id for item in bench.follow_ups if item.label == "今天")
    world.run(
        RecordFollowUp,
        follow_up_id=key,
        done_at=world.clock.moment,
        channel=Channel.PHONE,
        outcome=FollowUpOutcome.REACHED,
        condition_text="恢复良好",
    )
    bench = load_workbench(world.desk)
    assert (bench.follow_up.open_count, bench.follow_up.done_count) == (1, 1)
    assert [item.label for item in bench.follow_ups if item.is_done] == ["今天"]


def test_what_fell_away_with_the_contract_was_not_done(world: World) -> None:
    file_id = world.open_file()
    plan(world, file_id, world.desk.today, "今天")
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=world.desk.today,
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    bench = load_workbench(world.desk)
    assert (bench.follow_up.open_count, bench.follow_up.done_count, bench.follow_ups) == (0, 0, ())


def plan(world: World, file_id: int, due_on: date, label: str) -> int:
    return world.run(
        PlanFollowUp, assistance_file_id=file_id, kind=FollowUpKind.AFTER_VISIT, label=label, due_on=due_on
    )


def test_a_request_that_waits_for_material_is_named(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    more = world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE, "缺近三个月的检查报告")}
    world.run(RecordReview, request_id=request_id, **more)
    assert world.status(request_id) is RequestStatus.AWAITING_MATERIAL
    bench = load_workbench(world.desk)
    assert [(item.request_id, item.insured_name) for item in bench.missing] == [(request_id, "王*兰")]
    assert bench.missing_count == 1


@pytest.mark.parametrize(("hour", "expected"), [(8, False), (9, True), (20, True), (21, False)])
def test_the_page_knows_the_service_hours(world: World, hour: int, expected: bool) -> None:
    world.clock.moment = world.clock.moment.replace(hour=hour)
    assert load_workbench(world.desk).is_service_time is expected
