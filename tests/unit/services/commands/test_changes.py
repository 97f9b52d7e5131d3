"""Changes: what was committed, as keys by table."""

from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.vocabulary import Role
from lian_desk.services.commands.changes import ChangeCollector, Changes, key_of
from lian_desk.services.desk.desk import Desk


def table(**keys: set[int]) -> MappingProxyType[str, frozenset[int]]:
    return MappingProxyType({name: frozenset(found) for name, found in keys.items()})


def test_changes_answer_for_tables_and_keys() -> None:
    changes = Changes(created=table(policy={1, 2}), updated=table(booking={3}), deleted=table(booking={4}))
    assert changes.touches({"policy"})
    assert changes.touches(["hospital", "booking"])
    assert not changes.touches({"hospital"})
    assert not changes.touches(())
    assert changes.keys_of("booking") == {3, 4}
    assert changes.keys_of("hospital") == frozenset()
    assert changes.count() == 4
    assert Changes().count() == 0


def _operator(desk: Desk, number: str) -> Operator:
    return Operator(
        id=desk.new_id(),
        name="李红",
        staff_number=number,
        role=Role.CASE_MANAGER,
        is_active=True,
        created_at=desk.clock.now(),
    )


def test_a_session_tells_created_updated_and_deleted(desk: Desk) -> None:
    with desk.database.write_session() as session:
        gone = _operator(desk, "901")
        session.add(gone)
        session.commit()
    with desk.database.write_session() as session:
        collector = ChangeCollector(session)
        new = _operator(desk, "902")
        session.add(new)
        first = session.scalars(select(Operator).where(Operator.staff_number == "001")).one()
        first.name = "陈静静"
        second = session.scalars(select(Operator).where(Operator.staff_number == "002")).one()
        second.name = f"{second.name}"
        session.delete(session.get_one(Operator, gone.id))
        session.flush()
        collector.note("updated", "search_term", 7)
        changes = collector.changes()
    assert changes.created == {"operator": {new.id}}
    assert changes.updated == {"operator": {first.id}, "search_term": {7}}
    assert changes.deleted == {"operator": {gone.id}}


def test_a_row_without_a_key_of_its_own_counts_for_its_file() -> None:
    class Term:
        assistance_file_id = 5

    class Dated:
        id = 6
        on = date(2026, 9, 28)

    assert (key_of(Term()), key_of(Dated())) == (5, 6)
