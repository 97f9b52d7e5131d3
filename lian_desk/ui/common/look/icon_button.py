"""A small button that shows an icon and says its words on hover and aloud; it follows the look of the window."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from lian_desk.ui.common.look.icons import icon
from lian_desk.ui.common.look.theme import current_theme

_SIZE: Final = QSize(18, 18)


class IconButton(QPushButton):
    """An icon that acts. ``color`` is the name of a token."""

    def __init__(
        self,
        picture: str,
        words: str,
        clicked: Callable[[], object] | None = None,
        *,
        color: str = "secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture = picture
        self._color = color
        self.setProperty("role", "icon")
        self.setAutoDefault(False)
        self.setIconSize(_SIZE)
        self.setFixedSize(36, 34)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(words)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        current_theme().changed.connect(self.recolor)
        self.recolor()

    def say(self, words: str) -> None:
        """Name the button for the pointer and the screen reader."""
        self.setToolTip(words)
        self.setAccessibleName(words)

    def recolor(self) -> None:
        """Take the icon in the colours in force."""
        self.setIcon(icon(self._picture, self._color))
