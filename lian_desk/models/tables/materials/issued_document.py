"""Papers that left the desk."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Identifier, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel


class IssuedDocument(Base):
    """An exported or printed paper: number, edition, digest of its bytes, for whose eyes (R92).

    ``content_sha256`` names the stored bytes, a signature included; ``view_sha256`` is the digest of what the paper
    says, printed in its footer. A correction is a row of its own that names the older one in ``corrects_id``.
    """

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(None, "assistance_file_id", "issued_at"),
        Index(None, "content_sha256"),
        Index(None, "corrects_id"),
        Index(None, "issued_at", "id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DocumentKind] = mapped_column(word_of(DocumentKind))
    #: None for a paper about the team.
    assistance_file_id: Mapped[int | None] = reference("assistance_file.id")
    #: What the paper is about besides its file: a booking, a request or an education note, by ``kind``.
    subject_id: Mapped[int | None] = mapped_column(Identifier)
    period_from_on: Mapped[date | None] = mapped_column(Date)
    period_to_on: Mapped[date | None] = mapped_column(Date)
    handbook_edition: Mapped[str] = mapped_column(String(20))
    content_sha256: Mapped[str] = mapped_column(String(64))
    view_sha256: Mapped[str] = mapped_column(String(64), default="")
    page_count: Mapped[int] = mapped_column(Integer)
    is_masked: Mapped[bool]
    masking: Mapped[MaskingLevel] = mapped_column(word_of(MaskingLevel))
    is_signed: Mapped[bool] = mapped_column(default=False)
    recipient: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    corrects_id: Mapped[int | None] = reference("issued_document.id")
    correction_reason: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[Moment]
    issued_by: Mapped[int] = reference("operator.id")
