"""Force majeure (不可抗力): services of a region stand still for a time.

A single hospital's closure is in hospitals.
"""

__all__ = ["force_majeure", "views"]
