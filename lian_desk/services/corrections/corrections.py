"""Corrections by a lead (更正): an entry found wrong is put right, and the old value is kept and printed (R48)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules import request_states
from lian_desk.models.rules.request_states import CLOSED_STATUSES, Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.correction import Correction
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CorrectionSubject, EntryCategory, EntryKind, ExpertTitle, RequestStatus
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import require_other_reviewer
from lian_desk.services.entitlements.evidence import EvidenceGiven, record_evidence
from lian_desk.services.entitlements.ledger import give_back, is_reversed, start_entry
from lian_desk.services.follow_ups.plans import drop_reminders, plan_reminders
from lian_desk.services.service_requests.clock_runs import close_pauses, recompute_clocks
from lian_desk.services.service_requests.deaths import has_died
from lian_desk.services.service_requests.interruptions import hold_again
from lian_desk.services.service_requests.steps import (
    close_request,
    close_tasks,
    current_booking,
    load,
    refresh_next_action,
)
from lian_desk.services.words.wording import phrase

S = RequestStatus
CLAUSE = "R48"
_BY_EXIT = {
    S.REJECTED: S.UNDER_REVIEW,
    S.NO_SHOW: S.BOOKED,
    S.NOT_BOOKED: S.STARTED,
    S.ARCHIVED: S.FOLLOWING_UP,
}
"""Where an exit can only have come from; the others remember it in the row."""


@dataclass(frozen=True, kw_only=True)
class ReopenRequest(Command):
    """The end of a request was entered by mistake: it goes back to where it stood; the ledger does not move."""

    request_id: int
    reason: str
    evidence: EvidenceGiven


@dataclass(frozen=True, kw_only=True)
class CorrectStart(Command):
    """The start was entered by mistake: the use comes back as a 更正, and the request counts as withdrawn before it."""

    request_id: int
    reason: str
    evidence: EvidenceGiven


@dataclass(frozen=True, kw_only=True)
class CorrectBooking(Command):
    """What was typed of a booking differs from what the hospital confirmed; this is what it confirmed (R48)."""

    request_id: int
    hospital_id: int
    visit_at: datetime
    reason: str
    evidence: EvidenceGiven
    department_text: str = ""
    expert_name: str = ""
    expert_title: ExpertTitle | None = None
    place: str = ""


@handles(ReopenRequest, roles=LEADS)
def reopen_request(command: ReopenRequest, context: CommandContext) -> int:
    """Take the end of a request back.

    Raises:
        RuleViolation: ``WRONG_STATUS`` while it is open; ``CORRECTION_IMPOSSIBLE`` where nobody knows where it stood,
            or where its use was given back already.
    """
    request, file = load(context, command.request_id)
    if request.status not in CLOSED_STATUSES:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=CLAUSE, status=request.status)
    before, closed_at = request.status, request.closed_at or context.now
    closing = f"{phrase(before)}：{request.closing_reason}（{request.closing_clause}）"
    reopen(context, request)
    hold_again(context, file, request, closed_at)
    correction = _keep(
        context, request, CorrectionSubject.STATUS, (closing, phrase(request.status)), command.reason, command.evidence
    )
    _tell(context, file, correction, f"{phrase(request.kind)}更正：{phrase(before)} → {phrase(request.status)}")
    return correction.id


@handles(CorrectStart, roles=LEADS)
def correct_start(command: CorrectStart, context: CommandContext) -> int:
    """Post +1 as a correction of the start and close the request as withdrawn: a compensating pair in the ledger.

    A booking that followed the mistaken start falls through with it; after a visit there is nothing to take back.
    """
    request, file = load(context, command.request_id)
    standing = request.paused_from if request.status is S.PAUSED else request.status
    if standing not in {S.STARTED, S.BOOKED}:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=CLAUSE, status=request.status)
    require_other_reviewer(context, request)
    start = start_entry(context.session, request.id)
    if start is None:
        raise RuleViolation(ErrorCode.NOT_STARTED, clause=CLAUSE)
    before = phrase(request.status)
    request.status = request_states.apply(request.status, Move.CORRECT, request.kind, corrected_to=S.WITHDRAWN)
    close_pauses(context, request, context.now)
    close_request(context, request)
    booking = current_booking(context.session, request.id)
    if booking is not None:
        booking.fell_through_at = context.now
        request.booked_at = None
    request.closing_reason = input_checks.required(command.reason, field="reason", clause=CLAUSE)
    request.closing_clause = CLAUSE
    close_tasks(context, request, phrase(request.status))
    correction = _keep(
        context, request, CorrectionSubject.STATUS, (before, phrase(request.status)), command.reason, command.evidence
    )
    give_back(context, start, EntryKind.CORRECTION, reason=correction.reason, evidence_id=correction.evidence_id)
    _tell(context, file, correction, f"{phrase(request.kind)}更正：误开启，权益更正 +1")
    return correction.id


@handles(CorrectBooking, roles=LEADS)
def correct_booking(command: CorrectBooking, context: CommandContext) -> int:
    """Write the booking anew as the hospital confirmed it; the earlier row stays, marked as fallen through."""
    request, file = load(context, command.request_id)
    booking = current_booking(context.session, request.id)
    if booking is None or request.status is not S.BOOKED:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=CLAUSE, status=request.status)
    input_checks.not_before(command.visit_at, booking.confirmed_by_hospital_at, field="visit_at")
    hospital = context.get(Hospital, command.hospital_id)
    old = context.get(Hospital, booking.hospital_id)
    fresh = _booking_like(context, booking, command)
    booking.fell_through_at = context.now
    drop_reminders(booking, context, reason=phrase(EntryKind.CORRECTION))
    context.session.add(fresh)
    context.session.flush()
    plan_reminders(request, fresh, context)
    values = (_words(booking, old), _words(fresh, hospital))
    correction = _keep(context, request, CorrectionSubject.BOOKING, values, command.reason, command.evidence)
    _tell(context, file, correction, f"{phrase(request.kind)}更正预约内容")
    refresh_next_action(context, request)
    return correction.id


def reopen(context: CommandContext, request: ServiceRequest) -> None:
    """Bring a closed request back to where it stood, with the clocks and tasks that ended with it.

    After a death no task comes back (R68).
    """
    closed_at = request.closed_at
    restored = request.paused_from or _BY_EXIT.get(request.status)
    if restored is None or closed_at is None or is_reversed(context.session, request.id):
        raise RuleViolation(ErrorCode.CORRECTION_IMPOSSIBLE, clause=CLAUSE)
    request.status = request_states.apply(request.status, Move.CORRECT, request.kind, corrected_to=restored)
    request.paused_from = None
    request.status_changed_at = context.now
    request.is_open, request.closed_at = True, None
    request.closing_reason = request.closing_clause = ""
    for clock in context.session.scalars(
        select(ClockRun).where(
            ClockRun.service_request_id == request.id, ClockRun.ended_at == closed_at, ClockRun.met_at.is_(None)
        )
    ):
        clock.ended_at = None
    _plan_again(context, request, closed_at)
    context.session.flush()
    recompute_clocks(context, request)
    refresh_next_action(context, request)


def _plan_again(context: CommandContext, request: ServiceRequest, closed_at: datetime) -> None:
    """Open the follow-ups and reminders that ended with a request at ``closed_at``; for a person who died none (R68)."""
    file = context.get(AssistanceFile, request.assistance_file_id)
    if has_died(context.session, file.insured_person_id):
        return
    for follow_up in context.session.scalars(
        select(FollowUp).where(
            FollowUp.service_request_id == request.id, FollowUp.closed_at == closed_at, FollowUp.done_at.is_(None)
        )
    ):
        follow_up.closed_at, follow_up.closing_reason = None, ""
    bookings = select(Booking.id).where(Booking.service_request_id == request.id, Booking.fell_through_at.is_(None))
    for reminder in context.session.scalars(
        select(Reminder).where(
            Reminder.booking_id.in_(bookings), Reminder.closed_at == closed_at, Reminder.sent_at.is_(None)
        )
    ):
        reminder.closed_at, reminder.closing_reason = None, ""


def _booking_like(context: CommandContext, booking: Booking, command: CorrectBooking) -> Booking:
    expert = command.expert_name.strip()
    return Booking(
        id=context.new_id(),
        service_request_id=booking.service_request_id,
        hospital_id=command.hospital_id,
        department_text=input_checks.short_text(command.department_text, field="department_text"),
        expert_name=input_checks.name(expert, field="expert_name") if expert else "",
        expert_title=command.expert_title,
        visit_at=command.visit_at,
        place=input_checks.short_text(command.place, field="place"),
        hospital_reference=booking.hospital_reference,
        instructions=booking.instructions,
        confirmed_by_hospital_at=booking.confirmed_by_hospital_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )


def _words(booking: Booking, hospital: Hospital) -> str:
    visit = in_shanghai(booking.visit_at)
    parts = (hospital.name, hospital.campus, booking.department_text, booking.expert_name, booking.place)
    return " · ".join(filter(None, (f"{visit:%Y-%m-%d %H:%M}", *parts)))


def _keep(
    context: CommandContext,
    request: ServiceRequest,
    subject: CorrectionSubject,
    values: tuple[str, str],
    reason: str,
    evidence: EvidenceGiven,
) -> Correction:
    words = input_checks.required(reason, field="reason", clause=CLAUSE)
    proof = record_evidence(context, request, evidence)
    row = Correction(
        id=context.new_id(),
        service_request_id=request.id,
        subject=subject,
        old_value=values[0],
        new_value=values[1],
        reason=words,
        evidence_id=proof.id,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    context.session.flush()
    return row


def _tell(context: CommandContext, file: AssistanceFile, correction: Correction, title: str) -> None:
    context.feed(
        file,
        EntryCategory.REQUEST,
        title,
        f"原为：{correction.old_value}；现为：{correction.new_value}；原因：{correction.reason}",
        request_id=correction.service_request_id,
    )
