"""导出整份档案: who asks and how that was checked, where to; progress and a way to stop."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import IdentityCheckMethod, SignerKind
from lian_desk.services.papers.file_export import (
    FileExportOrder,
    FinishedExport,
    PlannedExport,
    abandon_export,
    begin_export,
    write_export,
)
from lian_desk.services.words.formats import size
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.folder_field import FolderField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import ChoiceField, FieldSpec, LineField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.states import ProgressLine
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter
from lian_desk.ui.papers.paper_form import documents_folder

_WARNING: Final = "导出的是未加密、未遮盖的整份档案：材料原件、个案摘要、随访记录和校验清单。请只交给被保险人本人或其监护人，并提醒妥善保管。"


class FileExportDialog(FormDialog):
    """The whole file as one ZIP. ``saved`` carries the :class:`FinishedExport`."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__("导出整份档案", primary="导出 ZIP", width=640, parent=parent)
        self._context = context
        self._file_id = file_id
        self._planned: PlannedExport | None = None
        self._reporter: Reporter | None = None
        self.progress = ProgressLine("正在导出")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop)
        self._build()
        self.fit()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: write the wish down and draw the papers, then copy beside the write lane."""
        order = FileExportOrder(
            file_id=self._file_id,
            requested_by=SignerKind(values["requested_by"]),
            identity_method=IdentityCheckMethod(values["identity_method"]),
            identity_note=values["identity_note"],
            reason=values["reason"],
        )
        folder = Path(values["folder"])
        work = partial(begin_export, self._context.desk, order)
        self._context.runner.write(self, work, partial(self._copy, folder), self.refuse)

    # ------------------------------------------------------------------------------------------------------- inside

    def _copy(self, folder: Path, planned: PlannedExport) -> None:
        for changes in planned.changes:
            self._context.bus.arrived.emit(changes)
        self._planned = planned
        self._reporter = reporter = Reporter(self)
        reporter.progressed.connect(self._show_progress)
        self.progress.show()
        desk = self._context.desk
        work = partial(write_export, desk, planned, folder, reporter.report, reporter.cancelled.is_set)
        self._context.runner.read(self, work, self._finished, self._failed)

    def _show_progress(self, done: int, total: int, name: str) -> None:
        # in kilobytes: the bar counts in 32 bits
        self.progress.show_progress(done // 1024, max(total // 1024, 1), name)

    def _stop(self) -> None:
        if self._reporter is not None:
            self._reporter.cancel()

    def _finished(self, done: FinishedExport | None) -> None:
        self.progress.hide()
        self._set_busy(False)
        if done is None:
            self._write_off()
            self.show_banner("已停止，没有留下文件。", Tone.INFO)
            return
        kept = f"；{done.withheld_count} 份没有提供，原因写在清单里" if done.withheld_count else ""
        self.show_banner(f"已导出 {done.item_count} 份材料（{size(done.byte_count)}）{kept}：{done.target}", Tone.KEPT)
        self._dirty = False
        self.cancel.setText("关闭")
        self.saved.emit(done)

    def _failed(self, error: BaseException) -> None:
        self.progress.hide()
        self._write_off()
        self.refuse(error)

    def _write_off(self) -> None:
        """The feed says that nothing was handed out after all."""
        planned = self._planned
        if planned is not None:
            work = partial(abandon_export, self._context.desk, planned)
            self._context.runner.write(self, work, self._context.bus.arrived.emit)

    def _build(self) -> None:
        self.form.add_widget(Notice(_WARNING, Tone.RISK))
        askers = [FilterChoice(kind.value, phrase(kind)) for kind in (SignerKind.INSURED, SignerKind.GUARDIAN)]
        self.form.add_row(ChoiceField(FieldSpec(name="requested_by", label="谁要求"), askers))
        methods = [FilterChoice(method.value, phrase(method)) for method in IdentityCheckMethod]
        self.form.add_row(ChoiceField(FieldSpec(name="identity_method", label="怎样核对了身份"), methods))
        self.form.add_row(
            LineField(
                FieldSpec(
                    name="identity_note",
                    label="核对了什么",
                    placeholder="例如：视频中出示身份证，照片与本人一致",
                    why="交出整份档案前再核对一次身份（R16）。",
                    most=200,
                )
            )
        )
        self.form.add_row(LineField(FieldSpec(name="reason", label="原因", placeholder="例如：转到外地就医", most=200)))
        self.form.add_row(FolderField(FieldSpec(name="folder", label="保存到", why="文件名只含档案号与时间。")))
        self.form.add_widget(self.progress)
        self.form.set_values({"folder": documents_folder()})


def open_file_export(context: UiContext, parent: QWidget, subject: int) -> None:
    """Open the export of the file with key ``subject``."""
    FileExportDialog(context, subject, parent.window()).open()
