"""Stored files that nothing stands on any more.

The bytes themselves are in adapters.storage.
"""

__all__ = ["discards"]
