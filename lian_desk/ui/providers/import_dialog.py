"""导入清单: read a hospital list off the UI thread, show what it changes row by row, take in the sound rows."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.services.hospital_files import ListedHospital, read_hospital_file
from lian_desk.services.hospital_import import (
    SOURCE_LENGTH,
    ImportHospitalList,
    ListChange,
    ListInput,
    ListPlan,
    PlannedRow,
    preview_list,
)
from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.storage.vault import Cancelled
from lian_desk.ui.common.cards import Notice
from lian_desk.ui.common.chips import FilterChips, FilterChoice
from lian_desk.ui.common.commands import carry_out
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.form_dialog import FormDialog
from lian_desk.ui.common.forms import CheckField, DateField, FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.states import ProgressLine
from lian_desk.ui.common.task_runner import Reporter
from lian_desk.ui.common.text import ElidedLabel
from lian_desk.ui.common.tokens import Tone
from lian_desk.ui.providers.columns import CHANGE_WORDS, planned_columns

_TAKEN: Final = (ListChange.NEW, ListChange.CHANGED, ListChange.TAKEN_OFF)
#: Taking off more than this share of the listed campuses is said loudly.
_MANY: Final = 0.1


class HospitalImportDialog(FormDialog):
    """One list; ``saved`` carries the number of campuses that were written."""

    def __init__(self, context: UiContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__("导入医院清单", primary="收下", width=980, parent=parent)
        self._context = context
        self._rows: tuple[ListedHospital, ...] | None = None
        self.plan: ListPlan | None = None
        self._generation = 0
        self._command_id = context.desk.new_id()
        self.file_line = ElidedLabel(path.name, "secondary")
        self.progress = ProgressLine("正在读取清单")
        self.panel = PlanPanel(context)
        self.panel.hide()
        self._build_form()
        self.primary.setEnabled(False)
        self._reporter = Reporter(self)
        self._reporter.progressed.connect(self.progress.show_progress)
        self.progress.cancelled.connect(self._reporter.cancel)
        self.finished.connect(lambda _result: self._reporter.cancel())
        self.resize(980, 740)
        context.runner.read(self, partial(_read, path, self._reporter), self._take_rows, self._refuse_file)

    def replan(self) -> None:
        """Compare the list again, for the day and the completeness that stand in the form."""
        if self._rows is None:
            return
        self._generation += 1
        self.plan = None
        self.primary.setEnabled(False)
        content = self._content()
        if content is not None:
            work = partial(preview_list, self._context.desk, content)
            self._context.runner.read(self, work, partial(self._show_plan, self._generation), self._refuse_file)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take in what was previewed."""
        content = self._content()
        if self.plan is None or content is None:
            self._set_busy(False)
            return
        count = sum(self.plan.count(change) for change in _TAKEN)
        command = ImportHospitalList(
            command_id=self._command_id, content=content, source=values["source"], accepted=self.plan.mark
        )
        carry_out(self._context, self, command, lambda _outcome: self.finish(count), self.refuse)

    def refuse(self, error: BaseException) -> None:
        """Override: when the directory changed meanwhile, compare again before anybody may agree."""
        super().refuse(error)
        if isinstance(error, DeskError) and error.code is ErrorCode.IMPORT_PREVIEW_OUTDATED:
            self._command_id = self._context.desk.new_id()
            self.replan()

    def _build_form(self) -> None:
        self.form.add_widget(self.file_line)
        self.form.add_row(
            DateField(FieldSpec(name="effective_on", label="生效日期", why="清单自这一天起有效（R85）。")),
            LineField(
                FieldSpec(
                    name="source",
                    label="清单名称与版本",
                    why="写在每一条记录上，说明依据哪一份清单（R31）。",
                    placeholder="利安人寿APP 医院清单 2026年10月版",
                    most=SOURCE_LENGTH,
                )
            ),
            stretches=(1, 3),
        )
        self.form.add_row(
            CheckField(
                FieldSpec(
                    name="is_whole", label="这是完整清单：清单上没有的医院自生效日起移出（记录保留）", optional=True
                )
            )
        )
        self.form.add_widget(self.progress)
        self.form.add_widget(self.panel)
        self.form.set_values({"effective_on": self._context.desk.today, "is_whole": False})
        for name in ("effective_on", "is_whole"):
            self.form.fields[name].edited.connect(self.replan)

    def _content(self) -> ListInput | None:
        """Return the list for what stands in the form, or None while the day cannot be read."""
        try:
            effective_on = self.form.fields["effective_on"].value()
        except FieldProblem:
            return None
        if effective_on is None or self._rows is None:
            return None
        return ListInput(self._rows, effective_on, bool(self.form.fields["is_whole"].value()))

    def _take_rows(self, rows: tuple[ListedHospital, ...] | None) -> None:
        self.progress.hide()
        if rows is None:
            self.show_banner("已停止读取，没有改动任何内容。", Tone.INFO)
            return
        self._rows = rows
        self.file_line.setText(f"{self.file_line.text()} · {len(rows):,} 行")
        self.panel.show()
        self.replan()

    def _refuse_file(self, error: BaseException) -> None:
        self.progress.hide()
        self.show_banner(sentence(error))

    def _show_plan(self, generation: int, plan: ListPlan) -> None:
        if generation != self._generation:
            return
        self.plan = plan
        self.panel.show_plan(plan)
        count = sum(plan.count(change) for change in _TAKEN)
        self.primary.setText(f"收下 {count:,} 项" if count else "没有变动")
        self.primary.setEnabled(count > 0)


