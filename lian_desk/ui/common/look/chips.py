"""Status words on a tinted ground, and the row of chips that filters a list."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from lian_desk.ui.common.look.theme import Theme, Tone, TypeRole, current_theme
from lian_desk.ui.common.look.visibility import set_shown

CHIP_HEIGHT = 20
_PADDING = 8


class ChipText(NamedTuple):
    """A status: its word and what its colour means."""

    text: str
    tone: Tone = Tone.NEUTRAL


def chip_width(theme: Theme, text: str) -> int:
    """Return the width in pixels a chip with this word needs."""
    return theme.metrics(TypeRole.SECONDARY).horizontalAdvance(text) + 2 * _PADDING


def paint_chip(painter: QPainter, theme: Theme, rect: QRectF, chip: ChipText) -> None:
    """Paint a chip that fills ``rect``; the word is cut when it does not fit."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.soft(chip.tone))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setPen(theme.ink(chip.tone))
    painter.setFont(theme.font(TypeRole.SECONDARY))
    room = int(rect.width()) - 2 * _PADDING + 2
    shown = theme.metrics(TypeRole.SECONDARY).elidedText(chip.text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


class Chip(QWidget):
    """A status badge: a word and a colour that says the same."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = ChipText(text, tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if not text:
            self.hide()

    @property
    def text(self) -> str:
        """The word shown."""
        return self._chip.text

    @property
    def tone(self) -> Tone:
        """What the colour means."""
        return self._chip.tone

    def set_chip(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Show another status; an empty word hides the chip."""
        if self._chip == ChipText(text, tone):
            return
        self._chip = ChipText(text, tone)
        self.setAccessibleName(text)
        set_shown(self, bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Override: as wide as the word."""
        return QSize(chip_width(current_theme(), self._chip.text), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint the badge."""
        painter = QPainter(self)
        paint_chip(painter, current_theme(), QRectF(self.rect()), self._chip)
        painter.end()


class Dot(QWidget):
    """A small round light; the words stand beside it."""

    def __init__(self, tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setFixedSize(8, 8)

    def set_tone(self, tone: Tone) -> None:
        """Change the colour."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_theme().solid(self._tone)))
        painter.drawEllipse(self.rect().adjusted(0, 0, 0, 0))
        painter.end()


class FilterChoice(NamedTuple):
    """One chip of a filter row: the value it stands for (``None``: no filter) and its words."""

    value: str | None
    text: str


class FilterChips(QWidget):
    """A row of chips of which exactly one is on (or, with ``toggles``, each is on or off by itself).

    Signals:
        chosen(object): the value of the chip that is on; in toggle mode a frozenset of values.
    """

    chosen = Signal(object)

    def __init__(
        self, choices: Sequence[FilterChoice], *, toggles: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._toggles = toggles
        self._buttons: dict[str | None, QPushButton] = {}
        self._texts: dict[str | None, str] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for choice in choices:
            button = QPushButton(choice.text)
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _on=False, value=choice.value: self._click(value))
            self._buttons[choice.value] = button
            self._texts[choice.value] = choice.text
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if choices and not toggles:
            self._buttons[choices[0].value].setChecked(True)

    @property
    def value(self) -> str | None:
        """The value of the chip that is on, ``None`` when none is."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)

    @property
    def values(self) -> frozenset[str | None]:
        """All values that are on."""
        return frozenset(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str | None) -> None:
        """Turn one chip on without emitting."""
        for known, button in self._buttons.items():
            button.setChecked(known == value)

    def first_button(self) -> QPushButton | None:
        """Return the first chip, where the keyboard comes in."""
        return next(iter(self._buttons.values()), None)

    def set_count(self, value: str | None, count: int | None) -> None:
        """Show how many rows a chip would leave."""
        text = self._texts[value]
        self._buttons[value].setText(text if count is None else f"{text} {count:,}")

    def show_choice(self, value: str | None, *, shown: bool) -> None:
        """Offer a chip or take it away; the one that is on stays."""
        button = self._buttons[value]
        button.setVisible(shown or button.isChecked())

    def _click(self, value: str | None) -> None:
        if self._toggles:
            self.chosen.emit(self.values)
            return
        self.set_value(value)
        self.chosen.emit(value)
