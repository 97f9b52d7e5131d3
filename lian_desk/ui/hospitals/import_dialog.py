"""导入名录: read a hospital list off the UI thread, show what it changes row by row, mend rows, take in the sound ones."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.adapters.tables.book import read_book
from lian_desk.adapters.tables.cells import Book
from lian_desk.adapters.tables.reading import FoundTable
from lian_desk.services.hospitals.list_files import HOSPITAL_LIST, HospitalReading, read_hospitals
from lian_desk.services.hospitals.list_import import (
    SOURCE_LENGTH,
    ImportHospitalList,
    ListChange,
    ListInput,
    ListPlan,
    PlannedRow,
    preview_list,
)
from lian_desk.ui.common.forms.forms import CheckField, DateField, FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.imports.mending_table import MendColumn, MendLine
from lian_desk.ui.common.imports.table_import import TableImportDialog, TableKind
from lian_desk.ui.common.look.chips import ChipText, FilterChoice
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.task_runner import Reporter
from lian_desk.ui.hospitals.columns import CHANGE_WORDS

_TAKEN: Final = (ListChange.NEW, ListChange.CHANGED, ListChange.TAKEN_OFF)
#: Taking off more than this share of the listed campuses is said loudly.
_MANY: Final = 0.1
_COLUMNS: Final = (
    MendColumn("name", "医院名称", 200),
    MendColumn("campus", "院区", 84),
    MendColumn("province", "省份", 84),
    MendColumn("city", "城市", 104),
    MendColumn("county", "区县", 84),
    MendColumn("level", "等级", 128),
    MendColumn("grade", "等次", 64),
    MendColumn("specialty", "专科", 96),
    MendColumn("on_list_from", "列入日期", 108),
    MendColumn("on_list_to", "移出日期", 108),
    MendColumn("code", "编号", 104),
    MendColumn("aliases", "别名", 130),
)
_SHOWN_WITHOUT_FILE: Final = {"name": 3, "campus": 4, "city": 5}
"""Fields of a planned row that the file does not name, by their place in it."""


class HospitalImportDialog(TableImportDialog):
    """One list; ``saved`` carries the number of campuses that were written."""

    def __init__(self, context: UiContext, path: Path, parent: QWidget | None = None) -> None:
        parts = [FilterChoice(change.value, CHANGE_WORDS[change].text) for change in ListChange]
        kind = TableKind(HOSPITAL_LIST, _COLUMNS, parts, _open, _read, _lines)
        super().__init__(context, path, kind, title="导入医院名录", primary="导入", parent=parent)
        self._build_form()
        self.resize(1120, 760)
        self.begin()

    @property
    def planned(self) -> ListPlan | None:
        """The plan in force, None while it is reckoned."""
        return self.plan if isinstance(self.plan, ListPlan) else None

    def plan_for(self) -> Callable[[], ListPlan] | None:
        """Override: compare the list for the day and the completeness that stand in the form."""
        reading, effective_on = self.reading, self._effective_on()
        if not isinstance(reading, HospitalReading) or effective_on is None:
            return None
        return partial(_plan, self._context, reading, effective_on, bool(self.form.fields["is_whole"].value()))

    def show_effects(self, plan: ListPlan) -> None:
        """Override: the plan in one sentence; the button works where there is anything to take in."""
        self.table_field.summary.set_notice(*_summary(plan))
        count = sum(plan.count(change) for change in _TAKEN)
        self.primary.setText(f"导入 {count:,} 项" if count else "确认名录" if plan.confirms else "没有变动")
        self.primary.setEnabled(count > 0 or plan.confirms)

    def submit(self, values: dict[str, Any]) -> None:
        """Override: take in what was previewed."""
        plan, effective_on = self.planned, self._effective_on()
        if plan is None or effective_on is None:
            self.stay()
            return
        count = sum(plan.count(change) for change in _TAKEN)
        command = ImportHospitalList(
            command_id=self.command_id,
            content=ListInput(self.reading.rows, effective_on, bool(values["is_whole"])),
            source=values["source"],
            accepted=plan.mark,
        )
        carry_out(self._context, self, command, lambda _outcome: self.finish(count), self.refuse)

    def mend_row(self, reading: Any, place: int, name: str, text: str) -> HospitalReading:
        """Override: the row alone is read again at once; what it does to the list follows with the plan."""
        assert isinstance(reading, HospitalReading)
        return reading.mended(place, name, text)

    def line_of(self, place: int) -> MendLine:
        """Override: the row alone."""
        return _line(self.reading, place, self.names, None)

    def take_reading(self) -> None:
        """Override: say how many rows there are."""
        self.file_line.setText(f"{self._path.name} · {len(self.reading.alone):,} 行")

    def _build_form(self) -> None:
        self.form.add_widget(self.file_line)
        self.form.add_row(
            DateField(FieldSpec(name="effective_on", label="生效日期", why="名录自这一天起有效（R85）。")),
            LineField(
                FieldSpec(
                    name="source",
                    label="名录名称与版本",
                    why="写在每一条记录上，说明依据哪一份名录（R31）。",
                    placeholder="利安人寿APP 医院清单 2026年10月版",
                    most=SOURCE_LENGTH,
                )
            ),
            stretches=(1, 3),
        )
        self.form.add_row(
            CheckField(
                FieldSpec(
                    name="is_whole", label="这是完整名录：名录上没有的医院自生效日起移出（记录保留）", optional=True
                )
            )
        )
        self.form.add_widget(self.progress)
        self.form.add_row(self.table_field)
        self.form.set_values({"effective_on": self._context.desk.today, "is_whole": False})
        for name in ("effective_on", "is_whole"):
            self.form.fields[name].edited.connect(self.replan)

    def _effective_on(self) -> Any:
        """Return the day that stands in the form, None while it cannot be read."""
        try:
            return self.form.fields["effective_on"].value()
        except FieldProblem:
            return None


def _lines(reading: HospitalReading, plan: ListPlan | None, names: Sequence[str]) -> list[MendLine]:
    """Return the rows of the file first, then what the list takes off."""
    planned = {row.number: row for row in plan.rows if row.number} if plan is not None else {}
    found = [_line(reading, place, names, planned.get(row.number)) for place, row in enumerate(reading.alone)]
    if plan is not None:
        found += [_line_without_file(row, names) for row in plan.rows if not row.number]
    return found


def _line(reading: HospitalReading, place: int, names: Sequence[str], planned: PlannedRow | None) -> MendLine:
    row, listed = reading.table.body[place], reading.alone[place]
    cells = tuple(reading.table.cell(row, name).text for name in names)
    if planned is not None:
        at = listed.at if planned.change is ListChange.FAULTY else ""
        change = planned.change
        return MendLine(row.number, place, CHANGE_WORDS[change], cells, planned.detail, at, change.value)
    if listed.problem:
        faulty = ListChange.FAULTY
        return MendLine(row.number, place, CHANGE_WORDS[faulty], cells, listed.problem, listed.at, faulty.value)
    return MendLine(row.number, place, ChipText("待比较"), cells, listed.note)


def _line_without_file(row: PlannedRow, names: Sequence[str]) -> MendLine:
    cells = tuple(str(row[_SHOWN_WITHOUT_FILE[name]]) if name in _SHOWN_WITHOUT_FILE else "" for name in names)
    return MendLine(0, -1, CHANGE_WORDS[row.change], cells, row.detail, part=row.change.value)


def _summary(plan: ListPlan) -> tuple[str, Tone]:
    if not plan.rows:
        return "表头下面没有任何行，没有可收取的；请核对文件，或改选工作表与表头所在的行。", Tone.RISK
    faults, off = plan.count(ListChange.FAULTY), plan.count(ListChange.TAKEN_OFF)
    taken = plan.count(ListChange.NEW) + plan.count(ListChange.CHANGED)
    parts = [f"可导入 {taken:,} 行（新增 {plan.count(ListChange.NEW):,}，变更 {plan.count(ListChange.CHANGED):,}）"]
    if off:
        parts.append(f"移出 {off:,} 家")
    if faults:
        parts.append(f"{faults:,} 行有误，不导入；可直接在表中改正（Enter 填写，F8 下一处）")
    text = "；".join(parts) + "。"
    if off > _MANY * max(len(plan.rows), 1):
        return f"{text}移出较多，请确认这是一份完整的名录。", Tone.BROKEN
    return text, Tone.RISK if faults or off else Tone.INFO


def _open(path: Path) -> tuple[Book, None]:
    return read_book(path), None


def _read(found: FoundTable, _about: object, reporter: Reporter) -> HospitalReading:
    return read_hospitals(found, report=reporter.report, cancel=reporter.cancelled)


def _plan(context: UiContext, reading: HospitalReading, effective_on: Any, is_whole: bool) -> ListPlan:  # noqa: FBT001 - a field
    return preview_list(context.desk, ListInput(reading.rows, effective_on, is_whole))
