"""What may be opened, what is refused, and that a refusal changes no byte."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lian_desk.adapters.database.database import Database, create_empty, prove_key, upgrade_engine, wal_path
from lian_desk.adapters.database.schema import create_database
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.sqlcipher import DatabaseKey
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

KEY = DatabaseKey(bytes(range(32)))
OTHER = DatabaseKey(bytes(range(1, 33)))
TWICE = text("INSERT INTO number_series (id, series, year, last) VALUES (1, :series, 2026, 1), (2, :series, 2026, 1)")
Digests = Callable[[Path], dict[str, str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite3"
    create_database(path, KEY)
    return path


def refusal(path: Path, key: DatabaseKey = KEY) -> ErrorCode:
    with pytest.raises(EnvironmentProblem) as by_proof:
        prove_key(path, key)
    with pytest.raises(EnvironmentProblem) as by_opening:
        Database.open(path, key)
    assert by_proof.value.code is by_opening.value.code
    return by_opening.value.code


def test_the_library_is_new_enough() -> None:
    sqlcipher.require_sqlite_floor()


def test_an_older_library_is_refused_with_both_versions() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        sqlcipher.require_sqlite_floor("3.51.2")
    assert caught.value.code is ErrorCode.SQLITE_TOO_OLD
    assert caught.value.parameters == {"found": "3.51.2", "needed": "3.51.3"}


def test_connections_have_the_settings_that_safety_stands_on(path: Path) -> None:
    database = Database.open(path, KEY)
    expected = {"foreign_keys": 1, "synchronous": 2, "recursive_triggers": 1, "temp_store": 2, "journal_mode": "wal"}
    for engine in (database.read_engine, database.write_engine):
        with engine.connect() as connection:
            for name, value in expected.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == value, name
    database.close()


def test_an_upgrade_has_the_same_settings_but_for_foreign_keys(path: Path) -> None:
    """With foreign keys on, a parent table that is built anew would take its children with it."""
    engine = upgrade_engine(path, KEY)
    expected = {"foreign_keys": 0, "synchronous": 2, "recursive_triggers": 1, "temp_store": 2, "journal_mode": "wal"}
    with engine.connect() as connection:
        for name, value in expected.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == value, name
    engine.dispose()


def test_nobody_writes_from_the_first_moment_of_an_upgrade_on(path: Path) -> None:
    """The rows are counted before the first statement that writes: a row of somebody else would seem won or lost."""
    engine = upgrade_engine(path, KEY)
    other = sqlcipher.connect(path, KEY, "rw", ("busy_timeout = 50",))
    with engine.begin(), pytest.raises(sqlcipher.DriverError) as caught:
        other.execute("INSERT INTO number_series (id, series, year, last) VALUES (1, 'A', 2026, 1)")
    assert sqlcipher.error_number(caught.value) == sqlcipher.BUSY
    other.execute("INSERT INTO number_series (id, series, year, last) VALUES (1, 'A', 2026, 1)")
    other.close()
    engine.dispose()


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    assert refusal(tmp_path / "desk.sqlite3") is ErrorCode.DATABASE_MISSING
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_not_taken_for_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    path.touch()
    assert refusal(path) is ErrorCode.DATABASE_EMPTY
    assert path.stat().st_size == 0


def test_a_plain_sqlite_file_is_named(tmp_path: Path, digests: Digests) -> None:
    path = tmp_path / "desk.sqlite3"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE person (id INTEGER)")
    plain.commit()
    plain.close()
    before = digests(tmp_path)
    assert refusal(path) is ErrorCode.DATABASE_PLAIN
    assert digests(tmp_path) == before


def test_a_foreign_file_is_not_ours(tmp_path: Path, digests: Digests) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(b"%PDF-1.7 " + bytes(8192))
    before = digests(tmp_path)
    assert refusal(path) is ErrorCode.DATABASE_WRONG_KEY
    assert digests(tmp_path) == before


def test_a_wrong_key_is_told_from_damage_and_changes_no_byte(path: Path, digests: Digests) -> None:
    before = digests(path.parent)
    assert refusal(path, OTHER) is ErrorCode.DATABASE_WRONG_KEY
    assert digests(path.parent) == before


def test_damage_is_told_from_a_wrong_key(path: Path, digests: Digests) -> None:
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    before = digests(path.parent)
    assert refusal(path) is ErrorCode.DATABASE_DAMAGED
    assert digests(path.parent) == before


def test_a_truncated_file_is_damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])
    assert refusal(path) is ErrorCode.DATABASE_DAMAGED


def test_nothing_is_made_over_an_existing_file(path: Path, digests: Digests) -> None:
    before = digests(path.parent)
    with pytest.raises(EnvironmentProblem) as caught:
        create_empty(path, OTHER)
    assert caught.value.code is ErrorCode.DATABASE_EXISTS
    assert digests(path.parent) == before


def test_nothing_is_made_beside_the_log_of_a_database_that_is_gone(tmp_path: Path, digests: Digests) -> None:
    """The log may hold the last committed rows: whoever finds it without its database has lost one."""
    path = tmp_path / "desk.sqlite3"
    wal_path(path).write_bytes(b"rows")
    before = digests(tmp_path)
    with pytest.raises(EnvironmentProblem) as caught:
        create_empty(path, KEY)
    assert caught.value.code is ErrorCode.DATABASE_EXISTS
    assert digests(tmp_path) == before


def test_the_library_says_nothing_of_its_own_about_a_wrong_key_or_damage(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refusal(path, OTHER)
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(content)
    refusal(path)
    assert capfd.readouterr() == ("", "")


def test_a_log_that_somebody_reads_is_not_said_to_be_folded_in(path: Path) -> None:
    database = Database.open(path, KEY)
    reader = sqlcipher.connect(path, KEY, "rw")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM number_series").fetchall()
    with database.write_session() as session:
        session.execute(text("INSERT INTO number_series (id, series, year, last) VALUES (1, 'A', 2026, 1)"))
        session.commit()
    assert database.close() is False
    reader.close()
    assert Database.open(path, KEY).close() is True
    assert wal_path(path).exists() is False or wal_path(path).stat().st_size == 0


def test_no_word_of_a_row_is_readable_in_any_file(path: Path) -> None:
    database = Database.open(path, KEY)
    with database.write_session() as session:
        session.execute(
            text("INSERT INTO number_series (id, series, year, last) VALUES (1, :series, 2026, 1)"),
            {"series": "MARKER77"},
        )
        session.commit()
    files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert set(files) == {"desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm"}
    assert not any(b"MARKER77" in content for content in files.values())
    database.close()


def test_a_reader_cannot_write(path: Path) -> None:
    database = Database.open(path, KEY)
    with pytest.raises(RuntimeError, match="asked to write"), database.read_session() as session:
        session.execute(text("DELETE FROM operator"))
    database.close()


def test_a_session_without_commit_leaves_nothing(path: Path) -> None:
    database = Database.open(path, KEY)
    with database.write_session() as session:
        session.execute(text("INSERT INTO number_series (id, series, year, last) VALUES (1, 'A', 2026, 1)"))
    with database.read_session() as session:
        assert session.execute(text("SELECT count(*) FROM number_series")).scalar_one() == 0
    database.close()


def test_bound_values_stay_out_of_error_texts(path: Path) -> None:
    database = Database.open(path, KEY)
    with pytest.raises(IntegrityError) as caught, database.write_session() as session:
        session.execute(TWICE, {"series": "SECRET88"})
    assert "SECRET88" not in str(caught.value)
    database.close()
    engine = upgrade_engine(path, KEY)
    with pytest.raises(IntegrityError) as in_upgrade, engine.begin() as connection:
        connection.execute(TWICE, {"series": "SECRET88"})
    assert "SECRET88" not in str(in_upgrade.value)
    engine.dispose()


def test_a_second_writer_waits_and_is_then_refused(path: Path) -> None:
    database = Database.open(path, KEY)
    blocker = database.driver_connection()
    blocker.execute("BEGIN IMMEDIATE")
    with database.write_engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(EnvironmentProblem) as caught, database.write_session():
        pass
    assert caught.value.code is ErrorCode.DATABASE_BUSY
    blocker.close()
    with database.write_session() as session:
        session.commit()
    database.close()


def test_the_key_is_never_shown() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    with pytest.raises(ValueError, match="32 bytes"):
        DatabaseKey(b"short")
