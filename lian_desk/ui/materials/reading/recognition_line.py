"""One line about the reading of materials: how far, why it stands still, and how to pause or stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.reading_queue.jobs import CancelReading, PauseReading, ResumeReading
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import ElidedLabel, label
from lian_desk.ui.common.look.visibility import set_shown
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.recognition_run import ReadingProgress


class RecognitionLine(QFrame):
    """Hidden while nothing waits.

    Signals:
        said(str): a sentence about what was done.
    """

    said = Signal(str)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setProperty("role", "card")
        self._title = ElidedLabel("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(5)
        self._note = label("", "muted", wrap=True)
        self.pause = link_button("暂停", self._pause)
        self.resume = link_button("继续", self._resume)
        self.cancel = link_button("取消", self._cancel)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        for button in (self.pause, self.resume, self.cancel):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._note)
        self.hide()
        run = context.recognition
        if run is not None:
            run.progressed.connect(self.show_progress)
            if run.progress is not None:
                self.show_progress(run.progress)

    @property
    def words(self) -> str:
        """Everything the line says, for tests and tours."""
        return f"{self._title.text()} {self._note.text()}".strip()

    def show_progress(self, progress: ReadingProgress) -> None:
        """Show how far the queue is."""
        counts = progress.counts
        is_paused = counts.paused > 0
        is_working = counts.waiting > 0 and not progress.is_missing
        self._title.setText(self._words(progress))
        self._bar.setVisible(is_working)
        self._bar.setRange(0, max(progress.total, 1))
        self._bar.setValue(progress.done)
        self._note.setText(self._reason(progress))
        self._note.setVisible(bool(self._note.text()))
        self.pause.setVisible(is_working)
        self.resume.setVisible(is_paused)
        self.cancel.setVisible(is_working or is_paused)
        set_shown(self, is_working or is_paused or bool(self._note.text()))

    def _words(self, progress: ReadingProgress) -> str:
        counts = progress.counts
        if counts.paused:
            return f"识别已暂停 · 还有 {counts.paused + counts.waiting} 份"
        if counts.waiting:
            pages = f" · 第 {progress.page}/{progress.page_count} 页" if progress.page_count > 1 else ""
            return f"正在识别文字 · {progress.done}/{progress.total}{pages}"
        return "文字识别"

    def _reason(self, progress: ReadingProgress) -> str:
        if progress.is_missing:
            return sentence(EnvironmentProblem(ErrorCode.RECOGNITION_MISSING))
        if progress.counts.unauthorized:
            return f"{progress.counts.unauthorized} 份等信息授权核实后再识别。"
        return ""

    def _pause(self) -> None:
        self._run(PauseReading(command_id=self._context.desk.new_id()), "已暂停识别")

    def _resume(self) -> None:
        self._run(ResumeReading(command_id=self._context.desk.new_id()), "继续识别")

    def _cancel(self) -> None:
        self._run(CancelReading(command_id=self._context.desk.new_id()), "已取消识别，可在材料中重新识别")

    def _run(self, command: PauseReading | ResumeReading | CancelReading, words: str) -> None:
        carry_out(self._context, self, command, lambda _outcome: self.said.emit(words), self._refused)

    def _refused(self, error: BaseException) -> None:
        self.said.emit(sentence(error))
