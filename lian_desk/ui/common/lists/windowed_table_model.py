"""The only table model of the program: all keys, few rows.

The model keeps the ordered primary keys of the whole result and a small number of pages of rows. A cell whose page is
missing answers "…" at once; all misses of one turn of the event loop are collected, loaded off the UI thread and
announced with one ``dataChanged`` per page. Answers to an older search are recognised by their generation and dropped.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from lian_desk.services.listings.base import ListQuery, Row, RowSource
from lian_desk.ui.common.lists.columns import Column, ColumnKind
from lian_desk.ui.common.running.task_runner import TaskRunner

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

PAGE_ROWS: Final = 128
KEPT_PAGES: Final = 64
#: Pages read at the same time, and as many that wait. A fast scroll passes hundreds: only where it stands is read.
PAGES_UNDER_WAY: Final = 2
PAGES_WAITING: Final = 4
PLACEHOLDER: Final = "…"

RowRole: Final = Qt.ItemDataRole.UserRole + 1
KeyRole: Final = Qt.ItemDataRole.UserRole + 2
DeadlineRole: Final = Qt.ItemDataRole.UserRole + 3
ChipsRole: Final = Qt.ItemDataRole.UserRole + 4

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search off the UI thread brought back."""

    keys: "array[int]"
    complete: bool
    rows: dict[int, Row]
    places: dict[int, int]


class _Check(NamedTuple):
    """What a look at the database after a change brought back."""

    found: _Found
    same: bool
    touched_pages: frozenset[int] | None


