"""120: the script was read out. What happened can always be written down; the routine waits until it is lifted (R74)."""

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.vocabulary import PauseReason, RequestStatus
from lian_desk.services.service_requests import BeginCoordination, PauseRequest, WithdrawRequest
from lian_desk.services.service_requests.emergencies import LiftEmergency, RecordEmergency, load_open_emergency
from tests.desk_world import World


def record(world: World, file_id: int | None, said: str = "已拨打 120，家属在旁") -> int:
    return world.run(RecordEmergency, assistance_file_id=file_id, happened_at=world.clock.moment, said=said)


def test_routine_steps_wait_until_it_is_lifted(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    record(world, file_id)
    with pytest.raises(RuleViolation) as refused:
        world.run(BeginCoordination, request_id=request_id)
    assert (refused.value.code, refused.value.clause) == (ErrorCode.EMERGENCY_OPEN, "R74")
    assert world.status(request_id) is RequestStatus.REQUIREMENT_CONFIRMED
    world.run(LiftEmergency, assistance_file_id=file_id, outcome="已送医，平安")
    assert load_open_emergency(world.desk, file_id) is None
    world.run(BeginCoordination, request_id=request_id)
    assert world.status(request_id) is RequestStatus.COORDINATING


def test_facts_are_written_down_all_the_same(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    record(world, file_id)
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="急诊留观",
        paused_at=world.clock.moment,
    )
    world.run(WithdrawRequest, request_id=request_id, reason="急诊入院", evidence=world.evidence())
    assert world.status(request_id) is RequestStatus.WITHDRAWN


def test_the_file_tells_time_and_answer(world: World) -> None:
    file_id = world.open_file()
    record(world, file_id)
    line = load_open_emergency(world.desk, file_id)
    assert line is not None
    assert (line.happened_at, line.said) == (world.clock.moment, "已拨打 120，家属在旁")
    with world.desk.read() as session:
        titles = list(session.scalars(select(FileEntry.title).where(FileEntry.assistance_file_id == file_id)))
    assert "已宣读急救提示（120），常规步骤暂停" in titles


def test_another_file_goes_on(world: World) -> None:
    held, free = world.open_file(), world.open_file()
    record(world, held)
    request_id = world.to_requirement(free)
    assert world.status(request_id) is RequestStatus.REQUIREMENT_CONFIRMED


def test_a_caller_without_a_file_is_in_the_log_and_holds_nothing(world: World) -> None:
    assert record(world, None, said="")
    assert world.to_requirement(world.open_file())


def test_lifting_needs_an_outcome_and_something_to_lift(world: World) -> None:
    file_id = world.open_file()
    with pytest.raises(RuleViolation) as nothing:
        world.run(LiftEmergency, assistance_file_id=file_id, outcome="平安")
    assert nothing.value.code is ErrorCode.NOT_FOUND
    record(world, file_id)
    with pytest.raises(RuleViolation) as empty:
        world.run(LiftEmergency, assistance_file_id=file_id, outcome=" ")
    assert empty.value.parameters["field"] == "outcome"
