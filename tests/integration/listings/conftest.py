"""Lists are read from a demonstration workspace of some size: one for the module, nobody writes to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.demo.generator import DemoOptions, make_demo
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.desk_fixture import MONDAY, clock, lead, world
from tests.desk_fixture import desk as small_desk

__all__ = ["clock", "desk", "lead", "small_desk", "world"]

FILES = 200


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Open a demonstration of some hundred files."""
    folder: Path = tmp_path_factory.mktemp("lists") / "workspace"
    create_workspace(folder, NewWorkspace("沈甲申", "01", None, is_demo=True), MONDAY)
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    make_demo(opened, DemoOptions(files=FILES, own_papers=0), MONDAY)
    yield Desk(opened, FixedClock(MONDAY))
    opened.close()
    shutil.rmtree(folder, ignore_errors=True)
