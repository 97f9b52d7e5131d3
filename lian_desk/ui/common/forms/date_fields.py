"""Fields for days and moments: typed freely, or picked from a calendar; a wheel or an arrow key changes nothing."""

from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QMenu, QWidget, QWidgetAction

from lian_desk.services.names.pasted import bare_day
from lian_desk.services.words.as_written import Fault, NotWritten, read_day, read_moment
from lian_desk.services.words.formats import ZONE
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField
from lian_desk.ui.common.look.buttons import small_button

_DECEMBER: Final = 12


def parse_date(text: str) -> date:
    """Read a day as people write it (``services/words/as_written.py``).

    Raises:
        FieldProblem: it is no day of the calendar.
    """
    try:
        return read_day(bare_day(text))
    except NotWritten as problem:
        raise FieldProblem(_day_words(problem)) from None


def parse_moment(text: str) -> datetime:
    """Read a moment in Asia/Shanghai as people write it: a day, a time.

    Raises:
        FieldProblem: it is no moment.
    """
    try:
        return read_moment(bare_day(text))
    except NotWritten as problem:
        words = {
            Fault.NO_TIME: "还缺时间，请按 2026-11-20 16:20 填写。",
            Fault.NO_SUCH_TIME: "没有这个时间，请核对。",
        }
        raise FieldProblem(words.get(problem.fault) or _day_words(problem)) from None


def _day_words(problem: NotWritten) -> str:
    if problem.fault is Fault.NO_YEAR:
        return "还缺年份，请按 2026-11-20 填写。"
    if problem.fault is not Fault.NO_SUCH_DAY:
        return "日期看不懂，请按 2026-11-20 或 20261120 填写。"
    year, month, day = problem.parts
    return f"{year} 年 {month} 月没有 {day} 日，请核对。" if 1 <= month <= _DECEMBER else f"没有 {month} 月，请核对。"


class DateField(LineField):
    """A day, typed as 2026-11-20, 20261120, 2026/11/20 or 2026年11月20日, or picked from a calendar."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line.setPlaceholderText(spec.placeholder or "2026-11-20 或 20261120")
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.line.editingFinished.connect(self._tidy)
        self._menu: QMenu | None = None
        self._pick = small_button("日历", self._open_calendar)
        self._pick.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line, 1)
        layout.addWidget(self._pick)
        self.column.insertWidget(1, row)

    def value(self) -> Any:
        """Return a ``date`` or ``None``."""
        text = self._text_value(self.line.text())
        return None if text is None else parse_date(text)

    def set_value(self, value: Any) -> None:
        """Show a ``date``, or nothing."""
        self.set_raw(value.isoformat() if isinstance(value, date) else "")

    def _tidy(self) -> None:
        """Write a readable day in one form; an unreadable one stays as it was typed."""
        try:
            day = parse_date(self.line.text().strip())
        except FieldProblem:
            return
        self.set_raw(day.isoformat())

    def _open_calendar(self) -> None:
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            day = parse_date(self.line.text().strip())
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        except FieldProblem:
            calendar.showToday()
        self._menu = QMenu(self)
        entry = QWidgetAction(self._menu)
        entry.setDefaultWidget(calendar)
        self._menu.addAction(entry)
        calendar.activated.connect(lambda day: self._picked(day.toPython()))
        calendar.clicked.connect(lambda day: self._picked(day.toPython()))
        self._menu.popup(self._pick.mapToGlobal(self._pick.rect().bottomLeft()))

    def _picked(self, day: date) -> None:
        self.set_raw(day.isoformat())
        if self._menu is not None:
            self._menu.close()
        self._touched()
        self.focus()


class DateTimeField(LineField):
    """A moment in Asia/Shanghai, typed as 2026-11-20 16:20 or 20261120 1620; ``value()`` is aware."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self.line.setPlaceholderText(spec.placeholder or "2026-11-20 16:20")
        self.line.editingFinished.connect(self._tidy)

    def value(self) -> Any:
        """Return an aware ``datetime`` or ``None``."""
        text = self._text_value(self.line.text())
        return None if text is None else parse_moment(text)

    def set_value(self, value: Any) -> None:
        """Show an aware ``datetime``, or nothing."""
        self.set_raw(f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else "")

    def _tidy(self) -> None:
        try:
            self.set_value(parse_moment(self.line.text().strip()))
        except FieldProblem:
            return
