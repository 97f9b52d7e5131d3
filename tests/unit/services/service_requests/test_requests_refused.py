"""What the path refuses, with its code, clause and the field it stands beside; and the exits of the state table."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.policy import PolicyStatusCheck
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import Requirement
from lian_desk.models.vocabulary import (
    Channel,
    CheckResult,
    ClockKind,
    ContactResult,
    EvidenceForm,
    ExpertTitle,
    FactSource,
    FollowUpOutcome,
    NextAction,
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
    RescheduleByHospital,
)
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.follow_ups.follow_ups import CloseFollowUp, RecordFollowUp
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy
from lian_desk.services.service_requests import (
    ArchiveRequest,
    AwaitStart,
    BeginCoordination,
    CheckGiven,
    ConfirmRequirement,
    ConfirmStart,
    MaterialArrived,
    NoticeGiven,
    PauseRequest,
    RecordCoordinationNotice,
    RecordReview,
    ResumeRequest,
    StartReview,
    WithdrawRequest,
)
from lian_desk.services.service_requests.coordination import Contact, told_at
from tests.desk_world import RENOWNED, World

K = ServiceKind
S = RequestStatus
E = ErrorCode


def _refused(code: ErrorCode, clause: str | None, act: Callable[[], object], field: str | None = None) -> None:
    with pytest.raises(RuleViolation) as caught:
        act()
    assert (caught.value.code, caught.value.clause) == (code, clause)
    if field is not None:
        assert caught.value.parameters["field"] == field


def _left(world: World, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> int:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))[kind].left


def _clock(world: World, request_id: int, kind: ClockKind) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(
            select(ClockRun)
            .where(ClockRun.service_request_id == request_id, ClockRun.kind == kind)
            .order_by(ClockRun.id.desc())
        ).first() or pytest.fail("no clock")


def test_a_request_needs_a_need_a_disease_and_an_eligible_policy(world: World) -> None:
    file_id = world.open_file()
    _refused(E.NEED_MISSING, "R14", lambda: world.open_request(file_id, need_text="  "), "need_text")
    _refused(E.DISEASE_MISSING, "R8", lambda: world.open_request(file_id, disease_entry_id=None), "disease_entry_id")
    world.run(
        SuspendPolicy, policy_id=world.policy(file_id), from_on=date(2026, 9, 20), source=FactSource.INSURER_NOTICE
    )
    _refused(E.POLICY_SUSPENDED, "R5", lambda: world.open_request(file_id))
    draft = world.open_request(file_id, submit=False)
    assert (world.status(draft), world.row(draft).next_action) == (S.DRAFT, NextAction.SUBMIT)


def test_the_term_ends_at_midnight_of_the_tenth_anniversary(world: World) -> None:
    file_id = world.open_file(effective_on=date(2016, 9, 28))
    world.open_request(file_id, submit=False)
    _refused(E.OUTSIDE_POLICY_YEARS, "R3", lambda: world.open_request(file_id))
    eligible = world.open_file(effective_on=date(2016, 9, 29))
    assert world.status(world.open_request(eligible)) is S.SUBMITTED


def test_a_review_needs_a_paper_that_shows_the_illness(world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id)
    _refused(E.ILLNESS_DOCUMENT_MISSING, "R14", lambda: world.run(StartReview, request_id=request_id))
    world.material(file_id)
    world.run(StartReview, request_id=request_id)
    assert world.status(request_id) is S.UNDER_REVIEW


def test_a_review_asks_for_more_or_rejects_with_reason_and_clause(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    checks = world.passed() | {"material": CheckGiven(CheckResult.NEEDS_MORE)}
    _refused(
        E.REASON_MISSING, "R25", lambda: world.run(RecordReview, request_id=request_id, **checks), "material_reason"
    )
    checks["material"] = CheckGiven(CheckResult.NEEDS_MORE, "缺病理报告")
    world.run(RecordReview, request_id=request_id, **checks)
    assert (world.status(request_id), world.row(request_id).next_action) == (
        S.AWAITING_MATERIAL,
        NextAction.ASK_FOR_MATERIAL,
    )
    world.run(MaterialArrived, request_id=request_id, material_ids=(world.material(file_id),))
    checks["material"] = CheckGiven(CheckResult.FAILED, "材料不是本人的")
    world.run(RecordReview, request_id=request_id, rejection_clause="R1", **checks)
    row = world.row(request_id)
    assert (row.status, row.closing_clause, row.is_open) == (S.REJECTED, "R1", False)


def test_a_requirement_needs_three_passes(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(StartReview, request_id=request_id)
    _refused(E.REVIEW_NOT_PASSED, "R25", lambda: _confirm(world, file_id, request_id))


def _confirm(world: World, file_id: int, request_id: int, **changes: Any) -> int:
    kind = world.row(request_id).kind
    values: dict[str, Any] = {
        "request_id": request_id,
        "requirement": world.requirement(file_id, kind, **changes.pop("wanted", {})),
        "evidence": world.evidence(),
        "fee_notice_shown": True,
    }
    return world.run(ConfirmRequirement, **(values | changes))


def _reviewed(world: World, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> tuple[int, int]:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id, kind)
    world.run(RecordReview, request_id=request_id, **world.passed())
    return file_id, request_id


@pytest.mark.parametrize(
    ("wanted", "code", "clause", "field"),
    [
        ({"department_text": "急诊科"}, E.DEPARTMENT_EXCLUDED, "R34", "department_text"),
        ({"department_text": "生殖医学中心"}, E.DEPARTMENT_EXCLUDED, "R34", "department_text"),
        ({"department_text": "口腔科"}, E.DEPARTMENT_EXCLUDED, "R34", "department_text"),
        ({"expert_title": ExpertTitle.ATTENDING_PHYSICIAN}, E.TITLE_TOO_LOW, "R32", "expert_title"),
        ({"hospital_id": None}, E.REQUIREMENT_INCOMPLETE, "R26", "hospital_id"),
        ({"preferred_from_on": date(2026, 9, 1)}, E.DATE_IMPOSSIBLE, "R26", "preferred_to_on"),
    ],
)
def test_an_outpatient_requirement_is_refused_beside_its_field(
    world: World, wanted: dict[str, Any], code: ErrorCode, clause: str, field: str
) -> None:
    file_id, request_id = _reviewed(world)
    _refused(code, clause, lambda: _confirm(world, file_id, request_id, wanted=wanted), field)
    assert world.status(request_id) is S.UNDER_REVIEW


@pytest.mark.parametrize("kind", [K.INPATIENT_COORDINATION, K.SURGERY_COORDINATION, K.EXPEDITED_EXAMINATION])
def test_three_services_need_the_notice_of_the_named_hospital_or_doctor(world: World, kind: ServiceKind) -> None:
    file_id, request_id = _reviewed(world, kind)
    clause = {K.INPATIENT_COORDINATION: "R40", K.SURGERY_COORDINATION: "R41", K.EXPEDITED_EXAMINATION: "R42"}[kind]
    _refused(E.NOTICE_MISSING, clause, lambda: _confirm(world, file_id, request_id, wanted={"notice": None}))
    good = world.requirement(file_id, kind).notice
    assert good is not None
    other = NoticeGiven(
        material_id=good.material_id,
        hospital_id=world.hospital("上海交通大学医学院附属瑞金医院"),
        doctor_name="张三",
        issued_on=good.issued_on,
    )
    code = E.NOTICE_WRONG_DOCTOR if kind is K.SURGERY_COORDINATION else E.NOTICE_WRONG_HOSPITAL
    _refused(code, clause, lambda: _confirm(world, file_id, request_id, wanted={"notice": other}))
    _confirm(world, file_id, request_id)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED


@pytest.mark.parametrize(
    ("wanted", "code", "clause"),
    [
        ({"examination_text": "支气管镜"}, E.EXAMINATION_NOT_COVERED, "R35"),
        ({"from_outpatient_visit": False}, E.EXAMINATION_NOT_FROM_OUTPATIENT, "R36"),
    ],
)
def test_an_examination_out_of_scope_is_refused(
    world: World, wanted: dict[str, Any], code: ErrorCode, clause: str
) -> None:
    file_id, request_id = _reviewed(world, K.EXPEDITED_EXAMINATION)
    _refused(code, clause, lambda: _confirm(world, file_id, request_id, wanted=wanted))


def test_fees_are_told_and_late_entries_say_why(world: World) -> None:
    file_id, request_id = _reviewed(world)
    _refused(E.FEE_NOTICE_MISSING, "R77", lambda: _confirm(world, file_id, request_id, fee_notice_shown=False))
    late = world.evidence()
    world.later(hours=3)
    _refused(E.BACKDATING_NEEDS_REASON, "R28", lambda: _confirm(world, file_id, request_id, evidence=late))
    _confirm(world, file_id, request_id, evidence=late, backdating_reason="系统断网")
    feedback = _clock(world, request_id, ClockKind.FEEDBACK)
    assert feedback.started_at == late.happened_at


def test_typed_text_is_no_evidence(world: World) -> None:
    request_id = world.to_awaiting(world.open_file())
    bare = world.evidence(note=" ")
    image = world.evidence(form=EvidenceForm.MESSAGE_IMAGE)
    for given in (bare, image):
        _refused(
            E.EVIDENCE_MISSING,
            "A38",
            lambda given=given: world.run(
                ConfirmStart, request_id=request_id, evidence=given, warning_acknowledged=True
            ),
        )
    _refused(
        E.WARNING_NOT_SHOWN,
        "R80",
        lambda: world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=False),
    )
    assert world.status(request_id) is S.AWAITING_START


def test_the_start_may_follow_the_coordination_at_once(world: World) -> None:
    """The customer agrees on the phone while the desk coordinates: both steps in one transaction."""
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    world.run(BeginCoordination, request_id=request_id)
    due = _clock(world, request_id, ClockKind.BOOKING).due_at
    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    assert (world.status(request_id), _left(world, file_id)) == (S.STARTED, 2)
    assert _clock(world, request_id, ClockKind.BOOKING).due_at == due


def test_a_child_does_not_start_a_service_and_an_adult_needs_no_guardian(world: World) -> None:
    child = world.to_awaiting(world.open_file(date(2018, 4, 2)), said_by=SignerKind.GUARDIAN)
    grown = world.to_awaiting(world.open_file())
    _refused(
        E.GUARDIAN_MUST_CONFIRM,
        "R9",
        lambda: world.run(ConfirmStart, request_id=child, evidence=world.evidence(), warning_acknowledged=True),
        "said_by",
    )
    _refused(
        E.INSURED_MUST_CONFIRM,
        "R45",
        lambda: world.run(
            ConfirmStart,
            request_id=grown,
            evidence=world.evidence(SignerKind.GUARDIAN),
            warning_acknowledged=True,
        ),
    )


def test_a_delivered_message_and_two_calls_two_hours_apart_count_as_told(world: World) -> None:
    """A44: neither the message alone nor two calls in a row are enough."""
    request_id = world.to_requirement(world.open_file())

    def contact(channel: Channel, result: ContactResult) -> None:
        world.run(
            RecordCoordinationNotice,
            request_id=request_id,
            channel=channel,
            result=result,
            content="协调中，周四上午可约",
            happened_at=world.clock.moment,
        )

    contact(Channel.WECOM, ContactResult.MESSAGE_DELIVERED)
    world.later(minutes=5)
    contact(Channel.PHONE, ContactResult.NO_ANSWER)
    world.later(minutes=5)
    contact(Channel.PHONE, ContactResult.NO_ANSWER)
    assert _clock(world, request_id, ClockKind.FEEDBACK).met_at is None
    assert world.row(request_id).next_action is NextAction.GIVE_FEEDBACK
    world.later(hours=2)
    contact(Channel.PHONE, ContactResult.NO_ANSWER)
    assert _clock(world, request_id, ClockKind.FEEDBACK).met_at == world.clock.moment
    assert world.row(request_id).next_action is NextAction.CONFIRM_START


def test_waiting_for_the_customer_stops_c3_and_not_c2(world: World) -> None:
    """A8 and A45: of two evenings of waiting one is the day of the event, so one working day does not count."""
    request_id = world.to_requirement(world.open_file())
    before = _clock(world, request_id, ClockKind.BOOKING).due_at
    world.run(BeginCoordination, request_id=request_id)
    feedback = _clock(world, request_id, ClockKind.FEEDBACK).due_at
    world.run(AwaitStart, request_id=request_id)
    world.later(days=2)
    world.run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    booking = _clock(world, request_id, ClockKind.BOOKING)
    assert _clock(world, request_id, ClockKind.FEEDBACK).due_at == feedback
    with world.desk.read():
        days = world.desk.calendar.working_days_between(
            before.astimezone(SHANGHAI).date(), booking.due_at.astimezone(SHANGHAI).date()
        )
    assert days == 1
    assert "暂停 1 个工作日不计" in booking.derivation


def test_a_new_version_before_the_start_restarts_c3_only(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    told = _clock(world, request_id, ClockKind.FEEDBACK)
    world.later(days=1)
    _refused(E.FIELD_REQUIRED, "R26", lambda: _confirm(world, file_id, request_id), "revision_reason")
    _confirm(world, file_id, request_id, revision_reason="改约知名专家", wanted={"expert_honours": RENOWNED})
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED
    booking = _clock(world, request_id, ClockKind.BOOKING)
    assert booking.started_at.astimezone(SHANGHAI).date() == date(2026, 9, 29)
    assert booking.clause == "R59"
    assert _clock(world, request_id, ClockKind.FEEDBACK).id == told.id
    with world.desk.read() as session:
        versions = session.scalars(
            select(Requirement.version_number).where(Requirement.service_request_id == request_id)
        ).all()
    assert sorted(versions) == [1, 2]


def test_withdrawing_before_the_start_is_free(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_awaiting(file_id)
    world.run(WithdrawRequest, request_id=request_id, reason="客户自行就医", evidence=world.evidence())
    assert (world.status(request_id), _left(world, file_id)) == (S.WITHDRAWN, 3)
    assert _clock(world, request_id, ClockKind.BOOKING).ended_at is not None
    started = world.to_started(file_id)
    _refused(
        E.WRONG_STATUS,
        "R50",
        lambda: world.run(WithdrawRequest, request_id=started, reason="不去了", evidence=world.evidence()),
    )


def test_cancelling_after_the_start_stays_spent(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    values = {"request_id": request_id, "reason": "出差", "evidence": world.evidence()}
    _refused(E.WARNING_NOT_SHOWN, "R50", lambda: world.run(CancelByInsured, warning_acknowledged=False, **values))
    world.run(CancelByInsured, warning_acknowledged=True, **values)
    row = world.row(request_id)
    assert (row.status, row.closing_clause, _left(world, file_id)) == (S.CANCELLED_BY_INSURED, "R49", 2)
    with world.desk.read() as session:
        assert session.scalars(select(Reminder).where(Reminder.closed_at.is_(None))).all() == []


def test_a_hospital_stop_a_new_date_and_a_no_show_cost_one_use_in_all(world: World) -> None:
    """Booked, stopped by the hospital, booked again, not come: one use in all."""
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    first_met = _clock(world, request_id, ClockKind.BOOKING).met_at
    world.later(hours=1)
    world.run(
        RescheduleByHospital,
        request_id=request_id,
        cause=RescheduleCause.CANCELLED_BY_HOSPITAL,
        note="专家临时停诊",
        evidence=world.evidence(),
    )
    assert (world.status(request_id), world.row(request_id).next_action) == (S.STARTED, NextAction.RECORD_BOOKING)
    world.book(request_id)
    assert _clock(world, request_id, ClockKind.BOOKING).met_at == first_met
    with world.desk.read() as session:
        standing = session.scalars(
            select(Booking).where(Booking.service_request_id == request_id, Booking.fell_through_at.is_(None))
        ).all()
    assert len(standing) == 1
    noticed = standing[0].visit_at + timedelta(hours=2)
    _refused(
        E.TIME_IN_FUTURE,
        None,
        lambda: world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=noticed),
    )
    world.clock.moment = noticed
    world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=noticed)
    assert (world.status(request_id), _left(world, file_id)) == (S.NO_SHOW, 2)


def test_a_booking_that_differs_from_the_requirement_says_why(world: World) -> None:
    request_id = world.to_started(world.open_file())
    moment = world.later(minutes=5)
    values: dict[str, Any] = {
        "request_id": request_id,
        "hospital_id": world.hospital("上海交通大学医学院附属瑞金医院"),
        "visit_at": moment + timedelta(days=10),
        "confirmed_by_hospital_at": moment,
    }
    _refused(E.EVIDENCE_MISSING, "A11", lambda: world.run(RecordBooking, hospital_reference=" ", **values))
    _refused(
        E.REASON_MISSING,
        "R26",
        lambda: world.run(RecordBooking, hospital_reference="YY-1", **values),
        "difference_reason",
    )
    world.run(RecordBooking, hospital_reference="YY-1", difference_reason="中山无号，客户选择瑞金", **values)
    assert world.status(request_id) is S.BOOKED


def test_pausing_and_resuming_returns_to_where_it_stood(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    due = _clock(world, request_id, ClockKind.BOOKING).due_at
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药一周后复查",
        paused_at=world.clock.moment,
    )
    assert (world.status(request_id), world.row(request_id).next_action) == (S.PAUSED, NextAction.RESUME)
    world.later(days=2)
    world.run(ResumeRequest, request_id=request_id, resumed_at=world.clock.moment)
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED
    assert _clock(world, request_id, ClockKind.BOOKING).due_at > due
    _refused(
        E.NOT_ALLOWED,
        "R5",
        lambda: world.run(
            PauseRequest,
            request_id=request_id,
            reason=PauseReason.POLICY_SUSPENDED,
            note="中止",
            paused_at=world.clock.moment,
        ),
    )


def test_suspension_freezes_reinstatement_thaws_and_termination_ends(world: World) -> None:
    file_id = world.open_file()
    policy_id = world.policy(file_id)
    waiting, started = world.to_awaiting(file_id), world.to_started(file_id)
    world.later(days=2)
    world.run(SuspendPolicy, policy_id=policy_id, from_on=date(2026, 9, 29), source=FactSource.INSURER_NOTICE)
    assert {world.status(waiting), world.status(started)} == {S.PAUSED}
    _refused(
        E.POLICY_SUSPENDED,
        "R5",
        lambda: world.run(ResumeRequest, request_id=started, resumed_at=world.clock.moment),
    )
    world.clock.moment = datetime(2026, 10, 12, 10, 0, tzinfo=SHANGHAI)
    world.run(ReinstatePolicy, policy_id=policy_id, from_on=date(2026, 10, 12), source=FactSource.INSURER_NOTICE)
    assert (world.status(waiting), world.status(started)) == (S.AWAITING_START, S.STARTED)
    assert _left(world, file_id) == 2
    world.run(
        TerminatePolicy,
        policy_id=policy_id,
        from_on=date(2026, 10, 12),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    assert {world.status(waiting), world.status(started)} == {S.POLICY_TERMINATED}
    assert _left(world, file_id) == 2
    with world.desk.read() as session:
        assert session.scalars(select(ClockRun).where(ClockRun.ended_at.is_(None))).all() == []


def test_a44_two_calls_count_from_just_so_many_hours_apart_and_never_without_a_delivered_message(world: World) -> None:
    pack, first = world.desk.pack, world.clock.moment
    gap = timedelta(hours=pack.thresholds.call_attempt_hours)
    assert pack.thresholds.call_attempts == 2

    def unanswered(after: timedelta, channel: Channel = Channel.PHONE) -> Contact:
        return Contact(first + after, channel, ContactResult.NO_ANSWER)

    message = Contact(first - timedelta(hours=1), Channel.WECOM, ContactResult.MESSAGE_DELIVERED)
    second = timedelta(seconds=1)
    assert told_at((message, unanswered(timedelta()), unanswered(gap)), pack) == first + gap
    assert told_at((message, unanswered(timedelta()), unanswered(gap - second)), pack) is None
    assert told_at((message, unanswered(timedelta())), pack) is None
    assert told_at((unanswered(timedelta()), unanswered(gap)), pack) is None
    assert told_at((message, unanswered(timedelta()), unanswered(gap, Channel.WECOM)), pack) is None
    # the second of three, too soon, counts from neither side
    too_soon = (message, unanswered(timedelta()), unanswered(gap - second), unanswered(gap))
    assert told_at(too_soon, pack) == first + gap
    late = Contact(first + 3 * gap, Channel.WECOM, ContactResult.MESSAGE_DELIVERED)
    again = Contact(first + 2 * gap, Channel.WECOM, ContactResult.MESSAGE_DELIVERED)
    assert told_at((unanswered(timedelta()), unanswered(gap), again, late), pack) == first + 2 * gap
    reached = Contact(first + 9 * gap, Channel.PHONE, ContactResult.REACHED)
    assert told_at((unanswered(timedelta()), reached), pack) == first + 9 * gap


def test_r28_a_confirmation_is_late_only_after_the_tolerance_has_passed(world: World) -> None:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    spoken_at = world.later(minutes=10)
    wanted = world.requirement(file_id, K.OUTPATIENT_COORDINATION)
    order = {"request_id": request_id, "requirement": wanted, "fee_notice_shown": True}
    order |= {"evidence": world.evidence(), "warning_reason": "已说明"}
    world.later(minutes=30, seconds=1)
    _refused(E.BACKDATING_NEEDS_REASON, "R28", lambda: world.run(ConfirmRequirement, **order), "backdating_reason")
    world.clock.moment = spoken_at + timedelta(minutes=30)
    world.run(ConfirmRequirement, **order)
    assert world.row(request_id).requirement_confirmed_at == spoken_at


def test_an_archive_waits_for_the_follow_ups_unless_a_lead_waives_them(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    values = {"request_id": request_id, "update_text": "就诊完成"}
    _refused(E.FOLLOW_UP_MISSING, "R71", lambda: world.run(ArchiveRequest, **values))
    _refused(E.NOT_ALLOWED, "R25", lambda: world.run(ArchiveRequest, waiver_reason="客户拒访", **values))
    world.run(ArchiveRequest, by=world.lead, waiver_reason="客户书面拒绝随访", **values)
    assert world.status(request_id) is S.ARCHIVED


def test_an_archive_waits_until_every_follow_up_is_closed_and_one_reached_the_customer(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    values = {"request_id": request_id, "update_text": "就诊完成"}

    def open_ones() -> list[int]:
        with world.desk.read() as session:
            rows = select(FollowUp.id).where(FollowUp.service_request_id == request_id, FollowUp.closed_at.is_(None))
            return list(session.scalars(rows))

    first, *others = open_ones()
    assert others
    contact = {"done_at": world.clock.moment, "channel": Channel.PHONE, "condition_text": "平稳"}
    world.run(RecordFollowUp, follow_up_id=first, outcome=FollowUpOutcome.REACHED, **contact)
    _refused(E.FOLLOW_UP_MISSING, "R71", lambda: world.run(ArchiveRequest, **values))
    for key in others:
        world.run(CloseFollowUp, follow_up_id=key, reason="客户要求不再随访")
    world.run(ArchiveRequest, **values)
    assert world.status(request_id) is S.ARCHIVED


def test_an_archive_is_refused_where_every_follow_up_was_closed_without_a_contact(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    with world.desk.read() as session:
        keys = session.scalars(select(FollowUp.id).where(FollowUp.service_request_id == request_id)).all()
    for key in keys:
        world.run(CloseFollowUp, follow_up_id=key, reason="客户要求不再随访")
    values = {"request_id": request_id, "update_text": "就诊完成"}
    _refused(E.FOLLOW_UP_MISSING, "R71", lambda: world.run(ArchiveRequest, **values))
    assert world.status(request_id) is S.FOLLOWING_UP


def test_nobody_stays_away_from_a_visit_that_has_not_come_yet(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    world.later(days=3)
    order = {"request_id": request_id, "source": FactSource.HOSPITAL}
    _refused(E.TIME_ORDER, None, lambda: world.run(RecordNoShow, noticed_at=world.clock.moment, **order))
    assert world.status(request_id) is S.BOOKED


def test_every_gate_keeps_the_policy_status_it_saw(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    with world.desk.read() as session:
        gates = session.scalars(
            select(PolicyStatusCheck.gate)
            .where(PolicyStatusCheck.service_request_id == request_id)
            .order_by(PolicyStatusCheck.id)
        ).all()
    assert gates == ["submit", "review", "requirement", "start", "booking"]
