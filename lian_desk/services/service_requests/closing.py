"""How a request ends before its start, or after all is done (R50, R71)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_states import Move
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CarePhase, EntryCategory, FollowUpOutcome
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.eligibility import require_right_speaker
from lian_desk.services.entitlements.evidence import EvidenceGiven, record_evidence
from lian_desk.services.service_requests.clock_runs import close_pauses
from lian_desk.services.service_requests.steps import check_moment, close_tasks, load, move, refresh_next_action
from lian_desk.services.words.wording import phrase

_ANSWERED = (FollowUpOutcome.REACHED, FollowUpOutcome.DECLINED)


@dataclass(frozen=True, kw_only=True)
class WithdrawRequest(Command):
    """The customer takes the request back before its start: free, no use is spent (R50, V19)."""

    request_id: int
    reason: str
    evidence: EvidenceGiven


@dataclass(frozen=True, kw_only=True)
class ArchiveRequest(Command):
    """Close a request whose outcome, follow-up and update of the file are in (R71).

    ``update_text`` is that update: what came of the service. A lead may waive missing follow-ups with a reason.
    """

    request_id: int
    update_text: str
    waiver_reason: str = ""


@handles(WithdrawRequest)
def withdraw_request(command: WithdrawRequest, context: CommandContext) -> int:
    """Withdraw before the start."""
    request, file = load(context, command.request_id)
    reason = input_checks.required(command.reason, field="reason", clause="R50")
    spoken_at = command.evidence.happened_at
    require_right_speaker(context, file, command.evidence.said_by, clause="R50", at=spoken_at)
    check_moment(context, spoken_at, request.received_at, field="evidence_at")
    move(context, request, Move.WITHDRAW)
    record_evidence(context, request, command.evidence)
    close_pauses(context, request, command.evidence.happened_at)
    request.closing_reason = reason
    request.closing_clause = "R50"
    close_tasks(context, request, phrase(request.status))
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}开启前撤回，不扣权益",
        reason,
        request_id=request.id,
        happened_at=command.evidence.happened_at,
    )
    context.session.flush()
    return request.id


@handles(ArchiveRequest)
def archive_request(command: ArchiveRequest, context: CommandContext) -> int:
    """Archive a request.

    Raises:
        RuleViolation: ``FOLLOW_UP_MISSING`` while follow-ups are open or none was done and no lead waives it (R71).
    """
    request, file = load(context, command.request_id)
    update = input_checks.required(command.update_text, field="update_text", clause="R71")
    waiver = command.waiver_reason.strip()
    if waiver:
        approve_exception(context, request)
    else:
        _require_follow_ups(context, request)
    move(context, request, Move.ARCHIVE)
    request.closing_reason = update
    request.closing_clause = "R71"
    close_tasks(context, request, waiver or phrase(request.status))
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}完成档案更新并归档",
        "；".join(filter(None, [update, f"免除随访：{waiver}" if waiver else ""])),
        request_id=request.id,
        phase=CarePhase.POST_VISIT_CARE,
    )
    refresh_next_action(context, request)
    return request.id


def _require_follow_ups(context: CommandContext, request: ServiceRequest) -> None:
    open_count = context.session.scalar(
        select(func.count()).where(FollowUp.service_request_id == request.id, FollowUp.closed_at.is_(None))
    )
    answered = context.session.scalar(
        select(func.count()).where(FollowUp.service_request_id == request.id, FollowUp.outcome.in_(_ANSWERED))
    )
    if open_count or not answered:
        raise RuleViolation(ErrorCode.FOLLOW_UP_MISSING, clause="R71", count=open_count or 0)
