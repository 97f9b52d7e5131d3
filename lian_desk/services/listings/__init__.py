"""The read side of every list: one row type and one row source per subject.

What a cell looks like is in the window; what a row means is in the room of its subject.
"""

__all__ = [
    "assistance_files",
    "base",
    "bookings",
    "follow_ups",
    "handbook_notices",
    "hospitals",
    "issued_documents",
    "materials",
    "memory_rows",
    "service_requests",
    "worklist",
]
