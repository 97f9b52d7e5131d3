"""What is known of a policy beside its periods: waiting and grace days."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.vocabulary import EntryCategory, FactSource
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class RecordPolicyTerms(Command):
    """Waiting period and grace period as the insurer states them; ``until`` is the first day outside (A28, A29)."""

    policy_id: int
    source: FactSource
    waiting_until_on: date | None = None
    grace_from_on: date | None = None
    grace_until_on: date | None = None


@handles(RecordPolicyTerms)
def record_policy_terms(command: RecordPolicyTerms, context: CommandContext) -> int:
    """Store the days; None takes a day back.

    Raises:
        RuleViolation: ``TIME_ORDER`` for a grace period that ends before it begins; ``FIELD_REQUIRED`` for half of one.
    """
    policy = context.get(Policy, command.policy_id)
    for file in files_of(context, policy):
        context.writable_file(file.id)
    first, last = command.grace_from_on, command.grace_until_on
    if (first is None) != (last is None):
        raise RuleViolation(
            ErrorCode.FIELD_REQUIRED, clause="A29", field="grace_from_on" if first is None else "grace_until_on"
        )
    if first is not None and last is not None and last <= first:
        raise RuleViolation(ErrorCode.TIME_ORDER, clause="A29", field="grace_until_on", earliest=first.isoformat())
    policy.waiting_until_on = command.waiting_until_on
    policy.grace_from_on, policy.grace_until_on = first, last
    waiting = f"等待期至 {command.waiting_until_on}" if command.waiting_until_on else ""
    grace = f"宽限期 {first} 至 {last}" if first else ""
    words = "；".join(filter(None, [waiting, grace])) or "无等待期与宽限期"
    for file in files_of(context, policy):
        context.feed(file, EntryCategory.POLICY, "登记等待期与宽限期", f"{words} · 来源：{phrase(command.source)}")
    return policy.id


def files_of(context: CommandContext, policy: Policy) -> list[AssistanceFile]:
    """Return the assistance files that stand on a policy."""
    return list(context.session.scalars(select(AssistanceFile).where(AssistanceFile.policy_id == policy.id)))
