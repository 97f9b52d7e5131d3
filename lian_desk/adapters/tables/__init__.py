"""Tables from outside (hospital lists, calendar years, later lists): one way from bytes to rows that are understood.

Which lists there are is known by the rooms of services that take them in.
"""

__all__ = ["book", "cells", "reading", "schema", "text_sheets", "workbook_guard"]
