"""Columns of a table as a person told them once, so that the next file with the same headings is understood."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.reference.table_import import ColumnMapping
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk

_CHECKSUM: Final = 64
_MOST_NAME: Final = 40


@dataclass(frozen=True, kw_only=True)
class RememberColumns(Command):
    """Keep which column of a table says what; the newest telling for the same headings holds."""

    list_kind: str
    fingerprint: str
    columns: tuple[tuple[str, int], ...]


@handles(RememberColumns, roles=LEADS)
def remember_columns(command: RememberColumns, context: CommandContext) -> int:
    """Store the columns under the checksum of their headings.

    Raises:
        RuleViolation: ``VALUE_NOT_UNDERSTOOD`` for a kind, checksum or column that is none.
    """
    is_named = all(name and len(name) <= _MOST_NAME and place >= 0 for name, place in command.columns)
    if not is_named or len(command.fingerprint) != _CHECKSUM or not 0 < len(command.list_kind) <= _MOST_NAME:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, clause="R31", value=command.list_kind[:_MOST_NAME], expected="清单的列"
        )
    row = context.session.scalar(
        select(ColumnMapping).where(
            ColumnMapping.list_kind == command.list_kind, ColumnMapping.fingerprint == command.fingerprint
        )
    )
    if row is None:
        row = ColumnMapping(id=context.new_id(), list_kind=command.list_kind, fingerprint=command.fingerprint)
        context.session.add(row)
    row.columns = json.dumps(dict(command.columns), ensure_ascii=False)
    row.told_at, row.told_by = context.now, context.operator.id
    return row.id


def load_mappings(desk: Desk, list_kind: str) -> Mapping[str, Mapping[str, int]]:
    """Return the columns told for lists of a kind, by the checksum of their headings."""
    with desk.read() as session:
        rows = session.execute(
            select(ColumnMapping.fingerprint, ColumnMapping.columns).where(ColumnMapping.list_kind == list_kind)
        ).all()
    return {row.fingerprint: json.loads(row.columns) for row in rows}
