"""A year on one sheet: twelve months, days off and make-up days with a word beside the colour, the reason on hover."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lian_desk.models.vocabulary import DayKind
from lian_desk.services.working_calendar.views import DayLine, YearSheet
from lian_desk.ui.common.look.theme import Theme, Tone, TypeRole

_COLUMNS: Final = 4
_MONTHS: Final = 12
_WEEKDAYS: Final = "一二三四五六日"
_WEEKS: Final = 6
_DAYS: Final = 7
_TITLE: Final = 24
_HEAD: Final = 16
_GAP_X: Final = 16
_GAP_Y: Final = 8
_LEAST_CELL: Final = QSize(22, 30)
_WORD_PIXELS: Final = 10
_WORDS: Final = {DayKind.DAY_OFF: "休", DayKind.MAKE_UP_WORKING_DAY: "班"}
_TONES: Final = {DayKind.DAY_OFF: Tone.ACCENT, DayKind.MAKE_UP_WORKING_DAY: Tone.RISK}
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_DAYS,
    Qt.Key.Key_Down: _DAYS,
}


class _Cell(NamedTuple):
    line: DayLine
    place: QRect


class YearSheetView(QWidget):
    """Paints one year. The arrow keys walk from day to day.

    Signals:
        day_chosen(object): the day the cursor is on, a ``DayLine``.
        day_activated(object): double click or Enter on a day.
    """

    day_chosen = Signal(object)
    day_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sheet: YearSheet | None = None
        self._lines: dict[date, DayLine] = {}
        self._cells: dict[date, _Cell] = {}
        self._current: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("年历")
        theme.changed.connect(self.update)

    @property
    def current(self) -> DayLine | None:
        """The day the cursor is on."""
        return self._lines.get(self._current) if self._current is not None else None

    def show_sheet(self, sheet: YearSheet) -> None:
        """Show a year; the cursor stays on its day, or starts at today or the first of January."""
        self._sheet = sheet
        self._lines = {line.day_on: line for line in sheet.days}
        self._place_cells()
        if self._current not in self._lines:
            self._current = sheet.today if sheet.today in self._lines else sheet.days[0].day_on
        self._tell()
        self.update()

    def choose(self, day: date) -> None:
        """Put the cursor on a day of the year shown."""
        if day in self._lines:
            self._current = day
            self._tell()
            self.update()

    def place_of(self, day: date) -> QRect:
        """Return where a day is painted."""
        return self._cells[day].place

    def minimumSizeHint(self) -> QSize:
        """Override: below this the numbers would touch."""
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        """Override: four months side by side, three below each other."""
        month_height = _TITLE + _HEAD + _WEEKS * _LEAST_CELL.height()
        rows = _MONTHS // _COLUMNS
        return QSize(
            _COLUMNS * _DAYS * _LEAST_CELL.width() + (_COLUMNS - 1) * _GAP_X,
            rows * month_height + (rows - 1) * _GAP_Y,
        )

    # -------------------------------------------------------------------------------------------------- painting

    def resizeEvent(self, event: QEvent) -> None:
        """Override: the cells share the room."""
        self._place_cells()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: months, headings and days."""
        if self._sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for month in range(1, _MONTHS + 1):
            self._paint_head(painter, month)
        for cell in self._cells.values():
            if event.rect().intersects(cell.place):
                self._paint_day(painter, cell)
        painter.end()

    def _paint_head(self, painter: QPainter, month: int) -> None:
        theme, box = self._theme, self._month_box(month)
        painter.setFont(theme.font(TypeRole.BOLD))
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(box.left(), box.top(), box.width(), _TITLE), Qt.AlignmentFlag.AlignVCenter, f"{month}月")
        painter.setFont(theme.font(TypeRole.SECONDARY))
        painter.setPen(theme.color("muted"))
        width = box.width() / _DAYS
        for place, word in enumerate(_WEEKDAYS):
            room = QRectF(box.left() + place * width, box.top() + _TITLE, width, _HEAD)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_day(self, painter: QPainter, cell: _Cell) -> None:
        theme, line = self._theme, cell.line
        room = QRectF(cell.place).adjusted(1, 1, -1, -1)
        word = _WORDS.get(line.kind) if line.kind is not None else None
        ink = theme.color("text" if line.is_working else "muted")
        if line.kind is not None:
            ink = theme.ink(_TONES[line.kind])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.soft(_TONES[line.kind]))
            painter.drawRoundedRect(room, 5, 5)
        is_today = self._sheet is not None and line.day_on == self._sheet.today
        painter.setFont(theme.font(TypeRole.BOLD if is_today else TypeRole.BODY))
        painter.setPen(ink)
        upper = room.adjusted(0, 0, 0, -room.height() * 0.45) if word else room
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, str(line.day_on.day))
        if word:
            # the one word smaller than the roles of type: a cell holds number and word at 100 %
            small = QFont(theme.font(TypeRole.SECONDARY))
            small.setPixelSize(_WORD_PIXELS)
            painter.setFont(small)
            lower = room.adjusted(0, room.height() * 0.5, 0, 0)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, word)
        if is_today:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 5, 5)
        if line.day_on == self._current:
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "border"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 5, 5)

    def _month_box(self, month: int) -> QRect:
        rows = _MONTHS // _COLUMNS
        width = (self.width() - (_COLUMNS - 1) * _GAP_X) // _COLUMNS
        height = (self.height() - (rows - 1) * _GAP_Y) // rows
        row, column = divmod(month - 1, _COLUMNS)
        return QRect(column * (width + _GAP_X), row * (height + _GAP_Y), width, height)

    def _place_cells(self) -> None:
        self._cells = {}
        for line in self._lines.values():
            box = self._month_box(line.day_on.month)
            width, height = box.width() / _DAYS, (box.height() - _TITLE - _HEAD) / _WEEKS
            week = (line.day_on.day + line.day_on.replace(day=1).weekday() - 1) // _DAYS
            left = box.left() + line.day_on.weekday() * width
            top = box.top() + _TITLE + _HEAD + week * height
            self._cells[line.day_on] = _Cell(line, QRectF(left, top, width, height).toRect())

    # ---------------------------------------------------------------------------------------- mouse and keyboard

    def event(self, event: QEvent) -> bool:
        """Override: hover says why."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos())
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), cell.line.why, self, cell.place)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override: put the cursor on a day."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.choose(cell.line.day_on)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Override: act on a day."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.day_activated.emit(cell.line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: walk with the arrows, Home and End; Enter acts."""
        key = Qt.Key(event.key())
        line = self.current
        if line is None:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.choose(line.day_on + timedelta(days=_STEPS[key]))
        elif key == Qt.Key.Key_Home:
            self.choose(date(line.day_on.year, 1, 1))
        elif key == Qt.Key.Key_End:
            self.choose(date(line.day_on.year, 12, 31))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.day_activated.emit(line)
        else:
            super().keyPressEvent(event)

    def _cell_at(self, point: QPoint) -> _Cell | None:
        return next((cell for cell in self._cells.values() if cell.place.contains(point)), None)

    def _tell(self) -> None:
        line = self.current
        if line is not None:
            self.setAccessibleDescription(line.why)
            self.day_chosen.emit(line)
