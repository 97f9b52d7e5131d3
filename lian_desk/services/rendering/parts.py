"""A document that stays where it is: the child asks its parent for the parts it wants, the rest is never decrypted.

While the child answers a request, it may send a header ``{"want": [place, size]}`` instead of the answer; the parent
sends that part and waits on. So a PDF of 2 GB is opened by a few hundred kilobytes.
"""

import io
import os
from collections import OrderedDict
from typing import Any, BinaryIO, Final, Protocol

from lian_desk.services.rendering.frames import read_exactly, read_header, write_header

LARGEST_PART: Final = 1024 * 1024
"""Bytes that are handed over at once."""
_BLOCK: Final = 128 * 1024
_BLOCKS_KEPT: Final = 64


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
        filled = 0
        while filled < len(view) and self._place < self._size:
            number, offset = divmod(self._place, _BLOCK)
            piece = self._block(number)[offset : offset + len(view) - filled]
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._place += len(piece)
        return filled

    def _block(self, number: int) -> bytes:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        write_header(self._answers, {"want": [number * _BLOCK, _BLOCK]})
        content = bytes(read_exactly(self._requests, int(read_header(self._requests)["size"])))
        self._kept[number] = content
        while len(self._kept) > _BLOCKS_KEPT:
            self._kept.popitem(last=False)
        return content
