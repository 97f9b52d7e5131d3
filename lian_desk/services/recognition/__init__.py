"""Reads materials offline and proposes what stands on them; a person confirms before anything counts.

``reader`` asks a child process (``child``, ``engine``) for the words of a picture; ``page_reader`` takes a document's
own words where it has them; ``findings`` turns words into proposals; ``jobs`` and ``runner`` are the queue.
"""

from typing import Final

RECOGNITION_SWITCH: Final = "--recognition-child"
"""First argument by which a frozen program, which has no interpreter to call, becomes its own recognition child."""

__all__ = ["RECOGNITION_SWITCH", "child", "folding", "page_reader", "page_words", "reader"]
