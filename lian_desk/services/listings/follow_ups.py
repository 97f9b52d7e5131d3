"""The list of follow-ups: due, overdue, coming, done."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lian_desk.models.tables.people.assistance_file import AssistanceFile, SearchTerm
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import Channel, FollowUpKind, FollowUpOutcome, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.names.masking import mask_name, mask_phone, scrub_text
from lian_desk.services.names.search_terms import prefix_range, query_words


class FollowUpStanding(StrEnum):
    """How a follow-up stands on a day; the chips of the list."""

    OPEN = "open"
    OVERDUE = "overdue"
    TODAY = "today"
    COMING = "coming"
    ESCALATED = "escalated"
    DONE = "done"
    ALL = "all"


class FollowUpRow(NamedTuple):
    """One row, masked."""

    key: int
    file_id: int
    file_number: str
    insured_name: str
    phone: str
    kind: FollowUpKind
    label: str
    service_kind: ServiceKind | None
    request_number: str
    due_on: date
    attempt_count: int
    channel: Channel | None
    outcome: FollowUpOutcome | None
    done_at: datetime | None
    closed_at: datetime | None
    case_manager: str
    escalated_at: datetime | None


class FollowUpCounts(NamedTuple):
    """How many there are of each, for the chips and the navigation."""

    overdue: int
    today: int
    coming: int
    escalated: int

    @property
    def open(self) -> int:
        """Everything that waits."""
        return self.overdue + self.today + self.coming


class FollowUpRowSource:
    """Rows of the follow-up list. Filters: ``standing`` (a FollowUpStanding), ``mine`` (True), ``file`` (a key)."""

    tables = frozenset({"follow_up", "assistance_file", "insured_person", "service_request"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``; its clock says what is overdue."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys in one statement."""
        standing = FollowUpStanding(str(query.filter("standing") or FollowUpStanding.OPEN.value))
        statement = select(FollowUp.id).where(_standing(standing, self._desk.today))
        if query.filter("mine"):
            statement = statement.where(FollowUp.case_manager_id == self._desk.operator.id)
        if query.filter("file") is not None:
            statement = statement.where(FollowUp.assistance_file_id == query.filter("file"))
        for terms in query_words(query.text):
            statement = statement.where(FollowUp.assistance_file_id.in_(_files_with(terms)))
        statement = _ordered(statement, query, done=standing is FollowUpStanding.DONE).limit(limit)
        with self._desk.read() as session:
            return array("q", session.scalars(statement))

    def rows(self, keys: Sequence[int]) -> dict[int, FollowUpRow]:
        """Return the rows of a page in one statement."""
        with self._desk.read() as session:
            return {row.key: row for row in _rows(session, keys)}


def count_follow_ups(desk: Desk, *, mine: bool = False) -> FollowUpCounts:
    """Return the counts of what is open, in one statement over the index of open follow-ups."""
    today = desk.today
    statement = select(
        func.coalesce(func.sum(case((FollowUp.due_on < today, 1), else_=0)), 0),
        func.coalesce(func.sum(case((FollowUp.due_on == today, 1), else_=0)), 0),
        func.coalesce(func.sum(case((FollowUp.due_on > today, 1), else_=0)), 0),
        func.count(FollowUp.escalated_at),
    ).where(FollowUp.closed_at.is_(None))
    if mine:
        statement = statement.where(FollowUp.case_manager_id == desk.operator.id)
    with desk.read() as session:
        overdue, due, coming, escalated = session.execute(statement).one()
    return FollowUpCounts(int(overdue), int(due), int(coming), int(escalated))


def _standing(standing: FollowUpStanding, today: date) -> ColumnElement[bool]:
    if standing is FollowUpStanding.ALL:
        return literal(value=True)
    if standing is FollowUpStanding.DONE:
        return FollowUp.closed_at.is_not(None)
    day = {
        FollowUpStanding.OPEN: literal(value=True),
        FollowUpStanding.OVERDUE: FollowUp.due_on < today,
        FollowUpStanding.TODAY: FollowUp.due_on == today,
        FollowUpStanding.COMING: FollowUp.due_on > today,
        FollowUpStanding.ESCALATED: FollowUp.escalated_at.is_not(None),
    }[standing]
    is_open = FollowUp.closed_at.is_(None)
    return is_open if standing is FollowUpStanding.OPEN else and_(is_open, day)


def _files_with(terms: Iterable[str]) -> Select[int]:
    ranges = []
    for term in terms:
        first, second = prefix_range(term)
        ranges.append(and_(SearchTerm.term >= first, SearchTerm.term < second))
    return select(SearchTerm.assistance_file_id).where(or_(*ranges))


def _ordered(statement: Select[int], query: ListQuery, *, done: bool) -> Select[int]:
    """Order by what the list sorts by, ending in the key; the default is one walk along an index."""
    down = query.descending
    if query.sort == "name":
        name = AssistanceFile.sort_name
        statement = statement.join(AssistanceFile, AssistanceFile.id == FollowUp.assistance_file_id)
        return statement.order_by(name.desc() if down else name, FollowUp.id.desc() if down else FollowUp.id)
    if done:
        # newest first unless asked the other way round
        if query.sort == "due" and not down:
            return statement.order_by(FollowUp.closed_at, FollowUp.due_on, FollowUp.id)
        return statement.order_by(FollowUp.closed_at.desc(), FollowUp.due_on.desc(), FollowUp.id.desc())
    if down:
        return statement.order_by(FollowUp.due_on.desc(), FollowUp.id.desc())
    return statement.order_by(FollowUp.due_on, FollowUp.id)


def _rows(session: Session, keys: Sequence[int]) -> Iterable[FollowUpRow]:
    manager = aliased(Operator)
    statement = (
        select(
            FollowUp.id,
            AssistanceFile.id,
            AssistanceFile.number,
            InsuredPerson.name,
            InsuredPerson.phone,
            FollowUp.kind,
            FollowUp.label,
            ServiceRequest.kind,
            ServiceRequest.number,
            FollowUp.due_on,
            FollowUp.attempt_count,
            FollowUp.channel,
            FollowUp.outcome,
            FollowUp.done_at,
            FollowUp.closed_at,
            manager.name,
            FollowUp.escalated_at,
        )
        .join(AssistanceFile, AssistanceFile.id == FollowUp.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(manager, manager.id == FollowUp.case_manager_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == FollowUp.service_request_id)
        .where(FollowUp.id.in_(list(keys)))
    )
    for found in session.execute(statement):
        values = list(found)
        values[6] = scrub_text(values[6], names=(values[3],))
        values[3] = mask_name(values[3])
        values[4] = mask_phone(values[4] or "")
        values[8] = values[8] or ""
        yield FollowUpRow(*values)
