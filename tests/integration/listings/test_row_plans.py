"""A page of rows finds what belongs to each row by that row's key: no other index may look as good to the planner."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event

from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.listings.base import Row, RowSource
from lian_desk.services.listings.bookings import BookingSource
from lian_desk.services.listings.follow_ups import FollowUpRowSource
from lian_desk.services.listings.materials import MaterialSource
from lian_desk.services.listings.service_requests import ServiceRequestSource
from lian_desk.services.listings.worklist import WorklistSource

SOURCES = (
    AssistanceFileSource,
    BookingSource,
    FollowUpRowSource,
    MaterialSource,
    ServiceRequestSource,
    WorklistSource,
)
USED = re.compile(r"USING (?:COVERING )?INDEX (\S+)")


def plan_of(desk: Desk, source: RowSource[Row]) -> list[str]:
    """Return the query plan of the statement that reads a page."""
    seen: list[tuple[str, object]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(desk.database.read_engine, "before_cursor_execute", keep)
    source.rows([1, 2, 3])
    event.remove(desk.database.read_engine, "before_cursor_execute", keep)
    ((statement, parameters),) = seen
    with desk.read() as session:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        return [str(row[3]) for row in rows]


@pytest.mark.parametrize("make", SOURCES)
def test_a_page_of_rows_is_read_by_keys(desk: Desk, make: Callable[[Desk], RowSource[Row]]) -> None:
    lines = plan_of(desk, make(desk))
    assert any("SEARCH" in line for line in lines)
    assert not [line for line in lines if line.startswith("SCAN") and "SUBQUERY" not in line and "CONSTANT" not in line]
    with desk.read() as session:
        for name in {found.group(1) for line in lines if (found := USED.search(line))}:
            first = session.connection().exec_driver_sql(f"PRAGMA index_info({name})").first()
            assert first is not None
            assert str(first[2]).endswith("_id"), name
