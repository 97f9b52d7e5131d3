"""Collects rows per table and writes them in bulk through SQLAlchemy Core.

A demonstration of a million files cannot be made object by object. Keys come from the desk's own factory, values
pass through the column types; only the commands are left out.
"""

from typing import Any

from sqlalchemy import Connection, Insert, Table, insert

from lian_desk.models.schema import metadata

Values = dict[str, Any]


def _template(table: Table) -> Values:
    """Every column with its plain default, so that all rows of one statement have the same shape."""
    found: Values = {}
    for column in table.columns:
        default = column.default
        found[column.name] = default.arg if default is not None and default.is_scalar else None
    return found


class RowBuffer:
    """Rows that wait to be written; memory is bounded by writing after every chunk of files."""

    def __init__(self) -> None:
        self._templates = {table.name: _template(table) for table in metadata.sorted_tables}
        self._inserts: dict[str, Insert] = {table.name: insert(table) for table in metadata.sorted_tables}
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
            connection.execute(self._inserts[name], rows)
            total += len(rows)
            self.written[name] += len(rows)
            rows.clear()
        return total


def _by_term(row: Values) -> tuple[str, int]:
    return row["term"], row["assistance_file_id"]
