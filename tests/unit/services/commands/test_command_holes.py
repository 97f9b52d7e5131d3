"""Holes that an examination of every command against the handbook found, each closed by a refusal with its clause."""

import copy
import dataclasses
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.keys.envelope_changes import load_envelope
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.policy import PolicyStatusCheck
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import Reminder
from lian_desk.models.tables.requests.service_request import RequestPause, ServiceRequest, ServiceReview
from lian_desk.models.vocabulary import (
    AttemptResult,
    Certainty,
    CheckResult,
    EvidenceForm,
    ExpertTitle,
    FactSource,
    ForceMajeureCause,
    MaterialKind,
    PauseReason,
    RequestStatus,
    RescheduleCause,
    Role,
    SensitiveKind,
    ServiceKind,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.assistance_files import AddDisease, DiseaseInput
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.bookings import (
    CancelByInsured,
    CompleteService,
    RecordAttendance,
    RecordBooking,
    RecordBookingAttempt,
    RecordNoShow,
    RecordNotBooked,
    RescheduleByHospital,
)
from lian_desk.services.bookings.sensitive_events import RecordSensitiveEvent
from lian_desk.services.corrections.corrections import CorrectStart, ReopenRequest
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.file_ownership import HandOverFile, TakeBackFile, owner_of
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.force_majeure.force_majeure import DeclareForceMajeure, EndForceMajeure
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy
from lian_desk.services.policies.terms import RecordPolicyTerms
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.service_requests import (
    ArchiveRequest,
    AwaitStart,
    BeginCoordination,
    CheckGiven,
    ConfirmRequirement,
    ConfirmStart,
    MaterialArrived,
    PauseRequest,
    RecordReview,
    ResumeRequest,
    WithdrawRequest,
)
from lian_desk.services.service_requests.reversing import ReverseStart
from lian_desk.services.workspace.layout import WorkspaceLayout
from tests.desk_facts import refusal
from tests.desk_fixture import as_operator
from tests.desk_world import World

S = RequestStatus
K = ServiceKind
E = ErrorCode
KIND = K.OUTPATIENT_COORDINATION


def said(world: World, request_id: int, **more: Any) -> dict[str, Any]:
    return {"request_id": request_id, "evidence": world.evidence()} | more


def book_order(world: World, request_id: int, **more: Any) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "hospital_id": world.hospital(),
        "visit_at": world.clock.moment + timedelta(days=10),
        "confirmed_by_hospital_at": world.clock.moment,
        "hospital_reference": "YY-1",
    } | more


def left(world: World, file_id: int, kind: ServiceKind = KIND) -> int:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))[kind].left


# ------------------------------------------------------------------------------------------------------------- review


@pytest.mark.parametrize("reach", ["draft", "awaiting_material", "booked", "archived_by_withdrawal"])
def test_r25_a_review_out_of_turn_leaves_no_review(world: World, reach: str) -> None:
    """Three passes on a request that is not under review would open the way to the requirement behind the papers."""
    file_id = world.open_file()
    if reach == "draft":
        request_id = world.open_request(file_id, submit=False)
    elif reach == "booked":
        request_id = world.to_booked(file_id)
    elif reach == "awaiting_material":
        world.material(file_id)
        request_id = world.open_request(file_id)
        needs = world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE, "缺病理")}
        world.run(RecordReview, request_id=request_id, **needs)
    else:
        request_id = world.to_awaiting(file_id)
        world.run(WithdrawRequest, reason="自行就医", **said(world, request_id))
    with world.desk.read() as session:
        before = len(session.scalars(select(ServiceReview)).all())
    violation = refusal(world, RecordReview, request_id=request_id, **world.passed())
    assert (violation.code, violation.clause) == (E.WRONG_STATUS, "R25")
    with world.desk.read() as session:
        assert len(session.scalars(select(ServiceReview)).all()) == before


def test_r4_a_review_that_does_not_pass_keeps_the_status_it_saw_too(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    needs = world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE, "缺病理")}
    world.run(RecordReview, request_id=request_id, **needs)
    with world.desk.read() as session:
        gates = session.scalars(
            select(PolicyStatusCheck.gate).where(PolicyStatusCheck.service_request_id == request_id)
        ).all()
    assert gates == ["submit", "review"]


