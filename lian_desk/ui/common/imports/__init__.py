"""Tables that a lead takes in: read, shown, columns told by hand, rows mended.

Which list it is, its feature knows.
"""

__all__ = ["imports", "mending_table", "table_import"]
