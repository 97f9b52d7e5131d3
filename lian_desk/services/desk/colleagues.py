"""Who works at this desk, for the choice of a case manager."""

from dataclasses import dataclass

from sqlalchemy import select

from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.vocabulary import Role
from lian_desk.services.desk.desk import Desk


@dataclass(frozen=True)
class Colleague:
    """An operator who can be given a file."""

    operator_id: int
    name: str
    role: Role


def load_colleagues(desk: Desk) -> tuple[Colleague, ...]:
    """Return every active operator in the order of the names."""
    with desk.read() as session:
        rows = session.execute(
            select(Operator.id, Operator.name, Operator.role).where(Operator.is_active).order_by(Operator.name)
        )
        return tuple(Colleague(row.id, row.name, row.role) for row in rows)
