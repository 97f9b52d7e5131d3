"""The course of booking times by week: median as a line, 90th percentile dashed, the promised days as quiet rules."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from lian_desk.adapters.paper_forms.paper_views import WeekLine
from lian_desk.ui.common.look.theme import Tone, TypeRole, current_theme

_LEFT: Final = 34
_RIGHT: Final = 76
_TOP: Final = 10
_FOOT: Final = 24
_HEIGHT: Final = 250
_LABELS: Final = 4


class CourseChart(QWidget):
    """Paints weeks from memory; the tool tip says the figures of the week under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks: tuple[WeekLine, ...] = ()
        self._limits: tuple[int, ...] = ()
        self.setMinimumHeight(_HEIGHT)
        self.setAccessibleName("每周预约完成用时")

    def show_weeks(self, weeks: Sequence[WeekLine], limits: Sequence[int]) -> None:
        """Show other weeks; ``limits`` are the promised working days."""
        self._weeks, self._limits = tuple(weeks), tuple(limits)
        told = [self.words(week) for week in self._weeks if week.count]
        self.setAccessibleDescription("；".join(told) or "期间内没有完成预约")
        self.update()

    @staticmethod
    def words(week: WeekLine) -> str:
        """Return the figures of a week in words."""
        if week.median_days is None or week.ninetieth_days is None:
            return f"{week.from_on:%m-%d} 起一周：没有完成预约"
        return (
            f"{week.from_on:%m-%d} 起一周：{week.count:,} 次预约，"
            f"中位数 {week.median_days:g} 天，90 分位 {week.ninetieth_days:g} 天"
        )

    def sizeHint(self) -> QSize:
        """Override: wide and of the height of the picture."""
        return QSize(560, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Override: explain the week under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._weeks:
            step = self._plot().width() / max(len(self._weeks) - 1, 1)
            place = round((event.pos().x() - _LEFT) / step) if step else 0
            QToolTip.showText(
                event.globalPos(), self.words(self._weeks[min(max(place, 0), len(self._weeks) - 1)]), self
            )
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint rules, lines and the names of some weeks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(current_theme().font(TypeRole.SECONDARY))
        if self._weeks:
            self._paint_scale(painter)
            self._paint_limits(painter)
            medians = [week.median_days for week in self._weeks]
            self._paint_line(painter, [week.ninetieth_days for week in self._weeks], Qt.PenStyle.DashLine)
            self._paint_line(painter, medians, Qt.PenStyle.SolidLine)
            self._paint_weeks(painter)
        painter.end()

    def _plot(self) -> QRectF:
        return QRectF(_LEFT, _TOP, max(self.width() - _LEFT - _RIGHT, 1), max(self.height() - _TOP - _FOOT, 1))

    @property
    def _most(self) -> float:
        highest = max((week.ninetieth_days or 0 for week in self._weeks), default=0)
        reached = [limit for limit in self._limits if limit <= highest]
        above = [limit for limit in self._limits if limit > highest][:1]
        return max(highest, *reached, *above, 1.0) * 1.08

    def _y(self, days: float) -> float:
        plot = self._plot()
        return plot.bottom() - plot.height() * days / self._most

    def _x(self, place: int) -> float:
        plot = self._plot()
        return plot.left() + plot.width() * place / max(len(self._weeks) - 1, 1)

    def _paint_scale(self, painter: QPainter) -> None:
        theme, plot = current_theme(), self._plot()
        step = max(round(self._most / _LABELS), 1)
        for days in range(0, int(self._most) + 1, step):
            y = self._y(days)
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.color("muted"))
            painter.drawText(QRectF(0, y - 9, _LEFT - 8, 18), Qt.AlignmentFlag.AlignRight, str(days))

    def _paint_limits(self, painter: QPainter) -> None:
        theme, plot = current_theme(), self._plot()
        for limit in self._limits:
            if limit > self._most:
                continue
            y = self._y(limit)
            colour = QColor(theme.solid(Tone.BROKEN))
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.ink(Tone.BROKEN))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(plot.right() + 6, y - 9, _RIGHT - 6, 18), flags, f"约定 {limit} 天")

    def _paint_line(self, painter: QPainter, values: Sequence[float | None], style: Qt.PenStyle) -> None:
        accent = current_theme().color("accent")
        width = 2.0 if style is Qt.PenStyle.SolidLine else 1.4
        painter.setPen(QPen(accent, width, style))
        run = QPolygonF()
        for place, value in enumerate([*values, None]):
            if value is not None:
                run.append(QPointF(self._x(place), self._y(value)))
                continue
            if run.count() == 1:
                painter.setBrush(accent)
                painter.drawEllipse(run.at(0), 2, 2)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            elif run.count():
                painter.drawPolyline(run)
            run = QPolygonF()

    def _paint_weeks(self, painter: QPainter) -> None:
        painter.setPen(current_theme().color("muted"))
        plot = self._plot()
        each = max(len(self._weeks) // _LABELS, 1)
        for place in range(0, len(self._weeks), each):
            centre = self._x(place)
            box = QRectF(centre - 40, plot.bottom() + 5, 80, _FOOT - 5)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{self._weeks[place].from_on:%m-%d}")
