"""Keeps selection, current row and top row by key while a model is reset."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QObject
from PySide6.QtWidgets import QAbstractItemView, QTableView

from lian_desk.ui.common.lists.windowed_table_model import WindowedTableModel

_MOST_SELECTED = 2000


def parts(selection: QItemSelection) -> list[QItemSelectionRange]:
    """Return the ranges of a selection; the binding offers no iteration of its own."""
    return [selection.at(number) for number in range(selection.size())]


class SelectionKeeper(QObject):
    """Bound to one view and its model; rows move, what the user held stays held.

    After another query (other words, other order) the view starts at its top; the selection is kept where its keys
    are still in the list. Keys beyond the first page are restored as soon as all keys are known.
    """

    def __init__(self, view: QTableView, model: WindowedTableModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._selected: tuple[int, ...] = ()
        self._current: int | None = None
        self._top: int | None = None
        self._column = 0
        self._waiting = False
        model.remembered = self._interest
        model.modelAboutToBeReset.connect(self._remember)
        model.searched.connect(self._restore)
        model.counted.connect(self._restore_rest)

    def selected_keys(self) -> list[int]:
        """Return the keys of the selected rows in the order of the list, from ranges, never from rows."""
        selection = self._view.selectionModel().selection()
        rows = sorted({row for part in parts(selection) for row in range(part.top(), part.bottom() + 1)})
        return self._model.keys_at(rows)

    def _interest(self) -> set[int]:
        held = set(self.selected_keys()[:_MOST_SELECTED])
        for row in (self._view.currentIndex().row(), self._view.rowAt(0)):
            key = self._model.key_at(row)
            if key is not None:
                held.add(key)
        return held

    def _remember(self) -> None:
        if self._waiting:
            return
        self._selected = tuple(self.selected_keys()[:_MOST_SELECTED])
        current = self._view.currentIndex()
        self._column = max(current.column(), 0)
        self._current = self._model.key_at(current.row())
        self._top = self._model.key_at(self._view.rowAt(0))

    def _restore(self, is_new_query: bool) -> None:  # noqa: FBT001 - the signal carries it
        self._waiting = not self._model.is_complete
        selection = QItemSelection()
        last = len(self._model.columns) - 1
        for key in self._selected:
            row = self._model.row_of(key)
            if row is not None:
                selection.select(self._model.index(row, 0), self._model.index(row, last))
        selector = self._view.selectionModel()
        current = self._place(self._current)
        if current.isValid():
            selector.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
        selector.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if is_new_query:
            self._view.scrollToTop()
            return
        top = self._place(self._top)
        if top.isValid():
            self._view.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtTop)

    def _restore_rest(self) -> None:
        """The list has grown below its first page: what was held there can be held again."""
        if not self._waiting:
            return
        self._waiting = False
        selector = self._view.selectionModel()
        if selector.hasSelection() or selector.currentIndex().isValid():
            return
        self._restore(is_new_query=True)
        self._waiting = False

    def _place(self, key: int | None) -> QModelIndex:
        row = None if key is None else self._model.row_of(key)
        return QModelIndex() if row is None else self._model.index(row, self._column)
