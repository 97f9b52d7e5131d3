"""Corrections by a lead: the end of a request, a mistaken start, a mistyped booking, a mistaken termination."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.correction import Correction
from lian_desk.models.tables.requests.follow_up import Reminder
from lian_desk.models.vocabulary import (
    ClockKind,
    CorrectionSubject,
    FactSource,
    NextAction,
    PolicyStatus,
    RequestStatus,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.bookings import CancelByInsured, RecordAttendance, RecordNoShow, RecordNotBooked
from lian_desk.services.corrections.corrections import CorrectBooking, CorrectStart, ReopenRequest
from lian_desk.services.corrections.terminations import ReverseTermination
from lian_desk.services.entitlements.ledger import Balance, balances, requests_that_used
from lian_desk.services.policies.policies import SuspendPolicy, TerminatePolicy
from lian_desk.services.service_requests import ConfirmStart, WithdrawRequest
from lian_desk.services.service_requests.reversing import ReverseStart
from tests.desk_facts import refusal, titles
from tests.desk_world import World

K = ServiceKind
S = RequestStatus
E = ErrorCode


def held(world: World, file_id: int) -> Balance:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))[K.OUTPATIENT_COORDINATION]


def correct(world: World, order: type, request_id: int, **more: object) -> int:
    values = {"request_id": request_id, "reason": "录入有误", "evidence": world.evidence()} | more
    return world.run(order, by=world.lead, **values)


def test_only_a_lead_corrects_and_only_with_reason_and_evidence(world: World) -> None:
    request_id = world.to_started(world.open_file())
    values = {"request_id": request_id, "reason": "误点", "evidence": world.evidence()}
    for order in (ReopenRequest, CorrectStart):
        assert refusal(world, order, **values).code is E.NOT_ALLOWED
    blank = refusal(world, CorrectStart, by=world.lead, **(values | {"reason": " "}))
    assert (blank.code, blank.clause, blank.parameters["field"]) == (E.FIELD_REQUIRED, "R48", "reason")
    typed = refusal(world, CorrectStart, by=world.lead, **(values | {"evidence": world.evidence(note="")}))
    assert typed.code is E.EVIDENCE_MISSING
    assert refusal(world, ReopenRequest, by=world.lead, **values).code is E.WRONG_STATUS
    assert world.status(request_id) is S.STARTED


def test_a_mistaken_start_is_a_compensating_pair(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    correct(world, CorrectStart, request_id)
    row = world.row(request_id)
    assert (row.status, row.is_open, row.closing_clause) == (S.WITHDRAWN, False, "R48")
    assert held(world, file_id) == Balance(3, 0, 3)
    with world.desk.read() as session:
        assert requests_that_used(session, world.policy(file_id), K.OUTPATIENT_COORDINATION) == []
        kept = session.scalars(select(Correction)).one()
    assert (kept.subject, kept.old_value, kept.new_value) == (CorrectionSubject.STATUS, "已开启", "开启前撤回")
    again = refusal(
        world, ReopenRequest, by=world.lead, request_id=request_id, reason="再改", evidence=world.evidence()
    )
    assert again.code is E.CORRECTION_IMPOSSIBLE
    for _ in range(3):
        world.to_started(file_id)
    assert held(world, file_id) == Balance(3, 3, 0)


def test_a_late_patient_whom_the_hospital_took_is_no_no_show(world: World) -> None:
    """R49: the no-show is taken back, nothing more is deducted, and the visit is recorded."""
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.later(days=11)
    world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)
    correct(world, ReopenRequest, request_id)
    assert (world.status(request_id), world.row(request_id).next_action) == (S.BOOKED, NextAction.RECORD_ATTENDANCE)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    assert (world.status(request_id), held(world, file_id).left) == (S.ARRIVED, 2)
    assert "门诊协调更正：爽约（计已用） → 预约成功" in titles(world.desk, file_id)


def test_a_mistaken_withdrawal_goes_back_with_its_clocks(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    world.later(hours=1)
    world.run(WithdrawRequest, request_id=request_id, reason="误点", evidence=world.evidence())
    world.later(hours=1)
    correct(world, ReopenRequest, request_id)
    assert world.status(request_id) is S.AWAITING_START
    with world.desk.read() as session:
        clock = session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == ClockKind.BOOKING)
        ).one()
    assert clock.ended_at is None
    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    assert held(world, file_id).left == 2


def test_a_mistaken_cancellation_brings_its_reminders_back(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.run(
        CancelByInsured,
        request_id=request_id,
        reason="听错",
        evidence=world.evidence(),
        warning_acknowledged=True,
    )
    correct(world, ReopenRequest, request_id)
    assert world.status(request_id) is S.BOOKED
    with world.desk.read() as session:
        open_reminders = session.scalars(select(Reminder).where(Reminder.closed_at.is_(None))).all()
    assert len(open_reminders) == 1


def test_what_was_reversed_is_not_reopened(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    correct(world, ReopenRequest, request_id)
    assert world.status(request_id) is S.STARTED
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    world.run(ReverseStart, by=world.lead, request_id=request_id, reason="无号源", evidence=world.evidence())
    values = {"request_id": request_id, "reason": "又有号", "evidence": world.evidence()}
    assert refusal(world, ReopenRequest, by=world.lead, **values).code is E.CORRECTION_IMPOSSIBLE
    assert held(world, file_id) == Balance(3, 0, 3)


def test_a_mistyped_booking_keeps_the_old_value(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    visit = datetime(2026, 10, 12, 8, 30, tzinfo=SHANGHAI)
    values = {
        "request_id": request_id,
        "hospital_id": world.hospital(),
        "visit_at": visit,
        "department_text": "心内科",
        "reason": "时间录错",
        "evidence": world.evidence(),
    }
    assert refusal(world, CorrectBooking, **values).code is E.NOT_ALLOWED
    early = refusal(world, CorrectBooking, by=world.lead, **(values | {"visit_at": visit - timedelta(days=60)}))
    assert (early.code, early.parameters["field"]) == (E.TIME_ORDER, "visit_at")
    world.run(CorrectBooking, by=world.lead, **values)
    with world.desk.read() as session:
        rows = session.scalars(select(Booking).order_by(Booking.id)).all()
        kept = session.scalars(select(Correction)).one()
        due = session.scalars(select(Reminder).where(Reminder.booking_id == rows[1].id)).all()
        still_open = session.scalars(select(Reminder.booking_id).where(Reminder.closed_at.is_(None))).all()
    assert [row.fell_through_at is None for row in rows] == [False, True]
    assert rows[1].visit_at == visit
    assert (kept.subject, kept.reason) == (CorrectionSubject.BOOKING, "时间录错")
    assert kept.old_value.startswith("2026-10-08 10:")
    assert kept.new_value.startswith("2026-10-12 08:30")
    assert len(due) == 2
    assert set(still_open) == {rows[1].id}, "nobody is reminded of the date that was mistyped"
    assert "门诊协调更正预约内容" in titles(world.desk, file_id)


def test_corrections_and_disclosures_are_append_only(world: World) -> None:
    correct(world, CorrectStart, world.to_started(world.open_file()))
    with world.desk.database.write_session() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(Correction).values(reason="改过"))


def terminate(world: World, file_id: int) -> None:
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )


def test_a_mistaken_termination_is_taken_back_by_a_lead(world: World) -> None:
    file_id = world.open_file()
    waiting, booked = world.to_awaiting(file_id), world.to_booked(file_id)
    terminate(world, file_id)
    values = {"policy_id": world.policy(file_id), "reason": "误登记", "source": FactSource.INSURER_SYSTEM}
    assert refusal(world, ReverseTermination, **values).code is E.NOT_ALLOWED
    world.run(ReverseTermination, by=world.lead, **values)
    assert (world.status(waiting), world.status(booked)) == (S.AWAITING_START, S.BOOKED)
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.policy_status is PolicyStatus.IN_FORCE
    assert refusal(world, ReverseTermination, by=world.lead, **values).code is E.WRONG_STATUS
    world.run(ConfirmStart, request_id=waiting, evidence=world.evidence(), warning_acknowledged=True)


def test_a_termination_taken_back_leaves_the_suspension_before_it(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    world.run(
        SuspendPolicy, policy_id=world.policy(file_id), from_on=date(2026, 9, 28), source=FactSource.INSURER_NOTICE
    )
    terminate(world, file_id)
    world.run(
        ReverseTermination,
        by=world.lead,
        policy_id=world.policy(file_id),
        reason="误登记",
        source=FactSource.INSURER_SYSTEM,
    )
    row = world.row(request_id)
    assert (row.status, row.paused_from) == (S.PAUSED, S.AWAITING_START)
