"""Mapped classes, by what they tell about; ``schema`` knows them all.

No rule lives here.
"""

__all__ = ["schema"]
