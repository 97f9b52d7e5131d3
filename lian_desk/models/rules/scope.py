"""Where, by whom and what: hospitals, experts, departments, examinations, notices (R29 to R43, A13 to A20, A31, A32).

A reason names the clause of the handbook; where a decision reads it, its id stands in ``values["decision"]``.
Pure. Names are resolved before (``services/reference_data/departments.py``, ``services/reference_data/regions.py``); here only codes are judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lian_desk.models.errors import ErrorCode
from lian_desk.models.reasons import CLEAR, Judgement, blocked, warned
from lian_desk.models.rules.catalogue import City, CityStanding, NoticeIssuer, RulePack
from lian_desk.models.vocabulary import (
    ExaminationCode,
    ExpertHonour,
    ExpertTitle,
    HospitalLevel,
    HospitalSpecialty,
    MaterialKind,
    ServiceKind,
)


@dataclass(frozen=True, slots=True)
class CampusFacts:
    """One campus on the day asked for (A18).

    ``city`` None: the place is not known. ``is_listed`` None: no hospital list was in force that day.
    """

    city: City | None
    city_name: str
    level: HospitalLevel
    specialty: HospitalSpecialty = HospitalSpecialty.GENERAL
    is_listed: bool | None = None


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department by its code; ``family`` is the excluded family it belongs to, if any."""

    code: str
    name: str
    family: str | None = None
    is_allowed_by_lead: bool = False


@dataclass(frozen=True, slots=True)
class ExaminationFacts:
    """An examination by name; ``code`` None: none of the five. ``coded_as``: how the order codes it (A32)."""

    name: str
    code: ExaminationCode | None
    coded_as: ExaminationCode | None = None
    is_known_outside: bool = False


@dataclass(frozen=True, slots=True)
class ExpertStanding:
    """What title and honours of an expert decide (R32, R33, R58, R59)."""

    title: ExpertTitle
    is_allowed: bool
    is_renowned: bool
    decided_by: tuple[str, ...]
    """Honours that make the expert renowned, as values or as further words of the pack."""
    limit_working_days: int
    limit_clause: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The notice in hand beside what the requirement names; ids are those of the hospital directory."""

    kind: MaterialKind
    issued_on: date | None
    is_legible: bool = True
    is_cancelled: bool = False
    issuing_hospital: str = ""
    issuing_campus: str = ""
    issuing_doctor: str = ""
    is_from_the_team: bool = False
    """Signed by a member of the requested doctor's team (A31)."""


@dataclass(frozen=True, slots=True)
class RequestedPlace:
    """The hospital, campus and doctor that the requirement names (A31)."""

    hospital: str
    campus: str = ""
    doctor: str = ""


def judge_city(city: City | None, name: str, pack: RulePack) -> Judgement:
    """Judge a city by geography alone (R29, A16, A17)."""
    scope = pack.scope
    if city is None:
        return blocked(ErrorCode.CITY_OUT_OF_SCOPE, scope.clause_of("named_cities"), city=name)
    if city.belongs_to in scope.named_cities:
        is_county = city.standing is CityStanding.COUNTY_LEVEL_CITY
        return warned(ErrorCode.CITY_NEEDS_LEAD, scope.clause_of("standings"), city=city.name) if is_county else CLEAR
    if city.province not in scope.provinces:
        return _outside(city.name, scope.clause_of("outside"), pack)
    if city.standing not in scope.standings:
        return _outside(city.name, scope.clause_of("standings"), pack)
    if city.standing is CityStanding.COUNTY_LEVEL_CITY:
        return warned(
            ErrorCode.CITY_NEEDS_LEAD, scope.clause_of("standings"), city=city.name, counts_as=city.belongs_to
        )
    return CLEAR


def _outside(city: str, decision: str, pack: RulePack) -> Judgement:
    clause = pack.scope.clause_of("named_cities")
    return blocked(ErrorCode.CITY_OUT_OF_SCOPE, clause, city=city, decision=decision)


def judge_level(campus: CampusFacts, pack: RulePack, service: ServiceKind | None = None) -> Judgement:
    """Judge level and specialty (R30, A15)."""
    scope = pack.scope
    if campus.level in scope.levels:
        return CLEAR
    if campus.specialty not in scope.specialties:
        return blocked(ErrorCode.HOSPITAL_LEVEL_OUT_OF_SCOPE, scope.clause_of("levels"), level=campus.level)
    if service is not None and pack.service(service).titles:
        return warned(ErrorCode.CANCER_HOSPITAL_NOT_CLASS_A, scope.clause_of("cancer_outpatient"), level=campus.level)
    return CLEAR


def judge_campus(campus: CampusFacts, pack: RulePack, service: ServiceKind | None = None) -> Judgement:
    """Judge a campus: the list decides where there is one, geography and level otherwise (R29 to R31, A17, A18)."""
    geography = judge_city(campus.city, campus.city_name, pack) + judge_level(campus, pack, service)
    clause = pack.scope.clause_of("hospital_list")
    if campus.is_listed:
        if geography.reasons:
            return Judgement(warnings=(*geography.reasons, *geography.warnings))
        return Judgement(warnings=tuple(w for w in geography.warnings if w.code is not ErrorCode.CITY_NEEDS_LEAD))
    if campus.is_listed is None:
        return geography + warned(ErrorCode.HOSPITAL_LIST_UNKNOWN, clause) if not geography.reasons else geography
    return blocked(ErrorCode.HOSPITAL_NOT_ON_LIST, clause) + geography


