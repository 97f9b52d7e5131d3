"""An edition of the handbook on record, and the notice of it that each policyholder is owed (R82 to R84)."""

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import Channel


class HandbookEdition(Base):
    """One edition put in force: when and where it was published, why, how it was decided and what came of it (R84)."""

    __tablename__ = "handbook_edition"
    __table_args__ = (UniqueConstraint("edition"),)

    id: Mapped[Key]
    edition: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(100))
    #: TOML of an edition that a lead took in from a file; None: it travels with the program.
    content: Mapped[str | None] = mapped_column(Text)
    checksum: Mapped[str] = mapped_column(String(64))
    #: First day on which it holds, as the lead set it.
    effective_on: Mapped[date] = mapped_column(Date)
    published_on: Mapped[date] = mapped_column(Date)
    #: Address of the public notice on the insurer's site, as text.
    link: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    decision_process: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class HandbookNotice(Base):
    """The notice of an edition to the policyholder (投保人) of one policy, delivered or not (R82, R83, A39)."""

    __tablename__ = "handbook_notice"
    __table_args__ = (UniqueConstraint("handbook_edition_id", "policy_id"), Index(None, "policy_id"))

    id: Mapped[Key]
    handbook_edition_id: Mapped[int] = reference("handbook_edition.id")
    policy_id: Mapped[int] = reference("policy.id")
    channel: Mapped[Channel | None] = mapped_column(word_of(Channel))
    delivered_at: Mapped[datetime | None] = mapped_column(AwareTime)
    recorded_by: Mapped[int | None] = reference("operator.id")
