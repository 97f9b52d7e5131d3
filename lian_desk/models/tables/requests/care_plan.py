"""Care plans edited by leads, one row a version (R66, R69), and the phrases of the follow-up form."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import DayUnit, FollowUpKind, PhraseField, ServiceKind


class CarePlan(Base):
    """One version of the follow-up plan of a service, for one group of diseases or (``""``) for every group.

    The version in force is the one without ``retired_at``; a follow-up keeps the version that it was planned from.
    Where no row stands, the template of the rule pack holds.
    """

    __tablename__ = "care_plan"
    __table_args__ = (
        UniqueConstraint("service_kind", "disease_group", "number"),
        Index(None, "retired_at", "service_kind", "disease_group"),
    )

    id: Mapped[Key]
    service_kind: Mapped[ServiceKind] = mapped_column(word_of(ServiceKind))
    disease_group: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    retired_at: Mapped[datetime | None] = mapped_column(AwareTime)

    steps: Mapped[list["CarePlanStep"]] = relationship(order_by="CarePlanStep.position", lazy="selectin")


class CarePlanStep(Base):
    """One follow-up of a plan: ``offset_days`` after the event, in working or calendar days (A9)."""

    __tablename__ = "care_plan_step"
    __table_args__ = (UniqueConstraint("care_plan_id", "position"),)

    id: Mapped[Key]
    care_plan_id: Mapped[int] = reference("care_plan.id")
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[FollowUpKind] = mapped_column(word_of(FollowUpKind))
    offset_days: Mapped[int] = mapped_column(Integer)
    unit: Mapped[DayUnit] = mapped_column(word_of(DayUnit))
    label: Mapped[str] = mapped_column(String(100))


class Phrase(Base):
    """A phrase (常用语) that a few letters bring into a field of the follow-up form.

    ``initials`` are the first letters of its pinyin. ``owner_id`` None: shared by the team. A changed phrase is a new
    row; the old one is retired, never deleted.
    """

    __tablename__ = "phrase"
    __table_args__ = (Index(None, "retired_at", "owner_id", "initials"),)

    id: Mapped[Key]
    field: Mapped[PhraseField] = mapped_column(word_of(PhraseField))
    text: Mapped[str] = mapped_column(String(400))
    initials: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None] = reference("operator.id")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    retired_at: Mapped[datetime | None] = mapped_column(AwareTime)
