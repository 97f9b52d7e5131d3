"""Corrections by a lead (更正): what stood there is kept beside what holds now (R48, state table)."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import CorrectionSubject


class Correction(Base):
    """One correction of an entry found wrong, with its reason and evidence; never changed itself."""

    __tablename__ = "correction"
    __table_args__ = (Index(None, "service_request_id", "recorded_at"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    subject: Mapped[CorrectionSubject] = mapped_column(word_of(CorrectionSubject))
    old_value: Mapped[str] = mapped_column(Text)
    new_value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    evidence_id: Mapped[int] = reference("evidence.id")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
