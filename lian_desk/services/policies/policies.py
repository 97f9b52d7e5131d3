"""Enter policies and the periods of their effect: suspend, reinstate, terminate (R2 to R7, R88)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI, in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.vocabulary import EntryCategory, FactSource, PolicyStatus, TerminationReason
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.ledger import grant_uses
from lian_desk.services.names.masking import mask_policy_number
from lian_desk.services.service_requests.interruptions import resume_requests, suspend_requests, terminate_requests
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class PolicyInput:
    """A policy as typed."""

    policy_number: str
    effective_on: date
    policyholder_name: str
    product_code: str
    status_source: FactSource


@dataclass(frozen=True, kw_only=True)
class SuspendPolicy(Command):
    """The contract's effect is suspended from 00:00 of ``from_on`` (R5); entered late, it still holds from then."""

    policy_id: int
    from_on: date
    source: FactSource
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReinstatePolicy(Command):
    """The effect is restored from 00:00 of ``from_on`` (R6); balances and the ten years stay as they are."""

    policy_id: int
    from_on: date
    source: FactSource
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TerminatePolicy(Command):
    """The contract ended at 00:00 of ``from_on`` for one of the seven reasons (R7)."""

    policy_id: int
    from_on: date
    reason: TerminationReason
    source: FactSource
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class VerifyPolicyStatus(Command):
    """The status was looked up again and is still what is recorded (R4)."""

    policy_id: int
    status: PolicyStatus
    source: FactSource


def enter_policy(context: CommandContext, policy: PolicyInput, insured_person_id: int) -> Policy:
    """Store a policy in force since its effective date and grant its uses (R2, R12).

    Raises:
        RuleViolation: ``WRONG_PRODUCT``, ``POLICY_EXISTS`` with the masked twin, or a field's own error.
    """
    number = input_checks.policy_number(policy.policy_number, field="policy_number")
    if policy.product_code != context.pack.product.code:
        raise RuleViolation(ErrorCode.WRONG_PRODUCT, clause=context.pack.product.clause, field="product_code")
    twin = context.session.scalar(select(Policy).where(Policy.policy_number == number))
    if twin is not None:
        file = context.session.scalar(select(AssistanceFile).where(AssistanceFile.policy_id == twin.id))
        shown = " · ".join(filter(None, [mask_policy_number(twin.policy_number), file.number if file else ""]))
        raise RuleViolation(
            ErrorCode.POLICY_EXISTS, clause="R18", field="policy_number", twin=shown, file_id=file.id if file else None
        )
    input_checks.day_not_in_future(policy.effective_on, context.now, field="effective_on")
    row = Policy(
        id=context.new_id(),
        insured_person_id=insured_person_id,
        policy_number=number,
        product_code=policy.product_code,
        policyholder_name=input_checks.name(policy.policyholder_name, field="policyholder_name"),
        effective_on=policy.effective_on,
        created_at=context.now,
    )
    context.session.add(row)
    _add_period(context, row, PolicyStatus.IN_FORCE, policy.effective_on, policy.status_source)
    grant_uses(context, row)
    return row


@handles(SuspendPolicy)
def suspend_policy(command: SuspendPolicy, context: CommandContext) -> int:
    """Freeze the services of the policy (R5)."""
    policy = context.get(Policy, command.policy_id)
    last = _last_period(context, policy)
    if last.status is not PolicyStatus.IN_FORCE:
        raise RuleViolation(ErrorCode.PERIOD_OVERLAPS, clause="R5", field="from_on")
    _check_order(command.from_on, last, context)
    _add_period(context, policy, PolicyStatus.SUSPENDED, command.from_on, command.source, note=command.note)
    suspend_requests(context, policy, start_of(command.from_on))
    _tell(context, policy, "保单效力中止", command.from_on, command.note)
    return policy.id


@handles(ReinstatePolicy)
def reinstate_policy(command: ReinstatePolicy, context: CommandContext) -> int:
    """Thaw the services of the policy (R6)."""
    policy = context.get(Policy, command.policy_id)
    last = _last_period(context, policy)
    if last.status is not PolicyStatus.SUSPENDED:
        raise RuleViolation(ErrorCode.PERIOD_OVERLAPS, clause="R6", field="from_on")
    _check_order(command.from_on, last, context)
    _add_period(context, policy, PolicyStatus.IN_FORCE, command.from_on, command.source, note=command.note)
    resume_requests(context, policy, start_of(command.from_on))
    _tell(context, policy, "保单效力恢复", command.from_on, command.note)
    return policy.id


