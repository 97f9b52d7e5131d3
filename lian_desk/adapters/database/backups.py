"""Verified backups through SQLite's backup API: one consistent file, checked before it counts.

A backup has the database's own key and lies beside a copy of the envelope, so that the folder of backups alone can
be opened with the password. Copying the database file by hand would miss its log.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lian_desk.adapters.database.database_checks import cipher_faults, integrity_faults, row_counts
from lian_desk.adapters.disk.durable_files import flush_file, make_folder, move_durably, write_durably
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.adapters.machine.sqlcipher import DatabaseKey, DriverConnection
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.working_time import SHANGHAI

KEEP_BEFORE_UPGRADE: Final = 5
KEEP_DAILY: Final = 12
KEEP_WEEKLY: Final = 10
KEEP_MONTHLY: Final = 9

_NAME: Final = re.compile(r"desk-(?P<revision>[0-9A-Za-z_]+)-(?P<time>\d{8}T\d{6})\.sqlite3")
_TIME: Final = "%Y%m%dT%H%M%S"
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True)
class BackupRequest:
    """What is to be backed up and what the manifest shall say of it.

    Attributes:
        database_path: the open or closed database.
        envelope_path: copied beside the backup.
        folder: where backups lie; made if missing.
        revision: of the schema.
        database_id: of the workspace.
        seal_head: number and code of the last sealed audit entry, or None when there is none yet.
    """

    database_path: Path
    envelope_path: Path
    folder: Path
    revision: str
    database_id: str
    seal_head: tuple[int, str] | None


@dataclass(frozen=True)
class Backup:
    """One finished, verified backup."""

    path: Path
    made_at: datetime
    size_bytes: int
    sha256: str


Progress = Callable[[int, int], None]
"""Called with pages done and pages in all; may come from another thread than the UI's."""


def make_backup(request: BackupRequest, key: DatabaseKey, now: datetime, progress: Progress | None = None) -> Backup:
    """Copy the database while others work in it, check the copy, and only then give it its name.

    Raises:
        EnvironmentProblem: ``BACKUP_FAILED`` when the copy is not sound or not complete; a problem of disk and
            rights. Nothing half-made stays, and older backups are untouched.
    """
    made_at = now.astimezone(SHANGHAI)
    target = request.folder / f"desk-{request.revision}-{made_at.strftime(_TIME)}.sqlite3"
    part = target.with_name(target.name + ".part")
    with foreseen_problems():
        make_folder(request.folder)
        if target.exists():
            # two in one second: the first one is as good
            return _described(target, made_at)
        part.unlink(missing_ok=True)
        try:
            counts = _copy(request.database_path, part, key, progress)
            part.chmod(0o600)
            flush_file(part)
            backup = _described(part, made_at)
            write_durably(_envelope_of(target), request.envelope_path.read_bytes())
            write_durably(_manifest_of(target), _manifest(request, backup, counts))
            move_durably(part, target)
        except BaseException:
            for leftover in (part, _envelope_of(target), _manifest_of(target)):
                leftover.unlink(missing_ok=True)
            raise
    return Backup(target, made_at, backup.size_bytes, backup.sha256)


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The backups of a folder with the digests of their manifests, newest first.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    found: list[Backup] = []
    with foreseen_problems():
        for path in folder.glob("desk-*.sqlite3"):
            name = _NAME.fullmatch(path.name)
            if name is None:
                continue
            made_at = datetime.strptime(name["time"], _TIME).replace(tzinfo=SHANGHAI)
            found.append(Backup(path, made_at, path.stat().st_size, _manifest_digest(path)))
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def verify_backup(path: Path, key: DatabaseKey) -> None:
    """Compare a backup with its manifest and check every page.

    Raises:
        EnvironmentProblem: ``BACKUP_FAILED`` when it changed since it was made or is not sound.
    """
    with foreseen_problems():
        if _digest(path) != _manifest_digest(path):
            raise EnvironmentProblem(ErrorCode.BACKUP_FAILED, step="digest")
        connection = sqlcipher.connect(path, key, "ro")
        try:
            _refuse_faults(connection)
        finally:
            connection.close()


def newest_sound_backup(folders: Iterable[Path], key: DatabaseKey) -> Backup | None:
    """The newest backup in ``folders`` that is as it was made and sound in every page, or None.

    Raises:
        EnvironmentProblem: a folder cannot be read.
    """
    found = sorted((each for folder in folders for each in list_backups(folder)), key=lambda each: each.made_at)
    for backup in reversed(found):
        try:
            verify_backup(backup.path, key)
        except EnvironmentProblem:
            continue
        return backup
    return None


