"""Typed text that is not saved yet."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference


class Draft(Base):
    """Values of an open form, kept encrypted with everything else, so that a crash loses no word."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("operator_id", "form_key"),)

    id: Mapped[Key]
    operator_id: Mapped[int] = reference("operator.id")
    form_key: Mapped[str] = mapped_column(String(120))
    values: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[Moment]
