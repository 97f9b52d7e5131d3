"""A dressed application over a real workspace: what a page or a dialog is built with, and how a test waits and types.

Import the fixtures into a ``conftest.py``: ``from tests.ui_fixture import runner, theme, ui``.
"""

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.ui.application import dress
from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner
from tests.desk_world import World


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """Dress the application once."""
    return dress(qapp)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    """Run work off the UI thread as the window does."""
    made = TaskRunner()
    yield made
    made.shut_down()


@pytest.fixture
def ui(world: World, theme: Theme, runner: TaskRunner) -> UiContext:
    """Return the context of a window over the test's workspace."""
    return UiContext(world.desk, runner, ChangeBus(), Navigator(), theme)


def type_chinese(widget: QWidget, text: str) -> None:
    """Commit words as an input method does; key clicks with Chinese would abort the process."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def settle(ui: UiContext, turns: int = 3) -> None:
    """Let everything that is under way arrive."""
    for _ in range(turns):
        assert ui.runner.wait_idle(20_000)
        QApplication.processEvents()


def wait_for(ui: UiContext, is_so: Callable[[], object], seconds: float = 20) -> None:
    """Let the event loop run until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        ui.runner.wait_idle()
