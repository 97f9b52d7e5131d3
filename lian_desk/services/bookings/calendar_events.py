"""What a calendar program is told of the bookings of some days: one event for each request, however often it moved.

A calendar file is taken in again and again, so an event must replace itself. Its identity is the first booking of the
request and never changes, also when the hospital stops a date and another row follows. Its sequence is the sum of the
stored versions of the request and of all its bookings: every change of any of them raises one of the counters and none
is ever lowered, so that a correction which opens a cancelled request again rises as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from lian_desk.models.rules.working_time import in_shanghai, midnight
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.listings.bookings import CALLED_OFF
from lian_desk.services.names.masking import mask_name

_PART: Final = 500


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """Which bookings: days from ``first_on``, of one service and of one case manager where they are named."""

    first_on: date
    day_count: int
    kind: ServiceKind | None = None
    mine: int | None = None

    @property
    def last_on(self) -> date:
        """The last day of the span."""
        return self.first_on + timedelta(days=self.day_count - 1)

    @property
    def file_name(self) -> str:
        """A name for the file: the days, nothing about a person."""
        last = "" if self.day_count == 1 else f"_{self.last_on.isoformat()}"
        return f"预约日程_{self.first_on.isoformat()}{last}.ics"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One visit as it stands now; ``first_booking_id`` names it for ever, ``sequence`` rises with every change."""

    first_booking_id: int
    sequence: int
    changed_at: datetime
    is_called_off: bool
    kind: ServiceKind
    insured_name: str
    """Masked."""
    hospital: str
    file_number: str
    visit_at: datetime

    @property
    def is_whole_day(self) -> bool:
        """No hour was given: the hospital named the day only."""
        return in_shanghai(self.visit_at).time() == time(0)


def load_events(session: Session, span: CalendarSpan) -> list[CalendarEvent]:
    """Return the events of every request that has, or had, a booking in ``span``, in the order of the visits.

    A booking that the hospital stopped or a correction replaced leads to the date that stands now, also outside the
    span; where none stands it is called off.
    """
    requests = session.scalars(_requests_of(span)).all()
    parts = (requests[first : first + _PART] for first in range(0, len(requests), _PART))
    events = [event for part in parts for event in _events_of(session, part)]
    return sorted(events, key=lambda event: (event.visit_at, event.first_booking_id))


def _requests_of(span: CalendarSpan) -> Select[int]:
    inside = (
        Booking.visit_at >= midnight(span.first_on),
        Booking.visit_at < midnight(span.last_on + timedelta(days=1)),
    )
    # both halves are read from the index of bookings by what they fell through at and the visit
    standing = select(Booking.service_request_id).where(Booking.fell_through_at.is_(None), *inside)
    stopped = select(Booking.service_request_id).where(Booking.fell_through_at.is_not(None), *inside)
    wanted = select(ServiceRequest.id).where(or_(ServiceRequest.id.in_(standing), ServiceRequest.id.in_(stopped)))
    if span.kind is not None:
        wanted = wanted.where(ServiceRequest.kind == span.kind)
    if span.mine is not None:
        wanted = wanted.where(ServiceRequest.case_manager_id == span.mine)
    return wanted.order_by(ServiceRequest.id)


def _events_of(session: Session, requests: Sequence[int]) -> Iterator[CalendarEvent]:
    rows = session.execute(
        select(
            Booking.id,
            Booking.version,
            Booking.visit_at,
            Booking.fell_through_at,
            Booking.recorded_at,
            ServiceRequest.id.label("request_id"),
            ServiceRequest.version.label("request_version"),
            ServiceRequest.status,
            ServiceRequest.status_changed_at,
            ServiceRequest.kind,
            AssistanceFile.number,
            InsuredPerson.name,
            Hospital.name.label("hospital"),
        )
        .join(ServiceRequest, ServiceRequest.id == Booking.service_request_id)
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(Hospital, Hospital.id == Booking.hospital_id)
        .where(Booking.service_request_id.in_(requests))
        .order_by(ServiceRequest.id, Booking.id)
    ).all()
    for _request, bookings in groupby(rows, key=attrgetter("request_id")):
        yield _event(tuple(bookings))


def _event(bookings: Sequence[Any]) -> CalendarEvent:
    standing = [row for row in bookings if row.fell_through_at is None]
    now = (standing or bookings)[-1]
    return CalendarEvent(
        first_booking_id=bookings[0].id,
        sequence=now.request_version + sum(row.version for row in bookings),
        changed_at=max(_moments(bookings)),
        is_called_off=not standing or now.status in CALLED_OFF,
        kind=now.kind,
        insured_name=mask_name(now.name),
        hospital=now.hospital,
        file_number=now.number,
        visit_at=now.visit_at,
    )


def _moments(bookings: Iterable[Any]) -> Iterator[datetime]:
    for row in bookings:
        yield row.recorded_at
        yield row.status_changed_at
        if row.fell_through_at is not None:
            yield row.fell_through_at
