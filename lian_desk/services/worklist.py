"""What stands around the worklist: four counters, today's agenda, today's follow-ups, missing materials."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.booking import Booking
from lian_desk.models.catalogue import RulePack
from lian_desk.models.clock_run import ClockRun
from lian_desk.models.follow_up import FollowUp
from lian_desk.models.incoming_application import IncomingApplication
from lian_desk.models.person import InsuredPerson
from lian_desk.models.provider import Hospital
from lian_desk.models.service_request import RequestPause, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, PauseReason, RequestStatus, ServiceKind
from lian_desk.models.working_time import SHANGHAI
from lian_desk.services.desk import Desk
from lian_desk.services.masking import mask_name

_AGENDA_LENGTH = 6
_FOLLOW_UP_LENGTH = 6
_MISSING_LENGTH = 3


@dataclass(frozen=True)
class Counter:
    """One of the four figures: how many are open, how many of them are overdue or due today, and the next due."""

    open_count: int
    overdue_count: int
    today_count: int
    next_due_at: datetime | None
    done_count: int = 0


@dataclass(frozen=True)
class AgendaItem:
    """A visit of today."""

    booking_id: int
    request_id: int
    file_id: int
    visit_at: datetime
    insured_name: str
    hospital: str
    what: str
    service_kind: ServiceKind
    is_told: bool


@dataclass(frozen=True)
class FollowUpItem:
    """A follow-up due today or late, or done today."""

    follow_up_id: int
    file_id: int
    insured_name: str
    label: str
    late_days: int
    is_done: bool


@dataclass(frozen=True)
class MissingItem:
    """A request that waits for material."""

    file_id: int
    request_id: int
    insured_name: str
    service_kind: ServiceKind


@dataclass(frozen=True)
class Workbench:
    """Everything of the worklist page besides its list, read in one session."""

    response: Counter
    feedback: Counter
    booking: Counter
    follow_up: Counter
    agenda: tuple[AgendaItem, ...]
    follow_ups: tuple[FollowUpItem, ...]
    missing: tuple[MissingItem, ...]
    missing_count: int
    file_count: int
    open_request_count: int
    is_service_time: bool


def load_workbench(desk: Desk) -> Workbench:
    """Read the page for the desk's present moment."""
    now = desk.clock.now()
    with desk.read() as session:
        start, end = _today(desk)
        missing, missing_count = _missing(session)
        return Workbench(
            response=_responses(session, now),
            feedback=_clocks(session, desk.pack, ClockKind.FEEDBACK, now, end),
            booking=_clocks(session, desk.pack, ClockKind.BOOKING, now, end),
            follow_up=_follow_up_counter(session, desk, start, end),
            agenda=_agenda(session, start, end),
            follow_ups=_follow_ups(session, desk, start, end),
            missing=missing,
            missing_count=missing_count,
            file_count=session.scalar(select(func.count()).select_from(AssistanceFile)) or 0,
            open_request_count=session.scalar(
                select(func.count()).select_from(ServiceRequest).where(ServiceRequest.is_open.is_(True))
            )
            or 0,
            is_service_time=desk.calendar.is_service_time(now),
        )


def _today(desk: Desk) -> tuple[datetime, datetime]:
    start = datetime.combine(desk.today, time(0), SHANGHAI)
    return start, start + timedelta(days=1)


def _responses(session: Session, now: datetime) -> Counter:
    waiting = (IncomingApplication.responded_at.is_(None), IncomingApplication.is_settled.is_(False))
    count, next_due = session.execute(
        select(func.count(), func.min(IncomingApplication.response_due_at)).where(*waiting)
    ).one()
    overdue = session.scalar(select(func.count()).where(*waiting, IncomingApplication.response_due_at < now))
    return Counter(count, overdue or 0, count, next_due)


def _clocks(session: Session, pack: RulePack, kind: ClockKind, now: datetime, end: datetime) -> Counter:
    stopping = [reason for reason, rule in pack.pauses.items() if kind in rule.stops]
    running = (ClockRun.ended_at.is_(None), ClockRun.kind == kind)
    count, next_due = session.execute(select(func.count(), func.min(ClockRun.due_at)).where(*running)).one()
    # a clock that stands still owes nothing until it goes on
    goes = (*running, ~_standing_still(stopping))
    overdue = session.scalar(select(func.count()).where(*goes, ClockRun.due_at < now)) or 0
    today = session.scalar(select(func.count()).where(*goes, ClockRun.due_at >= now, ClockRun.due_at < end)) or 0
    return Counter(count, overdue, today, next_due)


