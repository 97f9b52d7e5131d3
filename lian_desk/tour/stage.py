"""The stage of a tour: a demonstration workspace in a temporary folder, the dressed application, the window on it."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.diagnostics.crash_records import report
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.bootstrap import DeskWindow, build_window, prepare
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.services.demo.generator import DemoOptions, make_demo
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from lian_desk.tour.camera import USUAL
from lian_desk.tour.robot import Robot
from lian_desk.ui.application import make_application
from lian_desk.ui.common.look.theme import Scheme

#: A working Wednesday before the long holiday: time limits reach over it.
MOMENT: Final = datetime(2026, 9, 30, 10, 42, tzinfo=SHANGHAI)
#: Works the desk in the tour; everybody sees that the name is invented.
OPERATOR: Final = "沈甲申"
_STAFF_NUMBER: Final = "101"
_OWN_PAPERS: Final = 12
_OF_THE_PLATFORM: Final = "This plugin does not support"


@dataclass
class Stage:
    """Where a tour happens. ``unforeseen`` holds reports of exceptions nobody caught, ``warnings`` what Qt complained of."""

    running: DeskWindow
    robot: Robot
    folder: Path
    unforeseen: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@contextmanager
def demo_workspace(parent: Path, files: int) -> Iterator[Path]:
    """Make a demonstration of ``files`` files, 0 for none, in a folder of its own inside ``parent``; it goes in the end.

    Raises:
        EnvironmentProblem: disk or folder refuse.
    """
    folder = Path(tempfile.mkdtemp(prefix=".tour-", dir=parent)).resolve()
    try:
        workspace = folder / "workspace"
        create_workspace(
            workspace, NewWorkspace(OPERATOR, "01", None, is_demo=True, staff_number=_STAFF_NUMBER), MOMENT
        )
        if files:
            opened = open_workspace(workspace, by_throw_away_key(), MOMENT)
            try:
                make_demo(opened, DemoOptions(files=files, own_papers=_OWN_PAPERS), MOMENT)
            finally:
                opened.close()
        yield workspace
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened_stage(workspace: Path, clock: FixedClock, *, listens: bool = True) -> Iterator[Stage]:
    """Open the window on a workspace; whoever calls keeps the one ``QApplication``.

    ``listens`` False leaves Python's and Qt's hooks to somebody else, for example to a test runner.

    Raises:
        EnvironmentProblem: the workspace does not open.
    """
    desk = Desk(open_workspace(workspace, by_throw_away_key(), clock.now()), clock)
    prepare(desk)
    running = build_window(desk)
    stage = Stage(running, Robot(running.window, running.context, clock), workspace.parent)
    try:
        with _listening(stage) if listens else nullcontext():
            running.window.resize(USUAL)
            running.window.show()
            running.window.activateWindow()
            stage.robot.settle()
            yield stage
            stage.robot.clear_away()
    finally:
        running.close()
        running.window.deleteLater()


def application(folder: Path, scheme: Scheme) -> QApplication:
    """Return the dressed application, made once; the user's own settings stay untouched."""
    held = QApplication.instance()
    if isinstance(held, QApplication):
        return held
    _widen_screen(folder)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    return make_application(["lian-desk"], scheme, catch_errors=False)


def _widen_screen(folder: Path) -> None:
    """Give the platform without a display a screen that the window fits on; its own is 800 × 800."""
    config = folder / "screen.json"
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen" or ":" in str(config):
        return
    screen = {"name": "tour", "x": 0, "y": 0, "width": 1920, "height": 1200, "logicalDpi": 96, "dpr": 1.0}
    config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={config}"


@contextmanager
def _listening(stage: Stage) -> Iterator[None]:
    """Keep what goes wrong inside Qt's callbacks, where no exception reaches the caller."""
    held = sys.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        stage.unforeseen.append(report(kind, trace))
        held(kind, error, trace)

    def note_message(level: QtMsgType, _where: object, words: str) -> None:
        if level != QtMsgType.QtDebugMsg and _OF_THE_PLATFORM not in words:
            stage.warnings.append(words)

    sys.excepthook = note
    before = qInstallMessageHandler(note_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        sys.excepthook = held