def test_r4_a_stale_status_is_said_in_the_line_of_every_gate_that_lets_it_pass(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    world.later(days=8)
    world.run(
        ConfirmRequirement,
        requirement=world.requirement(file_id, KIND),
        fee_notice_shown=True,
        **said(world, request_id),
    )
    world.run(BeginCoordination, request_id=request_id)
    world.run(ConfirmStart, warning_acknowledged=True, stale_status_reason="断网", **said(world, request_id))
    world.book(request_id)
    with world.desk.read() as session:
        told = dict(
            session.execute(
                select(FileEntry.title, FileEntry.detail).where(FileEntry.service_request_id == request_id)
            ).all()
        )
    for title in ("门诊协调需求确认", "门诊协调确认开启，扣除权益 1 次", "门诊协调预约成功，不可改约或取消"):
        assert "7 天未核实" in told[title], title


def test_r1_r14_a_paper_of_somebody_else_is_no_illness_document_and_serves_nothing(world: World) -> None:
    file_id = world.open_file()
    paper = world.material(file_id)
    mark(world, paper, name_matches=False)
    request_id = world.open_request(file_id)
    violation = refusal(world, RecordReview, request_id=request_id, **world.passed())
    assert (violation.code, violation.clause) == (E.ILLNESS_DOCUMENT_MISSING, "R14")
    world.material(file_id)
    world.run(
        RecordReview,
        request_id=request_id,
        **(world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE, "缺病理")}),
    )
    for found in (
        refusal(world, MaterialArrived, request_id=request_id, material_ids=(paper,)),
        refusal(
            world,
            WithdrawRequest,
            request_id=request_id,
            reason="自行就医",
            evidence=world.evidence(form=EvidenceForm.MESSAGE_IMAGE, material_id=paper),
        ),
        refusal(
            world,
            AddDisease,
            assistance_file_id=file_id,
            disease=DiseaseInput(
                load_disease_list().diseases[1].code,
                Certainty.CONFIRMED,
                date(2026, 9, 1),
                evidence_material_id=paper,
            ),
        ),
    ):
        assert (found.code, found.clause) == (E.NOT_THE_INSURED, "R1")


def mark(world: World, material_id: int, **values: Any) -> None:
    with world.desk.database.write_session() as session:
        row = session.get_one(Material, material_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.commit()


def test_r8_the_evidence_of_an_illness_is_a_paper_of_the_same_file(world: World) -> None:
    file_id, other = world.open_file(), world.open_file()
    violation = refusal(
        world,
        AddDisease,
        assistance_file_id=file_id,
        disease=DiseaseInput(
            load_disease_list().diseases[1].code,
            Certainty.CONFIRMED,
            date(2026, 9, 1),
            evidence_material_id=world.material(other),
        ),
    )
    assert (violation.code, violation.parameters["field"]) == (E.NOT_FOUND, "evidence_material_id")


# -------------------------------------------------------------------------------- who reviewed approves no exception


def reviewed_by_lead(world: World, file_id: int) -> int:
    """A started request whose review the lead did himself."""
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, by=world.lead, request_id=request_id, **world.passed())
    world.run(
        ConfirmRequirement,
        requirement=world.requirement(file_id, KIND),
        fee_notice_shown=True,
        **said(world, request_id),
    )
    return request_id


def other_lead(world: World) -> Desk:
    with world.desk.database.write_session() as session:
        session.add(
            Operator(
                id=world.desk.new_id(),
                name="周宁",
                staff_number="003",
                role=Role.TEAM_LEAD,
                is_active=True,
                created_at=world.clock.moment,
            )
        )
        session.commit()
    return as_operator(world.desk, "003")


def test_r25_who_reviewed_a_request_approves_none_of_its_exceptions(world: World) -> None:
    file_id = world.open_file(effective_on=date(2026, 8, 1))
    request_id = reviewed_by_lead(world, file_id)
    second = other_lead(world)
    world.run(
        RecordPolicyTerms,
        policy_id=world.policy(file_id),
        source=FactSource.INSURER_SYSTEM,
        waiting_until_on=date(2026, 10, 30),
    )
    world.run(BeginCoordination, request_id=request_id)
    start = said(world, request_id, warning_acknowledged=True)
    refused = [refusal(world, ConfirmStart, by=world.lead, **start)]
    world.run(ConfirmStart, by=second, **start)
    refused.append(refusal(world, CorrectStart, by=world.lead, reason="误点", **said(world, request_id)))
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    give_back = said(world, request_id, reason="无号源")
    refused.append(refusal(world, ReverseStart, by=world.lead, **give_back))
    world.run(ReverseStart, by=second, **give_back)
    assert [(found.code, found.clause) for found in refused] == [(E.REVIEWER_APPROVES_HIMSELF, "R25")] * 3


