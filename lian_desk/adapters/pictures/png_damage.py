"""Finds how many rows of a PNG can still be read, by its checksums and by inflating without keeping anything."""

import struct
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">IIBBBBB")
_CHUNK: Final = struct.Struct(">I4s")
_SOON_COUNTED: Final = 4 * 1024 * 1024
"""Packed bytes up to which rows are counted although every checksum is right."""
_LARGEST_CHUNK: Final = 2**31
_PIECE: Final = 1024 * 1024
_LONG_ZEROS: Final = bytes(64)
_PLANES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class Rows(NamedTuple):
    """Rows that are good, counted from the top, of all; ``is_interlaced``: then a count of rows tells nothing."""

    good: int
    all: int
    is_interlaced: bool


def png_rows(stream: BinaryIO) -> Rows | None:
    """Return how far a PNG is good; None where every row, every checksum and its end are there, or it is none.

    The rows of a large one whose checksums are right are not counted.
    """
    found = _read(stream)
    if found.head is None or (found.is_whole and len(found.packed) > _SOON_COUNTED):
        return None
    width, height, depth, colours, _method, _filter, interlace = found.head
    per_row = 1 + (width * depth * _PLANES.get(colours, 4) + 7) // 8
    good = min(height, _inflated(found.packed) // per_row)
    if found.is_whole and (good >= height or interlace):
        return None
    return Rows(good, height, bool(interlace))


def mended_png(stream: BinaryIO) -> bytes:
    """Return a PNG of what is good in one: whole parts in front, its data as far as they go, and an end."""
    found = _read(stream)
    return b"".join((_SIGNATURE, *found.parts, _part(b"IDAT", bytes(found.packed)), _part(b"IEND", b"")))


@dataclass
class _Found:
    """What is good: the parts before the data, the packed data, the numbers of the header."""

    parts: list[bytes] = field(default_factory=list)
    packed: bytearray = field(default_factory=bytearray)
    head: tuple[int, ...] | None = None
    is_whole: bool = False


def _read(stream: BinaryIO) -> _Found:
    stream.seek(len(_SIGNATURE))
    found = _Found()
    while True:
        told = stream.read(_CHUNK.size)
        if len(told) < _CHUNK.size:
            return found
        length, kind = _CHUNK.unpack(told)
        content = stream.read(length + 4) if length < _LARGEST_CHUNK else b""
        body = content[:length]
        is_good = len(content) == length + 4 and zlib.crc32(body, zlib.crc32(kind)) == int.from_bytes(
            content[-4:], "big"
        )
        if kind == b"IHDR" and len(body) >= _HEADER.size:
            found.head = _HEADER.unpack_from(body)
        if kind == b"IDAT":
            found.packed += body if is_good else _before_zeros(content)
        elif is_good and not found.packed:
            found.parts.append(told + content)
        if kind == b"IEND" or (not is_good and kind[:1].isupper()) or not kind.isalpha():
            found.is_whole = is_good and kind == b"IEND"
            return found


def _part(kind: bytes, body: bytes) -> bytes:
    return _CHUNK.pack(len(body), kind) + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _before_zeros(content: bytes) -> bytes:
    place = content.find(_LONG_ZEROS)
    return content if place < 0 else content[:place]


def _inflated(packed: bytes | bytearray) -> int:
    """Return to how many bytes the data inflate before they break off."""
    inflate = zlib.decompressobj()
    count, rest = 0, bytes(packed)
    try:
        while rest and not inflate.eof:
            count += len(inflate.decompress(rest, _PIECE))
            rest = inflate.unconsumed_tail
    except zlib.error:
        pass
    return count
