"""批量文书: the same paper for many files, as many PDFs or bound into one, with progress and a way to stop."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.papers.batch_files import MOST_AT_ONCE, Holder, batch_files, holders
from lian_desk.services.papers.batches import IN_BATCHES, BatchOrder, BatchResult, issue_batch
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.fields import FieldProblem
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import ChoiceField, ComboField, DateField, FieldSpec, LineField
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.states import ProgressLine
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter
from lian_desk.ui.papers.folder_field import FolderField
from lian_desk.ui.papers.paper_form import documents_folder

_EVERYBODY: Final = 0
_EACH: Final = "each"
_BOUND: Final = "bound"
_SETTLE_MS: Final = 250
_FAULTS_SHOWN: Final = 5
_READERS: Final = (MaskingLevel.INTERNAL, MaskingLevel.INSURED)


class BatchDialog(FormDialog):
    """Choose kind, files and place; the papers are issued one after the other. ``saved`` carries the result."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("批量文书", primary="开始", width=560, parent=parent)
        self._context = context
        self._files: tuple[int, ...] = ()
        self._generation = 0
        self._reporter: Reporter | None = None
        self.cancel.setText("关闭")
        self._add_fields()
        self.count = label("正在统计档案…", "secondary", wrap=True)
        self.progress = ProgressLine("正在签发")
        self.progress.hide()
        self.form.add_widget(self.count)
        self.form.add_widget(self.progress)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.recount)
        self.form.edited.connect(self._edited_choice)
        self.resize(560, 720)
        context.runner.read(self, partial(holders, context.desk), self._offer_holders, self.refuse)

    @property
    def file_count(self) -> int:
        """Files that the choices mean."""
        return len(self._files)

    def recount(self) -> None:
        """Find the files that the choices mean."""
        self._generation += 1
        holder = self._quiet("holder") or None
        work = partial(batch_files, self._context.desk, holder, self._period())
        self._context.runner.read(self, work, partial(self._show_count, self._generation), self.refuse)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: issue the papers off the UI thread."""
        wrong = self._fault(values)
        if wrong is not None:
            self._set_busy(False)
            self.form.show_error(*wrong)
            return
        # a box of choices gives the plain word of a member back
        kind = DocumentKind(values["kind"])
        order = BatchOrder(
            kind=kind,
            file_ids=self._files,
            folder=Path(values["folder"]),
            masking=MaskingLevel(values["masking"]),
            purpose=values.get("purpose") or "",
            period=self._period() if kind is DocumentKind.FOLLOW_UP_RECORD else None,
            as_one=values["binding"] == _BOUND,
        )
        reporter = self._reporter = Reporter(self)
        reporter.progressed.connect(self.progress.show_progress)
        self.progress.cancelled.connect(reporter.cancel)
        self.progress.show_progress(0, len(order.file_ids))
        self.progress.show()
        self._context.runner.write(self, partial(self._issue, order, reporter), self._done, self._stopped)

    def _issue(self, order: BatchOrder, reporter: Reporter) -> BatchResult:
        result = issue_batch(self._context.desk, order, report=reporter.report, cancelled=reporter.cancelled.is_set)
        for changes in result.changes:
            self._context.bus.arrived.emit(changes)
        return result

    def _done(self, result: BatchResult) -> None:
        self._set_busy(False)
        self.progress.hide()
        told = [f"已签发 {result.issued:,} 份，共 {result.pages:,} 页"]
        if result.joined is not None:
            told.append(f"合订为 {result.joined.name}")
        if result.replaced:
            told.append(f"有字体中没有的字符，纸面上以编码代替：{'、'.join(sorted(result.replaced))}")
        if result.is_cancelled:
            told.append("已按要求停止，其余没有开始")
        if result.faults:
            told.append(f"{len(result.faults)} 份没有签发：{'；'.join(result.faults[:_FAULTS_SHOWN])}")
        tone = Tone.RISK if result.faults or result.is_cancelled or result.replaced else Tone.KEPT
        self.show_banner("；".join(told) + "。", tone)
        self.saved.emit(result)

    def _stopped(self, error: BaseException) -> None:
        self.progress.hide()
        self.refuse(error)

    def _fault(self, values: dict[str, Any]) -> tuple[str, str] | None:
        first, last = values.get("period_from"), values.get("period_to")
        if (first is None) != (last is None):
            return "period_to" if last is None else "period_from", "起止日期请一起填写，或都留空。"
        if first is not None and last is not None and last < first:
            return "period_to", "止日早于起日，请核对。"
        return None if self._files else ("holder", "没有符合条件的档案。")

    def _edited_choice(self) -> None:
        self._dirty = False
        self._settle.start()

    def _show_count(self, generation: int, files: tuple[int, ...]) -> None:
        if generation != self._generation:
            return
        self._files = files
        more = f"（一次最多 {MOST_AT_ONCE:,} 份，其余请分批）" if len(files) == MOST_AT_ONCE else ""
        self.count.setText(f"将为 {len(files):,} 份在管档案各签发一份{more}。")

    def _offer_holders(self, found: tuple[Holder, ...]) -> None:
        field = self.form.fields["holder"]
        if isinstance(field, ComboField):
            total = sum(holder.file_count for holder in found)
            each = [(holder.key, f"{holder.name}（{holder.file_count:,} 份）") for holder in found]
            field.set_choices([(_EVERYBODY, f"全部专案管家（{total:,} 份）"), *each])
            own = self._context.desk.operator.id
            field.set_value(own if own in [holder.key for holder in found] else _EVERYBODY)
        self.recount()

    def _period(self) -> Any:
        first, last = self._quiet("period_from"), self._quiet("period_to")
        return (first, last) if first is not None and last is not None and first <= last else None

    def _quiet(self, name: str) -> Any:
        try:
            return self.form.fields[name].value()
        except FieldProblem:
            return None

    def _add_fields(self) -> None:
        form = self.form
        form.add_row(ComboField(FieldSpec(name="kind", label="文书"), [(kind, phrase(kind)) for kind in IN_BATCHES]))
        form.add_row(ComboField(FieldSpec(name="holder", label="谁的档案")))
        form.add_row(
            DateField(FieldSpec(name="period_from", label="期间起", optional=True, why="只选期间内有随访的档案。")),
            DateField(FieldSpec(name="period_to", label="期间止", optional=True)),
        )
        levels = [FilterChoice(level.value, phrase(level)) for level in _READERS]
        form.add_row(ChoiceField(FieldSpec(name="masking", label="给谁看"), levels))
        form.add_row(
            LineField(FieldSpec(name="purpose", label="用途", optional=True, placeholder="例如：月度归档", most=200))
        )
        binding = [FilterChoice(_EACH, "一份档案一个 PDF"), FilterChoice(_BOUND, "合订成一个 PDF")]
        form.add_row(ChoiceField(FieldSpec(name="binding", label="成品"), binding))
        form.add_row(FolderField(FieldSpec(name="folder", label="保存到")))
        form.set_values(
            {
                "kind": IN_BATCHES[0],
                "masking": MaskingLevel.INTERNAL.value,
                "binding": _EACH,
                "folder": documents_folder(),
            }
        )
