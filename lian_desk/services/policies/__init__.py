"""Policies: periods, waiting and grace days.

Whether they cover today is asked in entitlements.
"""

__all__ = ["policies", "terms"]
