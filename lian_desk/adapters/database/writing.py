"""How a writing session speaks to the database: late, once, and parents before children.

A command makes its keys beforehand, so nothing has to be written to be known. Its rows wait until a question is asked
of one of their tables, else until the commit; and one flush writes the tables in the order of their references, though
the mapped classes declare no relationships.
"""

from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker, unitofwork
from sqlalchemy.sql import visitors

#: The steps of a flush that save, or delete, the rows of one mapped class. Not public, but the only place where a flush
#: learns an order without relationships; ``test_writing`` holds that it does.
_SAVE: Final[Any] = unitofwork._SaveUpdateAll  # noqa: SLF001 - see above
_DELETE: Final[Any] = unitofwork._DeleteAll  # noqa: SLF001 - see above
#: In ``Session.info`` while the session writes: what listens to a flush may ask without asking for another one.
_WRITING: Final = "is_writing"


def write_late(sessions: "sessionmaker[Session]") -> None:
    """Let the sessions of this maker, made without autoflush, write as this module says."""
    event.listen(sessions, "do_orm_execute", _write_what_is_asked_for)
    event.listen(sessions, "before_flush", _in_order_of_references)
    event.listen(sessions, "after_flush_postexec", _is_written)


def keep_what_is_read(session: Session) -> None:
    """Hold every row that ``session`` reads until it ends, so that a row is not read again by its key."""
    held: list[object] = []
    event.listen(session, "loaded_as_persistent", lambda _session, row: held.append(row))


def _write_what_is_asked_for(state: ORMExecuteState) -> None:
    """Write what waits where the statement asks one of its tables, or does anything but ask."""
    session = state.session
    if session.info.get(_WRITING):
        return
    waiting = _tables_that_wait(session)
    if waiting and (not state.is_select or waiting & _tables_asked(state.statement)):
        session.flush()


def _tables_that_wait(session: Session) -> set[str]:
    rows = (*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted)
    return {row.__tablename__ for row in rows}


def _tables_asked(statement: Any) -> set[str]:
    """Return the names of every table in a statement, those of its subqueries too."""
    return {part.name for part in visitors.iterate(statement) if isinstance(part, Table)}


def _in_order_of_references(session: Session, context: UOWTransaction, _instances: object) -> None:
    """Chain the tables of one flush: parents are saved before children and deleted after them."""
    session.info[_WRITING] = True
    mappers = {row.__mapper__.base_mapper for row in (*session.new, *session.dirty, *session.deleted)}
    if len(mappers) <= 1:
        return
    for parent, child in pairwise(_parents_first({mapper.local_table.name: mapper for mapper in mappers})):
        context.dependencies.add((_SAVE(context, parent), _SAVE(context, child)))
        context.dependencies.add((_DELETE(context, child), _DELETE(context, parent)))


def _parents_first(mappers: dict[str, Any]) -> list[Any]:
    """Return the mapped classes of one flush by their references; tables that nobody loaded do not matter."""
    above = {
        name: {key.target_fullname.partition(".")[0] for key in mappers[name].local_table.foreign_keys} & mappers.keys()
        for name in sorted(mappers)
    }
    order = TopologicalSorter({name: parents - {name} for name, parents in above.items()}).static_order()
    return [mappers[name] for name in order]


def _is_written(session: Session, _context: UOWTransaction) -> None:
    session.info.pop(_WRITING, None)
