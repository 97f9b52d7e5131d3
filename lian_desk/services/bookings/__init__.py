"""Bookings: tries, the booking, attendance and the ways a started service ends.

The start itself is in ``service_requests``.
"""

from lian_desk.services.bookings.attempts import RecordBooking, RecordBookingAttempt, SendInstructions
from lian_desk.services.bookings.attendance import CompleteService, RecordAttendance
from lian_desk.services.bookings.exits import CancelByInsured, RecordNoShow, RecordNotBooked, RescheduleByHospital

__all__ = [
    "CancelByInsured",
    "CompleteService",
    "RecordAttendance",
    "RecordBooking",
    "RecordBookingAttempt",
    "RecordNoShow",
    "RecordNotBooked",
    "RescheduleByHospital",
    "SendInstructions",
    "board_moves",
    "calendar_events",
    "ics_export",
    "sensitive_events",
]
