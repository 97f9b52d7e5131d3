"""May this person use the services at this moment? A pure function of facts (R1 to R9, R16, R19, A2, A28, A29, A33).

The facts are bitemporal (R88): each period says from when it is true and from when the desk knew it, so that the
same question can be asked as known at a past moment and as it truly was.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lian_desk.models.errors import ErrorCode
from lian_desk.models.reasons import CLEAR, Judgement, Reason, blocked, warned
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.policy_years import anniversary, needs_guardian, policy_year_on, term_end
from lian_desk.models.rules.working_time import in_shanghai, midnight
from lian_desk.models.vocabulary import Certainty, PolicyStatus, SignerKind, TerminationReason


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """A period in which the contract is not plainly in force: suspended or terminated.

    ``from_at`` inclusive, ``to_at`` exclusive, None: without end. ``known_from_at`` None: always known.
    ``superseded_at``: found wrong and no longer believed from then on.
    """

    status: PolicyStatus
    from_at: datetime
    to_at: datetime | None = None
    known_from_at: datetime | None = None
    superseded_at: datetime | None = None
    termination_reason: TerminationReason | None = None

    def is_believed_at(self, known_at: datetime | None) -> bool:
        """Tell whether the desk believed this at ``known_at``; None: as far as known in the end."""
        if known_at is None:
            return self.superseded_at is None
        if self.known_from_at is not None and self.known_from_at > known_at:
            return False
        return self.superseded_at is None or self.superseded_at > known_at

    def holds_at(self, at: datetime) -> bool:
        """Tell whether ``at`` lies in the period; a termination never ends."""
        if at < self.from_at:
            return False
        return self.status is PolicyStatus.TERMINATED or self.to_at is None or at < self.to_at


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What is known of one policy.

    ``status_checked_at``: last look at the insurer's status (R4). ``waiting_until_on`` and ``grace_until_on`` are the
    first days outside the waiting and the grace period.
    """

    product_code: str
    effective_on: date
    periods: tuple[StatusPeriod, ...] = ()
    status_checked_at: datetime | None = None
    waiting_until_on: date | None = None
    grace_from_on: date | None = None
    grace_until_on: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """One information authorization (R19)."""

    signed_at: datetime
    signer: SignerKind
    is_verified: bool
    withdrawn_at: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Tell whether it was given, seen by a person and not withdrawn at ``at``."""
        return self.is_verified and self.signed_at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of the insured person."""

    born_on: date
    is_the_insured: bool = True
    is_identity_checked: bool = True
    has_guardian: bool = False
    authorizations: tuple[AuthorizationFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DiseaseFacts:
    """The illness that a request cites (R8)."""

    is_listed: bool
    certainty: Certainty
    has_evidence: bool = True


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """Everything the answer depends on; ``disease`` None: nothing cited yet."""

    policy: PolicyFacts
    person: PersonFacts
    disease: DiseaseFacts | None


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """The answer with its clause, edition and values."""

    is_eligible: bool
    policy_year: int | None
    status: PolicyStatus
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    edition: str
    asked_for_at: datetime
    values: dict[str, object] = field(default_factory=dict)

    def require(self) -> None:
        """Raise the first reason as RuleViolation, if there is one."""
        Judgement(self.reasons).require()


def policy_status_at(policy: PolicyFacts, at: datetime, known_at: datetime | None = None) -> PolicyStatus:
    """Return the state of the contract at ``at`` as known at ``known_at``; termination outweighs suspension."""
    holding = {p.status for p in policy.periods if p.is_believed_at(known_at) and p.holds_at(at)}
    for status in (PolicyStatus.TERMINATED, PolicyStatus.SUSPENDED):
        if status in holding:
            return status
    return PolicyStatus.IN_FORCE


def judge_policy(policy: PolicyFacts, at: datetime, pack: RulePack, known_at: datetime | None = None) -> Judgement:
    """Judge product, term and state of the policy at ``at`` (R2 to R7)."""
    judgement = CLEAR
    if policy.product_code != pack.product.code:
        judgement += blocked(ErrorCode.WRONG_PRODUCT, pack.product.clause)
    judgement += _judge_term(policy, at, pack)
    status = policy_status_at(policy, at, known_at)
    if status is PolicyStatus.TERMINATED:
        judgement += blocked(ErrorCode.POLICY_TERMINATED, "R7", reason=_termination_reason(policy, at, known_at))
    elif status is PolicyStatus.SUSPENDED:
        judgement += blocked(ErrorCode.POLICY_SUSPENDED, "R5")
    return judgement + _judge_snapshot(policy, at, pack) + _judge_special_periods(policy, at)


def _judge_term(policy: PolicyFacts, at: datetime, pack: RulePack) -> Judgement:
    limits = pack.thresholds
    clause = limits.clause_of("covered_policy_years")
    if at < midnight(policy.effective_on):
        return blocked(ErrorCode.BEFORE_EFFECTIVE_DATE, clause, effective_on=policy.effective_on)
    ends_at = term_end(policy.effective_on, limits.covered_policy_years)
    if at >= ends_at:
        return blocked(
            ErrorCode.OUTSIDE_POLICY_YEARS, clause, ended_on=ends_at.date(), years=limits.covered_policy_years
        )
    days = (ends_at.date() - in_shanghai(at).date()).days
    if days <= limits.term_warning_days:
        return warned(
            ErrorCode.TERM_ENDING,
            limits.clause_of("term_warning_days"),
            days=days,
            ends_on=ends_at.date(),
            years=limits.covered_policy_years,
        )
    return CLEAR


def _judge_snapshot(policy: PolicyFacts, at: datetime, pack: RulePack) -> Judgement:
    limits = pack.thresholds
    clause = limits.clause_of("snapshot_days")
    if policy.status_checked_at is None:
        return blocked(ErrorCode.POLICY_STATUS_UNKNOWN, clause)
    if at - policy.status_checked_at > timedelta(days=limits.snapshot_days):
        return warned(ErrorCode.POLICY_STATUS_STALE, clause, days=limits.snapshot_days)
    return CLEAR


def _judge_special_periods(policy: PolicyFacts, at: datetime) -> Judgement:
    judgement = CLEAR
    day = in_shanghai(at).date()
    if policy.waiting_until_on is not None and day < policy.waiting_until_on:
        judgement += warned(ErrorCode.WAITING_PERIOD, "A28", until=policy.waiting_until_on)
    if (
        policy.grace_from_on is not None
        and policy.grace_until_on is not None
        and policy.grace_from_on <= day < policy.grace_until_on
    ):
        judgement += warned(ErrorCode.GRACE_PERIOD, "A29", until=policy.grace_until_on)
    return judgement


def _termination_reason(policy: PolicyFacts, at: datetime, known_at: datetime | None) -> TerminationReason:
    reasons = (
        period.termination_reason
        for period in policy.periods
        if period.status is PolicyStatus.TERMINATED and period.is_believed_at(known_at) and period.holds_at(at)
    )
    return next(filter(None, reasons), TerminationReason.OTHER)


def judge_person(person: PersonFacts, at: datetime, pack: RulePack) -> Judgement:
    """Judge identity, guardian and authorization at ``at`` (R1, R9, R16, R19, A33)."""
    judgement = CLEAR
    if not person.is_the_insured:
        judgement += blocked(ErrorCode.NOT_THE_INSURED, "R1")
    if not person.is_identity_checked:
        judgement += blocked(ErrorCode.IDENTITY_NOT_CHECKED, "R16")
    limits = pack.thresholds
    is_minor = needs_guardian(person.born_on, in_shanghai(at).date(), limits.adult_age)
    if is_minor and not person.has_guardian:
        judgement += blocked(ErrorCode.GUARDIAN_MISSING, limits.clause_of("adult_age"))
    return judgement + _judge_authorization(person, at, pack, is_minor=is_minor)


def _judge_authorization(person: PersonFacts, at: datetime, pack: RulePack, *, is_minor: bool) -> Judgement:
    holding = [given for given in person.authorizations if given.holds_at(at)]
    if not holding:
        return blocked(ErrorCode.AUTHORIZATION_MISSING, "R19")
    signers = {given.signer for given in holding}
    if is_minor:
        return CLEAR if SignerKind.GUARDIAN in signers else blocked(ErrorCode.AUTHORIZATION_MISSING, "R9")
    if SignerKind.INSURED in signers:
        return CLEAR
    if SignerKind.AGENT in signers:
        return warned(ErrorCode.AGENT_NEEDS_LEAD, "A34")
    grown_up_on = anniversary(person.born_on, pack.thresholds.adult_age)
    return blocked(ErrorCode.AUTHORIZATION_MISSING, "R19", decision="A33", grown_up_on=grown_up_on)


def judge_disease(disease: DiseaseFacts | None) -> Judgement:
    """Judge the cited illness (R8, A36)."""
    if disease is None:
        return blocked(ErrorCode.DISEASE_MISSING, "R8")
    if not disease.is_listed:
        return blocked(ErrorCode.DISEASE_NOT_LISTED, "R8")
    if disease.certainty is Certainty.EXCLUDED:
        return blocked(ErrorCode.DISEASE_EXCLUDED, "R8", decision="A36")
    return CLEAR if disease.has_evidence else warned(ErrorCode.DISEASE_WITHOUT_EVIDENCE, "R8")


def check_policy(
    policy: PolicyFacts, at: datetime, pack: RulePack, *, known_at: datetime | None = None
) -> EligibilityAnswer:
    """Answer for the policy alone, before person and illness are known."""
    return _answer(policy, judge_policy(policy, at, pack, known_at), at, pack, known_at)


def check_eligibility(
    facts: EligibilityFacts, at: datetime, pack: RulePack, *, known_at: datetime | None = None
) -> EligibilityAnswer:
    """Answer whether the services may be used at ``at``, as known at ``known_at`` (None: as known now)."""
    judgement = (
        judge_policy(facts.policy, at, pack, known_at)
        + judge_person(facts.person, at, pack)
        + judge_disease(facts.disease)
    )
    return _answer(facts.policy, judgement, at, pack, known_at)


def _answer(
    policy: PolicyFacts, judgement: Judgement, at: datetime, pack: RulePack, known_at: datetime | None
) -> EligibilityAnswer:
    covered = pack.thresholds.covered_policy_years
    return EligibilityAnswer(
        is_eligible=judgement.is_allowed,
        policy_year=policy_year_on(policy.effective_on, in_shanghai(at).date(), covered),
        status=policy_status_at(policy, at, known_at),
        reasons=judgement.reasons,
        warnings=judgement.warnings,
        edition=pack.edition,
        asked_for_at=at,
        values={"effective_on": policy.effective_on, "product_code": policy.product_code},
    )
