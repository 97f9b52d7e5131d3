"""What the dialogs of a request show before anything is typed; the requirement has a module of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    Channel,
    MaterialKind,
    MaterialState,
    ServiceKind,
    Severity,
    SignerKind,
)
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.completeness.checklist import ChecklistLine, Need, checklist_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.eligibility import is_minor_at, standing, with_balance
from lian_desk.services.entitlements.ledger import Balance, balances
from lian_desk.services.names.free_words import concealed_for_file
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.services.rules.clause_lines import ClauseLine, ReasonLine, clause_line, reason_lines
from lian_desk.services.service_requests.reviewing import ILLNESS_DOCUMENTS
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, slots=True)
class DiseaseChoice:
    """An illness of the file that a request may cite."""

    entry_id: int
    name: str
    severity: Severity
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class KindOffer:
    """One of the five services: its balance, and why it cannot be asked for."""

    kind: ServiceKind
    balance: Balance | None
    reasons: tuple[ReasonLine, ...]
    warnings: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class NewRequestView:
    """What the dialog for a new request starts from."""

    file_id: int
    file_number: str
    is_minor: bool
    kinds: tuple[KindOffer, ...]
    diseases: tuple[DiseaseChoice, ...]
    application_id: int | None
    channel: Channel
    received_at: datetime
    need_text: str
    wanted_kind: ServiceKind | None
    #: What each service asks for with each illness of the file, by service and key of the illness.
    checklists: Mapping[tuple[ServiceKind, int], tuple[ChecklistLine, ...]] = field(default_factory=dict)


def load_new_request(desk: Desk, file_id: int) -> NewRequestView:
    """Read what a new request starts from; the newest application that led to no request yet fills it in."""
    with desk.read() as session:
        file = session.get_one(AssistanceFile, file_id)
        person = session.get_one(InsuredPerson, file.insured_person_id)
        diseases = _diseases(session, file_id)
        cited = next((line.entry_id for line in diseases if line.certainty is not Certainty.EXCLUDED), None)
        now = desk.clock.now()
        first = standing(session, file, ServiceKind.CASE_MANAGEMENT, cited, at=now, pack=desk.pack)
        held = balances(session, file.policy_id)
        kinds = []
        for kind in ServiceKind:
            found = with_balance(first.answer, kind, held, desk.pack)
            kinds.append(
                KindOffer(
                    kind,
                    found.balance,
                    reason_lines(found.reasons, desk.pack),
                    reason_lines(found.answer.warnings, desk.pack),
                )
            )
        application = _open_application(session, file_id)
        return NewRequestView(
            file_id=file_id,
            file_number=file.number,
            is_minor=is_minor_at(person, now, desk.pack),
            kinds=tuple(kinds),
            diseases=diseases,
            application_id=application.id if application else None,
            channel=application.channel if application else Channel.WECOM,
            received_at=application.received_at if application else now,
            need_text=application.need_text if application else "",
            wanted_kind=application.service_kind if application else None,
            checklists=_checklists(session, desk, file, is_minor=is_minor_at(person, now, desk.pack)),
        )


def _checklists(
    session: Session, desk: Desk, file: AssistanceFile, *, is_minor: bool
) -> dict[tuple[ServiceKind, int], tuple[ChecklistLine, ...]]:
    """Return the checklist of every service with every illness that may be cited."""
    entries = session.scalars(
        select(DiseaseEntry).where(DiseaseEntry.assistance_file_id == file.id, DiseaseEntry.superseded_at.is_(None))
    ).all()
    return {
        (kind, entry.id): checklist_of(
            session, desk.pack, Need(file.id, kind, entry.disease_code, entry.certainty, is_minor)
        )
        for kind in ServiceKind
        for entry in entries
    }


def _diseases(session: Session, file_id: int) -> tuple[DiseaseChoice, ...]:
    rows = session.scalars(
        select(DiseaseEntry)
        .where(DiseaseEntry.assistance_file_id == file_id, DiseaseEntry.superseded_at.is_(None))
        .order_by(DiseaseEntry.id.desc())
    )
    return tuple(DiseaseChoice(row.id, row.disease_name, row.severity, row.certainty) for row in rows)


def _open_application(session: Session, file_id: int) -> IncomingApplication | None:
    used = select(ServiceRequest.application_id).where(
        ServiceRequest.assistance_file_id == file_id, ServiceRequest.application_id.is_not(None)
    )
    return session.scalars(
        select(IncomingApplication)
        .where(IncomingApplication.assistance_file_id == file_id, IncomingApplication.id.not_in(used))
        .order_by(IncomingApplication.received_at.desc(), IncomingApplication.id.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class MaterialChoice:
    """A paper of the file that may serve as notice or evidence."""

    material_id: int
    kind: MaterialKind
    original_name: str
    page_count: int | None
    received_at: datetime
    document_on: date | None
    hospital_id: int | None
    doctor_name: str
    media_type: str = ""


def material_choices(session: Session, file_id: int) -> tuple[MaterialChoice, ...]:
    """Return the papers of a file that were not found wrong, the newest first."""
    rows = session.scalars(
        select(Material)
        .where(
            Material.assistance_file_id == file_id,
            Material.state.not_in((MaterialState.DEFICIENT, MaterialState.QUARANTINED)),
            is_kept(),
        )
        .order_by(Material.received_at.desc(), Material.id.desc())
        .limit(200)
    )
    choices = tuple(
        MaterialChoice(
            row.id,
            row.kind,
            row.original_name,
            row.page_count,
            row.received_at,
            row.document_on,
            row.hospital_id,
            row.doctor_name,
            row.media_type,
        )
        for row in rows
    )
    return concealed_for_file(session, choices, file_id)


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What the rules found for one of the three checks: lines that say so, and whether they would let it pass."""

    lines: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]
    passes: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The three checks side by side, with what the rules found (R25)."""

    request: RequestView
    identity: CheckFinding
    entitlement: CheckFinding
    material: CheckFinding
    warnings: tuple[ReasonLine, ...]


_PERSON_CODES = frozenset({"not_the_insured", "identity_not_checked", "guardian_missing", "authorization_missing"})


def load_review(desk: Desk, request_id: int) -> ReviewView | None:
    """Read what the review shows; the rules suggest, a person decides."""
    view = load_request_view(desk, request_id)
    if view is None:
        return None
    with desk.read() as session:
        request = session.get_one(ServiceRequest, request_id)
        file = session.get_one(AssistanceFile, request.assistance_file_id)
        found = standing(session, file, request.kind, request.disease_entry_id, at=desk.clock.now(), pack=desk.pack)
        papers = material_choices(session, file.id)
    reasons = reason_lines(found.reasons, desk.pack)
    personal = tuple(line for line in reasons if line.code in _PERSON_CODES)
    contractual = tuple(line for line in reasons if line.code not in _PERSON_CODES)
    uses = "不限次" if found.balance is None else f"余 {found.balance.left} / {found.balance.granted} 次"
    year = found.answer.policy_year
    return ReviewView(
        request=view,
        identity=CheckFinding(
            lines=("身份已核对", "监护人已登记" if view.is_minor else "本人使用", "信息授权有效")
            if not personal
            else ("身份与授权",),
            reasons=personal,
            passes=not personal,
        ),
        entitlement=CheckFinding(
            lines=(f"第 {year} 保单年度" if year else "不在服务期限内", uses),
            reasons=contractual,
            passes=not contractual,
        ),
        material=_material_finding(view, papers),
        warnings=reason_lines(found.answer.warnings, desk.pack),
    )


def _material_finding(view: RequestView, papers: tuple[MaterialChoice, ...]) -> CheckFinding:
    illness = [paper for paper in papers if paper.kind in ILLNESS_DOCUMENTS]
    missing = [line for line in view.checklist if line.is_required and not line.paper_count]
    lines = [f"病情材料 {len(illness)} 份" if illness else "还没有病情材料"]
    lines.extend(f"缺{phrase(line.kind)}（{line.clause}）" for line in missing)
    return CheckFinding(tuple(lines), (), bool(illness))


@dataclass(frozen=True, slots=True)
class EvidenceChoices:
    """Who may speak for the customer, and which papers may prove it (R9, R45, A38)."""

    speakers: tuple[SignerKind, ...]
    materials: tuple[MaterialChoice, ...]
    now: datetime


def load_evidence_choices(desk: Desk, request_id: int) -> EvidenceChoices:
    """Read who may confirm; an agent only where a lead takes it in (A34)."""
    with desk.read() as session:
        request = session.get_one(ServiceRequest, request_id)
        file = session.get_one(AssistanceFile, request.assistance_file_id)
        person = session.get_one(InsuredPerson, file.insured_person_id)
        is_minor = is_minor_at(person, desk.clock.now(), desk.pack)
        adult = (SignerKind.INSURED, SignerKind.AGENT) if desk.operator.role in LEADS else (SignerKind.INSURED,)
        return EvidenceChoices(
            speakers=(SignerKind.GUARDIAN,) if is_minor else adult,
            materials=material_choices(session, file.id),
            now=desk.clock.now(),
        )


@dataclass(frozen=True, slots=True)
class StartView:
    """What is said before a start is confirmed: the clauses in full, the balance, the requirement (R80)."""

    request: RequestView
    warning: tuple[ClauseLine, ...]
    evidence: EvidenceChoices
    reasons: tuple[ReasonLine, ...]
    warnings: tuple[ReasonLine, ...]


def load_start(desk: Desk, request_id: int) -> StartView | None:
    """Read what the start dialog shows."""
    view = load_request_view(desk, request_id)
    if view is None:
        return None
    with desk.read() as session:
        request = session.get_one(ServiceRequest, request_id)
        file = session.get_one(AssistanceFile, request.assistance_file_id)
        pack = desk.rules_of(request)
        found = standing(session, file, request.kind, request.disease_entry_id, at=desk.clock.now(), pack=desk.pack)
    clauses = pack.start_warning(view.kind)
    return StartView(
        request=view,
        warning=tuple(clause_line(clause.id, pack) for clause in clauses),
        evidence=load_evidence_choices(desk, request_id),
        reasons=reason_lines(found.reasons, desk.pack) if request.started_at is None else (),
        warnings=reason_lines(found.answer.warnings, desk.pack),
    )
