"""Which files a batch of papers is for: open ones, of one case manager or of all, with a contact in the period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.services.desk.desk import Desk
from lian_desk.services.team.figures import open_files_by_holder

MOST_AT_ONCE = 5_000
"""Papers of one batch; more are made in parts."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A case manager with open files, and how many."""

    key: int
    name: str
    file_count: int


def holders(desk: Desk) -> tuple[Holder, ...]:
    """Return who holds open files, by staff number."""
    with desk.read() as session:
        counted = open_files_by_holder(session)
        people = session.execute(
            select(Operator.id, Operator.name).where(Operator.id.in_(list(counted))).order_by(Operator.staff_number)
        )
        return tuple(Holder(key, name, counted[key]) for key, name in people)


def batch_files(desk: Desk, holder_id: int | None, period: tuple[date, date] | None) -> tuple[int, ...]:
    """Return the open files of a holder (None: of everybody), oldest number first.

    With ``period``, both days included, only files with a follow-up done in it. At most ``MOST_AT_ONCE``.
    """
    statement: Select[int] = select(AssistanceFile.id).where(AssistanceFile.closed_at.is_(None))
    if holder_id is not None:
        statement = statement.where(AssistanceFile.case_manager_id == holder_id)
    if period is not None:
        first, last = (datetime.combine(day, time(0), SHANGHAI) for day in period)
        done = (
            select(FollowUp.id)
            .where(
                FollowUp.assistance_file_id == AssistanceFile.id,
                FollowUp.done_at >= first,
                FollowUp.done_at < last + timedelta(days=1),
            )
            .exists()
        )
        statement = statement.where(done)
    with desk.read() as session:
        return tuple(session.scalars(statement.order_by(AssistanceFile.id).limit(MOST_AT_ONCE)))
