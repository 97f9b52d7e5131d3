"""How a started service ends without a visit, or goes back for another date (R48 to R53, R79, A22, A23)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.requests.booking import Booking, Reschedule
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    EntryCategory,
    FactSource,
    RequestStatus,
    RescheduleCause,
)
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.steps import (
    booking_of,
    check_moment,
    load,
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
    """Close as not come; the use was spent at the start and stays so."""
    request, file = load(context, command.request_id)
    booking = booking_of(context, request)
    earliest = booking.visit_at if booking is not None else request.received_at
    move(context, request, Move.RECORD_NO_SHOW, Given(source=command.source, note=command.note))
    check_moment(context, command.noticed_at, earliest, field="noticed_at")
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
    _require_lead_after_a_stop(context, request)
    check_moment(context, command.evidence.happened_at, request.started_at or request.received_at, field="evidence_at")
    given = Given(reason=command.reason, evidence=command.evidence, warning_shown=command.warning_acknowledged)
    moved = move(context, request, Move.CANCEL_BY_INSURED, given)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}客户取消，视为已使用",
        moved.reason,
        request_id=request.id,
        happened_at=command.evidence.happened_at,
    )
    return request.id


@handles(RescheduleByHospital)
def reschedule_by_hospital(command: RescheduleByHospital, context: CommandContext) -> int:
    """Let the booking fall through and look for another date under the same request and use."""
    request, file = load(context, command.request_id)
    booking = booking_of(context, request)
    happened_at = command.evidence.happened_at
    given = Given(at=happened_at, reason=command.note, reason_field="note", evidence=command.evidence)
    moved = move(context, request, Move.RESCHEDULE_BY_HOSPITAL, given)
    if booking is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=moved.row.clause, status=RequestStatus.BOOKED)
    check_moment(context, happened_at, booking.confirmed_by_hospital_at, field="evidence_at")
    reschedule = Reschedule(
        id=context.new_id(),
        booking_id=booking.id,
        cause=command.cause,
        note=moved.reason,
        offered_on=command.offered_on,
        evidence_id=moved.proof.id,
        happened_at=happened_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(reschedule)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}{phrase(command.cause)}，需要改期",
        f"{moved.reason}；不另扣权益，不提供任何形式的赔偿或补偿（{moved.row.clause}）",
        request_id=request.id,
        happened_at=happened_at,
    )
    refresh_next_action(context, request)
    return reschedule.id


@handles(RecordNotBooked)
def record_not_booked(command: RecordNotBooked, context: CommandContext) -> int:
    """Close without a booking; the ledger stays until a lead reverses (A23)."""
    request, file = load(context, command.request_id)
    moved = move(context, request, Move.RECORD_NOT_BOOKED, Given(reason=command.reason))
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}未约成（非客户原因），待主管核定是否冲正",
        moved.reason,
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
    if stopped is not None and booking_of(context, request) is None:
        approve_exception(context, request, clause="A23")
