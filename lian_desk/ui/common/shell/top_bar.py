"""The upper edge of the window: search, the state of the service hours, the day, and two buttons."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.text import label, restyle
from lian_desk.ui.common.look.theme import Tone

_SEARCH_EDGES = 36


class DayWords(NamedTuple):
    """What the upper edge says about this moment.

    Attributes:
        chip: for example 服务时间内 · 至 21:00; empty for none.
        tone: its colour.
        day: for example 2026年9月30日 周三 · 工作日.
    """

    chip: str
    tone: Tone
    day: str


class TopBar(QFrame):
    """Signals: ``search_requested()``, ``action_chosen(str)``."""

    search_requested = Signal()
    action_chosen = Signal(str)

    def __init__(self, placeholder: str, actions: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Build the bar; ``actions`` are pairs of action id and words, the last one is the accent button."""
        super().__init__(parent)
        self._accent: QPushButton | None = None
        self.setObjectName("topbar")
        self.setFixedHeight(56)
        self.search = QPushButton(placeholder)
        self.search.setProperty("role", "search")
        self.search.setCursor(Qt.CursorShape.IBeamCursor)
        self.search.setMinimumWidth(260)
        self.search.setMaximumWidth(440)
        self.search.clicked.connect(lambda _on=False: self.search_requested.emit())
        self._keys = keys = label("Ctrl K", "key")
        inside = QHBoxLayout(self.search)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addStretch(1)
        inside.addWidget(keys, 0, Qt.AlignmentFlag.AlignVCenter)
        self._chip = Chip()
        self._chip.hide()
        self._day = label("", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(14)
        row.addWidget(self.search, 3)
        row.addStretch(1)
        row.addWidget(self._chip)
        row.addWidget(self._day)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(4)
        row.addLayout(self._tools)
        for place, (action_id, words) in enumerate(actions):
            chosen = partial(self.action_chosen.emit, action_id)
            is_last = place == len(actions) - 1
            button = PrimaryButton(words, chosen) if is_last else SecondaryButton(words, chosen)
            row.addWidget(button)
            self._accent = button

    def set_quiet(self, quiet: bool) -> None:  # noqa: FBT001 - the setter of a state
        """Let the accent button step back while the page in front has one of its own: one accent per view."""
        role = "" if quiet else "primary"
        if self._accent is not None and self._accent.property("role") != role:
            self._accent.setProperty("role", role)
            restyle(self._accent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: where the window is narrow the words of the search box go before its keys."""
        super().resizeEvent(event)
        words = self.search.fontMetrics().horizontalAdvance(self.search.text())
        self._keys.setVisible(self.search.width() >= words + self._keys.sizeHint().width() + _SEARCH_EDGES)

    def add_tool(self, widget: QWidget) -> None:
        """Put something small before the buttons, for example the bell."""
        self._tools.addWidget(widget)

    def set_day(self, words: DayWords) -> None:
        """Show the state of this moment."""
        self._chip.set_chip(words.chip, words.tone)
        self._chip.setVisible(bool(words.chip))
        self._day.setText(words.day)
