"""What was asked to be taken in, kept until it is, so that a crash in the middle of hundreds of files loses none."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import IntakeState, MaterialSource


class IntakeJob(Base):
    """One drop, one choice of files: everything that was offered together for one assistance file."""

    __tablename__ = "intake_job"
    __table_args__ = (Index(None, "assistance_file_id"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    source: Mapped[MaterialSource] = mapped_column(word_of(MaterialSource))
    begun_at: Mapped[Moment]
    begun_by: Mapped[int] = reference("operator.id")


class IntakeEntry(Base):
    """One file of a job and what became of it.

    ``path`` is where the file lies on this computer, ``member`` which part of an archive it is (entry numbers joined by
    slashes, empty for a file of its own). Size in bytes and time of the source as they were when it was planned or taken
    in: another file that has come to lie under the same path is noticed by them.
    """

    __tablename__ = "intake_entry"
    __table_args__ = (
        Index(None, "intake_job_id", "state", "place"),
        Index(None, "state", "intake_job_id"),
        Index(None, "path"),
    )

    id: Mapped[Key]
    intake_job_id: Mapped[int] = reference("intake_job.id")
    place: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = mapped_column(Text)
    member: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(400))
    archive_name: Mapped[str] = mapped_column(String(400), default="")
    byte_size: Mapped[int | None] = mapped_column(BigInteger)
    modified_at: Mapped[datetime | None] = mapped_column(AwareTime)
    state: Mapped[IntakeState] = mapped_column(word_of(IntakeState))
    material_id: Mapped[int | None] = reference("material.id")


class IntakePart(Base):
    """One file of an entry that is a study of many; its columns as those of the entry.

    ``head`` is what the file says of itself, as JSON, so that the study is the same after a restart.
    """

    __tablename__ = "intake_part"
    __table_args__ = (Index(None, "intake_entry_id", "place"), Index(None, "path"))

    id: Mapped[Key]
    intake_entry_id: Mapped[int] = reference("intake_entry.id")
    place: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = mapped_column(Text)
    member: Mapped[str] = mapped_column(String(200), default="")
    byte_size: Mapped[int | None] = mapped_column(BigInteger)
    modified_at: Mapped[datetime | None] = mapped_column(AwareTime)
    head: Mapped[str] = mapped_column(Text)
