"""The few statements that every row source shares."""

from array import array
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lian_desk.models.assistance_file import SearchTerm
from lian_desk.services.search import prefix_range, query_words


def fetch_keys(session: Session, statement: Select[tuple[int]]) -> "array[int]":
    """Run a statement of keys and return them packed, without a Python object per row kept."""
    return array("q", session.scalars(statement))


def in_order(keys: Sequence[int], column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that picks the rows of one page."""
    return column.in_(list(keys))


def matching_files(statement: Select[tuple[int]], text: str, file_id: InstrumentedAttribute[int]) -> Select[tuple[int]]:
    """Restrict ``statement`` to rows whose ``file_id`` matches every word of ``text``; no word leaves it as it is."""
    for prefixes in query_words(text):
        ranges = []
        for prefix in prefixes:
            first, second = prefix_range(prefix)
            ranges.append((SearchTerm.term >= first) & (SearchTerm.term < second))
        statement = statement.where(file_id.in_(select(SearchTerm.assistance_file_id).where(or_(*ranges))))
    return statement
