"""看板: six columns from review to follow-up; each column holds all keys and few rows.

A card is moved by dropping it on another column or from its menu (menu key, Ctrl+Right). Either opens the dialog of
the step; a drop that the table of states refuses says why in the column it fell on.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from lian_desk.services.bookings.board_moves import BoardMoves
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.service_requests import STAGES, ServiceRequestRow, ServiceRequestSource
from lian_desk.ui.bookings.board_steps import BoardSteps
from lian_desk.ui.bookings.card_view import CardModel, CardView, card_key
from lian_desk.ui.bookings.columns import card_chip, what, where
from lian_desk.ui.common.explain.explain import ExplainPopover, explain_clauses
from lian_desk.ui.common.lists.columns import Column
from lian_desk.ui.common.lists.windowed_table_model import RowRole
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import chip_width, paint_chip
from lian_desk.ui.common.look.text import label, restyle
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext

_CARD_HEIGHT: Final = 84
_GAP: Final = 8
_PAD: Final = 12
_CHIP_HEIGHT: Final = 20
_NAME_WIDTH: Final = 46
_Index = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """Paints one request as a card: name and badge, service, file and hospital."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Override QStyledItemDelegate.sizeHint: all cards are alike."""
        return QSize(120, _CARD_HEIGHT + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override QStyledItemDelegate.paint."""
        rect: QRect = option.rect.adjusted(1, 0, -1, -_GAP)
        state: QStyle.StateFlag = option.state
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_focused = bool(state & QStyle.StateFlag.State_HasFocus) and bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(theme.color("focus" if is_focused else "hairline"), 2 if is_focused else 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        row = index.data(RowRole)
        if isinstance(row, ServiceRequestRow):
            self._paint_row(painter, rect.adjusted(_PAD, 8, -_PAD, -8), row)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Override QStyledItemDelegate.helpEvent: a card explains its limit."""
        row = index.data(RowRole)
        if event.type() == QEvent.Type.ToolTip and isinstance(row, ServiceRequestRow):
            QToolTip.showText(
                event.globalPos(),
                "\n".join(
                    filter(None, (what(row), row.file_number, where(row), "、".join(row.missing), row.derivation))
                ),
                view,
            )
            return True
        return super().helpEvent(event, view, option, index)

    def _paint_row(self, painter: QPainter, room: QRect, row: ServiceRequestRow) -> None:
        theme = current_theme()
        chip = card_chip(row, self._now())
        name = theme.metrics(TypeRole.BOLD).horizontalAdvance(row.insured_name) + 6
        free = room.width() - min(name, _NAME_WIDTH)
        if chip_width(theme, chip.text) > free:
            # 今日 21:00 in a narrow column: the hour, or the count of days, says more than a word cut off
            words = chip.text.removeprefix("今日 ").replace("超时 ", "超 ").replace("逾期 ", "逾 ")
            chip = chip._replace(text=words.replace("小时", "时"))
        width = min(chip_width(theme, chip.text), free)
        badge = QRectF(room.right() - width + 1, room.top(), width, _CHIP_HEIGHT)
        paint_chip(painter, theme, badge, chip)
        hint = f"缺 {'、'.join(row.missing)}" if row.missing else ""
        third = ("broken_ink", hint) if hint else ("muted", f"{row.file_number} · {row.hospital}".rstrip(" ·"))
        lines = (
            (TypeRole.BOLD, "text", row.insured_name, room.width() - width - 6),
            (TypeRole.SECONDARY, "text", what(row), room.width()),
            (TypeRole.SECONDARY, *third, room.width()),
        )
        top = room.top()
        for role, color, words, width in lines:
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(color))
            shown = theme.metrics(role).elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(room.left(), top, width, 22), Qt.AlignmentFlag.AlignVCenter, shown)
            top += 23


