"""Force majeure (不可抗力): services of a region stand still for a time, and which requests it met (R86)."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import ForceMajeureCause


class ForceMajeure(Base):
    """One event: cause, region, services and time, half-open; ``to_at`` None while it lasts."""

    __tablename__ = "force_majeure"
    __table_args__ = (Index(None, "to_at", "from_at"),)

    id: Mapped[Key]
    cause: Mapped[ForceMajeureCause] = mapped_column(word_of(ForceMajeureCause))
    #: Names of provinces and cities as the hospital list writes them, joined by 、; empty: everywhere.
    places: Mapped[str] = mapped_column(String(400), default="")
    #: Values of ServiceKind joined by a comma; empty: every service.
    services: Mapped[str] = mapped_column(String(200), default="")
    from_at: Mapped[Moment]
    to_at: Mapped[datetime | None] = mapped_column(AwareTime)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class ForceMajeureRequest(Base):
    """A request that an event paused: the list of the affected."""

    __tablename__ = "force_majeure_request"
    __table_args__ = (
        UniqueConstraint("force_majeure_id", "service_request_id"),
        Index(None, "service_request_id"),
    )

    id: Mapped[Key]
    force_majeure_id: Mapped[int] = reference("force_majeure.id")
    service_request_id: Mapped[int] = reference("service_request.id")
