"""Events of force majeure as the lead sees them: what each holds, and what a new one would meet before it is declared."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.force_majeure import ForceMajeure, ForceMajeureRequest
from lian_desk.models.operator import Operator
from lian_desk.models.person import InsuredPerson
from lian_desk.models.provider import Hospital
from lian_desk.models.service_request import ServiceRequest
from lian_desk.models.vocabulary import ForceMajeureCause, RequestStatus, ServiceKind
from lian_desk.services.desk import Desk
from lian_desk.services.force_majeure import is_met, linked_requests
from lian_desk.services.masking import mask_name
from lian_desk.services.service_requests.clock_runs import current_requirement
from lian_desk.services.wording import phrase


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
    """Return the requests that an event paused, with where they stand now."""
    with desk.read() as session:
        return _rows(session, linked_requests(session, event_id))


def preview_event(desk: Desk, plan: EventPlan) -> tuple[AffectedRow, ...]:
    """Return the open requests that ``plan`` would pause; nothing is written."""
    event = ForceMajeure(
        places="、".join(plan.places), services=",".join(kind.value for kind in plan.services), from_at=plan.from_at
    )
    with desk.read() as session:
        found = session.scalars(
            select(ServiceRequest).where(ServiceRequest.is_open.is_(True)).order_by(ServiceRequest.id)
        )
        return _rows(session, [request for request in found if is_met(session, event, request)])


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


def _rows(session: Session, requests: Iterable[ServiceRequest]) -> tuple[AffectedRow, ...]:
    rows = []
    for request in requests:
        file = session.get_one(AssistanceFile, request.assistance_file_id)
        requirement = current_requirement(session, request.id)
        hospital = None
        if requirement is not None and requirement.hospital_id is not None:
            hospital = session.get_one(Hospital, requirement.hospital_id)
        rows.append(
            AffectedRow(
                key=request.id,
                file_id=file.id,
                number=request.number,
                insured_name=mask_name(session.get_one(InsuredPerson, file.insured_person_id).name),
                kind=request.kind,
                status=request.status,
                hospital=hospital.name if hospital is not None else "",
            )
        )
    return tuple(rows)
