"""What a row of the state table needs, posts, stops, starts, holds and drops is asked for and done by real commands.

Each test sees what a person would see afterwards: a refusal beside its field, the feed, the clocks, the tasks, the
ledger. A row that forgot one of its marks turns one of them red.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.booking import Booking, Reschedule
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.correction import Correction
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import Evidence, RequestPause, Requirement
from lian_desk.models.vocabulary import (
    CheckResult,
    ClockKind,
    EntryKind,
    FactSource,
    ForceMajeureCause,
    PauseReason,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.bookings import (
    CancelByInsured,
    CompleteService,
    RecordAttendance,
    RecordBooking,
    RecordNoShow,
    RecordNotBooked,
    RescheduleByHospital,
)
from lian_desk.services.corrections.corrections import CorrectBooking, CorrectStart, ReopenRequest
from lian_desk.services.corrections.terminations import ReverseTermination
from lian_desk.services.force_majeure.force_majeure import DeclareForceMajeure, TerminateForForceMajeure
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.service_requests import (
    ArchiveRequest,
    AwaitStart,
    BeginCoordination,
    CheckGiven,
    ConfirmRequirement,
    ConfirmStart,
    PauseRequest,
    RecordReview,
    WithdrawRequest,
)
from lian_desk.services.service_requests.reversing import ReverseStart
from tests.desk_facts import refusal
from tests.desk_world import World

S = RequestStatus
K = ServiceKind
E = ErrorCode
WALK = (K.CASE_MANAGEMENT, K.OUTPATIENT_COORDINATION)


def rows(world: World, kind: Any, request_id: int) -> list[Any]:
    with world.desk.read() as session:
        return list(session.scalars(select(kind).where(kind.service_request_id == request_id).order_by(kind.id)))


def running(world: World, request_id: int) -> set[ClockKind]:
    return {run.kind for run in rows(world, ClockRun, request_id) if run.ended_at is None}


def lasting(world: World, request_id: int) -> set[PauseReason]:
    return {row.reason for row in rows(world, RequestPause, request_id) if row.resumed_at is None}


def open_reminders(world: World, request_id: int) -> list[Reminder]:
    with world.desk.read() as session:
        bookings = select(Booking.id).where(Booking.service_request_id == request_id)
        found = select(Reminder).where(Reminder.booking_id.in_(bookings), Reminder.closed_at.is_(None))
        return list(session.scalars(found))


def open_follow_ups(world: World, request_id: int) -> list[FollowUp]:
    return [row for row in rows(world, FollowUp, request_id) if row.closed_at is None]


def details(world: World, request_id: int) -> list[str]:
    return [row.detail for row in rows(world, FileEntry, request_id)]


def reviewed(world: World, file_id: int, kind: ServiceKind) -> int:
    world.material(file_id)
    request_id = world.open_request(file_id, kind)
    world.run(RecordReview, request_id=request_id, **world.passed())
    return request_id


def requirement(world: World, file_id: int, request_id: int, **changes: Any) -> dict[str, Any]:
    """Return what ConfirmRequirement is given; ``changes`` replace parts of it."""
    kind = world.row(request_id).kind
    values: dict[str, Any] = {
        "request_id": request_id,
        "requirement": world.requirement(file_id, kind),
        "evidence": world.evidence(),
        "fee_notice_shown": True,
        "revision_reason": "客户改主意",
    }
    return values | changes


def untold(world: World, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> int:
    """Bring a request to 预约成功 of which the customer was told nothing: C2 still runs, the reminders wait."""
    request_id = world.to_requirement(file_id, kind)
    world.run(BeginCoordination, request_id=request_id)
    world.later(minutes=10)
    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    world.book(request_id)
    assert running(world, request_id) == {ClockKind.FEEDBACK}
    return request_id


# -- the requirement --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WALK)
@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        ({"fee_notice_shown": False}, E.FEE_NOTICE_MISSING, "R77"),
        ({"evidence": {"said_by": SignerKind.GUARDIAN}}, E.INSURED_MUST_CONFIRM, "R28"),
        ({"evidence": {"note": " "}}, E.EVIDENCE_MISSING, "A38"),
    ],
)
def test_a_requirement_needs_the_fee_notice_the_right_voice_and_a_proof(
    world: World, kind: ServiceKind, changes: dict[str, Any], code: ErrorCode, clause: str
) -> None:
    file_id = world.open_file()
    request_id = reviewed(world, file_id, kind)
    if "evidence" in changes:
        changes = {"evidence": world.evidence(**changes["evidence"])}
    violation = refusal(world, ConfirmRequirement, **requirement(world, file_id, request_id, **changes))
    assert (violation.code, violation.clause) == (code, clause)
    assert world.status(request_id) is S.UNDER_REVIEW
    world.run(ConfirmRequirement, **requirement(world, file_id, request_id))
    (stored,), (proof,) = rows(world, Requirement, request_id), rows(world, Evidence, request_id)
    assert stored.evidence_id == proof.id


@pytest.mark.parametrize("kind", WALK)
def test_a_requirement_needs_three_passes(world: World, kind: ServiceKind) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id, kind)
    more = world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE, "缺病理报告")}
    world.run(RecordReview, request_id=request_id, **more)
    assert "缺病理报告" in details(world, request_id)
    with world.desk.database.write_session() as session:
        session.get_one(type(world.row(request_id)), request_id).status = S.UNDER_REVIEW
        session.commit()
    violation = refusal(world, ConfirmRequirement, **requirement(world, file_id, request_id))
    assert (violation.code, violation.clause) == (E.REVIEW_NOT_PASSED, "R25")


def test_a_stay_needs_the_hospitals_notice_first_and_at_every_change(world: World) -> None:
    file_id = world.open_file()
    request_id = reviewed(world, file_id, K.INPATIENT_COORDINATION)
    good = requirement(world, file_id, request_id)
    bad = good | {"requirement": replace(good["requirement"], notice=None)}
    first = refusal(world, ConfirmRequirement, **bad)
    world.run(ConfirmRequirement, **good)
    again = refusal(world, ConfirmRequirement, **bad)
    assert first.code is again.code
    assert (first.clause, first.parameters["field"]) == ("R40", "notice_material_id")
    assert (again.clause, again.parameters["field"]) == ("R40", "notice_material_id")


def test_the_clocks_of_the_first_requirement_run_and_a_later_one_starts_c3_anew(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    assert running(world, request_id) == {ClockKind.FEEDBACK, ClockKind.BOOKING}
    first = world.clock.moment
    world.run(BeginCoordination, request_id=request_id)
    world.run(AwaitStart, request_id=request_id)
    assert lasting(world, request_id) == {PauseReason.AWAITING_CUSTOMER}
    world.later(hours=2)
    world.run(ConfirmRequirement, **requirement(world, file_id, request_id))
    starts = {(run.kind, run.started_at): run.ended_at for run in rows(world, ClockRun, request_id)}
    assert starts[ClockKind.FEEDBACK, first] is None
    assert starts[ClockKind.BOOKING, first] is not None
    assert starts[ClockKind.BOOKING, world.clock.moment] is None
    assert lasting(world, request_id) == set()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"revision_reason": " "}, E.FIELD_REQUIRED, "revision_reason"),
        ({"fee_notice_shown": False}, E.FEE_NOTICE_MISSING, "fee_notice_shown"),
        ({"evidence": {"said_by": SignerKind.GUARDIAN}}, E.INSURED_MUST_CONFIRM, "said_by"),
        ({"evidence": {"note": " "}}, E.EVIDENCE_MISSING, "evidence_note"),
    ],
)
def test_a_change_of_the_requirement_needs_what_the_first_one_did_and_why(
    world: World, changes: dict[str, Any], code: ErrorCode, field: str
) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    if "evidence" in changes:
        changes = {"evidence": world.evidence(**changes["evidence"])}
    violation = refusal(world, ConfirmRequirement, **requirement(world, file_id, request_id, **changes))
    assert (violation.code, violation.parameters["field"]) == (code, field)


# -- the customer's word ----------------------------------------------------------------------------------------------


def word(world: World, order: Any, request_id: int) -> dict[str, Any]:
    """Return what an order that rests on the customer's word is given."""
    values: dict[str, Any] = {"request_id": request_id, "evidence": world.evidence()}
    if order is not WithdrawRequest:
        values["warning_acknowledged"] = True
    if order is not ConfirmStart:
        values["reason"] = "出差"
    return values


