"""Drives an intake file by file: looked at and sealed on a reading thread, its row written on the writing thread."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from lian_desk.models.errors import EnvironmentProblem, RuleViolation
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.intake_sources import IntakeItem
from lian_desk.services.material_intake import IntakeOutcome, IntakeResult, MaterialIntake, Prepared, refused_result
from lian_desk.services.storage.vault import Cancelled
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.task_runner import Reporter


class IntakeRun(QObject):
    """Takes many files in, one after the other; the window stays usable, and what is left can be taken in later.

    Signals:
        progressed(int, int, str): files done, files in all, the present name.
        result_arrived(object): an ``IntakeResult``.
        finished(): nothing is under way any more.
    """

    progressed = Signal(int, int, str)
    result_arrived = Signal(object)
    finished = Signal()

    def __init__(self, context: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: deque[tuple[MaterialIntake, IntakeItem]] = deque()
        self._intakes: list[MaterialIntake] = []
        self._reporter = Reporter(self)
        self._done = 0
        self._total = 0
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """True while a file is under way."""
        return self._is_running

    @property
    def remaining_count(self) -> int:
        """Files that wait, after a cancel too."""
        return len(self._waiting)

    def start(self, file_id: int, source: MaterialSource, gather: Callable[[], Sequence[IntakeItem]]) -> None:
        """Take in what ``gather`` finds off the UI thread (a folder may be large) for an assistance file."""
        intake = MaterialIntake(self._context.desk, file_id, source)
        self._intakes.append(intake)
        self._context.runner.read(self, gather, partial(self._gathered, intake))

    def cancel(self) -> None:
        """Stop after the present chunk; files that were not taken in stay listed for :meth:`resume`."""
        self._reporter.cancel()

    def resume(self) -> None:
        """Go on with what a cancel left."""
        self._reporter.cancelled.clear()
        self._next()

    def drop_remaining(self) -> None:
        """Forget what a cancel left."""
        self._waiting.clear()
        self._done = self._total = 0

    def close(self) -> None:
        """Stop, and end the child processes; for a window that goes away."""
        self.cancel()
        self._waiting.clear()
        for intake in self._intakes:
            intake.close()
        self._intakes.clear()

    def _gathered(self, intake: MaterialIntake, items: Sequence[IntakeItem]) -> None:
        self._waiting.extend((intake, item) for item in items)
        self._total += len(items)
        if not items:
            self.finished.emit()
        if not self._is_running:
            self._reporter.cancelled.clear()
            self._next()

    def _next(self) -> None:
        if not self._waiting or self._reporter.cancelled.is_set():
            self._stop()
            return
        self._is_running = True
        intake, item = self._waiting[0]
        self.progressed.emit(self._done, self._total, item.shown_name)
        work = partial(_prepare, intake, item, self._reporter)
        self._context.runner.read(self, work, partial(self._prepared, intake, item), self._broke)

    def _prepared(self, intake: MaterialIntake, item: IntakeItem, answer: Prepared | IntakeResult) -> None:
        if isinstance(answer, Prepared):
            self._context.runner.write(self, partial(intake.admit, item, answer), self._settle, self._broke)
        else:
            self._settle(answer)

    def _settle(self, result: IntakeResult) -> None:
        if result.outcome is IntakeOutcome.CANCELLED:
            # it stays first in line
            self._stop()
            return
        self._waiting.popleft()
        self._done += 1
        if result.outcome is IntakeOutcome.ADDED:
            self._context.bus.publish(result.changes)
        self.result_arrived.emit(result)
        self._next()

    def _broke(self, _error: BaseException) -> None:
        """A bug went to the exception hook; the file it happened with stays first in line."""
        self._stop()

    def _stop(self) -> None:
        self._is_running = False
        self.progressed.emit(self._done, self._total, "")
        if not self._waiting:
            self._done = self._total = 0
            for intake in self._intakes:
                intake.close()
            self._intakes.clear()
        self.finished.emit()


def _prepare(intake: MaterialIntake, item: IntakeItem, reporter: Reporter) -> Prepared | IntakeResult:
    try:
        return intake.prepare(item, cancel=reporter.cancelled)
    except Cancelled:
        return IntakeResult(item.shown_name, IntakeOutcome.CANCELLED)
    except (RuleViolation, EnvironmentProblem) as error:
        return refused_result(item, error)
