"""版本: the editions at the left, what one of them says at the right (R81, R84, R85, R87)."""

from functools import partial
from typing import Final

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.desk.explanations import Explanation
from lian_desk.services.handbook.differences import EditionChange
from lian_desk.services.handbook.views import (
    EditionLine,
    ExampleResult,
    HandbookView,
    edition_changes,
    edition_examples,
)
from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.rules.clause_lines import clause_line, clause_lines
from lian_desk.services.words import formats
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid, Notice, ScrollColumn
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.columns import (
    STANDING_CHIPS,
    ClauseRow,
    EditionRow,
    change_columns,
    change_rows,
    clause_columns,
    clause_rows,
    edition_columns,
    example_columns,
    example_rows,
)
from lian_desk.ui.handbook.fact_lists import FactLists, FactPart

_SIDE: Final = 348
_UNRECORDED: Final = "这一版还没有登记公布说明，通知名单也还没有生成。"

PARTS: Final = (
    FactPart("clauses", "条款全文", clause_columns(), EmptyWords("没有条款"), "条款位置 / 内容"),
    FactPart(
        "changes",
        "与上一版的差异",
        change_columns(),
        EmptyWords("没有差异", "这是第一版，或与上一版完全相同。"),
        "事项 / 内容",
    ),
    FactPart("examples", "校验样例", example_columns(), EmptyWords("没有样例")),
)


class EditionsView(QWidget):
    """Signals: ``record_requested(str)``: the edition whose publication is to be put on record."""

    record_requested = Signal(str)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: HandbookView | None = None
        self.current: EditionLine | None = None
        self._source: MemoryRows[EditionRow] = MemoryRows()
        self.list = RecordList(
            context, ListSpec(self._source, edition_columns(), EmptyWords("没有版本"), spoken="全部版本")
        )
        self.notice = Notice("", Tone.INFO)
        self.facts = KeyValueGrid(key_width=76)
        self.record_button = small_button("登记公布说明…", self._ask)
        self.about = Card("公布说明", aside=self.record_button)
        self.card = Card("版本")
        self.parts = FactLists(context, PARTS)
        self._lay_out()
        self.list.current_row_changed.connect(self._choose)
        self.parts.lists["clauses"].row_activated.connect(self._read_clause)

    def show_view(self, view: HandbookView) -> None:
        """Show the editions; the chosen one stays chosen, at first the one in force is."""
        self._view = view
        self._source.replace([EditionRow(place, line) for place, line in enumerate(view.editions, start=1)])
        self.list.reload()
        held = view.find(self.current.edition) if self.current is not None else None
        first = next((line for line in view.editions if line.standing == "in_force"), view.editions[0])
        self.show_edition(held or first)

    def show_edition(self, line: EditionLine) -> None:
        """Show one edition: its facts at once, its differences and examples when they are reckoned."""
        self.current = line
        self.card.title.setText(f"{line.label} · {STANDING_CHIPS[line.standing].text}")
        self._show_facts(line)
        may_record = self._view is not None and self._view.may_change and line.record is None
        self.record_button.setVisible(may_record)
        self.notice.set_notice(_UNRECORDED if line.record is None else "")
        pack = self._context.desk.editions.of(line.edition)
        self.parts.show_rows({"clauses": clause_rows(clause_lines(pack.clauses, pack)), "changes": [], "examples": []})
        read = self._context.runner.read
        desk = self._context.desk
        read(self, partial(edition_changes, desk, line.edition), partial(self._show_changes, line.edition), self._fail)
        read(
            self, partial(edition_examples, desk, line.edition), partial(self._show_examples, line.edition), self._fail
        )

    def _show_facts(self, line: EditionLine) -> None:
        self.facts.clear()
        until = f"，至 {formats.iso_day(line.until_on)}（不含）" if line.until_on else ""
        origin = "随程序提供" if line.is_shipped else "由主管从文件导入"
        self.facts.add_fact("生效", f"{formats.iso_day(line.effective_on)}{until}", note=origin)
        self.facts.add_fact("采用的服务", f"{line.requests:,} 项", note="已确认需求的服务始终沿用当时的版本")
        record = line.record
        if record is None:
            return
        self.facts.add_fact("公布", formats.iso_day(record.published_on), note=record.link)
        self.facts.add_fact("调整原因", record.reason)
        self.facts.add_fact("决策流程", record.decision_process)
        self.facts.add_fact("调整结果", record.result)
        told = f"已送达 {record.delivered:,} / {record.notices:,} 位投保人"
        self.facts.add_fact("通知", told, note=f"{record.recorded_by} 登记于 {formats.iso_moment(record.recorded_at)}")

    def _show_changes(self, edition: str, changes: tuple[EditionChange, ...]) -> None:
        if self.current is not None and self.current.edition == edition:
            self.parts.show_rows({"changes": change_rows(changes)})

    def _show_examples(self, edition: str, results: tuple[ExampleResult, ...]) -> None:
        if self.current is not None and self.current.edition == edition:
            self.parts.show_rows({"examples": example_rows(results)})

    def _fail(self, error: BaseException) -> None:
        self.notice.set_notice(sentence(error), Tone.BROKEN)

    def _choose(self, row: object) -> None:
        if isinstance(row, EditionRow) and row.line != self.current:
            self.show_edition(row.line)

    def _read_clause(self, row: object) -> None:
        """Show a clause in full beside its row."""
        if isinstance(row, ClauseRow) and self.current is not None:
            pack = self._context.desk.editions.of(self.current.edition)
            table = self.parts.lists["clauses"].table
            place = table.visualRect(table.currentIndex())
            place.setLeft(0)
            place.setRight(table.viewport().width() - 1)
            corner = table.viewport().mapToGlobal(place.topLeft())
            shown = ExplainPopover(Explanation((clause_line(row.clause_id, pack),)), self)
            shown.show_beside(QRect(corner, place.size()), table)

    def _ask(self) -> None:
        if self.current is not None:
            self.record_requested.emit(self.current.edition)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(12)
        every = Card("全部版本")
        every.add(self.list, 1)
        every.setFixedWidth(_SIDE)
        self.about.add(self.notice)
        self.about.add(self.facts)
        scrolled = ScrollColumn(_SIDE)
        scrolled.add(self.about)
        scrolled.body.addStretch(1)
        left.addWidget(every, 2)
        left.addWidget(scrolled, 3)
        self.card.add(self.parts, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left)
        row.addWidget(self.card, 1)
