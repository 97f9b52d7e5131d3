"""A real window on a real desk, offscreen, and a pair of hands that only uses the keyboard.

Import the fixtures into a ``conftest.py``: ``from tests.window_fixture import hands, shown  # noqa: F401``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.bootstrap import DeskWindow, build_window
from lian_desk.services.desk.desk import Desk
from lian_desk.ui.application import dress
from lian_desk.ui.common.forms.choice_fields import ChoiceField
from lian_desk.ui.common.forms.fields import Field
from lian_desk.ui.common.forms.form_dialog import FormDialog

_MOST_TABS = 80


@dataclass
class Hands:
    """Types, tabs and presses as a person does, and waits for the answer."""

    bot: QtBot
    shown: DeskWindow

    def settle(self) -> None:
        """Let everything that is under way arrive."""
        for _round in range(4):
            assert self.shown.context.runner.wait_idle()
            QApplication.sendPostedEvents()
            QApplication.processEvents()

    def start(self, action_id: str, subject: object = None) -> Any:
        """Ask for a dialog and return it."""
        self.shown.context.navigator.start(action_id, subject)
        return self.dialog()

    def dialog(self) -> Any:
        """Return the form in front."""
        self.settle()
        found = QApplication.activeModalWidget()
        assert isinstance(found, FormDialog)
        return found

    def no_dialog(self) -> None:
        """Check that every form is gone."""
        self.settle()
        assert QApplication.activeModalWidget() is None

    def go_to(self, field: Field) -> QWidget:
        """Press Tab until the field has the keyboard."""
        for _press in range(_MOST_TABS):
            focused = QApplication.focusWidget()
            assert focused is not None
            if focused is field.input or field.isAncestorOf(focused):
                return focused
            self.bot.keyClick(focused, Qt.Key.Key_Tab)
        message = f"Tab never reaches {field.spec.name}"
        raise AssertionError(message)

    def write(self, field: Field, words: str) -> None:
        """Go to a field and replace what stands there."""
        focused = self.go_to(field)
        self.bot.keyClick(focused, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if words.isascii():
            self.bot.keyClicks(focused, words)
        else:
            event = QInputMethodEvent()
            event.setCommitString(words)
            QApplication.sendEvent(focused, event)

    def choose(self, field: ChoiceField, words: str) -> None:
        """Go to a row of chips and press the one with these words."""
        self.go_to(field)
        for _press in range(_MOST_TABS):
            focused = QApplication.focusWidget()
            assert isinstance(focused, QAbstractButton)
            if focused.text() == words:
                self.bot.keyClick(focused, Qt.Key.Key_Space)
                return
            self.bot.keyClick(focused, Qt.Key.Key_Tab)
        message = f"no chip {words} in {field.spec.name}"
        raise AssertionError(message)

    def save(self, dialog: FormDialog) -> None:
        """Press Ctrl+Enter and wait."""
        self.bot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.settle()


@pytest.fixture
def shown(desk: Desk, qapp: QApplication) -> Iterator[DeskWindow]:
    """Show the window on the workspace of the test."""
    dress(qapp)
    running = build_window(desk)
    running.window.show()
    running.window.activateWindow()
    assert running.context.runner.wait_idle()
    yield running
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, FormDialog) and widget.isVisible():
            widget.suspend()
    assert running.context.runner.wait_idle()
    running.window.close()
    running.context.runner.shut_down()
    running.window.deleteLater()
    QApplication.processEvents()
    desk.renderer.close()


@pytest.fixture
def hands(qtbot: QtBot, shown: DeskWindow) -> Hands:
    """Return hands on the window."""
    return Hands(qtbot, shown)
