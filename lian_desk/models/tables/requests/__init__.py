"""Requests, bookings, clocks, corrections, care.

Materials are in materials.
"""

__all__ = [
    "booking",
    "care_plan",
    "clock_run",
    "correction",
    "emergency",
    "follow_up",
    "force_majeure",
    "hospital_restriction",
    "service_request",
]
