"""The worklist (工作台): applications and open requests in one list, sorted by what is due next (R64)."""

from array import array
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import CompoundSelect, Row, Select, bindparam, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from lian_desk.models.plain_text import fold
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.clocks import warning_times
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, NextAction, PauseReason, RequestStatus, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import fetch_keys, matching_files
from lian_desk.services.names.masking import mask_name
from lian_desk.services.rules.citations import short_place


class WorklistRow(NamedTuple):
    """One thing to do. ``application_id`` is set for an application without a request, else ``request_id``."""

    key: int
    application_id: int | None
    request_id: int | None
    file_id: int | None
    file_number: str
    insured_name: str
    service_kind: ServiceKind | None
    is_renowned: bool
    status: RequestStatus | None
    next_action: NextAction
    due_at: datetime | None
    started_at: datetime | None
    #: From when the row counts as at risk; None where no promise runs.
    notice_at: datetime | None
    is_provisional: bool
    derivation: str
    clause: str
    #: Place of the clause in the handbook, short: 5-5 is chapter two, service five, section five.
    place: str
    promise: str
    #: Edition of the running promise (A41); empty where none runs and the edition in force holds.
    edition: str = ""


class WorklistSource:
    """Row source of the worklist. Filters: ``kind`` (service), ``mine`` (operator key)."""

    tables = frozenset(
        {"incoming_application", "service_request", "clock_run", "requirement", "assistance_file", "insured_person"}
    )

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the keys by due time: what is due first comes first."""
        with self._desk.read() as session:
            return fetch_keys(session, self.key_statement(query, limit))

    def key_statement(self, query: ListQuery, limit: int | None = None) -> CompoundSelect[*tuple[Any, ...]]:
        """Return the statement behind ``keys``; both halves are read in order from an index and merged.

        The key is its first column. The order stands on the union itself: SQLite sorts a union inside another
        statement anew.
        """
        kind = query.filter("kind")
        mine = query.filter("mine")
        requests: Select[int, datetime | None] = select(
            ServiceRequest.id.label("id"), ServiceRequest.next_action_due_at.label("due")
        ).where(ServiceRequest.is_open.is_(True))
        applications: Select[int, datetime] = select(
            IncomingApplication.id.label("id"), IncomingApplication.response_due_at.label("due")
        ).where(IncomingApplication.is_settled.is_(False))
        if kind is not None:
            requests = requests.where(ServiceRequest.kind == ServiceKind(str(kind)))
            applications = applications.where(IncomingApplication.service_kind == ServiceKind(str(kind)))
        if mine is not None:
            requests = requests.where(ServiceRequest.case_manager_id == mine)
        if query.text:
            requests = matching_files(requests, query.text, ServiceRequest.assistance_file_id)
            applications = _named(applications, query.text)
        both: CompoundSelect[*tuple[Any, ...]] = union_all(requests, applications)
        return both.order_by(both.selected_columns.due, both.selected_columns.id).limit(limit)

    def rows(self, keys: Sequence[int]) -> dict[int, WorklistRow]:
        """Return the rows of one page in one statement over both tables."""
        with self._desk.read() as session:
            return load_rows(session, self._desk, keys)


def _named(statement: Select[int, datetime], text: str) -> Select[int, datetime]:
    """Restrict waiting applications to those whose contact matches every word: name, pinyin, initials or handle.

    None of them has a file whose terms could be asked; few wait at a time.
    """
    for word in map(fold, text.split()):
        statement = statement.where(
            or_(
                IncomingApplication.search_terms.contains(f" {word}", autoescape=True),
                IncomingApplication.contact_handle.contains(word, autoescape=True),
            )
        )
    return statement


def load_rows(session: Session, desk: Desk, keys: Sequence[int]) -> dict[int, WorklistRow]:
    """Return worklist rows by key; keys of applications and of requests may be mixed."""
    found = session.execute(_row_statement(), {"keys": list(keys)}).all()
    return {row.id: _row(row, desk) for row in found}


@cache
def _row_statement() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the statement of a page over both tables, built once: its parameter is ``keys``."""
    return union_all(_requests(), _applications())