def test_r25_who_reviewed_waives_no_follow_up_and_lets_no_visit_take_place(world: World) -> None:
    file_id = world.open_file()
    request_id = reviewed_by_lead(world, file_id)
    world.run(BeginCoordination, request_id=request_id)
    world.run(ConfirmStart, warning_acknowledged=True, **said(world, request_id))
    world.book(request_id)
    world.later(days=1)
    world.run(
        SuspendPolicy,
        policy_id=world.policy(file_id),
        from_on=world.clock.moment.date(),
        source=FactSource.INSURER_NOTICE,
    )
    resume = {"request_id": request_id, "resumed_at": world.clock.moment, "note": "号源在先"}
    assert refusal(world, ResumeRequest, by=world.lead, **resume).code is E.REVIEWER_APPROVES_HIMSELF
    second = other_lead(world)
    world.run(ResumeRequest, by=second, **resume)
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    waive = {"request_id": request_id, "update_text": "完成", "waiver_reason": "客户拒访"}
    assert refusal(world, ArchiveRequest, by=world.lead, **waive).code is E.REVIEWER_APPROVES_HIMSELF
    world.run(ArchiveRequest, by=second, **waive)


# --------------------------------------------------------------------------------------------- words and their moment


def test_r26_r45_a_word_about_the_first_version_starts_nothing_under_the_second(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    early = world.evidence()
    world.later(hours=1)
    revision = {
        "request_id": request_id,
        "requirement": world.requirement(file_id, KIND, department_text="神经内科"),
        "fee_notice_shown": True,
        "revision_reason": "改科室",
    }
    before_first = world.evidence(happened_at=world.clock.moment - timedelta(hours=3))
    order = refusal(world, ConfirmRequirement, evidence=before_first, backdating_reason="补录", **revision)
    assert (order.code, order.parameters["field"]) == (E.TIME_ORDER, "evidence_at")
    world.run(ConfirmRequirement, evidence=world.evidence(), **revision)
    world.run(BeginCoordination, request_id=request_id)
    world.run(AwaitStart, request_id=request_id)
    late = refusal(world, ConfirmStart, request_id=request_id, evidence=early, warning_acknowledged=True)
    assert (late.code, late.parameters["field"]) == (E.TIME_ORDER, "evidence_at")
    assert left(world, file_id) == 3
    world.later(minutes=5)
    world.run(ConfirmStart, warning_acknowledged=True, **said(world, request_id))


def test_r9_a33_what_the_guardian_said_on_the_birthday_counts_the_day_after(world: World) -> None:
    """The word is judged by the day on which it was said, not by the day of its entry."""
    file_id = world.open_file(date(2008, 9, 28))
    request_id = world.to_awaiting(file_id, said_by=SignerKind.GUARDIAN)
    on_the_birthday = world.evidence(SignerKind.GUARDIAN)
    world.later(days=1)
    own = world.evidence(SignerKind.GUARDIAN)
    order = {"request_id": request_id, "reason": "自行就医"}
    assert refusal(world, WithdrawRequest, evidence=own, **order).code is E.INSURED_MUST_CONFIRM
    world.run(WithdrawRequest, evidence=on_the_birthday, **order)


def test_r72_nothing_is_completed_before_the_arrival(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    early = refusal(
        world, CompleteService, request_id=request_id, completed_at=world.clock.moment - timedelta(minutes=1)
    )
    assert (early.code, early.parameters["field"]) == (E.TIME_ORDER, "completed_at")


def test_r52_the_next_booking_is_confirmed_after_the_stop(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    before_the_stop = world.clock.moment
    world.later(hours=2)
    world.run(
        RescheduleByHospital,
        cause=RescheduleCause.CANCELLED_BY_HOSPITAL,
        note="停诊",
        **said(world, request_id),
    )
    order = book_order(world, request_id, confirmed_by_hospital_at=before_the_stop)
    assert refusal(world, RecordBooking, **order).code is E.TIME_ORDER
    world.run(RecordBooking, **book_order(world, request_id))


def reminders(world: World, request_id: int) -> dict[str, list[str]]:
    """Reminders of a request that are open, and those that were closed."""
    found: dict[str, list[str]] = {"open": [], "closed": []}
    with world.desk.read() as session:
        rows = session.scalars(
            select(Reminder)
            .join(Booking, Booking.id == Reminder.booking_id)
            .where(Booking.service_request_id == request_id)
        )
        for row in rows:
            found["open" if row.closed_at is None else "closed"].append(row.closing_reason)
    return found


@pytest.mark.parametrize("cause", RescheduleCause)
def test_r52_after_a_hospitals_stop_nobody_is_reminded_of_the_dead_date(world: World, cause: RescheduleCause) -> None:
    request_id = world.to_booked(world.open_file())
    assert len(reminders(world, request_id)["open"]) == 1
    world.later(hours=1)
    world.run(RescheduleByHospital, cause=cause, note="停诊", **said(world, request_id))
    assert reminders(world, request_id)["open"] == []
    assert "预约已取消或改期" in reminders(world, request_id)["closed"]
    world.book(request_id)
    # the new date has its own
    assert len(reminders(world, request_id)["open"]) == 2


@pytest.mark.parametrize("exit_", ["no_show", "cancelled"])
def test_a_service_that_ends_without_a_visit_leaves_no_reminder_open(world: World, exit_: str) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=11)
    if exit_ == "no_show":
        world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)
    else:
        world.run(CancelByInsured, reason="不去了", warning_acknowledged=True, **said(world, request_id))
    assert reminders(world, request_id)["open"] == []


# ------------------------------------------------------------------------------------------------------ after a death


def record_death(world: World, file_id: int) -> None:
    world.run(
        RecordSensitiveEvent,
        assistance_file_id=file_id,
        kind=SensitiveKind.DIED,
        happened_at=world.clock.moment,
        source=FactSource.HOSPITAL,
    )


@pytest.mark.parametrize("reach", ["awaiting", "coordinating"])
@pytest.mark.parametrize("by_lead", [False, True])
def test_r68_no_service_starts_and_no_use_is_spent_after_a_recorded_death(
    world: World, reach: str, *, by_lead: bool
) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id) if reach == "awaiting" else world.to_requirement(file_id)
    if reach == "coordinating":
        world.run(BeginCoordination, request_id=request_id)
    record_death(world, file_id)
    before, status = left(world, file_id), world.status(request_id)
    order = said(world, request_id, warning_acknowledged=True, by=world.lead if by_lead else world.desk)
    violation = refusal(world, ConfirmStart, **order)
    assert (violation.code, violation.clause) == (E.CARE_STOPPED, "R68")
    assert (left(world, file_id), world.status(request_id)) == (before, status)
    assert world.row(request_id).started_at is None


