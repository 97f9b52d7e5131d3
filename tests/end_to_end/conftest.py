"""The real window on a real encrypted workspace, once for each flow; a robot works at it as a person would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.tour.stage import MOMENT, Stage, demo_workspace, opened_stage
from lian_desk.ui.application import dress


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    dress(qapp)
    return qapp


@pytest.fixture(scope="module")
def stage(dressed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An empty workspace with the hospital list, at 10:42 on the working Wednesday before the National Day holiday."""
    parent: Path = tmp_path_factory.mktemp("desk")
    with demo_workspace(parent, 0) as workspace, opened_stage(workspace, FixedClock(MOMENT), listens=False) as opened:
        yield opened
