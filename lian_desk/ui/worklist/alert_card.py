"""A card in the lower left corner of the window that tells what is pressing; it goes by itself, a click leads to the worklist."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.worklist.alerts import Alert, AlertLevel
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.shell.navigation import WIDTH as NAVIGATION_WIDTH

LEVELS: Final = {AlertLevel.NOTICE: ("临近截止", Tone.RISK), AlertLevel.URGENT: ("即将超时", Tone.BROKEN)}
SHOWN_SECONDS: Final = {AlertLevel.NOTICE: 10, AlertLevel.URGENT: 30}
_WIDTH: Final = 340
_EDGE: Final = 20
_MOST_LINES: Final = 2


def level_chip(alert: Alert) -> Chip:
    """Return the badge of an alert."""
    words, tone = LEVELS[alert.level]
    return Chip("已超时" if alert.is_late else words, tone)


class AlertCard(QFrame):
    """Signals: ``followed()``: the user wants to see the worklist."""

    followed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("popup")
        self.setFixedWidth(_WIDTH)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label("时限提醒", "section"))
        head.addStretch(1)
        head.addWidget(link_button("知道了", self.hide))
        foot = QHBoxLayout()
        foot.addWidget(small_button("到工作台", self._follow))
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._lines)
        column.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def say(self, alerts: Sequence[Alert]) -> None:
        """Show alerts; the urgent ones stay longer."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for alert in alerts[:_MOST_LINES]:
            self._lines.addWidget(_line(alert))
        left = len(alerts) - _MOST_LINES
        if left > 0:
            self._lines.addWidget(label(f"另 {left} 条，见右上角的提醒。", "muted"))
        self.setAccessibleName("；".join(alert.words for alert in alerts))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(max(SHOWN_SECONDS[alert.level] for alert in alerts) * 1000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: stay in the corner of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        for index in range(self._lines.count()):
            item = self._lines.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                # a line that joins a card on the screen counts for its height only once it is shown
                widget.show()
        layout = self.layout()
        assert layout is not None
        layout.activate()
        # a line that wraps is higher than its hint says
        self.resize(_WIDTH, layout.heightForWidth(_WIDTH) if layout.hasHeightForWidth() else self.sizeHint().height())
        host = self._window
        # at the left: the buttons of pages and panels stand at the right
        self.move(NAVIGATION_WIDTH + _EDGE, host.height() - self.height() - _EDGE)

    def _follow(self) -> None:
        self.hide()
        self.followed.emit()


def _line(alert: Alert) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(level_chip(alert))
    row.addWidget(label(alert.words, wrap=True), 1)
    return holder
