"""One assistance file as its page shows it, gathered in one read session and frozen."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.rules.policy_years import age_on, anniversary, needs_guardian, policy_year_on, remaining_days
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry, FileEntry, HistoryItem
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    CarePhase,
    Certainty,
    EntryCategory,
    FactSource,
    GuardianRelation,
    HistoryKind,
    IdentityCheckMethod,
    Knownness,
    MaterialKind,
    MaterialState,
    PolicyStatus,
    RequestStatus,
    ServiceKind,
    Severity,
    Sex,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.opening import standing_former_names
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.ledger import Balance, balances
from lian_desk.services.names.free_words import concealed_for_file
from lian_desk.services.names.masking import mask_identity_number, mask_name, mask_phone, mask_policy_number
from lian_desk.services.privacy.file_erasure import erasure_of
from lian_desk.services.rules.citations import with_places


@dataclass(frozen=True)
class DiseaseLine:
    """A disease that holds at present."""

    entry_id: int
    code: str
    name: str
    severity: Severity
    certainty: Certainty
    noted_on: date
    evidence_note: str


@dataclass(frozen=True)
class HistoryLine:
    """A statement about history that holds at present."""

    kind: HistoryKind
    knownness: Knownness
    text: str
    dosage: str
    since: str
    source: FactSource
    stated_on: date


@dataclass(frozen=True)
class GuardianLine:
    """The guardian; name, number and phone masked unless revealed."""

    name: str
    identity_number: str
    relation: GuardianRelation
    phone: str


@dataclass(frozen=True)
class AuthorizationLine:
    """One authorization, the newest first."""

    authorization_id: int
    signer_kind: SignerKind
    signer_name: str
    signed_at: datetime
    is_verified: bool
    is_withdrawn: bool
    evidence_note: str
    truth_declared: bool


@dataclass(frozen=True)
class PeriodLine:
    """A period of the policy's effect."""

    status: PolicyStatus
    true_from: datetime
    true_to: datetime | None
    known_from: datetime
    reason: TerminationReason | None
    source: FactSource
    note: str


@dataclass(frozen=True)
class FeedLine:
    """One line of the feed."""

    key: int
    category: EntryCategory
    phase: CarePhase | None
    title: str
    detail: str
    happened_at: datetime
    entered_at: datetime
    operator: str
    request_id: int | None


@dataclass(frozen=True)
class RequestLine:
    """One request of the file; ``ordinal`` counts requests of the same service from 1."""

    request_id: int
    number: str
    kind: ServiceKind
    ordinal: int
    status: RequestStatus
    is_open: bool
    received_at: datetime
    next_action_due_at: datetime | None


@dataclass(frozen=True)
class MaterialLine:
    """One material of the file in short."""

    material_id: int
    kind: MaterialKind
    state: MaterialState
    page_count: int | None
    received_at: datetime


@dataclass(frozen=True)
class FileView:
    """The whole page. Names and numbers are masked unless ``is_revealed``."""

    file_id: int
    number: str
    is_revealed: bool
    insured_name: str
    #: Names borne before (曾用名) that were not taken back, the oldest entry first.
    former_names: tuple[str, ...]
    sex: Sex
    age: int
    born_on: date
    identity_number: str
    phone: str
    phone_declined: bool
    is_minor: bool
    guardian: GuardianLine | None
    policy_id: int
    policy_number: str
    policyholder: str
    effective_on: date
    policy_status: PolicyStatus
    policy_year: int | None
    covered_years: int
    #: First day outside the term, and how many days are left with today (R3, A2).
    term_ends_on: date
    days_left: int
    #: First days outside the waiting and the grace period as the insurer stated them; None: none is known (A28, A29).
    waiting_until_on: date | None
    grace_from_on: date | None
    grace_until_on: date | None
    periods: tuple[PeriodLine, ...]
    balances: dict[ServiceKind, Balance]
    authorizations: tuple[AuthorizationLine, ...]
    diseases: tuple[DiseaseLine, ...]
    history: tuple[HistoryLine, ...]
    feed: tuple[FeedLine, ...]
    requests: tuple[RequestLine, ...]
    materials: tuple[MaterialLine, ...]
    material_count: int
    follow_up_count: int
    case_manager: str
    opened_at: datetime
    identity_method: IdentityCheckMethod
    identity_note: str
    is_read_only: bool
    #: The personal data was erased; ledger and log stay (R90).
    is_erased: bool

    @property
    def authorization(self) -> AuthorizationLine | None:
        """The authorization that holds: verified and not withdrawn."""
        return next((line for line in self.authorizations if line.is_verified and not line.is_withdrawn), None)


