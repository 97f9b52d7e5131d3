"""One set-up at a time in one checkout.

The lock belongs to the operating system, not to the file: whoever dies gives it back, so that a killed set-up never
blocks the next one. On POSIX systems the children that write hold it as well, so that a pip whose parent was killed is
waited for instead of being worked against.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from requirements.ground import say

_WAITING = "Another set-up is at work in this folder; waiting for it to end …"
_PAUSE_SECONDS = 0.2


@contextlib.contextmanager
def turn(path: Path) -> Iterator[int]:
    """Hold the lock file ``path`` while the block runs; wait as long as somebody else holds it.

    Yields:
        The number of the open lock file, to be handed to children that write.

    Raises:
        OSError: the file cannot be made.
    """
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _take(held):
            say(_WAITING)
            while not _take(held):
                time.sleep(_PAUSE_SECONDS)
        yield held
    finally:
        # closing gives the lock back, here and (POSIX) in every child that ended
        os.close(held)


if sys.platform == "win32":
    import msvcrt

    def _take(held: int) -> bool:
        """Try to lock the first byte; False when another process has it."""
        try:
            os.lseek(held, 0, os.SEEK_SET)
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _take(held: int) -> bool:
        """Try to lock the open file (shared with children that inherit it); False when another process has it."""
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            say("The file system of this folder knows no locks: start only one set-up at a time here.")
        return True
