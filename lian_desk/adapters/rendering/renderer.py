"""The program's side of rendering: asks the child, starts it when needed, and starts it again when a file killed it.

Documents reach the child through the pipe only, never as a file. The renderer keeps no plaintext: when the child has
forgotten a document, it is sent again from its source.
"""

import json
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self, runtime_checkable

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.frames import NO_MEMORY, NOT_OPEN, Header, PipeClosed
from lian_desk.adapters.exchange.instance_head import InstanceHead, head_from
from lian_desk.adapters.exchange.page_images import InkPlace, PageImage, PageSize, PageSurvey, Unexplained, WordRun
from lian_desk.adapters.exchange.parts import Parts
from lian_desk.adapters.fences.fence import Fence, fence_of
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.rendering import CHILD_SWITCH
from lian_desk.adapters.rendering.child_process import ChildProcess, TimeIsUp
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.vocabulary import MaterialFlaw

REQUEST_SECONDS: Final = 30.0
"""Time on the wall for one request; then the child is ended. Its processor time ends much earlier, so that only a
machine that is very busy with other things comes so far."""
IDLE_SECONDS: Final = 60.0
"""A child that nobody has asked for so long is ended; it holds what it showed, and 30 MB and more."""
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


@runtime_checkable
class PartedSource(RenderSource, Protocol):
    """A document that need not be sent whole."""

    def open_parts(self) -> "OpenParts | None":
        """Return its parts, or None when it is better sent whole."""


class OpenParts(Parts, Protocol):
    """Parts that are let go of at the end."""

    def close(self) -> None:
        """Let go."""


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
    """What a document turned out to be.

    ``has_scripts``: it holds programs or files, which are never run or opened; ``flaw``: what of it is missing.
    """

    media_type: MediaType
    page_count: int
    has_scripts: bool = False
    flaw: Flaw | None = None


