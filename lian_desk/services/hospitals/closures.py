"""Which event of force majeure meets a service at a place, and the warning it gives (R86)."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode
from lian_desk.models.reasons import CLEAR, Judgement, warned
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.force_majeure import ForceMajeure
from lian_desk.models.vocabulary import ServiceKind

CLAUSE = "R86"


def judge_place(session: Session, kind: ServiceKind, hospital: Hospital, at: datetime) -> Judgement:
    """Warn when an event holds at ``at`` where ``hospital`` lies and for ``kind``."""
    rows = session.scalars(
        select(ForceMajeure).where(
            ForceMajeure.from_at <= at, or_(ForceMajeure.to_at.is_(None), ForceMajeure.to_at > at)
        )
    )
    for event in rows:
        if covers(event, kind) and (not event.places or lies_in(event, hospital)):
            return warned(ErrorCode.FORCE_MAJEURE_HERE, CLAUSE, cause=event.cause)
    return CLEAR


def covers(event: ForceMajeure, kind: ServiceKind) -> bool:
    """Tell whether the event stops services of ``kind``."""
    return not event.services or kind.value in event.services.split(",")


def lies_in(event: ForceMajeure, hospital: Hospital) -> bool:
    """Tell whether the hospital lies in a province or city of the event."""
    return not {hospital.province, hospital.city}.isdisjoint(event.places.split("、"))
