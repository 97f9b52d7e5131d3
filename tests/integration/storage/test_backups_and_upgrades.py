"""Backups that are proven, thinned and openable; schema upgrades that lose nothing or are taken back."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from lian_desk.adapters.database import backups, schema
from lian_desk.adapters.database.backups import keep_newest, kept_times, list_backups, verify_backup
from lian_desk.adapters.database.database import Database
from lian_desk.adapters.database.database_checks import row_counts
from lian_desk.adapters.keys.envelope import read_envelope
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.sqlcipher import DatabaseKey, DriverConnection
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.commands.audit_trail import Fact, append
from lian_desk.services.workspace.opening_checks import Finding
from lian_desk.services.workspace.workspace import OpenWorkspace, open_workspace


def add_rows(workspace: OpenWorkspace, count: int) -> None:
    with workspace.database.write_session() as session:
        for number in range(count):
            session.execute(
                text("INSERT INTO number_series (id, series, year, last) VALUES (:id, 'B', :id, 1)"), {"id": number}
            )
        session.commit()


def count_rows(database: Database) -> int:
    with database.read_session() as session:
        return int(session.execute(text("SELECT count(*) FROM number_series")).scalar_one())


def test_a_backup_holds_what_was_committed_and_opens_with_the_password(
    opened: OpenWorkspace, password: str, now: datetime
) -> None:
    add_rows(opened, 500)
    with opened.database.write_session() as session:
        head = append(session, opened.keys.seal_key, 1, Fact(now, 1, "NJ01", "Example", {}))
        session.commit()
    steps: list[tuple[int, int]] = []
    backup = opened.backup(now, lambda done, pages: steps.append((done, pages)))
    verify_backup(backup.path, opened.keys.database)
    assert steps[-1][0] == steps[-1][1] > 0
    manifest = json.loads(backup.path.with_suffix(".manifest.json").read_bytes())
    assert manifest["row_counts"]["number_series"] == 500
    assert manifest["seal_head"] == {"sequence": head.sequence, "mac": head.mac}
    keys = by_password(password)(read_envelope(backup.path.with_suffix(".envelope.json")))
    restored = Database.open(backup.path, keys.database)
    assert count_rows(restored) == 500
    restored.close()


def test_a_changed_backup_is_found(opened: OpenWorkspace, now: datetime) -> None:
    backup = opened.backup(now)
    content = bytearray(backup.path.read_bytes())
    content[-3000] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as caught:
        verify_backup(backup.path, opened.keys.database)
    assert caught.value.code is ErrorCode.BACKUP_FAILED


def test_a_backup_of_a_damaged_database_never_counts(opened: OpenWorkspace, now: datetime) -> None:
    add_rows(opened, 2000)
    opened.close()
    path = opened.layout.database
    content = bytearray(path.read_bytes())
    content[-3000] ^= 1
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as caught:
        opened.backup(now)
    assert caught.value.code in {ErrorCode.BACKUP_FAILED, ErrorCode.DATABASE_DAMAGED}
    assert list(opened.layout.backups.glob("desk-*")) == []
    opened.database.dispose()


class LosingSource:
    """A driver connection whose backup API loses rows on the way; the pages of the copy are sound all the same."""

    def __init__(self, real: DriverConnection, loss: str) -> None:
        self._real = real
        self._loss = loss

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def backup(self, target: DriverConnection, **options: Any) -> None:
        self._real.backup(target, **options)
        target.execute(self._loss)


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM number_series WHERE id = 7",
        "INSERT INTO number_series (id, series, year, last) VALUES (99, 'Z', 1, 1)",
        "DROP TABLE number_series",
    ],
)
def test_a_copy_with_other_rows_never_counts(
    opened: OpenWorkspace, now: datetime, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    add_rows(opened, 20)
    sound = opened.backup(now)
    real = sqlcipher.connect

    def connect(path: Path, key: DatabaseKey, access: sqlcipher.Access = "rw", pragmas: Any = ()) -> Any:
        made = real(path, key, access, pragmas)
        return LosingSource(made, loss) if path == opened.layout.database else made

    monkeypatch.setattr(sqlcipher, "connect", connect)
    with pytest.raises(EnvironmentProblem) as caught:
        opened.backup(now + timedelta(hours=1))
    assert caught.value.code is ErrorCode.BACKUP_FAILED
    assert caught.value.parameters["step"] == "row_counts"
    monkeypatch.undo()
    assert [backup.path for backup in list_backups(opened.layout.backups)] == [sound.path]
    assert len(list(opened.layout.backups.iterdir())) == 3


def test_rows_and_counts_of_a_backup_are_of_one_moment(
    opened: OpenWorkspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes while the copy is made: the copy is what was there when its rows were counted."""
    add_rows(opened, 20)
    counted: list[int] = []

    def count_and_write(connection: DriverConnection) -> dict[str, int]:
        found = row_counts(connection)
        if not counted:
            counted.append(found["number_series"])
            with opened.database.write_session() as session:
                session.execute(text("INSERT INTO number_series (id, series, year, last) VALUES (99, 'Z', 1, 1)"))
                session.commit()
        return found

    monkeypatch.setattr(backups, "row_counts", count_and_write)
    backup = opened.backup(now)
    copy = Database.open(backup.path, opened.keys.database)
    assert count_rows(copy) == 20 == counted[0]
    copy.close()
    assert count_rows(opened.database) == 21


