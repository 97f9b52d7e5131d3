"""One way for every file that a lead takes in: choose or drop it, read it off the UI thread, show what it would do, agree.

A page mixes in :class:`TakesOneFile`; its dialog extends :class:`ImportDialog` and says how its file is read and what
taking it in would do.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from lian_desk.adapters.storage.vault import Cancelled
from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import ProgressLine
from lian_desk.ui.common.look.text import ElidedLabel
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter

_STOPPED = "已停止读取，没有改动任何内容。"


class _OpensFile(Protocol):
    def offer(self, path: Path) -> object: ...


class TakesOneFile:
    """Mixed into a page, before its base: one file is chosen by button or dropped, and its preview opened.

    The page has ``offer(path)``; it says by ``setAcceptDrops`` whether the operator may take anything in.
    """

    file_title: ClassVar[str] = ""
    file_filters: ClassVar[str] = ""

    def choose_file(self) -> None:
        """Ask for a file and open its preview."""
        name, _kind = QFileDialog.getOpenFileName(cast("QWidget", self), self.file_title, "", self.file_filters)
        if name:
            cast("_OpensFile", self).offer(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: one file is welcome."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: open the preview of what was dropped."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            cast("_OpensFile", self).offer(path)


def dropped_file(mime: QMimeData) -> Path | None:
    """Return the one file that is dropped, None for anything else."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 else None


class ImportDialog(FormDialog):
    """Base of the previews: a file is read, a plan is reckoned for what stands in the form, a lead agrees to it.

    Nobody agrees to what he has not seen: every change takes the plan away until it is reckoned anew, and a plan that
    the data have outrun is reckoned again before the button works.
    """

    def __init__(
        self, context: UiContext, title: str, *, primary: str, file_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title, primary=primary, width=980, parent=parent)
        self._context = context
        self._generation = 0
        self._could_agree = False
        self.plan: Any = None
        self.command_id = context.desk.new_id()
        self.file_line = ElidedLabel(file_name, "secondary")
        self.progress = ProgressLine("正在读取文件")
        self._reporter = Reporter(self)
        self._reporter.progressed.connect(self.progress.show_progress)
        self.progress.cancelled.connect(self._reporter.cancel)
        self.finished.connect(lambda _result: self._reporter.cancel())
        self.primary.setEnabled(False)

    # --------------------------------------------------------------------------------------------- for subclasses

    def plan_work(self) -> Callable[[], object] | None:
        """Return what reckons the plan, to run off the UI thread; None while there is nothing to reckon. Override."""
        return None

    def show_plan(self, plan: Any) -> None:
        """Show what taking in would do, and let the button work where there is something. Override."""

    def refuse_file(self, error: BaseException) -> None:
        """Say why a file cannot be read."""
        self.progress.hide()
        self.show_banner(sentence(error))

    # --------------------------------------------------------------------------------------------------- the flow

    def read(self, work: Callable[[Reporter], Any], done: Callable[[Any], object]) -> None:
        """Read off the UI thread with progress; ``done`` gets what was read, unless somebody stopped it."""
        self._reporter.cancelled.clear()
        self.progress.show()
        self._context.runner.read(
            self, partial(_until_stopped, work, self._reporter), partial(self._take, done), self.refuse_file
        )

    def replan(self) -> None:
        """Reckon the plan anew for what stands in the form."""
        self._generation += 1
        self.plan = None
        self.primary.setEnabled(False)
        work = self.plan_work()
        if work is not None:
            self._context.runner.read(self, work, partial(self._take_plan, self._generation), self.refuse_file)

    def refuse(self, error: BaseException) -> None:
        """Override: when the data changed meanwhile, reckon again before anybody may agree."""
        super().refuse(error)
        if isinstance(error, DeskError) and error.code is ErrorCode.IMPORT_PREVIEW_OUTDATED:
            self.command_id = self._context.desk.new_id()
            self.replan()

    def stay(self) -> None:
        """There is nothing to take in: the form is free again."""
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - the setter of a state
        if busy:
            self._could_agree = self.primary.isEnabled()
        super()._set_busy(busy)
        if not busy:
            self.primary.setEnabled(self.plan is not None and self._could_agree)

    def _take(self, done: Callable[[Any], object], found: Any) -> None:
        self.progress.hide()
        if found is None:
            self.show_banner(_STOPPED, Tone.INFO)
            return
        done(found)

    def _take_plan(self, generation: int, plan: Any) -> None:
        if generation == self._generation:
            self.plan = plan
            self.show_plan(plan)


def _until_stopped(work: Callable[[Reporter], Any], reporter: Reporter) -> Any:
    try:
        return work(reporter)
    except Cancelled:
        return None
