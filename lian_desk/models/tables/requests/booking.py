"""Attempts at the hospital, the booking itself, hospital reschedules and attendance."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import AttemptResult, AttendanceKind, ExpertTitle, FactSource, RescheduleCause


class BookingAttempt(Base):
    """One try to book at a hospital (预约尝试) and what it brought; alternatives offered are kept (R37, R75)."""

    __tablename__ = "booking_attempt"
    __table_args__ = (Index(None, "service_request_id", "happened_at"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    hospital_id: Mapped[int] = reference("hospital.id")
    happened_at: Mapped[Moment]
    result: Mapped[AttemptResult] = mapped_column(word_of(AttemptResult))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class Booking(Base):
    """A confirmed booking (预约成功). Locked: time, hospital and doctor never change (R48).

    When the hospital stops it, ``fell_through_at`` is set and a new booking row follows under the same request.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index(None, "service_request_id", "fell_through_at"),
        Index(None, "fell_through_at", "visit_at", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    service_request_id: Mapped[int] = reference("service_request.id")
    hospital_id: Mapped[int] = reference("hospital.id")
    department_text: Mapped[str] = mapped_column(String(100), default="")
    expert_name: Mapped[str] = mapped_column(String(200), default="")
    expert_title: Mapped[ExpertTitle | None] = mapped_column(word_of(ExpertTitle))
    visit_at: Mapped[Moment]
    place: Mapped[str] = mapped_column(String(200), default="")
    hospital_reference: Mapped[str] = mapped_column(String(100), default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    confirmed_by_hospital_at: Mapped[Moment]
    instructions_sent_at: Mapped[datetime | None] = mapped_column(AwareTime)
    fell_through_at: Mapped[datetime | None] = mapped_column(AwareTime)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")

    __mapper_args__ = {"version_id_col": version}


class Reschedule(Base):
    """The hospital stopped or postponed a booking; no use moves and no compensation is owed (R52, R53, R79)."""

    __tablename__ = "reschedule"
    __table_args__ = (Index(None, "booking_id"),)

    id: Mapped[Key]
    booking_id: Mapped[int] = reference("booking.id")
    cause: Mapped[RescheduleCause] = mapped_column(word_of(RescheduleCause))
    note: Mapped[str] = mapped_column(Text, default="")
    offered_on: Mapped[date | None] = mapped_column(Date)
    evidence_id: Mapped[int | None] = reference("evidence.id")
    happened_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class Attendance(Base):
    """The insured came: visited, admitted, registered for surgery or examined (R72), with the source of the fact."""

    __tablename__ = "attendance"
    __table_args__ = (Index(None, "booking_id"),)

    id: Mapped[Key]
    booking_id: Mapped[int] = reference("booking.id")
    kind: Mapped[AttendanceKind] = mapped_column(word_of(AttendanceKind))
    happened_at: Mapped[Moment]
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
