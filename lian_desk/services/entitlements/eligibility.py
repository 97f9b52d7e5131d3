"""Gather what is known of an insured person and ask the rules: may he use a service now (R1 to R9, R19)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.reasons import Reason
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.eligibility import (
    AuthorizationFacts,
    DiseaseFacts,
    EligibilityAnswer,
    EligibilityFacts,
    PersonFacts,
    PolicyFacts,
    StatusPeriod,
    check_eligibility,
    check_policy,
)
from lian_desk.models.rules.policy_years import needs_guardian
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import Policy, PolicyStatusCheck, PolicyStatusPeriod
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import FactSource, PolicyStatus, ServiceKind, SignerKind
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.ledger import Balance, balances, exhausted
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words.wording import sentence

LOOKED_UP = ("verify", "period")
"""Gates of a status check at which somebody really looked at the insurer's status (R4)."""
_NEEDS_LEAD = frozenset({ErrorCode.WAITING_PERIOD, ErrorCode.AGENT_NEEDS_LEAD})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands for one service: the rules' answer and the balance, None for a service without a limit."""

    answer: EligibilityAnswer
    balance: Balance | None
    exhausted: Reason | None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that says no, the entitlement last."""
        return self.answer.reasons if self.exhausted is None else (*self.answer.reasons, self.exhausted)

    @property
    def is_eligible(self) -> bool:
        """Tell whether the service may be asked for."""
        return not self.reasons


class LastLook(NamedTuple):
    """When somebody last looked at the insurer's status of a policy, and where; None for never (R4)."""

    checked_at: datetime | None
    source: FactSource


def last_look(session: Session, policy_id: int) -> LastLook:
    """Return when and where the status of a policy was looked up last."""
    row = session.execute(
        select(PolicyStatusCheck.checked_at, PolicyStatusCheck.source)
        .where(PolicyStatusCheck.policy_id == policy_id, PolicyStatusCheck.gate.in_(LOOKED_UP))
        .order_by(PolicyStatusCheck.checked_at.desc())
        .limit(1)
    ).first()
    return LastLook(row.checked_at, row.source) if row else LastLook(None, FactSource.INSURER_SYSTEM)


def load_facts(
    session: Session, file: AssistanceFile, disease_entry_id: int | None, look: LastLook | None = None
) -> EligibilityFacts:
    """Return what is known of the policy, the person and the cited illness of ``file``.

    ``look``: the last look at the policy's status where the caller has asked for it already.
    """
    both = (
        select(Policy, InsuredPerson)
        .join(InsuredPerson, InsuredPerson.id == file.insured_person_id)
        .where(Policy.id == file.policy_id)
    )
    policy, person = session.execute(both).one()
    return EligibilityFacts(
        policy=_policy_facts(session, policy, look or last_look(session, policy.id)),
        person=_person_facts(session, file, person),
        disease=_disease_facts(session, file, disease_entry_id),
    )


def standing(
    session: Session,
    file: AssistanceFile,
    kind: ServiceKind,
    disease_entry_id: int | None,
    *,
    at: datetime,
    pack: RulePack,
) -> Standing:
    """Ask the rules for one service at ``at``; a request that is open already does not count as a use (R47)."""
    answer = check_eligibility(load_facts(session, file, disease_entry_id), at, pack)
    return with_balance(answer, kind, balances(session, file.policy_id), pack)


def with_balance(
    answer: EligibilityAnswer, kind: ServiceKind, held: dict[ServiceKind, Balance], pack: RulePack
) -> Standing:
    """Add the entitlement of ``kind`` to an answer that holds for all services."""
    rule = pack.service(kind)
    if rule.uses is None:
        return Standing(answer, None, None)
    balance = held.get(kind, Balance(0, 0, 0))
    if balance.left > 0:
        return Standing(answer, balance, None)
    return Standing(answer, balance, Reason(ErrorCode.ENTITLEMENT_EXHAUSTED, rule.clause_of("uses"), {"kind": kind}))


