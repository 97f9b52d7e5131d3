"""The revisions build exactly what the mapped classes say, and each can be walked from an empty database."""

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from lian_desk.adapters.database.database import Database
from lian_desk.adapters.database.schema import create_database, known_revisions, newest_revision
from lian_desk.adapters.machine.sqlcipher import DatabaseKey
from lian_desk.models.tables.schema import metadata

TABLES_NOT_MAPPED = {"alembic_version"}


def _engine(tmp_path: Path) -> Engine:
    path, key = tmp_path / "desk.sqlite3", DatabaseKey(bytes(range(32)))
    create_database(path, key)
    return Database.open(path, key).read_engine


def test_no_difference_is_left_between_the_revisions_and_the_mapped_classes(tmp_path: Path) -> None:
    engine = _engine(tmp_path)

    def include(_object: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
        # tables made by hand in a revision (full text search) have no mapped class
        return not (kind == "table" and reflected and compared is None and _made_by_hand(name))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": include}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def _made_by_hand(name: str | None) -> bool:
    return name in TABLES_NOT_MAPPED or (name is not None and "_fts" in name)


def test_every_check_of_the_mapped_classes_stands_in_the_database_word_for_word(tmp_path: Path) -> None:
    """Alembic's comparison does not see a changed CHECK, so a new member of a vocabulary would be refused."""
    engine = _engine(tmp_path)
    with engine.connect() as connection:
        definitions = dict(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all())
    engine.dispose()
    dialect = sqlite.dialect()
    wanted = {
        name: _checks(str(CreateTable(table).compile(dialect=dialect))) for name, table in metadata.tables.items()
    }
    assert any(wanted.values())
    assert {name: _checks(definitions[name]) for name in wanted} == wanted


def _checks(statement: str) -> set[str]:
    return {" ".join(line.strip().rstrip(",").split()) for line in statement.splitlines() if " CHECK " in line}


def test_the_revisions_form_one_line_from_the_first_to_the_newest() -> None:
    known = known_revisions()
    revision, seen = newest_revision(), []
    while revision:
        seen.append(revision)
        below = known[revision]
        assert len(below) <= 1
        revision = below[0] if below else ""
    assert set(seen) == set(known)
