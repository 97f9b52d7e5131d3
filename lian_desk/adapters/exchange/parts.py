"""A document that stays where it is: the child asks its parent for the parts it wants, the rest is never decrypted.

While the child answers a request, it may send a header ``{"want": [place, size]}`` instead of the answer; the parent
sends that part and waits on. So a PDF of 2 GB is opened by a few hundred kilobytes.
"""

import io
import os
from collections import OrderedDict
from typing import Any, BinaryIO, Final, Protocol

from lian_desk.adapters.exchange.frames import read_exactly, read_header, write_header

LARGEST_PART: Final = 1024 * 1024
"""Bytes that are handed over at once."""
_BLOCK: Final = 16 * 1024
"""Small, because the pages of a long PDF are told at places far from one another."""
_BLOCKS_KEPT: Final = 512
_LONG_RUN: Final = 48
"""Blocks from which on a run is not kept."""


class Parts(Protocol):
    """A document on the parent's side."""

    def read_at(self, place: int, size: int, /) -> bytes:
        """Return up to ``size`` bytes from ``place``."""


class PartsFile(io.RawIOBase):
    """The same document on the child's side: a file for reading, with the blocks used last in memory."""

    def __init__(self, size: int, requests: BinaryIO, answers: BinaryIO) -> None:
        super().__init__()
        self._size = size
        self._requests = requests
        self._answers = answers
        self._place = 0
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        """Override."""
        return True

    def seekable(self) -> bool:
        """Override."""
        return True

    def tell(self) -> int:
        """Override."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Override: no byte moves."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, target: Any) -> int:
        """Override: fill ``target`` as far as the document goes."""
        view = memoryview(target).cast("B")
        end = min(self._place + len(view), self._size)
        if end <= self._place:
            return 0
        first, last = self._place // _BLOCK, (end - 1) // _BLOCK
        wanted = end - self._place
        if last - first < _LONG_RUN:
            self._fetch(first, last)
            begin = self._place - first * _BLOCK
            content = b"".join(self._kept[number] for number in range(first, last + 1))[begin : begin + wanted]
            view[: len(content)] = content
        else:
            # passed through, kept by whoever asked; always whole, as decoders take less for the end
            for offset in range(0, wanted, LARGEST_PART):
                part = self._part(self._place + offset, min(LARGEST_PART, wanted - offset))
                view[offset : offset + len(part)] = part
        self._place += wanted
        return wanted

    def _fetch(self, first: int, last: int) -> None:
        """Make sure of the blocks from ``first`` to ``last``; those that are missing side by side come in one part."""
        place = first
        while place <= last:
            if place in self._kept:
                self._kept.move_to_end(place)
                place += 1
                continue
            behind = place
            while behind <= last and behind not in self._kept:
                behind += 1
            part = self._part(place * _BLOCK, (behind - place) * _BLOCK)
            for number in range(place, behind):
                begin = (number - place) * _BLOCK
                self._kept[number] = part[begin : begin + _BLOCK]
            place = behind
        while len(self._kept) > _BLOCKS_KEPT:
            self._kept.popitem(last=False)

    def _part(self, place: int, size: int) -> bytes:
        write_header(self._answers, {"want": [place, size]})
        return bytes(read_exactly(self._requests, int(read_header(self._requests)["size"])))
