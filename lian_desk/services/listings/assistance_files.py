"""The list of assistance files: the newest event first, by name, or by what was searched."""

from array import array
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lian_desk.models.base import AwareTime
from lian_desk.models.rules.policy_years import age_on, policy_year_on
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import InformationAuthorization, InsuredPerson
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import PolicyStatus, Sex
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys, matching_files
from lian_desk.services.names.masking import mask_name, mask_phone
from lian_desk.services.words.wording import phrase


class AssistanceFileRow(NamedTuple):
    """One file in the list; names and numbers are masked."""

    key: int
    number: str
    insured_name: str
    sex_age: str
    phone: str
    disease: str
    policy_status: PolicyStatus
    policy_year: int | None
    is_authorized: bool
    open_request_count: int
    next_due_at: datetime | None
    case_manager: str
    last_event_at: datetime


class AssistanceFileSource:
    """Row source over all assistance files.

    Sorts: ``recent`` (default, newest first), ``name``, ``number``. Filter: ``state``, one of ``mine``,
    ``serving`` and ``closed``.
    """

    tables = frozenset(
        {
            "assistance_file",
            "insured_person",
            "policy",
            "policy_status_period",
            "disease_entry",
            "service_request",
            "information_authorization",
        }
    )

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys of the files that match ``query``."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> Select[int]:
        """Return the statement behind ``keys``: for the tests that read its plan."""
        statement = matching_files(select(AssistanceFile.id), query.text, AssistanceFile.id)
        statement = statement.where(*self._conditions(query))
        columns: list[InstrumentedAttribute[Any]] = [AssistanceFile.last_event_at, AssistanceFile.id]
        if query.sort == "name":
            columns = [AssistanceFile.sort_name, AssistanceFile.id]
        elif query.sort == "number":
            columns = [AssistanceFile.number]
        # the list begins with the newest event, the other orders with the smallest
        is_descending = query.descending if query.sort in {"name", "number"} else not _reversed(query)
        return statement.order_by(*(column.desc() if is_descending else column for column in columns)).limit(limit)

    def _conditions(self, query: ListQuery) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        state = query.filter("state")
        if state == "mine":
            conditions.append(AssistanceFile.case_manager_id == self._desk.operator.id)
        elif state == "serving":
            conditions.append(
                exists().where(ServiceRequest.assistance_file_id == AssistanceFile.id, ServiceRequest.is_open.is_(True))
            )
        elif state == "closed":
            conditions.append(AssistanceFile.closed_at.is_not(None))
        return conditions

    def rows(self, keys: Sequence[int]) -> dict[int, AssistanceFileRow]:
        """Return the rows of one page in one statement."""
        now = self._desk.clock.now()
        today = self._desk.today
        covered_years = self._desk.pack.thresholds.covered_policy_years
        with self._desk.read() as session:
            found = session.execute(_row_statement(), {"now": now, "keys": list(keys)}).all()
        return {
            row.id: AssistanceFileRow(
                key=row.id,
                number=row.number,
                insured_name=mask_name(row.insured_name),
                sex_age=f"{phrase(Sex(row.sex))} · {age_on(row.born_on, today)} 岁",
                phone=mask_phone(row.phone or ""),
                disease=_disease(row),
                policy_status=PolicyStatus(row.policy_status or PolicyStatus.IN_FORCE),
                policy_year=policy_year_on(row.effective_on, today, covered_years),
                is_authorized=bool(row.is_authorized),
                open_request_count=row.open_request_count,
                next_due_at=row.next_due_at,
                case_manager=row.case_manager,
                last_event_at=row.last_event_at,
            )
            for row in found
        }


def _reversed(query: ListQuery) -> bool:
    return query.sort == "recent" and not query.descending


@cache
def _row_statement() -> Select[Any]:
    """Return the statement of a page, built once: its parameters are ``now`` and ``keys``."""
    status = (
        select(PolicyStatusPeriod.status)
        .where(
            PolicyStatusPeriod.policy_id == AssistanceFile.policy_id,
            PolicyStatusPeriod.superseded_at.is_(None),
            PolicyStatusPeriod.true_from <= bindparam("now", type_=AwareTime),
        )
        .order_by(PolicyStatusPeriod.true_from.desc(), PolicyStatusPeriod.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    entry = aliased(DiseaseEntry)
    disease = (
        select(func.max(entry.id))
        .where(entry.assistance_file_id == AssistanceFile.id, entry.superseded_at.is_(None))
        .scalar_subquery()
    )
    open_requests = (
        select(func.count())
        .where(ServiceRequest.assistance_file_id == AssistanceFile.id, ServiceRequest.is_open.is_(True))
        .scalar_subquery()
    )
    next_due = (
        select(func.min(ServiceRequest.next_action_due_at))
        .where(ServiceRequest.assistance_file_id == AssistanceFile.id, ServiceRequest.is_open.is_(True))
        .scalar_subquery()
    )
    authorized = exists().where(
        InformationAuthorization.assistance_file_id == AssistanceFile.id,
        InformationAuthorization.verified_at.is_not(None),
        InformationAuthorization.withdrawn_at.is_(None),
    )
    return (
        select(
            AssistanceFile.id,
            AssistanceFile.number,
            AssistanceFile.last_event_at,
            InsuredPerson.name.label("insured_name"),
            InsuredPerson.sex,
            InsuredPerson.born_on,
            InsuredPerson.phone,
            Policy.effective_on,
            Operator.name.label("case_manager"),
            status.label("policy_status"),
            DiseaseEntry.disease_name,
            DiseaseEntry.severity,
            DiseaseEntry.certainty,
            open_requests.label("open_request_count"),
            next_due.label("next_due_at"),
            authorized.label("is_authorized"),
        )
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .join(Policy, Policy.id == AssistanceFile.policy_id)
        .join(Operator, Operator.id == AssistanceFile.case_manager_id)
        .outerjoin(DiseaseEntry, DiseaseEntry.id == disease)
        .where(AssistanceFile.id.in_(bindparam("keys", expanding=True)))
    )


def _disease(row: Row[Any]) -> str:
    if row.disease_name is None:
        return ""
    return f"{phrase(row.certainty)} · {row.disease_name}（{phrase(row.severity)}）"
