"""Bringing finished bytes to a path or a stream: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lian_desk.adapters.disk.durable_files import write_durably, written_durably
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    with _problems_of_target():
        write_durably(target, content)


@contextmanager
def deliver_by_writing(target: Path) -> Iterator[BinaryIO]:
    """Give a file to write into that takes the place of `target` when the block ends well, and is gone otherwise.

    Raises:
        EnvironmentProblem: as ``deliver``.
    """
    with _problems_of_target(), written_durably(target) as stream:
        yield stream


@contextmanager
def _problems_of_target() -> Iterator[None]:
    try:
        with foreseen_problems():
            yield
    except EnvironmentProblem as problem:
        code = _OF_TARGET.get(problem.code)
        if code is None:
            raise
        raise EnvironmentProblem(code) from problem
