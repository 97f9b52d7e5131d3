"""Papers that left the desk."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import DocumentKind


class IssuedDocument(Base):
    """An exported or printed paper: number, edition, digest of its content, masked or not (R92)."""

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(None, "assistance_file_id", "issued_at"),
        Index(None, "content_sha256"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DocumentKind] = mapped_column(word_of(DocumentKind))
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    period_from_on: Mapped[date | None] = mapped_column(Date)
    period_to_on: Mapped[date | None] = mapped_column(Date)
    handbook_edition: Mapped[str] = mapped_column(String(20))
    content_sha256: Mapped[str] = mapped_column(String(64))
    page_count: Mapped[int] = mapped_column(Integer)
    is_masked: Mapped[bool]
    purpose: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[Moment]
    issued_by: Mapped[int] = reference("operator.id")
