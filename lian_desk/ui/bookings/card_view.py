"""The cards of one column: a list whose rows can be dragged away and that asks for a menu by mouse or keyboard."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QStyleOptionViewItem, QWidget

from lian_desk.services.listings.service_requests import ServiceRequestRow
from lian_desk.ui.common.lists.windowed_table_model import RowRole, WindowedTableModel

#: What travels with a dragged card: the key of the request and nothing else, so that no other program learns a name.
CARD_MIME: Final = "application/x-lian-desk-request"

_Index = QModelIndex | QPersistentModelIndex
_Side = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def card_key(data: QMimeData) -> int | None:
    """Return the key of the request that is dragged, None for anything else."""
    held = bytes(data.data(CARD_MIME).data())
    return int(held) if held.isdigit() else None


class CardModel(WindowedTableModel):
    """Rows that can be dragged; a drop changes nothing in the model, the commands do."""

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Override QAbstractItemModel.flags: loaded and unloaded cards can be dragged alike."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def supportedDragActions(self) -> Qt.DropAction:
        """Override QAbstractItemModel.supportedDragActions."""
        return Qt.DropAction.MoveAction

    def supportedDropActions(self) -> Qt.DropAction:
        """Override QAbstractItemModel.supportedDropActions: the column takes drops, the model none."""
        return Qt.DropAction.IgnoreAction

    def mimeTypes(self) -> list[str]:
        """Override QAbstractItemModel.mimeTypes."""
        return [CARD_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Override QAbstractItemModel.mimeData: the key of the first card."""
        data = QMimeData()
        key = next((self.key_at(index.row()) for index in indexes if index.isValid()), None)
        if key is not None:
            data.setData(CARD_MIME, QByteArray(str(key).encode()))
        return data


class CardView(QListView):
    """The cards of a column.

    Signals:
        drag_began(object), drag_ended(): a card is in the air; its key.
        menu_wanted(object, QPoint): the key of a card and the place on the screen for its menu.
        side_wanted(int): go to the column at the left (-1) or right (1).
    """

    drag_began = Signal(object)
    drag_ended = Signal()
    menu_wanted = Signal(object, QPoint)
    side_wanted = Signal(int)

    def __init__(self, model: CardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = model
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setDragEnabled(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "board")

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 - Qt calls it by this name
        """Override QAbstractItemView.startDrag: the card follows the pointer, the list keeps its row."""
        index = self.currentIndex()
        key = self._cards.key_at(index.row())
        if key is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self._cards.mimeData([index]))
        drag.setPixmap(self._picture(index))
        drag.setHotSpot(QPoint(24, 20))
        self.drag_began.emit(key)
        drag.exec(Qt.DropAction.MoveAction)
        self.drag_ended.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Override: the menu of the card under the pointer, or of the current one for the menu key."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self._ask_menu(self.indexAt(event.pos()) if by_mouse else self.currentIndex())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: left and right change the column; with Ctrl they ask where the card may go."""
        side = _Side.get(Qt.Key(event.key()))
        if side is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._ask_menu(self.currentIndex())
        else:
            self.side_wanted.emit(side)

    def take_keyboard(self) -> None:
        """Get the keyboard, with a card under the cursor where there is one."""
        if not self.currentIndex().isValid() and self._cards.row_count:
            self.setCurrentIndex(self._cards.index(0, 0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def row_at(self, index: _Index) -> ServiceRequestRow | None:
        """Return the loaded row of a card."""
        row = index.data(RowRole)
        return row if isinstance(row, ServiceRequestRow) else None

    def _ask_menu(self, index: QModelIndex) -> None:
        key = self._cards.key_at(index.row()) if index.isValid() else None
        if key is not None:
            corner = self.visualRect(index).bottomLeft() + QPoint(12, -20)
            self.menu_wanted.emit(key, self.viewport().mapToGlobal(corner))

    def _picture(self, index: QModelIndex) -> QPixmap:
        rect = self.visualRect(index)
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(rect.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = rect.translated(-rect.topLeft())
        painter = QPainter(drawn)
        self.itemDelegate().paint(painter, option, index)
        painter.end()
        return drawn
