"""Files of somebody else, on whatever disk: opened without hanging on a pipe, and noticed when they change."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from lian_desk.models.errors import ErrorCode, RuleViolation

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SourceState:
    """Size in bytes and time of the last change (to the microsecond, UTC), by which another content is noticed."""

    size: int
    modified_at: datetime


@contextmanager
def opened_source(path: Path) -> Iterator[tuple[BinaryIO, SourceState]]:
    """Open a regular file for reading; a pipe, a device or a folder is refused and never waited for.

    Raises:
        RuleViolation: ``MATERIAL_UNREADABLE``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        # ValueError: a name with NUL, which no file system takes
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    try:
        stream = os.fdopen(descriptor, "rb", buffering=0)
    except OSError as error:
        # a folder opens, but not as a file
        os.close(descriptor)
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    with stream:
        yield stream, _state(stream)


def state_of(path: Path) -> SourceState:
    """Return what tells a file from another under the same name.

    Raises:
        RuleViolation: ``MATERIAL_UNREADABLE``.
    """
    with opened_source(path) as (_stream, state):
        return state


def require_unchanged(stream: BinaryIO, before: SourceState, bytes_read: int) -> None:
    """Make sure that what was read is one file and not half of an old and half of a new one.

    Raises:
        RuleViolation: ``MATERIAL_CHANGING``, ``MATERIAL_UNREADABLE``.
    """
    if bytes_read != before.size or _state(stream) != before:
        raise RuleViolation(ErrorCode.MATERIAL_CHANGING)


def _state(stream: BinaryIO) -> SourceState:
    try:
        found = os.fstat(stream.fileno())
    except OSError as error:
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    if not stat.S_ISREG(found.st_mode):
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE)
    return SourceState(found.st_size, _EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000))
