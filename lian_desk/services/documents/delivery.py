"""Bringing finished bytes to a path or a stream: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lian_desk.services.durable_files import write_durably
from lian_desk.services.environment_problems import foreseen_problems

if TYPE_CHECKING:
    from typing import BinaryIO


def deliver(content: bytes, target: Path | BinaryIO) -> None:
    """Write `content` whole or not at all; an existing file at the path is replaced.

    Raises EnvironmentProblem when the disk is full, read-only or gone; nothing half-written stays behind.
    """
    if isinstance(target, Path):
        with foreseen_problems():
            write_durably(target, content)
    else:
        target.write(content)
