"""One timer for the window: tells each second and each minute, so that no widget keeps a timer of its own."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class LiveClock(QObject):
    """Ticks with the clock handed in.

    Signals:
        second_passed(object), minute_passed(object): the present moment, aware.
    """

    second_passed = Signal(object)
    minute_passed = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._minute = now().replace(second=0, microsecond=0)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Start ticking."""
        self._timer.start()

    def stop(self) -> None:
        """Stand still, for example while the desk is locked."""
        self._timer.stop()

    def tick(self) -> None:
        """Announce the present moment; also after the machine woke from sleep."""
        moment = self._now()
        self.second_passed.emit(moment)
        minute = moment.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self.minute_passed.emit(moment)
