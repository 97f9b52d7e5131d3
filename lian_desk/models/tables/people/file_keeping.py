"""Where a file is kept and for how long: handovers between workstations, legal holds, erasure, the sensitive path.

A file belongs to the workstation that opened it, whose code stands in its number, until it is handed over (A46).
"""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import ErasureGround, FactSource, SensitiveKind


class FileHandover(Base):
    """The file moved from one workstation to another; the last row says whose it is (A46). Never changed."""

    __tablename__ = "file_handover"
    __table_args__ = (Index(None, "assistance_file_id", "handed_at", "id"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    from_workstation: Mapped[str] = mapped_column(String(8))
    to_workstation: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    handed_at: Mapped[Moment]
    handed_by: Mapped[int] = reference("operator.id")


class LegalHold(Base):
    """Nothing of the file is erased while a hold lasts (法律保全, R90); lasts while ``lifted_at`` is empty."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index(None, "assistance_file_id", "lifted_at"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[Moment]
    placed_by: Mapped[int] = reference("operator.id")
    lifted_at: Mapped[datetime | None] = mapped_column(AwareTime)
    lifted_by: Mapped[int | None] = reference("operator.id")
    lifting_reason: Mapped[str] = mapped_column(Text, default="")


class FileErasure(Base):
    """The personal data of a file was erased; ledger, request skeletons and audit stay (R90)."""

    __tablename__ = "file_erasure"
    __table_args__ = (UniqueConstraint("assistance_file_id"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    ground: Mapped[ErasureGround] = mapped_column(word_of(ErasureGround))
    reason: Mapped[str] = mapped_column(Text)
    #: Rows that were emptied or removed, over all tables.
    row_count: Mapped[int]
    erased_at: Mapped[Moment]
    erased_by: Mapped[int] = reference("operator.id")


class SensitiveEvent(Base):
    """A transfer to another hospital or a death: what was planned for the person stops (R68)."""

    __tablename__ = "sensitive_event"
    __table_args__ = (Index(None, "assistance_file_id", "kind"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    kind: Mapped[SensitiveKind] = mapped_column(word_of(SensitiveKind))
    happened_at: Mapped[Moment]
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
