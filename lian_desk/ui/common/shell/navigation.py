"""The left column of the window: pages with counters, and below who works here and how the desk stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.chips import ChipText, Dot, chip_width, paint_chip
from lian_desk.ui.common.look.icons import icon
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label
from lian_desk.ui.common.look.theme import Tone, current_theme
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page

WIDTH: Final = 188


@dataclass(frozen=True)
class PageSpec:
    """One page of the window.

    Attributes:
        page_id: what ``Navigator.open_page`` calls it.
        title: words in the navigation.
        icon: name of an SVG.
        factory: builds the page when it is first shown.
        shortcut: keys that open it.
        under: page id whose navigation entry is marked instead; such a page has no entry of its own.
        takes_subject: True for the page that ``Navigator.open_file`` means.
    """

    page_id: str
    title: str
    icon: str
    factory: Callable[[UiContext], Page]
    shortcut: str = ""
    under: str = ""
    takes_subject: bool = False


class NavigationButton(QPushButton):
    """An entry of the navigation with a counter at its right."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__(spec.title)
        self._spec = spec
        self._count = 0
        self._tone = Tone.NEUTRAL
        self.setProperty("role", "nav")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(16, 16))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(36)
        self.toggled.connect(lambda _on: self.recolor())
        if spec.shortcut:
            self.setToolTip(f"{spec.title}（{spec.shortcut}）")
        self.recolor()

    def recolor(self) -> None:
        """Take the icon in the colours in force."""
        self.setIcon(icon(self._spec.icon, "accent_ink" if self.isChecked() else "secondary"))

    def set_count(self, count: int, tone: Tone) -> None:
        """Show a figure; 0 hides it."""
        self._count = count
        self._tone = tone
        self.setAccessibleName(f"{self._spec.title} {count}" if count else self._spec.title)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: the counter beside the words."""
        super().paintEvent(event)
        if not self._count:
            return
        theme = current_theme()
        text = f"{self._count:,}"
        width = max(chip_width(theme, text), 22)
        painter = QPainter(self)
        place = QRectF(self.width() - width - 8, (self.height() - 19) / 2, width, 19)
        paint_chip(painter, theme, place, ChipText(text, self._tone))
        painter.end()


class NavigationBar(QFrame):
    """Logo, entries, and the block at the bottom.

    Signals:
        page_chosen(str), lock_chosen().
    """

    page_chosen = Signal(str)
    lock_chosen = Signal()

    def __init__(self, program: str, pages: Sequence[PageSpec], operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setFixedWidth(WIDTH)
        self._buttons: dict[str, NavigationButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 16, 10, 12)
        column.setSpacing(2)
        column.addLayout(_logo(program))
        column.addSpacing(14)
        for spec in pages:
            if spec.under:
                continue
            button = NavigationButton(spec)
            button.clicked.connect(lambda _on=False, page_id=spec.page_id: self.page_chosen.emit(page_id))
            self._buttons[spec.page_id] = button
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(hairline())
        column.addSpacing(6)
        column.addLayout(self._foot(operator))
        current_theme().changed.connect(self._recolor)

    def mark(self, page_id: str) -> None:
        """Mark the entry of the page that is in front."""
        if page_id in self._buttons:
            self._buttons[page_id].setChecked(True)

    def set_counter(self, page_id: str, count: int, tone: str) -> None:
        """Show a figure beside an entry; ``tone`` is a value of ``Tone``."""
        if page_id in self._buttons:
            self._buttons[page_id].set_count(count, Tone(tone))

    def set_state(self, words: str, tone: Tone) -> None:
        """Say how the desk stands: offline, synchronised, waiting."""
        self._state.setText(words)
        self._dot.set_tone(tone)

    def set_operator(self, words: str) -> None:
        """Say who works here."""
        self._operator.setText(words)

    def _foot(self, operator: str) -> QVBoxLayout:
        self._dot = Dot(Tone.NEUTRAL)
        self._state = ElidedLabel("", "secondary")
        self._operator = ElidedLabel(operator, "secondary")
        lock = link_button("Ctrl+L 锁定", self.lock_chosen.emit)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._state, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 0, 4, 0)
        foot.setSpacing(4)
        foot.addLayout(row)
        foot.addWidget(self._operator)
        foot.addWidget(lock, 0, Qt.AlignmentFlag.AlignLeft)
        return foot

    def _recolor(self) -> None:
        for button in self._buttons.values():
            button.recolor()


def _logo(program: str) -> QHBoxLayout:
    mark = QLabel("安")
    mark.setObjectName("logo")
    mark.setFixedSize(22, 22)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    name = label(program)
    name.setObjectName("program")
    row = QHBoxLayout()
    row.setContentsMargins(10, 0, 0, 0)
    row.setSpacing(9)
    row.addWidget(mark)
    row.addWidget(name)
    row.addStretch(1)
    return row
