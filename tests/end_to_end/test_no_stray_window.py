"""No part of a page ever appears as a window of its own: it would flash up and take the keyboard away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.tour.camera import Camera
from lian_desk.tour.chapters import STEPS
from lian_desk.tour.stage import MOMENT, demo_workspace, opened_stage
from lian_desk.tour.story import Tour, play

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
                words = getattr(watched, "text", str)()
                self.found.append(f"{type(watched).__name__} {watched.accessibleName()!r} {words}".strip())
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


class Blind(Camera):
    """Goes along and takes no picture."""

    def take(self, name: str, *, ratio: int = 1) -> None:
        self.robot.settle()

    def take_small(self, name: str) -> None:
        self.robot.settle()


@pytest.mark.timeout(400)
def test_every_page_and_dialog_of_the_tour_shows_what_belongs_to_it_only(strays: StrayWindows, tmp_path) -> None:
    with (
        demo_workspace(tmp_path, 40) as workspace,
        opened_stage(workspace, FixedClock(MOMENT), listens=False) as stage,
    ):
        camera = Blind(tmp_path)
        camera.look_through(stage.robot)
        results = play(Tour(stage=stage, camera=camera, papers_in=tmp_path), STEPS, lambda _result: None).results
    assert [(result.step_id, result.problem) for result in results if result.problem] == []
    assert strays.found == []
