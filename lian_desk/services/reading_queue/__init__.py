"""The queue of reading: which page is next, what was read, what a person decided about it.

The recogniser is in recognition.
"""

__all__ = ["decisions", "jobs", "runner", "views"]
