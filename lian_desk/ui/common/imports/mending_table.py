"""The rows of a file before they are taken in: what each would do, which cell is at fault, and a place to mend it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from lian_desk.ui.common.lists.desk_table import DENSE_ROW_HEIGHT
from lian_desk.ui.common.look.chips import CHIP_HEIGHT, ChipText, chip_width, paint_chip
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.common.look.tokens import Tone

NUMBER, RESULT, FIRST_FIELD = 0, 1, 2
_NUMBER_WIDTH, _RESULT_WIDTH, _WORDS_WIDTH = 56, 84, 300
_ROOM: Final = 8
FAULTY: Final = "faulty"
"""The part of the lines at fault, whatever kind of list it is."""
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class MendColumn:
    """A column of the file: the field it gives, its heading and width in pixels."""

    name: str
    label: str
    width: int = 110


@dataclass(frozen=True, slots=True)
class MendLine:
    """One row of the preview.

    Attributes:
        number: row of the file; 0 for what the file does not name.
        place: row of the table it is read from, from 0; -1 where nothing can be mended.
        chip: what taking in does with it.
        cells: what stands in the file (or was written instead), one text for each column.
        words: what changes, or what is wrong.
        at: field whose cell is at fault; empty when it is none or the row as a whole.
        part: under which chip of the filter it stands.
    """

    number: int
    place: int
    chip: ChipText
    cells: tuple[str, ...]
    words: str = ""
    at: str = ""
    part: str | None = None

    @property
    def is_faulty(self) -> bool:
        """True when something is wrong with the row."""
        return self.chip.tone is Tone.BROKEN


@dataclass(frozen=True)
class MendLines:
    """Every line of a preview, counted by part; made off the UI thread, for there may be many."""

    lines: Sequence[MendLine]
    counts: Mapping[str | None, int]

    @classmethod
    def of(cls, lines: Sequence[MendLine]) -> "MendLines":
        """Count lines."""
        return cls(lines, Counter(line.part for line in lines))

    @property
    def has_faults(self) -> bool:
        """True when any line is at fault."""
        return self.counts.get(FAULTY, 0) > 0

    def with_line(self, at: int, line: MendLine) -> "MendLines":
        """Return the same lines with one written anew."""
        lines = list(self.lines)
        counts = dict(self.counts)
        counts[lines[at].part] -= 1
        counts[line.part] = counts.get(line.part, 0) + 1
        lines[at] = line
        return MendLines(lines, counts)


NO_LINES: Final = MendLines((), {})


class MendingModel(QAbstractTableModel):
    """Lines in memory; the view asks for those that are seen. A cell of the file may be written anew.

    Signals:
        mended(int, str, str): place of the row, field, and what was written.
    """

    mended = Signal(int, str, str)

    def __init__(self, columns: Sequence[MendColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[MendColumn, ...] = tuple(columns)
        self._lines: Sequence[MendLine] = ()
        self._shown: Sequence[int] = ()

    def set_columns(self, columns: Sequence[MendColumn]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._lines, self._shown = (), ()
        self.endResetModel()

    def set_lines(self, lines: Sequence[MendLine], shown: Sequence[int]) -> None:
        """Show other lines; ``shown`` are their places in order."""
        if len(shown) == len(self._shown) and shown == self._shown:
            # the same rows say something else: cursor and open editor stay where they are
            self._lines = lines
            if shown:
                self.dataChanged.emit(self.index(0, 0), self.index(len(shown) - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._lines, self._shown = lines, shown
        self.endResetModel()

    def line(self, row: int) -> MendLine | None:
        """Return the line in a row of the view."""
        return self._lines[self._shown[row]] if 0 <= row < len(self._shown) else None

    def field_column(self, name: str) -> int:
        """Return the column of a field, -1 when it has none."""
        return next((FIRST_FIELD + at for at, column in enumerate(self.columns) if column.name == name), -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Override QAbstractItemModel.columnCount."""
        return 0 if parent.isValid() else FIRST_FIELD + len(self.columns) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.headerData."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = ("行", "结果", *(column.label for column in self.columns), "说明")
        return titles[section] if 0 <= section < len(titles) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.data: answered from memory."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return self.text(line, index.column())
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole}:
            return line.words or None
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Override QAbstractItemModel.setData: tell what was written; whoever reads the row brings the answer."""
        line = self.line(index.row()) if index.isValid() else None
        if role != Qt.ItemDataRole.EditRole or line is None or not self._is_mendable(line, index.column()):
            return False
        if str(value).strip() != self.text(line, index.column()):
            self.mended.emit(line.place, self.columns[index.column() - FIRST_FIELD].name, str(value).strip())
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Override QAbstractItemModel.flags: cells of the file can be written."""
        held = super().flags(index)
        line = self.line(index.row()) if index.isValid() else None
        if line is not None and self._is_mendable(line, index.column()):
            held |= Qt.ItemFlag.ItemIsEditable
        return held

    def _is_mendable(self, line: MendLine, column: int) -> bool:
        return line.place >= 0 and FIRST_FIELD <= column < FIRST_FIELD + len(self.columns)

    def text(self, line: MendLine, column: int) -> str:
        """Return what a line says in a column."""
        if column == NUMBER:
            return str(line.number) if line.number else "—"
        if column == RESULT:
            return line.chip.text
        at = column - FIRST_FIELD
        return line.cells[at] if at < len(self.columns) else line.words


