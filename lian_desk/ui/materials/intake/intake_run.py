"""Drives an intake file by file: looked at and sealed on a reading thread, its row written on the writing thread.

While one file gets its row, the next one is sealed already. What was offered is planned in the database first, so that
the program may be killed at any moment and goes on at the next start.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from lian_desk.models.errors import EnvironmentProblem, RuleViolation
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.drop_folder import settle_taken
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, MaterialIntake, Prepared, refused_result
from lian_desk.services.materials.intake_plan import IntakePlans, LeftOver, Plan, intake_plans
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter

_MOST_ADMITTED_AT_ONCE = 2
_LARGE = 32 * 1024 * 1024


@dataclass(eq=False)
class _Job:
    """A plan that is being worked on."""

    intake: MaterialIntake
    source: MaterialSource
    plan_id: int


@dataclass(frozen=True)
class _Piece:
    job: _Job
    item: IntakeItem


class IntakeRun(QObject):
    """Takes many files in, one after the other; the window stays usable, and what is left can be taken in later.

    Signals:
        progressed(int, int, str): files done, files in all, the present name.
        result_arrived(object): an ``IntakeResult``.
        finished(): nothing is under way any more.
        left_over_found(object): list of ``LeftOver``, the answer to :meth:`look_for_left_over`.
    """

    progressed = Signal(int, int, str)
    result_arrived = Signal(object)
    finished = Signal()
    left_over_found = Signal(object)

    def __init__(self, context: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: deque[_Piece] = deque()
        self._later: list[_Piece] = []
        self._jobs: list[_Job] = []
        self._reporter = Reporter(self)
        self._reporter.progressed.connect(self._tell_part)
        self._done = 0
        self._total = 0
        self._gathering = 0
        self._admitting = 0
        self._is_preparing = False

    @property
    def is_running(self) -> bool:
        """True while a file is looked for, sealed or written."""
        return self._is_preparing or self._admitting > 0 or self._gathering > 0

    @property
    def remaining_count(self) -> int:
        """Files that wait: after a cancel, or for a disk or network that is back."""
        return len(self._waiting) + len(self._later)

    @property
    def _plans(self) -> IntakePlans:
        return intake_plans(self._context.desk)

    # ------------------------------------------------------------------------------------------------------ wishes

    def start(self, file_id: int, source: MaterialSource, gather: Callable[[], Sequence[IntakeItem]]) -> None:
        """Take in what ``gather`` finds off the UI thread (a folder may be large) for an assistance file."""
        self._gathering += 1
        self._context.runner.read(self, gather, partial(self._gathered, file_id, source), self._gathering_broke)

    def look_for_left_over(self, file_id: int | None) -> None:
        """Ask which intakes of a file (or of all) a crash or an end of the program left unfinished."""
        work = partial(self._plans.left_over, file_id)
        self._context.runner.read(self, work, self.left_over_found.emit)

    def go_on_with(self, left: LeftOver) -> None:
        """Take in what an earlier program left."""
        self._gathering += 1
        begun = partial(self._begun, left.assistance_file_id, left.source)
        self._context.runner.read(self, partial(self._plans.resume, left.job_id), begun, self._gathering_broke)

    def forget(self, left: LeftOver) -> None:
        """What an earlier program left is not wanted any more; the files themselves stay where they are."""
        self._context.runner.write(self, partial(self._plans.end, left.job_id), _nothing)

    def cancel(self) -> None:
        """Stop after the present chunk; files that were not taken in stay listed for :meth:`resume`."""
        self._reporter.cancel()

    def resume(self) -> None:
        """Go on with what a cancel or a lost disk left."""
        self._reporter.cancelled.clear()
        self._waiting.extend(self._later)
        self._done -= len(self._later)
        self._later.clear()
        self._next()

    def drop_remaining(self) -> None:
        """Forget what is left."""
        self._waiting.clear()
        self._later.clear()
        if not self.is_running:
            self._end_jobs(self._jobs)
            self._done = self._total = 0

    def close(self) -> None:
        """Stop, and end the child processes; for a window that goes away. What waits is found at the next look."""
        self.cancel()
        self._waiting.clear()
        for job in self._jobs:
            self._plans.pause(job.plan_id)
            job.intake.close()
        self._jobs.clear()

    # ------------------------------------------------------------------------------------------------------- stages

    def _gathered(self, file_id: int, source: MaterialSource, items: Sequence[IntakeItem]) -> None:
        if not items:
            self._gathering -= 1
            self.finished.emit()
            return
        work = partial(self._plans.begin, file_id, source, items)
        self._context.runner.write(self, work, partial(self._begun, file_id, source), self._gathering_broke)

    def _begun(self, file_id: int, source: MaterialSource, plan: Plan) -> None:
        self._gathering -= 1
        job = _Job(MaterialIntake(self._context.desk, file_id, source), source, plan.job_id)
        self._jobs.append(job)
        was_running = self.is_running
        self._waiting.extend(_Piece(job, item) for item in plan.items)
        self._total += len(plan.items)
        if not was_running:
            self._reporter.cancelled.clear()
        self._next()

    def _gathering_broke(self, error: BaseException) -> None:
        self._gathering -= 1
        if isinstance(error, RuleViolation | EnvironmentProblem):
            self.result_arrived.emit(refused_result(IntakeItem("", b""), error))
        self.finished.emit()

    def _next(self) -> None:
        if self._is_preparing or self._admitting >= _MOST_ADMITTED_AT_ONCE:
            return
        if not self._waiting or self._reporter.cancelled.is_set():
            self._stop_if_still()
            return
        piece = self._waiting.popleft()
        self._is_preparing = True
        self.progressed.emit(self._done, self._total, piece.item.shown_name)
        progress = partial(_report, self._reporter, piece.item.shown_name)
        work = partial(piece.job.intake.attempt, piece.item, progress=progress, cancel=self._reporter.cancelled)
        self._context.runner.read(self, work, partial(self._prepared, piece), partial(self._broke, piece))

    def _tell_part(self, done: int, total: int, name: str) -> None:
        if self._is_preparing and total:
            self.progressed.emit(self._done, self._total, f"{name} · {100 * done // total}%")

    def _prepared(self, piece: _Piece, answer: Prepared | IntakeResult) -> None:
        self._is_preparing = False
        if isinstance(answer, Prepared) and self._reporter.cancelled.is_set():
            self._context.runner.write(self, partial(piece.job.intake.let_go, answer), _nothing)
            answer = IntakeResult(piece.item.shown_name, IntakeOutcome.CANCELLED)
        if isinstance(answer, Prepared):
            work = partial(piece.job.intake.admit, piece.item, answer)
        elif answer.outcome is IntakeOutcome.CANCELLED:
            # it stays first in line
            self._waiting.appendleft(piece)
            self._stop_if_still()
            return
        else:
            work = partial(_settled, piece.job.intake, piece.item, answer)
        self._admitting += 1
        self._context.runner.write(self, work, partial(self._admitted, piece), partial(self._admission_broke, piece))
        self._next()

    def _admitted(self, piece: _Piece, result: IntakeResult) -> None:
        self._admitting -= 1
        self._done += 1
        if result.may_retry:
            self._later.append(piece)
        if result.outcome is IntakeOutcome.ADDED:
            self._context.bus.publish(result.changes)
        self.result_arrived.emit(result)
        self._next()

    def _admission_broke(self, piece: _Piece, error: BaseException) -> None:
        self._admitting -= 1
        self._broke(piece, error)

    def _broke(self, piece: _Piece, _error: BaseException) -> None:
        """A bug went to the exception hook; the file it happened with is offered again, the others wait."""
        self._is_preparing = False
        self._waiting.appendleft(piece)
        self._reporter.cancel()
        self._stop_if_still()

    def _stop_if_still(self) -> None:
        if self.is_running:
            return
        self.progressed.emit(self._done, self._total, "")
        kept = {piece.job for piece in (*self._waiting, *self._later)}
        self._end_jobs([job for job in self._jobs if job not in kept])
        if not self.remaining_count:
            self._done = self._total = 0
        self.finished.emit()

    def _end_jobs(self, jobs: Sequence[_Job]) -> None:
        for job in list(jobs):
            self._jobs.remove(job)
            self._context.runner.write(self, partial(self._end, job), _nothing)

    def _end(self, job: _Job) -> None:
        """On the writing thread: what came from the drop folder goes out of the way, and the plan is forgotten."""
        job.intake.close()
        if job.source is MaterialSource.DROP_FOLDER:
            settle_taken(self._context.desk, self._plans.taken_paths(job.plan_id))
        self._plans.end(job.plan_id)


def _report(reporter: Reporter, name: str, done: int, total: int) -> None:
    """Tell how far a large file is; a small one is through before anybody has read it."""
    if total >= _LARGE:
        reporter.report(done, total, name)


def _settled(intake: MaterialIntake, item: IntakeItem, result: IntakeResult) -> IntakeResult:
    intake.settle(item, result)
    return result


def _nothing(_result: object) -> None:
    """The plan is gone; nobody waits for it."""
