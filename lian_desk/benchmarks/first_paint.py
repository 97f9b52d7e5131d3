"""Waiting for pixels: an item view that has been painted with rows."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView

LONGEST_WAIT_MS = 60_000


class PaintWatch(QObject):
    """Tells when a view has painted at least one row."""

    def __init__(self, view: QAbstractItemView, is_ready: Callable[[], bool]) -> None:
        """Watch ``view``; a paint counts once ``is_ready`` says that what is awaited is in the model."""
        super().__init__(view)
        self._viewport = view.viewport()
        self._is_ready = is_ready
        self._loop = QEventLoop()
        self._seen = False
        self.painted_at = 0.0
        self._viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: notice the paint, and let it happen."""
        if watched is self._viewport and event.type() is QEvent.Type.Paint and not self._seen and self._is_ready():
            self._seen = True
            # the paint itself comes after this filter; the next turn of the loop finds it done
            QTimer.singleShot(0, self._finish)
        return False

    def wait(self) -> float:
        """Run the event loop until the paint; return ``time.monotonic()`` right after it.

        Raises:
            TimeoutError: nothing was painted within a minute.
        """
        QTimer.singleShot(LONGEST_WAIT_MS, self._loop.quit)
        while not self.painted_at:
            self._loop.exec()
            if not self.painted_at:
                message = "no row was painted"
                raise TimeoutError(message)
        self._viewport.removeEventFilter(self)
        return self.painted_at

    def _finish(self) -> None:
        self.painted_at = time.monotonic()
        self._loop.quit()


def run_until(condition: Callable[[], bool]) -> None:
    """Run the event loop until ``condition`` holds.

    Raises:
        TimeoutError: it did not within a minute.
    """
    loop = QEventLoop()
    poll = QTimer()
    poll.setInterval(0)
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    limit = QTimer()
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    limit.start(LONGEST_WAIT_MS)
    poll.start()
    loop.exec()
    if not condition():
        message = "what was awaited did not come"
        raise TimeoutError(message)
