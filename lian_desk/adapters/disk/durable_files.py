"""The one way in which the program puts a file on the disk: written beside, flushed, renamed, its folder flushed.

After a crash or a power cut either the old or the new file is there, never half of one, and what was answered is
there. Nothing else in the program flushes, renames or replaces a file (a test of the sources sees to it); SQLite has
its own ways, which ``synchronous = FULL`` sets.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_PRIVATE_FILE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_BESIDE: Final = ".new"


class PendingFile:
    """A file that is being written under a passing name, readable by this user only.

    Attributes:
        path: the passing name.
        stream: what to write into, until ``settle`` or ``put``.
    """

    def __init__(self, path: Path) -> None:
        """Make the file.

        Raises:
            FileExistsError: something has that name.
            OSError: the disk refuses.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self.path = path
        self.stream: BinaryIO = os.fdopen(os.open(path, flags, _PRIVATE_FILE), "wb")

    def settle(self) -> None:
        """Bring every byte to the disk and close the stream; harmless when done twice.

        Raises:
            OSError: the disk is full or gone.
        """
        if self.stream.closed:
            return
        with self.stream:
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def put(self, target: Path) -> None:
        """Let the whole file take the place of ``target``; on return it is there after a power cut, too.

        Raises:
            OSError: the disk refuses; what lay at ``target`` is untouched.
        """
        self.settle()
        move_durably(self.path, target)


@contextmanager
def pending_file(path: Path) -> Iterator[PendingFile]:
    """A new file under a passing name; unless it was ``put`` in its place, it is gone after the block.

    Raises:
        OSError: the disk refuses.
    """
    pending = PendingFile(path)
    try:
        yield pending
    finally:
        try:
            pending.stream.close()
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def written_durably(target: Path) -> Iterator[BinaryIO]:
    """A file to write into that takes the place of ``target`` when the block ends well, and is gone otherwise.

    Raises:
        OSError: the disk is full, read-only or gone; the old content is untouched.
    """
    beside = target.with_name(target.name + _BESIDE)
    # what a crash left behind
    beside.unlink(missing_ok=True)
    with pending_file(beside) as pending:
        yield pending.stream
        pending.put(target)


def write_durably(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``.

    Raises:
        OSError: the disk is full, read-only or gone; the old content is untouched.
    """
    with written_durably(path) as stream:
        stream.write(content)


def move_durably(source: Path, target: Path) -> None:
    """Rename a file or folder, over what has the name; on return the new name outlives a power cut.

    Raises:
        OSError: the disk refuses.
    """
    source.replace(target)
    flush_folder(target.parent)
    if source.parent != target.parent:
        flush_folder(source.parent)


def remove_durably(path: Path) -> None:
    """Remove a file, if it is there, so that no power cut brings it back.

    Raises:
        OSError: the disk refuses.
    """
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
        flush_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder for this user only, with those above it, unless it is there; it outlives a power cut.

    Raises:
        OSError: the disk is full, read-only or gone.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    for new in made:
        flush_folder(new.parent)


def flush_file(path: Path) -> None:
    """Flush what another writer left in the system's cache."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder, so that a rename outlives a power cut; Windows does it by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
