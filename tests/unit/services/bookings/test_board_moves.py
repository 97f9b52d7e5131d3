"""The board's moves are the table of states, column by column; a refusal names the missing step and its clause."""

import pytest

from lian_desk.models.vocabulary import FactSource, PauseReason, RequestStatus, ServiceKind
from lian_desk.services.bookings.board_moves import BoardMoves, load_board_moves
from lian_desk.services.listings.service_requests import STAGES
from lian_desk.services.policies.policies import SuspendPolicy
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.plain_steps import PLAIN_STEPS
from lian_desk.services.service_requests import BeginCoordination, PauseRequest, SubmitRequest
from tests.desk_world import World

A = RequestAction
K = ServiceKind


def moves_of(world: World, request_id: int) -> BoardMoves:
    found = load_board_moves(world.desk, request_id)
    assert found is not None
    return found


def actions(moves: BoardMoves) -> dict[str, RequestAction]:
    return {step.stage: step.action for step in moves.steps if step.stage}


def test_every_other_column_has_a_step_or_a_reason(world: World) -> None:
    file_id = world.open_file()
    for request_id in (
        world.open_request(file_id),
        world.open_request(file_id, K.CASE_MANAGEMENT, submit=False),
        world.to_requirement(file_id),
        world.to_awaiting(file_id, K.INPATIENT_COORDINATION),
        world.to_started(file_id),
        world.to_booked(file_id),
    ):
        moves = moves_of(world, request_id)
        open_ways = set(actions(moves))
        assert open_ways | moves.refusals.keys() | {moves.stage} == set(STAGES)
        assert open_ways.isdisjoint(moves.refusals)
        for refusal in moves.refusals.values():
            assert refusal.clause in world.desk.pack.clauses
            assert refusal.sentence.endswith("。")


def test_a_review_that_is_not_done_holds_the_card(world: World) -> None:
    moves = moves_of(world, world.open_request(world.open_file()))
    refusal = moves.refusals["requirement"]
    assert (refusal.sentence, refusal.clause) == ("还不能到“需求确认”：请先完成“服务审核”。", "R25")


def test_nothing_is_booked_before_the_start_is_confirmed(world: World) -> None:
    moves = moves_of(world, world.to_awaiting(world.open_file()))
    refusal = moves.refusals["booked"]
    assert "被保险人已确认，开启服务" in refusal.sentence
    assert refusal.clause == "R46"


def test_a_booking_goes_back_only_by_the_hospital(world: World) -> None:
    moves = moves_of(world, world.to_booked(world.open_file()))
    assert actions(moves) == {"visiting": A.RECORD_ATTENDANCE, "coordinating": A.RESCHEDULE_BY_HOSPITAL}
    refusal = moves.refusals["requirement"]
    assert (refusal.sentence, refusal.clause) == ("已是“预约成功”，不能退回“需求确认”。", "R48")


def test_a_started_card_goes_to_booked(world: World) -> None:
    moves = moves_of(world, world.to_started(world.open_file()))
    assert actions(moves)["booked"] is A.RECORD_BOOKING
    assert moves.refusals["visiting"].clause == "R48"


def test_case_management_has_no_booking(world: World) -> None:
    request_id = world.to_requirement(world.open_file(), K.CASE_MANAGEMENT)
    moves = moves_of(world, request_id)
    assert moves.refusals["booked"].sentence == "专案管家服务没有“已预约”这一步。"
    assert moves.refusals["booked"].clause == "R11"
    assert actions(moves)["follow_up"] is A.COMPLETE_SERVICE


def test_a_paused_card_stays_until_it_is_resumed(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(BeginCoordination, request_id=request_id)
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药一周",
        paused_at=world.clock.moment,
    )
    moves = moves_of(world, request_id)
    assert moves.status is RequestStatus.PAUSED
    assert {refusal.clause for refusal in moves.refusals.values()} == {"R44"}, "the clause of what holds it"
    assert all("特殊医嘱" in refusal.sentence for refusal in moves.refusals.values())


def test_a_card_held_by_a_suspension_cites_the_suspension(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    day = world.clock.moment.date()
    world.run(SuspendPolicy, policy_id=world.policy(file_id), from_on=day, source=FactSource.INSURER_SYSTEM)
    refusals = moves_of(world, request_id).refusals.values()
    assert {refusal.clause for refusal in refusals} == {"R5"}
    assert all("保单效力恢复后" in refusal.sentence for refusal in refusals)


def test_a_plain_step_makes_its_command(world: World) -> None:
    request_id = world.open_request(world.open_file(), submit=False)
    command = PLAIN_STEPS[A.SUBMIT].make(world.desk.new_id(), request_id)
    assert command == SubmitRequest(command_id=command.command_id, request_id=request_id)
    world.desk.execute(command)
    assert world.status(request_id) is RequestStatus.SUBMITTED


def test_looking_changes_nothing(world: World) -> None:
    request_id = world.to_started(world.open_file())
    before = world.desk.audit_head()
    moves_of(world, request_id)
    assert world.desk.audit_head() == before


def test_a_request_that_is_gone_or_closed_has_no_moves(world: World) -> None:
    assert load_board_moves(world.desk, 1) is None


@pytest.mark.parametrize("action", list(PLAIN_STEPS))
def test_every_plain_step_says_what_it_does(action: RequestAction) -> None:
    assert PLAIN_STEPS[action].effect.endswith("。")
