"""From an empty folder to an open workspace, and every way in which it is refused."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.database.database_checks import integrity_faults
from lian_desk.adapters.diagnostics.crash_records import RecordKind, write_record
from lian_desk.adapters.disk.instance_lock import InstanceLock
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password, by_throw_away_key
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.cli.exit_codes import PROBLEM
from lian_desk.cli.main import main
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.vocabulary import Role
from lian_desk.services.commands.audit_trail import Fact, append
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words.wording import sentence
from lian_desk.services.workspace.layout import RESERVE_BYTES
from lian_desk.services.workspace.leftovers import set_leftovers_aside
from lian_desk.services.workspace.opening_checks import Finding
from lian_desk.services.workspace.opening_words import Remedy, finding_sentence, refusal_of
from lian_desk.services.workspace.workspace import (
    NewWorkspace,
    OpenWorkspace,
    create_workspace,
    open_workspace,
    peek_envelope,
    workspace_exists,
)

Digests = Callable[[Path], dict[str, str]]


def refusal(folder: Path, password: str, now: datetime) -> EnvironmentProblem:
    with pytest.raises(EnvironmentProblem) as caught:
        open_workspace(folder, by_password(password), now)
    return caught.value


def findings(workspace: OpenWorkspace) -> list[Finding]:
    return [finding.kind for finding in workspace.findings]


def test_what_was_entered_is_there_after_opening_again(folder: Path, password: str, now: datetime) -> None:
    workspace = open_workspace(folder, by_password(password), now)
    with workspace.database.read_session() as session:
        operator = session.scalars(select(Operator)).one()
    assert operator.name == "沈知远"
    assert workspace.identity.workstation_code == "NJ01"
    assert not workspace.identity.is_demo
    assert workspace.findings == ()
    workspace.close()
    workspace.close()
    again = open_workspace(folder, by_password(password), now)
    assert again.keys.database.secret == workspace.keys.database.secret
    assert again.findings == ()
    again.close()


def test_the_folder_is_private_and_keeps_a_reserve(opened: OpenWorkspace) -> None:
    if sys.platform != "win32":
        assert stat.S_IMODE(opened.folder.stat().st_mode) == 0o700
    assert opened.layout.reserve.stat().st_size == RESERVE_BYTES
    assert opened.layout.release_reserve()
    assert not opened.layout.release_reserve()


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A user whose files anyone may read unless the program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
def test_nobody_else_may_read_any_file(tmp_path: Path, password: str, cheap: PasswordCost, now: datetime) -> None:
    folder = tmp_path / "w"
    create_workspace(folder, NewWorkspace("沈知远", "NJ01", password, cost=cheap), now)
    workspace = open_workspace(folder, by_password(password), now)
    add_audit_line(workspace, now)
    store = MaterialStore(workspace.layout.materials, workspace.keys.file_identity)
    store.set_aside(store.keep(b"one").sha256, workspace.layout.quarantine)
    store.keep(b"two")
    workspace.backup(now)
    write_record(workspace.layout.crashes, RecordKind.FALL, "x", now)
    open_files = {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    workspace.close()
    closed_files = {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert {path.name for path in open_files} >= {"desk.sqlite3", "desk.sqlite3-wal", "envelope.json", "reserve.bin"}
    for path, mode in (open_files | closed_files).items():
        assert mode & 0o077 == 0, (path.name, oct(mode))


def add_audit_line(workspace: OpenWorkspace, now: datetime) -> None:
    with workspace.database.write_session() as session:
        append(session, workspace.keys.seal_key, 1, Fact(now, 1, "NJ01", "Example", {}))
        session.commit()


def test_an_old_library_keeps_every_workspace_closed(
    folder: Path, password: str, now: datetime, digests: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(folder)
    monkeypatch.setattr(sqlcipher, "SQLITE_FLOOR", (99, 0, 0))
    assert refusal(folder, password, now).code is ErrorCode.SQLITE_TOO_OLD
    assert digests(folder) == before


def test_damage_on_a_page_that_nothing_uses_is_found_after_a_crash_too(
    opened: OpenWorkspace, password: str, now: datetime
) -> None:
    """SQLite's own check does not read free pages; the check of their seals does, and tomorrow they are used."""
    connection = opened.database.driver_connection()
    connection.execute("CREATE TABLE passing (words)")
    connection.execute("INSERT INTO passing SELECT hex(randomblob(3000)) FROM sqlite_master")
    connection.execute("DROP TABLE passing")
    (pages,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    connection.close()
    opened.close()
    database = opened.layout.database
    whole = database.read_bytes()
    unseen = 0
    for page in range(int(pages) - 40, int(pages)):
        spoilt = bytearray(whole)
        spoilt[page * 4096 + 700] ^= 1
        database.write_bytes(spoilt)
        check = sqlcipher.connect(database, opened.keys.database, "ro")
        is_unseen = not integrity_faults(check)
        check.close()
        if is_unseen:
            unseen += 1
            (opened.folder / "closed-cleanly").unlink(missing_ok=True)
            assert refusal(opened.folder, password, now).code is ErrorCode.DATABASE_DAMAGED
            break
    assert unseen


def test_no_password_and_no_key_stands_in_any_file(folder: Path, password: str, now: datetime) -> None:
    workspace = open_workspace(folder, by_password(password), now)
    keys = workspace.keys
    workspace.close()
    secrets = [
        password.encode(),
        keys.database.secret,
        keys.database.secret.hex().encode(),
        keys.seal_key,
        keys.seal_key.hex().encode(),
        keys.file_identity.encode(),
        "沈知远".encode(),
    ]
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path.name


@pytest.mark.parametrize("attempt", ["天津港的雾 2027", "", "x" * 5000])
def test_a_wrong_password_changes_no_byte(
    folder: Path, now: datetime, digests: Digests, attempt: str, password: str
) -> None:
    before = digests(folder)
    assert refusal(folder, attempt, now).code is ErrorCode.PASSWORD_WRONG
    assert digests(folder) == before
    open_workspace(folder, by_password(password), now).close()


def test_the_same_sign_written_in_full_width_is_the_same_password(folder: Path, now: datetime) -> None:
    open_workspace(folder, by_password("天津港的雾 ２０２６"), now).close()


def test_a_missing_database_is_never_replaced_by_an_empty_one(folder: Path, password: str, now: datetime) -> None:
    (folder / "desk.sqlite3").unlink()
    assert refusal(folder, password, now).code is ErrorCode.DATABASE_MISSING
    assert not (folder / "desk.sqlite3").exists()
    with pytest.raises(EnvironmentProblem) as caught:
        create_workspace(folder, NewWorkspace("沈知远", "NJ01", password), now)
    assert caught.value.code is ErrorCode.WORKSPACE_EXISTS


def test_an_emptied_database_is_named(folder: Path, password: str, now: datetime) -> None:
    (folder / "desk.sqlite3").write_bytes(b"")
    assert refusal(folder, password, now).code is ErrorCode.DATABASE_EMPTY


def test_a_database_of_another_workspace_is_named(
    folder: Path, tmp_path: Path, password: str, cheap: PasswordCost, now: datetime
) -> None:
    other = tmp_path / "other"
    create_workspace(other, NewWorkspace("顾明月", "NJ02", password, cost=cheap), now)
    shutil.copyfile(other / "desk.sqlite3", folder / "desk.sqlite3")
    assert refusal(folder, password, now).code is ErrorCode.DATABASE_WRONG_KEY


def test_a_database_with_another_identity_inside_is_named(opened: OpenWorkspace, password: str, now: datetime) -> None:
    with opened.database.write_session() as session:
        session.execute(text("UPDATE workspace_identity SET database_id = 'somebody else'"))
        session.commit()
    opened.close()
    assert refusal(opened.folder, password, now).code is ErrorCode.DATABASE_OTHER_WORKSPACE


def retire(workspace: OpenWorkspace, condition: str) -> None:
    with workspace.database.write_session() as session:
        session.execute(text(f"UPDATE operator SET is_active = 0 WHERE {condition}"))
        session.commit()


def test_a_workspace_whose_people_are_all_retired_says_so_at_the_opening(
    opened: OpenWorkspace, password: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    retire(opened, "1")
    opened.close()
    problem = refusal(opened.folder, password, now)
    assert problem.code is ErrorCode.NO_ACTIVE_OPERATOR
    assert "都已停用" in sentence(problem)
    remedies = refusal_of(problem.code).remedies
    assert {Remedy.SHOW_BACKUPS, Remedy.CHOOSE_FOLDER} <= set(remedies)
    reading, writing = os.pipe()
    os.write(writing, password.encode())
    os.close(writing)
    assert main(["check", "--workspace", str(opened.folder), "--password-fd", str(reading)]) == PROBLEM
    assert "都已停用" in capsys.readouterr().err
    # the lock was given back, and what is put right opens again
    database = Database.open(opened.layout.database, opened.keys.database)
    with database.write_session() as session:
        session.execute(text("UPDATE operator SET is_active = 1"))
        session.commit()
    database.close()
    open_workspace(opened.folder, by_password(password), now).close()


def test_one_of_two_retired_leaves_the_other_one_in(opened: OpenWorkspace, password: str, now: datetime) -> None:
    with opened.database.write_session() as session:
        session.add(
            Operator(id=77, name="顾明月", staff_number="002", role=Role.CASE_MANAGER, is_active=True, created_at=now)
        )
        session.commit()
    retire(opened, "staff_number = '001'")
    opened.close()
    desk = Desk(open_workspace(opened.folder, by_password(password), now), FixedClock(now))
    assert desk.operator.name == "顾明月"
    desk.close()


def test_a_newer_schema_is_refused_and_left_alone(
    opened: OpenWorkspace, password: str, now: datetime, digests: Digests
) -> None:
    with opened.database.write_session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    opened.close()
    before = digests(opened.folder)
    problem = refusal(opened.folder, password, now)
    assert problem.code is ErrorCode.SCHEMA_TOO_NEW
    assert problem.parameters["found"] == "9999"
    assert digests(opened.folder) == before


def test_a_damaged_page_is_found_after_a_crash(folder: Path, password: str, now: datetime) -> None:
    database = folder / "desk.sqlite3"
    content = bytearray(database.read_bytes())
    content[-2000] ^= 1
    database.write_bytes(content)
    (folder / "closed-cleanly").unlink()
    assert refusal(folder, password, now).code is ErrorCode.DATABASE_DAMAGED
    assert database.read_bytes() == content


def test_a_missing_clean_mark_is_reported_once(folder: Path, password: str, now: datetime) -> None:
    (folder / "closed-cleanly").unlink()
    first = open_workspace(folder, by_password(password), now)
    assert findings(first) == [Finding.UNCLEAN_END]
    first.close()
    second = open_workspace(folder, by_password(password), now)
    assert second.findings == ()
    second.close()


def test_while_the_desk_is_open_it_does_not_look_closed_in_order(folder: Path, password: str, now: datetime) -> None:
    """A program killed before it wrote anything leaves no log behind: only the missing mark tells of its end."""
    workspace = open_workspace(folder, by_password(password), now)
    assert not workspace.layout.clean_mark.exists()
    assert not workspace.layout.last_end_was_clean()
    workspace.close()
    assert workspace.layout.last_end_was_clean()


def test_a_changed_audit_entry_is_named_by_its_number(opened: OpenWorkspace, password: str, now: datetime) -> None:
    with opened.database.write_session() as session:
        for number in range(1, 6):
            fact = Fact(now, 1, "NJ01", "Example", {"number": number})
            append(session, opened.keys.seal_key, number, fact)
        session.commit()
    connection = opened.database.driver_connection()
    for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{row[0]}"')
    connection.execute("UPDATE audit_entry SET body = '{}' WHERE sequence = 4")
    connection.close()
    opened.close()
    again = open_workspace(opened.folder, by_password(password), now)
    assert findings(again) == [Finding.SEAL_BROKEN]
    assert again.findings[0].parameters == {"sequence": 4}
    again.close()


LEFTOVERS = (
    "materials/ab/old.part",
    "materials/fresh.part",
    "backups/desk-0011-20261119T100000.sqlite3.part",
    "backups/desk-0011-20261119T100000.sqlite3.part-journal",
    "backups/desk-0011-20261119T100000.envelope.json",
    "backups/desk-0011-20261119T100000.manifest.json",
    "backups/desk-0011-20261118T100000.manifest.json.new",
    "backups/before-upgrade/desk-0010-20261119T100000.sqlite3.part",
    "backups/before-upgrade/desk-0010-20261119T100000.sqlite3-journal",
    "envelope.json.new",
    "creating/desk.sqlite3-wal",
)


def test_whatever_a_killed_program_left_half_written_goes_into_quarantine_in_one_sentence(
    folder: Path, password: str, now: datetime
) -> None:
    for number, name in enumerate(LEFTOVERS):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(f"half {number}".encode())
    (folder / "reserve.bin.new").write_bytes(b"filling")
    workspace = open_workspace(folder, by_password(password), now)
    (found,) = workspace.findings
    assert (found.kind, found.parameters) == (Finding.LEFTOVERS_QUARANTINED, {"count": len(LEFTOVERS)})
    assert finding_sentence(found) == "上次中断留下 11 个没有写完的文件，已移到 quarantine 文件夹，没有删除。"
    kept = {path.read_bytes() for path in (folder / "quarantine").rglob("*") if path.is_file()}
    assert kept == {f"half {number}".encode() for number in range(len(LEFTOVERS))}
    assert [name for name in LEFTOVERS if (folder / name).exists()] == []
    assert not (folder / "creating").exists()
    assert not (folder / "reserve.bin.new").exists()
    workspace.close()
    again = open_workspace(folder, by_password(password), now)
    assert again.findings == ()
    again.close()


def test_a_second_leftover_of_the_same_name_does_not_replace_the_first(
    folder: Path, password: str, now: datetime
) -> None:
    for content in (b"first", b"second"):
        leftover = folder / "materials" / "same.part"
        leftover.write_bytes(content)
        os.utime(leftover, (now.timestamp(),) * 2)
        open_workspace(folder, by_password(password), now).close()
    assert {path.read_bytes() for path in (folder / "quarantine").iterdir()} == {b"first", b"second"}


def test_finished_backups_and_the_log_of_the_database_are_no_leftovers(
    opened: OpenWorkspace, password: str, now: datetime
) -> None:
    opened.backup(now)
    before = {path.name for path in opened.layout.backups.iterdir() if path.is_file()}
    wal = opened.layout.database.with_name("desk.sqlite3-wal")
    assert wal.exists()
    assert set_leftovers_aside(opened.layout) == 0
    assert {path.name for path in opened.layout.backups.iterdir() if path.is_file()} == before
    assert wal.exists()
    opened.close()
    open_workspace(opened.folder, by_password(password), now).close()


def test_the_lock_screen_takes_the_password_and_nothing_else(opened: OpenWorkspace, password: str) -> None:
    opened.prove(by_password(password))
    with pytest.raises(EnvironmentProblem) as caught:
        opened.prove(by_password("guess number 1"))
    assert caught.value.code is ErrorCode.PASSWORD_WRONG


def test_a_demo_opens_by_itself_and_its_envelope_says_so(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "demo"
    create_workspace(folder, NewWorkspace("示例", "DEMO", None, is_demo=True), now)
    assert json.loads((folder / "envelope.json").read_text(encoding="utf-8"))["demo"] is True
    workspace = open_workspace(folder, by_throw_away_key(), now)
    assert workspace.identity.is_demo
    assert not workspace.layout.reserve.exists()
    workspace.close()


def test_an_envelope_that_no_longer_says_demo_does_not_open(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "demo"
    create_workspace(folder, NewWorkspace("示例", "DEMO", None, is_demo=True), now)
    envelope = folder / "envelope.json"
    envelope.write_text(envelope.read_text(encoding="utf-8").replace('"demo": true', '"demo": false'), encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as caught:
        open_workspace(folder, by_throw_away_key(), now)
    assert caught.value.code is ErrorCode.THROW_AWAY_REFUSED


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewWorkspace("沈知远", "NJ01", None), ErrorCode.THROW_AWAY_REFUSED),
        (NewWorkspace("沈知远", "NJ01", "short"), ErrorCode.PASSWORD_TOO_SHORT),
        (NewWorkspace("  ", "NJ01", "long enough"), ErrorCode.FIELD_REQUIRED),
        (NewWorkspace("王" * 201, "NJ01", "long enough"), ErrorCode.FIELD_TOO_LONG),
        (NewWorkspace("沈知远", "nj 1", "long enough"), ErrorCode.WORKSTATION_CODE_INVALID),
    ],
)
def test_a_workspace_with_unfit_answers_is_not_begun(
    tmp_path: Path, now: datetime, new: NewWorkspace, code: ErrorCode
) -> None:
    with pytest.raises((EnvironmentProblem, RuleViolation)) as caught:
        create_workspace(tmp_path / "new", new, now)
    assert caught.value.code is code
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, password: str, now: datetime) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(EnvironmentProblem) as caught:
        create_workspace(tmp_path, NewWorkspace("沈知远", "NJ01", password), now)
    assert caught.value.code is ErrorCode.FOLDER_NOT_EMPTY
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_interrupted_creation_is_begun_anew(folder: Path, password: str, cheap: PasswordCost, now: datetime) -> None:
    (folder / "creating").mkdir()
    (folder / "envelope.json").unlink()
    draft = (folder / "desk.sqlite3").read_bytes()
    assert not workspace_exists(folder)
    assert create_workspace(folder, NewWorkspace("顾明月", "NJ03", password, cost=cheap), now) == 1
    assert [path.read_bytes() for path in (folder / "quarantine").iterdir()] == [draft]
    workspace = open_workspace(folder, by_password(password), now)
    assert workspace.identity.workstation_code == "NJ03"
    workspace.close()


def test_a_creation_that_is_under_way_is_not_cleared_away(tmp_path: Path, password: str, now: datetime) -> None:
    folder = tmp_path / "begun"
    (folder / "creating").mkdir(parents=True)
    (folder / "creating" / "desk.sqlite3").write_bytes(b"being written")
    lock = InstanceLock.acquire(folder, now)
    with pytest.raises(EnvironmentProblem) as caught:
        create_workspace(folder, NewWorkspace("顾明月", "NJ03", password), now)
    assert caught.value.code is ErrorCode.ANOTHER_INSTANCE
    assert (folder / "creating" / "desk.sqlite3").read_bytes() == b"being written"
    lock.release()


def test_an_empty_and_a_missing_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as empty:
        peek_envelope(tmp_path)
    with pytest.raises(EnvironmentProblem) as missing:
        peek_envelope(tmp_path / "unplugged")
    assert empty.value.code is ErrorCode.WORKSPACE_MISSING
    assert missing.value.code is ErrorCode.FOLDER_MISSING


def test_a_database_without_its_envelope_is_named(folder: Path, password: str, now: datetime) -> None:
    (folder / "envelope.json").unlink()
    assert refusal(folder, password, now).code is ErrorCode.ENVELOPE_MISSING
    assert workspace_exists(folder)
