"""看板: six columns from review to follow-up; each column holds all keys and few rows."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.service_requests import STAGES, ServiceRequestRow, ServiceRequestSource
from lian_desk.ui.bookings.columns import card_chip, what, where
from lian_desk.ui.common.chips import chip_width, paint_chip
from lian_desk.ui.common.columns import Column
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.text import label
from lian_desk.ui.common.theme import TypeRole, current_theme
from lian_desk.ui.common.windowed_table_model import RowRole, WindowedTableModel

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
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (what(row), where(row), row.derivation))), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _paint_row(self, painter: QPainter, room: QRect, row: ServiceRequestRow) -> None:
        theme = current_theme()
        chip = card_chip(row, self._now())
        width = min(chip_width(theme, chip.text), room.width() - _NAME_WIDTH)
        badge = QRectF(room.right() - width + 1, room.top(), width, _CHIP_HEIGHT)
        paint_chip(painter, theme, badge, chip)
        lines = (
            (TypeRole.BOLD, "text", row.insured_name, room.width() - width - 6),
            (TypeRole.SECONDARY, "text", what(row), room.width()),
            (TypeRole.SECONDARY, "muted", f"{row.file_number} · {row.hospital}".rstrip(" ·"), room.width()),
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
    """

    opened = Signal(object)

    def __init__(self, context: UiContext, source: ServiceRequestSource, stage: str) -> None:
        super().__init__()
        self.setProperty("role", "sunken")
        self.stage = stage
        title, _statuses = STAGES[stage]
        self._count: QLabel = label("", "muted")
        column = Column(title, text=lambda row: f"{row.insured_name} {what(row)}")
        self.model = WindowedTableModel(source, (column,), context.runner, context.desk.clock.now, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(CardDelegate(context.desk.clock.now, self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setProperty("role", "board")
        self.view.setAccessibleName(title)
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
        layout.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.view, 1)

    def search(self, query: ListQuery) -> None:
        """Show the requests of this stage that match ``query``."""
        self.model.search(query.with_filter("stage", self.stage))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: left and right go to the neighbouring column."""
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(RowRole)
        if isinstance(row, ServiceRequestRow):
            self.opened.emit(row)

    def _show_count(self, count: int) -> None:
        self._count.setText(f"{count:,}")
        self._empty.setVisible(count == 0)


class Board(QWidget):
    """The six columns side by side. ``opened(object)``: the row of a card."""

    opened = Signal(object)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        source = ServiceRequestSource(context.desk)
        self.columns = [StageColumn(context, source, stage) for stage in STAGES]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for column in self.columns:
            column.opened.connect(self.opened)
            row.addWidget(column, 1)

    def search(self, query: ListQuery) -> None:
        """Show what matches in every column."""
        for column in self.columns:
            column.search(query)
