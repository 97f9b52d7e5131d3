"""One program per workspace: an exclusive lock of the operating system on ``desk.lock``.

The system releases the lock when the process ends in whatever way, so a file left behind by a killed program is no
lock and never has to be deleted by hand. What stands in the file is only for the message to the second one.
"""

import errno
import json
import os
import platform
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME: Final = "desk.lock"
PATIENCE_SECONDS: Final = 0.4
"""A predecessor that is just closing gets this long."""

_PAUSE_SECONDS: Final = 0.05
# Windows locks bytes against reading too: the locked one lies far behind the message
_LOCKED_BYTE: Final = 1 << 30
_LARGEST_MESSAGE: Final = 4096
_NOT_SUPPORTED: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)


class InstanceLock:
    """The held lock; ``release`` it at the end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, folder: Path, now: datetime) -> "InstanceLock":
        """Take the lock of a workspace, within a second.

        Raises:
            EnvironmentProblem: ``ANOTHER_INSTANCE`` with ``pid``, ``host`` and ``since`` of the holder as far as it
                wrote them; ``FOLDER_CANNOT_LOCK`` on a drive without locks; a problem of disk and rights.
        """
        with foreseen_problems():
            descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with foreseen_problems():
                _wait_for(descriptor)
                _sign(descriptor, now)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Give the lock back; harmless when done twice. The file stays: deleting it would race with the next."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _wait_for(descriptor: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _try_lock(descriptor):
        if time.monotonic() >= deadline:
            holder = _holder(descriptor)
            raise EnvironmentProblem(
                ErrorCode.ANOTHER_INSTANCE,
                pid=holder.get("pid"),
                host=holder.get("host"),
                since=holder.get("since"),
            )
        time.sleep(_PAUSE_SECONDS)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _NOT_SUPPORTED:
            raise EnvironmentProblem(ErrorCode.FOLDER_CANNOT_LOCK) from error
        if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            return False
        raise
    return True


def _sign(descriptor: int, now: datetime) -> None:
    message = {"pid": os.getpid(), "host": platform.node(), "since": now.isoformat(timespec="seconds")}
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps(message).encode())


def _holder(descriptor: int) -> dict[str, object]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        message = json.loads(os.read(descriptor, _LARGEST_MESSAGE))
    except ValueError:
        return {}
    if not isinstance(message, dict):
        return {}
    return message
