"""Every table and column of the database: type, meaning, personal data, index."""

import inspect
import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, Column, Enum, Table, UniqueConstraint

from docs.house_papers.markdown import PaperProblem, table
from docs.house_papers.reading import comments_of
from lian_desk.models import vocabulary
from lian_desk.models.base import AwareTime, Base
from lian_desk.models.tables.schema import metadata
from lian_desk.services.privacy import erasure_plan
from lian_desk.services.privacy.personal_data import COLUMNS, Holding

HOLDINGS = {
    Holding.NAME: "name",
    Holding.NUMBER: "number of a person",
    Holding.TRAIT: "trait",
    Holding.WORDS: "free words",
    Holding.SKELETON: "",
    Holding.ACCOUNT: "account",
}
"""What is said of a column whose holding is declared."""


@cache
def classes() -> dict[str, type[Base]]:
    """Return the mapped classes by the names of their tables."""
    return {str(mapper.local_table.description): mapper.class_ for mapper in Base.registry.mappers}


@cache
def meanings(path: Path) -> dict[str, str]:
    """Return the words of ``columns.toml``, by ``column`` or ``table.column``."""
    return {str(name): str(text) for name, text in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def words_path(root: Path) -> Path:
    """Return where the words about columns stand that no comment beside the column gives."""
    return root / "docs" / "columns.toml"


def meaning_of(root: Path, column: Column[Any]) -> str:
    """Return what a column means: its comment in the class, the words in columns.toml, or what its type tells."""
    kind = classes()[column.table.name]
    commented = comments_of(Path(inspect.getfile(kind)), kind.__name__).get(column.name)
    words = meanings(words_path(root))
    told = commented or words.get(f"{column.table.name}.{column.name}") or words.get(column.name)
    if told:
        return told
    if column.foreign_keys:
        (key,) = column.foreign_keys
        if column.name == f"{key.column.table.name}_id":
            return f"the {key.column.table.name.replace('_', ' ')}"
    chosen = vocabulary_of(column)
    return "" if chosen is None else (inspect.getdoc(chosen) or "").split("\n", maxsplit=1)[0]


def vocabulary_of(column: Column[Any]) -> type[StrEnum] | None:
    """Return the vocabulary that a column's values are taken from."""
    chosen = column.type.enum_class if isinstance(column.type, Enum) else None
    return chosen if isinstance(chosen, type) and issubclass(chosen, StrEnum) else None


def type_of(column: Column[Any]) -> str:
    """Return the type in the words of a reader: what is stored, and whether it may be missing."""
    chosen = vocabulary_of(column)
    if chosen is not None:
        said = f"word of `{chosen.__name__}`"
    elif column.foreign_keys:
        (key,) = column.foreign_keys
        said = f"→ `{key.column.table.name}`"
    elif isinstance(column.type, AwareTime):
        said = "moment"
    else:
        said = _TYPES.get(type(column.type).__name__, type(column.type).__name__.lower())
        length = getattr(column.type, "length", None)
        said = f"{said} ≤ {length}" if length else said
    return f"{said}, or none" if column.nullable else said


_TYPES = {
    "BigInteger": "64-bit number",
    "Variant": "64-bit number",
    "Integer": "number",
    "String": "text",
    "Text": "text",
    "Date": "day",
    "Boolean": "yes or no",
    "Float": "real number",
    "LargeBinary": "bytes",
    "JSON": "JSON",
}


FURTHER = {
    "draft": ("values",),
    "material": (
        *("original_name", "archive_name", "hospital_name", "hospital_id", "department", "doctor_name", "document_on"),
        *("deficiency", "name_matches", "own_sign", "own_sign_note"),
    ),
    "operator": ("name", "staff_number"),
}
"""Columns of tables that an erasure treats in a place of its own (drafts, ``services/materials/erasure.py``), or that are
about colleagues and stay."""


def personal_of(column: Column[Any]) -> str:
    """Return the class of personal data: as declared, else as an erasure treats the column."""
    name = column.table.name
    declared = COLUMNS.get(name)
    if declared is not None:
        return HOLDINGS[declared[column.name]]
    if name in FURTHER:
        said = {"draft": "row removed", "material": "emptied", "operator": "colleague"}[name]
        return said if column.name in FURTHER[name] else ""
    if name in erasure_plan.REMOVED:
        return "row removed"
    if column in _erased(column.table):
        return "emptied"
    return ""


@cache
def _erased(found: Table) -> tuple[Column[Any], ...]:
    owned = {one.name for one in erasure_plan.owned_tables()}
    return erasure_plan.erased_columns(found) if found.name in owned else ()


def indexes_of(found: Table) -> list[str]:
    """Return the indexes and unique constraints of a table, each as the names of its columns in order."""
    unique = [
        f"unique ({', '.join(one.columns.keys())})"
        for one in found.constraints
        if isinstance(one, UniqueConstraint) and one.columns.keys()
    ]
    plain = [f"{'unique ' if one.unique else ''}({', '.join(_index_parts(one))})" for one in found.indexes]
    return sorted(unique) + sorted(plain)


def _index_parts(index: Any) -> list[str]:
    return [getattr(part, "name", None) or str(part) for part in index.expressions]


def _place(found: Table) -> str:
    module = classes()[found.name].__module__.removeprefix("lian_desk.models.tables.")
    return module.replace(".", "/") + ".py"


def missing_words(root: Path) -> list[str]:
    """Return every column that has no meaning yet, and every word in columns.toml that no column needs."""
    found = [
        f"{one.name}.{column.name} has no meaning: write a '#:' line above it, or a word in docs/columns.toml"
        for one in metadata.sorted_tables
        for column in one.columns
        if not meaning_of(root, column)
    ]
    known = {column.name for one in metadata.sorted_tables for column in one.columns}
    known |= {f"{one.name}.{column.name}" for one in metadata.sorted_tables for column in one.columns}
    return found + [
        f"docs/columns.toml: no column is called {name}" for name in meanings(words_path(root)) if name not in known
    ]


def data_dictionary(root: Path) -> str:
    """Return all tables, by the room of their class.

    Raises:
        PaperProblem: a column has no meaning.
    """
    missing = missing_words(root)
    if missing:
        raise PaperProblem("\n".join(missing))
    tables = sorted(metadata.tables.values(), key=lambda one: (_place(one).split("/")[0], one.name))
    parts = [f"{len(tables)} tables, {sum(len(one.columns) for one in tables)} columns.\n"]
    room = ""
    for one in tables:
        place = _place(one)
        if place.split("/", maxsplit=1)[0] != room:
            room = place.split("/", maxsplit=1)[0]
            parts.append(f"## {room}\n")
        parts += _told(root, one, place)
    return "\n".join(parts)


def _told(root: Path, one: Table, place: str) -> list[str]:
    kind = classes()[one.name]
    said = re.sub(r"\s+", " ", (inspect.getdoc(kind) or "").split("\n\n", maxsplit=1)[0])
    rows = [
        (f"`{column.name}`", type_of(column), meaning_of(root, column), personal_of(column)) for column in one.columns
    ]
    parts = [f"### `{one.name}`\n", f"{said} (`{kind.__name__}`, `{place}`)\n"]
    parts += [table(("column", "type", "meaning", "personal data"), rows), ""]
    indexes = indexes_of(one)
    if indexes:
        parts.append(f"Indexes: {'; '.join(f'`{index}`' for index in indexes)}.\n")
    checks = sorted(
        str(rule.name).removeprefix(f"ck_{one.name}_")
        for rule in one.constraints
        if isinstance(rule, CheckConstraint) and rule.name
    )
    if checks:
        parts.append(f"Checks: {', '.join(f'`{name}`' for name in checks)}.\n")
    return parts


def vocabularies() -> list[type[StrEnum]]:
    """Return every vocabulary of the models, in the order of their definition."""
    found = [
        kind
        for _name, kind in inspect.getmembers(vocabulary, inspect.isclass)
        if issubclass(kind, StrEnum) and kind is not StrEnum and kind.__module__ == vocabulary.__name__
    ]
    return sorted(found, key=lambda kind: inspect.getsourcelines(kind)[1])
