"""A new workspace gets the hospital list that ships with the program from whoever opens it first."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.bootstrap import prepare
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.vocabulary import Role
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_list import seed_hospitals
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.desk_fixture import MONDAY

Make = Callable[[Role], Desk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    opened = []

    def make(role: Role) -> Desk:
        create_workspace(tmp_path / role, NewWorkspace("沈知远", "01", None, is_demo=True, role=role), MONDAY)
        opened.append(open_workspace(tmp_path / role, by_throw_away_key(), MONDAY))
        return Desk(opened[-1], FixedClock(MONDAY))

    yield make
    for workspace in opened:
        workspace.close()


def hospitals(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(Hospital)) or 0


@pytest.mark.parametrize("role", list(Role))
def test_whoever_opens_the_desk_first_takes_in_the_list_once(make: Make, role: Role) -> None:
    desk = make(role)
    prepare(desk)
    assert hospitals(desk) == len(seed_hospitals())
    head = desk.audit_head()
    prepare(desk)
    assert desk.audit_head() == head
