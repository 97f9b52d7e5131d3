"""不可抗力: the events at the left; what one of them holds, and its end, at the right (R86)."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from lian_desk.models.vocabulary import Role
from lian_desk.services.force_majeure.views import AffectedRow, EventLine, load_affected
from lian_desk.services.listings.memory_rows import MemoryRows
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.list_page import EmptyWords, ListSpec, RecordList
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid
from lian_desk.ui.common.look.text import section_title
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace
from lian_desk.ui.handbook.columns import EventRow, affected_columns, event_columns
from lian_desk.ui.handbook.force_majeure_dialogs import end_dialog, terminate_dialog

_SIDE: Final = 380
_NOTHING: Final = EmptyWords("没有登记过不可抗力", "发生影响服务的事件时，由主管宣布；受影响的服务会暂停计时。")


class ForceMajeureView(QWidget):
    """Events of force majeure; a lead ends them here."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.current: EventLine | None = None
        self._events: MemoryRows[EventRow] = MemoryRows()
        self._rows: MemoryRows[AffectedRow] = MemoryRows()
        self.list = RecordList(context, ListSpec(self._events, event_columns(), _NOTHING, spoken="全部事件"))
        self.affected = RecordList(
            context,
            ListSpec(
                self._rows,
                affected_columns(),
                EmptyWords("没有受影响的服务"),
                placeholder="编号 / 医院",
                spoken="受影响的服务",
            ),
        )
        self.facts = KeyValueGrid(key_width=72)
        self.end_button = small_button("解除…", self.end)
        self.terminate_button = small_button("转为终止…", self.terminate)
        self.card = Card("事件", aside=self.end_button)
        self.card.head.addWidget(self.terminate_button)
        self._lay_out()
        self.list.current_row_changed.connect(self._choose)
        self.affected.row_activated.connect(self._open)

    def show_events(self, lines: tuple[EventLine, ...]) -> None:
        """Show the events; the chosen one stays chosen, at first the first one is."""
        self._events.replace([EventRow(line.key, line) for line in lines])
        self.list.reload()
        held = self.current.key if self.current is not None else None
        chosen = next((line for line in lines if line.key == held), lines[0] if lines else None)
        self.card.setVisible(chosen is not None)
        self._spare.setVisible(chosen is None)
        if chosen is not None:
            self.show_event(chosen)

    def show_event(self, line: EventLine) -> None:
        """Show one event and what it paused."""
        self.current = line
        self.card.title.setText(phrase(line.cause))
        self.facts.clear()
        self.facts.add_fact("地区", line.places)
        self.facts.add_fact("服务", line.services)
        until = formats.iso_moment(line.to_at) if line.to_at is not None else "尚未解除"
        self.facts.add_fact("时间", f"{formats.iso_moment(line.from_at)} 至 {until}")
        self.facts.add_fact("说明", line.note, note=f"{line.recorded_by} 宣布")
        held = f"，其中 {line.held:,} 项仍暂停" if line.held else ""
        self.facts.add_fact("影响", f"{line.affected:,} 项服务{held}")
        is_lead = self._context.desk.operator.role is not Role.CASE_MANAGER
        for button in (self.end_button, self.terminate_button):
            button.setVisible(is_lead and line.to_at is None)
        work = partial(load_affected, self._context.desk, line.key)
        self._context.runner.read(self, work, partial(self._show_affected, line.key))

    def end(self) -> None:
        """Let everything go on."""
        if self.current is not None:
            end_dialog(self._context, self.current, self.window()).open()

    def terminate(self) -> None:
        """End the services that it holds."""
        if self.current is not None:
            terminate_dialog(self._context, self.current, self.window()).open()

    def _show_affected(self, key: int, rows: tuple[AffectedRow, ...]) -> None:
        if self.current is not None and self.current.key == key:
            self._rows.replace(rows)
            self.affected.reload()

    def _choose(self, row: object) -> None:
        if isinstance(row, EventRow) and row.line != self.current:
            self.show_event(row.line)

    def _open(self, row: object) -> None:
        if isinstance(row, AffectedRow):
            self._context.navigator.start("show_request", RequestPlace(row.file_id, row.key))

    def _lay_out(self) -> None:
        left = Card("全部事件")
        left.add(self.list, 1)
        left.setFixedWidth(_SIDE)
        self.card.add(self.facts)
        self.card.add(section_title("受影响的服务"))
        self.card.add(self.affected, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(left)
        row.addWidget(self.card, 1)
        self._spare = QWidget()
        row.addWidget(self._spare)
        self.card.hide()
