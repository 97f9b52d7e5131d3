"""Reasons that overlap hold a request from the first of them to the last, however late each is learned (R5, R86, A8)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.rules.clocks import Pause, booking_clock, feedback_clock
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause
from lian_desk.models.vocabulary import (
    ClockKind,
    FactSource,
    ForceMajeureCause,
    PauseReason,
    RequestStatus,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.corrections.corrections import ReopenRequest
from lian_desk.services.corrections.terminations import ReverseTermination
from lian_desk.services.force_majeure.force_majeure import DeclareForceMajeure, EndForceMajeure
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy
from lian_desk.services.service_requests import WithdrawRequest
from tests.desk_world import World

K = ServiceKind
S = RequestStatus


def declare(world: World, from_at: datetime, *places: str) -> int:
    return world.run(
        DeclareForceMajeure,
        by=world.lead,
        cause=ForceMajeureCause.NATURAL_DISASTER,
        from_at=from_at,
        note="台风停诊",
        places=places,
    )


def end(world: World, event: int, to_at: datetime) -> None:
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=event, to_at=to_at)


def clock(world: World, request_id: int, kind: ClockKind) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == kind)
        ).one()


def expected(world: World, request_id: int, reason: PauseReason, from_at: datetime, to_at: datetime) -> list[datetime]:
    """Return C2 and C3 of a request that stood still once, from ``from_at`` to ``to_at``."""
    desk, pauses = world.desk, [Pause(reason, from_at, to_at)]
    started = clock(world, request_id, ClockKind.BOOKING).started_at
    return [
        reckon(started, desk.pack, desk.calendar, kind=K.OUTPATIENT_COORDINATION, pauses=pauses).due_at
        for reckon in (feedback_clock, booking_clock)
    ]


def found(world: World, request_id: int) -> list[datetime]:
    return [clock(world, request_id, kind).due_at for kind in (ClockKind.FEEDBACK, ClockKind.BOOKING)]


def test_r86_an_earlier_event_learned_later_counts_from_its_own_beginning(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    began = world.later(hours=4)
    second_began = world.later(days=3)
    second = declare(world, second_began, "上海市")
    world.later(hours=1)
    first = declare(world, began)
    over = world.later(days=1)
    end(world, first, over)
    end(world, second, over)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED
    assert found(world, request_id) == expected(world, request_id, PauseReason.FORCE_MAJEURE, began, over)


def test_r86_what_two_events_held_goes_on_when_the_later_of_them_was_over(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    began = world.clock.moment + timedelta(hours=4)
    world.later(hours=5)
    first, second = declare(world, began, "上海市"), declare(world, began)
    first_over = world.later(days=2)
    second_over = world.later(days=3)
    world.later(hours=1)
    end(world, second, second_over)
    assert world.status(request_id) is S.PAUSED
    end(world, first, first_over)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED
    assert found(world, request_id) == expected(world, request_id, PauseReason.FORCE_MAJEURE, began, second_over)


def test_a8_a_withdrawal_taken_back_waits_for_the_customer_again(world: World) -> None:
    request_id = world.to_awaiting(world.open_file())
    world.later(hours=2)
    world.run(WithdrawRequest, request_id=request_id, reason="客户改变主意", evidence=world.evidence())
    world.later(days=1)
    world.run(ReopenRequest, by=world.lead, request_id=request_id, reason="误点撤回", evidence=world.evidence())
    assert world.status(request_id) is S.AWAITING_START
    with world.desk.read() as session:
        lasting = session.scalars(
            select(RequestPause.reason).where(
                RequestPause.service_request_id == request_id, RequestPause.resumed_at.is_(None)
            )
        ).all()
    assert lasting == [PauseReason.AWAITING_CUSTOMER]
    assert clock(world, request_id, ClockKind.BOOKING).paused_since_at is not None


@pytest.mark.parametrize("days", [1, 4])
def test_a8_the_time_between_a_mistaken_end_and_its_correction_counts_as_waiting(world: World, days: int) -> None:
    request_id = world.to_awaiting(world.open_file())
    before = clock(world, request_id, ClockKind.BOOKING)
    world.run(WithdrawRequest, request_id=request_id, reason="客户改变主意", evidence=world.evidence())
    world.later(days=days)
    world.run(ReopenRequest, by=world.lead, request_id=request_id, reason="误点撤回", evidence=world.evidence())
    after = clock(world, request_id, ClockKind.BOOKING)
    assert after.ended_at is None
    assert after.due_at >= before.due_at


def test_r86_a_termination_taken_back_leaves_an_event_that_lasts_in_force(world: World) -> None:
    file_id = world.open_file()
    held, waiting = world.to_requirement(file_id), world.to_awaiting(file_id, K.INPATIENT_COORDINATION)
    event = declare(world, world.later(hours=1))
    ended_at = world.later(days=1)
    values: dict[str, Any] = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_SYSTEM}
    world.run(TerminatePolicy, from_on=ended_at.date(), reason=TerminationReason.SURRENDER, **values)
    world.later(days=1)
    world.run(ReverseTermination, by=world.lead, reason="误登记", **values)
    assert [world.status(key) for key in (held, waiting)] == [S.PAUSED, S.PAUSED]
    end(world, event, world.later(days=1))
    assert [world.status(key) for key in (held, waiting)] == [S.REQUIREMENT_CONFIRMED, S.AWAITING_START]
    assert clock(world, waiting, ClockKind.BOOKING).paused_since_at is not None, "the customer has not answered yet"


def pauses(world: World, request_id: int) -> list[tuple[PauseReason, datetime]]:
    """The reasons for which a request stands still, and since when."""
    with world.desk.read() as session:
        rows = session.scalars(
            select(RequestPause).where(RequestPause.service_request_id == request_id, RequestPause.resumed_at.is_(None))
        )
        return [(row.reason, row.paused_at) for row in rows]


def test_r5_a_suspension_learned_late_holds_a_request_from_its_own_beginning_at_the_earliest(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    received_at = world.row(request_id).received_at
    suspended_on = received_at.date() - timedelta(days=5)
    policy = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_SYSTEM}
    world.run(SuspendPolicy, from_on=suspended_on, **policy)
    assert pauses(world, request_id) == [(PauseReason.POLICY_SUSPENDED, received_at)]


def test_r7_with_the_end_of_the_contract_every_reason_to_stand_still_is_over(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    assert [reason for reason, _ in pauses(world, request_id)] == [PauseReason.AWAITING_CUSTOMER]
    ended = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_NOTICE}
    world.run(TerminatePolicy, from_on=world.clock.moment.date(), reason=TerminationReason.SURRENDER, **ended)
    assert (world.status(request_id), pauses(world, request_id)) == (S.POLICY_TERMINATED, [])


def test_r6_what_is_reopened_after_the_reinstatement_stands_still_no_more(world: World) -> None:
    """What was known of the suspension while it lasted stays in the books and holds nobody."""
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    withdrawn = {"request_id": request_id, "evidence": world.evidence()}
    world.run(WithdrawRequest, reason="客户改变主意", **withdrawn)
    policy = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_SYSTEM}
    world.later(days=1)
    world.run(SuspendPolicy, from_on=world.clock.moment.date(), **policy)
    world.later(days=3)
    world.run(ReinstatePolicy, from_on=world.clock.moment.date(), **policy)
    world.later(hours=1)
    world.run(ReopenRequest, by=world.lead, reason="误点撤回", **withdrawn)
    assert (world.status(request_id), pauses(world, request_id)) == (S.REQUIREMENT_CONFIRMED, [])
