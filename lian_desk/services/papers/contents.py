"""What stands on the papers for doctor, insured and insurer: read, worded, masked for the reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import select

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.drawing.views import Stamp
from lian_desk.adapters.paper_forms.paper_views import (
    AttachedPage,
    BookingNoticeView,
    CitedText,
    DiseaseLine,
    EducationLeafletView,
    EntitlementStatementView,
    HistoryLine,
    LedgerLine,
    MedicalSheetView,
    MedicationLine,
)
from lian_desk.models.base import Base
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import DiseaseEntry, HistoryItem
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import EducationNote, Reminder
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import DocumentKind, ExpertTitle, HistoryKind, Knownness, MaskingLevel, ServiceKind
from lian_desk.services.commands import audit_trail
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_lists import sample_notice
from lian_desk.services.papers import facts as document_facts
from lian_desk.services.papers.facts import Paper
from lian_desk.services.papers.orders import ExportOrder, Numbering
from lian_desk.services.reference_data.education_texts import load_education_texts
from lian_desk.services.rules.citations import with_places
from lian_desk.services.words.wording import phrase

#: Headings of the clauses that govern a booking; a clause without one is headed by its place in the handbook.
_RULE_HEADINGS: Final = {
    "R44": "特殊医嘱",
    "R46": "扣除权益",
    "R48": "改约与取消",
    "R49": "按时就诊",
    "R50": "取消的后果",
    "R51": "医院限制",
    "R52": "医院停诊",
    "R53": "医院改期",
    "R80": "慎重申请",
    "A22": "医院改期",
}
#: What the header of every page says of its reader.
_READERS: Final = {
    MaskingLevel.INTERNAL: "",
    MaskingLevel.INSURED: "供被保险人本人使用",
    MaskingLevel.HOSPITAL: "供本次就诊使用",
    MaskingLevel.REVEALED: "",
}
#: Papers that name hospitals by the list: while it is the sample they say so (R31).
_LEANING: Final = frozenset(
    {
        DocumentKind.FOLLOW_UP_RECORD,
        DocumentKind.FILE_SUMMARY,
        DocumentKind.BOOKING_NOTICE,
        DocumentKind.DEADLINE_PROOF,
    }
)
_RowT = TypeVar("_RowT", bound=Base)


@dataclass(frozen=True)
class PaperPlan:
    """What a paper is made from: the desk, the rows of its subject, the order and the number."""

    desk: Desk
    paper: Paper
    order: ExportOrder
    numbering: Numbering
    pages: tuple[AttachedPage, ...] = ()


def stamp(plan: PaperPlan) -> Stamp:
    """Return the identity of the paper."""
    paper, numbering = plan.paper, plan.numbering
    return Stamp(
        file_number=paper.subject.file.number,
        record_number=numbering.number,
        issue=numbering.issue,
        issued_at=paper.now,
        case_manager=paper.subject.case_manager,
        masked=plan.order.masked,
        audit_head=audit_trail.head(paper.session).mac,
        reader=_READERS[plan.order.masking],
        corrects=numbering.corrects,
        correction_reason=numbering.correction_reason,
        sample_list=sample_notice(paper.session) if plan.order.kind in _LEANING else "",
    )


# ------------------------------------------------------------------------------------------------- 病史与用药单


def medical_sheet(plan: PaperPlan) -> MedicalSheetView:
    """Return what a doctor wants to know: illness, medication with the day of each statement, allergies, history."""
    paper = plan.paper
    items = paper.session.scalars(
        select(HistoryItem)
        .where(HistoryItem.assistance_file_id == paper.subject.file.id, HistoryItem.superseded_at.is_(None))
        .order_by(HistoryItem.id)
    ).all()
    medications = [item for item in items if item.kind is HistoryKind.MEDICATION]
    return MedicalSheetView(
        stamp=stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        party=document_facts.party(paper),
        recipient=plan.order.recipient,
        diseases=_diseases(paper),
        medications=tuple(
            MedicationLine(
                name=_told(paper, item),
                dosage=paper.told(item.dosage),
                since=paper.told(item.since),
                source=phrase(item.source),
                stated_on=item.stated_on,
            )
            for item in medications
        ),
        allergies=_history(paper, items, HistoryKind.ALLERGY),
        history=_history(paper, items, HistoryKind.CONDITION, HistoryKind.OPERATION),
        pages=plan.pages,
    )


def _told(paper: Paper, item: HistoryItem) -> str:
    return paper.told(item.text) if item.knownness is Knownness.KNOWN else phrase(item.knownness)


def _history(paper: Paper, items: Iterable[HistoryItem], *kinds: HistoryKind) -> tuple[HistoryLine, ...]:
    return tuple(
        HistoryLine(
            kind=phrase(item.kind),
            text="，".join(part for part in (_told(paper, item), f"自{item.since}" if item.since else "") if part),
            source=phrase(item.source),
            stated_on=item.stated_on,
        )
        for item in items
        if item.kind in kinds
    )


def _diseases(paper: Paper) -> tuple[DiseaseLine, ...]:
    rows = paper.session.scalars(
        select(DiseaseEntry)
        .where(DiseaseEntry.assistance_file_id == paper.subject.file.id, DiseaseEntry.superseded_at.is_(None))
        .order_by(DiseaseEntry.id)
    )
    return tuple(
        DiseaseLine(
            text=f"{phrase(row.certainty)} {row.disease_name}（{phrase(row.severity)}）",
            noted_on=row.noted_on,
            evidence=paper.told(row.evidence_note),
        )
        for row in rows
    )


# ------------------------------------------------------------------------------------------ 预约结果与注意事项


def booking_notice(plan: PaperPlan) -> BookingNoticeView:
    """Return the result of a booking with what to bring and mind (R63)."""
    paper = plan.paper
    booking = _own_row(plan, Booking)
    request = paper.session.get_one(ServiceRequest, booking.service_request_id)
    if request.assistance_file_id != paper.subject.file.id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="booking")
    hospital = paper.session.get_one(Hospital, booking.hospital_id)
    requirement = paper.session.scalars(
        select(Requirement)
        .where(Requirement.service_request_id == request.id)
        .order_by(Requirement.version_number.desc())
        .limit(1)
    ).first()
    reminders = paper.session.scalars(
        select(Reminder).where(Reminder.booking_id == booking.id).order_by(Reminder.due_at, Reminder.id)
    )
    department = booking.department_text or (requirement.examination_text if requirement else "")
    return BookingNoticeView(
        stamp=stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        party=document_facts.party(paper),
        service=phrase(request.kind),
        request_number=request.number,
        hospital=f"{hospital.name}（{hospital.campus}）" if hospital.campus else hospital.name,
        department=department,
        expert=_expert(paper, booking),
        visit_at=booking.visit_at,
        place=paper.told(booking.place),
        hospital_reference=booking.hospital_reference,
        instructions=tuple(line.strip() for line in paper.told(booking.instructions).splitlines() if line.strip()),
        reminders=tuple(
            f"{in_shanghai(row.due_at):%m-%d %H:%M} {phrase(row.kind)}" for row in reminders if row.closed_at is None
        ),
        rules=_rules(plan, request),
    )


def _expert(paper: Paper, booking: Booking) -> str:
    title = booking.expert_title
    rank = phrase(title) if title is not None and title is not ExpertTitle.UNKNOWN else ""
    return " ".join(part for part in (booking.expert_name if paper.rule.expert else "", rank) if part)


def _rules(plan: PaperPlan, request: ServiceRequest) -> tuple[CitedText, ...]:
    return tuple(
        CitedText(title=_RULE_HEADINGS.get(clause.id, "约定"), text=clause.text, place=clause.place)
        for clause in plan.desk.pack.start_warning(request.kind)
    )


# ------------------------------------------------------------------------------------------------- 权益使用清单


def entitlement_statement(plan: PaperPlan) -> EntitlementStatementView:
    """Return every movement of the entitlement with what was left after it (R54)."""
    paper = plan.paper
    rows = paper.session.execute(
        select(EntitlementEntry, ServiceRequest.number)
        .outerjoin(ServiceRequest, ServiceRequest.id == EntitlementEntry.service_request_id)
        .where(EntitlementEntry.policy_id == paper.subject.policy.id)
        .order_by(EntitlementEntry.happened_at, EntitlementEntry.id)
    )
    left: dict[ServiceKind, int] = {}
    entries = []
    for entry, number in rows:
        left[entry.service_kind] = left.get(entry.service_kind, 0) + entry.amount
        entries.append(
            LedgerLine(
                happened_at=entry.happened_at,
                service=phrase(entry.service_kind),
                kind=phrase(entry.kind),
                amount=entry.amount,
                left=left[entry.service_kind],
                request_number=number or "",
                reason=_reason(paper, entry.reason),
            )
        )
    return EntitlementStatementView(
        stamp=stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        party=document_facts.party(paper),
        policy=document_facts.policy_state(paper),
        entitlements=document_facts.entitlements(paper),
        entries=tuple(entries),
    )


def _reason(paper: Paper, reason: str) -> str:
    """A grant cites its clause bare, such as 2024年11月版 R12: on paper it is the place in the handbook."""
    label, _blank, clause = reason.rpartition(" ")
    if clause in paper.pack.clauses:
        return f"{label}（{paper.pack.clauses[clause].place}）"
    return with_places(paper.told(reason))


# --------------------------------------------------------------------------------------------------- 健康宣教单


def education_leaflet(plan: PaperPlan) -> EducationLeafletView:
    """Return a text as it was given, with its version and sources (R70, R76)."""
    paper = plan.paper
    note = _own_row(plan, EducationNote)
    if note.assistance_file_id != paper.subject.file.id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="education_note")
    known = (text for text in load_education_texts() if (text.topic, text.version) == (note.topic, note.text_version))
    text = next(known, None)
    return EducationLeafletView(
        stamp=stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        party=document_facts.party(paper),
        topic=note.topic,
        body=paper.told(note.body),
        version=note.text_version,
        sources="；".join(text.sources) if text else "",
        given=f"{in_shanghai(note.given_at):%Y-%m-%d} {phrase(note.channel)}",
    )


def _own_row(plan: PaperPlan, kind: type[_RowT]) -> _RowT:
    key = plan.order.subject_id
    row = plan.paper.session.get(kind, key) if key is not None else None
    if row is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=kind.__tablename__)
    return row
