"""A child process as its parent holds it: started, asked, watched by the clock, ended. Bytes go through pipes only."""

import os
import subprocess
import threading
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from lian_desk.adapters.exchange.frames import Header, PipeClosed, read_exactly, read_header, write_header
from lian_desk.adapters.exchange.parts import LARGEST_PART, Parts
from lian_desk.adapters.fences.confinement import confine_child

START_SECONDS: Final = 60.0
_ONE_THREAD: Final = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Libraries for numbers set memory aside for every thread they might start."""


class TimeIsUp(PipeClosed):
    """The child was ended because it took longer than allowed."""


_SILENT: Final = {"ORT_DISABLE_TELEMETRY": "1"}
"""The recogniser's runtime would keep a device number and figures of use in the user's cache, and send them."""


class Pipe(Protocol):
    """What a content is streamed into."""

    def write(self, content: bytes, /) -> object:
        """Take bytes."""


class Content(Protocol):
    """What follows a request through the pipe."""

    def write_to(self, target: Pipe) -> None:
        """Stream the content into ``target``."""


class ChildProcess:
    """A running child that speaks in frames (``frames.py``); it is ready when its first header has come."""

    def __init__(self, arguments: Sequence[str], *, memory: int | None = None) -> None:
        """Start the child; ``memory`` bounds its bytes where the parent holds the limit (Windows).

        Raises:
            PipeClosed: it ended before it was ready.
            OSError: it could not be started.
        """
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command, this very interpreter
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._confinement = confine_child(int(getattr(self._process, "_handle", 0)), memory)
        if self._process.stdin is None or self._process.stdout is None:
            raise PipeClosed
        # typeshed calls both IO[bytes]; they are binary files
        self._requests: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._answers: BinaryIO = self._process.stdout  # type: ignore[assignment]
        # a holder that nobody closed must not leave its child behind
        self._finalizer = weakref.finalize(self, _end, self._process)
        with self._deadline(START_SECONDS):
            ready = read_header(self._answers)
        #: What the kernel keeps from the child, as the child found it (``fence.Fence``).
        self.fence: Header = dict(ready.get("fence") or {})

    @property
    def is_alive(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """Number of the process, for tests and figures."""
        return self._process.pid

    def exchange(
        self, header: Header, content: Content | None, seconds: float, parts: Parts | None = None
    ) -> tuple[Header, bytearray]:
        """Send a request with what follows it, and wait for the answer; after ``seconds`` the child is ended.

        Meanwhile the child may ask for parts of a document that was not sent whole (``parts.py``).

        Raises:
            TimeIsUp: it took longer.
            PipeClosed: the child is gone.
            OSError: the pipe broke.
        """
        deadline = self._deadline(seconds)
        try:
            with deadline:
                return self._exchanged(header, content, parts)
        except (PipeClosed, OSError) as error:
            if deadline.is_over:
                raise TimeIsUp from error
            raise

    def _exchanged(self, header: Header, content: Content | None, parts: Parts | None) -> tuple[Header, bytearray]:
        write_header(self._requests, header)
        if content is not None:
            content.write_to(self._requests)
            self._requests.flush()
        answer = read_header(self._answers)
        while parts is not None and "want" in answer:
            place, size = answer["want"]
            part = parts.read_at(int(place), min(int(size), LARGEST_PART))
            write_header(self._requests, {"size": len(part)})
            self._requests.write(part)
            self._requests.flush()
            answer = read_header(self._answers)
        return answer, read_exactly(self._answers, int(answer["size"]))

    def end(self) -> None:
        """End the child now."""
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
        self.is_over = False
        self._process = process
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def _end(self) -> None:
        self.is_over = True
        self._process.kill()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *details: object) -> None:
        self._timer.cancel()


def _environment() -> dict[str, str]:
    package_parent = str(Path(__file__).resolve().parents[3])
    return {
        **os.environ,
        "PYTHONPATH": package_parent,
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **_ONE_THREAD,
        **_SILENT,
    }
