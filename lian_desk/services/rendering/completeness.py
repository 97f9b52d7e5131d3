"""Whether a large picture is whole, told by its structure: the end mark of a JPEG or PNG, the boxes of a HEIC.

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
