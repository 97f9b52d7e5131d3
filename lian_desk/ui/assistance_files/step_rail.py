"""The parts of a long form at its left: where they begin, and which of them are filled."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.chips import Dot
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.tokens import Tone

_WIDTH = 168


class StepRail(QWidget):
    """Names of the parts; pressing one scrolls to it."""

    def __init__(self, area: QScrollArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self._rows: dict[str, tuple[QWidget, Dot, QLabel]] = {}
        self.buttons: dict[str, QPushButton] = {}
        self.setFixedWidth(_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 4, 16)
        self._column.setSpacing(10)
        self._column.addStretch(1)

    def add_part(self, title: str, heading: QWidget) -> None:
        """Add a part that begins at ``heading``."""
        dot = Dot(Tone.NEUTRAL)
        state = label("", "muted")
        button = self.buttons[title] = link_button(title, partial(self._scroll_to, heading))
        # Tab walks through the fields; the rail is for the mouse, and says how far the form is
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(dot)
        line.addWidget(button)
        line.addWidget(state)
        line.addStretch(1)
        self._rows[title] = (row, dot, state)
        self._column.insertWidget(self._column.count() - 1, row)

    def set_part(self, title: str, words: str, tone: Tone, *, is_shown: bool = True) -> None:
        """Say how a part stands."""
        row, dot, state = self._rows[title]
        row.setVisible(is_shown)
        dot.set_tone(tone)
        state.setText(words)
        self.buttons[title].setAccessibleName(f"{title} {words}".strip())

    def state_of(self, title: str) -> str:
        """Return the words beside a part."""
        return self._rows[title][2].text()

    def _scroll_to(self, heading: QWidget) -> None:
        inside = self._area.widget()
        if inside is not None:
            self._area.verticalScrollBar().setValue(heading.mapTo(inside, QPoint(0, 0)).y() - 12)