def require_eligible(context: CommandContext, file: AssistanceFile, request: ServiceRequest, *, gate: str) -> Standing:
    """Refuse what the rules refuse now, and keep the status as seen at this gate (R4).

    A use already spent by this very request is not asked for again.

    Raises:
        RuleViolation: the first reason, with its clause; spent uses name the requests that spent them (R47).
    """
    found = look_at_standing(context, file, request, gate=gate)
    found.answer.require()
    if found.exhausted is not None and request.started_at is None:
        raise exhausted(context, file.policy_id, request.kind)
    return found


def look_at_standing(context: CommandContext, file: AssistanceFile, request: ServiceRequest, *, gate: str) -> Standing:
    """Ask the rules without refusing anything, and keep the status as seen at this gate (R4)."""
    look = last_look(context.session, file.policy_id)
    facts = load_facts(context.session, file, request.disease_entry_id, look)
    answer = check_eligibility(facts, context.now, context.pack)
    found = with_balance(answer, request.kind, balances(context.session, file.policy_id), context.pack)
    _keep_status(context, file, request, gate, found.answer.status, look)
    return found


def hint_words(answer: EligibilityAnswer) -> list[str]:
    """Return what the rules warn of at a gate, with its clause, for the line that the gate leaves in the feed."""
    return [f"提示：{sentence(warning.as_violation())}（{warning.clause}）" for warning in answer.warnings]


def require_fresh_status(found: Standing, reason: str) -> None:
    """Refuse to spend a use on a status that was looked up too long ago; offline, a reason lets the last one do (R4).

    Raises:
        RuleViolation: ``POLICY_STATUS_STALE`` beside ``stale_status_reason``.
    """
    for warning in found.answer.warnings:
        if warning.code is ErrorCode.POLICY_STATUS_STALE and not reason.strip():
            violation = warning.as_violation()
            violation.parameters["field"] = "stale_status_reason"
            raise violation


def require_lead_where_needed(context: CommandContext, found: Standing, request: ServiceRequest) -> None:
    """Refuse a start that needs a lead, and one who did not review the request himself (A28, A34, R25).

    Raises:
        RuleViolation: ``NOT_ALLOWED`` in the waiting period or on an agent's word; ``REVIEWER_APPROVES_HIMSELF``.
    """
    for warning in found.answer.warnings:
        if warning.code in _NEEDS_LEAD:
            approve_exception(context, request, clause=warning.clause)


def require_right_speaker(
    context: CommandContext,
    file: AssistanceFile,
    said_by: SignerKind,
    *,
    clause: str,
    at: datetime | None = None,
) -> None:
    """Refuse the word of the wrong person: for a minor the guardian speaks, for an adult himself (R9, A33).

    ``at``: when it was said, which may be the birthday before the day of the entry; None: now.

    Raises:
        RuleViolation: ``GUARDIAN_MUST_CONFIRM`` or ``INSURED_MUST_CONFIRM``.
    """
    person = context.get(InsuredPerson, file.insured_person_id)
    is_minor = is_minor_at(person, at or context.now, context.pack)
    if is_minor and said_by is not SignerKind.GUARDIAN:
        raise RuleViolation(ErrorCode.GUARDIAN_MUST_CONFIRM, clause="R9", field="said_by")
    if not is_minor and said_by is SignerKind.GUARDIAN:
        raise RuleViolation(ErrorCode.INSURED_MUST_CONFIRM, clause=clause, field="said_by")


def require_authorization(context: CommandContext, file: AssistanceFile, at: datetime) -> None:
    """Refuse to deal with a hospital at ``at`` without an authorization that held then: it discloses data (R19, R21).

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING``.
    """
    given = context.session.scalars(
        select(InformationAuthorization).where(
            InformationAuthorization.assistance_file_id == file.id,
            InformationAuthorization.verified_at.is_not(None),
            InformationAuthorization.signed_at <= at,
        )
    )
    if not any(row.withdrawn_at is None or at < row.withdrawn_at for row in given):
        raise RuleViolation(ErrorCode.AUTHORIZATION_MISSING, clause="R19")


