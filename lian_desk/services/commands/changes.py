"""What a committed command changed, as data: per table the keys created, updated and deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

Keys = Mapping[str, frozenset[int]]


def _nothing() -> Keys:
    return MappingProxyType({})


@dataclass(frozen=True)
class Changes:
    """Keys by table name. Open lists decide for themselves whether they are stale."""

    created: Keys = field(default_factory=_nothing)
    updated: Keys = field(default_factory=_nothing)
    deleted: Keys = field(default_factory=_nothing)

    def touches(self, tables: Iterable[str]) -> bool:
        """Tell whether any row of ``tables`` was created, updated or deleted."""
        return any(table in part for table in tables for part in (self.created, self.updated, self.deleted))

    def keys_of(self, table: str) -> frozenset[int]:
        """Return every touched key of ``table``."""
        empty: frozenset[int] = frozenset()
        return self.created.get(table, empty) | self.updated.get(table, empty) | self.deleted.get(table, empty)

    def count(self) -> int:
        """Return how many rows were touched."""
        return sum(len(keys) for part in (self.created, self.updated, self.deleted) for keys in part.values())


class ChangeCollector:
    """Collects from a session's flushes what changed, so that nobody has to declare it."""

    def __init__(self, session: Session) -> None:
        """Listen to ``session`` until it ends."""
        self._session = session
        self._seen: dict[str, dict[str, set[int]]] = {"created": {}, "updated": {}, "deleted": {}}
        event.listen(session, "before_flush", self._before_flush)

    def _before_flush(self, session: Session, _context: UOWTransaction, _instances: object) -> None:
        self._record(session)

    def _record(self, session: Session) -> None:
        for kind, objects in (("created", session.new), ("updated", session.dirty), ("deleted", session.deleted)):
            for row in objects:
                if kind == "updated" and not session.is_modified(row):
                    continue
                self.note(kind, row.__tablename__, key_of(row))

    def note(self, kind: str, table: str, key: int) -> None:
        """Add a change made by a bulk statement, which no flush sees."""
        self._seen[kind].setdefault(table, set()).add(key)

    def changes(self) -> Changes:
        """Return everything that was written so far, and what waits to be."""
        self._record(self._session)
        return Changes(
            *(
                MappingProxyType({table: frozenset(keys) for table, keys in self._seen[kind].items()})
                for kind in ("created", "updated", "deleted")
            )
        )


def key_of(row: Any) -> int:
    """Return the key of a mapped object: its id, or the file it belongs to where the key is composite."""
    key = row.id if hasattr(row, "id") else row.assistance_file_id
    return int(key)
