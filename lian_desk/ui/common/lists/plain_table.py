"""A small table of sentences for a dialog: whole rows, room beside the words, the whole text on hover."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from lian_desk.ui.common.lists.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.look.theme import current_theme

_ROOM: Final = 8


class _RoomyDelegate(QStyledItemDelegate):
    """Writes the words where those of the heading begin; the ground of a chosen row keeps its whole width."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        words, ground.text = ground.text, ""
        QApplication.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, option.widget)
        area = option.rect.adjusted(_ROOM, 0, -_ROOM, 0)
        shown = ground.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(current_theme().color("text"))
        painter.setFont(ground.font)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


class PlainTable(QTableView):
    """Shows a small model; ``widths`` in pixels by column, the column ``stretch`` takes what is left."""

    def __init__(self, model: QAbstractItemModel, name: str, widths: Mapping[int, int], stretch: int) -> None:
        super().__init__()
        self.setModel(model)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setItemDelegate(_RoomyDelegate(self))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(DENSE_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    @property
    def chosen_rows(self) -> list[int]:
        """The chosen rows in their order."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def choose_first(self) -> None:
        """Choose the first row and take the keyboard."""
        self.selectRow(0)
        self.setFocus()
