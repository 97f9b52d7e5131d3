"""Make and open a workspace: the folder with the encrypted database, its envelope, materials and backups."""

import hashlib
import re
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lian_desk.adapters.database.backups import Backup, Progress, make_backup, thin
from lian_desk.adapters.database.database import Database, wal_path
from lian_desk.adapters.database.schema import create_database
from lian_desk.adapters.disk.durable_files import make_folder, move_durably
from lian_desk.adapters.disk.instance_lock import LOCK_NAME, InstanceLock
from lian_desk.adapters.keys.envelope import Envelope, WorkspaceIdentity, write_envelope
from lian_desk.adapters.keys.envelope_changes import load_envelope, settle_envelope
from lian_desk.adapters.keys.password_wrap import PasswordCost, require_length, wrap_by_password
from lian_desk.adapters.keys.throw_away_wrap import wrap_throw_away
from lian_desk.adapters.keys.unlocking import Unlock
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.identifiers import MAXIMUM_NODE, IdentifierFactory
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity as IdentityRow
from lian_desk.models.vocabulary import Role
from lian_desk.services.full_text import index as full_text
from lian_desk.services.workspace.layout import WorkspaceLayout
from lian_desk.services.workspace.leftovers import set_aside
from lian_desk.services.workspace.opening_checks import (
    Finding,
    StartFinding,
    StartingWorkspace,
    backup_request,
    examine,
    tidy,
)

