"""The few statements that every row source shares."""

from array import array
from typing import Any, TypeVarTuple

from sqlalchemy import CompoundSelect, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lian_desk.models.tables.people.assistance_file import SearchTerm
from lian_desk.services.names.search_terms import prefix_range, query_words

Ts = TypeVarTuple("Ts")


def fetch_keys(session: Session, statement: Select[int] | CompoundSelect[*tuple[Any, ...]]) -> "array[int]":
    """Run a statement whose first column is the key and return the keys packed.

    They are taken from the driver's cursor as they are: a hundred thousand keys need no conversion, and a column beside
    them that only orders needs none either.
    """
    result = session.connection().execute(statement)
    try:
        return array("q", [row[0] for row in result.cursor.fetchall()])
    finally:
        result.close()


def matching_files(statement: Select[*Ts], text: str, file_id: InstrumentedAttribute[int]) -> Select[*Ts]:
    """Restrict ``statement`` to rows whose ``file_id`` matches every word of ``text``; no word leaves it as it is."""
    for prefixes in query_words(text):
        ranges = []
        for prefix in prefixes:
            first, second = prefix_range(prefix)
            ranges.append((SearchTerm.term >= first) & (SearchTerm.term < second))
        statement = statement.where(file_id.in_(select(SearchTerm.assistance_file_id).where(or_(*ranges))))
    return statement
