"""A termination of a contract that was entered by mistake, taken back: a correction that reopens requests (R7)."""

from dataclasses import dataclass

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, FactSource, PolicyStatus, RequestStatus
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.corrections.corrections import reopen
from lian_desk.services.policies.terms import files_of
from lian_desk.services.service_requests.interruptions import hold_again
from lian_desk.services.service_requests.moves import roles_for


@dataclass(frozen=True, kw_only=True)
class ReverseTermination(Command):
    """A termination was entered by mistake: the contract stands as it did before (R7, lead only)."""

    policy_id: int
    reason: str
    source: FactSource


@handles(ReverseTermination, roles=roles_for(Move.RESTORE_WITH_CONTRACT))
def reverse_termination(command: ReverseTermination, context: CommandContext) -> int:
    """Believe the termination no more: files are writable and requests stand where they stood.

    Raises:
        RuleViolation: ``WRONG_STATUS`` when the contract is not terminated.
    """
    policy = context.get(Policy, command.policy_id)
    reason = input_checks.required(command.reason, field="reason", clause="R7")
    periods = context.session.scalars(
        select(PolicyStatusPeriod)
        .where(PolicyStatusPeriod.policy_id == policy.id, PolicyStatusPeriod.superseded_at.is_(None))
        .order_by(PolicyStatusPeriod.true_from.desc(), PolicyStatusPeriod.id.desc())
    ).all()
    if not periods or periods[0].status is not PolicyStatus.TERMINATED:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R7")
    ended, before = periods[0], periods[1]
    ended.superseded_at = context.now
    before.true_to = None
    for file in files_of(context, policy):
        file.closed_at = None
        context.feed(file, EntryCategory.POLICY, "更正：误登记合同终止，服务恢复", reason)
    input_checks.snapshot(context, policy, "period", before.status, command.source)
    for request in _ended_with(context, policy, ended):
        closed_at = request.closed_at or context.now
        reopen(context, request, Move.RESTORE_WITH_CONTRACT)
        hold_again(context, context.get(AssistanceFile, request.assistance_file_id), request, closed_at)
    return policy.id


def _ended_with(context: CommandContext, policy: Policy, ended: PolicyStatusPeriod) -> list[ServiceRequest]:
    return list(
        context.session.scalars(
            select(ServiceRequest)
            .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
            .where(
                AssistanceFile.policy_id == policy.id,
                ServiceRequest.status == RequestStatus.POLICY_TERMINATED,
                ServiceRequest.closed_at >= ended.known_from,
            )
        )
    )
