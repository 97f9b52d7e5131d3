"""What the dialog of a requirement starts from, and the rules' answer while it is typed."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lian_desk.models.plain_text import fold
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ExaminationCode, ExpertHonour, MaterialKind, ServiceKind
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_lists import asks_sample_reason, sample_notice
from lian_desk.services.reference_data.departments import all_departments
from lian_desk.services.request_views.forms import EvidenceChoices, load_evidence_choices
from lian_desk.services.request_views.views import HospitalLine, RequestView, hospital_line, load_request_view
from lian_desk.services.rules.clause_lines import ClauseLine, ReasonLine, clause_line, reason_line
from lian_desk.services.service_requests.clock_runs import current_requirement
from lian_desk.services.service_requests.requirement_rules import (
    NoticeGiven,
    RequirementGiven,
    honours_of,
    judge_requirement,
)


@dataclass(frozen=True, slots=True)
class RequirementForm:
    """What the requirement dialog starts from."""

    request: RequestView
    evidence: EvidenceChoices
    departments: tuple[str, ...]
    notice_kind: MaterialKind | None
    notice_clause: ClauseLine | None
    notice_issuer: str
    asks_title: bool
    asks_examination: bool
    has_booking: bool
    fees: str
    fee_clause: ClauseLine
    is_revision: bool
    given: RequirementGiven
    hospital: HospitalLine | None
    notice_hospital: HospitalLine | None
    by_lead: bool
    sample_notice: str
    asks_sample_reason: bool


def load_requirement_form(desk: Desk, request_id: int) -> RequirementForm | None:
    """Read what the requirement dialog shows: the last version where there is one, else the wish of the request."""
    view = load_request_view(desk, request_id)
    if view is None:
        return None
    with desk.read() as session:
        pack = desk.rules_of(session.get_one(ServiceRequest, request_id))
        given = _given(session, request_id)
        hospital = hospital_line(session, desk, given.hospital_id) if given.hospital_id is not None else None
        issuer_id = given.notice.hospital_id if given.notice else None
        issuer = hospital_line(session, desk, issuer_id) if issuer_id is not None else None
        notice, asks_reason = sample_notice(session), asks_sample_reason(session)
    rule = pack.service(view.kind)
    return RequirementForm(
        request=view,
        evidence=load_evidence_choices(desk, request_id),
        departments=tuple(row.name for row in all_departments()),
        notice_kind=rule.notice.kind if rule.notice else None,
        notice_clause=clause_line(rule.notice.clause, pack) if rule.notice else None,
        notice_issuer=rule.notice.issuer.value if rule.notice else "",
        asks_title=bool(rule.titles),
        asks_examination=bool(rule.examinations),
        has_booking=rule.has_booking,
        fees=pack.texts.fees,
        fee_clause=clause_line("R77", pack),
        is_revision=view.requirement is not None,
        given=given,
        hospital=hospital,
        notice_hospital=issuer,
        by_lead=desk.operator.role in LEADS,
        sample_notice=notice if rule.has_booking else "",
        asks_sample_reason=asks_reason and rule.has_booking,
    )


def _given(session: Session, request_id: int) -> RequirementGiven:
    row = current_requirement(session, request_id)
    if row is None:
        return RequirementGiven()
    notice = None
    if row.notice_material_id is not None:
        notice = NoticeGiven(
            material_id=row.notice_material_id,
            hospital_id=row.notice_hospital_id,
            doctor_name=row.notice_doctor_name,
            issued_on=row.notice_on,
        )
    return RequirementGiven(
        hospital_id=row.hospital_id,
        department_text=row.department_text,
        expert_name=row.expert_name,
        expert_title=row.expert_title,
        expert_honours=honours_of(row.expert_honours),
        examination_text=row.examination_text,
        from_outpatient_visit=row.from_outpatient_visit,
        preferred_from_on=row.preferred_from_on,
        preferred_to_on=row.preferred_to_on,
        preference=row.preference,
        notice=notice,
        doctors_order=row.doctors_order,
    )


@dataclass(frozen=True, slots=True)
class RequirementAnswer:
    """What the rules say of a requirement as typed; every line names its field."""

    reasons: tuple[ReasonLine, ...]
    warnings: tuple[ReasonLine, ...]
    missing: tuple[tuple[str, str], ...]
    is_renowned: bool
    renowned_by: tuple[ExpertHonour, ...]
    limit_days: int | None
    limit_clause: str
    feedback_hours: int | None
    examination_code: ExaminationCode | None


def ask_rules(
    desk: Desk, kind: ServiceKind, given: RequirementGiven, *, file_id: int | None = None, request_id: int | None = None
) -> RequirementAnswer:
    """Ask the rules about a requirement as it stands, those of ``request_id`` where it has some of its own (A41).

    Run it off the UI thread.
    """
    with desk.read() as session:
        pack = desk.pack if request_id is None else desk.rules_of(session.get_one(ServiceRequest, request_id))
        found = judge_requirement(
            session,
            kind,
            given,
            day=desk.today,
            pack=pack,
            by_lead=desk.operator.role in LEADS,
            person_id=session.get_one(AssistanceFile, file_id).insured_person_id if file_id is not None else None,
        )
    rule = pack.service(kind)
    days, clause = rule.booking_limit(is_renowned=found.is_renowned) if rule.has_booking else (None, "")
    honours = tuple(honour for honour in ExpertHonour if found.expert and honour.value in found.expert.decided_by)
    return RequirementAnswer(
        reasons=tuple(reason_line(line.reason, pack, line.field) for line in found.reasons),
        warnings=tuple(reason_line(line.reason, pack, line.field) for line in found.warnings),
        missing=found.missing,
        is_renowned=found.is_renowned,
        renowned_by=honours,
        limit_days=days,
        limit_clause=clause,
        feedback_hours=rule.feedback_hours,
        examination_code=found.examination_code,
    )


def search_hospitals(desk: Desk, text: str, limit: int = 12) -> tuple[HospitalLine, ...]:
    """Return campuses whose name, city, alias or initials hold every word of ``text``, those on the list first."""
    words = [fold(word) for word in text.split()]
    if not words:
        return ()
    today = desk.today
    with desk.read() as session:
        statement = select(Hospital.id).where(*(Hospital.search_text.contains(word, autoescape=True) for word in words))
        listed = (Hospital.on_list_from <= today) & or_(Hospital.on_list_to.is_(None), Hospital.on_list_to > today)
        keys = session.scalars(statement.order_by(listed.desc(), Hospital.sort_name, Hospital.id).limit(limit)).all()
        return tuple(hospital_line(session, desk, key) for key in keys)
