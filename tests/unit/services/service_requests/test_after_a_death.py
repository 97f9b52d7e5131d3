"""After a recorded death nothing is planned, reminded of or begun, in whichever file of the person (R68)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.vocabulary import (
    Channel,
    FactSource,
    FollowUpKind,
    FollowUpOutcome,
    IdentityCheckMethod,
    RequestStatus,
    SensitiveKind,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.bookings import CompleteService, RecordAttendance, RecordNoShow
from lian_desk.services.bookings.sensitive_events import RecordSensitiveEvent
from lian_desk.services.corrections.corrections import CorrectBooking, ReopenRequest
from lian_desk.services.follow_ups.care_notes import PlanReminder, ReminderWanted
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp, RecordFollowUp
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.service_requests import SubmitRequest
from tests.desk_facts import policy, refusal
from tests.desk_world import World

E = ErrorCode
STAY = ServiceKind.INPATIENT_COORDINATION


def open_tasks(world: World, *file_ids: int) -> list[str]:
    """What is still planned for these files."""
    with world.desk.read() as session:
        rows = [
            *session.scalars(select(FollowUp).where(FollowUp.closed_at.is_(None))),
            *session.scalars(select(Reminder).where(Reminder.closed_at.is_(None))),
        ]
        return [type(row).__name__ for row in rows if row.assistance_file_id in file_ids]


def record(world: World, file_id: int, kind: SensitiveKind = SensitiveKind.DIED, **more: Any) -> None:
    event = {"happened_at": world.clock.moment, "source": FactSource.HOSPITAL} | more
    world.run(RecordSensitiveEvent, assistance_file_id=file_id, kind=kind, **event)


def arrive(world: World, request_id: int) -> None:
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)


def plan_follow_up(world: World, file_id: int) -> dict[str, Any]:
    return {
        "assistance_file_id": file_id,
        "kind": FollowUpKind.AFTER_VISIT,
        "due_on": world.clock.moment.date() + timedelta(days=3),
    }


def plan_reminder(world: World, file_id: int) -> dict[str, Any]:
    wanted = ReminderWanted("请带上病历", world.clock.moment + timedelta(days=1))
    return {"assistance_file_id": file_id, "reminder": wanted}


def further_file(world: World, file_id: int) -> int:
    return world.run(
        OpenFurtherFile,
        assistance_file_id=file_id,
        insured_name="王淑兰",
        policy=policy(world.desk, policy_number="JLB202509000777", effective_on=date(2025, 9, 1)),
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
    )


def test_r68_a_death_ends_every_follow_up_and_reminder_of_every_file_of_the_person(world: World) -> None:
    first = world.open_file()
    second = further_file(world, first)
    world.to_booked(first)
    for file_id in (first, second):
        world.run(PlanFollowUp, **plan_follow_up(world, file_id))
        world.run(PlanReminder, **plan_reminder(world, file_id))
    stranger = world.open_file(date(1980, 5, 5))
    world.run(PlanReminder, **plan_reminder(world, stranger))
    assert {"FollowUp", "Reminder"} == set(open_tasks(world, first)) == set(open_tasks(world, second))
    record(world, second)
    assert open_tasks(world, first, second) == []
    assert open_tasks(world, stranger) == ["Reminder"]


@pytest.mark.parametrize("order", [PlanFollowUp, PlanReminder])
def test_r68_nothing_is_planned_by_hand_after_a_death(world: World, order: Any) -> None:
    first = world.open_file()
    second = further_file(world, first)
    stranger = world.open_file(date(1980, 5, 5))
    record(world, first)
    for file_id in (first, second):
        values = (plan_follow_up if order is PlanFollowUp else plan_reminder)(world, file_id)
        violation = refusal(world, order, **values)
        assert (violation.code, violation.clause) == (E.CARE_STOPPED, "R68")
    assert open_tasks(world, first, second) == []
    world.run(order, **(plan_follow_up if order is PlanFollowUp else plan_reminder)(world, stranger))
    assert len(open_tasks(world, stranger)) == 1


def test_r68_a_transfer_does_not_count_as_a_death(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, STAY)
    world.later(days=10)
    arrive(world, request_id)
    record(world, file_id, SensitiveKind.TRANSFERRED, request_id=request_id)
    before = open_tasks(world, file_id)
    world.run(PlanFollowUp, **plan_follow_up(world, file_id))
    world.run(PlanReminder, **plan_reminder(world, file_id))
    assert sorted(open_tasks(world, file_id)) == sorted([*before, "FollowUp", "Reminder"])


def test_r68_a_draft_in_another_file_of_the_person_is_not_submitted(world: World) -> None:
    first = world.open_file()
    second = further_file(world, first)
    draft = world.open_request(first, submit=False)
    record(world, second)
    violation = refusal(world, SubmitRequest, request_id=draft)
    assert (violation.code, violation.clause) == (E.CARE_STOPPED, "R68")
    assert world.status(draft) is RequestStatus.DRAFT


def test_r68_a_visit_that_is_completed_in_the_books_after_a_death_opens_no_follow_up_plan(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.later(days=10)
    arrive(world, request_id)
    record(world, file_id)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    assert world.status(request_id) is RequestStatus.FOLLOWING_UP
    assert open_tasks(world, file_id) == []


def test_r68_an_admission_that_is_written_down_after_a_death_owes_no_note(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, STAY)
    world.later(days=10)
    record(world, file_id)
    arrive(world, request_id)
    assert open_tasks(world, file_id) == []


def test_r68_a_booking_that_is_written_down_or_put_right_after_a_death_reminds_nobody(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    record(world, file_id)
    world.book(request_id)
    assert open_tasks(world, file_id) == []
    world.run(
        CorrectBooking,
        by=world.lead,
        request_id=request_id,
        hospital_id=world.hospital(),
        visit_at=world.clock.moment + timedelta(days=5),
        reason="日期录错",
        evidence=world.evidence(),
    )
    assert open_tasks(world, file_id) == []


def test_r68_a_request_that_is_reopened_after_a_death_brings_no_task_back(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    world.book(request_id)
    world.later(days=11)
    assert open_tasks(world, file_id) == ["Reminder", "Reminder"]
    world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)
    record(world, file_id)
    reopened = {"request_id": request_id, "reason": "登记有误", "evidence": world.evidence()}
    world.run(ReopenRequest, by=world.lead, **reopened)
    assert world.status(request_id) is RequestStatus.BOOKED
    assert open_tasks(world, file_id) == []


@pytest.mark.parametrize("after", ["a death", "the end of the contract"])
@pytest.mark.parametrize("outcome", [FollowUpOutcome.REACHED, FollowUpOutcome.NO_ANSWER])
def test_r68_a27_a_contact_that_was_left_open_is_written_down_and_none_follows_it(
    world: World, outcome: FollowUpOutcome, after: str
) -> None:
    """An earlier version left such rows behind: what happened is still written down, and nobody calls again."""
    file_id = world.open_file()
    key = world.run(PlanFollowUp, **plan_follow_up(world, file_id))
    if after == "a death":
        record(world, file_id)
    else:
        ended = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_SYSTEM}
        reason = TerminationReason.SURRENDER
        world.run(TerminatePolicy, from_on=world.clock.moment.date(), reason=reason, **ended)
    with world.desk.database.write_session() as session:
        session.get_one(FollowUp, key).closed_at = None
        session.commit()
    world.run(
        RecordFollowUp,
        follow_up_id=key,
        done_at=world.clock.moment,
        channel=Channel.PHONE,
        outcome=outcome,
        condition_text="家属告知",
        next_on=world.clock.moment.date() + timedelta(days=7),
    )
    assert open_tasks(world, file_id) == []


def test_r68_a_death_is_not_recorded_before_it_happened(world: World) -> None:
    file_id = world.open_file()
    event = {"assistance_file_id": file_id, "kind": SensitiveKind.DIED, "source": FactSource.HOSPITAL}
    violation = refusal(world, RecordSensitiveEvent, happened_at=world.clock.moment + timedelta(minutes=5), **event)
    assert violation.code is E.TIME_IN_FUTURE
    world.run(PlanFollowUp, **plan_follow_up(world, file_id))