@handles(TerminatePolicy)
def terminate_policy(command: TerminatePolicy, context: CommandContext) -> int:
    """End the services of the policy: close requests, cancel tasks, make the file read-only (R7)."""
    policy = context.get(Policy, command.policy_id)
    last = _last_period(context, policy)
    if last.status is PolicyStatus.TERMINATED:
        raise RuleViolation(ErrorCode.POLICY_TERMINATED, clause="R7")
    if command.reason is TerminationReason.OTHER:
        input_checks.required(command.note, field="note", clause="R7")
    _check_order(command.from_on, last, context)
    _add_period(
        context,
        policy,
        PolicyStatus.TERMINATED,
        command.from_on,
        command.source,
        note=command.note,
        reason=command.reason,
    )
    terminate_requests(context, policy, command.reason, start_of(command.from_on))
    _tell(context, policy, f"保险合同终止：{phrase(command.reason)}", command.from_on, command.note)
    for file in _files(context, policy):
        file.closed_at = context.now
    return policy.id


@handles(VerifyPolicyStatus)
def verify_policy_status(command: VerifyPolicyStatus, context: CommandContext) -> int:
    """Keep a fresh snapshot of the status (R4); a difference to what is recorded must be entered as a period."""
    policy = context.get(Policy, command.policy_id)
    last = _last_period(context, policy)
    if last.status is not command.status:
        raise RuleViolation(ErrorCode.PERIOD_OVERLAPS, clause="R4", field="status")
    input_checks.snapshot(context, policy, "verify", command.status, command.source)
    _tell(context, policy, f"核实保单状态：{phrase(command.status)}", in_shanghai(context.now).date(), "")
    return policy.id


def start_of(day: date) -> datetime:
    """Return 00:00 of ``day`` in Asia/Shanghai: a period or termination counts from there."""
    return datetime.combine(day, time(0), SHANGHAI)


def _add_period(  # noqa: PLR0913 - the columns of one row
    context: CommandContext,
    policy: Policy,
    status: PolicyStatus,
    from_on: date,
    source: FactSource,
    *,
    note: str = "",
    reason: TerminationReason | None = None,
) -> None:
    last = context.session.scalar(_periods(policy))
    if last is not None:
        last.true_to = start_of(from_on)
    context.session.add(
        PolicyStatusPeriod(
            id=context.new_id(),
            policy_id=policy.id,
            status=status,
            true_from=start_of(from_on),
            known_from=context.now,
            termination_reason=reason,
            source=source,
            note=input_checks.long_text(note, field="note"),
            recorded_by=context.operator.id,
        )
    )
    input_checks.snapshot(context, policy, "period", status, source)


def _periods(policy: Policy) -> Select[PolicyStatusPeriod]:
    return (
        select(PolicyStatusPeriod)
        .where(PolicyStatusPeriod.policy_id == policy.id, PolicyStatusPeriod.superseded_at.is_(None))
        .order_by(PolicyStatusPeriod.true_from.desc(), PolicyStatusPeriod.id.desc())
        .limit(1)
    )


def _last_period(context: CommandContext, policy: Policy) -> PolicyStatusPeriod:
    last: PolicyStatusPeriod | None = context.session.scalar(_periods(policy))
    if last is None:
        raise RuleViolation(ErrorCode.POLICY_STATUS_UNKNOWN, clause="R4")
    return last


def _check_order(from_on: date, last: PolicyStatusPeriod, context: CommandContext) -> None:
    input_checks.not_before(start_of(from_on), last.true_from, field="from_on")
    input_checks.not_in_future(start_of(from_on), context.now, field="from_on")


def _files(context: CommandContext, policy: Policy) -> list[AssistanceFile]:
    return list(context.session.scalars(select(AssistanceFile).where(AssistanceFile.policy_id == policy.id)))


def _tell(context: CommandContext, policy: Policy, title: str, from_on: date, note: str) -> None:
    for file in _files(context, policy):
        context.feed(
            file, EntryCategory.POLICY, title, "；".join(filter(None, [f"自 {from_on.isoformat()} 起", note.strip()]))
        )
