"""PySide6 6.12.0 on Python 3.11 loses one reference to None per call of an override of ``data``, until it aborts."""

import sys

from PySide6.QtCore import QAbstractListModel, QIdentityProxyModel, QModelIndex, QPersistentModelIndex, Qt

AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
CALLS = 1_000
# Other threads of the test runner may hold or drop a few of their own.
TOLERATED = 200


class _Empty(QAbstractListModel):
    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return None


def test_an_override_that_returns_none_loses_no_reference() -> None:
    model, proxy = _Empty(), QIdentityProxyModel()
    proxy.setSourceModel(model)
    index = proxy.index(0, 0)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        # the proxy is C++: it calls the Python override the way a view does
        proxy.data(index, Qt.ItemDataRole.DisplayRole)
    assert abs(sys.getrefcount(None) - before) < TOLERATED
