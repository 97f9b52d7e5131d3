"""Editions of the handbook on record: taken in, compared, and told to policyholders.

What holds is asked in rules.
"""

__all__ = ["differences", "editions", "notice_export", "views"]
