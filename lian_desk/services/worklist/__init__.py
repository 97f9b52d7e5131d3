"""What is due next, and what runs out.

The rows of the list are in listings.
"""

__all__ = ["alerts", "worklist"]
