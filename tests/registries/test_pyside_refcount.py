"""PySide6 6.12.0 on Python 3.11 lost one reference to None per call of an overridden method, until the process died."""

import sys

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

CALLS = 20_000
TOLERATED = 2_000


class _Empty(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own shape
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return None


def test_an_override_that_returns_none_loses_no_references() -> None:
    model = _Empty()
    index = model.index(0, 0)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        # itemData() calls data() through C++, once for every role
        model.itemData(index)
    assert abs(sys.getrefcount(None) - before) < TOLERATED