def _requests() -> Select[Any]:
    requirement = (
        select(Requirement.is_renowned)
        .where(Requirement.service_request_id == ServiceRequest.id)
        .order_by(Requirement.version_number.desc())
        .limit(1)
        .scalar_subquery()
    )
    # why a request stands still decides what its way on rests on; only paused ones are asked
    pause = (
        select(RequestPause.reason)
        .where(
            RequestPause.service_request_id == ServiceRequest.id,
            RequestPause.resumed_at.is_(None),
            ServiceRequest.status == RequestStatus.PAUSED,
        )
        .order_by(RequestPause.paused_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    running = aliased(ClockRun)
    clock = (
        select(func.min(running.id))
        .where(
            running.service_request_id == ServiceRequest.id,
            running.ended_at.is_(None),
            (running.due_at == ServiceRequest.next_action_due_at)
            | (running.internal_due_at == ServiceRequest.next_action_due_at),
        )
        .scalar_subquery()
    )
    return (
        select(
            ServiceRequest.id.label("id"),
            literal(1).label("is_request"),
            ServiceRequest.assistance_file_id.label("file_id"),
            AssistanceFile.number.label("number"),
            InsuredPerson.name.label("name"),
            ServiceRequest.kind.label("kind"),
            requirement.label("is_renowned"),
            ServiceRequest.status.label("status"),
            ServiceRequest.next_action.label("next_action"),
            ServiceRequest.next_action_due_at.label("due_at"),
            func.coalesce(ClockRun.started_at, ServiceRequest.status_changed_at).label("started_at"),
            ClockRun.kind.label("clock_kind"),
            ClockRun.internal_due_at.label("internal_due_at"),
            ClockRun.is_provisional.label("is_provisional"),
            ClockRun.derivation.label("derivation"),
            ClockRun.clause.label("clause"),
            ClockRun.handbook_edition.label("edition"),
            pause.label("pause"),
        )
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .outerjoin(ClockRun, ClockRun.id == clock)
        .where(ServiceRequest.id.in_(bindparam("keys", expanding=True)))
    )


def _applications() -> Select[Any]:
    return (
        select(
            IncomingApplication.id,
            literal(0),
            IncomingApplication.assistance_file_id,
            func.coalesce(AssistanceFile.number, ""),
            IncomingApplication.contact_name,
            IncomingApplication.service_kind,
            literal(0),
            null(),
            func.iif(IncomingApplication.responded_at.is_(None), literal("respond"), literal("open_file")),
            IncomingApplication.response_due_at,
            IncomingApplication.received_at,
            ClockRun.kind,
            ClockRun.internal_due_at,
            ClockRun.is_provisional,
            ClockRun.derivation,
            ClockRun.clause,
            ClockRun.handbook_edition,
            null(),
        )
        .outerjoin(AssistanceFile, AssistanceFile.id == IncomingApplication.assistance_file_id)
        .outerjoin(ClockRun, ClockRun.application_id == IncomingApplication.id)
        .where(IncomingApplication.id.in_(bindparam("keys", expanding=True)))
    )


def _row(row: Row[Any], desk: Desk) -> WorklistRow:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    is_request = bool(values["is_request"])
    kind = ServiceKind(values["kind"]) if values["kind"] else None
    renowned = bool(values["is_renowned"])
    clock_kind = ClockKind(values["clock_kind"]) if values["clock_kind"] else None
    internal = values["internal_due_at"]
    next_action = NextAction(values["next_action"])
    # an answered application waits for its file: the promised time is kept and no longer runs
    is_answered = next_action is NextAction.OPEN_FILE
    pack = desk.editions.of(values["edition"]) if values["edition"] else desk.pack
    clause = values["clause"] or _STEP_CLAUSES.get(next_action, "")
    reason = PauseReason(values["pause"]) if values["pause"] else None
    if next_action is NextAction.RESUME and reason not in {None, PauseReason.POLICY_SUSPENDED}:
        clause = pack.pauses[reason].clause
    notice_at = warning_times(clock_kind, internal, pack, desk.calendar).notice_at if clock_kind and internal else None
    return WorklistRow(
        key=values["id"],
        application_id=None if is_request else values["id"],
        request_id=values["id"] if is_request else None,
        file_id=values["file_id"],
        file_number=values["number"],
        insured_name=mask_name(values["name"]),
        service_kind=kind,
        is_renowned=renowned,
        status=RequestStatus(values["status"]) if values["status"] else None,
        next_action=next_action,
        due_at=None if is_answered else values["due_at"],
        started_at=values["started_at"],
        notice_at=notice_at,
        is_provisional=bool(values["is_provisional"]),
        derivation=values["derivation"] or "",
        clause=clause,
        place=short_place(pack.clause(clause).place, kind) if clause in pack.clauses else "",
        promise="" if is_answered else promise_of(pack, kind, clock_kind, is_renowned=renowned),
        edition=values["edition"] or "",
    )


def promise_of(pack: RulePack, kind: ServiceKind | None, clock: ClockKind | None, *, is_renowned: bool) -> str:
    """Return the promise behind a clock in a few words, its figures taken from the pack."""
    if clock is ClockKind.RESPONSE:
        return f"{pack.thresholds.response_minutes} 分钟内响应"
    if kind is None or clock is None:
        return ""
    rule = pack.service(kind)
    if clock is ClockKind.FEEDBACK:
        days = rule.feedback_business_days
        return f"{rule.feedback_hours} 小时" if days is None else f"{days} 个工作日"
    days, _clause = rule.booking_limit(is_renowned=is_renowned)
    if rule.booking_from_days and not (is_renowned and rule.renowned_days is not None):
        return f"{rule.booking_from_days}–{days} 个工作日"
    return f"{days} 个工作日"


#: Clause behind a step that no clock promises.
_STEP_CLAUSES: Final = {
    NextAction.OPEN_FILE: "R18",
    NextAction.SUBMIT: "R14",
    NextAction.REVIEW: "R25",
    NextAction.ASK_FOR_MATERIAL: "R14",
    NextAction.CONFIRM_REQUIREMENT: "R26",
    NextAction.CONFIRM_START: "R45",
    NextAction.SEND_INSTRUCTIONS: "R63",
    NextAction.RECORD_ATTENDANCE: "R72",
    NextAction.RECORD_PROGRESS: "R68",
    NextAction.COMPLETE_SERVICE: "R72",
    NextAction.FOLLOW_UP: "R69",
    NextAction.ARCHIVE: "R71",
    NextAction.RESUME: "R6",
}
