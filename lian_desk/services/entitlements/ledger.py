"""The entitlement: grant uses, spend one, give one back, and tell the balance (R12, R46, R47, R54, A23).

The balance is the sum of the ledger and is never stored. A use is a slot row that can be spent once; the database's
unique constraints have the last word when two start at the same moment, or one starts twice.
"""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.entitlement import EntitlementEntry, EntitlementSlot
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryKind, ServiceKind
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.entitlements.file_ownership import require_owner


@dataclass(frozen=True, slots=True)
class Balance:
    """Uses of one service under one policy: ``left`` = ``granted`` − ``used``."""

    granted: int
    used: int
    left: int


def grant_uses(context: CommandContext, policy: Policy) -> None:
    """Grant every limited service of the pack its uses for the whole term: one entry, and one slot per use (R12)."""
    for kind in context.pack.limited_services:
        uses = context.pack.service(kind).uses or 0
        if not uses:
            continue
        context.session.add(
            EntitlementEntry(
                id=context.new_id(),
                policy_id=policy.id,
                service_kind=kind,
                kind=EntryKind.GRANT,
                amount=uses,
                reason=f"{context.pack.label} {context.pack.service(kind).clause_of('uses')}",
                happened_at=context.now,
                recorded_at=context.now,
                recorded_by=context.operator.id,
            )
        )
        for ordinal in range(1, uses + 1):
            _add_slot(context, policy.id, kind, ordinal)


def take_use(
    context: CommandContext, request: ServiceRequest, evidence_id: int | None = None
) -> EntitlementEntry | None:
    """Spend one use for the start of ``request``; a service without a limit spends none and gives None.

    Asked again for the same request it returns the first entry and spends nothing.

    Raises:
        RuleViolation: ``ENTITLEMENT_EXHAUSTED`` with the numbers of the requests that used them (R47).
    """
    if context.pack.service(request.kind).uses is None:
        return None
    # a start without its entry, or an entry without its start, is never committed
    earlier = start_entry(context.session, request.id) if request.started_at is not None else None
    if earlier is not None:
        return earlier
    file = context.get(AssistanceFile, request.assistance_file_id)
    require_owner(context, file)
    policy_id = file.policy_id
    slot = _free_slot(context.session, policy_id, request.kind)
    if slot is None:
        raise exhausted(context, policy_id, request.kind)
    entry = EntitlementEntry(
        id=context.new_id(),
        policy_id=policy_id,
        service_kind=request.kind,
        kind=EntryKind.START,
        amount=-1,
        slot_id=slot.id,
        service_request_id=request.id,
        start_key=request.id,
        evidence_id=evidence_id,
        happened_at=context.now,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(entry)
    return entry


def exhausted(context: CommandContext, policy_id: int, kind: ServiceKind) -> RuleViolation:
    """Return the refusal of a service whose uses are spent; it names the requests that spent them (R47)."""
    used_by = "、".join(requests_that_used(context.session, policy_id, kind))
    return RuleViolation(
        ErrorCode.ENTITLEMENT_EXHAUSTED,
        clause=context.pack.service(kind).clause_of("uses"),
        kind=kind,
        used_by=f"（已使用：{used_by}）" if used_by else "",
    )


def give_back(
    context: CommandContext,
    start: EntitlementEntry,
    kind: EntryKind,
    *,
    reason: str,
    evidence_id: int | None,
    insurer_reference: str = "",
) -> EntitlementEntry:
    """Post +1 against a start, as a reversal (冲正) or a correction (更正), and make a new slot for it.

    Raises:
        RuleViolation: ``FILE_OF_ANOTHER_WORKSTATION`` (A46).
    """
    owner_file = context.session.scalars(
        select(AssistanceFile).where(AssistanceFile.policy_id == start.policy_id)
    ).one()
    require_owner(context, owner_file)
    entry = EntitlementEntry(
        id=context.new_id(),
        policy_id=start.policy_id,
        service_kind=start.service_kind,
        kind=kind,
        amount=1,
        service_request_id=start.service_request_id,
        reverses_id=start.id if kind is EntryKind.REVERSAL else None,
        reason=reason,
        insurer_reference=insurer_reference,
        evidence_id=evidence_id,
        happened_at=context.now,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(entry)
    highest = context.session.scalar(
        select(func.max(EntitlementSlot.ordinal)).where(
            EntitlementSlot.policy_id == start.policy_id, EntitlementSlot.service_kind == start.service_kind
        )
    )
    _add_slot(context, start.policy_id, start.service_kind, (highest or 0) + 1)
    return entry


def balances(session: Session, policy_id: int) -> dict[ServiceKind, Balance]:
    """Return the balance of every limited service of a policy, in one statement."""
    moved = EntitlementEntry.kind != EntryKind.GRANT
    rows = session.execute(
        select(
            EntitlementEntry.service_kind,
            func.sum(case((moved, 0), else_=EntitlementEntry.amount)),
            func.sum(EntitlementEntry.amount),
        )
        .where(EntitlementEntry.policy_id == policy_id)
        .group_by(EntitlementEntry.service_kind)
    ).all()
    found = {kind: Balance(int(granted), int(granted - left), int(left)) for kind, granted, left in rows}
    return {kind: found[kind] for kind in ServiceKind if kind in found}


def start_entry(session: Session, request_id: int) -> EntitlementEntry | None:
    """Return the entry that spent a use for a request, or None."""
    return session.scalars(select(EntitlementEntry).where(EntitlementEntry.start_key == request_id)).one_or_none()


def is_reversed(session: Session, request_id: int) -> bool:
    """Tell whether the use that a request spent was given back."""
    given_back = (EntryKind.REVERSAL, EntryKind.CORRECTION)
    found = session.scalar(
        select(EntitlementEntry.id)
        .where(EntitlementEntry.service_request_id == request_id, EntitlementEntry.kind.in_(given_back))
        .limit(1)
    )
    return found is not None


def requests_that_used(session: Session, policy_id: int, kind: ServiceKind) -> list[str]:
    """Return the numbers of the requests whose start still counts against ``kind``, the oldest first."""
    reversed_starts = select(EntitlementEntry.reverses_id).where(EntitlementEntry.reverses_id.is_not(None))
    corrected = select(EntitlementEntry.service_request_id).where(EntitlementEntry.kind == EntryKind.CORRECTION)
    return list(
        session.scalars(
            select(ServiceRequest.number)
            .join(EntitlementEntry, EntitlementEntry.start_key == ServiceRequest.id)
            .where(
                EntitlementEntry.policy_id == policy_id,
                EntitlementEntry.service_kind == kind,
                EntitlementEntry.id.not_in(reversed_starts),
                ServiceRequest.id.not_in(corrected),
            )
            .order_by(EntitlementEntry.id)
        )
    )


def _free_slot(session: Session, policy_id: int, kind: ServiceKind) -> EntitlementSlot | None:
    spent = select(EntitlementEntry.id).where(EntitlementEntry.slot_id == EntitlementSlot.id)
    return session.scalars(
        select(EntitlementSlot)
        .where(
            EntitlementSlot.policy_id == policy_id,
            EntitlementSlot.service_kind == kind,
            ~spent.exists(),
        )
        .order_by(EntitlementSlot.ordinal)
        .limit(1)
    ).first()


def _add_slot(context: CommandContext, policy_id: int, kind: ServiceKind, ordinal: int) -> None:
    context.session.add(
        EntitlementSlot(
            id=context.new_id(), policy_id=policy_id, service_kind=kind, ordinal=ordinal, created_at=context.now
        )
    )
