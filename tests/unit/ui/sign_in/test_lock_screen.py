"""The lock screen and the watch over it, on real widgets and a real encrypted workspace."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.adapters.keys.unlocking import by_password, by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.workspace.workspace import NewWorkspace, OpenWorkspace, create_workspace, open_workspace
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.sign_in.idle_watch import IdleWatch
from lian_desk.ui.sign_in.lock_screen import LockScreen

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PASSWORD = "梧桐雨后的石城 9"


def type_words(line: QLineEdit, words: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(line, event)


@pytest.fixture
def window(qtbot: QtBot, runner: TaskRunner) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setWindowTitle("就医协助台")
    window.setCentralWidget(QLabel("王*兰"))
    action = QAction("新建", window)
    action.setShortcut("Ctrl+N")
    window.addAction(action)
    window.resize(900, 600)
    window.show()
    return window


@pytest.fixture
def workspace(folder: Path) -> Iterator[OpenWorkspace]:
    workspace = open_workspace(folder, by_password(PASSWORD), NOW)
    yield workspace
    workspace.close()


def test_nothing_is_seen_or_reached_while_locked(
    window: QMainWindow, runner: TaskRunner, workspace: OpenWorkspace
) -> None:
    screen = LockScreen(window, runner, workspace, "沈知远 · NJ01")
    central = window.centralWidget()
    over = QWidget(window)
    over.show()
    screen.lock()
    assert screen.geometry() == window.rect()
    assert not central.isVisible()
    assert not over.isVisible()
    assert not window.actions()[0].isEnabled()
    assert window.windowTitle() == "已锁定"
    window.resize(700, 500)
    assert screen.geometry() == window.rect()


def test_an_open_dialog_comes_back_with_what_was_typed(
    window: QMainWindow, runner: TaskRunner, workspace: OpenWorkspace, qtbot: QtBot
) -> None:
    screen = LockScreen(window, runner, workspace, "沈知远 · NJ01")
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    line = QLineEdit(dialog)
    dialog.setModal(True)
    dialog.show()
    type_words(line, "还没有保存的话")
    screen.lock()
    assert not dialog.isVisible()
    late = QDialog(window)
    qtbot.addWidget(late)
    late.show()
    qtbot.waitUntil(lambda: not late.isVisible())
    type_words(screen.password.line, "not the password")
    screen.try_unlock()
    assert runner.wait_idle()
    assert screen.is_locked
    assert "密码不对" in screen.password.error
    screen.password.line.setText(PASSWORD)
    qtbot.keyClick(screen.password.line, Qt.Key.Key_Return)
    assert runner.wait_idle()
    assert not screen.is_locked
    assert dialog.isVisible()
    assert late.isVisible()
    assert line.text() == "还没有保存的话"
    assert screen.password.line.text() == ""
    assert window.windowTitle() == "就医协助台"
    assert window.centralWidget().isVisible()
    assert window.actions()[0].isEnabled()


def test_the_key_that_locks_works_in_a_dialog(
    window: QMainWindow, runner: TaskRunner, workspace: OpenWorkspace, qtbot: QtBot
) -> None:
    screen = LockScreen(window, runner, workspace, "沈知远 · NJ01")
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    line = QLineEdit(dialog)
    dialog.setModal(True)
    dialog.show()
    dialog.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClick(line, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert screen.is_locked
    assert not dialog.isVisible()


def test_an_empty_password_asks_for_one(window: QMainWindow, runner: TaskRunner, workspace: OpenWorkspace) -> None:
    screen = LockScreen(window, runner, workspace, "沈知远 · NJ01")
    screen.lock()
    screen.lock()
    screen.button.click()
    assert screen.is_locked
    assert screen.password.error


def test_a_demo_needs_one_click(window: QMainWindow, runner: TaskRunner, tmp_path: Path) -> None:
    create_workspace(tmp_path / "demo", NewWorkspace("示例", "DEMO", None, is_demo=True), NOW)
    workspace = open_workspace(tmp_path / "demo", by_throw_away_key(), NOW)
    screen = LockScreen(window, runner, workspace, "示例 · DEMO")
    screen.lock()
    assert screen.form.isHidden()
    screen.button.click()
    assert not screen.is_locked
    workspace.close()


def test_idleness_is_told_once_and_by_the_wall_clock(qtbot: QtBot, window: QMainWindow) -> None:
    clock = FixedClock(NOW)
    watch = IdleWatch(clock, timedelta(minutes=10), parent=window)
    told: list[datetime] = []
    watch.idle.connect(lambda: told.append(clock.now()))
    clock.moment = NOW + timedelta(minutes=9)
    qtbot.keyClick(window, Qt.Key.Key_A)
    clock.moment = NOW + timedelta(minutes=18)
    watch.look()
    assert told == []
    clock.moment = NOW + timedelta(minutes=19)
    watch.look()
    watch.look()
    assert told == [clock.now()]
    qtbot.keyClick(window, Qt.Key.Key_A)
    # the computer slept for eight hours; the first touch comes before any tick
    clock.moment = NOW + timedelta(hours=8)
    qtbot.keyClick(window, Qt.Key.Key_A)
    assert len(told) == 2


def test_a_clock_set_back_does_not_keep_the_desk_open(window: QMainWindow) -> None:
    clock = FixedClock(NOW)
    watch = IdleWatch(clock, timedelta(minutes=10), parent=window)
    told: list[int] = []
    watch.idle.connect(lambda: told.append(1))
    clock.moment = NOW - timedelta(days=400)
    watch.look()
    clock.moment += timedelta(minutes=10)
    watch.look()
    assert told == [1]