def test_of_the_backups_before_upgrades_the_newest_five_stay(
    opened: OpenWorkspace, password: str, now: datetime, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(1, 8):
        opened.backup(now - timedelta(days=days))
    opened.close()
    opened.layout.backups.rename(opened.folder / "older")
    opened.layout.backups.mkdir()
    (opened.folder / "older").rename(opened.layout.upgrade_backups)
    add_script(scripts, 'op.add_column("number_series", sa.Column("note", sa.String(20)))')
    monkeypatch.setattr(schema, "shipped_scripts", lambda: scripts)
    workspace = open_workspace(opened.folder, by_password(password), now)
    assert [backup.made_at for backup in list_backups(workspace.layout.upgrade_backups)] == [
        now - timedelta(days=days) for days in range(5)
    ]
    workspace.close()


def test_an_index_that_misses_rows_is_found_in_the_copy(opened: OpenWorkspace, now: datetime) -> None:
    connection = opened.database.driver_connection()
    connection.execute("CREATE TABLE example (a)")
    connection.execute("CREATE INDEX example_index ON example (a)")
    (row,) = connection.execute("SELECT * FROM sqlite_master WHERE name = 'example_index'").fetchall()
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'example_index'")
    connection.close()
    opened.database.dispose()
    connection = opened.database.driver_connection()
    connection.execute("INSERT INTO example VALUES (1), (2)")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
    connection.close()
    opened.database.dispose()
    with pytest.raises(EnvironmentProblem) as caught:
        opened.backup(now)
    assert caught.value.code is ErrorCode.BACKUP_FAILED
    assert caught.value.parameters == {"step": "integrity_check"}
    assert list(opened.layout.backups.glob("desk-*")) == []


def test_a_backup_is_proven_on_pages_that_nothing_uses_too(opened: OpenWorkspace, now: datetime) -> None:
    """Whoever changes a backup may change its manifest with it; the seals of the pages he cannot make."""
    connection = opened.database.driver_connection()
    connection.execute("CREATE TABLE passing (words)")
    connection.execute("INSERT INTO passing SELECT hex(randomblob(3000)) FROM sqlite_master")
    connection.execute("DROP TABLE passing")
    (pages,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    connection.close()
    backup = opened.backup(now)
    verify_backup(backup.path, opened.keys.database)
    whole = backup.path.read_bytes()
    manifest = backup.path.with_suffix(".manifest.json")
    steps = set()
    for page in range(int(pages) - 5, int(pages)):
        spoilt = bytearray(whole)
        spoilt[page * 4096 + 700] ^= 1
        backup.path.write_bytes(spoilt)
        told = json.loads(manifest.read_bytes()) | {"sha256": hashlib.sha256(spoilt).hexdigest()}
        manifest.write_text(json.dumps(told))
        with pytest.raises(EnvironmentProblem) as caught:
            verify_backup(backup.path, opened.keys.database)
        steps.add(caught.value.parameters.get("step"))
    assert "cipher_integrity_check" in steps, "none of these pages is one that nothing uses"


def test_only_the_newest_are_kept(opened: OpenWorkspace, now: datetime) -> None:
    times = [now + timedelta(minutes=number) for number in range(7)]
    for moment in times:
        opened.backup(moment)
    assert keep_newest(opened.layout.backups, 5) == 2
    assert [backup.made_at for backup in list_backups(opened.layout.backups)] == times[:1:-1]
    assert len(list(opened.layout.backups.iterdir())) == 15


def test_thinning_keeps_days_weeks_and_months() -> None:
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    half_hours = [now - timedelta(minutes=30 * number) for number in range(48 * 400)]
    kept = kept_times(half_hours, now)
    assert half_hours[0] in kept
    assert {moment for moment in half_hours if now - moment < timedelta(days=1)} <= kept
    days = {moment.date() for moment in kept}
    assert {(now - timedelta(days=number)).date() for number in range(12)} <= days
    assert len(kept) <= 48 + 12 + 10 + 9
    assert min(kept) < now - timedelta(days=210)
    assert kept_times([now - timedelta(days=4000)], now) == {now - timedelta(days=4000)}


SCRIPT = '''"""A later schema."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{below}"


def upgrade() -> None:
    """Bring up."""
    {body}
'''


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The shipped scripts, copied, so that a further one can be added."""
    source = Path(schema.__file__).parents[2] / "models" / "migrations"
    target = tmp_path / "migrations"
    (target / "versions").mkdir(parents=True)
    for path in [source / "env.py", source / "script.py.mako", *(source / "versions").glob("*.py")]:
        (target / path.relative_to(source)).write_bytes(path.read_bytes())
    return target


def add_script(scripts: Path, body: str) -> None:
    script = SCRIPT.format(below=schema.newest_revision(scripts), body=body)
    (scripts / "versions" / "9001_later.py").write_text(script, encoding="utf-8")


def test_the_revisions_read_from_the_scripts_are_those_alembic_knows() -> None:
    config = Config()
    folder = Path(schema.__file__).parents[2] / "models" / "migrations"
    config.set_main_option("script_location", folder.as_posix())
    config.set_main_option("path_separator", "os")
    directory = ScriptDirectory.from_config(config)
    assert set(schema.known_revisions()) == {script.revision for script in directory.walk_revisions()}
    assert schema.newest_revision() == directory.get_current_head()


def test_an_upgrade_makes_one_verified_backup_and_keeps_every_row(
    opened: OpenWorkspace, password: str, now: datetime, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rows(opened, 40)
    older = schema.newest_revision()
    opened.close()
    add_script(scripts, 'op.add_column("number_series", sa.Column("note", sa.String(20)))')
    monkeypatch.setattr(schema, "shipped_scripts", lambda: scripts)
    workspace = open_workspace(opened.folder, by_password(password), now)
    assert [finding.kind for finding in workspace.findings] == [Finding.SCHEMA_UPGRADED]
    assert workspace.findings[0].parameters == {"found": older}
    assert count_rows(workspace.database) == 40
    (backup,) = list_backups(workspace.layout.upgrade_backups)
    assert backup.path.name.startswith(f"desk-{older}-")
    verify_backup(backup.path, workspace.keys.database)
    workspace.close()
    again = open_workspace(opened.folder, by_password(password), now)
    assert again.findings == ()
    again.close()


@pytest.mark.parametrize(
    ("body", "step"),
    [
        ('op.execute("DELETE FROM number_series WHERE id < 10")', "row_counts"),
        ('op.drop_table("number_series")', "row_counts"),
        (
            """op.execute("DROP TRIGGER command_log_no_update")
    op.execute("UPDATE command_log SET operator_id = 77")""",
            "foreign_keys",
        ),
        ('op.execute("THIS IS NO SQL")', "upgrade"),
    ],
)
def test_an_upgrade_that_loses_anything_is_taken_back(
    opened: OpenWorkspace, scripts: Path, body: str, step: str
) -> None:
    add_rows(opened, 40)
    with opened.database.write_session() as session:
        session.execute(
            text(
                "INSERT INTO command_log (id, name, executed_at, operator_id, row_count)"
                " SELECT 1, 'Example', 0, id, 0 FROM operator"
            )
        )
        session.commit()
    opened.database.dispose()
    add_script(scripts, body)
    with pytest.raises(EnvironmentProblem) as caught:
        schema.upgrade_database(opened.layout.database, opened.keys.database, scripts)
    assert caught.value.code is ErrorCode.SCHEMA_UPGRADE_FAILED
    assert caught.value.parameters["step"] == step
    assert count_rows(opened.database) == 40
    connection = opened.database.driver_connection()
    assert schema.revision_of(connection) == schema.newest_revision()
    connection.close()


def test_rebuilding_a_parent_table_keeps_its_children(opened: OpenWorkspace, scripts: Path) -> None:
    with opened.database.write_session() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)"))
        session.execute(text("CREATE TABLE child (id INTEGER, parent_id REFERENCES parent (id) ON DELETE CASCADE)"))
        session.execute(text("INSERT INTO parent VALUES (1, 'a')"))
        session.execute(text("INSERT INTO child VALUES (1, 1), (2, 1)"))
        session.commit()
    opened.database.dispose()
    add_script(
        scripts,
        'with op.batch_alter_table("parent", recreate="always") as batch:\n'
        '        batch.add_column(sa.Column("note", sa.String(20)))',
    )
    schema.upgrade_database(opened.layout.database, opened.keys.database, scripts)
    with opened.database.read_session() as session:
        assert session.execute(text("SELECT count(*) FROM child")).scalar_one() == 2
        assert session.execute(text("SELECT count(note) FROM parent")).scalar_one() == 0
