"""Tells when nobody has touched the program for a while, by the clock on the wall.

A timer stands still while the computer sleeps; the wall clock does not. So the watch compares times, and the first
tick after waking up sees that the limit has passed.
"""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.machine.clock import Clock

TICK_SECONDS: Final = 10
_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Watches every input of the application.

    Signals:
        idle(): the limit has passed; told once until the next touch.
    """

    idle = Signal()

    def __init__(self, clock: Clock, limit: timedelta, parent: QObject | None = None) -> None:
        """Watch from now on; a ``limit`` of zero watches nothing."""
        super().__init__(parent)
        self._clock = clock
        self._limit = limit
        self._touched_at = clock.now()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_SECONDS * 1000)
        self._timer.timeout.connect(self.look)
        app = QApplication.instance()
        if limit and app is not None:
            app.installEventFilter(self)
            self._timer.start()

    def look(self) -> None:
        """Compare the wall clock with the last touch; the timer calls it, and waking up does."""
        now = self._clock.now()
        # a clock that was set back begins anew, or the desk would stay open for as long
        self._touched_at = min(self._touched_at, now)
        if self._limit and not self._told and now - self._touched_at >= self._limit:
            self._told = True
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: any key, pointer or input method counts; nothing is swallowed."""
        if event.type() in _TOUCHES:
            if not self._told:
                # the first touch after a sleep comes before the timer: it must not hide that the limit has passed
                self.look()
            self._touched_at = self._clock.now()
            self._told = False
        return False