class StageColumn(QFrame):
    """One column of the board.

    Signals:
        opened(object): the row that was clicked or entered.
        dropped(object, str): the key of a card that fell on this column, and the column's name.
    """

    opened = Signal(object)
    dropped = Signal(object, str)

    def __init__(self, context: UiContext, source: ServiceRequestSource, stage: str) -> None:
        super().__init__()
        self.setProperty("role", "sunken")
        self.setAcceptDrops(True)
        self.stage = stage
        title, _statuses = STAGES[stage]
        self._count: QLabel = label("", "muted")
        column = Column(title, text=lambda row: f"{row.insured_name} {what(row)}")
        self.model = CardModel(source, (column,), context.runner, context.desk.clock.now, self)
        self.view = CardView(self.model)
        self.view.setItemDelegate(CardDelegate(context.desk.clock.now, self.view))
        self.view.setAccessibleName(title)
        self.view.setAccessibleDescription("回车打开，菜单键或 Ctrl+→ 办理下一步")
        self.hint = Notice("", Tone.INFO)
        self.hint.hide()
        self._moves: BoardMoves | None = None
        self.refusal = Refusal()
        self._empty = label("没有", "muted")
        self.view.clicked.connect(self._open)
        self.view.activated.connect(self._open)
        self.model.counted.connect(self._show_count)
        head = QHBoxLayout()
        head.addWidget(label(title, "bold"))
        head.addStretch(1)
        head.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.hint)
        layout.addWidget(self.refusal)
        layout.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.view, 1)

    def search(self, query: ListQuery) -> None:
        """Show the requests of this stage that match ``query``."""
        self.model.search(query.with_filter("stage", self.stage))

    def show_hint(self, moves: BoardMoves | None) -> None:
        """Tell what a drop of the card in the air would do here; None: no card is in the air."""
        self._moves = moves
        self._say_hint()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: cards of the board are welcome, nothing else is."""
        if card_key(event.mimeData()) is None:
            event.ignore()
            return
        self._glow(on=True)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Override: everywhere in the column is as good as anywhere."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Override: the card went on."""
        self._glow(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: ask for the step that leads here."""
        self._glow(on=False)
        key = card_key(event.mimeData())
        if key is not None:
            event.acceptProposedAction()
            self.dropped.emit(key, self.stage)

    def _glow(self, *, on: bool) -> None:
        self.setProperty("hot", on)
        restyle(self)
        self._say_hint()

    def _say_hint(self) -> None:
        """Where the card may go says so at once; why it may not is said only under the pointer."""
        step = self._moves.step_to(self.stage) if self._moves is not None else None
        refusal = self._moves.refusals.get(self.stage) if self._moves is not None else None
        if step is not None:
            self.hint.set_notice(f"放到这里：{step.words}", Tone.KEPT)
        else:
            says_why = refusal is not None and bool(self.property("hot"))
            self.hint.set_notice(refusal.sentence if refusal is not None and says_why else "", Tone.NEUTRAL)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(RowRole)
        if isinstance(row, ServiceRequestRow):
            self.opened.emit(row)

    def _show_count(self, count: int) -> None:
        self._count.setText(f"{count:,}")
        self._empty.setVisible(count == 0)


class Refusal(QFrame):
    """Why a card may not stand in this column, with 「依据」; stays until it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", Tone.BROKEN.value)
        self._clause = ""
        self._words = label("", wrap=True)
        self.basis = link_button("依据", self._explain)
        row = QHBoxLayout()
        row.addWidget(self.basis)
        row.addStretch(1)
        row.addWidget(link_button("知道了", self.hide))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addLayout(row)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(self, sentence: str, clause: str) -> None:
        """Show a sentence and the clause it stands on."""
        self._words.setText(sentence)
        self._clause = clause
        self.setAccessibleName(sentence)
        self.show()

    def _explain(self) -> None:
        found = explain_clauses([self._clause], [self._words.text()])
        if found is not None:
            ExplainPopover(found, self).show_below(self.basis)


class Board(QWidget):
    """The six columns side by side. ``opened(object)``: the row of a card."""

    opened = Signal(object)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        source = ServiceRequestSource(context.desk)
        self.columns = [StageColumn(context, source, stage) for stage in STAGES]
        self.steps = BoardSteps(context, self)
        self.steps.known.connect(self._hint)
        self.steps.refused.connect(self._refuse)
        self._is_dragging = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for place, column in enumerate(self.columns):
            column.opened.connect(self.opened)
            column.dropped.connect(self.drop)
            column.view.drag_began.connect(self._begin)
            column.view.drag_ended.connect(self._end)
            column.view.menu_wanted.connect(self.steps.open_menu)
            column.view.side_wanted.connect(partial(self._go, place))
            row.addWidget(column, 1)

    def search(self, query: ListQuery) -> None:
        """Show what matches in every column."""
        for column in self.columns:
            column.search(query)

    def drop(self, request_id: int, stage: str) -> None:
        """A card fell on a column: open the dialog of that step, or say why there is none."""
        self._clear()
        self.steps.drop(request_id, stage)

    def _go(self, place: int, side: int) -> None:
        """Go to the next column at that side that has a card, else to the very next one."""
        others = range(place + side, len(self.columns) if side > 0 else -1, side)
        filled = [other for other in others if self.columns[other].model.row_count]
        for other in filled[:1] or list(others)[:1]:
            self.columns[other].view.take_keyboard()

    def _begin(self, request_id: int) -> None:
        self._clear()
        self._is_dragging = True
        self.steps.look(request_id)

    def _end(self) -> None:
        self._is_dragging = False
        for column in self.columns:
            column.show_hint(None)

    def _hint(self, moves: BoardMoves) -> None:
        if self._is_dragging:
            for column in self.columns:
                column.show_hint(moves)

    def _refuse(self, stage: str, sentence: str, clause: str) -> None:
        for column in self.columns:
            if column.stage == stage:
                column.refusal.say(sentence, clause)

    def _clear(self) -> None:
        for column in self.columns:
            column.refusal.hide()
            column.show_hint(None)
