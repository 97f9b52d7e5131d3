"""Medical and accompanying materials: the row of a sealed file."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, Date, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import (
    MaterialFlaw,
    MaterialKind,
    MaterialRelation,
    MaterialSource,
    MaterialState,
    NameAnswer,
    OwnSign,
)


class Material(Base):
    """A file taken in for an assistance file; its bytes lie sealed in the material store.

    ``sha256`` is of the original bytes, ``sealed_sha256`` of the encrypted file, so that a file swapped for
    another valid one is noticed; several rows may stand on the same bytes. ``archive_name`` names the archive it was
    packed in, if any. Sizes in bytes. ``rotation`` in degrees, clockwise, for all pages. ``page_plan`` (see
    ``services/materials/page_plans.py``) is None while the pages stand as they came; ``page_count`` counts the pages shown.
    ``trashed_at`` is set while the row lies in the trash, and for good once ``erased_at`` is: then the bytes are gone
    and only the skeleton is left. ``name_answer`` says whose name stands on it (R1); where none was seen, ``own_sign``
    is the sign by which a person answered that it is the insured's. ``flaw`` is what of the bytes was lost before they
    came, with page and line (from 1; 0: not known) and all lines (``adapters/exchange/flaws.py``).
    """

    __tablename__ = "material"
    __table_args__ = (
        Index(None, "assistance_file_id", "received_at", "id"),
        Index(None, "received_at", "id"),
        Index(None, "kind", "received_at", "id"),
        Index(None, "state", "received_at", "id"),
        Index(None, "sha256"),
        Index("ix_material_trash", "trashed_at", "id", sqlite_where=text("trashed_at is not null")),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    kind: Mapped[MaterialKind] = mapped_column(word_of(MaterialKind))
    state: Mapped[MaterialState] = mapped_column(word_of(MaterialState))
    original_name: Mapped[str] = mapped_column(String(400))
    archive_name: Mapped[str | None] = mapped_column(String(400))
    media_type: Mapped[str] = mapped_column(String(80))
    byte_size: Mapped[int] = mapped_column(BigInteger)
    page_count: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[MaterialSource] = mapped_column(word_of(MaterialSource))
    document_on: Mapped[date | None] = mapped_column(Date)
    hospital_id: Mapped[int | None] = reference("hospital.id")
    hospital_name: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(100), default="")
    doctor_name: Mapped[str] = mapped_column(String(200), default="")
    name_matches: Mapped[bool | None]
    name_answer: Mapped[NameAnswer] = mapped_column(
        word_of(NameAnswer), default=NameAnswer.UNSEEN, server_default=NameAnswer.UNSEEN.value
    )
    own_sign: Mapped[OwnSign | None] = mapped_column(word_of(OwnSign))
    own_sign_note: Mapped[str | None] = mapped_column(Text)
    deficiency: Mapped[str] = mapped_column(Text, default="")
    rotation: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[Moment]
    received_by: Mapped[int] = reference("operator.id")
    confirmed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    confirmed_by: Mapped[int | None] = reference("operator.id")
    page_plan: Mapped[str | None] = mapped_column(Text)
    flaw: Mapped[MaterialFlaw | None] = mapped_column(word_of(MaterialFlaw))
    flaw_page: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    flaw_line: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    flaw_lines: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    trashed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    erased_at: Mapped[datetime | None] = mapped_column(AwareTime)

    __mapper_args__ = {"version_id_col": version}


class MaterialUse(Base):
    """A material serves a request; one report may serve several."""

    __tablename__ = "material_use"
    __table_args__ = (UniqueConstraint("service_request_id", "material_id"), Index(None, "material_id"))

    id: Mapped[Key]
    material_id: Mapped[int] = reference("material.id")
    service_request_id: Mapped[int] = reference("service_request.id")
    linked_at: Mapped[Moment]


class MaterialRemoval(Base):
    """One stay of a material in the trash: who put it there and why, and how the stay ended."""

    __tablename__ = "material_removal"
    __table_args__ = (Index(None, "material_id", "removed_at"),)

    id: Mapped[Key]
    material_id: Mapped[int] = reference("material.id")
    removed_at: Mapped[Moment]
    removed_by: Mapped[int] = reference("operator.id")
    reason: Mapped[str] = mapped_column(Text)
    restored_at: Mapped[datetime | None] = mapped_column(AwareTime)
    restored_by: Mapped[int | None] = reference("operator.id")
    erased_at: Mapped[datetime | None] = mapped_column(AwareTime)
    erased_by: Mapped[int | None] = reference("operator.id")
    erase_reason: Mapped[str] = mapped_column(Text, default="")


class MaterialOrigin(Base):
    """Where a row came from that stands on the bytes of another: split off, linked, or kept beside its twin."""

    __tablename__ = "material_origin"
    __table_args__ = (UniqueConstraint("material_id"), Index(None, "from_id"))

    id: Mapped[Key]
    material_id: Mapped[int] = reference("material.id")
    from_id: Mapped[int] = reference("material.id")
    relation: Mapped[MaterialRelation] = mapped_column(word_of(MaterialRelation))


class StoredFileDiscard(Base):
    """A stored file whose last row was erased: to be taken off the disk as soon as the erasure is committed."""

    __tablename__ = "stored_file_discard"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(String(64))
    queued_at: Mapped[Moment]


def is_kept() -> ColumnElement[bool]:
    """Return the condition that a material does not lie in the trash."""
    return Material.trashed_at.is_(None)
