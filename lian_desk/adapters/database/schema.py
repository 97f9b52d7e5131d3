"""The schema's revision: which one a file has, which ones this program knows, and the way up.

Alembic is imported only when something is to be made or changed: it costs more time than the rest of the start.
"""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from lian_desk.adapters.database.database import create_empty, upgrade_engine
from lian_desk.adapters.database.database_checks import integrity_faults, reference_faults, row_counts, truncate_log
from lian_desk.adapters.machine.environment_problems import environment_problem, foreseen_problems
from lian_desk.adapters.machine.sqlcipher import DatabaseKey, DriverConnection
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

_VERSION_TABLE: Final = "alembic_version"
_ASSIGNED: Final = r"^{name}\b[^=\n]*=\s*(.+)$"
_QUOTED: Final = re.compile(r"[\"']([^\"']+)[\"']")


def known_revisions(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Each shipped revision and the ones below it, read from the scripts' own lines without running them."""
    found: dict[str, tuple[str, ...]] = {}
    for script in sorted(((folder or shipped_scripts()) / "versions").glob("*.py")):
        text = script.read_text(encoding="utf-8")
        own = _assigned(text, "revision")
        if own:
            found[own[0]] = _assigned(text, "down_revision")
    return found


def newest_revision(folder: Path | None = None) -> str:
    """The revision that no other stands on.

    Raises:
        EnvironmentProblem: ``RESOURCE_MISSING`` when the installation has no or no single newest script.
    """
    known = known_revisions(folder)
    heads = set(known) - {below for lower in known.values() for below in lower}
    if len(heads) != 1:
        raise EnvironmentProblem(ErrorCode.RESOURCE_MISSING, name="migrations")
    return heads.pop()


def revision_of(connection: DriverConnection) -> str | None:
    """The revision a database has, or None when it never got one."""
    row = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (_VERSION_TABLE,)
    ).fetchone()
    if row is None or row[0] == 0:
        return None
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if version is None else str(version[0])


def upgrade_due(found: str | None, folder: Path | None = None) -> bool:
    """True when a file of revision ``found`` must be brought up before use.

    Raises:
        EnvironmentProblem: ``SCHEMA_TOO_NEW`` for a revision this program does not know (it was made by a newer
            one); ``DATABASE_DAMAGED`` for a database without any revision.
    """
    if found is None:
        raise EnvironmentProblem(ErrorCode.DATABASE_DAMAGED)
    newest = newest_revision(folder)
    if found not in known_revisions(folder):
        raise EnvironmentProblem(ErrorCode.SCHEMA_TOO_NEW, found=found, known=newest)
    return found != newest


def create_database(path: Path, key: DatabaseKey) -> None:
    """Make a new encrypted database with the newest schema; on any failure nothing is left behind.

    Raises:
        EnvironmentProblem: ``DATABASE_EXISTS``, or a problem of disk and rights.
    """
    create_empty(path, key)
    try:
        upgrade_database(path, key)
    except BaseException:
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        raise


def upgrade_database(path: Path, key: DatabaseKey, folder: Path | None = None) -> None:
    """Bring a database to the newest revision in one transaction, with foreign keys off and rows counted.

    The caller has made a verified backup. If anything is lost or points nowhere afterwards, all is rolled back.

    Raises:
        EnvironmentProblem: ``SCHEMA_UPGRADE_FAILED`` with the step, or a problem of disk and rights.
    """
    engine = upgrade_engine(path, key)
    try:
        with foreseen_problems(), engine.begin() as connection:
            before = row_counts(_driver_of(connection))
            _run_scripts(connection, folder)
            _refuse_losses(_driver_of(connection), before)
        with foreseen_problems(), engine.connect() as connection:
            driver = _driver_of(connection)
            if integrity_faults(driver):
                raise EnvironmentProblem(ErrorCode.SCHEMA_UPGRADE_FAILED, step="integrity_check")
            truncate_log(driver)
    finally:
        engine.dispose()


def _run_scripts(connection: Connection, folder: Path | None) -> None:
    from alembic import command  # noqa: PLC0415 - 280 ms, needed once per release
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", (folder or shipped_scripts()).as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except (SQLAlchemyError, CommandError) as error:
        problem = environment_problem(error)
        if problem is None:
            problem = EnvironmentProblem(ErrorCode.SCHEMA_UPGRADE_FAILED, step="upgrade")
        raise problem from error


def _refuse_losses(driver: DriverConnection, before: dict[str, int]) -> None:
    after = row_counts(driver)
    lost = sorted(name for name, count in before.items() if name != _VERSION_TABLE and after.get(name, 0) < count)
    if lost:
        raise EnvironmentProblem(ErrorCode.SCHEMA_UPGRADE_FAILED, step="row_counts", tables=", ".join(lost))
    dangling = reference_faults(driver)
    if dangling:
        raise EnvironmentProblem(ErrorCode.SCHEMA_UPGRADE_FAILED, step="foreign_keys", tables=", ".join(dangling))


def _driver_of(connection: Connection) -> DriverConnection:
    driver: Any = connection.connection.driver_connection
    assert driver is not None
    result: DriverConnection = driver
    return result


def shipped_scripts() -> Path:
    """The folder of Alembic's scripts in the installed program."""
    return Path(str(files("lian_desk.models"))) / "migrations"


def _assigned(text: str, name: str) -> tuple[str, ...]:
    line = re.search(_ASSIGNED.format(name=name), text, re.MULTILINE)
    return () if line is None else tuple(_QUOTED.findall(line.group(1)))
