"""Bringing finished bytes to a path or a stream: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.durable_files import write_durably
from lian_desk.services.environment_problems import foreseen_problems

if TYPE_CHECKING:
    from typing import BinaryIO

#: What the machine says of a folder concerns the user's own target here, not the workspace.
_OF_TARGET: Final = {
    ErrorCode.FOLDER_MISSING: ErrorCode.TARGET_FOLDER_MISSING,
    ErrorCode.FOLDER_READ_ONLY: ErrorCode.TARGET_NOT_WRITABLE,
}


def deliver(content: bytes, target: Path | BinaryIO) -> None:
    """Write `content` whole or not at all; an existing file at the path is replaced.

    Raises:
        EnvironmentProblem: ``TARGET_FOLDER_MISSING``, ``TARGET_NOT_WRITABLE`` (read-only, or open in another program),
            ``DISK_FULL``; the old file is untouched and nothing half-written stays behind.
    """
    if not isinstance(target, Path):
        target.write(content)
        return
    try:
        with foreseen_problems():
            write_durably(target, content)
    except EnvironmentProblem as problem:
        code = _OF_TARGET.get(problem.code)
        if code is None:
            raise
        raise EnvironmentProblem(code) from problem
