"""The health check: a sound workspace says so; each kind of damage is named in its part."""

import pytest

from lian_desk.adapters.machine.sqlcipher import DriverConnection
from lian_desk.services.desk.desk import Desk
from lian_desk.services.upkeep.health_check import PART_WORDS, Part, check_workspace
from tests.desk_world import World


def faults(desk: Desk) -> dict[Part, tuple[str, ...]]:
    return {part.part: part.faults for part in check_workspace(desk).parts if part.faults}


def do(desk: Desk, *statements: str) -> None:
    connection: DriverConnection = desk.database.driver_connection()
    try:
        connection.execute("pragma foreign_keys = off")
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def test_a_used_workspace_is_sound_and_every_part_was_looked_at(world: World) -> None:
    world.to_started(world.open_file())
    begun: list[Part] = []
    report = check_workspace(world.desk, begun=begun.append, progress=lambda _done, _total: None)
    # the rows of papers in this test have no file behind them
    assert {part.part for part in report.parts if part.faults} == {Part.MATERIALS}
    assert begun == list(Part) == [part.part for part in report.parts]
    checked = {part.part: part.checked for part in report.parts}
    assert checked[Part.SEALS] > 5
    assert checked[Part.ENTITLEMENT] == 5
    assert checked[Part.RULES] > 10
    assert checked[Part.DATABASE] > 10


def test_a_fresh_workspace_is_sound(desk: Desk) -> None:
    report = check_workspace(desk)
    assert report.is_sound, faults(desk)


def test_a_reference_to_nothing_is_named_by_its_table(world: World) -> None:
    world.open_file()
    do(world.desk, "update assistance_file set case_manager_id = 5")
    assert faults(world.desk)[Part.REFERENCES] == ("assistance_file：有记录指向不存在的记录",)


@pytest.mark.parametrize(("amount", "balance"), [(1, 4), (-4, -1)])
def test_a_balance_out_of_bounds_is_named(world: World, amount: int, balance: int) -> None:
    world.open_file()
    kind = "outpatient_coordination"
    do(world.desk, f"update entitlement_entry set amount = amount + {amount} where service_kind = '{kind}'")
    (fault,) = faults(world.desk)[Part.ENTITLEMENT]
    assert f"权益余额为 {balance}" in fault


def test_every_part_has_words() -> None:
    assert set(PART_WORDS) == set(Part)
