"""Locks the window on wish (Ctrl+L), and by itself when nobody has touched the program for a while."""

from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtWidgets import QMainWindow

from lian_desk.services.clock import Clock
from lian_desk.services.workspace import OpenWorkspace
from lian_desk.ui.common.task_runner import TaskRunner
from lian_desk.ui.sign_in.idle_watch import IdleWatch
from lian_desk.ui.sign_in.lock_screen import LockScreen

IDLE_LIMIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Guard:
    """The lock screen of a window and what watches over it."""

    lock_screen: LockScreen
    idle_watch: IdleWatch


def guard_window(
    window: QMainWindow,
    runner: TaskRunner,
    workspace: OpenWorkspace,
    clock: Clock,
    caption: str,
    limit: timedelta = IDLE_LIMIT,
) -> Guard:
    """Put a lock screen over ``window``; ``limit`` zero locks only on wish.

    The caller connects the window's wish: ``window.lock_requested.connect(guard.lock_screen.lock)``.
    """
    screen = LockScreen(window, runner, workspace, caption)
    watch = IdleWatch(clock, limit, parent=screen)
    watch.idle.connect(screen.lock)
    return Guard(screen, watch)
