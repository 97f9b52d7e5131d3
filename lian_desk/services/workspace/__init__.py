"""A workspace on the disk: made, opened, moved up, locked, swept of what a killed program left.

What is wrong with it is looked for in upkeep.
"""

__all__ = ["layout", "opening_checks", "opening_words", "workspace"]
