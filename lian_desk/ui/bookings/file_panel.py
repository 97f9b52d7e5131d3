"""The tab 预约 of one file: every request of the file, open or closed, the newest first."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.desk.explanations import explain
from lian_desk.services.hospitals.restrictions import CLAUSE, RestrictionLine, load_restrictions
from lian_desk.services.listings.service_requests import ServiceRequestRow, load_requests_of_file
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.bookings.columns import card_chip, where
from lian_desk.ui.bookings.restriction_dialog import lift_restriction_dialog
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Card, KeyValueGrid, ScrollColumn
from lian_desk.ui.common.look.chips import Chip, ChipText
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes


class FileBookingsPanel(QWidget):
    """The requests of one file as cards."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file_id = file_id
        self._column = ScrollColumn()
        self._column.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty = EmptyState("还没有服务申请", "在本页右上角点“发起服务”。", "发起服务")
        self._empty.triggered.connect(lambda: context.navigator.start("new_request", file_id))
        self._empty.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._column, 1)
        self._rows: Sequence[ServiceRequestRow] = ()
        self._notes: Sequence[RestrictionLine] = ()
        # the bus outlives the panel: a method ends with it, a lambda would keep it, and let it read for ever
        context.bus.committed.connect(self.apply)
        self.reload()

    def apply(self, _changes: "Changes") -> None:
        """Take notice of committed changes: any of them may concern this file."""
        self.reload()

    def reload(self) -> None:
        """Read the requests of the file, and the hospitals that restrict the insured's bookings."""
        read, desk = self._context.runner.read, self._context.desk
        read(self, partial(load_requests_of_file, desk, self._file_id), self.show_rows)
        read(self, partial(load_restrictions, desk, self._file_id), self.show_restrictions)

    def show_rows(self, rows: Sequence[ServiceRequestRow]) -> None:
        """Show the requests."""
        self._rows = rows
        self._fill()

    def show_restrictions(self, notes: Sequence[RestrictionLine]) -> None:
        """Show which hospitals restrict the insured's bookings (R51)."""
        self._notes = notes
        self._fill()

    def lift(self, line: RestrictionLine) -> CommandDialog:
        """Ask why a restriction ends, and end it."""
        dialog = lift_restriction_dialog(self._context, line, self.window())
        dialog.open()
        return dialog

    def _fill(self) -> None:
        self._column.clear()
        self._empty.setVisible(not self._rows and not self._notes)
        self._column.setVisible(bool(self._rows or self._notes))
        if self._notes:
            self._column.add(self._restrictions())
        for row in self._rows:
            self._column.add(self._card(row))

    def _restrictions(self) -> Card:
        card = Card("医院限制预约")
        found = explain(self._context.desk, [CLAUSE])
        basis = link_button("依据", lambda: ExplainPopover(found, self).show_below(basis))
        card.head.addWidget(basis)
        for line in self._notes:
            until = f"至 {formats.iso_day(line.until_on)}（不含）" if line.until_on else "截止日期未告知"
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(label(line.hospital))
            row.addWidget(Chip("限制中", Tone.RISK))
            note = f"自 {formats.iso_day(line.from_on)} 起，{until} · 来源：{line.source}"
            row.addWidget(label(" · ".join(filter(None, (note, line.note))), "secondary", wrap=True), 1)
            button = small_button("解除…", partial(self.lift, line))
            button.setAccessibleName(f"解除 {line.hospital} 的限制")
            row.addWidget(button)
            card.body.addLayout(row)
        return card

    def _basis(self, row: ServiceRequestRow) -> QWidget:
        """Return the link to the clause of the running deadline and how it came about."""
        found = explain(self._context.desk, [row.clause], [row.derivation], edition=row.edition)
        button = link_button("依据", lambda: ExplainPopover(found, self).show_below(button))
        return button

    def _card(self, row: ServiceRequestRow) -> Card:
        now = self._context.desk.clock.now()
        card = Card(phrase(row.kind))
        card.head.addWidget(Chip(phrase(row.status), Tone.NEUTRAL))
        card.head.addWidget(
            link_button(
                "查看", partial(self._context.navigator.start, "show_request", RequestPlace(self._file_id, row.key))
            )
        )
        grid = KeyValueGrid(key_width=72)
        chips = (ChipText("知名专家", Tone.INFO),) if row.is_renowned else ()
        grid.add_fact("医院", where(row), chips=chips)
        if row.visit_at is not None:
            grid.add_fact("就诊时间", formats.iso_moment(row.visit_at))
        if row.due_at is not None:
            grid.add_fact("下一步", phrase(row.next_action), chips=(card_chip(row, now),), note=row.derivation)
            if row.clause:
                card.head.addWidget(self._basis(row))
        grid.add_fact("收到", formats.iso_moment(row.received_at))
        card.add(grid)
        return card