@pytest.mark.parametrize(
    ("order", "reach", "speaker_clause", "warning_clause"),
    [
        (ConfirmStart, World.to_awaiting, "R45", "R80"),
        (WithdrawRequest, World.to_awaiting, "R50", ""),
        (CancelByInsured, World.to_started, "R49", "R50"),
        (CancelByInsured, World.to_booked, "R49", "R50"),
    ],
)
def test_start_withdrawal_and_cancellation_need_the_right_voice_its_proof_and_the_warning(
    world: World, order: Any, reach: Callable[[World, int], int], speaker_clause: str, warning_clause: str
) -> None:
    file_id = world.open_file()
    request_id = reach(world, file_id)
    before, proofs = world.status(request_id), len(rows(world, Evidence, request_id))
    world.later(minutes=5)
    good = word(world, order, request_id)
    wrong = refusal(world, order, **(good | {"evidence": world.evidence(SignerKind.GUARDIAN)}))
    assert (wrong.code, wrong.clause) == (E.INSURED_MUST_CONFIRM, speaker_clause)
    assert refusal(world, order, **(good | {"evidence": world.evidence(note="")})).code is E.EVIDENCE_MISSING
    if warning_clause:
        unwarned = refusal(world, order, **(good | {"warning_acknowledged": False}))
        assert (unwarned.code, unwarned.clause) == (E.WARNING_NOT_SHOWN, warning_clause)
    if "reason" in good:
        mute = refusal(world, order, **(good | {"reason": " "}))
        assert (mute.code, mute.clause, mute.parameters["field"]) == (E.FIELD_REQUIRED, "R50", "reason")
    assert world.status(request_id) is before
    world.run(order, **good)
    assert len(rows(world, Evidence, request_id)) == proofs + 1


