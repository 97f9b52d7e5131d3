"""Processes killed in the middle of writing, and disks that are full or read-only."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.workspace.opening_checks import Finding
from lian_desk.services.workspace.workspace import NewWorkspace, OpenWorkspace, create_workspace, open_workspace

Child = Callable[..., subprocess.Popen[str]]
KILLS = 10
NOBODY = 65534

WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import text
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.services.workspace.workspace import open_workspace
workspace = open_workspace(Path(sys.argv[1]), by_password(sys.argv[2]), datetime.now(UTC))
for number in range(int(sys.argv[3]), 10**9):
    with workspace.database.write_session() as session:
        session.execute(
            text("INSERT INTO number_series (id, series, year, last) VALUES (:id, 'K', :id, :id)"), {"id": number}
        )
        session.commit()
    print(number, flush=True)
"""


def rows(workspace: OpenWorkspace) -> set[int]:
    with workspace.database.read_session() as session:
        return set(session.execute(text("SELECT id FROM number_series")).scalars())


def test_nothing_answered_is_lost_when_the_writer_is_killed(
    child: Child, folder: Path, password: str, now: datetime
) -> None:
    answered: set[int] = set()
    for kill in range(KILLS):
        process = child(WRITE, folder, password, kill * 10_000 + 1)
        assert process.stdout is not None
        # a different moment each time: after the first, the fourth, … answered row
        for _ in range(1 + kill * 3):
            answered.add(int(process.stdout.readline()))
        process.kill()
        # communicate() alone would lose what readline() has taken in advance; here it only closes the pipes
        answered.update(int(line) for line in process.stdout.read().split("\n")[:-1])
        process.communicate(timeout=20)
        workspace = open_workspace(folder, by_password(password), now)
        assert [finding.kind for finding in workspace.findings] == [Finding.UNCLEAN_END]
        kept = rows(workspace)
        assert answered <= kept
        # at most the one that was being answered when the process died
        assert len(kept - answered) <= kill + 1
        workspace.close()


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A file system of its own where that can be had; otherwise the plain folder and False."""
    folder.mkdir()
    mounted = False
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount"):
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def limit_pages(database: Database, pages: int) -> None:
    """Where no small disk can be mounted, SQLite's own limit gives the same error at the same place."""

    @event.listens_for(database.write_engine, "connect")
    def _limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]


def write_until_refused(workspace: OpenWorkspace) -> tuple[int, ErrorCode]:
    written = 0
    while True:
        try:
            with workspace.database.write_session() as session:
                session.execute(
                    text("INSERT INTO number_series (id, series, year, last) VALUES (:id, :series, 1, 1)"),
                    {"id": 5_000_000 + written, "series": f"{written}".rjust(40_000, "x")},
                )
                session.commit()
        except EnvironmentProblem as problem:
            return written, problem.code
        written += 1


def test_a_full_disk_is_named_loses_nothing_and_goes_on_after_freeing(
    tmp_path: Path, password: str, cheap: PasswordCost, now: datetime
) -> None:
    with small_disk(tmp_path / "disk", 10) as mounted:
        folder = tmp_path / "disk" / "工作区"
        create_workspace(folder, NewWorkspace("沈知远", "NJ01", password, cost=cheap), now)
        workspace = open_workspace(folder, by_password(password), now)
        filler = tmp_path / "disk" / "filler"
        if mounted:
            filler.write_bytes(bytes(5_000_000))
        else:
            limit_pages(workspace.database, 400)
        written, code = write_until_refused(workspace)
        assert code is ErrorCode.DISK_FULL
        assert written > 0
        assert len(rows(workspace)) == written
        if mounted:
            with pytest.raises(EnvironmentProblem) as caught:
                workspace.backup(now)
            assert caught.value.code is ErrorCode.DISK_FULL
            assert list(workspace.layout.backups.glob("desk-*")) == []
            filler.unlink()
        else:
            limit_pages(workspace.database, 100_000)
            workspace.database.dispose()
        with workspace.database.write_session() as session:
            session.execute(text("INSERT INTO number_series (id, series, year, last) VALUES (1, 'A', 2, 3)"))
            session.commit()
        assert len(rows(workspace)) == written + 1
        workspace.close()


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away; root steps down to an ordinary user for the time, rights do not bind it."""
    paths = [*folder.rglob("*"), folder]
    as_root = sys.platform != "win32" and os.geteuid() == 0
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if as_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if as_root:
            os.seteuid(0)
        for path in paths:
            path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.fixture
def reachable(folder: Path) -> Iterator[Path]:
    """A copy of the workspace in a place that an ordinary user may enter, unlike pytest's own folders."""
    above = Path(tempfile.mkdtemp(prefix="lian-desk-"))
    above.chmod(0o755)
    shutil.copytree(folder, above / "workspace")
    yield above / "workspace"
    shutil.rmtree(above)


def test_a_read_only_folder_is_named(reachable: Path, password: str, now: datetime) -> None:
    with read_only(reachable), pytest.raises(EnvironmentProblem) as caught:
        open_workspace(reachable, by_password(password), now)
    assert caught.value.code is ErrorCode.FOLDER_READ_ONLY
    open_workspace(reachable, by_password(password), now).close()


def test_a_new_workspace_in_a_read_only_folder_is_refused(reachable: Path, now: datetime) -> None:
    with read_only(reachable), pytest.raises(EnvironmentProblem) as caught:
        create_workspace(reachable / "new", NewWorkspace("示例", "DEMO", None, is_demo=True), now)
    assert caught.value.code is ErrorCode.FOLDER_READ_ONLY
