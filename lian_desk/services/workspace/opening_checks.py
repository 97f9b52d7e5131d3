"""What is examined each time a workspace is opened, after the key has been proven."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lian_desk.adapters.database.backups import BackupRequest, keep_newest, make_backup
from lian_desk.adapters.database.database import Database
from lian_desk.adapters.database.database_checks import cipher_faults, integrity_faults, truncate_log
from lian_desk.adapters.database.schema import revision_of, upgrade_database, upgrade_due
from lian_desk.adapters.diagnostics.crash_records import list_records, prune_records
from lian_desk.adapters.diagnostics.crash_watch import turn_raw_words
from lian_desk.adapters.disk.durable_files import remove_durably
from lian_desk.adapters.keys.envelope import WorkspaceIdentity
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity as IdentityRow
from lian_desk.services.commands import audit_trail
from lian_desk.services.workspace.layout import WorkspaceLayout
from lian_desk.services.workspace.leftovers import set_leftovers_aside

SEALS_AT_START: Final = 1000


class Finding(StrEnum):
    """What the start found and the user should know; none of them keeps the desk closed."""

    UNCLEAN_END = "unclean_end"
    ENVELOPE_RESTORED = "envelope_restored"
    SCHEMA_UPGRADED = "schema_upgraded"
    SEAL_BROKEN = "seal_broken"
    LEFTOVERS_QUARANTINED = "leftovers_quarantined"
    LOW_SPACE = "low_space"
    FELL = "fell"


@dataclass(frozen=True)
class StartFinding:
    """One finding with the numbers for its sentence."""

    kind: Finding
    parameters: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class StartingWorkspace:
    """A workspace whose key is proven and whose state is not yet known."""

    layout: WorkspaceLayout
    database: Database
    keys: WorkspaceKeys
    identity: WorkspaceIdentity


def examine(starting: StartingWorkspace, now: datetime) -> list[StartFinding]:
    """Schema, identity, pages after a crash, upgrade with a backup before it, the last seals; in this order.

    Raises:
        EnvironmentProblem: ``SCHEMA_TOO_NEW``, ``DATABASE_OTHER_WORKSPACE``, ``DATABASE_DAMAGED``,
            ``BACKUP_FAILED``, ``SCHEMA_UPGRADE_FAILED``, ``NO_ACTIVE_OPERATOR`` or a problem of the disk.
    """
    layout, database = starting.layout, starting.database
    findings: list[StartFinding] = []
    revision = _revision(database)
    due = upgrade_due(revision)
    _compare_identity(database, starting.identity)
    if not layout.last_end_was_clean():
        _check_after_crash(database)
        findings.append(StartFinding(Finding.UNCLEAN_END))
    remove_durably(layout.clean_mark)
    if due:
        make_backup(backup_request(starting, layout.upgrade_backups), starting.keys.database, now)
        keep_newest(layout.upgrade_backups)
        database.dispose()
        upgrade_database(layout.database, starting.keys.database)
        findings.append(StartFinding(Finding.SCHEMA_UPGRADED, {"found": revision}))
    # after an upgrade, not before it: the check reads through classes that know the newest schema only
    with database.read_session() as session:
        report = audit_trail.verify_tail(session, starting.keys.seal_key, SEALS_AT_START)
        is_staffed = session.scalar(select(Operator.id).where(Operator.is_active).limit(1)) is not None
    if not is_staffed:
        raise EnvironmentProblem(ErrorCode.NO_ACTIVE_OPERATOR)
    if report.first_bad is not None:
        findings.append(StartFinding(Finding.SEAL_BROKEN, {"sequence": report.first_bad}))
    return findings


def tidy(layout: WorkspaceLayout, identity: WorkspaceIdentity, now: datetime) -> list[StartFinding]:
    """Sweep leftovers into quarantine, look for records of a fall and at the space on the disk; changes no row.

    Raises:
        OSError: disk full, read-only or gone.
    """
    findings: list[StartFinding] = []
    layout.make_folders()
    turn_raw_words(layout.crashes, now)
    prune_records(layout.crashes, now)
    untold = [record for record in list_records(layout.crashes) if record.is_new]
    if untold:
        findings.append(StartFinding(Finding.FELL, {"count": len(untold), "name": untold[0].path.name}))
    moved = set_leftovers_aside(layout)
    if moved:
        findings.append(StartFinding(Finding.LEFTOVERS_QUARANTINED, {"count": moved}))
    if layout.has_little_space():
        findings.append(StartFinding(Finding.LOW_SPACE))
    elif not identity.is_demo:
        layout.fill_reserve()
    return findings


def backup_request(starting: StartingWorkspace, folder: Path) -> BackupRequest:
    """What a backup of this workspace into ``folder`` needs to know."""
    with starting.database.read_session() as session:
        head = audit_trail.head(session)
    return BackupRequest(
        database_path=starting.layout.database,
        envelope_path=starting.layout.envelope,
        folder=folder,
        revision=_revision(starting.database) or "none",
        database_id=starting.identity.database_id,
        seal_head=(head.sequence, head.mac) if head.sequence else None,
    )


def _check_after_crash(database: Database) -> None:
    connection = database.driver_connection()
    try:
        sound = not integrity_faults(connection)
        # the check of the seals reads past the log: fold the log in first
        sound = sound and truncate_log(connection) and not cipher_faults(connection)
    finally:
        connection.close()
    if not sound:
        raise EnvironmentProblem(ErrorCode.DATABASE_DAMAGED)


def _compare_identity(database: Database, identity: WorkspaceIdentity) -> None:
    try:
        with database.read_session() as session:
            inside = session.scalars(select(IdentityRow.database_id)).all()
    except SQLAlchemyError as error:
        raise EnvironmentProblem(ErrorCode.DATABASE_DAMAGED) from error
    if list(inside) != [identity.database_id]:
        raise EnvironmentProblem(ErrorCode.DATABASE_OTHER_WORKSPACE)


def _revision(database: Database) -> str | None:
    connection = database.driver_connection(reading=True)
    try:
        return revision_of(connection)
    finally:
        connection.close()
