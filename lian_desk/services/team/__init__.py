"""Figures of a team over a period, for its lead.

The paper of these figures is in papers.
"""

__all__ = ["figures", "views"]
