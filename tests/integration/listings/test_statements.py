"""Lists ask once per page and once per search, from indexes, without sorting anew."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.bookings import BookingSource
from lian_desk.services.listings.follow_ups import FollowUpRowSource
from lian_desk.services.listings.hospitals import HospitalSource
from lian_desk.services.listings.materials import MaterialSource
from lian_desk.services.listings.service_requests import STAGES, ServiceRequestSource
from lian_desk.services.listings.worklist import WorklistSource
from lian_desk.services.search.global_search import find
from lian_desk.services.worklist.worklist import load_workbench

SOURCES = (
    AssistanceFileSource,
    WorklistSource,
    HospitalSource,
    BookingSource,
    FollowUpRowSource,
    MaterialSource,
    ServiceRequestSource,
)
#: Tables that grow with the work; walking one whole without an index costs more every day.
BIG = {
    "assistance_file",
    "audit_entry",
    "booking",
    "clock_run",
    "disease_entry",
    "entitlement_entry",
    "file_entry",
    "follow_up",
    "incoming_application",
    "information_authorization",
    "insured_person",
    "material",
    "policy",
    "policy_status_period",
    "requirement",
    "search_term",
    "service_request",
}


@contextmanager
def statements(desk: Desk) -> Iterator[list[tuple[str, object]]]:
    """Collect what the read engine is asked."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement != "BEGIN":
            asked.append((statement, parameters))

    event.listen(desk.database.read_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(desk.database.read_engine, "before_cursor_execute", note)


def plan(desk: Desk, asked: tuple[str, object]) -> list[str]:
    """Return the lines of SQLite's plan for a statement as it was asked."""
    statement, parameters = asked
    with desk.read() as session:
        lines = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [str(line[3]) for line in lines]


def walks(lines: list[str]) -> list[str]:
    """Return the lines that read a big table from end to end without an index."""
    found = []
    for line in lines:
        scan = re.match(r"SCAN (\w+)(.*)", line)
        if scan and "INDEX" not in scan.group(2) and scan.group(1) in BIG:
            found.append(line)
    return found


def keys_asked(desk: Desk, source, query: ListQuery) -> tuple[list[int], tuple[str, object]]:
    with statements(desk) as asked:
        keys = list(source.keys(query))
    assert len(asked) == 1, asked
    return keys, asked[0]


@pytest.mark.parametrize("kind", SOURCES)
def test_one_statement_per_page_and_per_search(desk: Desk, kind: type) -> None:
    source = kind(desk)
    keys, _ = keys_asked(desk, source, ListQuery())
    keys_asked(desk, source, ListQuery().with_text("王 6620"))
    page = keys[:50]
    with statements(desk) as asked:
        rows = source.rows(page)
    # names of files may hold anybody's name that the file knows: materials ask for those names in a second statement
    assert len(asked) == (2 if kind is MaterialSource else 1)
    assert set(rows) == set(page)
    assert all(row.key == key for key, row in rows.items())
    assert [line for one in asked for line in walks(plan(desk, one))] == []
    assert source.rows([1]) == {}


@pytest.mark.parametrize("kind", SOURCES)
def test_the_default_order_comes_from_an_index(desk: Desk, kind: type) -> None:
    _, asked = keys_asked(desk, kind(desk), ListQuery())
    lines = plan(desk, asked)
    assert walks(lines) == []
    assert not [line for line in lines if "TEMP B-TREE" in line], lines


FILTERS = [
    (AssistanceFileSource, ListQuery().with_filter("state", "mine")),
    (AssistanceFileSource, ListQuery().with_filter("state", "serving")),
    (AssistanceFileSource, ListQuery().with_filter("state", "closed")),
    (AssistanceFileSource, ListQuery(sort="name")),
    (AssistanceFileSource, ListQuery(sort="name", descending=True)),
    (AssistanceFileSource, ListQuery(sort="number")),
    (AssistanceFileSource, ListQuery().with_text("wsl")),
    (AssistanceFileSource, ListQuery(text="6620", sort="name")),
    (WorklistSource, ListQuery().with_filter("mine", 7)),
    (WorklistSource, ListQuery().with_text("wang")),
    *((WorklistSource, ListQuery().with_filter("kind", kind.value)) for kind in ServiceKind),
    (FollowUpRowSource, ListQuery().with_filter("standing", "overdue")),
    (FollowUpRowSource, ListQuery().with_filter("standing", "today")),
    (FollowUpRowSource, ListQuery().with_filter("standing", "done")),
    (FollowUpRowSource, ListQuery().with_filter("mine", value=True)),
    *((ServiceRequestSource, ListQuery().with_filter("stage", stage)) for stage in STAGES),
    (ServiceRequestSource, ListQuery().with_filter("kind", "surgery_coordination")),
    (MaterialSource, ListQuery().with_filter("state", "received")),
    (MaterialSource, ListQuery().with_filter("kind", "outpatient_record")),
    (BookingSource, ListQuery().with_filter("from", "2026-09-28").with_filter("to", "2026-10-05")),
]


@pytest.mark.parametrize(("kind", "query"), FILTERS)
def test_no_filter_and_no_order_walks_a_big_table(desk: Desk, kind: type, query: ListQuery) -> None:
    _, asked = keys_asked(desk, kind(desk), query)
    assert walks(plan(desk, asked)) == []


def test_pages_and_figures_stand_on_indexes(desk: Desk) -> None:
    file_id = AssistanceFileSource(desk).keys(ListQuery(), 1)[0]
    with statements(desk) as asked:
        load_workbench(desk)
        load_file_view(desk, file_id)
        find(desk, "wang")
    assert len(asked) < 45
    bad = {line: statement for statement, parameters in asked for line in walks(plan(desk, (statement, parameters)))}
    assert bad == {}


def test_the_orders_are_what_they_say(desk: Desk) -> None:
    source = AssistanceFileSource(desk)
    recent, named = list(source.keys(ListQuery())), list(source.keys(ListQuery(sort="name")))
    rows = source.rows(recent)
    assert sorted(recent) == sorted(named)
    events = [rows[key].last_event_at for key in recent]
    assert events == sorted(events, reverse=True)
    assert list(source.keys(ListQuery(sort="name", descending=True))) == named[::-1]
    numbers = [rows[key].number for key in source.keys(ListQuery(sort="number"))]
    assert numbers == sorted(numbers)
    assert list(source.keys(ListQuery(), 10)) == recent[:10]
    assert list(source.keys(ListQuery(sort="recent"))) == recent[::-1]


def test_the_worklist_merges_in_order_of_what_is_due(desk: Desk) -> None:
    source = WorklistSource(desk)
    keys = list(source.keys(ListQuery()))
    with desk.read() as session:
        due = dict(
            session.execute(
                text(
                    "select id, next_action_due_at from service_request where is_open union all "
                    "select id, response_due_at from incoming_application where not is_settled"
                )
            ).all()
        )
    assert sorted(keys) == sorted(due)
    assert keys == sorted(keys, key=lambda key: (due[key], key))
    rows = source.rows(keys)
    assert {row.application_id is None for row in rows.values()} == {True, False}
    assert all((row.application_id is None) != (row.request_id is None) for row in rows.values())


def test_nothing_typed_reaches_the_statement(desk: Desk) -> None:
    for word in ("'; drop table policy; --", "100%", "a_b", '"x"'):
        for kind in SOURCES:
            _, (statement, _parameters) = keys_asked(desk, kind(desk), ListQuery(text=word))
            assert word not in statement


def test_rows_hold_no_name_and_no_number_in_clear(desk: Desk) -> None:
    with desk.read() as session:
        people = session.execute(text("select name, phone, identity_number from insured_person")).all()
        policies = set(session.scalars(text("select policy_number from policy")))
    secrets = {value for row in people for value in row if value} | policies
    for kind in (AssistanceFileSource, WorklistSource, FollowUpRowSource, BookingSource, ServiceRequestSource):
        source = kind(desk)
        for row in source.rows(list(source.keys(ListQuery(), 300))).values():
            shown = {value for value in row if isinstance(value, str)}
            assert not shown & secrets
