"""Let a request stand still and go on: its clocks are reckoned anew each time (state table, R44, R86, A8, A45)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, PauseReason, RequestStatus
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import require_other_reviewer
from lian_desk.services.service_requests.clock_runs import close_pauses, lasting_pauses, open_pause
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.steps import check_moment, load, refresh_next_action
from lian_desk.services.words.wording import phrase

BY_HAND = (PauseReason.DOCTORS_ORDER, PauseReason.AWAITING_CUSTOMER, PauseReason.FORCE_MAJEURE)
"""Reasons that the desk may give; the suspension of a policy pauses by itself (R5)."""


@dataclass(frozen=True, kw_only=True)
class PauseRequest(Command):
    """A request stands still since ``paused_at``, with the reason and its words (R44: the text of the order)."""

    request_id: int
    reason: PauseReason
    note: str
    paused_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeRequest(Command):
    """A paused request goes on since ``resumed_at``, where it stood."""

    request_id: int
    resumed_at: datetime
    note: str = ""


@handles(PauseRequest)
def pause_request(command: PauseRequest, context: CommandContext) -> int:
    """Pause a request; the clocks that the reason stops stand still from then on."""
    request, file = load(context, command.request_id)
    if command.reason not in BY_HAND:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause=context.pack.pauses[command.reason].clause, field="reason")
    if command.reason is PauseReason.FORCE_MAJEURE and context.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause="R86", field="reason")
    check_moment(context, command.paused_at, request.received_at, field="paused_at")
    clause = context.pack.pauses[command.reason].clause
    moved = move(context, request, Move.PAUSE, Given(reason=command.note, reason_field="note", reason_clause=clause))
    open_pause(context, request, command.reason, command.paused_at, moved.reason)
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}暂停：{phrase(command.reason)}",
        moved.reason,
        request_id=request.id,
        happened_at=command.paused_at,
    )
    refresh_next_action(context, request)
    return request.id


@handles(ResumeRequest)
def resume_request(command: ResumeRequest, context: CommandContext) -> int:
    """Go on with a paused request; a suspended policy must be reinstated instead (R5, R6).

    A visit that was booked before the suspension may take place on a lead's word (A26).
    """
    request, file = load(context, command.request_id)
    if PauseReason.POLICY_SUSPENDED in lasting_reasons(context, request):
        _require_leads_word(context, request, command)
    _require_event_over(context, request, command)
    check_moment(context, command.resumed_at, _last_pause_at(context, request), field="resumed_at")
    go_on(context, request, command.resumed_at)
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}恢复，回到{phrase(request.status)}",
        command.note.strip(),
        request_id=request.id,
        happened_at=command.resumed_at,
    )
    refresh_next_action(context, request)
    return request.id


def _require_leads_word(context: CommandContext, request: ServiceRequest, command: ResumeRequest) -> None:
    if request.paused_from is not RequestStatus.BOOKED or context.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.POLICY_SUSPENDED, clause="R5")
    require_other_reviewer(context, request)
    input_checks.required(command.note, field="note", clause="A26")


def _require_event_over(context: CommandContext, request: ServiceRequest, command: ResumeRequest) -> None:
    """Let only a lead, with a reason, take one request out of an event of force majeure that lasts (R86)."""
    if PauseReason.FORCE_MAJEURE not in lasting_reasons(context, request):
        return
    if context.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause="R86", field="note")
    input_checks.required(command.note, field="note", clause="R86")


def go_on(context: CommandContext, request: ServiceRequest, at: datetime) -> None:
    """Return to the status before the pause and end the pause; a wait for the start goes on waiting (A8)."""
    waits_for_start = request.paused_from is RequestStatus.AWAITING_START
    move(context, request, Move.RESUME)
    reasons = set(PauseReason) - ({PauseReason.AWAITING_CUSTOMER} if waits_for_start else set())
    close_pauses(context, request, at, reasons)


def lasting_reasons(context: CommandContext, request: ServiceRequest) -> set[PauseReason]:
    """Return the reasons for which a request stands still now."""
    return {row.reason for row in lasting_pauses(context, request)}


def _last_pause_at(context: CommandContext, request: ServiceRequest) -> datetime:
    rows = lasting_pauses(context, request)
    return in_shanghai(rows[-1].paused_at if rows else request.received_at)
