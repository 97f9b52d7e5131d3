"""How a started service ends without a visit, or goes back for another date (R48 to R53, R79, A22, A23)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_states import Move, Transition
from lian_desk.models.tables.requests.booking import Booking, Reschedule
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    EntryCategory,
    FactSource,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.eligibility import require_right_speaker
from lian_desk.services.entitlements.evidence import EvidenceGiven, record_evidence
from lian_desk.services.follow_ups.plans import drop_reminders
from lian_desk.services.service_requests.clock_runs import close_pauses
from lian_desk.services.service_requests.steps import (
    check_moment,
    close_tasks,
    current_booking,
    load,
    move,
    refresh_next_action,
)
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class RecordNoShow(Command):
    """The insured did not come on time: the service counts as completed and used (R49)."""

    request_id: int
    source: FactSource
    noticed_at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelByInsured(Command):
    """The insured cancels after the start: the use stays spent (R49, R50), which was said beforehand."""

    request_id: int
    reason: str
    evidence: EvidenceGiven
    warning_acknowledged: bool


@dataclass(frozen=True, kw_only=True)
class RescheduleByHospital(Command):
    """The hospital stopped or postponed the date: another one is looked for, no use moves (R52, R53, R79)."""

    request_id: int
    cause: RescheduleCause
    note: str
    evidence: EvidenceGiven
    offered_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecordNotBooked(Command):
    """Started, but no booking could be made without the customer's fault; a lead may give the use back (A23)."""

    request_id: int
    reason: str


@handles(RecordNoShow)
def record_no_show(command: RecordNoShow, context: CommandContext) -> int:
    """Close as not come; the use was spent at the start and stays so (V18)."""
    request, file = load(context, command.request_id)
    booking = current_booking(context.session, request.id)
    earliest = booking.visit_at if booking is not None else request.received_at
    row = move(context, request, Move.RECORD_NO_SHOW)
    check_moment(context, command.noticed_at, earliest, field="noticed_at")
    note = command.note.strip()
    _close(context, request, row, "；".join(filter(None, [f"来源：{phrase(command.source)}", note])))
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}未按时就约，视为已使用",
        request.closing_reason,
        request_id=request.id,
        happened_at=command.noticed_at,
    )
    return request.id


@handles(CancelByInsured)
def cancel_by_insured(command: CancelByInsured, context: CommandContext) -> int:
    """Close as cancelled by the insured; nothing more is deducted."""
    request, file = load(context, command.request_id)
    reason = input_checks.required(command.reason, field="reason", clause="R50")
    if not command.warning_acknowledged:
        raise RuleViolation(ErrorCode.WARNING_NOT_SHOWN, clause="R50", field="warning_acknowledged")
    require_right_speaker(context, file, command.evidence.said_by, clause="R49", at=command.evidence.happened_at)
    _require_lead_after_a_stop(context, request)
    check_moment(context, command.evidence.happened_at, request.started_at or request.received_at, field="evidence_at")
    row = move(context, request, Move.CANCEL_BY_INSURED)
    record_evidence(context, request, command.evidence)
    _close(context, request, row, reason)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}客户取消，视为已使用",
        reason,
        request_id=request.id,
        happened_at=command.evidence.happened_at,
    )
    return request.id


@handles(RescheduleByHospital)
def reschedule_by_hospital(command: RescheduleByHospital, context: CommandContext) -> int:
    """Let the booking fall through and look for another date under the same request and use."""
    request, file = load(context, command.request_id)
    clause = reschedule_clause(request.kind, has_stay=context.pack.service(request.kind).has_stay)
    note = input_checks.required(command.note, field="note", clause=clause)
    booking = current_booking(context.session, request.id)
    move(context, request, Move.RESCHEDULE_BY_HOSPITAL)
    if booking is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=clause, status=RequestStatus.BOOKED)
    happened_at = command.evidence.happened_at
    check_moment(context, happened_at, booking.confirmed_by_hospital_at, field="evidence_at")
    evidence = record_evidence(context, request, command.evidence)
    booking.fell_through_at = happened_at
    request.booked_at = None
    reschedule = Reschedule(
        id=context.new_id(),
        booking_id=booking.id,
        cause=command.cause,
        note=note,
        offered_on=command.offered_on,
        evidence_id=evidence.id,
        happened_at=happened_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(reschedule)
    drop_reminders(booking, context)
    context.session.flush()
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}{phrase(command.cause)}，另约时间",
        f"{note}；不另扣权益，不提供任何形式的赔偿或补偿（{clause}）",
        request_id=request.id,
        happened_at=happened_at,
    )
    refresh_next_action(context, request)
    return reschedule.id


@handles(RecordNotBooked)
def record_not_booked(command: RecordNotBooked, context: CommandContext) -> int:
    """Close without a booking; the ledger stays until a lead reverses (A23)."""
    request, file = load(context, command.request_id)
    reason = input_checks.required(command.reason, field="reason", clause="A23")
    row = move(context, request, Move.RECORD_NOT_BOOKED)
    _close(context, request, row, reason)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}未约成（非客户原因），待主管核定是否冲正",
        reason,
        request_id=request.id,
    )
    return request.id


def _require_lead_after_a_stop(context: CommandContext, request: ServiceRequest) -> None:
    """Leave it to a lead whether a customer who refuses the time after a hospital's stop has used the service (A23).

    The default is 未约成, which a lead may reverse; only a lead may count it as the customer's cancellation.
    """
    stopped = context.session.scalar(
        select(Reschedule.id)
        .join(Booking, Booking.id == Reschedule.booking_id)
        .where(Booking.service_request_id == request.id)
        .limit(1)
    )
    if stopped is not None and current_booking(context.session, request.id) is None:
        approve_exception(context, request, clause="A23")


def reschedule_clause(kind: ServiceKind, *, has_stay: bool) -> str:
    """Return the clause of a hospital's stop: R52 for 门诊, R53 for a stay, A22 for 检查, which is silent."""
    if kind is ServiceKind.EXPEDITED_EXAMINATION:
        return "A22"
    return "R53" if has_stay else "R52"


def _close(context: CommandContext, request: ServiceRequest, row: Transition, reason: str) -> None:
    close_pauses(context, request, context.now)
    request.closing_reason = reason
    request.closing_clause = row.clause
    close_tasks(context, request, phrase(request.status))
    context.session.flush()
