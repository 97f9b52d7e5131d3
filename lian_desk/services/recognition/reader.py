"""The program's side of recognition: starts the child with the first picture, ends it when it has been idle.

Pictures reach the child through the pipe only. A long screenshot is sent in pieces that overlap, because the recogniser
shrinks what is longer than its longest side.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from lian_desk.adapters.exchange.frames import Header, PipeClosed
from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.rendering.child_process import ChildProcess, Pipe
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.recognition import RECOGNITION_SWITCH
from lian_desk.services.recognition.child import MOST_MEMORY, NOT_INSTALLED
from lian_desk.services.recognition.page_words import PageWords, WordLine

REQUEST_SECONDS: Final = 120.0
"""Time on the wall for one picture; then the child is ended."""
IDLE_SECONDS: Final = 60.0
LONGEST_PIECE: Final = 1900
"""Rows of pixels that are sent at once."""
_OVERLAP: Final = 120
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class _Pixels:
    content: memoryview

    def write_to(self, target: Pipe) -> None:
        for start in range(0, len(self.content), _CHUNK):
            target.write(bytes(self.content[start : start + _CHUNK]))


class TextReader:
    """Reads pictures in a child process; safe to use from several threads, one picture at a time."""

    def __init__(self, *, request_seconds: float = REQUEST_SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._request_seconds = request_seconds
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._last_use = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """Number of the child's process, None while none runs."""
        child = self._child
        return child.process_id if child is not None and child.is_alive else None

    def close(self) -> None:
        """End the child, when the window locks or closes; the next picture would start another."""
        child = self._child
        if child is not None:
            # not behind the lock: a picture that is being read is not waited for
            child.end()
        with self._lock:
            self._child = None

    def rest(self) -> None:
        """End a child that nobody has used for a while: half a gigabyte need not lie about."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._child is not None and time.monotonic() - self._last_use > self._idle_seconds:
                self._child.end()
                self._child = None
        finally:
            self._lock.release()

    def read(self, image: PageImage) -> PageWords:
        """Return the words of a picture.

        Raises:
            EnvironmentProblem: ``RECOGNITION_MISSING`` when the optional parts are not installed,
                ``RECOGNITION_FAILED`` when the child ended or took too long.
        """
        found: list[WordLine] = []
        turns: list[int] = []
        for first, piece in _pieces(image):
            turned, lines = self._read_piece(piece)
            turns.append(turned)
            found.extend(_kept(lines, first, piece, image))
        return PageWords(TextOrigin.RECOGNISED, max(set(turns), key=turns.count), tuple(found))

    def _read_piece(self, image: PageImage) -> tuple[int, list[WordLine]]:
        request = {"width": image.width, "height": image.height, "stride": image.stride, "size": len(image.pixels)}
        with self._lock:
            try:
                header, payload = self._exchange(request, _Pixels(memoryview(image.pixels)))
            except (PipeClosed, OSError, ValueError) as error:
                self._drop_child()
                raise EnvironmentProblem(ErrorCode.RECOGNITION_FAILED) from error
            finally:
                self._last_use = time.monotonic()
        if "error" in header:
            missing = header["error"] == NOT_INSTALLED
            raise EnvironmentProblem(ErrorCode.RECOGNITION_MISSING if missing else ErrorCode.RECOGNITION_FAILED)
        return int(header["turned"]), [WordLine(*line) for line in json.loads(payload)]

    def _exchange(self, request: Header, pixels: _Pixels) -> tuple[Header, bytearray]:
        if self._child is None or not self._child.is_alive:
            self._drop_child()
            self._child = ChildProcess(child_arguments(), memory=MOST_MEMORY)
        return self._child.exchange(request, pixels, self._request_seconds)

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def child_arguments() -> list[str]:
    """Return the command line of the child: this interpreter, or the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, RECOGNITION_SWITCH]
    return [sys.executable, "-X", "utf8", "-m", "lian_desk.services.recognition.child"]


def _pieces(image: PageImage) -> Iterator[tuple[int, PageImage]]:
    """Yield the picture, or pieces of a long one, each with its first row."""
    if image.height <= LONGEST_PIECE or image.height < 2 * image.width:
        yield 0, image
        return
    first = 0
    while True:
        last = min(first + LONGEST_PIECE, image.height)
        pixels = image.pixels[first * image.stride : last * image.stride]
        yield first, PageImage(image.width, last - first, image.stride, pixels)
        if last == image.height:
            return
        first = last - _OVERLAP


def _kept(lines: list[WordLine], first: int, piece: PageImage, whole: PageImage) -> Iterator[WordLine]:
    """Yield a piece's lines placed on the whole; of the overlap each piece keeps its own half."""
    share = piece.height / whole.height
    upper = (first + (_OVERLAP // 2 if first else 0)) / whole.height
    last = first + piece.height
    lower = (last - (_OVERLAP // 2 if last < whole.height else 0)) / whole.height
    for line in lines:
        placed = line._replace(top=first / whole.height + line.top * share, height=line.height * share)
        if upper <= placed.middle <= lower:
            yield placed
