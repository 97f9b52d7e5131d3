"""Rows that are in memory already, for example the preview of an import: listed by the same tables as stored ones."""

from array import array
from collections.abc import Sequence
from typing import Generic

from lian_desk.models.plain_text import fold
from lian_desk.services.listings.base import ListQuery, RowT


class MemoryRows(Generic[RowT]):
    """A row source over a fixed sequence in its own order; words are found anywhere in a row's texts."""

    tables: frozenset[str] = frozenset()

    def __init__(self, rows: Sequence[RowT] = ()) -> None:
        """List ``rows``; their keys must differ."""
        self._rows: dict[int, RowT] = {}
        self.replace(rows)

    def replace(self, rows: Sequence[RowT]) -> None:
        """List other rows from the next search on."""
        self._rows = {row.key: row for row in rows}

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the keys of the rows that hold every word of the query."""
        words = [fold(word) for word in query.text.split()]
        found = [key for key, row in self._rows.items() if not words or _holds(row, words)]
        return array("q", found if limit is None else found[:limit])

    def rows(self, keys: Sequence[int]) -> dict[int, RowT]:
        """Return rows by key."""
        held = self._rows
        return {key: held[key] for key in keys if key in held}


def _holds(row: object, words: Sequence[str]) -> bool:
    texts = [fold(str(value)) for value in row] if isinstance(row, tuple) else []
    return all(any(word in text for text in texts) for word in words)