class _Delegate(QStyledItemDelegate):
    """Paints the result as a chip and the cell at fault on a ground of its own."""

    def __init__(self, rows: MendingModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override QStyledItemDelegate.paint."""
        line = self._rows.line(index.row())
        if line is None:
            return
        theme, rect, column = current_theme(), option.rect, index.column()
        painter.save()
        if option.state.value & QStyle.StateFlag.State_Selected.value:
            painter.fillRect(rect, theme.color("accent_soft"))
        is_fault = line.is_faulty and line.at != "" and self._rows.field_column(line.at) == column
        if is_fault:
            painter.fillRect(rect.adjusted(0, 0, 0, -1), theme.soft(Tone.BROKEN))
        painter.setPen(theme.color("hairline"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if option.state.value & QStyle.StateFlag.State_HasFocus.value:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -2), 4, 4)
        area = rect.adjusted(_ROOM, 0, -_ROOM, -1)
        if column == RESULT:
            width = min(chip_width(theme, line.chip.text), area.width())
            top = area.center().y() - CHIP_HEIGHT // 2 + 1
            paint_chip(painter, theme, QRectF(area.left(), top, width, CHIP_HEIGHT), line.chip)
        else:
            self._write(painter, area, line, column, is_fault=is_fault)
        painter.restore()

    def _write(self, painter: QPainter, area: Any, line: MendLine, column: int, *, is_fault: bool) -> None:
        theme = current_theme()
        is_words = column == self._rows.columnCount() - 1
        role = TypeRole.SECONDARY if is_words else TypeRole.BODY
        text = " ".join(self._rows.text(line, column).split())
        shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        ink = theme.ink(Tone.BROKEN) if is_fault or (is_words and line.is_faulty) else None
        painter.setFont(theme.font(role))
        painter.setPen(ink if ink is not None else theme.color("secondary" if is_words else "text"))
        side = Qt.AlignmentFlag.AlignRight if column == NUMBER else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | side), shown)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Override QStyledItemDelegate.createEditor: one line over the cell."""
        editor = QLineEdit(parent)
        editor.setProperty("role", "cell")
        line = self._rows.line(index.row())
        title = self._rows.headerData(index.column(), Qt.Orientation.Horizontal)
        editor.setAccessibleName(f"第 {line.number} 行 {title}" if line is not None else str(title))
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Override QStyledItemDelegate.setEditorData."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Override QStyledItemDelegate.setModelData."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class MendingTable(QTableView):
    """Shows a :class:`MendingModel`: arrows walk, Enter or a letter writes, F8 goes to the next row at fault."""

    def __init__(self, model: MendingModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(model, self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(DENSE_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        model.modelReset.connect(self._start_at_first)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Give each column the width it asks for."""
        widths = (_NUMBER_WIDTH, _RESULT_WIDTH, *(column.width for column in self._rows.columns), _WORDS_WIDTH)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self.horizontalHeader().setSectionResizeMode(NUMBER, QHeaderView.ResizeMode.Fixed)

    def go_to_fault(self, *, is_first: bool = False) -> bool:
        """Go to the cell at fault of the next faulty row, from the first again after the last; False without any."""
        count, start = self._rows.rowCount(), -1 if is_first else self.currentIndex().row()
        for step in range(1, count + 1):
            row = (start + step) % count
            line = self._rows.line(row)
            if line is not None and line.is_faulty:
                column = self._rows.field_column(line.at) if line.at else FIRST_FIELD
                self.setCurrentIndex(self._rows.index(row, max(column, FIRST_FIELD)))
                self.setFocus()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter writes into the cell, F8 goes on to the next fault."""
        if event.key() == Qt.Key.Key_F8:
            self.go_to_fault()
            return
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}:
            if self.state() is not QAbstractItemView.State.EditingState:
                self.edit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def write_what_is_open(self) -> None:
        """Take over what stands in an open editor: nothing typed is lost when something else is pressed."""
        editor = self.focusWidget() if self.state() is QAbstractItemView.State.EditingState else None
        if isinstance(editor, QLineEdit):
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def changeEvent(self, event: QEvent) -> None:
        """Override: another look paints every cell anew."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.viewport().update()

    def _start_at_first(self) -> None:
        if self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(0, FIRST_FIELD))
