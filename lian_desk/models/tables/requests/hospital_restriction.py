"""A hospital that restricts the insured's bookings after a cancellation or a no-show (被医院限制预约申请, R51)."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import FactSource


class HospitalRestriction(Base):
    """A note on the person: bookings at this hospital, every campus of it, are restricted for a time.

    Half-open: ``from_on`` is inside, ``until_on`` is outside; None: no end was told.
    """

    __tablename__ = "hospital_restriction"
    __table_args__ = (Index(None, "insured_person_id", "from_on"),)

    id: Mapped[Key]
    insured_person_id: Mapped[int] = reference("insured_person.id")
    hospital_id: Mapped[int] = reference("hospital.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    lifted_at: Mapped[datetime | None] = mapped_column(AwareTime)
