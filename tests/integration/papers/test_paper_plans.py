"""What a paper of one file reads is found by the keys of that file: no index over all files may look as good."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection, event

from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.papers.views import load_document
from tests.desk_world import World
from tests.integration.papers.test_issued_papers import FILE_KINDS, booked, order_of  # noqa: F401 - a fixture

_USED = re.compile(r"USING (?:COVERING )?INDEX (\S+)")
#: The head of the sealed log is the end of an index over all of it; editions of the handbook are a handful.
_OF_ALL = {"audit_entry", "handbook_edition"}


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_statement_of_a_paper_goes_by_keys(booked: World, kind: DocumentKind) -> None:  # noqa: F811 - the fixture
    desk, order = booked.desk, order_of(booked, kind)
    seen: list[tuple[str, object]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(desk.database.read_engine, "before_cursor_execute", keep)
    load_document(desk, order)
    event.remove(desk.database.read_engine, "before_cursor_execute", keep)
    assert seen
    with desk.read() as session:
        for statement, parameters in seen:
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
            for line in [str(row[3]) for row in rows]:
                if any(f" {table}" in line for table in _OF_ALL):
                    continue
                assert not line.startswith("SCAN") or "SUBQUERY" in line.upper() or "CONSTANT" in line, (
                    line,
                    statement,
                )
                found = _USED.search(line)
                if found is None:
                    continue
                first = session.connection().exec_driver_sql(f"PRAGMA index_info({found.group(1)})").first()
                assert first is not None
                assert str(first[2]).endswith("_id"), (line, statement)
