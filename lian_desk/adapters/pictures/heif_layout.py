"""Reads the directory of a HEIF file (HEIC, AVIF): whether its turn is told there, and which of its tiles lost data.

A tile that is missing is drawn by the decoder as something grey or as its neighbour, without a word.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_MOST_BOXES: Final = 20_000
_MOST_ITEMS: Final = 20_000
_LONG_ZEROS: Final = bytes(64)
"""Coded data never hold three zeros in a row."""
_TURNS: Final = (1, 8, 3, 6)
"""Orientations by the quarter turns against the clock."""
_GRID: Final = struct.Struct(">BBBB")


class _Box(NamedTuple):
    kind: bytes
    begin: int
    end: int


@dataclass
class HeifLayout:
    """What the directory tells about the main picture; ``extents``: where the data of an item lie, place and length."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    heights: list[int] = field(default_factory=list)
    is_turned: bool = False
    turn: int = 1
    """Orientation in which it is shown; 0 where it is mirrored."""
    grid: tuple[int, int, int] | None = None
    """Rows of tiles, columns of tiles, height of the picture; None for a picture in one piece."""


class HeifDamage(NamedTuple):
    """The first line that is lost, from 0, of all, as they are stored; line -1 where it cannot be told.

    ``goes_to_end``: nothing good follows; ``is_everything``: nothing good is there; ``turn``: the orientation (1 to 8)
    in which the picture is shown.
    """

    line: int
    lines: int
    turn: int = 1
    goes_to_end: bool = True
    is_everything: bool = False


def heif_layout(content: bytes) -> HeifLayout | None:
    """Return the layout of the main picture; None where the directory cannot be followed."""
    layout = HeifLayout()
    try:
        meta = next((box for box in _boxes(content, 0, len(content)) if box.kind == b"meta"), None)
        if meta is None or meta.end > len(content):
            return None
        inside = {box.kind: box for box in _boxes(content, meta.begin + 4, meta.end)}
        _read(content, inside, layout)
    except (struct.error, IndexError, ValueError):
        return None
    return layout


def heif_damage(content: bytes) -> HeifDamage | None:
    """Return what of the main picture's data is missing or was overwritten by zeros; None where nothing is."""
    layout = heif_layout(content)
    if layout is None:
        return None
    tiles = layout.parts.get(layout.primary) or [layout.primary]
    lost = [
        number
        for number, item in enumerate(tiles)
        if any(_is_lost(content, place, length) for place, length in layout.extents.get(item, []))
    ]
    if not lost:
        return None
    if layout.grid is None or not layout.turn:
        return HeifDamage(-1, 0)
    rows, columns, height = layout.grid
    tall = min((tile for tile in layout.heights if tile * rows >= height > tile * (rows - 1)), default=height)
    return HeifDamage(
        line=min(lost[0] // columns * tall, height - 1),
        lines=height,
        turn=layout.turn,
        goes_to_end=lost[0] + len(lost) == len(tiles),
        is_everything=len(lost) == len(tiles),
    )


def _is_lost(content: bytes, place: int, length: int) -> bool:
    return place + length > len(content) or _LONG_ZEROS in memoryview(content)[place : place + length].tobytes()


def _boxes(content: bytes, begin: int, end: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if begin + 8 > min(end, len(content)):
            return
        length, kind = struct.unpack_from(">I4s", content, begin)
        head = 8
        if length == 1:
            length, head = struct.unpack_from(">Q", content, begin + 8)[0], 16
        if length == 0:
            length = end - begin
        if length < head:
            return
        yield _Box(kind, begin + head, begin + length)
        begin += length


def _read(content: bytes, inside: dict[bytes, _Box], layout: HeifLayout) -> None:
    for kind, read in ((b"pitm", _primary), (b"iinf", _kinds), (b"iloc", _extents), (b"iref", _parts)):
        if kind in inside:
            read(content, inside[kind], layout)
    properties = inside.get(b"iprp")
    for holder in _boxes(content, properties.begin, properties.end) if properties else ():
        if holder.kind == b"ipco":
            for box in _boxes(content, holder.begin, holder.end):
                if box.kind == b"ispe":
                    layout.heights.append(struct.unpack_from(">I", content, box.begin + 8)[0])
                elif box.kind in {b"irot", b"imir"}:
                    layout.is_turned = True
                    layout.turn = _TURNS[content[box.begin] & 3] if box.kind == b"irot" and layout.turn else 0
    layout.grid = _grid(content, inside.get(b"idat"), layout)


def _primary(content: bytes, box: _Box, layout: HeifLayout) -> None:
    layout.primary = struct.unpack_from(">H" if content[box.begin] == 0 else ">I", content, box.begin + 4)[0]


def _kinds(content: bytes, box: _Box, layout: HeifLayout) -> None:
    begin = box.begin + (6 if content[box.begin] == 0 else 8)
    for entry in _boxes(content, begin, box.end):
        is_long = content[entry.begin] > 2  # noqa: PLR2004 - the version from which on numbers have 32 bits
        number = struct.unpack_from(">I" if is_long else ">H", content, entry.begin + 4)[0]
        place = entry.begin + (10 if is_long else 8)
        layout.kinds[number] = content[place : place + 4]


def _parts(content: bytes, box: _Box, layout: HeifLayout) -> None:
    number = ">H" if content[box.begin] == 0 else ">I"
    wide = struct.calcsize(number)
    for entry in _boxes(content, box.begin + 4, box.end):
        if entry.kind == b"dimg":
            (whole,) = struct.unpack_from(number, content, entry.begin)
            (count,) = struct.unpack_from(">H", content, entry.begin + wide)
            first = entry.begin + wide + 2
            layout.parts[whole] = [struct.unpack_from(number, content, first + wide * at)[0] for at in range(count)]


class _Reader:
    """Reads numbers of so many bytes, one after the other."""

    def __init__(self, content: bytes, place: int) -> None:
        self._content = content
        self.place = place

    def number(self, wide: int) -> int:
        read = self._content[self.place : self.place + wide]
        if len(read) < wide:
            raise ValueError
        self.place += wide
        return int.from_bytes(read, "big")


def _extents(content: bytes, box: _Box, layout: HeifLayout) -> None:
    version = content[box.begin]
    reader = _Reader(content, box.begin + 4)
    wides, more = reader.number(1), reader.number(1)
    of_place, of_length, of_base, of_index = wides >> 4, wides & 15, more >> 4, more & 15 if version else 0
    is_long = version > 1
    for _ in range(min(reader.number(4 if is_long else 2), _MOST_ITEMS)):
        item = reader.number(4 if is_long else 2)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(of_base)
        found = []
        for _extent in range(reader.number(2)):
            reader.number(of_index)
            place, length = reader.number(of_place), reader.number(of_length)
            found.append((base + place, length))
        if method == 0:
            layout.extents[item] = found
        elif method == 1:
            # within the directory itself: where a grid is told
            layout.parts.setdefault(-item, [place for place, _length in found])


def _grid(content: bytes, idat: _Box | None, layout: HeifLayout) -> tuple[int, int, int] | None:
    if layout.kinds.get(layout.primary) != b"grid":
        return None
    inside = layout.parts.get(-layout.primary)
    told = layout.extents.get(layout.primary)
    place = idat.begin + inside[0] if idat and inside else told[0][0] if told else None
    if place is None:
        return None
    _version, flags, rows, columns = _GRID.unpack_from(content, place)
    _width, height = struct.unpack_from(">II" if flags & 1 else ">HH", content, place + _GRID.size)
    return rows + 1, columns + 1, height
