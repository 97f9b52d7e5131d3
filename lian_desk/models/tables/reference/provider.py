"""Hospitals of the list and the experts asked for."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import ExpertTitle, HospitalLevel, HospitalSpecialty


class Hospital(Base):
    """One campus of a hospital: city and level belong to the campus (A18); effective-dated list membership (R31).

    A campus without ``on_list_from`` is known but was never on the list. ``on_list_to`` is outside.
    """

    __tablename__ = "hospital"
    __table_args__ = (
        UniqueConstraint("code", "on_list_from"),
        Index(None, "sort_name", "id"),
        Index(None, "province", "city", "sort_name", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    campus: Mapped[str] = mapped_column(String(100), default="")
    province: Mapped[str] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(40))
    level: Mapped[HospitalLevel] = mapped_column(word_of(HospitalLevel))
    specialty: Mapped[HospitalSpecialty] = mapped_column(word_of(HospitalSpecialty))
    aliases: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(String(400))
    search_text: Mapped[str] = mapped_column(Text, default="")
    on_list_from: Mapped[date | None] = mapped_column(Date)
    on_list_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}


class Expert(Base):
    """An expert (专家) of a hospital with rank and honours; honours decide 知名专家 (R33)."""

    __tablename__ = "expert"
    __table_args__ = (Index(None, "hospital_id", "name"),)

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    hospital_id: Mapped[int] = reference("hospital.id")
    name: Mapped[str] = mapped_column(String(200))
    department_code: Mapped[str] = mapped_column(String(60))
    title: Mapped[ExpertTitle] = mapped_column(word_of(ExpertTitle))
    #: Values of ExpertHonour joined by a comma, in the order of the vocabulary.
    honours: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}