_FEED_LENGTH = 500
_MATERIALS_SHOWN = 12


def load_file_view(desk: Desk, file_id: int, *, revealed: bool = False) -> FileView | None:
    """Read one file, or None when it does not exist. Revealing is audited by the caller (``RecordReveal``)."""
    with desk.read() as session:
        file = session.get(AssistanceFile, file_id)
        if file is None:
            return None
        person = session.get_one(InsuredPerson, file.insured_person_id)
        policy = session.get_one(Policy, file.policy_id)
        periods = _periods(session, policy.id)
        now = desk.clock.now()
        years = desk.pack.thresholds.covered_policy_years
        view = FileView(
            file_id=file.id,
            number=file.number,
            is_revealed=revealed,
            insured_name=mask_name(person.name, revealed=revealed),
            former_names=tuple(
                mask_name(row.name, revealed=revealed) for row in standing_former_names(session, person.id)
            ),
            sex=person.sex,
            age=age_on(person.born_on, desk.today),
            born_on=person.born_on,
            identity_number=mask_identity_number(person.identity_number, revealed=revealed),
            phone=mask_phone(person.phone or "", revealed=revealed),
            phone_declined=person.phone_declined,
            is_minor=needs_guardian(person.born_on, desk.today, desk.pack.thresholds.adult_age),
            guardian=_guardian(session, person.id, revealed=revealed),
            policy_id=policy.id,
            policy_number=mask_policy_number(policy.policy_number, revealed=revealed),
            policyholder=mask_name(policy.policyholder_name, revealed=revealed),
            effective_on=policy.effective_on,
            policy_status=next(
                (line.status for line in reversed(periods) if line.true_from <= now), PolicyStatus.IN_FORCE
            ),
            policy_year=policy_year_on(policy.effective_on, desk.today, years),
            covered_years=years,
            term_ends_on=anniversary(policy.effective_on, years),
            days_left=remaining_days(policy.effective_on, now, years),
            waiting_until_on=policy.waiting_until_on,
            grace_from_on=policy.grace_from_on,
            grace_until_on=policy.grace_until_on,
            periods=periods,
            balances=balances(session, policy.id),
            authorizations=_authorizations(session, file_id, revealed=revealed),
            diseases=_diseases(session, file_id),
            history=_history(session, file_id),
            feed=_feed(session, file_id),
            requests=_requests(session, file_id),
            materials=_materials(session, file_id),
            material_count=_material_count(session, file_id),
            follow_up_count=_follow_up_count(session, file_id),
            case_manager=session.get_one(Operator, file.case_manager_id).name,
            opened_at=file.opened_at,
            identity_method=file.identity_method,
            identity_note=file.identity_note,
            is_read_only=file.closed_at is not None,
            is_erased=erasure_of(session, file_id) is not None,
        )
        return concealed_for_file(session, view, file_id, revealed=revealed)


def _periods(session: Session, policy_id: int) -> tuple[PeriodLine, ...]:
    rows = session.scalars(
        select(PolicyStatusPeriod)
        .where(PolicyStatusPeriod.policy_id == policy_id, PolicyStatusPeriod.superseded_at.is_(None))
        .order_by(PolicyStatusPeriod.true_from, PolicyStatusPeriod.id)
    )
    return tuple(
        PeriodLine(row.status, row.true_from, row.true_to, row.known_from, row.termination_reason, row.source, row.note)
        for row in rows
    )