class WindowedTableModel(QAbstractTableModel):
    """A list of any length.

    Signals:
        searched(bool): a result is shown; True when it belongs to another query than the one before.
        counted(int): number of rows, known completely.
        failed(object): reading failed; the old rows stay.
    """

    searched = Signal(bool)
    counted = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        source: RowSource[Any],
        columns: Sequence[Column],
        runner: TaskRunner,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.query = ListQuery()
        self.remembered: Callable[[], Collection[int]] = tuple
        self._source = source
        self._runner = runner
        self.now = now
        self._keys: array[int] = array("q")
        self._complete = False
        self._pages: OrderedDict[int, dict[int, Row]] = OrderedDict()
        self._stale: dict[int, Row] = {}
        self._places: dict[int, int] = {}
        # in the order in which they were last missed: what is painted now stands at the end
        self._missing: dict[int, None] = {}
        self._under_way: set[int] = set()
        self._generation = 0
        self._shown_query: ListQuery | None = None
        self._load_timer = QTimer(self)
        self._load_timer.setSingleShot(True)
        self._load_timer.setInterval(0)
        self._load_timer.timeout.connect(self._load_missing)

    # ------------------------------------------------------------------------------------------------ searching

    def search(self, query: ListQuery | None = None) -> None:
        """Ask again, with another query or the same; the old rows stay until the first new ones are there."""
        if query is not None:
            self.query = query
        self._generation += 1
        generation = self._generation
        self._missing.clear()
        self._under_way.clear()
        work = partial(_head, self._source, self.query, frozenset(self.remembered()))
        self._runner.read(self, work, partial(self._take_head, generation), partial(self._fail, generation))

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes: reload touched pages, or everything when the order changed."""
        if not changes.touches(self._source.tables):
            return
        if self._shown_query != self.query or not self._complete:
            self.search()
            return
        touched = _touched(changes, self._source.tables)
        generation = self._generation
        work = partial(_check, self._source, self.query, self._keys, touched, frozenset(self.remembered()))
        self._runner.read(self, work, partial(self._take_check, generation), partial(self._fail, generation))

    @property
    def is_complete(self) -> bool:
        """True when all keys are known, not only the first page."""
        return self._complete

    @property
    def row_count(self) -> int:
        """Rows known so far."""
        return len(self._keys)

    def key_at(self, row: int) -> int | None:
        """Return the key of a row, ``None`` outside the list."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def keys_at(self, rows: Sequence[int]) -> list[int]:
        """Return the keys of many rows without loading one of them."""
        return [self._keys[row] for row in rows if 0 <= row < len(self._keys)]

    def all_keys(self) -> "array[int]":
        """Return a copy of every key, for an export of the whole result."""
        return array("q", self._keys)

    def row_of(self, key: int) -> int | None:
        """Return where a key stands, ``None`` when it is not in the list."""
        place = self._places.get(key)
        if place is not None and place < len(self._keys) and self._keys[place] == key:
            return place
        try:
            return self._keys.index(key)
        except ValueError:
            return None

    def row_data(self, row: int) -> Row | None:
        """Return the row if it is loaded; asks for its page otherwise."""
        key = self.key_at(row)
        if key is None:
            return None
        page = row // PAGE_ROWS
        rows = self._pages.get(page)
        if rows is None:
            self._miss(page)
            return self._stale.get(key)
        self._pages.move_to_end(page)
        return rows.get(key)

    # ------------------------------------------------------------------------------------------- Qt's questions

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.columnCount."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.headerData."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                right = self.columns[section].kind is ColumnKind.NUMBER
                return Qt.AlignmentFlag.AlignVCenter | (
                    Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                )
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data: answers from memory, always at once."""
        if not index.isValid() or index.row() >= len(self._keys):
            return None
        if role == KeyRole:
            return self._keys[index.row()]
        if role in _SPOKEN_ROLES or role in _PAINTED_ROLES:
            return self._cell(index.row(), self.columns[index.column()], role)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Override QAbstractItemModel.sort: a new search, ordered in SQL."""
        if 0 <= column < len(self.columns) and self.columns[column].sort:
            descending = order is Qt.SortOrder.DescendingOrder
            self.search(self.query.with_sort(self.columns[column].sort, descending=descending))

    def _cell(self, row_number: int, column: Column, role: int) -> object:
        row = self.row_data(row_number)
        if row is None:
            return PLACEHOLDER if role == Qt.ItemDataRole.DisplayRole else None
        if role == RowRole:
            return row
        if role in _SPOKEN_ROLES:
            return self._spoken(row, column, role)
        if role == DeadlineRole:
            return column.deadline(row, self.now()) if column.deadline is not None else None
        return tuple(column.chips(row)) if column.chips is not None else None

    def _spoken(self, row: Row, column: Column, role: int) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole:
            return column.says(row, self.now())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title} {column.says_all(row, self.now())}".strip()
        return column.tooltip(row) if column.tooltip is not None else None

    # --------------------------------------------------------------------------------------- taking what arrives

    def _take_head(self, generation: int, found: _Found) -> None:
        if generation != self._generation:
            return
        self._replace(found)
        if not found.complete:
            work = partial(_tail, self._source, self.query, frozenset(self.remembered()))
            self._runner.read(self, work, partial(self._take_tail, generation), partial(self._fail, generation))

    def _take_tail(self, generation: int, found: _Found) -> None:
        """All keys are there: the list grows below the first page, or is replaced when its head has changed meanwhile."""
        if generation != self._generation:
            return
        held = len(self._keys)
        if found.keys[:held] == self._keys:
            self._complete = True
            self._places = found.places
            if len(found.keys) > held:
                self.beginInsertRows(QModelIndex(), held, len(found.keys) - 1)
                self._keys = found.keys
                self.endInsertRows()
            self.counted.emit(len(self._keys))
        else:
            self._replace(found)

    def _take_check(self, generation: int, check: _Check) -> None:
        if generation != self._generation:
            return
        if not check.same:
            self._replace(check.found)
            return
        pages = self._pages.keys() if check.touched_pages is None else check.touched_pages & self._pages.keys()
        for page in pages:
            self._request(page)

    def _replace(self, found: _Found) -> None:
        """Show other keys; rows known from before stay readable under their key until their page arrives."""
        is_new_query = self._shown_query != self.query
        self.beginResetModel()
        pages = () if is_new_query else self._pages.values()
        self._stale = {key: row for rows in pages for key, row in rows.items()}
        self._pages.clear()
        self._missing.clear()
        self._under_way.clear()
        self._keys = found.keys
        self._complete = found.complete
        self._places = found.places
        self._shown_query = self.query
        if found.rows or not found.keys:
            self._keep(0, found.rows)
        self.endResetModel()
        self.searched.emit(is_new_query)
        if found.complete:
            self.counted.emit(len(self._keys))

    def _fail(self, generation: int, error: BaseException) -> None:
        if generation == self._generation:
            self._under_way.clear()
            self.failed.emit(error)

    # ---------------------------------------------------------------------------------------------------- pages

    def _miss(self, page: int) -> None:
        if page in self._under_way:
            return
        self._missing.pop(page, None)
        self._missing[page] = None
        if not self._load_timer.isActive():
            self._load_timer.start()

    def _load_missing(self) -> None:
        """Read the pages missed last; the older ones were scrolled past and are missed again when they are seen."""
        waiting = list(self._missing)[-PAGES_WAITING:]
        while waiting and len(self._under_way) < PAGES_UNDER_WAY:
            self._request(waiting.pop())
        self._missing = dict.fromkeys(waiting)

    def _request(self, page: int) -> None:
        keys = self._keys[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
        if not keys:
            return
        self._under_way.add(page)
        generation = self._generation
        self._runner.read(
            self,
            partial(_page, self._source, keys),
            partial(self._take_page, generation, page, keys),
            partial(self._fail, generation),
        )

    def _take_page(self, generation: int, page: int, keys: "array[int]", rows: dict[int, Row]) -> None:
        first = page * PAGE_ROWS
        # a reset within the same search moves the keys: the page is then asked for again when it is painted
        if generation != self._generation or self._keys[first : first + len(keys)] != keys:
            return
        self._under_way.discard(page)
        self._keep(page, rows)
        if self._missing:
            self._load_timer.start()
        last = min(first + PAGE_ROWS, len(self._keys)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _keep(self, page: int, rows: dict[int, Row]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)


_SPOKEN_ROLES: Final = frozenset(
    (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
)
_PAINTED_ROLES: Final = frozenset((RowRole, DeadlineRole, ChipsRole))


# ------------------------------------------------------------------------------------------- off the UI thread


def _head(source: RowSource[Any], query: ListQuery, wanted: frozenset[int]) -> _Found:
    """The first page with its rows: what the user sees first, whatever the length of the list."""
    keys = source.keys(query, PAGE_ROWS)
    rows = source.rows(keys) if keys else {}
    return _Found(keys, complete=len(keys) < PAGE_ROWS, rows=rows, places=_places(keys, wanted))


def _tail(source: RowSource[Any], query: ListQuery, wanted: frozenset[int]) -> _Found:
    keys = source.keys(query)
    return _Found(keys, complete=True, rows={}, places=_places(keys, wanted))


def _page(source: RowSource[Any], keys: "array[int]") -> dict[int, Row]:
    return source.rows(keys)


def _check(
    source: RowSource[Any], query: ListQuery, held: "array[int]", touched: frozenset[int], wanted: frozenset[int]
) -> _Check:
    """Ask for the keys again; equal keys name the pages to reload, ``None`` all kept ones.

    Keys are unique over all tables. A touched key that is not in the list belongs to another table of the rows (a
    renamed hospital, say), so every kept page may show it.
    """
    keys = source.keys(query)
    found = _Found(keys, complete=True, rows={}, places=_places(keys, wanted | touched))
    if keys != held:
        return _Check(found, same=False, touched_pages=None)
    if not touched <= found.places.keys():
        return _Check(found, same=True, touched_pages=None)
    pages = frozenset(place // PAGE_ROWS for key, place in found.places.items() if key in touched)
    return _Check(found, same=True, touched_pages=pages)


def _places(keys: "array[int]", wanted: frozenset[int]) -> dict[int, int]:
    if not wanted:
        return {}
    return {key: place for place, key in enumerate(keys) if key in wanted}


def _touched(changes: "Changes", tables: frozenset[str]) -> frozenset[int]:
    """Return every key changed in these tables."""
    touched: set[int] = set()
    for kind in (changes.created, changes.updated, changes.deleted):
        for table in tables & kind.keys():
            touched |= kind[table]
    return frozenset(touched)
