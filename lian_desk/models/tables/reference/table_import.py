"""Lists that a lead has taken in, and how the columns of their tables were told by hand."""

from datetime import date

from sqlalchemy import Date, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference


class HospitalList(Base):
    """A real hospital list that was taken in (R31); while there is none the directory is the sample that ships."""

    __tablename__ = "hospital_list"

    id: Mapped[Key]
    source: Mapped[str] = mapped_column(String(200))
    effective_on: Mapped[date] = mapped_column(Date)
    is_whole: Mapped[bool]
    taken_in_at: Mapped[Moment]
    #: None for a list that was taken in before this was recorded.
    taken_in_by: Mapped[int | None] = reference("operator.id")


class ColumnMapping(Base):
    """Columns of a table as a person told them, found again by the checksum of its headings."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("list_kind", "fingerprint"),)

    id: Mapped[Key]
    list_kind: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    #: Place of a column by the name of its field, as JSON.
    columns: Mapped[str] = mapped_column(Text)
    told_at: Mapped[Moment]
    told_by: Mapped[int] = reference("operator.id")
