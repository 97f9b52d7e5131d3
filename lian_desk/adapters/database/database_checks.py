"""Physical checks on one open driver connection: pages, references, row counts.

Opening a database finds hardly any damage; these checks do: of pages that were damaged on purpose they found every one.
"""

from sqlalchemy import func, select, table
from sqlalchemy.dialects import sqlite

from lian_desk.adapters.machine.sqlcipher import DriverConnection


def integrity_faults(connection: DriverConnection) -> tuple[str, ...]:
    """What SQLite finds wrong in its pages and indexes; empty when all is well."""
    return tuple(
        str(row[0]) for row in connection.execute("PRAGMA integrity_check").fetchall() if str(row[0]).lower() != "ok"
    )


def cipher_faults(connection: DriverConnection) -> tuple[str, ...]:
    """Pages whose seal does not fit; empty when all is well.

    Reads the file itself and not its log: without a checkpoint before it there are false alarms.
    """
    return tuple(str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check").fetchall())


def reference_faults(connection: DriverConnection) -> tuple[str, ...]:
    """Tables with rows whose foreign key points nowhere, named once each; empty when all is well."""
    return tuple(sorted({str(row[0]) for row in connection.execute("PRAGMA foreign_key_check").fetchall()}))


def row_counts(connection: DriverConnection) -> dict[str, int]:
    """Number of rows of each ordinary table (no views, no virtual tables and what they are made of)."""
    names = sorted(
        str(row[1])
        for row in connection.execute("PRAGMA table_list").fetchall()
        if row[0] == "main" and row[2] == "table" and not str(row[1]).startswith("sqlite_")
    )
    dialect = sqlite.dialect()
    counts: dict[str, int] = {}
    for name in names:
        statement = str(select(func.count()).select_from(table(name)).compile(dialect=dialect))
        row = connection.execute(statement).fetchone()
        counts[name] = 0 if row is None else int(row[0])
    return counts


def truncate_log(connection: DriverConnection) -> bool:
    """Move the write-ahead log into the database and empty it; True when nobody was in the way."""
    row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return row is not None and row[0] == 0
