"""Ask the rules about a requirement while it is typed and when it is confirmed: place, expert, examination, notice.

The dialog and the command get the same answer, each finding with the field it belongs to (R26 to R43).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.reasons import CLEAR, Judgement, Reason, blocked
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.scope import (
    CampusFacts,
    ExpertStanding,
    NoticeFacts,
    RequestedPlace,
    judge_campus,
    judge_department,
    judge_examination,
    judge_expert,
    judge_notice,
    judge_order,
)
from lian_desk.models.rules.working_time import at_time
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import (
    ExaminationCode,
    ExpertHonour,
    ExpertTitle,
    MaterialState,
    ServiceKind,
)
from lian_desk.services.hospitals.closures import judge_place
from lian_desk.services.hospitals.restrictions import judge_restriction
from lian_desk.services.reference_data.departments import department_facts, examination_facts
from lian_desk.services.reference_data.regions import find_city

K = ServiceKind
#: The field that whatever is said against the hospital's notice belongs to.
NOTICE_FIELD = "notice_material_id"


@dataclass(frozen=True, kw_only=True)
class NoticeGiven:
    """The hospital notice in hand: which material it is, and who issued it when (R39 to R42)."""

    material_id: int
    hospital_id: int | None = None
    doctor_name: str = ""
    issued_on: date | None = None
    is_from_the_team: bool = False


@dataclass(frozen=True, kw_only=True)
class RequirementGiven:
    """What is wanted, as typed (R26, R37); the dialog builds it on every change."""

    hospital_id: int | None = None
    department_text: str = ""
    department_allowed_note: str = ""
    expert_name: str = ""
    expert_title: ExpertTitle | None = None
    expert_honours: tuple[ExpertHonour, ...] = ()
    examination_text: str = ""
    examination_coded_as: ExaminationCode | None = None
    from_outpatient_visit: bool | None = None
    preferred_from_on: date | None = None
    preferred_to_on: date | None = None
    preference: str = ""
    notice: NoticeGiven | None = None
    doctors_order: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the rules say, and the field it belongs to."""

    field: str
    reason: Reason

    def as_violation(self) -> RuleViolation:
        """Return the refusal that this finding is, shown beside its field."""
        violation = self.reason.as_violation()
        violation.parameters.setdefault("field", self.field)
        return violation


@dataclass(frozen=True, slots=True)
class RequirementFindings:
    """The rules' whole answer: what is missing, what blocks, what warns, and the standing of the expert."""

    missing: tuple[tuple[str, str], ...]
    """Fields that must be filled, each with its Chinese name."""
    reasons: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    expert: ExpertStanding | None
    examination_code: ExaminationCode | None
    department_code: str

    @property
    def is_renowned(self) -> bool:
        """Tell whether the expert is renowned (R33)."""
        return self.expert is not None and self.expert.is_renowned


_ASKED: dict[ServiceKind, tuple[tuple[str, str], ...]] = {
    K.CASE_MANAGEMENT: (("preference", "服务计划"),),
    K.OUTPATIENT_COORDINATION: (
        ("hospital_id", "医院"),
        ("department_text", "科室"),
        ("expert_title", "专家职称"),
        ("preferred_from_on", "拟约时间"),
    ),
    K.INPATIENT_COORDINATION: (
        ("hospital_id", "医院"),
        ("department_text", "科室"),
        ("preferred_from_on", "拟约时间"),
    ),
    K.SURGERY_COORDINATION: (
        ("hospital_id", "医院"),
        ("department_text", "科室"),
        ("expert_name", "手术医生"),
        ("preferred_from_on", "拟约时间"),
    ),
    K.EXPEDITED_EXAMINATION: (
        ("hospital_id", "医院"),
        ("examination_text", "检查项目"),
        ("preferred_from_on", "拟约时间"),
    ),
}


def asked_fields(kind: ServiceKind) -> tuple[tuple[str, str], ...]:
    """Return the fields a requirement of ``kind`` must fill, each with its Chinese name (R26)."""
    return _ASKED[kind]


def judge_requirement(  # noqa: PLR0913 - everything the answer depends on
    session: Session,
    kind: ServiceKind,
    given: RequirementGiven,
    *,
    day: date,
    pack: RulePack,
    by_lead: bool,
    person_id: int | None = None,
) -> RequirementFindings:
    """Judge a requirement on ``day``; ``by_lead``: a lead asks, who may let some departments pass (A20).

    With ``person_id`` the answer knows hospitals that restrict the bookings of that insured person (R51).
    """
    missing = tuple((name, label) for name, label in _ASKED[kind] if not _is_filled(getattr(given, name)))
    hospital = session.get(Hospital, given.hospital_id) if given.hospital_id is not None else None
    found: list[tuple[str, Judgement]] = [("preferred_to_on", _judge_days(given, day))]
    expert: ExpertStanding | None = None
    code: ExaminationCode | None = None
    department = department_facts(
        given.department_text.strip(), is_allowed_by_lead=by_lead and bool(given.department_allowed_note.strip())
    )
    if kind is not K.CASE_MANAGEMENT:
        if hospital is not None:
            found.append(("hospital_id", judge_campus(campus_facts(session, hospital, day), pack, kind)))
            found.append(("hospital_id", judge_place(session, kind, hospital, at_time(day, pack.service_hours.closes))))
            if person_id is not None:
                found.append(("hospital_id", judge_restriction(session, person_id, hospital, day)))
        if given.department_text.strip():
            found.append(("department_text", judge_department(kind, department, pack)))
        if given.expert_title is not None:
            expert = judge_expert(given.expert_title, given.expert_honours, pack, service=kind)
            found.append(("expert_title", expert.judgement))
        if kind is K.EXPEDITED_EXAMINATION:
            code, judgement = _judge_examination(given, pack)
            found.append(("examination_text", judgement))
            order = judge_order(kind, is_from_outpatient_visit=given.from_outpatient_visit, pack=pack)
            found.append(("from_outpatient_visit", order))
        found.append((NOTICE_FIELD, _judge_notice(session, kind, given, hospital, pack)))
    return RequirementFindings(
        missing=missing,
        reasons=tuple(Finding(field, reason) for field, judged in found for reason in judged.reasons),
        warnings=tuple(Finding(field, reason) for field, judged in found for reason in judged.warnings),
        expert=expert,
        examination_code=code,
        department_code=department.code,
    )


