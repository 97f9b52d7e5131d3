"""One service request as its card shows it, gathered in one read session and frozen."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    ClockKind,
    ExpertHonour,
    ExpertTitle,
    HospitalLevel,
    HospitalSpecialty,
    MaterialKind,
    NextAction,
    PauseReason,
    RequestStatus,
    ServiceKind,
    Severity,
)
from lian_desk.services.completeness.checklist import ChecklistLine, Need, checklist_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.eligibility import is_minor_at
from lian_desk.services.entitlements.ledger import Balance, balances, is_reversed
from lian_desk.services.hospitals.hospital_lists import holds_sample
from lian_desk.services.names.free_words import AsTyped, concealed_for_file
from lian_desk.services.names.masking import mask_name
from lian_desk.services.request_views.actions import ActionFacts, ActionOffer, Journey, journey, offers
from lian_desk.services.request_views.clock_lines import ClockLine, clock_lines
from lian_desk.services.rules.clause_lines import ClauseLine, clause_lines
from lian_desk.services.service_requests.clock_runs import current_requirement, pauses_of
from lian_desk.services.service_requests.requirement_rules import campus_facts, honours_of
from lian_desk.services.service_requests.stay_notes import missing_note_days, missing_words
from lian_desk.services.service_requests.steps import current_booking, ordinal_of
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, slots=True)
class HospitalLine:
    """A campus with what its chips say."""

    hospital_id: int
    name: str
    campus: str
    city: str
    level: HospitalLevel
    specialty: HospitalSpecialty
    is_on_list: bool
    is_sample: bool = False
    """The list that says so is only the sample that ships."""

    @property
    def standing(self) -> str:
        """What the list says of the campus: 名录内, 名录内（样例）, 名录外."""
        listed = "名录内" if self.is_on_list else "名录外"
        return f"{listed}（样例）" if self.is_sample else listed


@dataclass(frozen=True, slots=True)
class WarningLine:
    """A warning that was accepted at confirmation, with the reason given."""

    words: str
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """The requirement that holds."""

    requirement_id: int
    version_number: int
    hospital: HospitalLine | None
    department: str
    expert_name: str
    expert_title: ExpertTitle | None
    honours: tuple[ExpertHonour, ...]
    is_renowned: bool
    renowned_because: str
    examination: str
    preferred_from_on: date | None
    preferred_to_on: date | None
    preference: str
    notice_kind: MaterialKind | None
    notice_on: date | None
    doctors_order: str
    confirmed_at: datetime
    backdating_reason: str
    warnings: tuple[WarningLine, ...]
    typed: AsTyped


@dataclass(frozen=True, slots=True)
class BookingLine:
    """The booking that stands; locked (R48)."""

    booking_id: int
    hospital: HospitalLine
    department: str
    expert_name: str
    expert_title: ExpertTitle | None
    visit_at: datetime
    place: str
    reference: str
    instructions: str
    instructions_sent_at: datetime | None
    typed: AsTyped


@dataclass(frozen=True, slots=True)
class RequestView:
    """Everything the card of a request shows at ``now``."""

    request_id: int
    file_id: int
    number: str
    kind: ServiceKind
    ordinal: int
    status: RequestStatus
    paused_from: RequestStatus | None
    pause_reasons: tuple[PauseReason, ...]
    is_open: bool
    insured_name: str
    is_minor: bool
    disease_name: str
    severity: Severity
    certainty: Certainty
    need_text: str
    received_at: datetime
    next_action: NextAction
    next_action_due_at: datetime | None
    journey: Journey
    offers: tuple[ActionOffer, ...]
    clocks: tuple[ClockLine, ...]
    requirement: RequirementLine | None
    booking: BookingLine | None
    checklist: tuple[ChecklistLine, ...]
    balance: Balance | None
    notice: str
    clauses: tuple[ClauseLine, ...]
    closing_reason: str
    closing_clause: str
    open_follow_up_id: int | None
    edition: str
    now: datetime

    def clock(self, kind: ClockKind) -> ClockLine | None:
        """Return the newest clock of a kind."""
        return next((line for line in self.clocks if line.kind is kind), None)

    @property
    def running_clock(self) -> ClockLine | None:
        """The clock that runs out next, None when none runs."""
        running = [line for line in self.clocks if line.stopped_at is None]
        return min(running, key=lambda line: line.due_at, default=None)


def load_request_view(desk: Desk, request_id: int, *, revealed: bool = False) -> RequestView | None:
    """Read one request, or None when it does not exist; revealing is audited by the caller."""
    with desk.read() as session:
        request = session.get(ServiceRequest, request_id)
        if request is None:
            return None
        view = _view(session, desk, request, revealed=revealed)
        return concealed_for_file(session, view, view.file_id, revealed=revealed)


def _view(session: Session, desk: Desk, request: ServiceRequest, *, revealed: bool) -> RequestView:
    now, pack = desk.clock.now(), desk.rules_of(request)
    file = session.get_one(AssistanceFile, request.assistance_file_id)
    person = session.get_one(InsuredPerson, file.insured_person_id)
    disease = session.get_one(DiseaseEntry, request.disease_entry_id)
    is_minor = is_minor_at(person, now, pack)
    follow_up = _open_follow_up(session, request.id)
    facts = ActionFacts(
        status=request.status,
        kind=request.kind,
        next_action=request.next_action,
        paused_from=request.paused_from,
        role=desk.operator.role,
        is_minor=is_minor,
        open_follow_up=follow_up.kind if follow_up else None,
        is_reversed=not request.is_open and is_reversed(session, request.id),
    )
    clocks = clock_lines(session, desk, request.id)
    return RequestView(
        request_id=request.id,
        file_id=file.id,
        number=request.number,
        kind=request.kind,
        ordinal=ordinal_of(session, request),
        status=request.status,
        paused_from=request.paused_from,
        pause_reasons=tuple(
            dict.fromkeys(pause.reason for pause in pauses_of(session, request.id) if pause.to_at is None)
        ),
        is_open=request.is_open,
        insured_name=mask_name(person.name, revealed=revealed),
        is_minor=is_minor,
        disease_name=disease.disease_name,
        severity=disease.severity,
        certainty=disease.certainty,
        need_text=request.need_text,
        received_at=request.received_at,
        next_action=request.next_action,
        next_action_due_at=request.next_action_due_at,
        journey=journey(facts),
        offers=() if file.closed_at is not None else offers(facts),
        clocks=clocks,
        requirement=_requirement(session, desk, request.id, revealed=revealed),
        booking=_booking(session, desk, request.id, revealed=revealed),
        checklist=checklist_of(
            session, pack, Need(file.id, request.kind, disease.disease_code, disease.certainty, is_minor)
        ),
        balance=balances(session, file.policy_id).get(request.kind),
        notice=_notice(request, pack) or _missing_notes(session, desk, request, now),
        clauses=clause_lines(_clause_ids(request, clocks, pack), pack),
        closing_reason=request.closing_reason,
        closing_clause=request.closing_clause,
        open_follow_up_id=follow_up.id if follow_up else None,
        edition=pack.label,
        now=now,
    )


def hospital_line(session: Session, desk: Desk, hospital_id: int) -> HospitalLine:
    """Return a campus as it is shown today."""
    hospital = session.get_one(Hospital, hospital_id)
    facts = campus_facts(session, hospital, desk.today)
    return HospitalLine(
        hospital.id,
        hospital.name,
        hospital.campus,
        hospital.city,
        hospital.level,
        hospital.specialty,
        bool(facts.is_listed),
        holds_sample(session),
    )


def _requirement(session: Session, desk: Desk, request_id: int, *, revealed: bool) -> RequirementLine | None:
    row = current_requirement(session, request_id)
    if row is None:
        return None
    return RequirementLine(
        requirement_id=row.id,
        version_number=row.version_number,
        hospital=hospital_line(session, desk, row.hospital_id) if row.hospital_id is not None else None,
        department=row.department_text,
        expert_name=mask_name(row.expert_name, revealed=revealed),
        expert_title=row.expert_title,
        honours=honours_of(row.expert_honours),
        is_renowned=row.is_renowned,
        renowned_because=row.renowned_because,
        examination=row.examination_text,
        preferred_from_on=row.preferred_from_on,
        preferred_to_on=row.preferred_to_on,
        preference=row.preference,
        notice_kind=row.notice_kind,
        notice_on=row.notice_on,
        doctors_order=row.doctors_order,
        confirmed_at=row.confirmed_at,
        backdating_reason=row.backdating_reason,
        warnings=_warnings(row),
        typed=AsTyped(department=row.department_text or row.examination_text),
    )


def _warnings(row: Requirement) -> tuple[WarningLine, ...]:
    return tuple(
        WarningLine(item.get("words", item["code"]), item["clause"], item.get("reason", ""))
        for item in json.loads(row.warnings)
    )


def _booking(session: Session, desk: Desk, request_id: int, *, revealed: bool) -> BookingLine | None:
    row: Booking | None = current_booking(session, request_id)
    if row is None:
        return None
    return BookingLine(
        booking_id=row.id,
        hospital=hospital_line(session, desk, row.hospital_id),
        department=row.department_text,
        expert_name=mask_name(row.expert_name, revealed=revealed),
        expert_title=row.expert_title,
        visit_at=row.visit_at,
        place=row.place,
        reference=row.hospital_reference,
        instructions=row.instructions,
        instructions_sent_at=row.instructions_sent_at,
        typed=AsTyped(row.department_text, row.place, row.instructions),
    )


def _open_follow_up(session: Session, request_id: int) -> FollowUp | None:
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.service_request_id == request_id, FollowUp.closed_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(1)
    ).first()


_BEFORE_START = frozenset(
    {RequestStatus.REQUIREMENT_CONFIRMED, RequestStatus.COORDINATING, RequestStatus.AWAITING_START}
)


def _missing_notes(session: Session, desk: Desk, request: ServiceRequest, now: datetime) -> str:
    """Return the warning of a stay whose notes have gaps (R68)."""
    if request.status is not RequestStatus.IN_PROGRESS:
        return ""
    days = missing_note_days(session, request, now, pack=desk.rules_of(request), calendar=desk.calendar)
    return f"{missing_words(days)}；请补记或写明原因。" if days else ""


def _notice(request: ServiceRequest, pack: RulePack) -> str:
    """Return the one sentence of warning that the card shows now."""
    if pack.service(request.kind).uses is None:
        return ""
    if request.status in _BEFORE_START:
        return "确认开启即扣 1 次权益；预约成功后不可改约或取消，因个人原因未就诊视为已使用。"
    if request.status is RequestStatus.STARTED:
        return "服务已开启，已扣 1 次权益；若客户取消，视为已使用。"
    if request.status is RequestStatus.BOOKED:
        return "预约成功，不可改约或取消；因个人原因取消或未按时就约，视为已使用。"
    if request.status is RequestStatus.PAUSED:
        return f"暂停中，恢复后回到“{phrase(request.paused_from)}”。" if request.paused_from else ""
    return ""


def _clause_ids(request: ServiceRequest, clocks: tuple[ClockLine, ...], pack: RulePack) -> list[str]:
    rule = pack.service(request.kind)
    ids = [clock.clause for clock in clocks]
    if request.status in _BEFORE_START | {RequestStatus.STARTED, RequestStatus.BOOKED}:
        ids.extend(rule.start_warning)
    elif request.status in {RequestStatus.DRAFT, RequestStatus.SUBMITTED, RequestStatus.UNDER_REVIEW}:
        ids.extend(("R3", "R4", "R8", "R19", "R25"))
        if rule.notice is not None:
            ids.append(rule.notice.clause)
    elif request.status in {RequestStatus.SERVICE_COMPLETED, RequestStatus.FOLLOWING_UP}:
        ids.extend(("R69", "R70", "R71"))
    if request.closing_clause in pack.clauses:
        ids.append(request.closing_clause)
    return ids
