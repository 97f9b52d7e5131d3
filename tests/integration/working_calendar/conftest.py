"""A real desk, a lead beside it, and a dressed window context."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from lian_desk.services.desk.desk import Desk
from lian_desk.ui.application import dress
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner
from tests.desk_fixture import clock, desk, lead, world

__all__ = ["clock", "desk", "lead", "world"]


def made_context(desk: Desk, qapp: QApplication) -> UiContext:
    return UiContext(desk, TaskRunner(), ChangeBus(), Navigator(), dress(qapp))


@pytest.fixture
def context(lead: Desk, qapp: QApplication) -> Iterator[UiContext]:
    made = made_context(lead, qapp)
    yield made
    made.runner.wait_idle()
    made.runner.shut_down()


@pytest.fixture
def manager_context(desk: Desk, qapp: QApplication) -> Iterator[UiContext]:
    made = made_context(desk, qapp)
    yield made
    made.runner.wait_idle()
    made.runner.shut_down()
