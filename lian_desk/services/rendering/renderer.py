"""The program's side of rendering: asks the child, starts it when needed, and starts it again when a file killed it.

Documents reach the child through the pipe only, never as a file. The renderer keeps no plaintext: when the child has
forgotten a document, it is sent again from its source.
"""

import os
import subprocess
import sys
import threading
import weakref
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.services.rendering import CHILD_SWITCH
from lian_desk.services.rendering.child import NOT_OPEN
from lian_desk.services.rendering.confinement import confine_child
from lian_desk.services.rendering.frames import Header, PipeClosed, read_exactly, read_header, write_header
from lian_desk.services.rendering.page_images import PageImage, PageSize
from lian_desk.services.rendering.sniffing import MediaType

REQUEST_SECONDS: Final = 10.0
"""Time on the wall for one request; then the child is ended."""
START_SECONDS: Final = 60.0
_DEATHS_ALLOWED: Final = 1
_CHUNK: Final = 1024 * 1024
_SLOW_DISK: Final = 10 * 1024 * 1024
"""Bytes per second at which a document is sent at the least; a large one gets more time to arrive."""


class _Pipe(Protocol):
    def write(self, content: bytes, /) -> object: ...


class RenderSource(Protocol):
    """A document to be shown; ``id`` names its content (its SHA-256), ``size`` is in bytes."""

    @property
    def id(self) -> str:
        """Name of the content."""

    @property
    def size(self) -> int:
        """Bytes of the content."""

    def write_to(self, target: _Pipe) -> None:
        """Stream the content into ``target``."""


@dataclass(frozen=True)
class BytesSource:
    """A document that lies in memory."""

    id: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return len(self.content)

    def write_to(self, target: _Pipe) -> None:
        """Stream the content into ``target``."""
        for start in range(0, len(self.content), _CHUNK):
            target.write(self.content[start : start + _CHUNK])


@dataclass(frozen=True)
class Probe:
    """What a document turned out to be."""

    media_type: MediaType
    page_count: int


class Renderer:
    """Renders pages, thumbnails and text in a child process; safe to use from several threads, one request at a time.

    Every method raises, besides what the source raises:
        RuleViolation: the document is truncated, locked, unreadable, of another type or too large to show.
        EnvironmentProblem: ``MATERIAL_NOT_PREVIEWABLE`` when it ended the child or took too long.
    """

    def __init__(self, *, request_seconds: float = REQUEST_SECONDS) -> None:
        self._request_seconds = request_seconds
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._deaths: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next request would start another."""
        with self._lock:
            self._drop_child()

    def probe(self, source: RenderSource) -> Probe:
        """Look closely at a document that comes in: type, pages, whether its end is there."""
        header, _payload = self._ask(source, {"do": "probe"})
        return Probe(MediaType(header["type"]), int(header["pages"]))

    def page_count(self, source: RenderSource) -> int:
        """Return how many pages a document has."""
        return len(self.page_sizes(source))

    def page_sizes(self, source: RenderSource) -> tuple[PageSize, ...]:
        """Return the size of every page in points."""
        header, _payload = self._ask(source, {"do": "sizes"})
        return tuple(PageSize(width, height) for width, height in header["sizes"])

    def render_page(self, source: RenderSource, page: int, scale: float, rotation: int = 0) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise by ``rotation`` (a multiple of 90)."""
        request = {"do": "render", "page": page, "scale": scale, "rotation": rotation}
        return _image(*self._ask(source, request))

    def thumbnail(self, source: RenderSource, page: int, edge: int, rotation: int = 0) -> PageImage:
        """Return a page with its longer side at most ``edge`` pixels."""
        return _image(*self._ask(source, {"do": "thumbnail", "page": page, "edge": edge, "rotation": rotation}))

    def page_text(self, source: RenderSource, page: int) -> str:
        """Return the text that stands in a page of a PDF; empty for a picture."""
        _header, payload = self._ask(source, {"do": "text", "page": page})
        return payload.decode()

    def _ask(self, source: RenderSource, request: Header) -> tuple[Header, bytearray]:
        with self._lock:
            if self._deaths[source.id] > _DEATHS_ALLOWED:
                raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)
            try:
                header, payload = self._exchange({**request, "id": source.id})
                if header.get("error") == NOT_OPEN:
                    header, payload = self._open_and_ask(source, request)
            except (PipeClosed, OSError, ValueError) as error:
                self._deaths[source.id] += 1
                self._drop_child()
                raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE) from error
        _raise_refusal(header)
        return header, payload

    def _open_and_ask(self, source: RenderSource, request: Header) -> tuple[Header, bytearray]:
        header, payload = self._exchange({"do": "open", "id": source.id, "size": source.size}, source)
        if "error" in header:
            return header, payload
        return self._exchange({**request, "id": source.id})

    def _exchange(self, header: Header, source: RenderSource | None = None) -> tuple[Header, bytearray]:
        if self._child is None or not self._child.is_alive:
            self._drop_child()
            self._child = _Child()
        seconds = self._request_seconds + (0 if source is None else source.size / _SLOW_DISK)
        try:
            return self._child.exchange(header, source, seconds)
        except EnvironmentProblem:
            # the source failed in the middle: the child waits for bytes that will not come
            self._drop_child()
            raise

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


class _Child:
    """A running child process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command, this very interpreter
            child_arguments(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._confinement = confine_child(int(getattr(self._process, "_handle", 0)))
        if self._process.stdin is None or self._process.stdout is None:
            raise PipeClosed
        # typeshed calls both IO[bytes]; they are binary files
        self._requests: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._answers: BinaryIO = self._process.stdout  # type: ignore[assignment]
        # a renderer that nobody closed must not leave its child behind
        self._finalizer = weakref.finalize(self, _end, self._process)
        with self._deadline(START_SECONDS):
            read_header(self._answers)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def exchange(self, header: Header, source: RenderSource | None, seconds: float) -> tuple[Header, bytearray]:
        with self._deadline(seconds):
            write_header(self._requests, header)
            if source is not None:
                source.write_to(self._requests)
                self._requests.flush()
            answer = read_header(self._answers)
            return answer, read_exactly(self._answers, int(answer["size"]))

    def end(self) -> None:
        self._finalizer()

    def _deadline(self, seconds: float) -> "_Deadline":
        return _Deadline(self._process, seconds)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdout, process.stdin):
        # bytes that were still on their way to a dead child
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


class _Deadline:
    """Ends the child when it takes longer than allowed; the waiting read then sees the end of the pipe."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self._timer = threading.Timer(seconds, process.kill)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *details: object) -> None:
        self._timer.cancel()


def child_arguments() -> list[str]:
    """Return the command line of the child: this interpreter, or the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_SWITCH]
    return [sys.executable, "-X", "utf8", "-m", "lian_desk.services.rendering.child"]


def _environment() -> dict[str, str]:
    package_parent = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": package_parent, "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _image(header: Header, payload: bytearray) -> PageImage:
    return PageImage(int(header["width"]), int(header["height"]), int(header["stride"]), bytes(payload))


def _raise_refusal(header: Header) -> None:
    if "error" not in header:
        return
    code = ErrorCode(header["error"])
    parameters: dict[str, Any] = header.get("parameters", {})
    if code is ErrorCode.MATERIAL_NOT_PREVIEWABLE:
        raise EnvironmentProblem(code)
    raise RuleViolation(code, **parameters)
