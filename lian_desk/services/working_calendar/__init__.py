"""Days off and make-up days: years taken in, corrected, and the deadlines that move.

Counting working days is models.rules.
"""

__all__ = ["calendar_shapes", "moved_deadlines", "views", "year_files", "years"]
