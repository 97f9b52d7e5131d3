"""日历: a month, a week or a day of bookings; days off and make-up working days say so in words.

The arrow keys walk from day to day, PgUp and PgDn from page to page, Home goes to today, Enter shows the day alone;
Tab reaches every entry. What is shown can be exported for another calendar program.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.bookings.calendar_events import CalendarSpan
from lian_desk.services.listings.bookings import CalendarDay, load_calendar_days
from lian_desk.services.words import formats
from lian_desk.ui.bookings.day_cells import DayCell, DaySheet, day_words
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.calendar_export import CalendarExport
from lian_desk.ui.common.running.context import UiContext

_WEEK: Final = 7
_WEEKDAYS: Final = "一二三四五六日"
_LINES_IN_MONTH: Final = 3
_LINES_IN_WEEK: Final = 16
_MORE_THAN_A_MONTH: Final = timedelta(days=31)
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}


class CalendarView(QWidget):
    """Signals: ``opened(object)`` with the ``BookingRow`` of an entry."""

    opened = Signal(object)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kind: ServiceKind | None = None
        self._mine: int | None = None
        self._days: tuple[CalendarDay, ...] = ()
        #: the day the arrow keys stand on; the page shown is the one that holds it
        self.anchor: date = context.desk.today
        self.cells: dict[date, DayCell] = {}
        self.exporting = CalendarExport(context, self)
        self.span = FilterChips([FilterChoice("month", "月"), FilterChoice("week", "周"), FilterChoice("day", "日")])
        self.span.chosen.connect(lambda _value: self.reload())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("日历")
        self.setAccessibleDescription("方向键换日，PgUp / PgDn 翻页，Home 回到今天，回车看一天")
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
        head.addWidget(small_button("导出 .ics", self.export))
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
        first, count = self.shown_range()
        work = partial(load_calendar_days, self._context.desk, first, count, kind=self._kind, mine=self._mine)
        self._context.runner.read(self, work, self.show_days)

    def export(self) -> None:
        """Export the days shown; of a month its own days, not the neighbours that fill the weeks."""
        first, count = self.shown_range()
        if self.span.value == "month":
            first = self.anchor.replace(day=1)
            count = ((first + _MORE_THAN_A_MONTH).replace(day=1) - first).days
        self.exporting.start(CalendarSpan(first, count, self._kind, self._mine))

    def shown_range(self) -> tuple[date, int]:
        """Return the first day of the page that holds the current day, and how many days it has."""
        if self.span.value == "day":
            return self.anchor, 1
        if self.span.value == "week":
            return self.anchor - timedelta(days=self.anchor.weekday()), _WEEK
        first = self.anchor.replace(day=1)
        start = first - timedelta(days=first.weekday())
        following = (first + _MORE_THAN_A_MONTH).replace(day=1)
        weeks = -(-(following - start).days // _WEEK)
        return start, weeks * _WEEK

    def show_days(self, days: Sequence[CalendarDay]) -> None:
        """Lay out the days, Monday first; an answer to a page that was left meanwhile is dropped."""
        first, count = self.shown_range()
        if not days or (days[0].on, len(days)) != (first, count):
            return
        had_keyboard = self._holds_keyboard()
        self._clear()
        self._days = tuple(days)
        if self.span.value == "day":
            self._title.setText(day_words(days[0], self._context.desk.today))
            self._grid.addWidget(DaySheet(days[0], self.opened.emit), 0, 0, 1, _WEEK)
            self._grid.setRowStretch(0, 1)
        else:
            self._show_cells(days)
        if had_keyboard:
            # the entry that had the keyboard is gone; the calendar keeps it
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: the arrow keys, PgUp and PgDn, Home, Enter."""
        key = Qt.Key(event.key())
        act = self._keys().get(key)
        if key in _STEPS:
            self._go(self.anchor + timedelta(days=_STEPS[key]))
        elif act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        show = partial(self.show_day, self.anchor)
        return {
            Qt.Key.Key_PageUp: partial(self._turn, -1),
            Qt.Key.Key_PageDown: partial(self._turn, 1),
            Qt.Key.Key_Home: self._to_today,
            Qt.Key.Key_Return: show,
            Qt.Key.Key_Enter: show,
        }

    def show_day(self, on: date) -> None:
        """Show one day alone."""
        self.anchor = on
        self.span.set_value("day")
        self.reload()

    def _show_cells(self, days: Sequence[CalendarDay]) -> None:
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
            cell = DayCell(
                day,
                most=_LINES_IN_WEEK if is_week else _LINES_IN_MONTH,
                is_quiet=not is_week and day.on.month != self.anchor.month,
                is_today=day.on == self._context.desk.today,
                opened=self.opened.emit,
            )
            cell.chosen.connect(self._go)
            cell.wanted.connect(self.show_day)
            cell.mark(on=day.on == self.anchor)
            self.cells[day.on] = cell
            self._grid.addWidget(cell, place // _WEEK + 1, place % _WEEK)
            self._grid.setRowStretch(place // _WEEK + 1, 1)

    def _go(self, on: date) -> None:
        """Stand on another day; only another page is read anew."""
        before = self.shown_range()
        held, self.anchor = self.anchor, on
        is_same_month = (held.year, held.month) == (on.year, on.month)
        if self.shown_range() == before and (self.span.value != "month" or is_same_month):
            for day, cell in self.cells.items():
                if day in {held, on}:
                    cell.mark(on=day == on)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setAccessibleName(f"日历 {formats.long_day(on)}")
        else:
            self.reload()

    def _turn(self, direction: int) -> None:
        if self.span.value == "month":
            first = self.anchor.replace(day=1)
            there = first + _MORE_THAN_A_MONTH if direction > 0 else first - timedelta(days=1)
            self.anchor = there.replace(day=1)
        else:
            self.anchor += timedelta(days=direction * (_WEEK if self.span.value == "week" else 1))
        self.reload()

    def _to_today(self) -> None:
        self.anchor = self._context.desk.today
        self.reload()

    def _holds_keyboard(self) -> bool:
        parts = (*self.findChildren(DayCell), *self.findChildren(DaySheet))
        focused = QApplication.focusWidget()
        return any(part.isAncestorOf(focused) for part in parts) if focused else False

    def _clear(self) -> None:
        self.cells = {}
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
