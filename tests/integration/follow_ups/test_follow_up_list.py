"""The list of follow-ups: chips, order, search, one statement each, and an index under every default order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.vocabulary import FollowUpKind, FollowUpOutcome
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.follow_ups import FollowUpRow, FollowUpRowSource, FollowUpStanding, count_follow_ups
from tests.integration.follow_ups.conftest import Case, at, open_file

# "all" is asked for together with one file
_ON_THE_PAGE = [standing for standing in FollowUpStanding if standing is not FollowUpStanding.ALL]


@pytest.fixture
def filled(case: Case) -> Case:
    """Two files; late, due, coming and done follow-ups."""
    second = open_file(case.desk, "李雷", 777)
    rows = [
        (case.file_id, date(2026, 11, 20), None),
        (second, date(2026, 11, 23), None),
        (case.file_id, date(2026, 11, 25), None),
        (case.file_id, date(2026, 11, 18), at(19, 9)),
        (second, date(2026, 11, 17), at(18, 9)),
    ]
    with case.desk.database.write_session() as session:
        for file_id, due_on, closed_at in rows:
            session.add(
                FollowUp(
                    id=case.desk.new_id(),
                    assistance_file_id=file_id,
                    case_manager_id=case.desk.operator.id,
                    kind=FollowUpKind.AFTER_VISIT,
                    label="就诊后第 7 天",
                    due_on=due_on,
                    outcome=FollowUpOutcome.REACHED if closed_at else None,
                    done_at=closed_at,
                    closed_at=closed_at,
                    planned_at=at(10, 9),
                )
            )
        session.commit()
    return case


def _rows(case: Case, query: ListQuery) -> list[FollowUpRow]:
    source = FollowUpRowSource(case.desk)
    keys = source.keys(query)
    found = source.rows(keys)
    return [found[key] for key in keys]


@pytest.mark.parametrize(
    ("standing", "days"),
    [
        (None, [20, 23, 25]),
        (FollowUpStanding.OVERDUE, [20]),
        (FollowUpStanding.TODAY, [23]),
        (FollowUpStanding.COMING, [25]),
        (FollowUpStanding.DONE, [18, 17]),
    ],
)
def test_chips(filled: Case, standing: FollowUpStanding | None, days: list[int]) -> None:
    query = ListQuery().with_filter("standing", standing.value if standing else None)
    assert [row.due_on.day for row in _rows(filled, query)] == days
    assert [row.due_on.day for row in _rows(filled, query.with_filter("mine", value=True))] == days


def test_rows_are_masked_and_complete(filled: Case) -> None:
    row = _rows(filled, ListQuery())[0]
    assert row.insured_name == "王*兰"
    assert row.phone == "138****6620"
    assert row.file_number.startswith("A-26-NJ01-")
    assert row.service_kind is None


@pytest.mark.parametrize(("words", "count"), [("王淑", 2), ("lilei", 1), ("ll", 1), ("6620", 3), ("没有", 0)])
def test_search(filled: Case, words: str, count: int) -> None:
    assert len(_rows(filled, ListQuery().with_text(words))) == count


def test_order_and_first_page(filled: Case) -> None:
    source = FollowUpRowSource(filled.desk)
    everything = source.keys(ListQuery())
    assert source.keys(ListQuery(), 2) == everything[:2]
    assert source.keys(ListQuery(sort="due", descending=True)) == everything[::-1]
    assert [row.insured_name for row in _rows(filled, ListQuery(sort="name"))] == ["李*", "王*兰", "王*兰"]


def test_of_one_file(filled: Case) -> None:
    query = ListQuery().with_filter("file", filled.file_id)
    assert [row.due_on.day for row in _rows(filled, query)] == [20, 25]
    assert [row.due_on.day for row in _rows(filled, query.with_filter("standing", "all"))] == [18, 20, 25]


def test_counts_in_one_statement(filled: Case, statements: Callable[[], Any]) -> None:
    with statements() as seen:
        counts = count_follow_ups(filled.desk)
    assert (counts.overdue, counts.today, counts.coming, counts.open) == (1, 1, 1, 3)
    assert len(seen) == 1
    assert count_follow_ups(filled.desk, mine=True) == counts


def test_one_statement_per_search_and_per_page(filled: Case, statements: Callable[[], Any]) -> None:
    source = FollowUpRowSource(filled.desk)
    with statements() as seen:
        keys = source.keys(ListQuery().with_text("王 6620"))
    assert len(seen) == 1
    with statements() as seen:
        source.rows(keys)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "query",
    [
        ListQuery(),
        *(ListQuery().with_filter("standing", standing.value) for standing in _ON_THE_PAGE),
        *(
            ListQuery().with_filter("standing", standing.value).with_filter("mine", value=True)
            for standing in _ON_THE_PAGE
        ),
        ListQuery().with_filter("file", 1).with_filter("standing", "all"),
    ],
)
def test_every_default_order_walks_an_index(filled: Case, statements: Callable[[], Any], query: ListQuery) -> None:
    source = FollowUpRowSource(filled.desk)
    with statements() as seen:
        source.keys(query)
    values = {1: "2026-11-23", 2: 1}
    plan_of = seen[0]
    with filled.desk.read() as session:
        bound = plan_of
        parameters = {}
        for number in range(1, plan_of.count("?") + 1):
            bound = bound.replace("?", f":p{number}", 1)
            parameters[f"p{number}"] = values.get(number, 1)
        plan = [str(row[-1]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {bound}"), parameters)]
    assert any("ix_follow_up" in step for step in plan), plan
    assert query.filter("file") is not None or not any("TEMP B-TREE" in step for step in plan), plan
