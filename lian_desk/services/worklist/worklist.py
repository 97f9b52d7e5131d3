"""What stands around the worklist: four counters, today's agenda, today's follow-ups, missing materials."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from lian_desk.models.base import AwareTime
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ClockKind, RequestStatus, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.masking import mask_name, scrub_text

_AGENDA_LENGTH = 5
_FOLLOW_UP_LENGTH = 5
_MISSING_LENGTH = 3
# statements are built once: with fifteen small ones, building them anew would cost more than answering them
_NOW: Final = bindparam("now", type_=AwareTime())
_START: Final = bindparam("start", type_=AwareTime())
_END: Final = bindparam("end", type_=AwareTime())
_TODAY: Final = bindparam("today", type_=Date())
_Statement = Select[*tuple[Any, ...]]
_Moments = dict[str, date | datetime]


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
    is_service_time: bool


@dataclass(frozen=True)
class Totals:
    """How much there is in all: shown beside the pages of the navigation."""

    file_count: int
    open_request_count: int


def load_totals(desk: Desk) -> Totals:
    """Count files and open requests; a whole index is walked for each, so the counters do not wait for it."""
    with desk.read() as session:
        return Totals(*session.execute(_totals_statement()).one())


@cache
def _totals_statement() -> Select[int, int]:
    files = select(func.count()).select_from(AssistanceFile)
    open_requests = _count(ServiceRequest.is_open.is_(True))
    return select(files.scalar_subquery(), open_requests.scalar_subquery())


def load_workbench(desk: Desk) -> Workbench:
    """Read the page for the desk's present moment."""
    now = desk.clock.now()
    start = datetime.combine(desk.today, time(0), SHANGHAI)
    moments: _Moments = {"now": now, "start": start, "end": start + timedelta(days=1), "today": desk.today}
    with desk.read() as session:
        found = session.execute(counter_statement(), moments).one()
        return Workbench(
            response=Counter(found.response, found.response_late, found.response, found.response_next),
            feedback=Counter(found.feedback, found.feedback_late, found.feedback_today, found.feedback_next),
            booking=Counter(found.booking, found.booking_late, found.booking_today, found.booking_next),
            follow_up=Counter(found.follow_up, found.follow_up_late, found.follow_up, None, found.follow_up_done),
            agenda=_agenda(session, moments),
            follow_ups=_follow_ups(session, moments, desk.today),
            missing=_missing(session),
            missing_count=found.missing,
            is_service_time=desk.calendar.is_service_time(now),
        )


@cache
def counter_statement() -> _Statement:
    """Return the statement of all counters; its parameters are ``now``, ``start``, ``end`` and ``today``.

    Each part is answered from one index, so that the figures stay cheap over a hundred thousand open requests.
    """
    waiting = (IncomingApplication.is_settled.is_(False), IncomingApplication.responded_at.is_(None))
    due = (FollowUp.closed_at.is_(None), FollowUp.due_on <= _TODAY)
    parts: dict[str, _Statement] = {
        "response": _count(*waiting),
        "response_late": _count(*waiting, IncomingApplication.response_due_at < _NOW),
        "response_next": select(func.min(IncomingApplication.response_due_at)).where(*waiting),
        **_clock_parts("feedback", ClockKind.FEEDBACK),
        **_clock_parts("booking", ClockKind.BOOKING),
        "follow_up": _count(*due),
        "follow_up_late": _count(*due, FollowUp.due_on < _TODAY),
        "follow_up_done": _count(*_done_today()),
        "missing": _count(ServiceRequest.status == RequestStatus.AWAITING_MATERIAL),
    }
    return select(*(part.scalar_subquery().label(name) for name, part in parts.items()))


def _count(*conditions: ColumnElement[bool]) -> _Statement:
    return select(func.count()).where(*conditions)


def _clock_parts(name: str, kind: ClockKind) -> dict[str, _Statement]:
    running = (ClockRun.ended_at.is_(None), ClockRun.kind == kind)
    # a clock that stands still owes nothing until it goes on
    goes = (*running, ClockRun.paused_since_at.is_(None))
    return {
        name: _count(*running),
        f"{name}_next": select(func.min(ClockRun.due_at)).where(*running),
        f"{name}_late": _count(*goes, ClockRun.due_at < _NOW),
        f"{name}_today": _count(*goes, ClockRun.due_at >= _NOW, ClockRun.due_at < _END),
    }


def _done_today() -> tuple[ColumnElement[bool], ...]:
    """Closed today with an outcome; one that fell away with its request was not done."""
    return FollowUp.closed_at >= _START, FollowUp.closed_at < _END, FollowUp.outcome.is_not(None)


@cache
def _agenda_statement() -> _Statement:
    return (
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
            Booking.visit_at >= _START,
            Booking.visit_at < _END,
            ServiceRequest.status.in_((RequestStatus.BOOKED, RequestStatus.ARRIVED, RequestStatus.IN_PROGRESS)),
        )
        .order_by(Booking.visit_at, Booking.id)
        .limit(_AGENDA_LENGTH)
    )


def _agenda(session: Session, moments: _Moments) -> tuple[AgendaItem, ...]:
    return tuple(
        AgendaItem(
            booking_id=row.id,
            request_id=row.service_request_id,
            file_id=row.assistance_file_id,
            visit_at=row.visit_at,
            insured_name=mask_name(row.name),
            hospital=row.hospital,
            what=scrub_text(row.department_text, names=(row.name,)),
            service_kind=row.kind,
            is_told=row.instructions_sent_at is not None,
        )
        for row in session.execute(_agenda_statement(), moments)
    )


@cache
def _follow_up_statements() -> tuple[_Statement, _Statement]:
    """Return the statements of what waits and of what was done today; the second one takes ``room``."""
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
    waiting = base.where(FollowUp.closed_at.is_(None), FollowUp.due_on <= _TODAY)
    return (
        waiting.order_by(FollowUp.due_on.desc(), FollowUp.id.desc()).limit(_FOLLOW_UP_LENGTH),
        base.where(*_done_today()).order_by(FollowUp.closed_at.desc()).limit(bindparam("room")),
    )


def _follow_ups(session: Session, moments: _Moments, today: date) -> tuple[FollowUpItem, ...]:
    statement, done_statement = _follow_up_statements()
    waiting = session.execute(statement, moments).all()
    room = _FOLLOW_UP_LENGTH - len(waiting)
    done = session.execute(done_statement, {**moments, "room": room}).all() if room > 0 else []
    return tuple(
        FollowUpItem(
            follow_up_id=row.id,
            file_id=row.assistance_file_id,
            insured_name=mask_name(row.name),
            label=scrub_text(row.label, names=(row.name,)),
            late_days=max((today - row.due_on).days, 0) if row.closed_at is None else 0,
            is_done=row.closed_at is not None,
        )
        for row in (*waiting, *done)
    )


@cache
def _missing_statement() -> _Statement:
    return (
        select(ServiceRequest.id, ServiceRequest.assistance_file_id, ServiceRequest.kind, InsuredPerson.name)
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .where(ServiceRequest.status == RequestStatus.AWAITING_MATERIAL)
        .order_by(ServiceRequest.next_action_due_at, ServiceRequest.id)
        .limit(_MISSING_LENGTH)
    )


def _missing(session: Session) -> tuple[MissingItem, ...]:
    return tuple(
        MissingItem(row.assistance_file_id, row.id, mask_name(row.name), row.kind)
        for row in session.execute(_missing_statement())
    )