def noted_heads(folder: Path) -> tuple[tuple[int, str], ...]:
    """Heads of the sealed audit log that the manifests in ``folder`` hold: number and code, in no order.

    A manifest that cannot be read notes nothing; its backup fails ``verify_backup``.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    heads = []
    for backup in list_backups(folder):
        try:
            head = json.loads(_manifest_of(backup.path).read_bytes())["seal_head"]
            heads.append((int(head["sequence"]), str(head["mac"])))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(heads)


def keep_newest(folder: Path, count: int = KEEP_BEFORE_UPGRADE) -> int:
    """Remove all but the newest ``count`` backups; the number removed."""
    return _remove(list_backups(folder)[count:])


def thin(folder: Path, now: datetime) -> int:
    """Remove what the rule of ``kept_times`` does not keep; the number removed."""
    backups = list_backups(folder)
    kept = kept_times([backup.made_at for backup in backups], now)
    return _remove(tuple(backup for backup in backups if backup.made_at not in kept))


def kept_times(times: list[datetime], now: datetime) -> set[datetime]:
    """Which backups stay: all of the last day, then the last of each of 12 days, 10 weeks and 9 months.

    The newest one always stays, whatever the clock says.
    """
    newest_first = sorted(times, reverse=True)
    kept = set(newest_first[:1]) | {moment for moment in times if now - moment < timedelta(days=1)}
    rules: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (KEEP_DAILY, lambda moment: (moment.year, moment.timetuple().tm_yday)),
        (KEEP_WEEKLY, lambda moment: tuple(moment.isocalendar())[:2]),
        (KEEP_MONTHLY, lambda moment: (moment.year, moment.month)),
    )
    for count, period_of in rules:
        last_of: dict[tuple[int, ...], datetime] = {}
        for moment in newest_first:
            last_of.setdefault(period_of(moment), moment)
        kept.update(list(last_of.values())[:count])
    return kept


def _copy(source_path: Path, part: Path, key: DatabaseKey, progress: Progress | None) -> dict[str, int]:
    source = sqlcipher.connect(source_path, key, "rw", (f"busy_timeout = {sqlcipher.BUSY_TIMEOUT_MS}",))
    try:
        target = sqlcipher.connect(part, key, "rwc", ("synchronous = FULL",))
        try:
            # one read transaction: the copy and the counts are of the same moment, writers go on meanwhile
            source.execute("BEGIN")
            expected = row_counts(source)
            source.backup(target, progress=_steps(progress))
            source.execute("ROLLBACK")
            # one file, no log beside it
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
            _refuse_faults(target)
            if row_counts(target) != expected:
                raise EnvironmentProblem(ErrorCode.BACKUP_FAILED, step="row_counts")
        finally:
            target.close()
    finally:
        source.close()
    return expected


def _steps(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _status, remaining, total: progress(total - remaining, total)


def _refuse_faults(connection: DriverConnection) -> None:
    for step, check in (("integrity_check", integrity_faults), ("cipher_integrity_check", cipher_faults)):
        if check(connection):
            raise EnvironmentProblem(ErrorCode.BACKUP_FAILED, step=step)


def _manifest(request: BackupRequest, backup: Backup, counts: dict[str, int]) -> bytes:
    head = None if request.seal_head is None else {"sequence": request.seal_head[0], "mac": request.seal_head[1]}
    content = {
        "format": "lian_desk backup",
        "version": 1,
        "database_id": request.database_id,
        "revision": request.revision,
        "made_at": backup.made_at.isoformat(),
        "size_bytes": backup.size_bytes,
        "sha256": backup.sha256,
        "seal_head": head,
        "row_counts": counts,
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _described(path: Path, made_at: datetime) -> Backup:
    return Backup(path, made_at, path.stat().st_size, _digest(path))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _manifest_digest(path: Path) -> str:
    try:
        return str(json.loads(_manifest_of(path).read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        # a backup without a readable manifest is listed, and fails its verification
        return ""


def _manifest_of(path: Path) -> Path:
    return path.with_suffix(".manifest.json")


def _envelope_of(path: Path) -> Path:
    return path.with_suffix(".envelope.json")


def _remove(backups: tuple[Backup, ...]) -> int:
    with foreseen_problems():
        for backup in backups:
            for path in (backup.path, _envelope_of(backup.path), _manifest_of(backup.path)):
                path.unlink(missing_ok=True)
    return len(backups)
