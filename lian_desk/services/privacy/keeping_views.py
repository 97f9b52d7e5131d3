"""Whose a file is, what holds it, until when it is kept, and whether it was erased, as its page shows it (A46, R90)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import SensitiveEvent
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ErasureGround, RequestStatus, SensitiveKind, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.file_ownership import last_handover, owner_of
from lian_desk.services.names.free_words import concealed_for_file
from lian_desk.services.privacy.file_erasure import erasure_of, lasting_hold
from lian_desk.services.reference_data.retention import keep_until


@dataclass(frozen=True)
class StayLine:
    """A request whose insured person is in the hospital now."""

    request_id: int
    number: str
    kind: ServiceKind


@dataclass(frozen=True)
class KeepingView:
    """How a file is kept; times are aware, ``kept_until_on`` is the first day on which it may be erased for its age."""

    file_id: int
    number: str
    owner: str
    is_owned_here: bool
    may_take_back: bool
    hold_reason: str | None
    held_since_at: datetime | None
    kept_until_on: date | None
    erased_at: datetime | None
    erased_for: ErasureGround | None
    died_at: datetime | None
    stays: tuple[StayLine, ...]


def load_keeping(desk: Desk, file_id: int) -> KeepingView | None:
    """Read how a file is kept; None when there is no such file."""
    with desk.read() as session:
        file = session.get(AssistanceFile, file_id)
        if file is None:
            return None
        owner, last = owner_of(session, file), last_handover(session, file_id)
        hold, erasure = lasting_hold(session, file_id), erasure_of(session, file_id)
        here = desk.identity.workstation_code
        view = KeepingView(
            file_id=file.id,
            number=file.number,
            owner=owner,
            is_owned_here=owner == here,
            may_take_back=owner != here and last is not None and last.from_workstation == here,
            hold_reason=hold.reason if hold is not None else None,
            held_since_at=hold.placed_at if hold is not None else None,
            kept_until_on=keep_until(in_shanghai(file.closed_at).date()) if file.closed_at is not None else None,
            erased_at=erasure.erased_at if erasure is not None else None,
            erased_for=erasure.ground if erasure is not None else None,
            died_at=_died_at(session, file.insured_person_id),
            stays=_stays(session, file_id),
        )
        return concealed_for_file(session, view, file_id)


def _died_at(session: Session, person_id: int) -> datetime | None:
    return session.scalars(
        select(SensitiveEvent.happened_at)
        .join(AssistanceFile, AssistanceFile.id == SensitiveEvent.assistance_file_id)
        .where(AssistanceFile.insured_person_id == person_id, SensitiveEvent.kind == SensitiveKind.DIED)
        .limit(1)
    ).first()


def _stays(session: Session, file_id: int) -> tuple[StayLine, ...]:
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.number, ServiceRequest.kind)
        .where(
            ServiceRequest.assistance_file_id == file_id,
            ServiceRequest.is_open.is_(True),
            ServiceRequest.status.in_((RequestStatus.ARRIVED, RequestStatus.IN_PROGRESS)),
        )
        .order_by(ServiceRequest.id)
    )
    return tuple(StayLine(*row) for row in rows)
