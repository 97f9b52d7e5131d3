"""材料核对: every row against its stored file, with progress and cancel; what is wrong and what can be done about it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.adapters.storage.vault import Cancelled
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.upkeep.repair import Recovery, recover_from, set_findings_aside, take_in_again
from lian_desk.services.upkeep.stored_files import FAULT_WORDS, Fault, Finding, IntegrityReport, check_materials
from lian_desk.ui.common.lists.plain_table import PlainTable
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState, ProgressLine
from lian_desk.ui.common.look.text import hairline, label
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter

_HEADINGS: Final = ("哪里", "怎么了", "怎么办")
_PLACE, _FAULT, _ADVICE = range(3)
_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class FindingTableModel(QAbstractTableModel):
    """The findings of a check, one a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings: tuple[Finding, ...] = ()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.findings = tuple(findings)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.columnCount."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.headerData."""
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if is_heading and section < len(_HEADINGS) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self.findings):
            return None
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        finding = self.findings[index.row()]
        digest = f"校验值 {finding.sha256[:12]}…" if finding.sha256 else "材料文件夹"
        return (finding.file_number or digest, FAULT_WORDS[finding.fault], finding.advice)[index.column()]


class IntegrityDialog(QDialog):
    """Checks as soon as it opens; nothing is deleted, what is replaced or has no row moves into quarantine.

    Signals:
        material_chosen(object): key of a material to be looked at.
    """

    material_chosen = Signal(object)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("材料核对")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._reporter = Reporter(self)
        self.report: IntegrityReport | None = None
        self._said = ""
        self.model = FindingTableModel(self)
        self.table = PlainTable(self.model, "核对发现的问题", {_PLACE: 170, _FAULT: 220}, _ADVICE)
        self._advice = label("", "secondary", wrap=True)
        self.progress = ProgressLine("正在核对")
        self.notice = Notice("", Tone.INFO)
        self._state = EmptyState("", "")
        self._stack = QStackedWidget()
        self.recover_button = SecondaryButton("从副本取回…", self._ask_copy)
        self.again_button = SecondaryButton("重新收取…", self._ask_file)
        self.aside_button = SecondaryButton("移入隔离文件夹", self._set_aside)
        self.show_button = SecondaryButton("看材料", self._show)
        self.check_button = SecondaryButton("再核对一次", self.check)
        self.close_button = PrimaryButton("关闭", self.accept)
        self._lay_out()
        self.progress.cancelled.connect(self._reporter.cancel)
        self._reporter.progressed.connect(self.progress.show_progress)
        self.table.selectionModel().selectionChanged.connect(lambda *_details: self._allow())
        self.resize(880, 480)
        self.check()

    def check(self) -> None:
        """Compare all rows with all files."""
        work = partial(_check, self._context, self._reporter)
        self._begin("正在核对")
        self._context.runner.read(self, work, self._checked, self._failed)

    def reject(self) -> None:
        """Override: what is under way stops at its next safe place."""
        self._reporter.cancel()
        super().reject()

    @property
    def chosen(self) -> list[Finding]:
        """The chosen findings."""
        return [self.model.findings[row] for row in self.table.chosen_rows]

    # -------------------------------------------------------------------------------------------------------- answers

    def _begin(self, words: str) -> None:
        self._reporter.cancelled.clear()
        self.progress.setVisible(True)
        self.progress.restart(words)
        self.notice.set_notice("")
        self._stack.setEnabled(False)
        for button in self._all_buttons():
            button.setEnabled(False)

    def _end(self) -> None:
        self.progress.setVisible(False)
        self._stack.setEnabled(True)
        self.check_button.setEnabled(True)
        self._allow()

    def _checked(self, report: IntegrityReport | None) -> None:
        self._end()
        if report is None:
            self._show_state("已停止", "没有核对完；可以再核对一次。")
            return
        self.report = report
        self.model.show_findings(report.findings)
        self._allow()
        said, self._said = self._said, ""
        if report.is_sound:
            counted = f"核对了 {report.material_count:,} 份材料、{report.stored_count:,} 个文件，都与登记相符。"
            self._show_state("材料完好", counted)
            self.notice.set_notice(said, Tone.KEPT)
            return
        self._stack.setCurrentWidget(self.table)
        self.table.choose_first()
        words = f"{report.material_count:,} 份材料中有 {len(report.findings):,} 处问题，没有删除任何东西。"
        self.notice.set_notice(f"{said}{words}", Tone.RISK)

    def _recovered(self, recovery: Recovery | None) -> None:
        if recovery is None:
            self._end()
            self.notice.set_notice("已停止；取回的仍然有效。", Tone.RISK)
            return
        words = f"从副本取回 {len(recovery.recovered):,} 份"
        missing = f"，{len(recovery.missing):,} 份在副本里没有找到完好的文件" if recovery.missing else ""
        self._after(f"{words}{missing}。")

    def _after(self, words: str) -> None:
        """Check again; the words are said when the new report stands."""
        self._said = words
        self.check()

    def _failed(self, error: BaseException) -> None:
        self._end()
        self.notice.set_notice(sentence(error), Tone.BROKEN)

    # --------------------------------------------------------------------------------------------------------- wishes

    def _ask_copy(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "选择材料文件夹（materials）或整个工作区的副本")
        if name:
            self.recover(Path(name))

    def recover(self, folder: Path) -> None:
        """Put back what a copy of the materials has, for the chosen findings or for all."""
        findings = self.chosen or list(self.model.findings)
        self._begin("正在从副本取回")
        work = partial(_recover, self._context, findings, folder, self._reporter)
        self._context.runner.write(self, work, self._recovered, self._failed)

    def _ask_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, "选择同一份文件")
        if name:
            self.take_again(Path(name))

    def take_again(self, path: Path) -> None:
        """Put the same file, sent anew, into the place of the chosen one."""
        finding = self.chosen[0]
        self._begin("正在收取")
        work = partial(take_in_again, self._context.desk, finding, path)
        self._context.runner.write(
            self, work, lambda _none: self._after("文件已补回，与登记的校验值相符。"), self._failed
        )

    def _set_aside(self) -> None:
        findings = [finding for finding in self.chosen if finding.fault is Fault.ORPHAN]
        self._begin("正在移入隔离文件夹")
        work = partial(set_findings_aside, self._context.desk, findings)
        self._context.runner.write(self, work, self._after_setting_aside, self._failed)

    def _after_setting_aside(self, count: int) -> None:
        self._after(f"移入隔离文件夹 {count:,} 个文件，没有删除。")

    def _show(self) -> None:
        key = self.chosen[0].material_id
        self.accept()
        self.material_chosen.emit(key)

    # --------------------------------------------------------------------------------------------------------- layout

    def _allow(self) -> None:
        chosen = self.chosen
        one = chosen[0] if len(chosen) == 1 else None
        self._advice.setText("" if one is None else one.advice)
        is_lead = self._context.desk.operator.role in LEADS
        repairable = [finding for finding in chosen or self.model.findings if finding.is_repairable]
        self.recover_button.setEnabled(bool(repairable))
        self.again_button.setEnabled(one is not None and one.is_repairable)
        self.aside_button.setEnabled(is_lead and any(finding.fault is Fault.ORPHAN for finding in chosen))
        self.aside_button.setToolTip("" if is_lead else "由主管决定")
        self.show_button.setEnabled(one is not None and one.material_id is not None)

    def _show_state(self, title: str, words: str) -> None:
        self._state.show_state(title, words)
        self._stack.setCurrentWidget(self._state)

    def _all_buttons(self) -> tuple[SecondaryButton, ...]:
        return (self.recover_button, self.again_button, self.aside_button, self.show_button, self.check_button)

    def _lay_out(self) -> None:
        self._stack.addWidget(self._state)
        self._stack.addWidget(self.table)
        wishes = QHBoxLayout()
        for button in (self.recover_button, self.again_button, self.aside_button, self.show_button):
            wishes.addWidget(button)
        wishes.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(label("逐份比对登记与加密文件；不删除任何内容。", "muted"))
        foot.addStretch(1)
        foot.addWidget(self.check_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addWidget(label("材料核对", "title"))
        column.addWidget(self.notice)
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)
        column.addWidget(self._advice)
        column.addLayout(wishes)
        column.addWidget(hairline())
        column.addLayout(foot)


def _check(context: UiContext, reporter: Reporter) -> IntegrityReport | None:
    """Off the UI thread; None when somebody stopped it."""
    try:
        return check_materials(context.desk, progress=reporter.report, cancel=reporter.cancelled)
    except Cancelled:
        return None


def _recover(context: UiContext, findings: Sequence[Finding], folder: Path, reporter: Reporter) -> Recovery | None:
    """Off the UI thread; None when somebody stopped it."""
    try:
        return recover_from(context.desk, findings, folder, progress=reporter.report, cancel=reporter.cancelled)
    except Cancelled:
        return None
