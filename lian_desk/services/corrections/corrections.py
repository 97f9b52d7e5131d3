"""Corrections by a lead (更正): an entry found wrong is put right, and the old value is kept and printed (R48)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
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
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import require_other_reviewer
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.entitlements.ledger import is_reversed
from lian_desk.services.follow_ups.plans import plan_reminders
from lian_desk.services.service_requests.clock_runs import forget_clocks, recompute_clocks
from lian_desk.services.service_requests.deaths import has_died
from lian_desk.services.service_requests.interruptions import hold_again
from lian_desk.services.service_requests.moves import NOTHING, Given, Moved, move, roles_for
from lian_desk.services.service_requests.steps import (
    booking_of,
    keep_booking,
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


@handles(ReopenRequest, roles=roles_for(Move.REOPEN))
def reopen_request(command: ReopenRequest, context: CommandContext) -> int:
    """Take the end of a request back.

    Raises:
        RuleViolation: ``WRONG_STATUS`` while it is open; ``CORRECTION_IMPOSSIBLE`` where nobody knows where it stood,
            or where its use was given back already.
    """
    request, file = load(context, command.request_id)
    before, closed_at = request.status, request.closed_at or context.now
    closing = f"{phrase(before)}：{request.closing_reason}（{request.closing_clause}）"
    moved = reopen(context, request, Move.REOPEN, Given(reason=command.reason, evidence=command.evidence))
    hold_again(context, file, request, closed_at)
    correction = _keep(context, request, CorrectionSubject.STATUS, (closing, phrase(request.status)), moved)
    _tell(context, file, correction, f"{phrase(request.kind)}更正：{phrase(before)} → {phrase(request.status)}")
    return correction.id


@handles(CorrectStart, roles=roles_for(Move.CORRECT_START))
def correct_start(command: CorrectStart, context: CommandContext) -> int:
    """Post +1 as a correction of the start and close the request as withdrawn: a compensating pair in the ledger.

    A booking that followed the mistaken start falls through with it; after a visit there is nothing to take back.
    """
    request, file = load(context, command.request_id)
    before = phrase(request.status)
    given = Given(reason=command.reason, evidence=command.evidence, for_tasks=phrase(S.WITHDRAWN))
    moved = move(context, request, Move.CORRECT_START, given)
    require_other_reviewer(context, request)
    correction = _keep(context, request, CorrectionSubject.STATUS, (before, phrase(request.status)), moved)
    _tell(context, file, correction, f"{phrase(request.kind)}更正：误开启，权益更正 +1")
    return correction.id


@handles(CorrectBooking, roles=roles_for(Move.CORRECT_BOOKING))
def correct_booking(command: CorrectBooking, context: CommandContext) -> int:
    """Write the booking anew as the hospital confirmed it; the earlier row stays, marked as fallen through."""
    request, file = load(context, command.request_id)
    booking = booking_of(context, request)
    given = Given(reason=command.reason, evidence=command.evidence, for_tasks=phrase(EntryKind.CORRECTION))
    moved = move(context, request, Move.CORRECT_BOOKING, given)
    if booking is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=CLAUSE, status=request.status)
    input_checks.not_before(command.visit_at, booking.confirmed_by_hospital_at, field="visit_at")
    hospital = context.get(Hospital, command.hospital_id)
    old = context.get(Hospital, booking.hospital_id)
    fresh = _booking_like(context, booking, command)
    context.session.add(fresh)
    keep_booking(context, request, fresh)
    plan_reminders(request, fresh, context)
    values = (_words(booking, old), _words(fresh, hospital))
    correction = _keep(context, request, CorrectionSubject.BOOKING, values, moved)
    _tell(context, file, correction, f"{phrase(request.kind)}更正预约内容")
    refresh_next_action(context, request)
    return correction.id


def reopen(context: CommandContext, request: ServiceRequest, step: Move, given: Given = NOTHING) -> Moved:
    """Bring a closed request back to where it stood by ``step``, with the clocks and tasks that ended with it.

    After a death no task comes back (R68).

    Raises:
        RuleViolation: ``WRONG_STATUS`` while it is open; ``CORRECTION_IMPOSSIBLE`` where nobody knows where it stood, or
            where its use was given back already; what the table asks of ``step``.
    """
    closed_at = request.closed_at
    restored = request.paused_from or _BY_EXIT.get(request.status)
    is_stuck = restored is None or is_reversed(context.session, request.id)
    if closed_at is not None and is_stuck:
        raise RuleViolation(ErrorCode.CORRECTION_IMPOSSIBLE, clause=CLAUSE)
    moved = move(context, request, step, replace(given, back_to=restored))
    for clock in context.session.scalars(
        select(ClockRun).where(
            ClockRun.service_request_id == request.id, ClockRun.ended_at == closed_at, ClockRun.met_at.is_(None)
        )
    ):
        clock.ended_at = None
    forget_clocks(context, request)
    _plan_again(context, request, closed_at)
    recompute_clocks(context, request)
    refresh_next_action(context, request)
    return moved


def _plan_again(context: CommandContext, request: ServiceRequest, closed_at: datetime | None) -> None:
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
    context: CommandContext, request: ServiceRequest, subject: CorrectionSubject, values: tuple[str, str], moved: Moved
) -> Correction:
    """Keep what stood there before and what stands there now, with the reason and the proof that the move took."""
    row = Correction(
        id=context.new_id(),
        service_request_id=request.id,
        subject=subject,
        old_value=values[0],
        new_value=values[1],
        reason=moved.reason,
        evidence_id=moved.proof.id,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    return row


def _tell(context: CommandContext, file: AssistanceFile, correction: Correction, title: str) -> None:
    context.feed(
        file,
        EntryCategory.REQUEST,
        title,
        f"原为：{correction.old_value}；现为：{correction.new_value}；原因：{correction.reason}",
        request_id=correction.service_request_id,
    )