# ------------------------------------------------------------------------------------------- scope of what was booked


@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        ({"department_text": "口腔科"}, E.DEPARTMENT_EXCLUDED, "R34"),
        ({"expert_title": ExpertTitle.ATTENDING_PHYSICIAN, "expert_name": "赵远"}, E.TITLE_TOO_LOW, "R32"),
    ],
)
def test_r26_a_booking_that_differs_is_held_against_the_same_rules(
    world: World, changes: dict[str, Any], code: ErrorCode, clause: str
) -> None:
    """A reason explains a difference; it does not lift the rules of the place and the expert."""
    request_id = world.to_started(world.open_file())
    order = book_order(world, request_id, difference_reason="客户同意", **changes)
    violation = refusal(world, RecordBooking, **order)
    assert (violation.code, violation.clause) == (code, clause)
    assert world.status(request_id) is S.STARTED


def test_r40_r42_a_stay_is_booked_where_the_notice_was_issued(world: World) -> None:
    other = world.hospital("上海交通大学医学院附属瑞金医院")
    for kind, clause in ((K.INPATIENT_COORDINATION, "R40"), (K.EXPEDITED_EXAMINATION, "R42")):
        request_id = world.to_started(world.open_file(), kind)
        order = book_order(world, request_id, hospital_id=other, difference_reason="客户同意")
        violation = refusal(world, RecordBooking, **order)
        assert (violation.code, violation.clause) == (E.NOTICE_WRONG_HOSPITAL, clause)
    request_id = world.to_started(world.open_file())
    world.run(RecordBooking, **book_order(world, request_id, hospital_id=other, difference_reason="原院无号"))


