"""The floor of the start: a bare PySide6 window with a table. Run as a program; prints when its rows are painted.

``python -m lian_desk.benchmarks.bare_window ROWS`` writes ``time.monotonic()`` of the first paint and the CPU seconds of the process, and imports
nothing of the desk but the watch for the paint.
"""

import sys
import time

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

from lian_desk.benchmarks.first_paint import PaintWatch

COLUMNS = 11
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class MemoryTableModel(QAbstractTableModel):
    """Rows that need no reading: what a table costs by itself."""

    def __init__(self, row_count: int) -> None:
        super().__init__()
        self._row_count = row_count

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else self._row_count

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.columnCount."""
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if role == Qt.ItemDataRole.DisplayRole:
            return f"行 {index.row()} · 列 {index.column()}"
        return None


def bare_table(row_count: int) -> tuple[QMainWindow, QTableView, MemoryTableModel]:
    """Return a window with a table, its table and its model; not shown yet."""
    model = MemoryTableModel(row_count)
    table = QTableView()
    table.setModel(model)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(44)
    window = QMainWindow()
    window.setCentralWidget(table)
    window.resize(1440, 900)
    return window, table, model


def main(row_count: int) -> float:
    """Show the window and return the moment of its first paint."""
    app = QApplication(sys.argv[:1])
    window, table, _model = bare_table(row_count)
    watch = PaintWatch(table, lambda: True)
    window.show()
    painted_at = watch.wait()
    window.close()
    app.quit()
    return painted_at


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]))!r} {time.process_time()!r}\n")
