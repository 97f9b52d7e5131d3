"""Collects rows per table and writes them in bulk through SQLAlchemy Core.

A demonstration of a million files cannot be made object by object. Keys come from the desk's own factory, values
pass through the column types; only the commands are left out.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Enum, Table, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from lian_desk.models.base import AwareTime
from lian_desk.models.tables.schema import metadata

Values = dict[str, Any]


Processor = Callable[[Any], Any]


def _template(table: Table) -> Values:
    """Every column with its plain default, so that all rows of one statement have the same shape."""
    found: Values = {}
    for column in table.columns:
        default = column.default
        found[column.name] = default.arg if isinstance(default, ScalarElementColumnDefault) else None
    return found


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_PER_DAY = 86_400
_MICROSECONDS = 1_000_000


def _moment(value: datetime | None) -> int | None:
    """What ``AwareTime`` stores, without the division of time spans; a test compares the two."""
    if value is None:
        return None
    since = value - _EPOCH
    return (since.days * _SECONDS_PER_DAY + since.seconds) * _MICROSECONDS + since.microseconds


def _processor(column_type: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    """How a value of ``column_type`` reaches the driver; None: as it is."""
    if isinstance(column_type, AwareTime):
        return _moment
    if isinstance(column_type, Enum):
        # every member and its plain value lead to the plain value; an unknown word is a bug and raises KeyError
        known: dict[str | None, str | None] = {str(word): str(word) for word in column_type.enums}
        known[None] = None
        return known.__getitem__
    return cast("Processor | None", column_type.dialect_impl(dialect).bind_processor(dialect))


class _BulkInsert:
    """The insert of one table, compiled once: SQLAlchemy's statement and column types, without its work per row."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        names = [column.name for column in table.columns]
        self.statement = str(insert(table).compile(dialect=dialect, column_keys=names))
        self._processors = [
            (index, processor)
            for index, column in enumerate(table.columns)
            if (processor := _processor(column.type, dialect)) is not None
        ]

    def parameters(self, row: Values) -> tuple[Any, ...]:
        """Return the values of ``row`` as the driver takes them."""
        values = [*row.values()]
        for index, process in self._processors:
            values[index] = process(values[index])
        return tuple(values)


class RowBuffer:
    """Rows that wait to be written; memory is bounded by writing after every chunk of files."""

    def __init__(self) -> None:
        self._templates = {table.name: _template(table) for table in metadata.sorted_tables}
        self._inserts: dict[str, _BulkInsert] = {}
        self._rows: dict[str, list[Values]] = {table.name: [] for table in metadata.sorted_tables}
        self.written: dict[str, int] = dict.fromkeys(self._rows, 0)

    def add(self, table: str, **values: Any) -> Values:
        """Keep a row of ``table``; it may still be changed until it is written."""
        row = {**self._templates[table], **values}
        self._rows[table].append(row)
        return row

    def rows(self, table: str) -> list[Values]:
        """Return the rows of ``table`` that wait."""
        return self._rows[table]

    def write(self, connection: Connection) -> int:
        """Write what waits, parents before children, and return how many rows that were."""
        total = 0
        for name, rows in self._rows.items():
            if not rows:
                continue
            if name == "search_term":
                # in the order of the table's tree: pages are filled side by side instead of at random
                rows.sort(key=_by_term)
            bulk = self._bulk(name, connection.dialect)
            connection.exec_driver_sql(bulk.statement, [bulk.parameters(row) for row in rows])
            total += len(rows)
            self.written[name] += len(rows)
            rows.clear()
        return total

    def _bulk(self, name: str, dialect: Dialect) -> _BulkInsert:
        if name not in self._inserts:
            self._inserts[name] = _BulkInsert(metadata.tables[name], dialect)
        return self._inserts[name]


def _by_term(row: Values) -> tuple[str, int]:
    return row["term"], row["assistance_file_id"]


def set_indexes_aside(connection: Connection) -> list[str]:
    """Drop the plain indexes and return the statements that make them again: one sort at the end beats a search per row.

    Unique constraints stay, so that a twin is still refused at once.
    """
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%' ORDER BY name"
    ).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    connection.commit()
    return [sql for _, sql in found]
