"""The bell at the upper edge: how many alerts are unread, and the list of today's behind it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.words import formats
from lian_desk.services.worklist.alerts import Alert
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import ScrollColumn
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.worklist.alert_card import level_chip

_WIDTH: Final = 470
_MOST_HEIGHT: Final = 420
_LINE_HEIGHT: Final = 40
_BADGE: Final = 15
_MOST_COUNT: Final = 99


class Bell(IconButton):
    """An icon with a figure. The list is shown by whoever listens to ``clicked``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bell", "提醒", parent=parent)
        self._count = 0

    @property
    def count(self) -> int:
        """How many are unread."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show how many are unread; 0 shows the bell alone."""
        self._count = count
        self.say(f"提醒，{count} 条未读" if count else "提醒")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: the figure over the bell."""
        super().paintEvent(event)
        if not self._count:
            return
        theme = current_theme()
        text = str(self._count) if self._count <= _MOST_COUNT else f"{_MOST_COUNT}+"
        font = theme.font(TypeRole.SECONDARY)
        width = max(theme.metrics(TypeRole.SECONDARY).horizontalAdvance(text) + 6, _BADGE)
        place = QRectF(self.width() - width - 1, 1, width, _BADGE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("broken_soft"))
        painter.drawRoundedRect(place, _BADGE / 2, _BADGE / 2)
        painter.setPen(theme.color("broken_ink"))
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class AlertList(QFrame):
    """Today's alerts, the newest first. ``followed()``: one was clicked."""

    followed = Signal()

    def __init__(self, alerts: Sequence[Alert], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("今日提醒")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(label("今日提醒", "section"))
        lines = ScrollColumn()
        lines.body.setSpacing(0)
        lines.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        if not alerts:
            lines.add(label("今天还没有提醒。服务时间内，时限临近时会在这里列出。", "muted", wrap=True))
        for number, alert in enumerate(alerts):
            if number:
                lines.add(hairline())
            lines.add(self._line(alert))
        column.addWidget(lines, 1)
        self.setFixedWidth(_WIDTH)
        self.setFixedHeight(min(max(len(alerts), 2) * _LINE_HEIGHT + 62, _MOST_HEIGHT))

    def show_below(self, widget: QWidget) -> None:
        """Open with the right edge under ``widget``, inside its screen."""
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left() + 8, min(corner.x(), room.right() - self.width() - 8)))
        self.move(corner)
        self.show()

    def _line(self, alert: Alert) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 7, 0, 7)
        row.setSpacing(10)
        row.addWidget(label(formats.clock_time(alert.seen_at), "secondary"))
        row.addWidget(level_chip(alert))
        row.addWidget(ElidedLabel(alert.words), 1)
        row.addWidget(link_button("查看", self._follow))
        return holder

    def _follow(self) -> None:
        self.followed.emit()
        self.close()
