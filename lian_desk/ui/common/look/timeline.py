"""The feed of one file: who did what when, newest first; short, fully loaded, readable and copyable by keyboard."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lian_desk.ui.common.look.chips import CHIP_HEIGHT, ChipText, chip_width, paint_chip
from lian_desk.ui.common.look.theme import Theme, Tone, TypeRole, current_theme

EntryRole: Final = Qt.ItemDataRole.UserRole + 1

_LEFT: Final = 26
_RIGHT: Final = 12
_HEAD: Final = 18
_BELOW: Final = 12

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class TimelineEntry(NamedTuple):
    """One entry as it is shown.

    Attributes:
        key: key of the entry.
        when: for the eye, for example 今天 09:12.
        who: who did it.
        title: bold beginning.
        text: the rest of the sentence, wrapped.
        chips: badges in a line of their own.
        tone: colour of the dot on the line.
    """

    key: int
    when: str
    who: str
    title: str
    text: str = ""
    chips: tuple[ChipText, ...] = ()
    tone: Tone = Tone.NEUTRAL

    def spoken(self) -> str:
        """Return the entry as one line of plain text."""
        head = f"{self.when} · {self.who}" if self.who else self.when
        body = f"{self.title}：{self.text}" if self.text else self.title
        return " ".join([head, body, *(chip.text for chip in self.chips)])


class TimelineListModel(QAbstractListModel):
    """Entries of one file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TimelineEntry, ...] = ()

    def set_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show other entries; new ones at the top are inserted, so that the place of the reader stays."""
        new = tuple(entries)
        added = len(new) - len(self._entries)
        if added > 0 and self._entries and new[added:] == self._entries:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._entries = new
            self.endInsertRows()
        elif new != self._entries:
            self.beginResetModel()
            self._entries = new
            self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == EntryRole:
            return entry
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return entry.spoken()
        return None


class _EntryDelegate(QStyledItemDelegate):
    """Paints an entry; heights are measured once per entry and width."""

    def __init__(self, theme: Theme, view: "TimelineView") -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._layouts: dict[tuple[TimelineEntry, int], QTextLayout] = {}

    def forget(self) -> None:
        """Widths or fonts changed."""
        self._layouts.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Override QStyledItemDelegate.sizeHint."""
        entry = index.data(EntryRole)
        width = self._view.viewport().width()
        height = _HEAD + int(self._layout(entry, width).boundingRect().height()) + _BELOW
        if entry.chips:
            height += CHIP_HEIGHT + 4
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override QStyledItemDelegate.paint."""
        theme = self._theme
        entry = index.data(EntryRole)
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 1.5))
            painter.drawRoundedRect(QRectF(rect).adjusted(15, 0, -2, -6), 6, 6)
        painter.setPen(QPen(theme.color("hairline"), 2))
        painter.drawLine(rect.left() + 7, rect.top(), rect.left() + 7, rect.bottom() + 1)
        painter.setPen(QPen(theme.color("surface"), 2))
        painter.setBrush(theme.solid(entry.tone))
        painter.drawEllipse(QRectF(rect.left() + 2.5, rect.top() + 4, 9, 9))
        painter.setFont(theme.font(TypeRole.SECONDARY))
        painter.setPen(theme.color("muted"))
        head = QRect(rect.left() + _LEFT, rect.top(), rect.width() - _LEFT - _RIGHT, _HEAD)
        painter.drawText(
            head, Qt.AlignmentFlag.AlignVCenter, f"{entry.when} · {entry.who}" if entry.who else entry.when
        )
        painter.setPen(theme.color("text"))
        layout = self._layout(entry, rect.width())
        layout.draw(painter, head.bottomLeft().toPointF())
        if entry.chips:
            left = float(rect.left() + _LEFT)
            top = rect.top() + _HEAD + layout.boundingRect().height() + 4
            for chip in entry.chips:
                width = chip_width(theme, chip.text)
                paint_chip(painter, theme, QRectF(left, top, width, CHIP_HEIGHT), chip)
                left += width + 6
        painter.restore()

    def _layout(self, entry: TimelineEntry, width: int) -> QTextLayout:
        known = self._layouts.get((entry, width))
        if known is not None:
            return known
        text = f"{entry.title}：{entry.text}" if entry.text else entry.title
        layout = QTextLayout(text, self._theme.font(TypeRole.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        bold = QTextLayout.FormatRange()
        bold.start = 0
        # Qt counts UTF-16 units, Python code points: a rare character in a name takes two
        bold.length = len(entry.title.encode("utf-16-le")) // 2
        bold.format.setFontWeight(700)
        layout.setFormats([bold])
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width - _LEFT - _RIGHT, 40))
            line.setPosition(QPointF(0, top))
            top += line.height() + 1
        layout.endLayout()
        self._layouts[entry, width] = layout
        return layout


class TimelineView(QListView):
    """Shows the feed. ``entry_activated(object)``: double click or Enter on an entry."""

    entry_activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.entries = TimelineListModel(self)
        self._painter = _EntryDelegate(theme, self)
        self.setModel(self.entries)
        self.setItemDelegate(self._painter)
        self.setAccessibleName("时间线")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(lambda index: self.entry_activated.emit(index.data(EntryRole)))
        theme.changed.connect(self.viewport().update)

    def set_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show other entries; who has scrolled down keeps reading where he was."""
        bar = self.verticalScrollBar()
        top = self.indexAt(self.viewport().rect().topLeft())
        held = top.data(EntryRole) if top.isValid() and bar.value() else None
        above = self.visualRect(top).top()
        self._painter.forget()
        self.entries.set_entries(entries)
        row = next((place for place, entry in enumerate(entries) if held is not None and entry.key == held.key), None)
        if row is not None:
            self.doItemsLayout()
            bar.setValue(bar.value() + self.visualRect(self.entries.index(row)).top() - above)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: texts wrap at the new width."""
        self._painter.forget()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter opens, Ctrl+C copies the entry as a line of text."""
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.entry_activated.emit(index.data(EntryRole))
        elif event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            QApplication.clipboard().setText(str(index.data()))
        else:
            super().keyPressEvent(event)
