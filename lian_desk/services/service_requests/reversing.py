"""A lead gives a spent use back (冲正): a start that found no booking without the customer's fault (A23)."""

from dataclasses import dataclass

from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.approvals import require_other_reviewer
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.service_requests.moves import Given, move, roles_for
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class ReverseStart(Command):
    """A lead gives a spent use back (冲正): started, but no booking came about without the customer's fault (A23)."""

    request_id: int
    reason: str
    evidence: EvidenceGiven
    insurer_reference: str = ""


@handles(ReverseStart, roles=roles_for(Move.REVERSE_START))
def reverse_start(command: ReverseStart, context: CommandContext) -> int:
    """Post +1 against the start, and make a new slot for it.

    Raises:
        RuleViolation: ``NOT_STARTED``; ``ALREADY_REVERSED``; ``REVIEWER_APPROVES_HIMSELF`` (R25).
    """
    request = context.get(ServiceRequest, command.request_id)
    file = context.writable_file(request.assistance_file_id)
    given = Given(reason=command.reason, evidence=command.evidence, insurer_reference=command.insurer_reference)
    moved = move(context, request, Move.REVERSE_START, given)
    require_other_reviewer(context, request)
    reference = f" · 保险公司编号 {given.insurer_reference.strip()}" if given.insurer_reference.strip() else ""
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}权益冲正 +1",
        f"{request.number} · {moved.reason}{reference}",
        request_id=request.id,
    )
    return moved.posted.id
