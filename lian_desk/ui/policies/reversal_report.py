"""冲正月报: what was given back in a month, for the insurer; seen, then exported (A23)."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QWidget

from lian_desk.services.corrections.reversal_report import (
    ReversalLine,
    WrittenReport,
    load_reversals,
    write_reversals,
)
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.choice_fields import ComboField
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.cards import KeyValueGrid, Notice, ScrollColumn
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_MONTHS: Final = 24
_MOST_SHOWN: Final = 200
_FILES: Final = "Excel 工作簿 (*.xlsx);;CSV (*.csv)"


class ReversalReportDialog(FormDialog):
    """One month, its lines, and where to; the export is sealed before the file is written."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("冲正月报", primary="选择位置并导出…", width=860, parent=parent)
        self._context = context
        self._lines: tuple[ReversalLine, ...] = ()
        clause = context.desk.pack.clause("A23")
        self.form.add_widget(Notice(f"{clause.text}（{clause.id}）", Tone.INFO))
        months = [(day.isoformat(), f"{day.year} 年 {day.month} 月") for day in recent_months(context.desk.today)]
        self.month = ComboField(FieldSpec(name="month", label="月份"), months)
        self.month.edited.connect(self._read)
        self.form.add_row(
            self.month, LineField(FieldSpec(name="purpose", label="用途", placeholder="例如：报送保险公司", most=200))
        )
        self.summary = Notice("", Tone.NEUTRAL)
        self.form.add_widget(self.summary)
        self.grid = KeyValueGrid(key_width=150)
        area = ScrollColumn()
        area.setAccessibleName("冲正清单")
        area.add(self.grid)
        area.body.addStretch(1)
        area.setMinimumHeight(220)
        self.form.add_widget(area)
        self.form.set_values({"month": months[0][0]})
        self.fit()
        self._read()

    @property
    def shown(self) -> tuple[ReversalLine, ...]:
        """The lines of the month in front."""
        return self._lines

    def submit(self, values: dict[str, Any]) -> None:
        """Override: ask for the place, then write off the UI thread."""
        day = date.fromisoformat(values["month"])
        name, kind = QFileDialog.getSaveFileName(self, "导出冲正清单", f"冲正清单_{day:%Y-%m}.xlsx", _FILES)
        if not name:
            self._set_busy(False)
            return
        path = Path(name)
        self.write(path if path.suffix else path.with_suffix(".csv" if "csv" in kind else ".xlsx"), values)

    def write(self, path: Path, values: dict[str, Any]) -> None:
        """Write the month to ``path``."""
        day = date.fromisoformat(values["month"])
        work = partial(write_reversals, self._context.desk, day, path, purpose=values["purpose"])
        self._context.runner.write(self, work, self._written, self.refuse)

    def _written(self, written: WrittenReport) -> None:
        self.finish(written.count)

    def _chosen(self) -> date | None:
        """Return the month in the box, None while one is being typed."""
        try:
            return date.fromisoformat(str(self.month.value()))
        except FieldProblem:
            return None

    def _read(self) -> None:
        day = self._chosen()
        if day is None:
            return
        self._context.runner.read(self, partial(load_reversals, self._context.desk, day), partial(self._show, day))

    def _show(self, day: date, lines: tuple[ReversalLine, ...]) -> None:
        if day != self._chosen():
            return
        self._lines = lines
        self.grid.clear()
        words = f"{day.year} 年 {day.month} 月共 {len(lines):,} 笔。" if lines else "这个月没有冲正或更正。"
        if len(lines) > _MOST_SHOWN:
            words += f"下面列出前 {_MOST_SHOWN} 笔，导出的清单是全部。"
        self.summary.set_notice(words)
        for line in lines[:_MOST_SHOWN]:
            self.grid.add_fact(
                formats.iso_moment(line.posted_at),
                f"{phrase(line.service)} · {line.request_number} · {line.policy_number}",
                chips=(ChipText(f"{phrase(line.kind)} {line.amount:+d}", Tone.RISK),),
                note=" · ".join(filter(None, (line.reason, line.insurer_reference, line.posted_by))),
            )


def recent_months(today: date) -> list[date]:
    """Return the first days of this month and of those before it, the newest first."""
    first = today.replace(day=1)
    count = first.year * 12 + first.month - 1
    return [date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(_MONTHS)]
