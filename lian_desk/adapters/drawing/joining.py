"""Joins finished papers into one PDF as they come, holding one paper in memory at a time.

Takes only what `press` writes: objects of generation 0 behind one plain table of offsets. Every paper keeps its pages
and its part of the outline, headed by its number; its signature does not come along, for it covers another file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from typing import BinaryIO

_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_SECTION: Final = re.compile(rb"xref\s+0 (\d+)\s+")
_ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_ENTRY_BYTES: Final = 20
_TITLE: Final = re.compile(rb"/Title \((?:[^()\\]|\\.)*\)", re.DOTALL)
_PARENT: Final = re.compile(rb"/Parent \d+ 0 R ?")
_HEADER: Final = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class _Part(NamedTuple):
    """What the joined file must know of one paper: its tree of pages and its entry of the outline."""

    pages: int
    page_count: int
    outline: int
    outline_body: bytes


class PaperJoiner:
    """Writes papers one behind the other into ``target``, an empty binary file; ``finish`` closes the document."""

    def __init__(self, target: BinaryIO) -> None:
        """Write the head of the file."""
        self._target = target
        self._offsets: list[int] = []
        self._parts: list[_Part] = []
        self._position = target.write(_HEADER)
        # the catalogue, the tree of pages and the outline are written last and have the first numbers
        self._catalogue, self._tree, self._outline = self._reserve(3)

    @property
    def count(self) -> int:
        """Papers taken so far."""
        return len(self._parts)

    def add(self, content: bytes, title: str) -> None:
        """Append a paper as ``press`` wrote it; ``title`` heads it in the outline.

        Raises:
            ValueError: the bytes are no such paper; a bug of the caller.
        """
        objects = _objects(content)
        root = _ROOT.search(content, content.rindex(b"trailer"))
        if root is None:
            raise ValueError("the paper has no catalogue")
        catalogue = objects[int(root[1])]
        tree, outlines = _named(catalogue, b"Pages"), _named(catalogue, b"Outlines")
        entry = _named(objects[outlines], b"First")
        left_out = {int(root[1]), outlines, entry}
        base = len(self._offsets)
        self._offsets += [0] * len(objects)
        for number, body in objects.items():
            if number in left_out:
                continue
            moved = _moved(body, base)
            if number == tree:
                moved = moved.replace(b"<<", b"<< /Parent %d 0 R" % self._tree, 1)
            self._write(base + number, moved)
        count = re.search(rb"/Count (\d+)", objects[tree])
        heading = _TITLE.sub(lambda _found: b"/Title " + _text(title), _PARENT.sub(b"", objects[entry]), count=1)
        self._parts.append(_Part(base + tree, int(count[1]) if count else 0, base + entry, _moved(heading, base)))

    def finish(self) -> None:
        """Write what leads to the papers, and the table of offsets."""
        for place, part in enumerate(self._parts):
            beside = b"/Parent %d 0 R " % self._outline
            if place:
                beside += b"/Prev %d 0 R " % self._parts[place - 1].outline
            if place + 1 < len(self._parts):
                beside += b"/Next %d 0 R " % self._parts[place + 1].outline
            # closed, so that a hundred papers show a hundred lines
            body = re.sub(rb"/Count (\d+)", rb"/Count -\1", part.outline_body, count=1)
            self._write(part.outline, body.replace(b"<<", b"<< " + beside, 1))
        kids = b" ".join(b"%d 0 R" % part.pages for part in self._parts)
        total = sum(part.page_count for part in self._parts)
        self._write(self._tree, b"<< /Type /Pages /Kids [ %b ] /Count %d >>" % (kids, total))
        ends = (
            b"/First %d 0 R /Last %d 0 R " % (self._parts[0].outline, self._parts[-1].outline) if self._parts else b""
        )
        self._write(self._outline, b"<< /Type /Outlines %b/Count %d >>" % (ends, len(self._parts)))
        self._write(
            self._catalogue,
            b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R /Lang (zh-CN) >>" % (self._tree, self._outline),
        )
        self._write_table()

    def _write_table(self) -> None:
        table = [b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1)]
        # an object that was left out is marked as free
        table += [b"%010d 00000 n \n" % offset if offset else b"0000000000 65535 f \n" for offset in self._offsets]
        table.append(
            b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._offsets) + 1, self._catalogue, self._position)
        )
        self._target.write(b"".join(table))

    def _reserve(self, count: int) -> tuple[int, ...]:
        first = len(self._offsets) + 1
        self._offsets += [0] * count
        return tuple(range(first, first + count))

    def _write(self, number: int, body: bytes) -> None:
        self._offsets[number - 1] = self._position
        self._position += self._target.write(b"%d 0 obj\n%b\nendobj\n" % (number, body.strip(b"\n")))


def _objects(content: bytes) -> dict[int, bytes]:
    """Return the bodies of all objects by number, found by the table of offsets."""
    start = _START.search(content)
    section = _SECTION.match(content, int(start[1])) if start else None
    if section is None:
        raise ValueError("the paper has no plain table of offsets")
    table, size = section.end(), int(section[1])
    places = [
        (int(content[at : at + 10]), number)
        for number in range(1, size)
        for at in [table + number * _ENTRY_BYTES]
        if content[at + 17 : at + 18] == b"n"
    ]
    places.sort()
    ends = [place for place, _number in places[1:]] + [int(start[1])] if start else []
    bodies = {}
    for (place, number), end in zip(places, ends, strict=True):
        raw = content[place:end]
        begin, close = raw.index(b"obj") + 3, raw.rindex(b"endobj")
        bodies[number] = raw[begin:close].strip(b"\n")
    return bodies


def _moved(body: bytes, base: int) -> bytes:
    """Return an object with every reference raised by ``base``; the content of a stream is left alone."""
    head, stream, rest = body.partition(b"\nstream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + base), head) + stream + rest


def _named(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    if found is None:
        raise ValueError("the paper lacks an entry")
    return int(found[1])


def _text(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
