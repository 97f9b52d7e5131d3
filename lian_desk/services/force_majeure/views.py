"""Events of force majeure as the lead sees them: what each holds, and what a new one would meet before it is declared."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.force_majeure import ForceMajeure, ForceMajeureRequest
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import ForceMajeureCause, RequestStatus, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.force_majeure.force_majeure import met_requests
from lian_desk.services.names.masking import mask_name
from lian_desk.services.words.wording import phrase


class EventLine(NamedTuple):
    """One event; ``to_at`` None while it lasts. ``held`` of the ``affected`` requests still stand still."""

    key: int
    cause: ForceMajeureCause
    places: str
    services: str
    from_at: datetime
    to_at: datetime | None
    note: str
    recorded_by: str
    affected: int
    held: int


class AffectedRow(NamedTuple):
    """A request that an event meets; the name stands masked."""

    key: int
    file_id: int
    number: str
    insured_name: str
    kind: ServiceKind
    status: RequestStatus
    hospital: str


class EventPlan(NamedTuple):
    """What is about to be declared: where and for which services; empty means everywhere and all."""

    places: tuple[str, ...]
    services: tuple[ServiceKind, ...]
    from_at: datetime


def load_events(desk: Desk) -> tuple[EventLine, ...]:
    """Return every event, the lasting ones first, then the newest."""
    with desk.read() as session:
        counts: dict[int, tuple[int, int]] = {
            key: (count, held or 0)
            for key, count, held in session.execute(
                select(
                    ForceMajeureRequest.force_majeure_id,
                    func.count(),
                    func.sum(case((ServiceRequest.status == RequestStatus.PAUSED, 1), else_=0)),
                )
                .join(ServiceRequest, ServiceRequest.id == ForceMajeureRequest.service_request_id)
                .group_by(ForceMajeureRequest.force_majeure_id)
            )
        }
        rows = session.execute(
            select(ForceMajeure, Operator.name)
            .join(Operator, Operator.id == ForceMajeure.recorded_by)
            .order_by(ForceMajeure.to_at.is_not(None), ForceMajeure.from_at.desc())
        ).all()
        return tuple(_line(event, name, *counts.get(event.id, (0, 0))) for event, name in rows)


def load_affected(desk: Desk, event_id: int) -> tuple[AffectedRow, ...]:
    """Return the requests that an event paused, with where they stand now, in one statement."""
    linked = select(ForceMajeureRequest.service_request_id).where(ForceMajeureRequest.force_majeure_id == event_id)
    with desk.read() as session:
        return _rows(session, linked)


def preview_event(desk: Desk, plan: EventPlan) -> tuple[AffectedRow, ...]:
    """Return the open requests that ``plan`` would pause, in one statement; nothing is written."""
    event = ForceMajeure(
        places="、".join(plan.places), services=",".join(kind.value for kind in plan.services), from_at=plan.from_at
    )
    with desk.read() as session:
        return _rows(session, met_requests(event).order_by(None))


def directory_places(desk: Desk) -> tuple[str, ...]:
    """Return the provinces and cities in which hospitals of the directory lie, each province before its cities."""
    with desk.read() as session:
        rows = session.execute(
            select(Hospital.province, Hospital.city).distinct().order_by(Hospital.province, Hospital.city)
        ).all()
    return tuple(dict.fromkeys(name for row in rows for name in row if name))


def _line(event: ForceMajeure, name: str, affected: int, held: int) -> EventLine:
    kinds = [phrase(ServiceKind(value)) for value in event.services.split(",") if value]
    return EventLine(
        key=event.id,
        cause=event.cause,
        places=event.places or "全部地区",
        services="、".join(kinds) or "全部服务",
        from_at=event.from_at,
        to_at=event.to_at,
        note=event.note,
        recorded_by=name,
        affected=affected,
        held=held if event.to_at is None else 0,
    )


def _rows(session: Session, keys: Select[int]) -> tuple[AffectedRow, ...]:
    hospital = (
        select(Hospital.name)
        .join(Requirement, Requirement.hospital_id == Hospital.id)
        .where(Requirement.service_request_id == ServiceRequest.id)
        .order_by(Requirement.version_number.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        select(
            ServiceRequest.id,
            ServiceRequest.assistance_file_id,
            ServiceRequest.number,
            InsuredPerson.name,
            ServiceRequest.kind,
            ServiceRequest.status,
            hospital.label("hospital"),
        )
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .where(ServiceRequest.id.in_(keys))
        .order_by(ServiceRequest.id)
    )
    return tuple(
        AffectedRow(
            key=row.id,
            file_id=row.assistance_file_id,
            number=row.number,
            insured_name=mask_name(row.name),
            kind=row.kind,
            status=row.status,
            hospital=row.hospital or "",
        )
        for row in found
    )
