"""What every list asks and gets: a frozen query in, ordered keys and named rows out.

A table holds *all keys and few rows*: one statement gives the ordered primary keys, one statement gives the rows of a
page by their keys. Paging by ``OFFSET`` is not used, because its cost grows with the place in the list.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

FilterValue = str | int | bool | None


class Row(Protocol):
    """A row of a list: a ``NamedTuple`` whose first field is the primary key."""

    @property
    def key(self) -> int:
        """The 64-bit primary key of the row."""


RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One search: words, sort and filters, all answered in SQL.

    Attributes:
        text: what was typed in the search box, untrimmed words are trimmed by :meth:`with_text`.
        sort: name of a sort the source knows; empty for its default. Every sort ends in the primary key.
        descending: True for the greatest first.
        filters: pairs of filter name and value in the order of their names; a filter that is off is absent.
    """

    text: str = ""
    sort: str = ""
    descending: bool = False
    filters: tuple[tuple[str, FilterValue], ...] = ()

    def with_text(self, text: str) -> "ListQuery":
        """Return the same query for other words."""
        return replace(self, text=" ".join(text.split()))

    def with_sort(self, sort: str, *, descending: bool = False) -> "ListQuery":
        """Return the same query in another order."""
        return replace(self, sort=sort, descending=descending)

    def with_filter(self, name: str, value: FilterValue) -> "ListQuery":
        """Return the same query with one filter set; ``None`` takes it off."""
        kept = {known: held for known, held in self.filters if known != name}
        if value is not None:
            kept[name] = value
        return replace(self, filters=tuple(sorted(kept.items())))

    def filter(self, name: str) -> FilterValue:
        """Return the value of one filter, ``None`` when it is off."""
        return dict(self.filters).get(name)


class RowSource(Protocol[RowT]):
    """Where a list gets its rows from. Both methods run off the UI thread and open their own read session."""

    @property
    def tables(self) -> frozenset[str]:
        """Every table the rows read; a change in none of them leaves the list alone."""

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered primary keys as ``array("q")`` in one statement; with ``limit`` only the first ones."""

    def rows(self, keys: Sequence[int]) -> dict[int, RowT]:
        """Return the rows of one page by key in one statement; a key that is gone is absent."""