def test_the_start_spends_one_use_on_its_proof_and_ends_the_wait(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    assert lasting(world, request_id) == {PauseReason.AWAITING_CUSTOMER}
    world.later(minutes=5)
    world.run(ConfirmStart, **word(world, ConfirmStart, request_id))
    (entry,) = rows(world, EntitlementEntry, request_id)
    assert (entry.kind, entry.amount) == (EntryKind.START, -1)
    assert entry.evidence_id == rows(world, Evidence, request_id)[-1].id
    assert lasting(world, request_id) == set()
    assert details(world, request_id)[-1] == "被保险人确认 · 通话记录 · 余 2 次"


# -- the visit --------------------------------------------------------------------------------------------------------


def test_a_booking_needs_the_hospitals_word_and_meets_c3(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    good = {
        "request_id": request_id,
        "hospital_id": world.hospital(),
        "visit_at": world.later(days=1),
        "confirmed_by_hospital_at": world.clock.moment,
        "hospital_reference": " YY-7 ",
        "department_text": "心内科",
    }
    violation = refusal(world, RecordBooking, **(good | {"hospital_reference": " "}))
    assert (violation.code, violation.clause) == (E.EVIDENCE_MISSING, "A11")
    world.run(RecordBooking, **good)
    (booking,) = rows(world, Booking, request_id)
    assert booking.hospital_reference == "YY-7"
    met = {run.kind: run.met_at for run in rows(world, ClockRun, request_id) if run.met_at is not None}
    assert met[ClockKind.BOOKING] == world.clock.moment


@pytest.mark.parametrize("kind", [K.OUTPATIENT_COORDINATION, K.SURGERY_COORDINATION])
def test_an_arrival_says_who_told_it(world: World, kind: ServiceKind) -> None:
    request_id = world.to_booked(world.open_file(), kind)
    values = {"request_id": request_id, "happened_at": world.later(days=10)}
    violation = refusal(world, RecordAttendance, source=None, **values)
    assert (violation.code, violation.parameters["field"]) == (E.FIELD_REQUIRED, "source")
    world.run(RecordAttendance, source=FactSource.HOSPITAL, **values)
    assert [text for text in details(world, request_id) if "来源：医院" in text]


def test_the_archive_needs_the_update_and_answered_follow_ups(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.run(RecordAttendance, request_id=request_id, happened_at=world.later(days=10), source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    waived = {"by": world.lead, "request_id": request_id, "waiver_reason": "客户拒访"}
    silent = refusal(world, ArchiveRequest, update_text=" ", **waived)
    assert (silent.code, silent.parameters["field"]) == (E.FIELD_REQUIRED, "update_text")
    early = refusal(world, ArchiveRequest, request_id=request_id, update_text="完成")
    assert (early.code, early.clause) == (E.FOLLOW_UP_MISSING, "R71")
    own = refusal(world, ArchiveRequest, update_text="完成", **(waived | {"by": world.desk}))
    assert own.code is E.NOT_ALLOWED
    world.run(ArchiveRequest, update_text="完成", **waived)
    row = world.row(request_id)
    assert (row.closing_reason, row.closing_clause, row.is_open) == ("完成", "R71", False)


# -- the ends ---------------------------------------------------------------------------------------------------------


def no_show(world: World, request_id: int) -> None:
    world.later(days=11)
    world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)


def cancel(world: World, request_id: int) -> None:
    world.run(CancelByInsured, **word(world, CancelByInsured, request_id))


def terminate(world: World, request_id: int) -> None:
    world.run(
        TerminatePolicy,
        policy_id=world.policy(world.row(request_id).assistance_file_id),
        from_on=world.clock.moment.date(),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )


def force_majeure(world: World, request_id: int) -> None:
    values: dict[str, Any] = {"cause": ForceMajeureCause.NATURAL_DISASTER, "from_at": world.clock.moment}
    event = world.run(DeclareForceMajeure, by=world.lead, note="台风", **values)
    assert lasting(world, request_id) == {PauseReason.FORCE_MAJEURE}
    order = {"force_majeure_id": event, "to_at": world.later(hours=1), "reason": "道路中断"}
    assert refusal(world, TerminateForForceMajeure, **order).code is E.NOT_ALLOWED
    world.run(TerminateForForceMajeure, by=world.lead, **order)


def mistaken(world: World, request_id: int) -> None:
    world.run(CorrectStart, by=world.lead, request_id=request_id, reason="误点", evidence=world.evidence())


def archive(world: World, request_id: int) -> None:
    world.run(RecordAttendance, request_id=request_id, happened_at=world.later(days=10), source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    assert open_follow_ups(world, request_id)
    world.run(ArchiveRequest, by=world.lead, request_id=request_id, update_text="完成", waiver_reason="客户拒访")


@pytest.mark.parametrize(
    ("end", "status", "reason", "clause"),
    [
        (no_show, S.NO_SHOW, "来源：医院", "R49"),
        (cancel, S.CANCELLED_BY_INSURED, "出差", "R49"),
        (terminate, S.POLICY_TERMINATED, "保险合同终止：退保", "R7"),
        (force_majeure, S.NOT_BOOKED, "因不可抗力终止：道路中断", "R86"),
        (mistaken, S.WITHDRAWN, "误点", "R48"),
        (archive, S.ARCHIVED, "完成", "R71"),
    ],
)
def test_an_end_says_why_and_leaves_no_clock_no_pause_and_no_task(
    world: World, end: Callable[[World, int], None], status: RequestStatus, reason: str, clause: str
) -> None:
    request_id = untold(world, world.open_file())
    assert open_reminders(world, request_id)
    end(world, request_id)
    row = world.row(request_id)
    assert (row.status, row.closing_reason, row.closing_clause) == (status, reason, clause)
    assert running(world, request_id) == set()
    assert lasting(world, request_id) == set()
    assert open_reminders(world, request_id) == []
    assert open_follow_ups(world, request_id) == []


def test_a_withdrawal_and_a_failed_booking_end_the_clocks_that_run(world: World) -> None:
    file_id = world.open_file()
    early = world.to_requirement(file_id)
    world.run(WithdrawRequest, **word(world, WithdrawRequest, early))
    late = world.to_started(file_id)
    values = {"request_id": late, "reason": "无号源"}
    mute = refusal(world, RecordNotBooked, **(values | {"reason": ""}))
    assert (mute.code, mute.clause) == (E.FIELD_REQUIRED, "A23")
    world.run(RecordNotBooked, **values)
    assert running(world, early) == running(world, late) == set()
    assert world.row(late).closing_reason == "无号源"


def test_a_withdrawal_ends_the_pause_it_was_in(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    order = {"request_id": request_id, "reason": PauseReason.DOCTORS_ORDER, "paused_at": world.clock.moment}
    mute = refusal(world, PauseRequest, note=" ", **order)
    assert (mute.code, mute.parameters["field"]) == (E.FIELD_REQUIRED, "note")
    world.run(PauseRequest, note="停药一周", **order)
    assert [row.note for row in rows(world, RequestPause, request_id)] == ["停药一周"]
    world.run(WithdrawRequest, **word(world, WithdrawRequest, request_id))
    assert lasting(world, request_id) == set()


def test_a_rejection_needs_its_clause_and_its_reason(world: World) -> None:
    world.material(file_id := world.open_file())
    request_id = world.open_request(file_id)
    failed = world.passed() | {"identity": CheckGiven(CheckResult.FAILED, "不是本人")}
    vague = refusal(world, RecordReview, request_id=request_id, rejection_clause="R999", **failed)
    assert (vague.code, vague.parameters["field"]) == (E.FIELD_REQUIRED, "rejection_clause")
    world.run(RecordReview, request_id=request_id, rejection_clause="R8", **failed)
    row = world.row(request_id)
    assert (row.closing_reason, row.closing_clause) == ("不是本人", "R8")


# -- a hospital's stop, and what a lead puts right --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "clause"),
    [
        (K.OUTPATIENT_COORDINATION, "R52"),
        (K.INPATIENT_COORDINATION, "R53"),
        (K.SURGERY_COORDINATION, "R53"),
        (K.EXPEDITED_EXAMINATION, "A22"),
    ],
)
def test_a_hospitals_stop_drops_the_booking_and_its_reminders(world: World, kind: ServiceKind, clause: str) -> None:
    request_id = untold(world, world.open_file(), kind)
    values = {"request_id": request_id, "cause": RescheduleCause.CANCELLED_BY_HOSPITAL, "note": "专家停诊"}
    mute = refusal(world, RescheduleByHospital, evidence=world.evidence(), **(values | {"note": " "}))
    assert (mute.code, mute.clause, mute.parameters["field"]) == (E.FIELD_REQUIRED, clause, "note")
    bare = refusal(world, RescheduleByHospital, evidence=world.evidence(note=""), **values)
    assert bare.code is E.EVIDENCE_MISSING
    world.run(RescheduleByHospital, evidence=world.evidence(), **values)
    (booking,) = rows(world, Booking, request_id)
    assert booking.fell_through_at == world.clock.moment
    assert (world.status(request_id), world.row(request_id).booked_at) == (S.STARTED, None)
    assert open_reminders(world, request_id) == []
    with world.desk.read() as session:
        stop = session.scalars(select(Reschedule).where(Reschedule.booking_id == booking.id)).one()
    assert stop.note == "专家停诊"
    assert stop.evidence_id == rows(world, Evidence, request_id)[-1].id


def left(world: World, request_id: int) -> int:
    return sum(row.amount for row in rows(world, EntitlementEntry, request_id))


@pytest.mark.parametrize(
    ("order", "name"), [(ReverseStart, "reverse"), (ReopenRequest, "reopen"), (CorrectStart, "start")]
)
def test_what_a_lead_puts_right_needs_a_lead_a_reason_and_a_proof(world: World, order: Any, name: str) -> None:
    request_id = world.to_started(world.open_file())
    if name != "start":
        world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    values = {"request_id": request_id, "reason": "误录", "evidence": world.evidence()}
    before = world.status(request_id)
    assert refusal(world, order, **values).code is E.NOT_ALLOWED
    mute = refusal(world, order, by=world.lead, **(values | {"reason": " "}))
    assert (mute.code, mute.parameters["field"]) == (E.FIELD_REQUIRED, "reason")
    bare = refusal(world, order, by=world.lead, **(values | {"evidence": world.evidence(note="")}))
    assert bare.code is E.EVIDENCE_MISSING
    assert (world.status(request_id), left(world, request_id)) == (before, -1)
    world.run(order, by=world.lead, **values)
    assert left(world, request_id) == (-1 if name == "reopen" else 0)
    proof = rows(world, Evidence, request_id)[-1]
    if name != "reopen":
        entry = rows(world, EntitlementEntry, request_id)[-1]
        assert (entry.reason, entry.evidence_id) == ("误录", proof.id)
    if name != "reverse":
        (kept,) = rows(world, Correction, request_id)
        assert (kept.reason, kept.evidence_id) == ("误录", proof.id)


def test_a_mistaken_start_takes_its_booking_with_it(world: World) -> None:
    request_id = untold(world, world.open_file())
    mistaken(world, request_id)
    (booking,) = rows(world, Booking, request_id)
    assert booking.fell_through_at == world.clock.moment
    assert (world.row(request_id).booked_at, left(world, request_id)) == (None, 0)


def test_a_corrected_booking_replaces_the_one_that_stood_with_its_reminders(world: World) -> None:
    request_id = untold(world, world.open_file())
    old = {row.id for row in open_reminders(world, request_id)}
    values: dict[str, Any] = {
        "request_id": request_id,
        "hospital_id": world.hospital(),
        "visit_at": world.clock.moment.replace(day=29),
        "reason": "录错时间",
        "evidence": world.evidence(),
    }
    assert refusal(world, CorrectBooking, **values).code is E.NOT_ALLOWED
    assert refusal(world, CorrectBooking, by=world.lead, **(values | {"reason": ""})).code is E.FIELD_REQUIRED
    world.run(CorrectBooking, by=world.lead, **values)
    standing = [row for row in rows(world, Booking, request_id) if row.fell_through_at is None]
    assert [row.visit_at for row in standing] == [values["visit_at"]]
    fresh = open_reminders(world, request_id)
    assert fresh
    assert not old & {row.id for row in fresh}
    assert (world.status(request_id), world.row(request_id).booked_at is None) == (S.BOOKED, False)


def test_only_a_lead_brings_a_contract_and_its_requests_back(world: World) -> None:
    request_id = world.to_started(world.open_file())
    terminate(world, request_id)
    policy = world.policy(world.row(request_id).assistance_file_id)
    order = {"policy_id": policy, "reason": "录错保单", "source": FactSource.INSURER_NOTICE}
    assert refusal(world, ReverseTermination, **order).code is E.NOT_ALLOWED
    world.run(ReverseTermination, by=world.lead, **order)
    assert world.status(request_id) is S.STARTED
    assert running(world, request_id) == {ClockKind.BOOKING}
