"""The hits of a search as rows: a heading for each file, its hits below, more of them when the end comes into sight."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from lian_desk.services.search.text_search import TextHit

RowRole: Final = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class FileHeading:
    """The line above the hits of one file."""

    assistance_file_id: int
    file_number: str
    insured_name: str
    count: int


HitRow = FileHeading | TextHit


class HitModel(QAbstractListModel):
    """Rows in memory; a new batch is added at the end, hits of a file that is shown already come below its last.

    Signals:
        more_wanted(): the view has come near the end and there is more.
    """

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None, *, has_headings: bool = True) -> None:
        super().__init__(parent)
        self._has_headings = has_headings
        self._rows: list[HitRow] = []
        self._has_more = False
        self.hit_count = 0

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._rows, self._has_more, self.hit_count = [], False, 0
        self.endResetModel()

    def add(self, hits: Sequence[TextHit], *, has_more: bool) -> None:
        """Take in a batch."""
        self._has_more = has_more
        self.hit_count += len(hits)
        groups: dict[int, list[TextHit]] = {}
        for hit in hits:
            groups.setdefault(hit.assistance_file_id, []).append(hit)
        if not self._has_headings:
            self._insert(len(self._rows), list(hits))
            return
        for file_id, group in groups.items():
            self._add_group(file_id, group)

    def row_at(self, row: int) -> HitRow | None:
        """Return what stands in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def first_hit(self) -> int:
        """Return the first row that is a hit, -1 without one."""
        return next((row for row, held in enumerate(self._rows) if isinstance(held, TextHit)), -1)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: _Index) -> bool:
        """Override: the view asks when its end comes into sight."""
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: _Index) -> None:
        """Override: ask once; the batch comes by :meth:`add`."""
        if self._has_more:
            self._has_more = False
            self.more_wanted.emit()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.data."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == RowRole:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            if isinstance(row, FileHeading):
                return f"{row.insured_name} {row.file_number} {row.count} 处"
            return f"{row.place} {row.excerpt}"
        return None

    def _add_group(self, file_id: int, group: list[TextHit]) -> None:
        place = next(
            (
                at
                for at, row in enumerate(self._rows)
                if isinstance(row, FileHeading) and row.assistance_file_id == file_id
            ),
            None,
        )
        if place is None:
            first = group[0]
            heading = FileHeading(file_id, first.file_number, first.insured_name, len(group))
            self._insert(len(self._rows), [heading, *group])
            return
        held = self._rows[place]
        assert isinstance(held, FileHeading)
        self._insert(place + 1 + held.count, list(group))
        self._rows[place] = replace(held, count=held.count + len(group))
        changed = self.index(place, 0)
        self.dataChanged.emit(changed, changed)

    def _insert(self, at: int, rows: Sequence[HitRow]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self.endInsertRows()
