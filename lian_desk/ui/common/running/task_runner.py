"""The only doorway off the UI thread: one thread writes, two threads read, hash, copy and draw, one works aside.

``done`` and ``failed`` run on the UI thread and only while ``owner`` lives. ``work`` closes over plain values and
services, never over widgets. What the program foresees (``RuleViolation``, ``EnvironmentProblem``) reaches ``failed``;
anything else is a bug, goes to the exception hook and reaches ``failed`` too, so that a busy form is never left busy.
"""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from lian_desk.models.errors import EnvironmentProblem, RuleViolation

_ResultT = TypeVar("_ResultT")

Failed = Callable[[BaseException], object]


@dataclass(frozen=True, slots=True)
class _Errand:
    """One piece of work on its way back: who asked, and what to do with the answer."""

    owner: QObject
    done: Callable[[Any], object]
    failed: Failed | None
    is_counted: bool = True


class TaskRunner(QObject):
    """Runs work off the UI thread and brings the answer back by a queued signal.

    Signals:
        idle(): everything was delivered.
        unheard(object): what the program foresees went wrong, and whoever asked has no place for it.
    """

    _arrived = Signal(object, object)
    idle = Signal()
    unheard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="desk-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="desk-write")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="desk-aside")
        self._pending = 0
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def pending_count(self) -> int:
        """Pieces of work that have not been delivered yet."""
        return self._pending

    def read(
        self,
        owner: QObject,
        work: Callable[[], _ResultT],
        done: Callable[[_ResultT], object],
        failed: Failed | None = None,
    ) -> None:
        """Run ``work`` on a reading thread; ``done`` gets its result unless ``owner`` is gone by then."""
        self._submit(self._readers, _Errand(owner, done, failed), work)

    def write(
        self,
        owner: QObject,
        work: Callable[[], _ResultT],
        done: Callable[[_ResultT], object],
        failed: Failed | None = None,
    ) -> None:
        """Run ``work`` on the one writing thread, in the order of the calls."""
        self._submit(self._writer, _Errand(owner, done, failed), work)

    def aside(
        self,
        owner: QObject,
        work: Callable[[], _ResultT],
        done: Callable[[_ResultT], object],
        failed: Failed | None = None,
    ) -> None:
        """Run long ``work`` that nobody waits for, such as the reading of pages, on a thread of its own."""
        self._submit(self._aside, _Errand(owner, done, failed, is_counted=False), work)

    def wait_idle(self, timeout_ms: int = 5000) -> bool:
        """Let the event loop run until everything is delivered; False when that took too long. For tests and tours."""
        if not self._pending:
            return True
        loop = QEventLoop()
        self.idle.connect(loop.quit)
        limit = QTimer()
        limit.setSingleShot(True)
        limit.timeout.connect(loop.quit)
        limit.start(timeout_ms)
        while self._pending and limit.isActive():
            loop.exec()
        return not self._pending

    def shut_down(self) -> None:
        """Drop queued reads, finish every write, then return; later calls are ignored."""
        self._closed = True
        for lane in (self._aside, self._readers):
            lane.shutdown(wait=False, cancel_futures=True)
        for lane in (self._writer, self._readers, self._aside):
            lane.shutdown(wait=True)

    def _submit(self, lane: ThreadPoolExecutor, errand: _Errand, work: Callable[[], object]) -> None:
        if self._closed:
            return
        self._pending += errand.is_counted
        lane.submit(work).add_done_callback(lambda future: self._hand_over(errand, future))

    def _hand_over(self, errand: _Errand, future: "Future[Any]") -> None:
        """Runs on the working thread: wake the UI thread, unless the program has already taken Qt down."""
        if isValid(self):
            self._arrived.emit(errand, future)

    def _deliver(self, errand: _Errand, future: "Future[Any]") -> None:
        self._pending -= errand.is_counted
        try:
            if not future.cancelled() and isValid(errand.owner):
                self._answer(errand, future)
        finally:
            if errand.is_counted and not self._pending:
                self.idle.emit()

    def _answer(self, errand: _Errand, future: "Future[Any]") -> None:
        error = future.exception()
        if error is None:
            errand.done(future.result())
            return
        is_foreseen = isinstance(error, RuleViolation | EnvironmentProblem)
        if not is_foreseen:
            sys.excepthook(type(error), error, error.__traceback__)
        if errand.failed is not None:
            errand.failed(error)
        elif is_foreseen:
            self.unheard.emit(error)


class Reporter(QObject):
    """Carries progress from a working thread to the UI thread and a wish to cancel the other way.

    Hand :meth:`report` and ``cancelled.is_set`` to a service; connect ``progressed`` to a ``ProgressLine``. Reports that
    come faster than the window repaints are folded into the last one.
    """

    progressed = Signal(int, int, str)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cancelled = threading.Event()
        self._lock = threading.Lock()
        self._latest: tuple[int, int, str] | None = None
        self._woken.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def report(self, done_count: int, total_count: int, name: str = "") -> None:
        """Say how far the work is; safe from every thread. ``total_count`` 0 means unknown."""
        with self._lock:
            waiting = self._latest is not None
            self._latest = (done_count, total_count, name)
        if not waiting and isValid(self):
            self._woken.emit()

    def cancel(self) -> None:
        """Ask the work to stop at its next safe place."""
        self.cancelled.set()

    def _show(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None:
            self.progressed.emit(*latest)
