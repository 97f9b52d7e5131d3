"""Days off and make-up working days as imported by a lead (A4, A5)."""

from datetime import date

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import CalendarStatus, DayKind


class CalendarYear(Base):
    """A year that was taken in, with its source notice and how sure it is; the newest import of a year holds."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("year", "imported_at"),)

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(Integer)
    status: Mapped[CalendarStatus] = mapped_column(word_of(CalendarStatus))
    source: Mapped[str] = mapped_column(String(400))
    imported_at: Mapped[Moment]
    imported_by: Mapped[int] = reference("operator.id")


class CalendarDay(Base):
    """One day that differs from its weekday."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("calendar_year_id", "day_on"),)

    id: Mapped[Key]
    calendar_year_id: Mapped[int] = reference("calendar_year.id")
    day_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[DayKind] = mapped_column(word_of(DayKind))
    label: Mapped[str] = mapped_column(String(60), default="")