def _standing_still(reasons: list[PauseReason]) -> ColumnElement[bool]:
    return exists().where(
        RequestPause.service_request_id == ClockRun.service_request_id,
        RequestPause.resumed_at.is_(None),
        RequestPause.reason.in_(reasons),
    )


def _follow_up_counter(session: Session, desk: Desk, start: datetime, end: datetime) -> Counter:
    due = (FollowUp.closed_at.is_(None), FollowUp.due_on <= desk.today)
    count = session.scalar(select(func.count()).where(*due)) or 0
    overdue = session.scalar(select(func.count()).where(*due, FollowUp.due_on < desk.today)) or 0
    done = session.scalar(select(func.count()).where(*_done_between(start, end))) or 0
    return Counter(count, overdue, count, None, done)


def _done_between(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Closed in that time with an outcome; one that fell away with its request was not done."""
    return FollowUp.closed_at >= start, FollowUp.closed_at < end, FollowUp.outcome.is_not(None)


def _agenda(session: Session, start: datetime, end: datetime) -> tuple[AgendaItem, ...]:
    rows = session.execute(
        select(
            Booking.id,
            Booking.service_request_id,
            Booking.visit_at,
            Booking.department_text,
            Booking.instructions_sent_at,
            ServiceRequest.kind,
            ServiceRequest.assistance_file_id,
            InsuredPerson.name,
            Hospital.name.label("hospital"),
        )
        .join(ServiceRequest, ServiceRequest.id == Booking.service_request_id)
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(Hospital, Hospital.id == Booking.hospital_id)
        .where(
            Booking.fell_through_at.is_(None),
            Booking.visit_at >= start,
            Booking.visit_at < end,
            ServiceRequest.status.in_((RequestStatus.BOOKED, RequestStatus.ARRIVED, RequestStatus.IN_PROGRESS)),
        )
        .order_by(Booking.visit_at, Booking.id)
        .limit(_AGENDA_LENGTH)
    )
    return tuple(
        AgendaItem(
            booking_id=row.id,
            request_id=row.service_request_id,
            file_id=row.assistance_file_id,
            visit_at=row.visit_at,
            insured_name=mask_name(row.name),
            hospital=row.hospital,
            what=row.department_text,
            service_kind=row.kind,
            is_told=row.instructions_sent_at is not None,
        )
        for row in rows
    )


def _follow_ups(session: Session, desk: Desk, start: datetime, end: datetime) -> tuple[FollowUpItem, ...]:
    base = (
        select(
            FollowUp.id,
            FollowUp.assistance_file_id,
            FollowUp.label,
            FollowUp.due_on,
            FollowUp.closed_at,
            InsuredPerson.name,
        )
        .join(AssistanceFile, AssistanceFile.id == FollowUp.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
    )
    waiting = session.execute(
        base.where(FollowUp.closed_at.is_(None), FollowUp.due_on <= desk.today)
        .order_by(FollowUp.due_on.desc(), FollowUp.id.desc())
        .limit(_FOLLOW_UP_LENGTH)
    ).all()
    done = session.execute(
        base.where(*_done_between(start, end))
        .order_by(FollowUp.closed_at.desc())
        .limit(max(_FOLLOW_UP_LENGTH - len(waiting), 0))
    ).all()
    return tuple(
        FollowUpItem(
            follow_up_id=row.id,
            file_id=row.assistance_file_id,
            insured_name=mask_name(row.name),
            label=row.label,
            late_days=max((desk.today - row.due_on).days, 0) if row.closed_at is None else 0,
            is_done=row.closed_at is not None,
        )
        for row in (*waiting, *done)
    )


def _missing(session: Session) -> tuple[tuple[MissingItem, ...], int]:
    waiting = (ServiceRequest.status == RequestStatus.AWAITING_MATERIAL,)
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.assistance_file_id, ServiceRequest.kind, InsuredPerson.name)
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .where(*waiting)
        .order_by(ServiceRequest.next_action_due_at, ServiceRequest.id)
        .limit(_MISSING_LENGTH)
    )
    items = tuple(MissingItem(row.assistance_file_id, row.id, mask_name(row.name), row.kind) for row in rows)
    return items, session.scalar(select(func.count()).where(*waiting)) or 0
