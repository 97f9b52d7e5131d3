"""Lists that a lead takes in: hospitals, calendars, editions, columns told by hand.

Lists that ship are resources.
"""

__all__ = ["handbook_edition", "provider", "table_import", "working_calendar"]
