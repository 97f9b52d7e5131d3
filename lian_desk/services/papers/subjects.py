"""Which assistance file a booking or an education note belongs to."""

from sqlalchemy import Select, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import EducationNote
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.services.desk.desk import Desk


def file_of_booking(desk: Desk, booking_id: int) -> int:
    """Return the key of the file of a booking.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    statement = (
        select(ServiceRequest.assistance_file_id)
        .join(Booking, Booking.service_request_id == ServiceRequest.id)
        .where(Booking.id == booking_id)
    )
    return _found(desk, statement, "booking")


def file_of_education_note(desk: Desk, note_id: int) -> int:
    """Return the key of the file of an education note.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    return _found(desk, select(EducationNote.assistance_file_id).where(EducationNote.id == note_id), "education_note")


def _found(desk: Desk, statement: Select[int], kind: str) -> int:
    with desk.read() as session:
        key = session.scalar(statement)
    if key is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=kind)
    return key
