"""Bookings: tries, the booking, attendance and the ways a started service ends."""

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
]
