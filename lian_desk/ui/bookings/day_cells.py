"""The cells of the calendar: one day of a month or a week as a small card, or one day alone as a list by the hour."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from lian_desk.services.listings.bookings import BookingRow, CalendarDay
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.cards import Card, ScrollColumn
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.text import hairline, label, restyle
from lian_desk.ui.common.look.tokens import Tone

_WEEKEND: Final = 5

Opened = Callable[[BookingRow], object]


class DayCell(QFrame):
    """A day with its first entries.

    Signals:
        chosen(object): the day was clicked.
        wanted(object): the day is to be shown alone.
    """

    chosen = Signal(object)
    wanted = Signal(object)

    def __init__(self, day: CalendarDay, *, most: int, is_quiet: bool, is_today: bool, opened: Opened) -> None:
        super().__init__()
        self.day = day
        self.setProperty("role", "sunken" if not day.is_working_day or is_quiet else "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        words = f"{day.on.day}{' · 今天' if is_today else ''}{day_note(day)}"
        column.addWidget(label(words, "accent" if is_today else ("muted" if is_quiet else "secondary")))
        for row in day.bookings[:most]:
            column.addWidget(entry_button(row, opened), 0, Qt.AlignmentFlag.AlignLeft)
        left = day.booking_count - min(len(day.bookings), most)
        if left:
            more = link_button(f"另 {left} 项", lambda: self.wanted.emit(day.on))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setAccessibleName(f"{formats.long_day(day.on)}{day_note(day)}，{day.booking_count} 项预约")

    def mark(self, *, on: bool) -> None:
        """Show whether the arrow keys stand on this day."""
        self.setProperty("current", on)
        restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override: a click chooses the day."""
        self.chosen.emit(self.day.on)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Override: a double click shows the day alone."""
        self.wanted.emit(self.day.on)
        super().mouseDoubleClickEvent(event)


class DaySheet(Card):
    """One day alone: every booking that is shown, by the hour."""

    def __init__(self, day: CalendarDay, opened: Opened) -> None:
        super().__init__()
        self.day = day
        column = ScrollColumn()
        column.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.body.setSpacing(0)
        if not day.bookings:
            column.add(label("这一天没有预约。", "muted"))
        for number, row in enumerate(day.bookings):
            if number:
                column.add(hairline())
            column.add(_line(row, opened))
        left = day.booking_count - len(day.bookings)
        if left:
            column.add(label(f"另 {left} 项未列出，可在“列表”中查看或导出。", "muted"))
        self.add(column, 1)
        self.setAccessibleName(f"{formats.long_day(day.on)}，{day.booking_count} 项预约")


def entry_button(row: BookingRow, opened: Opened) -> QWidget:
    """Return one booking as words that open it."""
    words = f"{formats.clock_time(row.visit_at)} {row.insured_name} {phrase(row.kind)[:2]}"
    button = link_button(f"{words} · 取消" if row.is_called_off else words, lambda: opened(row))
    ended = phrase(row.status) if row.is_called_off else ""
    button.setToolTip(" · ".join(filter(None, (ended, row.hospital, row.department, row.place))))
    return button


def day_note(day: CalendarDay) -> str:
    """Return what is special about a day: its festival, or that it is worked in exchange."""
    if day.festival and not day.is_working_day:
        return f" · {day.festival}"
    if day.is_working_day and day.on.weekday() >= _WEEKEND:
        return " · 调休上班"
    return ""


def day_words(day: CalendarDay, today: date) -> str:
    """Return the heading of a day alone."""
    near = formats.day(day.on, today)
    words = formats.long_day(day.on)
    return f"{words}{f' · {near}' if near in {'今日', '明日', '昨日'} else ''}{day_note(day)}"


def _line(row: BookingRow, opened: Opened) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 9, 0, 9)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(2)
    hour = label(formats.clock_time(row.visit_at), "bold")
    hour.setFixedWidth(48)
    where = " · ".join(filter(None, (row.hospital, row.department, row.place)))
    told = Chip("已告知", Tone.KEPT) if row.is_told else Chip("待告知", Tone.RISK)
    grid.addWidget(hour, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(label(f"{row.insured_name} · {phrase(row.kind)} · {row.file_number}"), 0, 1)
    grid.addWidget(label(where, "secondary", wrap=True), 1, 1)
    grid.addWidget(told, 0, 2)
    grid.addWidget(link_button("打开", lambda: opened(row)), 0, 3, 2, 1)
    grid.setColumnStretch(1, 1)
    return holder
