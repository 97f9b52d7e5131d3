"""What papers say about a person, a policy and its entitlement: read, worded, masked where asked."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.drawing.views import Entitlement, HealthFacts, Party, PolicyState
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.policy_years import age_on, anniversary, policy_year_on
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry, HistoryItem
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.vocabulary import EntryKind, HistoryKind, Knownness, MaskingLevel, ServiceKind
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.names.known_names import KnownNames, names_of_file
from lian_desk.services.names.masking import (
    MaskingRule,
    mask_identity_number,
    mask_name,
    mask_phone,
    mask_policy_number,
    masking_rule,
    scrub_text,
)
from lian_desk.services.rules.citations import with_places
from lian_desk.services.words.wording import phrase

_DAY_AND_TIME = re.compile(
    r"(?<![0-9-])((?:20[0-9]{2}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?: [0-2]?[0-9]:[0-5][0-9])?)(?![0-9-])"
)


@dataclass(frozen=True)
class Subject:
    """The mapped rows a paper is about; they stay inside the read session that fetched them."""

    file: AssistanceFile
    person: InsuredPerson
    policy: Policy
    case_manager: str
    guardian: Guardian | None
    known_names: KnownNames


@dataclass(frozen=True)
class Paper:
    """What every fact of a paper needs to know."""

    session: Session
    subject: Subject
    pack: RulePack
    now: datetime
    masked: bool = True
    #: For whose eyes; without it ``masked`` decides between internal use and everything in clear.
    level: MaskingLevel | None = None

    @property
    def rule(self) -> MaskingRule:
        """What is shown in clear."""
        return masking_rule(self.level or (MaskingLevel.INTERNAL if self.masked else MaskingLevel.REVEALED))

    @property
    def today(self) -> date:
        """The day of issue in Asia/Shanghai."""
        return in_shanghai(self.now).date()

    def told(self, text: str) -> str:
        """Return free text fit for the paper: names and numbers in it are masked, rules cited by their place."""
        text = with_places(text)
        rule = self.rule
        if rule.free_text:
            return text
        names = self.subject.known_names.hidden_under(rule)
        # a day with its time looks like a long number: it is no personal data and stays
        pieces = _DAY_AND_TIME.split(text)
        return "".join(piece if place % 2 else scrub_text(piece, names=names) for place, piece in enumerate(pieces))


def find_subject(session: Session, file_id: int) -> Subject:
    """Read the file with its person, policy, case manager and guardian.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    row = session.execute(
        select(AssistanceFile, InsuredPerson, Policy, Operator.name)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(Policy, Policy.id == AssistanceFile.policy_id)
        .join(Operator, Operator.id == AssistanceFile.case_manager_id)
        .where(AssistanceFile.id == file_id)
    ).one_or_none()
    if row is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    file, person, policy, case_manager = row
    guardian = session.scalars(
        select(Guardian)
        .where(Guardian.insured_person_id == person.id, Guardian.superseded_at.is_(None))
        .order_by(Guardian.id.desc())
        .limit(1)
    ).first()
    return Subject(file, person, policy, case_manager, guardian, names_of_file(session, file.id))


def party(paper: Paper) -> Party:
    """Return the insured person as printed."""
    person, guardian = paper.subject.person, paper.subject.guardian
    rule = paper.rule
    phone = "不愿提供" if person.phone_declined else mask_phone(person.phone or "", revealed=rule.phone)
    shown_guardian = ""
    if guardian is not None:
        name = mask_name(guardian.name, revealed=rule.others)
        shown_guardian = f"{name}（{phrase(guardian.relation)}）{mask_phone(guardian.phone, revealed=rule.others)}"
    return Party(
        name=mask_name(person.name, revealed=rule.name),
        sex=phrase(person.sex),
        age=str(age_on(person.born_on, paper.today)),
        identity_number=mask_identity_number(person.identity_number, revealed=rule.identity_number),
        phone=phone,
        guardian=shown_guardian,
    )


def policy_state(paper: Paper) -> PolicyState:
    """Return the policy as it stands on the day of issue, with the course of its effect (R4 to R7, R88)."""
    policy = paper.subject.policy
    covered = paper.pack.thresholds.covered_policy_years
    rows = paper.session.scalars(
        select(PolicyStatusPeriod)
        .where(PolicyStatusPeriod.policy_id == policy.id, PolicyStatusPeriod.superseded_at.is_(None))
        .order_by(PolicyStatusPeriod.true_from, PolicyStatusPeriod.id)
    ).all()
    holding = [row for row in rows if row.true_from <= paper.now and (row.true_to is None or paper.now < row.true_to)]
    year = policy_year_on(policy.effective_on, paper.today, covered)
    return PolicyState(
        number=mask_policy_number(policy.policy_number, revealed=paper.rule.policy_number),
        status=phrase(holding[-1].status) if holding else "状态未登记",
        policy_year=f"第 {year} 保单年度" if year is not None else "不在服务期限内",
        effective_on=policy.effective_on,
        covered_until_on=anniversary(policy.effective_on, covered),
        periods=tuple(_period(row) for row in rows),
    )


