"""A session writes late, once, parents before children, and never answers from what it has not written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.reference.working_calendar import CalendarDay, CalendarYear
from lian_desk.models.vocabulary import CalendarStatus, DayKind, Role
from tests.desk_fixture import MONDAY, clock, desk, lead, world
from tests.desk_world import World

__all__ = ["clock", "desk", "lead", "world"]


@contextmanager
def writing(world: World) -> Iterator[tuple[Session, list[int]]]:
    """Open a writing session; the list grows by one with each flush."""
    flushes: list[int] = []
    with world.desk.database.write_session() as session:
        event.listen(session, "after_flush", lambda *_: flushes.append(1))
        yield session, flushes


def a_year(world: World) -> tuple[CalendarYear, CalendarDay]:
    """Return a year of the calendar and one of its days; the day's class sorts before the year's."""
    year = CalendarYear(
        id=world.desk.new_id(),
        year=2031,
        status=CalendarStatus.OFFICIAL,
        source="国务院办公厅通知",
        imported_at=MONDAY,
        imported_by=world.desk.operator.id,
    )
    day = CalendarDay(
        id=world.desk.new_id(), calendar_year_id=year.id, day_on=date(2031, 1, 1), kind=DayKind.DAY_OFF, label="元旦"
    )
    return year, day


def test_one_flush_writes_parents_before_children_and_deletes_them_after(world: World) -> None:
    year, day = a_year(world)
    with writing(world) as (session, flushes):
        session.add(day)
        session.add(year)
        session.commit()
        assert len(flushes) == 1
        session.delete(year)
        session.delete(day)
        session.commit()
        assert len(flushes) == 2
        assert session.scalar(select(func.count()).select_from(CalendarDay).where(CalendarDay.id == day.id)) == 0


def test_rows_wait_until_their_table_is_asked(world: World) -> None:
    year, day = a_year(world)
    with writing(world) as (session, flushes):
        session.add_all([year, day])
        assert session.scalar(select(func.count()).select_from(Operator))
        assert flushes == []
        assert session.scalar(select(CalendarDay.label).where(CalendarDay.id == day.id)) == "元旦"
        assert flushes == [1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda key: select(Operator.id).where(select(CalendarYear.id).where(CalendarYear.id == key).exists()),
        lambda _key: select(Operator.id).join(CalendarYear, CalendarYear.imported_by == Operator.id),
        lambda _key: select(Operator.id).where(Operator.id.in_(select(CalendarYear.imported_by))),
        lambda key: select(select(func.max(CalendarYear.id)).scalar_subquery()).where(CalendarYear.id == key),
        lambda _key: text("SELECT id FROM calendar_year WHERE year = 2031"),
    ],
    ids=["exists", "join", "in", "scalar", "text"],
)
def test_a_question_reaches_the_rows_that_wait_however_it_is_put(world: World, ask: object) -> None:
    year, _day = a_year(world)
    with writing(world) as (session, flushes):
        session.add(year)
        assert session.execute(ask(year.id)).all()  # type: ignore[operator]
        assert flushes == [1]


def test_a_changed_row_is_written_before_its_table_is_asked_and_an_unchanged_one_is_not(world: World) -> None:
    with writing(world) as (session, flushes):
        person = session.scalars(select(Operator).where(Operator.role == Role.CASE_MANAGER)).one()
        same = person.name
        person.name = same
        session.scalars(select(Operator.name)).all()
        assert flushes == []
        person.name = "陈静怡"
        assert "陈静怡" in session.scalars(select(Operator.name)).all()
        assert flushes == [1]
