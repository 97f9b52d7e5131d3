"""Paints the cells of every list from the column's description: badges, time limits with a bar, buttons, names."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lian_desk.ui.common.lists.columns import ButtonCell, Column, ColumnKind, DeadlineCell
from lian_desk.ui.common.lists.windowed_table_model import PLACEHOLDER, RowRole, WindowedTableModel
from lian_desk.ui.common.look.chips import CHIP_HEIGHT, ChipText, chip_width, paint_chip
from lian_desk.ui.common.look.theme import Theme, Tone, TypeRole

_MARGIN: Final = 8
_BUTTON_HEIGHT: Final = 28
_BAR_HEIGHT: Final = 4
_MOST_BAR: Final = 110
_GAP: Final = 6
_LEAST_CHIP: Final = 28
_MOST_CUT: Final = 8192
# as plain numbers: combining Qt's flags for each cell costs more than the test
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_FOCUSED: Final = QStyle.StateFlag.State_HasFocus.value
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

_QUIET: Final = frozenset((ColumnKind.SECONDARY, ColumnKind.BASIS))
_COLORS: Final = {ColumnKind.SECONDARY: "secondary", ColumnKind.BASIS: "accent_ink"}

_Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """One delegate for a whole table.

    Signals:
        pressed(object): the row whose button was clicked.
    """

    pressed = Signal(object)

    def __init__(self, rows: WindowedTableModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._columns = rows.columns
        self._theme = theme
        self._cut: dict[tuple[str, int, TypeRole], tuple[str, int]] = {}
        self.hovered_row = -1

    # -------------------------------------------------------------------------------------------------- painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override QStyledItemDelegate.paint."""
        painter.save()
        self._ground(painter, option, index)
        # asked of the model directly: a way through index.data() costs a third of the painting of a list
        row = self._rows.row_data(index.row())
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, -1)
        column = self._columns[index.column()]
        if row is None:
            self._words(painter, area, PLACEHOLDER, "muted")
        elif column.deadline is not None:
            self._deadline(painter, area, column.deadline(row, self._rows.now()))
        elif column.button is not None:
            self._button(painter, area, column.button(row))
        else:
            self._plain(painter, area, column, row, column.text(row) if column.text is not None else "")
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = self._theme
        state = option.state.value
        if state & _SELECTED:
            painter.fillRect(option.rect, theme.color("accent_soft"))
        elif index.row() == self.hovered_row:
            painter.fillRect(option.rect, theme.color("hover"))
        painter.setPen(theme.color("hairline"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if state & _FOCUSED:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -2), 4, 4)

    def _words(self, painter: QPainter, area: QRect, text: str, color: str, role: TypeRole = TypeRole.BODY) -> int:
        """Write one line cut to the area; returns the width used."""
        shown, used = self._fitted(text, area.width(), role)
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(color))
        painter.drawText(area, _LEFT, shown)
        return used

    def _fitted(self, text: str, room: int, role: TypeRole) -> tuple[str, int]:
        """Return the text cut to the room and its width; lists repeat their words, so the answers are kept."""
        known = self._cut.get((text, room, role))
        if known is None:
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            metrics = self._theme.metrics(role)
            shown = metrics.elidedText(_one_line(text), Qt.TextElideMode.ElideRight, room)
            known = self._cut[text, room, role] = (shown, metrics.horizontalAdvance(shown))
        return known

    def _plain(self, painter: QPainter, area: QRect, column: Column, row: object, text: str) -> None:
        chips = tuple(column.chips(row)) if column.chips is not None else ()
        if column.kind is ColumnKind.CHIP:
            self._chips(painter, area, chips or ((ChipText(text),) if text else ()))
            return
        if column.kind is ColumnKind.PROGRESS and column.progress is not None:
            tone = column.tone(row) if column.tone is not None else Tone.KEPT
            self._bar(
                painter,
                QRect(area.left(), area.center().y() - 1, area.width(), _BAR_HEIGHT),
                column.progress(row),
                tone,
            )
            return
        if column.kind is ColumnKind.NUMBER:
            painter.setFont(self._theme.font(TypeRole.BODY))
            painter.setPen(self._theme.color("text"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            return
        second = column.secondary(row) if column.secondary is not None else ""
        if column.kind is ColumnKind.TWO_LINES:
            half = area.height() // 2
            self._words(painter, QRect(area.left(), area.top() + 3, area.width(), half), text, "text")
            lower = QRect(area.left(), area.top() + half, area.width(), half - 2)
            self._words(painter, lower, second, "secondary", TypeRole.SECONDARY)
            return
        bold = column.kind is ColumnKind.NAME
        quiet = column.kind in _QUIET
        role = TypeRole.BOLD if bold else TypeRole.SECONDARY if quiet else TypeRole.BODY
        # the words come first: badges are cut or left out where the column is narrow
        words = self._fitted(text, area.width(), role)[1]
        room = area.adjusted(0, 0, -min(self._chips_width(chips), max(area.width() - words, 0)), 0)
        used = self._words(painter, room, text, _COLORS.get(column.kind, "text"), role)
        if second:
            behind = room.adjusted(used + _GAP, 0, 0, 0)
            if behind.width() > 2 * _GAP:
                used += _GAP + self._words(painter, behind, second, "secondary")
        if chips:
            self._chips(painter, area.adjusted(used + (_GAP if used else 0), 0, 0, 0), chips)

    def _chips_width(self, chips: tuple[ChipText, ...]) -> int:
        return sum(chip_width(self._theme, chip.text) + _GAP for chip in chips)

    def _chips(self, painter: QPainter, area: QRect, chips: tuple[ChipText, ...]) -> None:
        left = area.left()
        top = area.center().y() - CHIP_HEIGHT // 2 + 1
        for chip in chips:
            width = min(chip_width(self._theme, chip.text), area.right() - left + 1)
            if width < _LEAST_CHIP:
                return
            paint_chip(painter, self._theme, QRectF(left, top, width, CHIP_HEIGHT), chip)
            left += width + _GAP

    def _deadline(self, painter: QPainter, area: QRect, cell: DeadlineCell | None) -> None:
        if cell is None:
            self._words(painter, area, "—", "muted")
            return
        if cell.progress is None:
            self._chips(painter, area, (ChipText(cell.text, cell.tone),))
            return
        middle = area.center().y()
        upper = QRect(area.left(), middle - 15, area.width(), 20)
        used = self._words(painter, upper, cell.text, "text")
        if cell.note:
            self._words(painter, upper.adjusted(used + _GAP, 0, 0, 0), cell.note, "secondary", TypeRole.SECONDARY)
        bar = QRect(area.left(), middle + 7, min(area.width(), _MOST_BAR), _BAR_HEIGHT)
        self._bar(painter, bar, cell.progress, cell.tone)

    def _bar(self, painter: QPainter, rect: QRect, share: float, tone: Tone) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("track"))
        painter.drawRoundedRect(QRectF(rect), 2, 2)
        filled = QRectF(rect)
        filled.setWidth(max(4.0, rect.width() * min(max(share, 0.0), 1.0)))
        painter.setBrush(self._theme.solid(tone))
        painter.drawRoundedRect(filled, 2, 2)

    def _button(self, painter: QPainter, area: QRect, cell: ButtonCell | None) -> None:
        if cell is None:
            return
        theme = self._theme
        rect = self._button_rect(area, cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if cell.primary else QPen(QColor(theme.color("border")), 1))
        painter.setBrush(theme.color("accent" if cell.primary else "surface"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(theme.color("on_accent" if cell.primary else "text"))
        painter.setFont(theme.font(TypeRole.BOLD if cell.primary else TypeRole.BODY))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cell.text)

    def _button_rect(self, area: QRect, cell: ButtonCell) -> QRect:
        role = TypeRole.BOLD if cell.primary else TypeRole.BODY
        width = min(self._theme.metrics(role).horizontalAdvance(cell.text) + 20, area.width() + _MARGIN)
        height = min(_BUTTON_HEIGHT, area.height() - 2)
        return QRect(area.left(), area.center().y() - height // 2 + 1, width, height)

    # --------------------------------------------------------------------------------------------------- pressing

    def button_at(self, index: _Index, cell_rect: QRect, point: QPoint) -> bool:
        """Tell whether a point of the view lies on the painted button of this cell."""
        column = self._columns[index.column()]
        row = index.data(RowRole) if column.button is not None else None
        cell = column.button(row) if column.button is not None and row is not None else None
        if cell is None:
            return False
        return self._button_rect(cell_rect.adjusted(_MARGIN, 0, -_MARGIN, -1), cell).contains(point)

    def editorEvent(self, event: QEvent, model: QObject, option: QStyleOptionViewItem, index: _Index) -> bool:
        """Override QStyledItemDelegate.editorEvent: a click on the painted button presses it."""
        if (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() is Qt.MouseButton.LeftButton
            and self.button_at(index, option.rect, event.position().toPoint())
        ):
            self.pressed.emit(index.data(RowRole))
            return True
        return False


def _one_line(text: str) -> str:
    """A cell shows one line whatever was typed."""
    return " ".join(text.split()) if "\n" in text or "\t" in text else text
