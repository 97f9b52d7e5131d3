"""Bookings that stand, by the day of the visit: the calendar of 预约 and the agenda."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, select

from lian_desk.models.rules.working_time import in_shanghai, midnight
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys, matching_files
from lian_desk.services.names.masking import mask_name, scrub_text

#: The request ended before the visit: nobody goes there for this desk any more.
CALLED_OFF = frozenset(
    {
        RequestStatus.CANCELLED_BY_INSURED,
        RequestStatus.WITHDRAWN,
        RequestStatus.NOT_BOOKED,
        RequestStatus.POLICY_TERMINATED,
    }
)


class BookingRow(NamedTuple):
    """One booking that stands; ``visit_at`` is aware."""

    key: int
    request_id: int
    file_id: int
    file_number: str
    insured_name: str
    kind: ServiceKind
    status: RequestStatus
    hospital: str
    department: str
    place: str
    visit_at: datetime
    is_told: bool

    @property
    def is_called_off(self) -> bool:
        """The request ended before the visit: nobody goes there for this desk any more."""
        return self.status in CALLED_OFF


class BookingSource:
    """Row source of bookings by visit time.

    Filters: ``from`` and ``to`` (ISO days, ``to`` outside), ``kind`` (service), ``mine`` (operator key).
    """

    tables = frozenset({"booking", "service_request", "assistance_file", "insured_person", "hospital"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys in one statement."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``, read in order from the index of standing bookings."""
        statement: Select[int] = select(Booking.id).where(Booking.fell_through_at.is_(None))
        first, last = query.filter("from"), query.filter("to")
        if first is not None:
            statement = statement.where(Booking.visit_at >= midnight(date.fromisoformat(str(first))))
        if last is not None:
            statement = statement.where(Booking.visit_at < midnight(date.fromisoformat(str(last))))
        kind, mine = query.filter("kind"), query.filter("mine")
        if kind is not None or mine is not None or query.text:
            requests: Select[int] = select(ServiceRequest.id).where(ServiceRequest.id == Booking.service_request_id)
            if kind is not None:
                requests = requests.where(ServiceRequest.kind == ServiceKind(str(kind)))
            if mine is not None:
                requests = requests.where(ServiceRequest.case_manager_id == mine)
            requests = matching_files(requests, query.text, ServiceRequest.assistance_file_id)
            statement = statement.where(requests.exists())
        columns = (Booking.visit_at, Booking.id)
        return statement.order_by(*(column.desc() if query.descending else column for column in columns)).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, BookingRow]:
        """Return the rows of one page in one statement."""
        with self._desk.read() as session:
            found = session.execute(
                select(
                    Booking.id,
                    ServiceRequest.id.label("request_id"),
                    ServiceRequest.assistance_file_id,
                    AssistanceFile.number,
                    InsuredPerson.name,
                    ServiceRequest.kind,
                    ServiceRequest.status,
                    Hospital.name.label("hospital"),
                    Booking.department_text,
                    Booking.place,
                    Booking.visit_at,
                    Booking.instructions_sent_at,
                )
                .join(ServiceRequest, ServiceRequest.id == Booking.service_request_id)
                .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
                .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
                .join(Hospital, Hospital.id == Booking.hospital_id)
                .where(Booking.id.in_(list(keys)))
            ).all()
        return {
            row.id: BookingRow(
                key=row.id,
                request_id=row.request_id,
                file_id=row.assistance_file_id,
                file_number=row.number,
                insured_name=mask_name(row.name),
                kind=row.kind,
                status=row.status,
                hospital=row.hospital,
                department=scrub_text(row.department_text, names=(row.name,)),
                place=scrub_text(row.place, names=(row.name,)),
                visit_at=row.visit_at,
                is_told=row.instructions_sent_at is not None,
            )
            for row in found
        }


class CalendarDay(NamedTuple):
    """One day of the calendar: whether the desk works, the festival if any, and its bookings in order."""

    on: date
    is_working_day: bool
    festival: str
    bookings: tuple[BookingRow, ...]
    booking_count: int


MOST_PER_DAY = 40


def load_calendar_days(
    desk: Desk, first_on: date, day_count: int, *, kind: ServiceKind | None = None, mine: int | None = None
) -> tuple[CalendarDay, ...]:
    """Return ``day_count`` days from ``first_on`` with their bookings; of a crowded day the first ones and the count."""
    last_on = first_on + timedelta(days=day_count)
    query = ListQuery().with_filter("from", first_on.isoformat()).with_filter("to", last_on.isoformat())
    query = query.with_filter("kind", kind.value if kind else None).with_filter("mine", mine)
    source = BookingSource(desk)
    by_day: dict[date, list[int]] = {}
    with desk.read() as session:
        moments = session.execute(source.key_statement(query).add_columns(Booking.visit_at)).all()
    for key, visit_at in moments:
        by_day.setdefault(in_shanghai(visit_at).date(), []).append(key)
    rows = source.rows([key for found in by_day.values() for key in found[:MOST_PER_DAY]])
    calendar = desk.calendar
    days = []
    for offset in range(day_count):
        on = first_on + timedelta(days=offset)
        found = by_day.get(on, [])
        shown = tuple(rows[key] for key in found[:MOST_PER_DAY] if key in rows)
        days.append(CalendarDay(on, calendar.is_working_day(on), calendar.name_of(on), shown, len(found)))
    return tuple(days)