def _period(row: PolicyStatusPeriod) -> str:
    until = f" 至 {in_shanghai(row.true_to):%Y-%m-%d}" if row.true_to else " 起"
    reason = f"（{phrase(row.termination_reason)}）" if row.termination_reason else ""
    return f"{in_shanghai(row.true_from):%Y-%m-%d}{until} {phrase(row.status)}{reason}"


def entitlements(paper: Paper) -> tuple[Entitlement, ...]:
    """Return the uses of every service, in the order of the handbook, with the days on which one was spent (R54)."""
    policy_id = paper.subject.policy.id
    left = balances(paper.session, policy_id)
    reversed_starts = select(EntitlementEntry.reverses_id).where(
        EntitlementEntry.policy_id == policy_id, EntitlementEntry.reverses_id.is_not(None)
    )
    starts = paper.session.execute(
        select(EntitlementEntry.service_kind, EntitlementEntry.happened_at)
        .where(
            EntitlementEntry.policy_id == policy_id,
            EntitlementEntry.kind == EntryKind.START,
            EntitlementEntry.id.not_in(reversed_starts),
        )
        .order_by(EntitlementEntry.happened_at)
    ).all()
    limited, unlimited = [], []
    for kind in ServiceKind:
        balance = left.get(kind)
        if balance is None:
            if paper.pack.service(kind).uses is None:
                unlimited.append(Entitlement(service=phrase(kind), uses_left=None, uses_granted=None))
            continue
        used = tuple(in_shanghai(at).date() for found, at in starts if found is kind)
        limited.append(
            Entitlement(service=phrase(kind), uses_left=balance.left, uses_granted=balance.granted, used_on=used)
        )
    return (*limited, *unlimited)


def authorization(paper: Paper) -> str:
    """Return how the information authorization stands (R19)."""
    row = paper.session.scalars(
        select(InformationAuthorization)
        .where(InformationAuthorization.assistance_file_id == paper.subject.file.id)
        .order_by(InformationAuthorization.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return "尚未授权"
    if row.withdrawn_at is not None:
        return f"{in_shanghai(row.withdrawn_at):%Y-%m-%d} 已撤回"
    signed = f"{in_shanghai(row.signed_at):%Y-%m-%d}"
    return f"{signed} 已授权" if row.verified_at is not None else f"{signed} 已签署，待核实"


def diseases(paper: Paper) -> tuple[str, ...]:
    """Return the diseases that hold, each with certainty and severity (R8)."""
    rows = paper.session.scalars(
        select(DiseaseEntry)
        .where(DiseaseEntry.assistance_file_id == paper.subject.file.id, DiseaseEntry.superseded_at.is_(None))
        .order_by(DiseaseEntry.id)
    )
    return tuple(f"{phrase(row.certainty)} {row.disease_name}（{phrase(row.severity)}）" for row in rows)


def health(paper: Paper) -> HealthFacts:
    """Return history, medication and allergies, each with its source and date (R17, R67)."""
    rows = paper.session.scalars(
        select(HistoryItem)
        .where(HistoryItem.assistance_file_id == paper.subject.file.id, HistoryItem.superseded_at.is_(None))
        .order_by(HistoryItem.id)
    ).all()

    def text_of(*kinds: HistoryKind) -> str:
        lines = [_history(paper, row) for row in rows if row.kind in kinds]
        return "\n".join(lines) or "未询问"

    return HealthFacts(
        history=text_of(HistoryKind.CONDITION, HistoryKind.OPERATION),
        medication=text_of(HistoryKind.MEDICATION),
        allergies=text_of(HistoryKind.ALLERGY),
    )


def _history(paper: Paper, row: HistoryItem) -> str:
    source = f"（{phrase(row.source)}，{row.stated_on.isoformat()}）"
    if row.knownness is not Knownness.KNOWN:
        return f"{phrase(row.kind)}：{phrase(row.knownness)}{source}"
    words = " ".join(part for part in (row.text, row.dosage, f"自{row.since}" if row.since else "") if part)
    return f"{paper.told(words)}{source}"