def _guardian(session: Session, person_id: int, *, revealed: bool) -> GuardianLine | None:
    row = session.scalars(
        select(Guardian)
        .where(Guardian.insured_person_id == person_id, Guardian.superseded_at.is_(None))
        .order_by(Guardian.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return GuardianLine(
        mask_name(row.name, revealed=revealed),
        mask_identity_number(row.identity_number, revealed=revealed),
        row.relation,
        mask_phone(row.phone, revealed=revealed),
    )


def _authorizations(session: Session, file_id: int, *, revealed: bool) -> tuple[AuthorizationLine, ...]:
    rows = session.scalars(
        select(InformationAuthorization)
        .where(InformationAuthorization.assistance_file_id == file_id)
        .order_by(InformationAuthorization.id.desc())
    )
    return tuple(
        AuthorizationLine(
            row.id,
            row.signer_kind,
            mask_name(row.signer_name, revealed=revealed),
            row.signed_at,
            row.verified_at is not None,
            row.withdrawn_at is not None,
            row.evidence_note,
            row.truth_declared,
        )
        for row in rows
    )


def _diseases(session: Session, file_id: int) -> tuple[DiseaseLine, ...]:
    rows = session.scalars(
        select(DiseaseEntry)
        .where(DiseaseEntry.assistance_file_id == file_id, DiseaseEntry.superseded_at.is_(None))
        .order_by(DiseaseEntry.id.desc())
    )
    return tuple(
        DiseaseLine(
            row.id, row.disease_code, row.disease_name, row.severity, row.certainty, row.noted_on, row.evidence_note
        )
        for row in rows
    )


def _history(session: Session, file_id: int) -> tuple[HistoryLine, ...]:
    rows = session.scalars(
        select(HistoryItem)
        .where(HistoryItem.assistance_file_id == file_id, HistoryItem.superseded_at.is_(None))
        .order_by(HistoryItem.kind, HistoryItem.id)
    )
    return tuple(
        HistoryLine(row.kind, row.knownness, row.text, row.dosage, row.since, row.source, row.stated_on) for row in rows
    )


def _feed(session: Session, file_id: int) -> tuple[FeedLine, ...]:
    rows = session.execute(
        select(FileEntry, Operator.name)
        .join(Operator, Operator.id == FileEntry.operator_id)
        .where(FileEntry.assistance_file_id == file_id)
        .order_by(FileEntry.happened_at.desc(), FileEntry.id.desc())
        .limit(_FEED_LENGTH)
    )
    return tuple(
        FeedLine(
            entry.id,
            entry.category,
            entry.phase,
            entry.title,
            with_places(entry.detail),
            entry.happened_at,
            entry.entered_at,
            operator,
            entry.service_request_id,
        )
        for entry, operator in rows
    )


def _requests(session: Session, file_id: int) -> tuple[RequestLine, ...]:
    rows = session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.assistance_file_id == file_id)
        .order_by(ServiceRequest.received_at, ServiceRequest.id)
    )
    seen: dict[ServiceKind, int] = {}
    lines = []
    for row in rows:
        seen[row.kind] = seen.get(row.kind, 0) + 1
        lines.append(
            RequestLine(
                row.id,
                row.number,
                row.kind,
                seen[row.kind],
                row.status,
                row.is_open,
                row.received_at,
                row.next_action_due_at,
            )
        )
    return tuple(reversed(lines))


def _materials(session: Session, file_id: int) -> tuple[MaterialLine, ...]:
    rows = session.execute(
        select(Material.id, Material.kind, Material.state, Material.page_count, Material.received_at)
        .where(Material.assistance_file_id == file_id, is_kept())
        .order_by(Material.received_at.desc(), Material.id.desc())
        .limit(_MATERIALS_SHOWN)
    )
    return tuple(MaterialLine(row.id, row.kind, row.state, row.page_count, row.received_at) for row in rows)


def _material_count(session: Session, file_id: int) -> int:
    return session.scalar(select(func.count(Material.id)).where(Material.assistance_file_id == file_id, is_kept())) or 0


def _follow_up_count(session: Session, file_id: int) -> int:
    return session.scalar(select(func.count(FollowUp.id)).where(FollowUp.assistance_file_id == file_id)) or 0
