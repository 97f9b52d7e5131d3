"""What the structure of a picture tells without decoding it: whether its end is there, how many pages it has.

Decoding a photo of 12 million pixels to see whether its end is there takes longer than sealing it. Where the structure
leaves a doubt, the caller decodes.
"""

import os
import struct
from typing import BinaryIO, Final

from lian_desk.services.rendering.sniffing import MediaType

_TAIL: Final = 64 * 1024
_MOST_BOXES: Final = 1_000
_BOX: Final = struct.Struct(">I4s")
_SCAN: Final = 0xDA
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


def looks_whole(stream: BinaryIO, media_type: MediaType) -> bool:
    """True when the structure says that nothing is missing; False means: decode and see."""
    size = stream.seek(0, os.SEEK_END)
    if media_type is MediaType.JPEG:
        return _jpeg(stream, size)
    if media_type is MediaType.PNG:
        return _tail(stream, size).endswith(b"\x00\x00\x00\x00IEND\xaeB`\x82")
    if media_type is MediaType.HEIC:
        return _boxes(stream, size)
    return False


def _tail(stream: BinaryIO, size: int, begin: int = 0) -> bytes:
    stream.seek(max(begin, size - _TAIL))
    return stream.read(_TAIL)


def _jpeg(stream: BinaryIO, size: int) -> bool:
    """Walk over the segments to the first scan; its end mark must stand behind it, what phones append may follow."""
    place = 2
    while place < size:
        stream.seek(place)
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:  # noqa: PLR2004 - a marker and its length
            return False
        if head[1] in _STANDALONE:
            place += 2
            continue
        length = int.from_bytes(head[2:], "big")
        place += 2 + length
        if head[1] == _SCAN:
            return b"\xff\xd9" in _tail(stream, size, place)
    return False


def _boxes(stream: BinaryIO, size: int) -> bool:
    """The boxes of the outermost level must end exactly where the file ends."""
    place = 0
    for _ in range(_MOST_BOXES):
        stream.seek(place)
        head = stream.read(16)
        if len(head) < _BOX.size:
            return False
        length, _kind = _BOX.unpack_from(head)
        if length == 1 and len(head) == 16:  # noqa: PLR2004 - a size of 64 bits follows
            length = int.from_bytes(head[8:], "big")
        if length < _BOX.size:
            # 0: this box reaches to the end, wherever that is
            return False
        place += length
        if place == size:
            return True
    return False


def tiff_pages(stream: BinaryIO, limit: int) -> int:
    """Return how many pages a TIFF says it has, without building any; ``limit`` + 1 where there are more, or a circle."""
    stream.seek(0)
    head = stream.read(16)
    order = "<" if head[:2] == b"II" else ">"
    is_large = head[2:4] in {b"+\x00", b"\x00+"}
    count, entry, link = ("Q", 20, "Q") if is_large else ("H", 12, "I")
    place = struct.unpack_from(order + link, head, 8 if is_large else 4)[0]
    pages = 0
    while place and pages <= limit:
        pages += 1
        stream.seek(place)
        told = stream.read(struct.calcsize(count))
        if len(told) < struct.calcsize(count):
            break
        stream.seek(place + len(told) + entry * struct.unpack(order + count, told)[0])
        told = stream.read(struct.calcsize(link))
        place = struct.unpack(order + link, told)[0] if len(told) == struct.calcsize(link) else 0
    return pages