@dataclass(frozen=True, slots=True)
class BookedPlace:
    """Where and with whom the hospital confirmed a booking."""

    hospital_id: int
    department_text: str
    expert_name: str
    expert_title: ExpertTitle | None


def judge_booked_place(
    session: Session,
    request: ServiceRequest,
    wanted: Requirement,
    place: BookedPlace,
    *,
    day: date,
    pack: RulePack,
) -> RequirementFindings:
    """Judge a booking that differs from its requirement: the same place, expert and notice rules hold (R29 to R42)."""
    notice = None
    if wanted.notice_material_id is not None:
        notice = NoticeGiven(
            material_id=wanted.notice_material_id,
            hospital_id=wanted.notice_hospital_id,
            doctor_name=wanted.notice_doctor_name,
            issued_on=wanted.notice_on,
        )
    given = RequirementGiven(
        hospital_id=place.hospital_id,
        department_text=place.department_text,
        department_allowed_note="accepted" if _was_allowed(wanted) else "",
        expert_name=place.expert_name,
        expert_title=place.expert_title,
        expert_honours=honours_of(wanted.expert_honours),
        examination_text=wanted.examination_text,
        examination_coded_as=wanted.examination_code,
        from_outpatient_visit=wanted.from_outpatient_visit,
        notice=notice,
    )
    return judge_requirement(session, request.kind, given, day=day, pack=pack, by_lead=_was_allowed(wanted))


def _was_allowed(wanted: Requirement) -> bool:
    """Tell whether a lead let the department of the requirement pass (A20)."""
    codes = {line["code"] for line in json.loads(wanted.warnings)}
    return ErrorCode.DEPARTMENT_ALLOWED_BY_LEAD.value in codes


def campus_facts(session: Session, hospital: Hospital, day: date) -> CampusFacts:
    """Return what the rules ask of a campus on ``day``; without any list that day its membership is unknown (R31)."""
    from_on, to_on = hospital.on_list_from, hospital.on_list_to
    is_listed: bool | None = from_on is not None and from_on <= day and (to_on is None or day < to_on)
    if not is_listed and not session.scalar(select(func.count()).where(Hospital.on_list_from <= day)):
        is_listed = None
    return CampusFacts(
        city=find_city(hospital.city),
        city_name=hospital.city,
        level=hospital.level,
        specialty=hospital.specialty,
        is_listed=is_listed,
    )


def honours_text(honours: Sequence[ExpertHonour]) -> str:
    """Return honours as they are stored: values in the order of the vocabulary, joined by a comma."""
    return ",".join(honour.value for honour in ExpertHonour if honour in honours)


def honours_of(text: str) -> tuple[ExpertHonour, ...]:
    """Return the honours stored in ``text``."""
    return tuple(ExpertHonour(word) for word in text.split(",") if word)


def _is_filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _judge_days(given: RequirementGiven, day: date) -> Judgement:
    first, last = given.preferred_from_on, given.preferred_to_on
    if first is not None and first < day:
        return blocked(ErrorCode.DATE_IMPOSSIBLE, "R26")
    if first is not None and last is not None and last < first:
        return blocked(ErrorCode.TIME_ORDER, "R26", earliest=first.isoformat())
    return CLEAR


def _judge_examination(given: RequirementGiven, pack: RulePack) -> tuple[ExaminationCode | None, Judgement]:
    if not given.examination_text.strip():
        return None, CLEAR
    facts = examination_facts(given.examination_text.strip(), coded_as=given.examination_coded_as)
    return facts.code or facts.coded_as, judge_examination(facts, pack)


def _judge_notice(
    session: Session, kind: ServiceKind, given: RequirementGiven, hospital: Hospital | None, pack: RulePack
) -> Judgement:
    requested = RequestedPlace(
        hospital=hospital.name if hospital else "",
        campus=hospital.campus if hospital else "",
        doctor=given.expert_name.strip(),
    )
    if given.notice is None:
        return judge_notice(kind, None, requested, pack)
    material = session.get(Material, given.notice.material_id)
    if material is None or material.trashed_at is not None:
        return judge_notice(kind, None, requested, pack)
    if material.name_matches is False:
        return blocked(ErrorCode.NOT_THE_INSURED, "R1")
    issuer = session.get(Hospital, given.notice.hospital_id) if given.notice.hospital_id is not None else None
    facts = NoticeFacts(
        kind=material.kind,
        issued_on=given.notice.issued_on,
        is_legible=material.state is not MaterialState.DEFICIENT,
        issuing_hospital=issuer.name if issuer else "",
        issuing_campus=issuer.campus if issuer else "",
        issuing_doctor=given.notice.doctor_name.strip(),
        is_from_the_team=given.notice.is_from_the_team,
    )
    return judge_notice(kind, facts, requested, pack)
