"""Bringing finished bytes to a path or a stream: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from lian_desk.services.environment_problems import foreseen_problems

if TYPE_CHECKING:
    from typing import BinaryIO


def deliver(content: bytes, target: Path | BinaryIO) -> None:
    """Write `content` whole or not at all; an existing file at the path is replaced.

    Raises EnvironmentProblem when the disk is full, read-only or gone; nothing half-written stays behind.
    """
    if not isinstance(target, Path):
        target.write(content)
        return
    with foreseen_problems():
        _write_beside(content, target)


def _write_beside(content: bytes, target: Path) -> None:
    beside = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        # Only the owner may read it: the document holds personal data.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    _settle_folder(target.parent)


def _settle_folder(folder: Path) -> None:
    """Make the rename itself durable where the system lets a folder be opened (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