class PlanPanel(QWidget):
    """The rows of a plan under chips with counts, and a sentence above."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: ListPlan | None = None
        self._source = MemoryRows[PlannedRow]()
        self.summary = Notice("", Tone.INFO)
        self.chips = FilterChips(
            [FilterChoice(None, "全部")]
            + [FilterChoice(change.value, CHANGE_WORDS[change].text) for change in ListChange]
        )
        self.chips.chosen.connect(self.show_part)
        spec = ListSpec(
            self._source,
            planned_columns(),
            EmptyWords("没有这样的行"),
            placeholder="医院名称 / 城市 / 说明",
            row_height=DENSE_ROW_HEIGHT,
            spoken="将要导入的医院",
        )
        self.list = RecordList(context, spec)
        row = QHBoxLayout()
        row.addWidget(self.chips)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.setMinimumHeight(400)

    def show_plan(self, plan: ListPlan) -> None:
        """Show what the list would change; faults first when there are any."""
        self._plan = plan
        self.chips.set_count(None, len(plan.rows))
        for change in ListChange:
            self.chips.set_count(change.value, plan.count(change))
        self.summary.set_notice(*_summary(plan))
        first = ListChange.FAULTY if plan.count(ListChange.FAULTY) else None
        self.chips.set_value(first.value if first is not None else None)
        self.show_part(self.chips.value)

    def show_part(self, value: object) -> None:
        """Show the rows with one change, or all of them."""
        rows: Sequence[PlannedRow] = self._plan.rows if self._plan is not None else ()
        self._source.replace([row for row in rows if value is None or row.change.value == value])
        self.list.reload()


def _summary(plan: ListPlan) -> tuple[str, Tone]:
    faults, off = plan.count(ListChange.FAULTY), plan.count(ListChange.TAKEN_OFF)
    taken = plan.count(ListChange.NEW) + plan.count(ListChange.CHANGED)
    parts = [f"可收下 {taken:,} 行（新增 {plan.count(ListChange.NEW):,}，变更 {plan.count(ListChange.CHANGED):,}）"]
    if off:
        parts.append(f"移出 {off:,} 家")
    if faults:
        parts.append(f"{faults:,} 行有误，不收下；可改正后再次导入")
    text = "；".join(parts) + "。"
    if off > _MANY * max(len(plan.rows), 1):
        return f"{text}移出较多，请确认这是一份完整的清单。", Tone.BROKEN
    return text, Tone.RISK if faults or off else Tone.INFO


def _read(path: Path, reporter: Reporter) -> tuple[ListedHospital, ...] | None:
    try:
        return read_hospital_file(path, report=reporter.report, cancel=reporter.cancelled)
    except Cancelled:
        return None
