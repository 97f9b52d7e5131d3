"""SHA-256 that keeps step with a stream: blocks are hashed on another thread while the next one is read or sealed."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Final

BLOCK: Final = 1024 * 1024
"""Bytes that are worth handing to another thread."""
_WORTH_A_THREAD: Final = 64 * 1024


@cache
def _threads() -> ThreadPoolExecutor:
    # hashing lets go of the interpreter: two streams are hashed while a third thread seals
    return ThreadPoolExecutor(2, thread_name_prefix="checksum")


class SteadyChecksum:
    """A running SHA-256; never more than one block is under way, so memory stays flat and the order is kept."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._under_way: Future[None] | None = None

    def update(self, block: bytes) -> None:
        """Take the next block; it must not be changed afterwards."""
        self._wait()
        if len(block) < _WORTH_A_THREAD:
            self._hash.update(block)
        else:
            self._under_way = _threads().submit(self._hash.update, block)

    def hexdigest(self) -> str:
        """Return the checksum of everything so far, hexadecimal."""
        self._wait()
        return self._hash.hexdigest()

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None
