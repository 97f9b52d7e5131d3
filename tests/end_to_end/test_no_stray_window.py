"""No part of a page ever appears as a window of its own: it would flash up and take the keyboard away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from sqlalchemy import select

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.services.clock import FixedClock
from lian_desk.tour.stage import MOMENT, demo_workspace, opened_stage
from lian_desk.ui.page_table import PAGES

_PLAIN = {Qt.WindowType.Window, Qt.WindowType.Widget}


class StrayWindows(QObject):
    """Hears every widget that is shown as a window without having asked to be one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = Qt.WindowType(watched.windowFlags() & Qt.WindowType.WindowType_Mask)
            if kind in _PLAIN and not isinstance(watched, QMainWindow | QDialog):
                self.found.append(f"{type(watched).__name__} {watched.accessibleName()!r}")
        return False


@pytest.fixture
def strays(dressed: QApplication):
    watch = StrayWindows()
    dressed.installEventFilter(watch)
    yield watch
    dressed.removeEventFilter(watch)


def test_the_watch_sees_a_part_shown_without_its_page(strays: StrayWindows, qtbot) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    part.show()
    assert strays.found == ["QWidget ''"]


def test_opening_every_page_and_every_tab_shows_one_window_only(strays: StrayWindows, tmp_path) -> None:
    clock = FixedClock(MOMENT)
    with demo_workspace(tmp_path, 40) as workspace, opened_stage(workspace, clock, listens=False) as stage:
        navigator, robot = stage.running.context.navigator, stage.robot
        for spec in PAGES:
            if not spec.takes_subject:
                navigator.open_page(spec.page_id)
                robot.settle()
        with stage.running.context.desk.read() as session:
            keys = list(session.scalars(select(AssistanceFile.id).limit(3)))
        for key in keys:
            for tab in ("journey", "materials", "bookings", "follow_ups", "policy", "history", "trail"):
                navigator.open_file(key, tab)
                robot.settle()
    assert strays.found == []
