"""Corrections by a lead (更正): what stood there is kept beside what holds now.

Commands that cannot err twice have none.
"""

__all__ = ["corrections", "reversal_report", "terminations"]
