"""How a request ends before its start, or after all is done (R50, R71)."""

from dataclasses import dataclass

from lian_desk.models.rules.request_moves import Move
from lian_desk.models.vocabulary import CarePhase, EntryCategory
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.steps import check_moment, load, refresh_next_action
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class WithdrawRequest(Command):
    """The customer takes the request back before its start: free, no use is spent (R50)."""

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
    spoken_at = command.evidence.happened_at
    check_moment(context, spoken_at, request.received_at, field="evidence_at")
    given = Given(at=spoken_at, reason=command.reason, evidence=command.evidence)
    moved = move(context, request, Move.WITHDRAW, given)
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}开启前撤回，不扣权益",
        moved.reason,
        request_id=request.id,
        happened_at=spoken_at,
    )
    return request.id


@handles(ArchiveRequest)
def archive_request(command: ArchiveRequest, context: CommandContext) -> int:
    """Archive a request.

    Raises:
        RuleViolation: ``FOLLOW_UP_MISSING`` while follow-ups are open or none was done and no lead waives it (R71).
    """
    request, file = load(context, command.request_id)
    waiver = command.waiver_reason.strip()
    move(context, request, Move.ARCHIVE, Given(update=command.update_text, waiver=waiver, for_tasks=waiver))
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}完成档案更新并归档",
        "；".join(filter(None, [request.closing_reason, f"免除随访：{waiver}" if waiver else ""])),
        request_id=request.id,
        phase=CarePhase.POST_VISIT_CARE,
    )
    refresh_next_action(context, request)
    return request.id
