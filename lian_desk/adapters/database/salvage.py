"""What can still be read in a damaged database: each table from both ends up to the damage, nothing changed.

A page that was changed on the disk does not open, for its seal no longer fits. Whatever lies on other pages can be
read, and it is worth knowing how much that is before a backup is taken back.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Integer, Table, literal_column, select
from sqlalchemy.dialects import sqlite

from lian_desk.adapters.machine import sqlcipher
from lian_desk.adapters.machine.sqlcipher import DatabaseKey, DriverError
from lian_desk.models.tables import schema

TABLE_WORDS: Final = {
    "assistance_file": "服务档案",
    "insured_person": "被保险人",
    "policy": "保单",
    "service_request": "服务申请",
    "booking": "预约",
    "follow_up": "随访",
    "material": "材料登记",
    "issued_document": "文书登记",
    "file_entry": "档案记事",
    "entitlement_entry": "权益台账",
    "audit_entry": "操作记录",
}
"""Tables by which people know the work of a desk, in the order of telling; the others are told together."""
OTHER: Final = "其他记录"


@dataclass(frozen=True)
class Readable:
    """How many rows of a kind of record can be read; ``is_whole`` when none was out of reach."""

    words: str
    rows: int
    is_whole: bool

    @property
    def sentence(self) -> str:
        """What can be read, in one sentence."""
        if self.is_whole:
            return f"{self.words}：{self.rows:,} 条，全部可读"
        return f"{self.words}：{self.rows:,} 条可读，其余读不出" if self.rows else f"{self.words}：读不出"


def readable_records(path: Path, key: DatabaseKey) -> tuple[Readable, ...]:
    """Read every table of a database as far as it goes; the file is opened for reading only.

    A database of which nothing can be read gives every kind of record as unreadable.
    """
    reached = {name: _reached(path, key, table) for name, table in schema.metadata.tables.items()}
    found = [Readable(words, *reached.pop(name)) for name, words in TABLE_WORDS.items()]
    rest = list(reached.values())
    return (*found, Readable(OTHER, sum(rows for rows, _whole in rest), all(whole for _rows, whole in rest)))


def _reached(path: Path, key: DatabaseKey, table: Table) -> tuple[int, bool]:
    """Return how many rows of a table can be read, and whether these are all."""
    rows, last, is_whole = _walk(path, key, table)
    if is_whole or not _is_by_number(table):
        return rows, is_whole
    beyond, _last, _is_whole = _walk(path, key, table, backwards_to=last)
    return rows + beyond, False


def _is_by_number(table: Table) -> bool:
    columns = list(table.primary_key.columns)
    return len(columns) == 1 and isinstance(columns[0].type, Integer)


def _walk(path: Path, key: DatabaseKey, table: Table, backwards_to: int | None = None) -> tuple[int, int | None, bool]:
    """Return the rows read until the end or the damage, the key of the last one, and whether the end was reached."""
    first = next(iter(table.primary_key.columns))
    statement = select(first.label("key_"), literal_column("*")).select_from(table).order_by(first)
    if backwards_to is not None:
        statement = statement.where(first > literal_column(str(int(backwards_to))))
        statement = statement.order_by(None).order_by(first.desc())
    words = str(statement.compile(dialect=sqlite.dialect()))
    rows, last = 0, None
    try:
        # a connection of its own: after an error the one before may not read on
        with closing(sqlcipher.connect(path, key, "ro")) as connection:
            cursor = connection.execute(words)
            while (row := cursor.fetchone()) is not None:
                rows, last = rows + 1, row[0]
    except DriverError as error:
        # a table that an older schema does not have is missing nothing
        return rows, last, sqlcipher.error_number(error) == sqlcipher.NO_SUCH_THING
    return rows, last, True