_WORKSTATION_CODE: Final = re.compile(r"[A-Z0-9]{1,8}")
_NAME_LENGTH: Final = 200
_IGNORED_IN_NEW_FOLDER: Final = frozenset({LOCK_NAME, "quarantine", ".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, repr=False)
class NewWorkspace:
    """What is asked for when a workspace is made.

    Attributes:
        operator_name: of the first operator.
        workstation_code: 1 to 8 capital letters and digits, part of every number that people read.
        password: None only for a demo workspace, which then carries its own throw-away key.
        is_demo: invented people only.
        role: of the first operator.
        staff_number: of the first operator.
        cost: of one password guess; None means the default.
    """

    operator_name: str
    workstation_code: str
    password: str | None
    is_demo: bool = False
    role: Role = Role.TEAM_LEAD
    staff_number: str = "001"
    cost: PasswordCost | None = None


class OpenWorkspace:
    """An open workspace; ``close`` it at the end, or the next start checks every page."""

    def __init__(
        self,
        layout: WorkspaceLayout,
        envelope: Envelope,
        database: Database,
        keys: WorkspaceKeys,
        lock: InstanceLock,
    ) -> None:
        self.layout = layout
        self.identity: WorkspaceIdentity = envelope.identity
        self.keys = keys
        self.database = database
        self.findings: tuple[StartFinding, ...] = ()
        self._lock = lock
        self._closed = False

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self.layout.folder

    def prove(self, unlock: Unlock) -> None:
        """Check again that somebody holds a key to this workspace (the lock screen's question).

        Raises:
            EnvironmentProblem: what ``unlock`` refuses, or ``PASSWORD_WRONG`` for keys of another workspace.
        """
        keys = unlock(load_envelope(self.folder)[0])
        if not secrets.compare_digest(keys.database.secret, self.keys.database.secret):
            raise EnvironmentProblem(ErrorCode.PASSWORD_WRONG)

    def backup(self, now: datetime, progress: Progress | None = None) -> Backup:
        """Make a verified backup now, with the head of the sealed log in its manifest, and thin the older ones.

        Raises:
            EnvironmentProblem: see ``make_backup``.
        """
        starting = StartingWorkspace(self.layout, self.database, self.keys, self.identity)
        backup = make_backup(backup_request(starting, self.layout.backups), self.keys.database, now, progress)
        thin(self.layout.backups, now)
        return backup

    def close(self) -> None:
        """Fold the log into the database, note the orderly end and give the lock back; harmless when done twice.

        Raises:
            EnvironmentProblem: the disk is full or gone; the lock is given back all the same.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if self.database.close():
                with foreseen_problems():
                    self.layout.mark_clean()
        finally:
            self._lock.release()


def workspace_exists(folder: Path) -> bool:
    """True when there is a workspace, or what is left of one, and nothing new may be made here."""
    layout = WorkspaceLayout(folder)
    if layout.envelope.exists():
        return True
    return layout.database.exists() and not layout.creating.exists()


def create_workspace(folder: Path, new: NewWorkspace, now: datetime) -> int:
    """Make a workspace in a new or empty folder; it counts only once its envelope lies there, as the last step.

    A creation that was interrupted is begun anew; what it left is set aside into quarantine. Returns how many such
    files and folders there were.

    Raises:
        RuleViolation: name or workstation code are missing or malformed.
        EnvironmentProblem: ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``, ``PASSWORD_TOO_SHORT``,
            ``THROW_AWAY_REFUSED`` (no password for a real workspace), or a problem of disk and rights.
    """
    _check_new(new)
    layout = WorkspaceLayout(folder)
    if workspace_exists(folder):
        raise EnvironmentProblem(ErrorCode.WORKSPACE_EXISTS)
    with foreseen_problems():
        leftovers = _clear_interrupted(layout, now)
        if folder.exists() and any(entry.name not in _IGNORED_IN_NEW_FOLDER for entry in folder.iterdir()):
            raise EnvironmentProblem(ErrorCode.FOLDER_NOT_EMPTY)
        make_folder(folder)
        lock = InstanceLock.acquire(folder, now)
        try:
            layout.creating.mkdir(mode=0o700)
            layout.make_folders()
            keys = WorkspaceKeys.generate()
            envelope = _new_envelope(new, keys, now)
            draft = layout.creating / layout.database.name
            create_database(draft, keys.database)
            _write_first_rows(draft, keys, envelope.identity, new)
            move_durably(draft, layout.database)
            if not new.is_demo:
                layout.fill_reserve()
            layout.mark_clean()
            write_envelope(layout.envelope, envelope)
            shutil.rmtree(layout.creating)
        finally:
            lock.release()
    return leftovers


def peek_envelope(folder: Path) -> Envelope:
    """Who the workspace is and which ways in there are, before anything is unlocked.

    Raises:
        EnvironmentProblem: ``FOLDER_MISSING``; ``WORKSPACE_MISSING`` (nothing here); ``ENVELOPE_MISSING`` (a
            database without its envelope), ``ENVELOPE_DAMAGED``, ``ENVELOPE_TOO_NEW``.
    """
    if not folder.is_dir():
        raise EnvironmentProblem(ErrorCode.FOLDER_MISSING)
    try:
        return load_envelope(folder)[0]
    except EnvironmentProblem as problem:
        if problem.code is ErrorCode.ENVELOPE_MISSING and not workspace_exists(folder):
            raise EnvironmentProblem(ErrorCode.WORKSPACE_MISSING) from problem
        raise


def open_workspace(folder: Path, unlock: Unlock, now: datetime) -> OpenWorkspace:
    """Open a workspace: lock, envelope, key, then what is examined. Never makes or empties anything.

    Raises:
        EnvironmentProblem: a sentence of its own for each cause (lock, envelope, key, database, schema, disk); on
            any of them the lock is released and no byte of the database has changed.
    """
    sqlcipher.require_sqlite_floor()
    peek_envelope(folder)
    lock = InstanceLock.acquire(folder, now)
    try:
        return _open_locked(WorkspaceLayout(folder), unlock, now, lock)
    except BaseException:
        lock.release()
        raise


def _open_locked(layout: WorkspaceLayout, unlock: Unlock, now: datetime, lock: InstanceLock) -> OpenWorkspace:
    envelope, restored = load_envelope(layout.folder)
    keys = unlock(envelope)
    # proves the key and that the file is there before anything else may touch it
    workspace = OpenWorkspace(layout, envelope, Database.open(layout.database, keys.database), keys, lock)
    full_text.follow(workspace.database.write_sessions)
    try:
        with foreseen_problems():
            findings = examine(StartingWorkspace(layout, workspace.database, keys, envelope.identity), now)
            settle_envelope(layout.folder, envelope, restored=restored)
            if restored:
                findings.append(StartFinding(Finding.ENVELOPE_RESTORED))
            findings.extend(tidy(layout, envelope.identity, now))
    except BaseException:
        workspace.database.dispose()
        raise
    workspace.findings = tuple(findings)
    return workspace


def _check_new(new: NewWorkspace) -> None:
    if not new.operator_name.strip():
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, field="operator_name")
    if len(new.operator_name) > _NAME_LENGTH:
        raise RuleViolation(
            ErrorCode.FIELD_TOO_LONG, field="operator_name", limit=_NAME_LENGTH, length=len(new.operator_name)
        )
    if not _WORKSTATION_CODE.fullmatch(new.workstation_code):
        raise RuleViolation(ErrorCode.WORKSTATION_CODE_INVALID)
    if new.password is not None:
        require_length(new.password)
    elif not new.is_demo:
        raise EnvironmentProblem(ErrorCode.THROW_AWAY_REFUSED)


def _clear_interrupted(layout: WorkspaceLayout, now: datetime) -> int:
    """Set aside what an interrupted creation left; returns how many files and folders, empty ones not counted."""
    # without an envelope nobody holds a key to what is there: it never was a workspace
    if not layout.creating.is_dir() or layout.envelope.exists():
        return 0
    # a creation that is under way holds the lock
    lock = InstanceLock.acquire(layout.folder, now)
    try:
        return _set_creation_aside(layout)
    finally:
        lock.release()


def _set_creation_aside(layout: WorkspaceLayout) -> int:
    for filling in (layout.clean_mark, layout.reserve, layout.reserve.with_name(layout.reserve.name + ".new")):
        filling.unlink(missing_ok=True)
    for folder in (layout.materials, layout.backups, layout.logs, layout.creating):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    logs = (wal_path(layout.database), layout.database.with_name(layout.database.name + "-shm"))
    rest = (layout.database, *logs, layout.creating)
    return set_aside([path for path in rest if path.exists()], layout.quarantine)


def _new_envelope(new: NewWorkspace, keys: WorkspaceKeys, now: datetime) -> Envelope:
    identity = WorkspaceIdentity(
        database_id=secrets.token_hex(16),
        workstation_code=new.workstation_code,
        is_demo=new.is_demo,
        key_mark=keys.database.mark.hex(),
        created_at=now,
    )
    envelope = Envelope(identity, ())
    if new.password is not None:
        envelope = envelope.with_wrap(wrap_by_password(identity, keys, new.password, new.cost))
    else:
        envelope = envelope.with_wrap(wrap_throw_away(identity, keys))
    return envelope


def _write_first_rows(path: Path, keys: WorkspaceKeys, identity: WorkspaceIdentity, new: NewWorkspace) -> None:
    node = node_of(identity.workstation_code)
    next_id = IdentifierFactory(node).next
    created_at = identity.created_at
    database = Database.open(path, keys.database)
    with database.write_session() as session:
        session.add(
            IdentityRow(
                id=next_id(created_at),
                database_id=identity.database_id,
                is_demo=identity.is_demo,
                workstation_code=identity.workstation_code,
                node=node,
                created_at=created_at,
            )
        )
        session.add(
            Operator(
                id=next_id(created_at),
                name=new.operator_name.strip(),
                staff_number=new.staff_number,
                role=new.role,
                is_active=True,
                created_at=created_at,
            )
        )
        full_text.begin(session)
        session.commit()
    if not database.close():
        # the file is about to be moved: nothing may be left in its log
        raise EnvironmentProblem(ErrorCode.DATABASE_BUSY)


def node_of(workstation_code: str) -> int:
    """The node in the keys of a workstation, from its code, so that a demo is the same each time it is made."""
    return int.from_bytes(hashlib.sha256(workstation_code.encode()).digest()[:4], "big") % (MAXIMUM_NODE + 1)