def judge_department(service: ServiceKind, department: DepartmentFacts, pack: RulePack) -> Judgement:
    """Judge a department for ``service`` (R34, A19, A20, A21)."""
    rule = pack.service(service)
    if department.family is None or department.family not in rule.excluded_departments:
        return CLEAR
    scope = pack.scope
    family = scope.department_families[department.family]
    decision: dict[str, object] = {}
    if department.code in family.lead_may_allow:
        if department.is_allowed_by_lead:
            return warned(ErrorCode.DEPARTMENT_ALLOWED_BY_LEAD, family.lead_clause, department=department.name)
        decision["decision"] = family.lead_clause
    elif family.shows_emergency_script:
        decision |= {"decision": scope.clause_of("emergency"), "script": pack.texts.emergency_script}
    return blocked(ErrorCode.DEPARTMENT_EXCLUDED, family.clause, department=department.name, **decision)


def judge_title(service: ServiceKind, title: ExpertTitle, pack: RulePack) -> Judgement:
    """Judge the rank of an expert: only where the service asks for one (R32, R38); an unknown title warns."""
    rule = pack.service(service)
    if not rule.titles or title in rule.titles:
        return CLEAR
    clause = rule.clause_of("titles")
    if title is ExpertTitle.UNKNOWN:
        return warned(ErrorCode.TITLE_UNKNOWN, clause)
    return blocked(ErrorCode.TITLE_TOO_LOW, clause, title=title)


def renowned_by(honours: Iterable[ExpertHonour], pack: RulePack, further: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the honours that make an expert renowned, in the order given; empty: not renowned (R33, A13)."""
    scope = pack.scope
    named = tuple(honour.value for honour in honours if honour in scope.renowned)
    return named + tuple(word for word in further if word in scope.further_renowned)


def judge_expert(
    title: ExpertTitle,
    honours: Iterable[ExpertHonour],
    pack: RulePack,
    *,
    service: ServiceKind = ServiceKind.OUTPATIENT_COORDINATION,
    further: Iterable[str] = (),
) -> ExpertStanding:
    """Return what title and honours decide: whether the expert may be booked and the working days of C3 (A14)."""
    judgement = judge_title(service, title, pack)
    decided_by = renowned_by(honours, pack, further)
    rule = pack.service(service)
    days, clause = rule.booking_limit(is_renowned=bool(decided_by))
    return ExpertStanding(title, judgement.is_allowed, bool(decided_by), decided_by, days, clause, judgement)


def judge_examination(examination: ExaminationFacts, pack: RulePack) -> Judgement:
    """Judge an examination for 检查加急 (R35, A32); an unheard-of name is refused until the order's code is chosen."""
    rule = pack.service(ServiceKind.EXPEDITED_EXAMINATION)
    clause = rule.clause_of("examinations")
    outside = pack.scope.clause_of("examination_outside")
    if examination.is_known_outside and examination.coded_as in rule.examinations & pack.scope.coded_examinations:
        return warned(ErrorCode.EXAMINATION_BY_ORDER_CODE, outside, examination=examination.name)
    if examination.is_known_outside:
        return blocked(ErrorCode.EXAMINATION_NOT_COVERED, clause, examination=examination.name, decision=outside)
    if examination.code is not None and examination.code in rule.examinations:
        return CLEAR
    return blocked(ErrorCode.EXAMINATION_NOT_COVERED, clause, examination=examination.name)


def judge_order(service: ServiceKind, *, is_from_outpatient_visit: bool | None, pack: RulePack) -> Judgement:
    """Judge where the order of an examination came from (R36); None: not stated."""
    rule = pack.service(service)
    if not rule.needs_outpatient_order or is_from_outpatient_visit:
        return CLEAR
    return blocked(ErrorCode.EXAMINATION_NOT_FROM_OUTPATIENT, rule.clause_of("needs_outpatient_order"))


def judge_notice(
    service: ServiceKind, notice: NoticeFacts | None, requested: RequestedPlace, pack: RulePack
) -> Judgement:
    """Compare the notice in hand with the requested hospital or doctor (R39 to R43, A31, A42).

    门诊 asks for none: a notice is then neither needed nor compared (R43).
    """
    rule = pack.service(service).notice
    if rule is None:
        return CLEAR
    if notice is None or notice.kind is not rule.kind or notice.is_cancelled or not notice.is_legible:
        return blocked(ErrorCode.NOTICE_MISSING, rule.clause, notice=rule.kind)
    judgement = CLEAR if notice.issued_on is not None else blocked(ErrorCode.NOTICE_UNDATED, "R39", notice=rule.kind)
    if rule.issuer is NoticeIssuer.DOCTOR:
        return judgement + _judge_doctor(notice, requested, rule.clause, rule.campus_clause)
    if notice.issuing_hospital != requested.hospital:
        return judgement + blocked(ErrorCode.NOTICE_WRONG_HOSPITAL, rule.clause)
    if notice.issuing_campus != requested.campus:
        judgement += warned(ErrorCode.NOTICE_OTHER_CAMPUS, rule.campus_clause)
    return judgement


def _plain(name: str) -> str:
    return "".join(name.split())


def _judge_doctor(notice: NoticeFacts, requested: RequestedPlace, clause: str, team_clause: str) -> Judgement:
    # the same name at another hospital is another doctor; a notice that names no hospital is taken by its doctor
    is_same_place = not notice.issuing_hospital or notice.issuing_hospital == requested.hospital
    if notice.issuing_doctor and _plain(notice.issuing_doctor) == _plain(requested.doctor) and is_same_place:
        is_other_campus = bool(notice.issuing_hospital) and notice.issuing_campus != requested.campus
        return warned(ErrorCode.NOTICE_OTHER_CAMPUS, team_clause) if is_other_campus else CLEAR
    if notice.is_from_the_team:
        return warned(ErrorCode.NOTICE_BY_TEAM, team_clause)
    return blocked(ErrorCode.NOTICE_WRONG_DOCTOR, clause)
