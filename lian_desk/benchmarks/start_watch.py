"""Waits for the desk's window, chooses a page, and notes the first paint of its list."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.benchmarks.first_paint import PaintWatch
from lian_desk.bootstrap import DeskProgram
from lian_desk.ui.application import make_application
from lian_desk.ui.main_window import MainWindow


class _Start:
    """Looks for the window once a millisecond; closes it after the first paint with rows."""

    def __init__(self, page_id: str) -> None:
        self.painted_at = 0.0
        self._page_id = page_id
        self._poll = QTimer()
        self._poll.setInterval(1)
        self._poll.timeout.connect(self._look)
        self._poll.start()

    def _look(self) -> None:
        windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        if not windows or not windows[0].isVisible():
            return
        self._poll.stop()
        window = windows[0]
        page = window.show_page(self._page_id)
        record_list = getattr(page, "list")  # noqa: B009 - every page of the start has one, Page itself does not
        watch = PaintWatch(record_list.table, lambda: record_list.model.row_count > 0)
        self.painted_at = watch.wait()
        window.close()


def start_desk(folder: Path, page_id: str) -> float:
    """Open the desk on ``folder`` by the program's own way in and return the moment of the first paint."""
    app = make_application(sys.argv[:1])
    program = DeskProgram(app, SystemClock())
    start = _Start(page_id)
    program.run(folder)
    return start.painted_at
