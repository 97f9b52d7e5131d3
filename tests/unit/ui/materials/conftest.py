"""A dressed application, a real desk and a real task runner."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.services.desk.desk import Desk
from lian_desk.ui.application import dress
from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return dress(qapp)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shut_down()


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


@pytest.fixture
def context(desk: Desk, theme: Theme, runner: TaskRunner) -> Iterator[UiContext]:  # noqa: F811
    yield UiContext(desk=desk, runner=runner, bus=ChangeBus(), navigator=Navigator(), theme=theme)
    runner.shut_down()
    desk.renderer.close()


@pytest.fixture
def file_id(world: World) -> int:  # noqa: F811
    return world.open_file()
