"""Keeps the queue of reading at work beside the window: a page at a time, aside from everything that people wait for."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.task_runner import TaskRunner

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes
    from lian_desk.services.commands.commands import Command
    from lian_desk.services.desk.desk import Desk
    from lian_desk.services.reading_queue.runner import QueueCounts, ReadingQueue, ReadingStep

_TABLES: Final = frozenset({"material", "recognition_job", "information_authorization", "assistance_file"})
_SOON_MS: Final = 400
_REST_MS: Final = 61_000


@dataclass(frozen=True)
class ReadingProgress:
    """How far the queue is. ``done`` of ``total`` materials since it last stood still; the page under way from 1."""

    counts: "QueueCounts"
    done: int
    total: int
    page: int
    page_count: int
    is_missing: bool


@dataclass(frozen=True)
class _Brought:
    step: "ReadingStep | None"
    counts: "QueueCounts"
    queue: "Command | None" = None
    is_missing: bool = False


class RecognitionRun(QObject):
    """Started when a real window opens, stopped while it is locked.

    Signals:
        progressed(object): a ``ReadingProgress``.
    """

    progressed = Signal(object)
    _begun = Signal(object)

    def __init__(self, desk: "Desk", runner: TaskRunner, bus: ChangeBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._bus = bus
        self._queue: ReadingQueue | None = None
        self._is_started = False
        self._is_busy = False
        self._is_missing = False
        self._is_suspended = False
        self._done = 0
        self.progress: ReadingProgress | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._go_on)
        self._rest = QTimer(self)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._let_rest)
        bus.committed.connect(self._notice)
        # from the thread aside: a page is about to be read, which takes some seconds
        self._begun.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def is_started(self) -> bool:
        """True while the queue may work."""
        return self._is_started

    @property
    def queue(self) -> "ReadingQueue":
        """The queue, made when it is first needed: the window starts without what reading needs."""
        if self._queue is None:
            from lian_desk.services.reading_queue.runner import ReadingQueue  # noqa: PLC0415

            self._queue = ReadingQueue(self._desk)
        return self._queue

    def start(self) -> None:
        """Work from now on."""
        self._is_started = True
        self._rest.start()
        self._soon.start()

    def stop(self) -> None:
        """Stop at once and end the child processes; what was read is kept, the page under way is read again later."""
        self._is_started = False
        self._soon.stop()
        self._rest.stop()
        if self._queue is not None:
            self._queue.close()

    def suspend(self) -> None:
        """The window is locked: stop, and remember whether to go on."""
        self._is_suspended = self._is_started
        self.stop()

    def revive(self) -> None:
        """The window is unlocked: go on where it was."""
        if self._is_suspended:
            self.start()
        self._is_suspended = False

    def prefer(self, material_id: int | None) -> None:
        """Read what is looked at before anything else."""
        self.queue.prefer(material_id)

    def _let_rest(self) -> None:
        self.queue.rest()

    def _notice(self, changes: "Changes") -> None:
        if self._queue is not None and changes.touches({"hospital"}):
            self._queue.forget_hospitals()
        if self._is_started and not self._is_busy and changes.touches(_TABLES):
            self._soon.start()

    def _go_on(self) -> None:
        if not self._is_started or self._is_busy:
            return
        self._is_busy = True
        self._runner.aside(self, self._work, self._take, self._broke)

    def _work(self) -> _Brought:
        """Runs aside: queue what came in, or read one page."""
        if self.queue.has_unread():
            return _Brought(None, self.queue.counts(), self.queue.queue_unread())
        self._begun.emit(_Brought(None, self.queue.counts()))
        try:
            step = self.queue.step()
        except EnvironmentProblem as problem:
            if problem.code is not ErrorCode.RECOGNITION_MISSING:
                raise
            return _Brought(None, self.queue.counts(), is_missing=True)
        return _Brought(step, self.queue.counts())

    def _take(self, brought: _Brought) -> None:
        self._is_missing = self._is_missing or brought.is_missing
        step = brought.step
        commands = (brought.queue,) if brought.queue is not None else () if step is None else step.commands
        if not self._is_started:
            # the child was ended in the middle: nothing that was brought is true
            self._is_busy = False
            return
        self._tell(brought)
        if commands:
            self._runner.write(self, partial(self._carry_out, commands), partial(self._kept, brought), self._broke)
            return
        self._is_busy = False
        if brought.is_missing:
            self._soon.start()

    def _carry_out(self, commands: "tuple[Command, ...]") -> None:
        for command in commands:
            self._bus.arrived.emit(self._desk.execute(command).changes)

    def _kept(self, brought: _Brought, _nothing: None) -> None:
        self._is_busy = False
        step = brought.step
        if step is not None and step.page >= step.page_count:
            self._done += 1
        self._go_on()

    def _tell(self, brought: _Brought) -> None:
        counts, step = brought.counts, brought.step
        if step is None and brought.queue is None and not counts.waiting:
            self._done = 0
        self.progress = ReadingProgress(
            counts=counts,
            done=self._done,
            total=self._done + counts.waiting,
            page=0 if step is None else step.page,
            page_count=0 if step is None else step.page_count,
            is_missing=self._is_missing,
        )
        self.progressed.emit(self.progress)

    def _broke(self, _error: BaseException) -> None:
        """A bug, or a disk that refuses: stand still until something changes, do not spin."""
        self._is_busy = False
