"""The four kinds of buttons: one accent button per view, quiet ones, small ones, and words that act like a link."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget


def _button(text: str, role: str, clicked: Callable[[], object] | None, parent: QWidget | None) -> QPushButton:
    made = QPushButton(text, parent)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class PrimaryButton(QPushButton):
    """The one accent button of a view: its next step."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "primary")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())


class SecondaryButton(QPushButton):
    """A quiet button of normal height."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())


def small_button(text: str, clicked: Callable[[], object] | None = None, parent: QWidget | None = None) -> QPushButton:
    """Return a low quiet button for cards and rows."""
    return _button(text, "small", clicked, parent)


def link_button(text: str, clicked: Callable[[], object] | None = None, parent: QWidget | None = None) -> QPushButton:
    """Return words that act; reachable by Tab."""
    return _button(text, "link", clicked, parent)
