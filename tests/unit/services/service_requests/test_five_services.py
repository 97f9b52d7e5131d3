"""Each of the five services from the first word to the archive, through the commands."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.vocabulary import (
    Channel,
    ClockKind,
    FactSource,
    FollowUpOutcome,
    NextAction,
    RequestStatus,
    ServiceKind,
    SignerKind,
)
from lian_desk.services.bookings import CompleteService, RecordAttendance
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.follow_ups.follow_ups import RecordFollowUp
from lian_desk.services.service_requests import ArchiveRequest, ConfirmRequirement, RecordReview
from tests.desk_world import RENOWNED, World

K = ServiceKind
S = RequestStatus
BOOKED_KINDS = [
    K.OUTPATIENT_COORDINATION,
    K.INPATIENT_COORDINATION,
    K.SURGERY_COORDINATION,
    K.EXPEDITED_EXAMINATION,
]


def _follow_up_all(world: World, request_id: int) -> None:
    with world.desk.read() as session:
        keys = session.scalars(
            select(FollowUp.id).where(FollowUp.service_request_id == request_id, FollowUp.closed_at.is_(None))
        ).all()
    for key in keys:
        world.later(days=1)
        world.run(
            RecordFollowUp,
            follow_up_id=key,
            done_at=world.clock.moment,
            channel=Channel.PHONE,
            outcome=FollowUpOutcome.REACHED,
            condition_text="症状平稳",
        )


@pytest.mark.parametrize("kind", BOOKED_KINDS)
def test_a_booked_service_walks_its_whole_path_and_spends_one_use(world: World, kind: ServiceKind) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, kind)
    assert world.row(request_id).next_action is NextAction.RECORD_ATTENDANCE
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    has_stay = world.desk.pack.service(kind).has_stay
    assert world.status(request_id) is (S.IN_PROGRESS if has_stay else S.ARRIVED)
    world.later(days=1)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    assert world.status(request_id) is S.FOLLOWING_UP
    assert world.row(request_id).next_action is NextAction.FOLLOW_UP
    _follow_up_all(world, request_id)
    assert world.row(request_id).next_action is NextAction.ARCHIVE
    world.run(ArchiveRequest, request_id=request_id, update_text="完成就诊，随访结束，档案已更新")
    row = world.row(request_id)
    assert row.status is S.ARCHIVED
    assert (row.is_open, row.next_action, row.next_action_due_at) == (False, NextAction.NONE, None)
    with world.desk.read() as session:
        held = balances(session, world.policy(file_id))
        open_clocks = session.scalars(
            select(ClockRun.id).where(ClockRun.service_request_id == request_id, ClockRun.ended_at.is_(None))
        ).all()
    assert held[kind].left == 2
    assert {held[other].left for other in BOOKED_KINDS if other is not kind} == {3}
    assert open_clocks == []


def test_case_management_has_no_clock_no_start_and_no_counted_use(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id, K.CASE_MANAGEMENT)
    with world.desk.read() as session:
        assert session.scalars(select(ClockRun).where(ClockRun.service_request_id == request_id)).all() == []
    assert world.row(request_id).next_action is NextAction.COMPLETE_SERVICE
    world.later(days=3)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment, note="陪同就医完成")
    _follow_up_all(world, request_id)
    world.run(ArchiveRequest, request_id=request_id, update_text="专案评估与随访完成")
    assert world.status(request_id) is S.ARCHIVED
    with world.desk.read() as session:
        assert {balance.left for balance in balances(session, world.policy(file_id)).values()} == {3}


def test_a_childs_guardian_starts_the_service(world: World) -> None:
    file_id = world.open_file(date(2018, 4, 2))
    request_id = world.to_started(file_id, said_by=SignerKind.GUARDIAN)
    assert world.status(request_id) is S.STARTED


def test_the_clocks_of_the_sample_picture(world: World) -> None:
    """R59 over the holiday: 15 working days from 28 September end on 23 October 21:00, C2 after 48 hours."""
    world.clock.moment = datetime(2026, 9, 28, 14, 0, tzinfo=SHANGHAI)
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    world.clock.moment = datetime(2026, 9, 28, 16, 20, tzinfo=SHANGHAI)
    world.run(
        ConfirmRequirement,
        request_id=request_id,
        requirement=world.requirement(file_id, K.OUTPATIENT_COORDINATION, expert_honours=RENOWNED),
        evidence=world.evidence(),
        fee_notice_shown=True,
    )
    with world.desk.read() as session:
        due = {
            clock.kind: clock.due_at.astimezone(SHANGHAI)
            for clock in session.scalars(select(ClockRun).where(ClockRun.service_request_id == request_id))
        }
    assert due[ClockKind.FEEDBACK] == datetime(2026, 9, 30, 16, 20, tzinfo=SHANGHAI)
    assert due[ClockKind.BOOKING] == datetime(2026, 10, 23, 21, 0, tzinfo=SHANGHAI)


def test_a_booking_plans_instructions_now_and_a_reminder_one_working_day_before(world: World) -> None:
    request_id = world.to_started(world.open_file())
    booking_id = world.book(request_id, datetime(2026, 10, 8, 8, 30, tzinfo=SHANGHAI))
    with world.desk.read() as session:
        due = sorted(
            reminder.due_at.astimezone(SHANGHAI)
            for reminder in session.scalars(select(Reminder).where(Reminder.booking_id == booking_id))
        )
    assert due[0] - world.clock.moment < timedelta(minutes=1)
    assert due[1].date() == date(2026, 9, 30)
