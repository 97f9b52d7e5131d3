"""Who did what: the append-only audit log and the log of commands."""

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Identifier, Key, Moment, reference


class AuditEntry(Base):
    """One sealed line (操作记录, R89): sequence, actor, kind, body and an HMAC over all of it and the line before.

    The body is canonical JSON of ids, field names and digests, without names or diagnosis text.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("sequence"),
        CheckConstraint("sequence >= 1", name="sequence_starts_at_one"),
        Index(None, "assistance_file_id", "sequence"),
    )

    id: Mapped[Key]
    sequence: Mapped[int] = mapped_column(Identifier)
    happened_at: Mapped[Moment]
    operator_id: Mapped[int] = mapped_column(Identifier)
    workstation_code: Mapped[str] = mapped_column(String(8))
    command_id: Mapped[int | None] = mapped_column(Identifier)
    kind: Mapped[str] = mapped_column(String(80))
    assistance_file_id: Mapped[int | None] = mapped_column(Identifier)
    body: Mapped[str] = mapped_column(Text)
    previous_mac: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class CommandLog(Base):
    """A command that was carried out; its key makes a repetition harmless."""

    __tablename__ = "command_log"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    executed_at: Mapped[Moment]
    operator_id: Mapped[int] = reference("operator.id")
    #: Key of the main row that the command made or changed.
    result_key: Mapped[int | None] = mapped_column(Identifier)
    #: Rows created, updated and deleted in all: for the reader of the log.
    row_count: Mapped[int] = mapped_column(Integer)