def test_r19_after_a_withdrawal_nothing_more_is_asked_of_a_hospital(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    told_before = world.clock.moment
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.authorization is not None
    world.later(hours=1)
    world.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="本人要求")
    world.later(hours=1)
    attempt = {"request_id": request_id, "hospital_id": world.hospital(), "result": AttemptResult.PENDING}
    for found in (
        refusal(world, RecordBookingAttempt, happened_at=world.clock.moment, **attempt),
        refusal(world, RecordBooking, **book_order(world, request_id)),
    ):
        assert (found.code, found.clause) == (E.AUTHORIZATION_MISSING, "R19")
    world.run(RecordBookingAttempt, happened_at=told_before, **attempt)


# -------------------------------------------------------------------------------------------- exits and interruptions


def test_a23_after_a_hospitals_stop_the_customers_refusal_is_a_leads_to_decide(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.later(hours=1)
    world.run(
        RescheduleByHospital,
        cause=RescheduleCause.CANCELLED_BY_HOSPITAL,
        note="停诊",
        **said(world, request_id),
    )
    world.later(hours=1)
    cancel = said(world, request_id, reason="不接受新时间", warning_acknowledged=True)
    violation = refusal(world, CancelByInsured, **cancel)
    assert (violation.code, violation.clause) == (E.NOT_ALLOWED, "A23")
    world.run(RecordNotBooked, request_id=request_id, reason="客户不接受新时间")
    world.run(ReverseStart, by=world.lead, reason="医院停诊", **said(world, request_id))
    assert left(world, file_id) == 3


def test_r48_a_mistaken_start_is_taken_back_with_its_booking(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.run(CorrectStart, by=world.lead, reason="误点了另一位客户", **said(world, request_id))
    assert (world.status(request_id), left(world, file_id)) == (S.WITHDRAWN, 3)
    with world.desk.read() as session:
        assert session.scalars(select(Booking)).one().fell_through_at is not None
    again = refusal(world, ReopenRequest, by=world.lead, reason="误录", **said(world, request_id))
    assert again.code is E.CORRECTION_IMPOSSIBLE


def declare(world: World, **more: Any) -> int:
    values = {"cause": ForceMajeureCause.NATURAL_DISASTER, "from_at": world.clock.moment, "note": "台风"} | more
    return world.run(DeclareForceMajeure, by=world.lead, **values)


def test_r86_a_request_goes_on_only_when_the_last_of_two_events_is_over(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    first = declare(world)
    world.later(hours=1)
    second = declare(world, cause=ForceMajeureCause.EPIDEMIC, note="疫情")
    world.later(days=1)
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=first, to_at=world.clock.moment)
    assert world.status(request_id) is S.PAUSED
    world.later(days=1)
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=second, to_at=world.clock.moment)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED


def test_r86_one_request_is_taken_out_of_an_event_by_a_lead_with_a_reason(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    declare(world)
    world.later(hours=1)
    resume = {"request_id": request_id, "resumed_at": world.clock.moment, "note": "该院照常出诊"}
    violation = refusal(world, ResumeRequest, **resume)
    assert (violation.code, violation.clause) == (E.NOT_ALLOWED, "R86")
    assert refusal(world, ResumeRequest, by=world.lead, **(resume | {"note": " "})).code is E.FIELD_REQUIRED
    world.run(ResumeRequest, by=world.lead, **resume)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED


def test_r5_r86_what_is_reopened_stands_still_for_an_event_that_lasts(world: World) -> None:
    request_id = world.to_awaiting(world.open_file())
    event = declare(world)
    world.later(minutes=5)
    world.run(WithdrawRequest, reason="自行就医", **said(world, request_id))
    world.later(minutes=5)
    world.run(ReopenRequest, by=world.lead, reason="误录", **said(world, request_id))
    assert world.status(request_id) is S.PAUSED
    with world.desk.read() as session:
        lasting = session.scalars(
            select(RequestPause.reason).where(
                RequestPause.service_request_id == request_id, RequestPause.resumed_at.is_(None)
            )
        ).all()
    assert PauseReason.FORCE_MAJEURE in lasting
    world.later(days=1)
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=event, to_at=world.clock.moment)
    assert world.status(request_id) is S.AWAITING_START


def test_r88_work_done_after_the_true_end_is_named_when_the_end_is_learned_late(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    world.later(days=3)
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    with world.desk.read() as session:
        told = session.scalars(
            select(FileEntry.detail).where(
                FileEntry.service_request_id == request_id, FileEntry.title == "门诊协调随合同终止"
            )
        ).one()
    assert "终止日后已办理" in told
    assert "申请门诊协调" in told


def test_r7_a_file_whose_contract_ended_takes_no_terms(world: World) -> None:
    file_id = world.open_file()
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    violation = refusal(world, RecordPolicyTerms, policy_id=world.policy(file_id), source=FactSource.INSURER_SYSTEM)
    assert (violation.code, violation.clause) == (E.FILE_READ_ONLY, "R7")


def test_r5_two_reasons_hold_a_request_until_both_are_over(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药一周",
        paused_at=world.clock.moment,
    )
    policy = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_NOTICE}
    world.run(SuspendPolicy, from_on=world.clock.moment.date(), **policy)
    world.later(days=1)
    world.run(ReinstatePolicy, from_on=world.clock.moment.date(), **policy)
    assert world.status(request_id) is S.PAUSED
    world.run(ResumeRequest, request_id=request_id, resumed_at=world.clock.moment, note="医嘱完成")
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED


# ----------------------------------------------------------------------------------------------------- one workstation


def at_workstation(desk: Desk, code: str) -> Desk:
    other = copy.copy(desk)
    other._executor = dataclasses.replace(desk._executor, workstation_code=code)
    return other


def test_a46_only_the_owning_workstation_posts_to_the_ledger_until_a_handover(world: World) -> None:
    file_id = world.open_file()
    waiting, started = world.to_awaiting(file_id), world.to_started(file_id)
    elsewhere, lead_elsewhere = at_workstation(world.desk, "02"), at_workstation(world.lead, "02")
    start = said(world, waiting, warning_acknowledged=True)
    violation = refusal(world, ConfirmStart, by=elsewhere, **start)
    assert (violation.code, violation.clause, violation.parameters["owner"]) == (
        E.FILE_OF_ANOTHER_WORKSTATION,
        "A46",
        "01",
    )
    correct = said(world, started, reason="误点")
    assert refusal(world, CorrectStart, by=lead_elsewhere, **correct).code is E.FILE_OF_ANOTHER_WORKSTATION
    handover = {"assistance_file_id": file_id, "to_workstation": "02", "reason": "客户迁到南京"}
    assert refusal(world, HandOverFile, **handover).code is E.NOT_ALLOWED
    assert refusal(world, HandOverFile, by=lead_elsewhere, **handover).code is E.FILE_OF_ANOTHER_WORKSTATION
    wrong = refusal(world, HandOverFile, by=world.lead, **(handover | {"to_workstation": "南京"}))
    assert (wrong.code, wrong.parameters["field"]) == (E.WORKSTATION_CODE_INVALID, "to_workstation")
    assert refusal(world, HandOverFile, by=world.lead, **(handover | {"to_workstation": "01"})).clause == "A46"
    world.run(HandOverFile, by=world.lead, **handover)
    assert left(world, file_id) == 2
    assert refusal(world, ConfirmStart, **start).code is E.FILE_OF_ANOTHER_WORKSTATION
    world.run(ConfirmStart, by=elsewhere, **start)
    world.run(CorrectStart, by=lead_elsewhere, **correct)
    assert left(world, file_id) == 2


def test_a46_a_handover_that_did_not_arrive_is_taken_back_by_who_gave_it(world: World) -> None:
    file_id = world.open_file()
    back = {"assistance_file_id": file_id, "reason": "对方没有收到"}
    assert refusal(world, TakeBackFile, by=world.lead, **back).code is E.FILE_OF_ANOTHER_WORKSTATION
    world.run(HandOverFile, by=world.lead, assistance_file_id=file_id, to_workstation="nj02", reason="迁移")
    third = at_workstation(world.lead, "03")
    assert refusal(world, TakeBackFile, by=third, **back).code is E.FILE_OF_ANOTHER_WORKSTATION
    world.run(TakeBackFile, by=world.lead, **back)
    with world.desk.read() as session:
        assert owner_of(session, session.get_one(AssistanceFile, file_id)) == "01"


# --------------------------------------------------------------------------------------------- killed between two steps

_KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
import lian_desk.models.tables.schema
from lian_desk.services.rules.calendars import load_calendar
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.commands.commands import OperatorIdentity
from lian_desk.adapters.database.database import Database
from lian_desk.services.rules.edition_shelf import shipped_shelf
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.commands.execution import Executor
from lian_desk.adapters.keys.envelope_changes import load_envelope
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.services.service_requests import ConfirmStart
from lian_desk.services.workspace.layout import WorkspaceLayout
from lian_desk.models.identifiers import IdentifierFactory
from lian_desk.models.vocabulary import Channel, EvidenceForm, Role, SignerKind

operator, request, moment = int(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
for step, folder in enumerate(sys.argv[4:], start=1):
    child = os.fork()
    if child:
        _, code = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(code), flush=True)
        continue
    keys = by_throw_away_key()(load_envelope(Path(folder))[0])
    database = Database.open(WorkspaceLayout(Path(folder)).database, keys.database)
    with database.read_session() as session:
        calendar = load_calendar(session)
    seen = 0

    def count(*_given):
        global seen
        seen += 1
        if seen == step:
            os._exit(9)

    event.listen(database.write_engine, "after_cursor_execute", count)
    executor = Executor(
        database=database, seal_key=keys.seal_key, identifiers=IdentifierFactory(77), clock=FixedClock(moment),
        editions=shipped_shelf, calendar=lambda: calendar,
        operator=OperatorIdentity(operator, "", Role.CASE_MANAGER), workstation_code="01",
    )
    said = EvidenceGiven(
        form=EvidenceForm.CALL_NOTE, said_by=SignerKind.INSURED, said_by_name="王淑兰", channel=Channel.PHONE,
        happened_at=moment, note="电话确认",
    )
    executor.execute(ConfirmStart(command_id=77001, request_id=request, evidence=said, warning_acknowledged=True))
    os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be killed at a chosen statement")
def test_r46_a_start_killed_after_any_statement_spends_a_use_with_its_status_or_not_at_all(
    world: World, tmp_path: Path
) -> None:
    """State change and ledger −1 in one transaction: killed after each statement of the command in turn."""
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    policy_id = world.policy(file_id)
    world.desk.opened.close()
    folders = [tmp_path / f"copy-{step}" for step in range(60)]
    for folder in folders:
        shutil.copytree(world.desk.opened.folder, folder)
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            _KILLED,
            str(world.desk.operator.id),
            str(request_id),
            world.clock.moment.isoformat(),
            *map(str, folders),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[4],
    )
    codes = [int(line) for line in ran.stdout.split()]
    assert codes[0] == 9
    assert codes[-1] == 0, "more statements than copies"
    kills = codes.index(0)
    assert set(codes[:kills]) == {9}
    assert kills > 15
    for folder, code in zip(folders[: kills + 1], codes, strict=False):
        status, uses = look(folder, request_id, policy_id)
        assert (status, uses) == ((S.STARTED, 2) if code == 0 else (S.AWAITING_START, 3))


def look(folder: Path, request_id: int, policy_id: int) -> tuple[RequestStatus, int]:
    keys = by_throw_away_key()(load_envelope(folder)[0])
    database = Database.open(WorkspaceLayout(folder).database, keys.database)
    try:
        with database.read_session() as session:
            return session.get_one(ServiceRequest, request_id).status, balances(session, policy_id)[KIND].left
    finally:
        database.read_engine.dispose()
        database.write_engine.dispose()


def test_r27_the_notice_of_another_kind_does_not_stand_for_the_right_one(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id, K.INPATIENT_COORDINATION)
    world.run(RecordReview, request_id=request_id, **world.passed())
    wanted = world.requirement(file_id, K.INPATIENT_COORDINATION)
    assert wanted.notice is not None
    wrong = dataclasses.replace(
        wanted,
        notice=dataclasses.replace(wanted.notice, material_id=world.material(file_id, MaterialKind.SURGERY_NOTICE)),
    )
    violation = refusal(world, ConfirmRequirement, requirement=wrong, fee_notice_shown=True, **said(world, request_id))
    assert (violation.code, violation.clause) == (E.NOTICE_MISSING, "R40")
