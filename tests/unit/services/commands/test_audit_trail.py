"""The sealed log: nine ways to tamper with it, each refused or found."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.sqlcipher import DriverConnection, DriverError
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.services.assistance_files.assistance_files import AddNote
from lian_desk.services.commands import audit_trail
from lian_desk.services.commands.audit_trail import ChainReport, Fact, Head, canonical, digest, head, verify_tail
from lian_desk.services.desk.desk import Desk
from lian_desk.services.upkeep.health_check import Part, check_workspace
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_facts import sealed
from tests.desk_world import World

Tamper = Callable[[DriverConnection], object]
COLUMNS = (
    "id, sequence, happened_at, operator_id, workstation_code, command_id, kind, assistance_file_id, body, "
    "previous_mac, mac"
)


@pytest.fixture
def written(world: World) -> World:
    file_id = world.open_file()
    for place in range(6):
        world.run(AddNote, assistance_file_id=file_id, title=f"第 {place} 条", text="")
    return world


def tamper(world: World, act: Tamper) -> None:
    """Do what only somebody with the key can do: take the triggers away first."""
    connection = world.desk.database.driver_connection()
    try:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        act(connection)
        connection.execute("commit") if connection.in_transaction else None
    finally:
        connection.close()


def verify(world: World, limit: int | None = None) -> ChainReport:
    with world.desk.read() as session:
        return verify_tail(session, world.desk.opened.keys.seal_key, limit)


def faults(world: World) -> tuple[str, ...]:
    report = check_workspace(world.desk)
    return next(part.faults for part in report.parts if part.part is Part.SEALS)


def test_an_untouched_log_verifies_whole_and_in_part(written: World) -> None:
    lines = len(sealed(written.desk))
    assert verify(written) == ChainReport(lines, written.desk.audit_head(), None)
    assert verify(written, 3) == ChainReport(3, written.desk.audit_head(), None)
    assert verify(written, 1000).checked == lines
    assert faults(written) == ()


TAMPERED: dict[str, tuple[Tamper, int]] = {
    "a changed word": (lambda c: c.execute("update audit_entry set kind = 'RecordReveal' where sequence = 4"), 4),
    "a changed time": (
        lambda c: c.execute("update audit_entry set happened_at = happened_at + 1 where sequence = 4"),
        4,
    ),
    "a changed operator": (lambda c: c.execute("update audit_entry set operator_id = 1 where sequence = 4"), 4),
    "another workstation": (
        lambda c: c.execute("update audit_entry set workstation_code = '99' where sequence = 4"),
        4,
    ),
    "another command": (lambda c: c.execute("update audit_entry set command_id = 7 where sequence = 4"), 4),
    "another file": (lambda c: c.execute("update audit_entry set assistance_file_id = 7 where sequence = 4"), 4),
    "another key": (lambda c: c.execute("update audit_entry set id = 7 where sequence = 4"), 4),
    "a changed body": (lambda c: c.execute("update audit_entry set body = '{}' where sequence = 4"), 4),
    "a deleted line": (lambda c: c.execute("delete from audit_entry where sequence = 4"), 5),
    "a deleted line, the rest moved up": (
        lambda c: (
            c.execute("delete from audit_entry where sequence = 4"),
            c.execute("update audit_entry set sequence = sequence + 99 where sequence > 4"),
            c.execute("update audit_entry set sequence = sequence - 100 where sequence > 100"),
        ),
        4,
    ),
    "a cut beginning": (lambda c: c.execute("delete from audit_entry where sequence <= 2"), 3),
    "a repeated line at the end": (
        lambda c: c.execute(
            f"insert into audit_entry ({COLUMNS}) select id + 1, (select max(sequence) + 1 from audit_entry), happened_at, "
            "operator_id, workstation_code, command_id, kind, assistance_file_id, body, previous_mac, mac "
            "from audit_entry where sequence = 4"
        ),
        9,
    ),
    "two lines swapped": (
        lambda c: (
            c.execute("update audit_entry set sequence = 99 where sequence = 4"),
            c.execute("update audit_entry set sequence = 4 where sequence = 5"),
            c.execute("update audit_entry set sequence = 5 where sequence = 99"),
        ),
        4,
    ),
    "a line replaced": (
        lambda c: c.execute(
            f"replace into audit_entry ({COLUMNS}) select id, sequence, happened_at, operator_id, workstation_code, "
            "command_id, kind, assistance_file_id, '{\"x\":1}', previous_mac, mac from audit_entry where sequence = 4"
        ),
        4,
    ),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_tampering_with_the_key_to_the_file_is_found_at_its_place(written: World, way: str) -> None:
    act, first_bad = TAMPERED[way]
    tamper(written, act)
    assert verify(written).first_bad == first_bad
    assert faults(written)


def test_a_log_rewritten_without_the_key_of_the_seals_is_found(written: World) -> None:
    connection = written.desk.database.driver_connection()
    rows = sealed(written.desk)

    def rewrite(_: DriverConnection) -> None:
        last = Head(0, "")
        for row in rows:
            fact = Fact(row.happened_at, row.operator_id, row.workstation_code, row.kind, {"forged": True})
            entry = audit_trail.seal(b"another key of thirty-two bytes!", row.id, fact, last)
            connection.execute(
                "update audit_entry set body = ?, previous_mac = ?, mac = ?, command_id = null, "
                "assistance_file_id = null where id = ?",
                (entry.body, entry.previous_mac, entry.mac, row.id),
            )
            last = Head(entry.sequence, entry.mac)

    try:
        tamper(written, lambda _: None)
        rewrite(connection)
        connection.execute("commit") if connection.in_transaction else None
    finally:
        connection.close()
    assert verify(written).first_bad == 1
    assert verify(written, 3).first_bad is not None


def test_a_cut_tail_is_found_by_the_commands_it_left_without_a_line(written: World) -> None:
    tamper(written, lambda c: c.execute("delete from audit_entry where sequence > 6"))
    assert verify(written).first_bad is None
    assert faults(written) == ("2 项操作没有对应的操作记录，末尾可能被截断",)


def test_a_cut_tail_is_found_by_the_head_that_a_backup_noted(written: World) -> None:
    noted = written.desk.audit_head()
    written.desk.opened.backup(written.clock.moment)
    tamper(
        written,
        lambda c: (
            c.execute("delete from audit_entry where sequence > 6"),
            c.execute("delete from command_log where id not in (select command_id from audit_entry)"),
        ),
    )
    with written.desk.read() as session:
        assert audit_trail.missing_heads(session, [noted, Head(6, head(session).mac)]) == (noted,)
        assert audit_trail.unsealed_commands(session) == 0
    assert len(faults(written)) == 1
    assert f"第 {noted.sequence} 条" in faults(written)[0]


def test_a_log_rewritten_with_the_key_is_found_by_the_head_that_a_backup_noted(written: World) -> None:
    """Whoever holds the key can seal a forged log without a fault in it; the line that was noted is another one."""
    noted = written.desk.audit_head()
    written.desk.opened.backup(written.clock.moment)
    rows = sealed(written.desk)

    def rewrite(connection: DriverConnection) -> None:
        last = Head(0, "")
        for row in rows:
            body = {"forged": True} if row.sequence == 3 else json.loads(row.body)
            fact = Fact(
                happened_at=row.happened_at,
                operator_id=row.operator_id,
                workstation_code=row.workstation_code,
                kind=row.kind,
                body=body,
                command_id=row.command_id,
                assistance_file_id=row.assistance_file_id,
            )
            entry = audit_trail.seal(written.desk.opened.keys.seal_key, row.id, fact, last)
            connection.execute(
                "update audit_entry set body = ?, previous_mac = ?, mac = ? where id = ?",
                (entry.body, entry.previous_mac, entry.mac, row.id),
            )
            last = Head(entry.sequence, entry.mac)

    tamper(written, rewrite)
    assert verify(written).first_bad is None
    with written.desk.read() as session:
        assert head(session).sequence == noted.sequence
        assert audit_trail.missing_heads(session, [noted]) == (noted,)
    assert f"第 {noted.sequence} 条" in faults(written)[0]


def test_an_older_database_put_back_is_found(written: World, tmp_path: Path) -> None:
    folder = written.desk.opened.folder
    older = written.desk.opened.backup(written.clock.moment)
    kept = tmp_path / "older.sqlite3"
    shutil.copyfile(older.path, kept)
    file_id = written.open_file()
    written.run(AddNote, assistance_file_id=file_id, title="后来的记录", text="")
    written.later(days=1)
    written.desk.opened.backup(written.clock.moment)
    database = written.desk.opened.layout.database
    written.desk.close()
    shutil.copyfile(kept, database)
    opened = open_workspace(folder, by_throw_away_key(), written.clock.moment)
    try:
        again = Desk(opened, written.clock)
        with again.read() as session:
            assert verify_tail(session, opened.keys.seal_key, None).first_bad is None
        found = next(part.faults for part in check_workspace(again).parts if part.part is Part.SEALS)
        assert len(found) == 1
        assert "旧文件" in found[0]
        again.renderer.close()
    finally:
        opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set kind = 'x' where sequence = 1",
        "delete from audit_entry where sequence = 1",
        "delete from command_log",
        "update command_log set name = 'x'",
        f"replace into audit_entry ({COLUMNS}) select {COLUMNS} from audit_entry where sequence = 1",
        (
            f"insert into audit_entry ({COLUMNS}) select id + 1, sequence + 100, happened_at, operator_id, "
            "workstation_code, command_id, kind, assistance_file_id, body, previous_mac, mac from audit_entry limit 1"
        ),
        "delete from entitlement_entry",
        "update entitlement_entry set amount = 9",
    ],
)
def test_raw_statements_meet_the_triggers(written: World, statement: str) -> None:
    connection = written.desk.database.driver_connection()
    try:
        with pytest.raises(DriverError, match="append-only"):
            connection.execute(statement)
    finally:
        connection.close()
    assert verify(written).first_bad is None


def test_one_spelling_is_sealed() -> None:
    assert canonical({"b": 1, "a": [1, "兰"]}) == '{"a":[1,"兰"],"b":1}'
    assert digest(b"k" * 32, {"a": 1, "b": 2}) == digest(b"k" * 32, {"b": 2, "a": 1})
    assert digest(b"k" * 32, {"a": 1}) != digest(b"l" * 32, {"a": 1})


def test_an_empty_log_has_an_empty_head(written: World) -> None:
    tamper(written, lambda c: c.execute("delete from audit_entry"))
    with written.desk.read() as session:
        assert head(session) == Head(0, "")
        assert session.scalar(select(AuditEntry.id)) is None
    assert verify(written) == ChainReport(0, Head(0, ""), None)
    assert faults(written)
