"""The table view of every list: whole rows, fixed heights, keyboard first, cells with a running clock."""

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from lian_desk.ui.common.lists.columns import ColumnKind
from lian_desk.ui.common.lists.delegates import CellDelegate
from lian_desk.ui.common.lists.selection_keeper import SelectionKeeper, parts
from lian_desk.ui.common.lists.windowed_table_model import RowRole, WindowedTableModel
from lian_desk.ui.common.look.theme import Theme

ROW_HEIGHT = 44
DENSE_ROW_HEIGHT = 32
_LEAST_STRETCH = 130
_LEAST_WIDTH = 40
_MOST_WIDTH = 900
_MOST_GIVEN = 0.35
_TICK_MS = 1000
_MOST_COPIED_ROWS = 5000


class DeskTable(QTableView):
    """Shows a :class:`WindowedTableModel`.

    Signals:
        row_activated(object): double click or Enter on a row.
        action_pressed(object): the row whose button was clicked, or Enter while its button cell is current.
        current_row_changed(object): the row the cursor is on, ``None`` when it is not loaded.
        widths_changed(): the user pulled at a heading.
        text_typed(str): letters typed while the list has the keyboard.
        basis_wanted(object, QRect): the row whose reason is asked for, by a click on its ``BASIS`` cell or by F1, and
            the place of that cell on the screen.
    """

    row_activated = Signal(object)
    action_pressed = Signal(object)
    current_row_changed = Signal(object)
    text_typed = Signal(str)
    widths_changed = Signal()
    basis_wanted = Signal(object, QRect)

    def __init__(
        self,
        model: WindowedTableModel,
        theme: Theme,
        now: Callable[[], datetime],
        *,
        row_height: int = ROW_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._now = now
        self._widths = {i: column.width for i, column in enumerate(model.columns) if not column.stretch}
        self._fitting = False
        self._painted: dict[tuple[int, int], str] = {}
        self.cells = CellDelegate(model, theme, self)
        self.cells.pressed.connect(self.action_pressed)
        self.setModel(model)
        self.setItemDelegate(self.cells)
        self.keeper = SelectionKeeper(self, model)
        self._set_up_looks(row_height)
        self._set_up_header()
        self.selectionModel().currentChanged.connect(self._tell_current)
        self.doubleClicked.connect(self._activate_clicked)
        self.clicked.connect(self._ask_basis)
        theme.changed.connect(self.viewport().update)
        self._live = tuple(i for i, column in enumerate(model.columns) if column.deadline is not None)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.repaint_running)
        if self._live:
            self._timer.start()

    def current_row(self) -> object | None:
        """Return the row the cursor is on, when it is loaded."""
        return self._rows.row_data(self.currentIndex().row())

    def repaint_running(self) -> None:
        """Paint again those visible cells whose words changed since the last second."""
        if not self.isVisible() or not self._rows.row_count:
            return
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = self._rows.row_count - 1 if last < 0 else last
        painted: dict[tuple[int, int], str] = {}
        for row in range(first, last + 1):
            for column in self._live:
                index = self._rows.index(row, column)
                painted[row, column] = str(index.data())
                if self._painted.get((row, column)) != painted[row, column]:
                    self.update(index)
        self._painted = painted

    # --------------------------------------------------------------------------------------------------- set-up

    def _set_up_looks(self, row_height: int) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        upright = self.verticalHeader()
        upright.hide()
        upright.setMinimumSectionSize(24)
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setDefaultSectionSize(row_height)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(0)
        header.setMinimumSectionSize(40)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionResized.connect(self._keep_width)
        header.setSortIndicatorShown(False)
        header.sectionClicked.connect(self._sort_by)
        self._fit_all()

    @property
    def widths(self) -> dict[int, int]:
        """The wanted width in pixels of each column that does not stretch."""
        return dict(self._widths)

    def set_widths(self, widths: Mapping[int, int]) -> None:
        """Want other widths, for example those of the last time; unknown columns and absurd widths are ignored."""
        self._widths |= {i: w for i, w in widths.items() if i in self._widths and _LEAST_WIDTH <= w <= _MOST_WIDTH}
        self._fit_all()

    def _fit_all(self) -> None:
        self._fitting = True
        for number, width in self._widths.items():
            self.horizontalHeader().resizeSection(number, width)
        self._fitting = False
        self._fit()

    def _sort_by(self, section: int) -> None:
        """Sort by a heading; the same heading again turns the order round."""
        column = self._rows.columns[section]
        if not column.sort:
            return
        query = self._rows.query
        descending = query.sort == column.sort and not query.descending
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setSortIndicator(section, order)
        self._rows.sort(section, order)

    def _fit(self) -> None:
        """Give the room that is left to the columns that stretch; where it is narrow the others give some of theirs."""
        columns = self._rows.columns
        stretching = [i for i, column in enumerate(columns) if column.stretch]
        if not stretching:
            return
        room = self.viewport().width()
        wanted = self._shown_widths(room - _LEAST_STRETCH * len(stretching))
        missing = sum(wanted.values()) + _LEAST_STRETCH * len(stretching) - room
        giving = [i for i in wanted if columns[i].button is None and columns[i].deadline is None]
        spare = sum(wanted[i] for i in giving) * _MOST_GIVEN
        if missing > 0 and spare:
            part = min(missing / spare, 1.0) * _MOST_GIVEN
            wanted |= {i: round(wanted[i] * (1 - part)) for i in giving}
        share = max((room - sum(wanted.values())) // len(stretching), _LEAST_STRETCH)
        self._fitting = True
        for number, width in (wanted | dict.fromkeys(stretching, share)).items():
            self.horizontalHeader().resizeSection(number, width)
        self._fitting = False

    def _shown_widths(self, room: int) -> dict[int, int]:
        """Hide the columns that may go, the last first, until the others have their width; return what is shown."""
        wanted = dict(self._widths)
        yielding = [i for i in wanted if self._rows.columns[i].yields]
        for number in reversed(yielding):
            if sum(wanted.values()) > room:
                del wanted[number]
        self._fitting = True
        for number in yielding:
            self.setColumnHidden(number, number not in wanted)
        self._fitting = False
        return wanted

    def _keep_width(self, section: int, _before: int, width: int) -> None:
        """The user pulled at a heading: that width is wanted from now on."""
        if not self._fitting and section in self._widths:
            self._widths[section] = width
            self.widths_changed.emit()

    # --------------------------------------------------------------------------------------------------- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: stretching columns follow the width."""
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Override: the row under the pointer is tinted, a painted button gets a hand."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        self._hover(index.row())
        on_button = index.isValid() and (
            self._is_basis(index) or self.cells.button_at(index, self.visualRect(index), point)
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_button else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Override: no row is under the pointer."""
        self._hover(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter acts on the row, Ctrl+C copies the selected rows as text."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._act(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_F1:
            self._ask_basis(self._basis_of(self.currentIndex().row()))
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Override: Qt would look through every row and so load the whole list; typed letters are handed on instead."""
        self.text_typed.emit(search)

    def copy_selection(self) -> None:
        """Put the loaded selected rows on the clipboard, masked as they are shown."""
        lines: list[str] = []
        now = self._now()
        for part in parts(self.selectionModel().selection()):
            for number in range(part.top(), min(part.bottom() + 1, part.top() + _MOST_COPIED_ROWS)):
                row = self._rows.row_data(number)
                if row is not None:
                    lines.append("\t".join(c.says_all(row, now) for c in self._rows.columns if c.button is None))
        QApplication.clipboard().setText("\n".join(lines))

    def _hover(self, row: int) -> None:
        if row == self.cells.hovered_row:
            return
        before, self.cells.hovered_row = self.cells.hovered_row, row
        for number in (before, row):
            for column in range(len(self._rows.columns)):
                if number >= 0:
                    self.update(self._rows.index(number, column))

    def _act(self, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(RowRole)
        if row is None:
            return
        if self._rows.columns[index.column()].kind is ColumnKind.ACTION:
            self.action_pressed.emit(row)
        else:
            self.row_activated.emit(row)

    def _is_basis(self, index: QModelIndex) -> bool:
        return self._rows.columns[index.column()].kind is ColumnKind.BASIS

    def _basis_of(self, row: int) -> QModelIndex:
        """Return the cell of a row that tells its reason; an invalid index where the list has no such column."""
        kinds = [column.kind for column in self._rows.columns]
        has_one = row >= 0 and ColumnKind.BASIS in kinds
        return self._rows.index(row, kinds.index(ColumnKind.BASIS)) if has_one else QModelIndex()

    def _ask_basis(self, index: QModelIndex) -> None:
        row = index.data(RowRole) if index.isValid() and self._is_basis(index) else None
        if row is not None:
            rect = self.visualRect(index)
            if self.isColumnHidden(index.column()):
                # a narrow window leaves the column out: the row as a whole is explained
                rect = self.visualRect(self.currentIndex())
                rect.setLeft(0)
                rect.setRight(self.viewport().width() - 1)
            self.basis_wanted.emit(row, QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size()))

    def _activate_clicked(self, index: QModelIndex) -> None:
        if self._rows.columns[index.column()].kind not in {ColumnKind.ACTION, ColumnKind.BASIS}:
            self._act(index)

    def _tell_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.current_row_changed.emit(current.data(RowRole) if current.isValid() else None)
