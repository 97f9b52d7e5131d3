from collections.abc import Iterator

import pytest

from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


@pytest.fixture
def file_id(world: World) -> int:  # noqa: F811 - the fixture above
    return world.open_file()


@pytest.fixture
def intake(desk: Desk, file_id: int) -> Iterator[MaterialIntake]:  # noqa: F811
    made = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    yield made
    made.close()
    desk.renderer.close()
