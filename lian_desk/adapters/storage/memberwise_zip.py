"""Opens a ZIP archive of which single entries are broken: the library would refuse it as a whole.

Each entry of the directory is tried alone. One that the library cannot bear is handed to it in a tamed form, so that the
others can be read, and its number is told.
"""

import io
import lzma
import os
import struct
import zipfile
import zlib
from typing import BinaryIO, Final, cast

BROKEN_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, LookupError, ArithmeticError,
    NotImplementedError, RuntimeError, AssertionError, AttributeError, TypeError, MemoryError, struct.error,
)  # fmt: skip
"""Every way in which the library gives up on an archive or a member."""
_END: Final = b"PK\x05\x06"
_LARGE_END: Final = b"PK\x06\x07"
_ENTRY: Final = b"PK\x01\x02"
_ENTRY_HEAD: Final = 46
_LARGE_END_BYTES: Final = 20 + 56
_END_BYTES: Final = 22
_TAIL: Final = 66_000
_LARGEST_DIRECTORY: Final = 64 * 1024 * 1024
_PLAIN_VERSION: Final = 20
_NAMED_IN_UTF8: Final = 0x800


class MemberwiseZip(zipfile.ZipFile):
    """An archive; ``unreadable`` holds the numbers of the entries that nobody here can make sense of."""

    unreadable: frozenset[int] = frozenset()


def open_zip(stream: BinaryIO) -> MemberwiseZip:
    """Open an archive from a stream that can be sought.

    Raises:
        BROKEN_ZIP: its directory as a whole cannot be read.
    """
    place, directory = _directory(stream)
    tamed, unreadable = _tamed(directory)
    source = stream if tamed is None else cast("BinaryIO", _Patched(stream, place, tamed))
    stream.seek(0)
    packed = MemberwiseZip(source)
    packed.unreadable = unreadable
    return packed


def _directory(stream: BinaryIO) -> tuple[int, bytes]:
    """Return where the directory stands, and its bytes; empty where it is not where the end says."""
    size = stream.seek(0, os.SEEK_END)
    begin = max(0, size - _TAIL)
    stream.seek(begin)
    tail = stream.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or end + _END_BYTES > len(tail):
        return 0, b""
    (length,) = struct.unpack_from("<I", tail, end + 12)
    if end >= _LARGE_END_BYTES and tail[end - 20 : end - 16] == _LARGE_END:
        end -= _LARGE_END_BYTES
        (length,) = struct.unpack_from("<Q", tail, end + 40)
    place = begin + end - length
    if place < 0 or length > _LARGEST_DIRECTORY:
        return 0, b""
    stream.seek(place)
    return place, stream.read(length)


def _tamed(directory: bytes) -> tuple[bytes | None, frozenset[int]]:
    """Return the directory with its broken entries tamed, None where none is, and their numbers."""
    tamed, unreadable = bytearray(directory), set()
    place = number = 0
    while directory[place : place + 4] == _ENTRY and place + _ENTRY_HEAD <= len(directory):
        names = struct.unpack_from("<3H", directory, place + 28)
        end = place + _ENTRY_HEAD + sum(names)
        if not _is_borne(directory[place:end]):
            unreadable.add(number)
            _tame(tamed, place, names)
        place, number = end, number + 1
    return (bytes(tamed) if unreadable else None), frozenset(unreadable)


def _is_borne(entry: bytes) -> bool:
    end = struct.pack("<4s4HIIH", _END, 0, 0, 1, 1, len(entry), 0, 0)
    try:
        with zipfile.ZipFile(io.BytesIO(entry + end)) as alone:
            return len(alone.infolist()) == 1
    except BROKEN_ZIP:
        return False


def _tame(directory: bytearray, place: int, names: tuple[int, ...]) -> None:
    """Ask for no later version, claim no encoding of the name, say nothing in the extra fields."""
    struct.pack_into("<H", directory, place + 6, _PLAIN_VERSION)
    (flags,) = struct.unpack_from("<H", directory, place + 8)
    struct.pack_into("<H", directory, place + 8, flags & ~_NAMED_IN_UTF8)
    name, extra, _comment = names
    begin = place + _ENTRY_HEAD + name
    directory[begin : begin + extra] = bytes(len(directory[begin : begin + extra]))


class _Patched(io.RawIOBase):
    """A stream of which some bytes are others."""

    def __init__(self, stream: BinaryIO, place: int, patch: bytes) -> None:
        super().__init__()
        self._stream = stream
        self._place = place
        self._patch = patch

    def readable(self) -> bool:
        """Override."""
        return True

    def seekable(self) -> bool:
        """Override."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Override."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Override."""
        return self._stream.tell()

    def read(self, size: int = -1, /) -> bytes:
        """Override: read from the stream, with the patch laid over it."""
        begin = self._stream.tell()
        content = self._stream.read(size)
        first, last = max(begin, self._place), min(begin + len(content), self._place + len(self._patch))
        if first >= last:
            return content
        middle = self._patch[first - self._place : last - self._place]
        return content[: first - begin] + middle + content[last - begin :]
