"""Which texts of which rows an erasure empties: read off the tables themselves, so that a new table is met by itself.

Every table that leads by foreign keys to the file is its own. Of its columns every text is emptied that is not on
``KEPT``, which names what identifies nobody: codes, numbers of papers, checksums, editions and clauses.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Enum, String, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from lian_desk.models.tables.schema import metadata
from lian_desk.models.tables.workspace.draft import Draft
from lian_desk.services.privacy import personal_data

UNTOUCHED: Final = frozenset(
    {
        "assistance_file",
        "audit_entry",
        "command_log",
        "entitlement_entry",
        "entitlement_slot",
        "file_erasure",
        "file_handover",
        "full_text_entry",
        "insured_person",
        "legal_hold",
        "material",
        "material_removal",
        "policy",
    }
)
"""Skeleton, ledger and log, which stay; and the rows whose columns ``personal_data`` names one by one."""
REMOVED: Final = frozenset({"search_term", "history_item", "former_name"})
"""Rows that are nothing but personal data; nothing refers to them."""
KEPT: Final = frozenset(
    {
        "clause",
        "closing_clause",
        "content_sha256",
        "derivation",
        "eligibility",
        "gate",
        "handbook_edition",
        "list_version",
        "media_type",
        "number",
        "origin",
        "sealed_sha256",
        "sha256",
        "text_version",
    }
)
"""Texts that identify nobody and say nothing of an illness."""
_SPECIAL: Final = {"warnings": "[]", "title": "已删除", "said_by_name": "已删除", "signer_name": "已删除"}
_ROOTS: Final = ("assistance_file", "insured_person", "policy")


def erased_columns(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns of ``table`` that an erasure empties."""
    if table.name in UNTOUCHED | REMOVED:
        return ()
    return tuple(
        column
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Enum)
        and not column.foreign_keys
        and not column.primary_key
        and column.name not in KEPT
    )


def owned_tables() -> tuple[Table, ...]:
    """Return every table whose rows belong to a file, a parent before its children."""
    owned: dict[str, Table] = {name: metadata.tables[name] for name in _ROOTS}
    for table in metadata.sorted_tables:
        if table.name not in owned and any(key.column.table.name in owned for key in table.foreign_keys):
            owned[table.name] = table
    return tuple(owned.values())


def carry_out(session: Session, *, file_id: int, policy_id: int, person_id: int | None) -> int:
    """Empty and remove, and return how many rows were touched; ``person_id`` None: the person has another file."""
    where: dict[str, ColumnElement[bool]] = {}
    roots = {"assistance_file": file_id, "policy": policy_id, "insured_person": person_id}
    count = 0
    for table in owned_tables():
        if table.name in roots:
            where[table.name] = table.c.id == roots[table.name]
            continue
        condition = _belongs(table, where, has_person=person_id is not None)
        if condition is None:
            continue
        where[table.name] = condition
    keys = _keys_of_forms(session, where, file_id)
    for name, condition in reversed(where.items()):
        table = metadata.tables[name]
        if name in REMOVED:
            count += _rows(session, table, condition)
            session.execute(delete(table).where(condition))
            continue
        columns = erased_columns(table)
        if name in personal_data.BY_HAND:
            count += _rows(session, table, condition)
            session.execute(update(table).where(condition).values(personal_data.left_behind(table)))
        elif columns:
            count += _rows(session, table, condition)
            values = {column.name: _empty(column) for column in columns}
            session.execute(update(table).where(condition).values(values))
    return count + _forget_drafts(session, keys)


def _belongs(table: Table, where: dict[str, ColumnElement[bool]], *, has_person: bool) -> ColumnElement[bool] | None:
    """Return the rows of ``table`` that lead to the file; None for a table that leads to the person alone, who stays."""
    ways = []
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        if parent.name not in where or (parent.name == "insured_person" and not has_person):
            continue
        ways.append(key.parent.in_(select(parent.c.id).where(where[parent.name])))
    return or_(*ways) if ways else None


def _rows(session: Session, table: Table, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _empty(column: Column[Any]) -> str | None:
    if column.nullable:
        return None
    return _SPECIAL.get(column.name, "")


def _keys_of_forms(session: Session, where: dict[str, ColumnElement[bool]], file_id: int) -> frozenset[str]:
    """Return the keys by which the drafts of forms name rows of the file."""
    found = {file_id}
    for name in ("service_request", "follow_up", "booking", "material", "information_authorization"):
        table = metadata.tables[name]
        found |= set(session.scalars(select(table.c.id).where(where[name])))
    return frozenset(map(str, found))


def _forget_drafts(session: Session, keys: Iterable[str]) -> int:
    wanted = frozenset(keys)
    rows = [row for row in session.scalars(select(Draft)) if wanted.intersection(row.form_key.split(":"))]
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)