class Renderer:
    """Renders pages, thumbnails and text in a child process; safe to use from several threads, one request at a time.

    Every method raises, besides what the source raises:
        RuleViolation: the document is truncated, locked, unreadable, of another type or too large to show.
        EnvironmentProblem: ``MATERIAL_NOT_PREVIEWABLE`` when it ended the child or took too long.
    """

    def __init__(self, *, request_seconds: float = REQUEST_SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._request_seconds = request_seconds
        self._idle_seconds = idle_seconds
        self._last_use = 0.0
        self._is_watched = False
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._deaths: Counter[str] = Counter()

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

    @property
    def fence(self) -> Fence:
        """What the kernel keeps from the child; starts one where none runs."""
        with self._lock:
            return fence_of(self._running_child().fence)

    def close(self) -> None:
        """End the child; the next request would start another."""
        with self._lock:
            self._drop_child()

    def probe(self, source: RenderSource) -> Probe:
        """Look closely at a document that comes in: type, pages, whether its end is there."""
        header, _payload = self._ask(source, {"do": "probe"})
        told = header.get("flaw")
        flaw = None if told is None else Flaw(MaterialFlaw(told[0]), *(int(number) for number in told[1:]))
        return Probe(MediaType(header["type"]), int(header["pages"]), bool(header.get("active")), flaw)

    def forget(self, source: RenderSource) -> None:
        """Let the child close a document: it was erased, or nobody will look at it soon."""
        with self._lock:
            if self._child is not None and self._child.is_alive:
                try:
                    self._exchange({"do": "close", "id": source.id}, None, None)
                except (PipeClosed, OSError, ValueError):
                    self._drop_child()

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

    def page_lines(self, source: RenderSource, page: int) -> list[WordRun]:
        """Return the text that stands in a page of a PDF as runs with their boxes; empty for a picture."""
        _header, payload = self._ask(source, {"do": "lines", "page": page})
        return [WordRun(*run) for run in json.loads(payload)]

    def forgive(self, source: RenderSource) -> None:
        """Forget that a document ended the child: a person wants it tried again, perhaps at a quieter time."""
        # no lock: whoever asks must not wait for a page that is being drawn
        self._deaths.pop(source.id, None)

    def dicom_head(self, source: RenderSource) -> InstanceHead:
        """Return what the head of a DICOM file says of itself.

        Raises:
            RuleViolation: also ``MATERIAL_TYPE_UNKNOWN`` for anything else, ``MATERIAL_DICOM_DIRECTORY``.
        """
        _header, payload = self._ask(source, {"do": "dicom_head"})
        return head_from(json.loads(payload))

    def sections(self, source: RenderSource) -> tuple[tuple[str, int], ...]:
        """Return the parts of a study, each with its first page; empty for a document without parts."""
        _header, payload = self._ask(source, {"do": "sections"})
        return tuple((str(name), int(page)) for name, page in json.loads(payload))

    def worded_pages(self, source: RenderSource) -> tuple[int, ...]:
        """Return the pages on which words can be: all of a document, of a study the sheet and the reports."""
        _header, payload = self._ask(source, {"do": "worded_pages"})
        return tuple(int(page) for page in json.loads(payload))

    def survey(self, source: RenderSource, page: int) -> PageSurvey:
        """Return the words that a page draws itself, form values included, and the ink that they do not explain."""
        header, payload = self._ask(source, {"do": "survey", "page": page})
        runs, places = json.loads(payload)
        found = Unexplained(float(header["share"]), tuple(InkPlace(*place) for place in places))
        return PageSurvey(tuple(WordRun(*run) for run in runs), found)

    def rest_of_page(self, source: RenderSource, page: int, scale: float) -> PageImage:
        """Return a page at ``scale`` pixels per point without the words that :meth:`survey` returns."""
        return _image(*self._ask(source, {"do": "rest", "page": page, "scale": scale}))

    def unexplained(
        self, source: RenderSource, page: int, boxes: Sequence[tuple[float, float, float, float]]
    ) -> Unexplained:
        """Return the ink of a page beside its own words and ``boxes``, each left, top, width, height in fractions."""
        header, payload = self._ask(source, {"do": "unexplained", "page": page, "boxes": list(boxes)})
        return Unexplained(float(header["share"]), tuple(InkPlace(*place) for place in json.loads(payload)))

    def _ask(self, source: RenderSource, request: Header) -> tuple[Header, bytearray]:
        with self._lock:
            if self._deaths[source.id] > _DEATHS_ALLOWED:
                raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)
            parts = source.open_parts() if isinstance(source, PartedSource) else None
            try:
                header, payload = self._answered(source, request, parts)
            except (PipeClosed, OSError, ValueError) as error:
                self._deaths[source.id] += 1
                self._drop_child()
                raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE) from error
            finally:
                self._last_use = time.monotonic()
                if parts is not None:
                    parts.close()
        _raise_refusal(header)
        return header, payload

    def _answered(self, source: RenderSource, request: Header, parts: Parts | None) -> tuple[Header, bytearray]:
        """Ask; where a child fails that has worked for others, ask a fresh one: their leavings are no fault of this one."""
        if self._child is not None and self._child.is_alive:
            answer = self._asked_of_another(source, request, parts)
            if answer is not None:
                return answer
            self._drop_child()
        return self._asked_once(source, request, parts)

    def _asked_of_another(
        self, source: RenderSource, request: Header, parts: Parts | None
    ) -> tuple[Header, bytearray] | None:
        """Ask a child that has worked for others; None where it died or is full."""
        try:
            header, payload = self._asked_once(source, request, parts)
        except TimeIsUp:
            raise
        except (PipeClosed, OSError, ValueError):
            return None
        return None if header.get("error") == NO_MEMORY else (header, payload)

    def _asked_once(self, source: RenderSource, request: Header, parts: Parts | None) -> tuple[Header, bytearray]:
        header, payload = self._exchange({**request, "id": source.id}, None, parts)
        if header.get("error") == NOT_OPEN:
            return self._open_and_ask(source, request, parts)
        return header, payload

    def _open_and_ask(self, source: RenderSource, request: Header, parts: Parts | None) -> tuple[Header, bytearray]:
        opening = {"do": "open", "id": source.id, "size": source.size, "parted": parts is not None}
        header, payload = self._exchange(opening, source if parts is None else None, parts)
        if "error" in header:
            return header, payload
        return self._exchange({**request, "id": source.id}, None, parts)

    def _exchange(self, header: Header, source: RenderSource | None, parts: Parts | None) -> tuple[Header, bytearray]:
        child = self._running_child()
        seconds = self._request_seconds + (0 if source is None else source.size / _SLOW_DISK)
        try:
            return child.exchange(header, source, seconds, parts)
        except DeskError:
            # the source failed in the middle: the child waits for bytes that will not come
            self._drop_child()
            raise

    def _running_child(self) -> ChildProcess:
        child = self._child
        if child is None or not child.is_alive:
            self._drop_child()
            child = self._child = ChildProcess(child_arguments())
            self._last_use = time.monotonic()
            self._watch(self._idle_seconds)
        return child

    def _watch(self, seconds: float) -> None:
        """Look in ``seconds`` whether the child is still wanted; one look waits at a time, and keeps nothing alive."""
        if self._is_watched:
            return
        self._is_watched = True
        timer = threading.Timer(seconds, _look_again, (weakref.ref(self),))
        timer.daemon = True
        timer.start()

    def rest(self) -> None:
        """End a child that nobody has asked for a while; looks again later at one that is still wanted."""
        with self._lock:
            self._is_watched = False
            if self._child is None:
                return
            left = self._last_use + self._idle_seconds - time.monotonic()
            if left > 0:
                self._watch(left)
            else:
                self._drop_child()

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _look_again(held: "weakref.ref[Renderer]") -> None:
    renderer = held()
    if renderer is not None:
        renderer.rest()


def child_arguments() -> list[str]:
    """Return the command line of the child: this interpreter, or the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_SWITCH]
    return [sys.executable, "-X", "utf8", "-m", "lian_desk.adapters.rendering.child"]


def _image(header: Header, payload: bytearray) -> PageImage:
    return PageImage(int(header["width"]), int(header["height"]), int(header["stride"]), bytes(payload))


def _raise_refusal(header: Header) -> None:
    if "error" not in header:
        return
    is_full = header["error"] == NO_MEMORY
    code = ErrorCode.MATERIAL_NOT_PREVIEWABLE if is_full else ErrorCode(header["error"])
    parameters: dict[str, Any] = header.get("parameters", {})
    if code is ErrorCode.MATERIAL_NOT_PREVIEWABLE:
        raise EnvironmentProblem(code)
    raise RuleViolation(code, **parameters)
