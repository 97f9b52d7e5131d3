"""What the machine read of a material, to be decided by a person.

The pages are in viewing.
"""

__all__ = ["recognition_line", "recognition_section"]
