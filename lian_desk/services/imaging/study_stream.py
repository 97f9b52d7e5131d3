"""Streams the files of a study as the one file that is stored: a ZIP archive without compression, the list first.

The same files give the same bytes, whatever they were called and wherever they lay, so that a disc that comes a second
time is known by its checksum. Nothing is written to a disk, and no more than a piece is held in memory.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from lian_desk.adapters.exchange.study_list import LIST_NAME, as_bytes, member_names
from lian_desk.adapters.storage.archives import ArchiveMember, ArchiveShelf
from lian_desk.adapters.storage.checksums import BLOCK
from lian_desk.adapters.storage.source_files import opened_source, require_unchanged
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.imaging.studies import ImagingStudy, StudyPart

_THEN: Final = (1980, 1, 1, 0, 0, 0)
"""The first day a ZIP archive knows: a copy of the disc made later is the same study."""
_MODE: Final = 0o600 << 16


class StudyStream(io.RawIOBase):
    """A study for reading from its beginning to its end."""

    def __init__(self, study: ImagingStudy) -> None:
        """Nothing is opened before it is read."""
        super().__init__()
        self._taken = bytearray()
        self._pieces = _pieces(study)

    def readable(self) -> bool:
        """Override."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Override: return up to ``size`` bytes.

        Raises:
            RuleViolation: a file is gone, damaged, or was changed since it was looked at.
        """
        while size < 0 or len(self._taken) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._taken += piece
        wanted = len(self._taken) if size < 0 else size
        answer = bytes(self._taken[:wanted])
        del self._taken[:wanted]
        return answer


class _Outgoing(io.RawIOBase):
    """What the archive writes, taken away piece by piece; it cannot go back, so sizes stand behind each file."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        """Override."""
        return True

    def write(self, content: object, /) -> int:
        """Override: take all of ``content``."""
        view = memoryview(content).cast("B")  # type: ignore[arg-type]
        self._written += view
        return len(view)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        answer = bytes(self._written)
        self._written.clear()
        return answer


def _pieces(study: ImagingStudy) -> Iterator[bytes]:
    outgoing = _Outgoing()
    shelf = ArchiveShelf()
    try:
        with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
            packed.writestr(_info(LIST_NAME), as_bytes(study.heads))
            yield outgoing.taken()
            for part, name in zip(study.parts, member_names(study.heads), strict=True):
                yield from _member(packed, outgoing, _info(name), part, shelf)
        yield outgoing.taken()
    finally:
        shelf.close()


def _member(
    packed: zipfile.ZipFile, outgoing: _Outgoing, info: zipfile.ZipInfo, part: StudyPart, shelf: ArchiveShelf
) -> Iterator[bytes]:
    info.file_size = part.size
    with _opened(part, shelf) as source, packed.open(info, "w") as target:
        while content := source.read(BLOCK):
            target.write(content)
            yield outgoing.taken()


@contextmanager
def _opened(part: StudyPart, shelf: ArchiveShelf) -> Iterator[BinaryIO]:
    """Open a file of a study; at the end it must be the one that was looked at."""
    if isinstance(part.content, ArchiveMember):
        with shelf.open(part.content) as stream:
            yield stream
        return
    with opened_source(part.content) as (source, state):
        if state != part.state:
            raise RuleViolation(ErrorCode.MATERIAL_CHANGING)
        yield source
        require_unchanged(source, state, source.tell())


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _THEN)
    info.external_attr = _MODE
    info.create_system = 3
    return info
