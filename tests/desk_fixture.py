"""A real workspace for every test: made once by the migrations, copied per test, opened at a fixed moment.

Import the fixtures into a ``conftest.py``: ``from tests.desk_fixture import clock, desk, lead, world  # noqa: F401``.
"""

import atexit
import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.vocabulary import Role
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_list import TakeInHospitalList, seed_hospitals
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.desk_world import World

MONDAY = datetime(2026, 9, 28, 10, 0, tzinfo=SHANGHAI)
"""A working Monday before the long holiday of October 2026."""
CASE_MANAGER, TEAM_LEAD = "001", "002"


@cache
def template() -> Path:
    """Return the folder of a workspace with a case manager, a lead and the hospital list; read it, never open it."""
    parent = Path(tempfile.mkdtemp(prefix="desk-template-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    folder = parent / "workspace"
    create_workspace(
        folder,
        NewWorkspace(
            operator_name="陈静",
            workstation_code="01",
            password=None,
            is_demo=True,
            role=Role.CASE_MANAGER,
            staff_number=CASE_MANAGER,
        ),
        MONDAY,
    )
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    try:
        first = Desk(opened, FixedClock(MONDAY))
        with opened.database.write_session() as session:
            session.add(
                Operator(
                    id=first.new_id(),
                    name="林岚",
                    staff_number=TEAM_LEAD,
                    role=Role.TEAM_LEAD,
                    is_active=True,
                    created_at=MONDAY,
                )
            )
            session.commit()
        boss = as_operator(first, TEAM_LEAD)
        boss.execute(TakeInHospitalList(command_id=boss.new_id(), hospitals=seed_hospitals()))
    finally:
        opened.close()
    return folder


def as_operator(desk: Desk, staff_number: str) -> Desk:
    """Return a desk on the same open workspace for another operator; keys come from one factory."""
    other = Desk(desk.opened, desk.clock, staff_number=staff_number)
    other._executor = dataclasses.replace(other._executor, identifiers=desk._executor.identifiers)
    return other


@pytest.fixture
def clock() -> FixedClock:
    """Stand at a working Monday, 10:00; a test moves ``clock.moment``."""
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """Open a copy of the workspace as its case manager."""
    folder = tmp_path / "workspace"
    shutil.copytree(template(), folder)
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    yield Desk(opened, clock, staff_number=CASE_MANAGER)
    opened.close()


@pytest.fixture
def lead(desk: Desk) -> Desk:
    """Return the desk of the team lead on the same workspace."""
    return as_operator(desk, TEAM_LEAD)


@pytest.fixture
def world(desk: Desk, lead: Desk, clock: FixedClock) -> World:
    """Return what a test needs to walk the path of a service."""
    return World(desk, lead, clock)
