"""Walks over the directories of a TIFF without building a page: how many pages there are, and which lost their data."""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

_LARGE: Final = frozenset({b"+\x00", b"\x00+"})
_HEIGHT: Final = 257
_ROWS_PER_STRIP: Final = 278
_TILE_HEIGHT: Final = 323
_WIDTH: Final = 256
_TILE_WIDTH: Final = 322
_OFFSETS: Final = (273, 324)
_COUNTS: Final = (279, 325)
_SIZES: Final = {1: 1, 3: 2, 4: 4, 16: 8}
_FORMATS: Final = {1: "B", 3: "H", 4: "I", 16: "Q"}
_MOST_VALUES: Final = 100_000


class TiffPage(NamedTuple):
    """A page by its directory: rows in all, and the first row whose data do not lie within the file (None: all do)."""

    rows: int
    first_lost: int | None


class TiffPages(NamedTuple):
    """The pages that can be reached; ``is_cut``: the chain of directories breaks off behind them."""

    pages: tuple[TiffPage, ...]
    is_cut: bool


class _Shape(NamedTuple):
    """How numbers are written: order of bytes, and whether it is a BigTIFF."""

    order: str
    is_large: bool

    @property
    def amount(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.is_large else "H"))

    @property
    def link(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.is_large else "I"))

    @property
    def entry(self) -> struct.Struct:
        return struct.Struct(self.order + ("HHQ8s" if self.is_large else "HHI4s"))


def tiff_pages(stream: BinaryIO, limit: int) -> TiffPages:
    """Return the pages of a TIFF, at most ``limit`` + 1; a circle of directories counts as endless."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    head = stream.read(16)
    shape = _Shape("<" if head[:2] == b"II" else ">", head[2:4] in _LARGE)
    begin = 8 if shape.is_large else 4
    if len(head) < begin + shape.link.size:
        return TiffPages((), is_cut=True)
    place = shape.link.unpack_from(head, begin)[0]
    pages: list[TiffPage] = []
    while place and len(pages) <= limit:
        stream.seek(min(place, size))
        told = stream.read(shape.amount.size)
        length = shape.amount.unpack(told)[0] * shape.entry.size if len(told) == shape.amount.size else size
        if place + len(told) + length > size:
            return TiffPages(tuple(pages), is_cut=True)
        entries = stream.read(length)
        told = stream.read(shape.link.size)
        pages.append(_page(stream, shape, entries, size))
        if len(told) < shape.link.size:
            return TiffPages(tuple(pages), is_cut=True)
        place = shape.link.unpack(told)[0]
    return TiffPages(tuple(pages), is_cut=False)


def _page(stream: BinaryIO, shape: _Shape, entries: bytes, size: int) -> TiffPage:
    found = {tag: (kind, count, value) for tag, kind, count, value in shape.entry.iter_unpack(entries)}

    def values(*tags: int) -> list[int]:
        return next((list(_values(stream, shape, found[tag], size)) for tag in tags if tag in found), [])

    def first(tag: int) -> int:
        return next(iter(values(tag)), 0)

    rows = first(_HEIGHT)
    offsets, counts = values(*_OFFSETS), values(*_COUNTS)
    per_part = first(_TILE_HEIGHT) or first(_ROWS_PER_STRIP) or rows
    across = -(-first(_WIDTH) // first(_TILE_WIDTH)) if first(_TILE_WIDTH) else 1
    for number, (offset, count) in enumerate(zip(offsets, counts, strict=False)):
        if offset + count > size:
            # planes that lie one after the other count the rows anew
            lost = number // max(across, 1) * per_part
            return TiffPage(rows, lost % rows if rows else 0)
    return TiffPage(rows, None)


def _values(stream: BinaryIO, shape: _Shape, entry: tuple[int, int, bytes], size: int) -> Iterator[int]:
    kind, count, value = entry
    if kind not in _SIZES or not count or count > _MOST_VALUES:
        return
    length = _SIZES[kind] * count
    if length > len(value):
        place = shape.link.unpack(value)[0]
        if place + length > size:
            return
        stream.seek(place)
        value = stream.read(length)
    yield from struct.unpack_from(f"{shape.order}{count}{_FORMATS[kind]}", value)
