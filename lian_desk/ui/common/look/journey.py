"""Small pictures of where something stands: the steps of a request, the policy years, the uses that are left."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lian_desk.ui.common.look.theme import TypeRole, current_theme

_BAR: Final = 4
_GAP: Final = 4
_HALF_DONE: Final = 0.45


class Steps(QWidget):
    """A bar of named steps: done, the present one, still to come."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._current = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_current(self, step: int, name: str = "") -> None:
        """Mark the present step (0 is the first, the number of steps means all done); ``name`` words it more closely."""
        self._current = step
        if name and 0 <= step < len(self._names):
            names = list(self._names)
            names[step] = name
            self._names = tuple(names)
        total = len(self._names)
        words = self._names[step] if 0 <= step < total else "已完成" if step >= total else ""
        self.setAccessibleName(f"第 {min(step + 1, total)} 步，共 {total} 步：{words}")
        self.update()

    def set_steps(self, names: Sequence[str], current: int) -> None:
        """Show other steps."""
        self._names = tuple(names)
        self.set_current(current)

    def sizeHint(self) -> QSize:
        """Override: a bar with its words below."""
        return QSize(52 * max(len(self._names), 1), 26)

    def minimumSizeHint(self) -> QSize:
        """Override: words may be cut, the bar not."""
        return QSize(36 * max(len(self._names), 1), 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint bar and words."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = max(len(self._names), 1)
        width = (self.width() - _GAP * (count - 1)) / count
        for number, name in enumerate(self._names):
            left = number * (width + _GAP)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("track"))
            bar = QRectF(left, 0, width, _BAR)
            painter.drawRoundedRect(bar, 2, 2)
            if number <= self._current:
                painter.setOpacity(1.0 if number < self._current else _HALF_DONE)
                painter.setBrush(theme.color("accent"))
                painter.drawRoundedRect(bar, 2, 2)
                painter.setOpacity(1.0)
            is_current = number == self._current
            role = TypeRole.BOLD if is_current else TypeRole.SECONDARY
            font = QFont(theme.font(role))
            font.setPixelSize(12)
            painter.setFont(font)
            tint = "accent_ink" if is_current else "text" if number < self._current else "muted"
            painter.setPen(theme.color(tint))
            painter.drawText(QRectF(left, _BAR + 2, width + _GAP, 18), Qt.AlignmentFlag.AlignLeft, name)
        painter.end()


class PolicyYearRuler(QWidget):
    """The covered policy years as a ruler; the present one is half tinted, a year cut off by a suspension is amber."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._covered = 0
        self._current = 0
        self._tips: tuple[str, ...] = ()
        self._suspended: frozenset[int] = frozenset()
        self.setMinimumWidth(120)
        self.setFixedHeight(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_years(
        self, covered: int, current: int, *, tips: Sequence[str] = (), suspended: frozenset[int] = frozenset()
    ) -> None:
        """Show ``covered`` years of which ``current`` (from 1; 0 before the first) runs; ``tips`` explain each year."""
        self._covered = covered
        self._current = current
        self._tips = tuple(tips)
        self._suspended = suspended
        self.setAccessibleName(f"第 {current} / {covered} 保单年度")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint one piece per year."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for year in range(1, self._covered + 1):
            rect = self._piece(year)
            painter.setBrush(theme.color("track"))
            painter.drawRoundedRect(rect, 2.5, 2.5)
            if year in self._suspended:
                painter.setBrush(theme.color("risk"))
                painter.drawRoundedRect(rect, 2.5, 2.5)
            elif year <= self._current:
                painter.setOpacity(_HALF_DONE if year == self._current else 1.0)
                painter.setBrush(theme.color("accent"))
                painter.drawRoundedRect(rect, 2.5, 2.5)
                painter.setOpacity(1.0)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Override: each year explains itself on hover."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for year in range(1, min(self._covered, len(self._tips)) + 1):
                if self._piece(year).adjusted(-2, -4, 2, 4).contains(event.pos().toPointF()):
                    QToolTip.showText(event.globalPos(), self._tips[year - 1], self)
                    return True
        return super().event(event)

    def _piece(self, year: int) -> QRectF:
        width = (self.width() - 3 * (self._covered - 1)) / max(self._covered, 1)
        return QRectF((year - 1) * (width + 3), 3.5, width, 5)


class EntitlementDots(QWidget):
    """Uses of one service as dots: full ones are left, hollow ones are spent; the numbers are read aloud and on hover."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._left = 0
        self._total = 0
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_uses(self, left: int, total: int | None) -> None:
        """Show how many of ``total`` uses are left; ``None`` means unlimited and shows words."""
        self._left = left
        self._total = total or 0
        self._words = "不限次" if total is None else ""
        said = f"{self._caption} {self._words}" if total is None else f"{self._caption} 剩 {left} / {total} 次"
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Override: caption and dots."""
        metrics = current_theme().metrics(TypeRole.SECONDARY)
        width = metrics.horizontalAdvance(self._caption) + 4
        width += metrics.horizontalAdvance(self._words) if self._words else self._total * 11
        return QSize(width + 2, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint caption and dots."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TypeRole.SECONDARY))
        painter.setPen(theme.color("text"))
        room = QRect(0, 0, self.width(), self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._caption)
        left = theme.metrics(TypeRole.SECONDARY).horizontalAdvance(self._caption) + 4
        if self._words:
            painter.setPen(theme.color("secondary"))
            painter.drawText(room.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._words)
        for number in range(self._total):
            dot = QRectF(left + number * 11 + 0.5, self.height() / 2 - 4, 8, 8)
            full = number < self._left
            painter.setPen(QPen(theme.color("accent" if full else "neutral"), 1.2))
            painter.setBrush(theme.color("accent") if full else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(dot)
        painter.end()
