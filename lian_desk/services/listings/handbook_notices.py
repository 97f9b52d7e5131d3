"""The notification list of an edition: one policyholder (投保人) a row, told or not (R82, R83, A39)."""

from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Select, or_, select

from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.reference.handbook_edition import HandbookNotice
from lian_desk.models.vocabulary import Channel
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys
from lian_desk.services.names.masking import mask_name, mask_policy_number

OPEN: Final = "open"
DELIVERED: Final = "delivered"


class NoticeRow(NamedTuple):
    """One notice; names and numbers stand masked."""

    key: int
    policyholder: str
    policy_number: str
    channel: Channel | None
    delivered_at: datetime | None
    recorded_by: str


class NoticeSource:
    """Row source of the notices by policy number.

    Filters: ``edition`` (key of the recorded edition; without it there is no row), ``state``: ``open`` or ``delivered``.
    """

    tables = frozenset({"handbook_notice", "handbook_edition", "policy"})

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``; words are looked for in the policyholder's name and the policy number."""
        statement = (
            select(HandbookNotice.id)
            .join(Policy, Policy.id == HandbookNotice.policy_id)
            .where(HandbookNotice.handbook_edition_id == (query.filter("edition") or 0))
        )
        state = query.filter("state")
        if state == OPEN:
            statement = statement.where(HandbookNotice.delivered_at.is_(None))
        if state == DELIVERED:
            statement = statement.where(HandbookNotice.delivered_at.is_not(None))
        for word in query.text.split():
            statement = statement.where(
                or_(
                    Policy.policyholder_name.contains(word, autoescape=True),
                    Policy.policy_number.contains(word.upper(), autoescape=True),
                )
            )
        return statement.order_by(Policy.policy_number, HandbookNotice.id).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, NoticeRow]:
        """Return the rows of one page in one statement."""
        with self._desk.read() as session:
            found = session.execute(
                select(
                    HandbookNotice.id,
                    Policy.policyholder_name,
                    Policy.policy_number,
                    HandbookNotice.channel,
                    HandbookNotice.delivered_at,
                    Operator.name,
                )
                .join(Policy, Policy.id == HandbookNotice.policy_id)
                .outerjoin(Operator, Operator.id == HandbookNotice.recorded_by)
                .where(HandbookNotice.id.in_(list(keys)))
            ).all()
        return {
            row.id: NoticeRow(
                row.id,
                mask_name(row.policyholder_name),
                mask_policy_number(row.policy_number),
                row.channel,
                row.delivered_at,
                row.name or "",
            )
            for row in found
        }
