"""日历: a month or a week of bookings; days off and make-up working days say so in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services import formats
from lian_desk.services.listings.bookings import BookingRow, CalendarDay, load_calendar_days
from lian_desk.services.wording import phrase
from lian_desk.ui.common.buttons import link_button, small_button
from lian_desk.ui.common.chips import FilterChips, FilterChoice
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.text import label

_WEEK: Final = 7
_WEEKDAYS: Final = "一二三四五六日"
_LINES_IN_MONTH: Final = 3
_LINES_IN_WEEK: Final = 16
_WEEKEND: Final = 5


class CalendarView(QWidget):
    """Signals: ``opened(object)`` with the ``BookingRow`` of an entry."""

    opened = Signal(object)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kind: ServiceKind | None = None
        self._mine: int | None = None
        self.anchor: date = context.desk.today
        self.span = FilterChips([FilterChoice("month", "月"), FilterChoice("week", "周")])
        self.span.chosen.connect(lambda _value: self.reload())
        self._title = label("", "section")
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(small_button("‹ 上一页", partial(self._turn, -1)))
        head.addWidget(small_button("今天", self._to_today))
        head.addWidget(small_button("下一页 ›", partial(self._turn, 1)))
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.span)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._grid, 1)

    def search(self, kind: ServiceKind | None, mine: int | None) -> None:
        """Show the bookings of one service, or of one case manager."""
        self._kind, self._mine = kind, mine
        self.reload()

    def reload(self) -> None:
        """Read the days shown."""
        first, count = self._range()
        work = partial(load_calendar_days, self._context.desk, first, count, kind=self._kind, mine=self._mine)
        self._context.runner.read(self, work, self.show_days)

    def show_days(self, days: Sequence[CalendarDay]) -> None:
        """Lay out the days, Monday first."""
        self._clear()
        is_week = self.span.value == "week"
        first, last = days[0].on, days[-1].on
        self._title.setText(
            f"{first.month}月{first.day}日 至 {last.month}月{last.day}日"
            if is_week
            else f"{self.anchor.year}年{self.anchor.month}月"
        )
        for place, weekday in enumerate(_WEEKDAYS):
            self._grid.addWidget(label(f"周{weekday}", "muted"), 0, place, Qt.AlignmentFlag.AlignHCenter)
            self._grid.setColumnStretch(place, 1)
        for place, day in enumerate(days):
            self._grid.addWidget(self._cell(day, is_week=is_week), place // _WEEK + 1, place % _WEEK)
            self._grid.setRowStretch(place // _WEEK + 1, 1)

    def _range(self) -> tuple[date, int]:
        if self.span.value == "week":
            return self.anchor - timedelta(days=self.anchor.weekday()), _WEEK
        first = self.anchor.replace(day=1)
        start = first - timedelta(days=first.weekday())
        following = (first + timedelta(days=31)).replace(day=1)
        weeks = -(-(following - start).days // _WEEK)
        return start, weeks * _WEEK

    def _turn(self, direction: int) -> None:
        if self.span.value == "week":
            self.anchor += timedelta(days=_WEEK * direction)
        else:
            first = self.anchor.replace(day=1)
            self.anchor = (first + timedelta(days=31)).replace(day=1) if direction > 0 else first - timedelta(days=1)
        self.reload()

    def _to_today(self) -> None:
        self.anchor = self._context.desk.today
        self.reload()

    def _cell(self, day: CalendarDay, *, is_week: bool) -> QWidget:
        cell = QFrame()
        is_other_month = not is_week and day.on.month != self.anchor.month
        cell.setProperty("role", "sunken" if not day.is_working_day or is_other_month else "card")
        column = QVBoxLayout(cell)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        today = " · 今天" if day.on == self._context.desk.today else ""
        words = f"{day.on.day}{today}{_day_note(day)}"
        column.addWidget(label(words, "accent" if today else ("muted" if is_other_month else "secondary")))
        most = _LINES_IN_WEEK if is_week else _LINES_IN_MONTH
        for row in day.bookings[:most]:
            column.addWidget(self._entry(row), 0, Qt.AlignmentFlag.AlignLeft)
        left = day.booking_count - min(len(day.bookings), most)
        if left:
            column.addWidget(label(f"另 {left} 项", "muted"))
        column.addStretch(1)
        return cell

    def _entry(self, row: BookingRow) -> QWidget:
        short = phrase(row.kind)[:2]
        button = link_button(
            f"{formats.clock_time(row.visit_at)} {row.insured_name} {short}", partial(self.opened.emit, row)
        )
        button.setToolTip(" · ".join(filter(None, (row.hospital, row.department, row.place))))
        return button

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)


def _day_note(day: CalendarDay) -> str:
    if day.festival and not day.is_working_day:
        return f" · {day.festival}"
    if day.is_working_day and day.on.weekday() >= _WEEKEND:
        return " · 调休上班"
    return ""