def is_minor_at(person: InsuredPerson, at: datetime, pack: RulePack) -> bool:
    """Tell whether a guardian must act for ``person`` at ``at`` (R9, A33)."""
    return needs_guardian(person.born_on, in_shanghai(at).date(), pack.thresholds.adult_age)


def _policy_facts(session: Session, policy: Policy, look: LastLook) -> PolicyFacts:
    rows = session.scalars(select(PolicyStatusPeriod).where(PolicyStatusPeriod.policy_id == policy.id)).all()
    return PolicyFacts(
        product_code=policy.product_code,
        effective_on=policy.effective_on,
        periods=tuple(
            StatusPeriod(
                status=row.status,
                from_at=row.true_from,
                to_at=row.true_to,
                known_from_at=row.known_from,
                superseded_at=row.superseded_at,
                termination_reason=row.termination_reason,
            )
            for row in rows
            if row.status is not PolicyStatus.IN_FORCE
        ),
        status_checked_at=look.checked_at,
        waiting_until_on=policy.waiting_until_on,
        grace_from_on=policy.grace_from_on,
        grace_until_on=policy.grace_until_on,
    )


def _person_facts(session: Session, file: AssistanceFile, person: InsuredPerson) -> PersonFacts:
    guardian = session.scalar(
        select(Guardian.id).where(Guardian.insured_person_id == person.id, Guardian.superseded_at.is_(None)).limit(1)
    )
    given = session.scalars(
        select(InformationAuthorization).where(InformationAuthorization.assistance_file_id == file.id)
    )
    return PersonFacts(
        born_on=person.born_on,
        has_guardian=guardian is not None,
        authorizations=tuple(
            AuthorizationFacts(row.signed_at, row.signer_kind, row.verified_at is not None, row.withdrawn_at)
            for row in given
        ),
    )


def _disease_facts(session: Session, file: AssistanceFile, disease_entry_id: int | None) -> DiseaseFacts | None:
    if disease_entry_id is None:
        return None
    of_file = select(DiseaseEntry).where(DiseaseEntry.assistance_file_id == file.id)
    entries = session.scalars(of_file.order_by(DiseaseEntry.id.desc())).all()
    cited = next((row for row in entries if row.id == disease_entry_id), None)
    if cited is None:
        return None
    # a suspicion that was excluded or confirmed since stands in a newer entry of the same illness (A36)
    same = (row for row in entries if row.disease_code == cited.disease_code and row.superseded_at is None)
    entry = next(same, None)
    entry = entry or cited
    return DiseaseFacts(
        is_listed=load_disease_list().find(entry.disease_code) is not None,
        certainty=entry.certainty,
        has_evidence=entry.evidence_material_id is not None or bool(entry.evidence_note),
    )


def require_policy(
    context: CommandContext, file: AssistanceFile, request: ServiceRequest, *, gate: str, at: datetime
) -> EligibilityAnswer:
    """Refuse a step whose moment ``at`` lies outside the contract's effect or term; keep the status seen (R4, A26)."""
    look = last_look(context.session, file.policy_id)
    facts = _policy_facts(context.session, context.get(Policy, file.policy_id), look)
    answer = check_policy(facts, at, context.pack)
    _keep_status(context, file, request, gate, answer.status, look)
    answer.require()
    return answer


def _keep_status(
    context: CommandContext,
    file: AssistanceFile,
    request: ServiceRequest,
    gate: str,
    status: PolicyStatus,
    look: LastLook,
) -> None:
    context.session.add(
        PolicyStatusCheck(
            id=context.new_id(),
            policy_id=file.policy_id,
            service_request_id=request.id,
            gate=gate,
            status=status,
            source=look.source,
            checked_at=context.now,
            operator_id=context.operator.id,
        )
    )
