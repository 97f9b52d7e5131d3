"""Finds where the data of a JPEG break off or were overwritten, without decoding it.

Entropy-coded data never hold a marker that is not one, and hardly ever a long run of zeros: a transfer that broke off
leaves a file of full length whose rest is zeros, which decoders show as grey without a word.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
_TABLES: Final = 0xC4
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3})
_PROGRESSIVE: Final = 0xC2
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_BETWEEN_SCANS: Final = frozenset({_START_OF_SCAN, _TABLES, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)})
_LEAST_RUN: Final = 512
"""Bytes of zeros that no decoder makes anything of."""
_LEAST_PROGRESSIVE_RUN: Final = 2048
_BLOCK_SIDE: Final = 8
_MOST_PLANES: Final = 3


class Damage(NamedTuple):
    """The data up to ``place`` are good; ``goes_to_end``: nothing good follows."""

    place: int
    goes_to_end: bool


class _Head(NamedTuple):
    scan: int
    is_progressive: bool
    blocks: int
    zero_bits_per_block: int
    """Bits of a block that is coded by zeros only and means nothing but more of the same; 0 where zeros mean noise."""


def jpeg_damage(content: bytes) -> Damage | None:
    """Return the first place where the data of a JPEG are bad; None where nothing speaks against them."""
    head = _head(content)
    if head is None:
        return None
    end, is_ended, bad = _end_of_scans(content, head.scan)
    zeros = _zeros(content, head, bad if bad is not None else end)
    if zeros is not None:
        return zeros
    if bad is not None:
        return Damage(bad, goes_to_end=False)
    return None if is_ended else Damage(end, goes_to_end=True)


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, beginning and end of the content of each segment, up to the first scan."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - what a marker begins with
        marker = content[place + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill bytes may stand before a marker
            place += 1
            continue
        if marker in _STANDALONE:
            place += 2
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        yield marker, place + 4, end
        if marker == _START_OF_SCAN:
            return
        place = end


def _head(content: bytes) -> _Head | None:
    is_progressive, blocks = False, 0
    zero_bits: dict[int, int | None] = {}
    for marker, begin, end in _segments(content):
        if marker in _FRAMES and end - begin >= 6:  # noqa: PLR2004 - depth, height, width, number of planes
            is_progressive = marker == _PROGRESSIVE
            height, width = (int.from_bytes(content[begin + at : begin + at + 2], "big") for at in (1, 3))
            # two planes of colours are small mostly; more blocks only make this more careful
            blocks = _MOST_PLANES * (height // _BLOCK_SIDE + 2) * (width // _BLOCK_SIDE + 2)
        elif marker == _TABLES:
            zero_bits.update(_zero_codes(content[begin:end]))
        elif marker == _START_OF_SCAN:
            return _Head(end, is_progressive, blocks, _plain_bits(zero_bits))
    return None


def _plain_bits(zero_bits: dict[int, int | None]) -> int:
    """Return the bits of a block of zeros that says "as before, no detail" in every table; 0 where one says more."""
    direct = [bits for table, bits in zero_bits.items() if table >> 4 == 0]
    alternating = [bits for table, bits in zero_bits.items() if table >> 4 == 1]
    if not direct or not alternating or None in direct + alternating:
        return 0
    return max(bits or 0 for bits in direct) + max(bits or 0 for bits in alternating)


def _zero_codes(content: bytes) -> Iterator[tuple[int, int | None]]:
    """Yield for each table how many bits its code of zeros only has; None where that code stands for something."""
    place = 0
    while place + 17 <= len(content):
        counts = content[place + 1 : place + 17]
        total = sum(counts)
        first = content[place + 17] if place + 17 < len(content) else 0
        length = next((bits for bits, count in enumerate(counts, 1) if count), 0)
        yield content[place], length if first == 0 and total else None
        place += 17 + total


def _end_of_scans(content: bytes, place: int) -> tuple[int, bool, int | None]:
    """Return where the data end, whether by their mark, and where a marker stands that cannot be there."""
    while True:
        found = _MARKER.search(content, place)
        if found is None:
            return len(content), False, None
        marker = content[found.start() + 1]
        if marker == _END:
            return found.start(), True, None
        length = int.from_bytes(content[found.end() : found.end() + 2], "big")
        if marker not in _BETWEEN_SCANS or length < 2:  # noqa: PLR2004 - its own length is counted in
            return len(content), False, found.start()
        if found.end() + length > len(content):
            return found.start(), False, None
        place = found.end() + length


def _zeros(content: bytes, head: _Head, end: int) -> Damage | None:
    """Return the first run of zeros that cannot be a plain area of the picture."""
    least = _LEAST_RUN
    if head.is_progressive:
        least = max(_LEAST_PROGRESSIVE_RUN, head.blocks // 8)
    elif head.zero_bits_per_block:
        least = max(_LEAST_RUN, head.blocks * head.zero_bits_per_block // 8)
    place = content.find(bytes(least), head.scan, end)
    if place < 0:
        return None
    behind = re.compile(rb"[^\x00]").search(content, place)
    last = end if behind is None else behind.start()
    return Damage(place, goes_to_end=last >= end)
