"""The desk at work: what every room is asked through, its hours, its clock, its people, its audit views.

It knows no feature; features are handed to it as commands and reads.
"""

__all__ = [
    "audit_views",
    "audit_wording",
    "clock_watch",
    "colleagues",
    "column_mappings",
    "desk",
    "desk_hours",
    "early_start",
    "explanations",
]
