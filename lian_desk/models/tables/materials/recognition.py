"""What the machine read on a material: jobs, the text of pages, proposals, and materials stopped at the door (R1).

Nothing here counts by itself: a proposal becomes a fact of the material when a person decides it. Boxes are fractions
(0 to 1) of the upright page as it is stored, without the turn that the viewer shows.
"""

from datetime import datetime

from sqlalchemy import Boolean, Float, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import FindingField, FindingMatch, FindingState, RecognitionState, TextOrigin


class RecognitionJob(Base):
    """The order to read one material; ``next_page`` says how far it came, so that a restart goes on there.

    ``priority``: the smaller the sooner; ``failure`` is an error code, empty while nothing went wrong.
    """

    __tablename__ = "recognition_job"
    __table_args__ = (UniqueConstraint("material_id"), Index(None, "state", "priority", "id"))

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    material_id: Mapped[int] = reference("material.id")
    state: Mapped[RecognitionState] = mapped_column(word_of(RecognitionState))
    priority: Mapped[int] = mapped_column(Integer)
    next_page: Mapped[int] = mapped_column(Integer, default=0)
    failure: Mapped[str] = mapped_column(String(80), default="")
    queued_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(AwareTime)

    __mapper_args__ = {"version_id_col": version}


class MaterialPageText(Base):
    """The text of one page. ``lines`` is JSON: per line words, left, top, width, height, confidence.

    ``turned`` says by how many degrees clockwise the writing lies on the stored page. ``reading`` is the edition of the
    way it was read. ``unexplained``: share (0 to 1) of the page's ink that the words do not explain, None where nobody
    measured it; ``unexplained_places``: JSON, left, top, width, height of each.
    """

    __tablename__ = "material_page_text"
    __table_args__ = (UniqueConstraint("material_id", "page"),)

    id: Mapped[Key]
    material_id: Mapped[int] = reference("material.id")
    page: Mapped[int] = mapped_column(Integer)
    origin: Mapped[TextOrigin] = mapped_column(word_of(TextOrigin))
    turned: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    lines: Mapped[str] = mapped_column(Text)
    read_at: Mapped[Moment]
    reading: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    unexplained: Mapped[float | None] = mapped_column(Float)
    unexplained_places: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")


class PageCover(Base):
    """What a person covered on a page by hand: a version of its plan, the newest counts; earlier ones stay.

    ``boxes`` is JSON: left, top, width, height of each, as fractions (0 to 1) of the stored page. ``is_complete``: the
    person looked at the page and declared that nothing else on it must be covered.
    """

    __tablename__ = "page_cover"
    __table_args__ = (Index(None, "material_id", "page", "id"),)

    id: Mapped[Key]
    material_id: Mapped[int] = reference("material.id")
    page: Mapped[int] = mapped_column(Integer)
    boxes: Mapped[str] = mapped_column(Text)
    is_complete: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[Moment]
    made_by: Mapped[int] = reference("operator.id")


class MaterialFinding(Base):
    """A fact that the machine proposes, with its place on the page; a person decides it.

    ``value`` is canonical (a material kind, an ISO day, a name), ``seen_text`` what stands on the page, ``decided_value``
    what the person made of it. ``match`` compares a name or an identity number with the insured's (R1).
    """

    __tablename__ = "material_finding"
    __table_args__ = (UniqueConstraint("material_id", "field"),)

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    material_id: Mapped[int] = reference("material.id")
    field: Mapped[FindingField] = mapped_column(word_of(FindingField))
    value: Mapped[str] = mapped_column(String(400))
    seen_text: Mapped[str] = mapped_column(String(400))
    hospital_id: Mapped[int | None] = reference("hospital.id")
    page: Mapped[int] = mapped_column(Integer)
    left: Mapped[float] = mapped_column(Float)
    top: Mapped[float] = mapped_column(Float)
    width: Mapped[float] = mapped_column(Float)
    height: Mapped[float] = mapped_column(Float)
    confidence: Mapped[float] = mapped_column(Float)
    match: Mapped[FindingMatch | None] = mapped_column(word_of(FindingMatch))
    state: Mapped[FindingState] = mapped_column(word_of(FindingState))
    decided_value: Mapped[str] = mapped_column(String(400), default="")
    found_at: Mapped[Moment]
    decided_at: Mapped[datetime | None] = mapped_column(AwareTime)
    decided_by: Mapped[int | None] = reference("operator.id")

    __mapper_args__ = {"version_id_col": version}


class MaterialQuarantine(Base):
    """A material was stopped because another person's name or identity number stands on it; a person lets it go (R1)."""

    __tablename__ = "material_quarantine"
    __table_args__ = (
        Index(None, "material_id", "raised_at"),
        Index("ix_material_quarantine_open", "material_id", unique=True, sqlite_where=text("released_at is null")),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    material_id: Mapped[int] = reference("material.id")
    field: Mapped[FindingField] = mapped_column(word_of(FindingField))
    page: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[Moment]
    released_at: Mapped[datetime | None] = mapped_column(AwareTime)
    released_by: Mapped[int | None] = reference("operator.id")
    release_reason: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": version}
