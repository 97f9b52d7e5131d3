"""Open requests by stage: the board and the list of 预约."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Row, Select, String, func, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from lian_desk.models.rules.clocks import warning_times
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Attendance, Booking, Reschedule
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import ExpertTitle, MaterialKind, NextAction, RequestStatus, ServiceKind
from lian_desk.services.completeness.checklist import counts, missing_required
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.statements import matching_files
from lian_desk.services.names.masking import mask_name, scrub_text

S = RequestStatus
_Statement = Select[*tuple[Any, ...]]

STAGES: dict[str, tuple[str, tuple[RequestStatus, ...]]] = {
    "review": ("待审核", (S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.AWAITING_MATERIAL)),
    "requirement": ("需求确认", (S.REQUIREMENT_CONFIRMED,)),
    "coordinating": ("协调中", (S.COORDINATING, S.AWAITING_START, S.STARTED, S.PAUSED)),
    "booked": ("已预约", (S.BOOKED,)),
    "visiting": ("就诊 / 在院", (S.ARRIVED, S.IN_PROGRESS)),
    "follow_up": ("待随访", (S.SERVICE_COMPLETED, S.FOLLOWING_UP)),
}
"""The columns of the board: name, heading and statuses. A paused request stands where work would go on."""
_PAPERS_MATTER = frozenset({*STAGES["review"][1], *STAGES["requirement"][1], S.COORDINATING, S.AWAITING_START})
_STAGE_OF = {status: name for name, (_, statuses) in STAGES.items() for status in statuses}


def stage_of(status: RequestStatus) -> str | None:
    """Return the column of the board a status stands in, None for a closed one."""
    return _STAGE_OF.get(status)


class ServiceRequestRow(NamedTuple):
    """One open request. ``due_at`` is by when its next action is due; times are aware."""

    key: int
    file_id: int
    file_number: str
    insured_name: str
    kind: ServiceKind
    status: RequestStatus
    is_renowned: bool
    hospital: str
    department: str
    expert_title: ExpertTitle | None
    examination: str
    next_action: NextAction
    due_at: datetime | None
    started_at: datetime
    notice_at: datetime | None
    is_provisional: bool
    derivation: str
    clause: str
    visit_at: datetime | None
    attended_at: datetime | None
    was_rescheduled: bool
    follow_up_label: str
    follow_up_on: date | None
    received_at: datetime
    #: Kinds of paper that block this request and are not there, in words; empty once it has started.
    missing: tuple[str, ...] = ()
    #: Edition of the running promise (A41); empty where none runs.
    edition: str = ""


class ServiceRequestSource:
    """Row source of open requests, what is due next first.

    Filters: ``stage`` (a key of ``STAGES``), ``kind`` (service), ``mine`` (operator key).
    One sort: ``due``.
    """

    tables = frozenset(
        {
            "service_request",
            "requirement",
            "clock_run",
            "booking",
            "attendance",
            "reschedule",
            "follow_up",
            "assistance_file",
            "insured_person",
            "hospital",
            "material",
        }
    )

    def __init__(self, desk: Desk) -> None:
        """Read through ``desk``."""
        self._desk = desk

    def keys(self, query: ListQuery, limit: int | None = None) -> "array[int]":
        """Return the ordered keys in one statement."""
        with self._desk.read() as session:
            return array("q", session.scalars(self.key_statement(query, limit)))

    def key_statement(
        self, query: ListQuery, limit: int | None = None
    ) -> "Select[int] | CompoundSelect[*tuple[Any, ...]]":
        """Return the statement behind ``keys``; the key is its first column.

        Each status of a stage is read in order from an index, and SQLite merges them without sorting anew.
        """
        stage = query.filter("stage")
        if stage is None:
            statement = self._filtered(select(ServiceRequest.id).where(ServiceRequest.is_open.is_(True)), query)
            columns = (ServiceRequest.next_action_due_at, ServiceRequest.id)
            return statement.order_by(*_directed(columns, query)).limit(limit)
        parts = [self._of_status(query, status) for status in STAGES[str(stage)][1]]
        if len(parts) == 1:
            columns = (ServiceRequest.next_action_due_at, ServiceRequest.id)
            return parts[0].order_by(*_directed(columns, query)).limit(limit)
        both = union_all(*parts)
        due, key = both.selected_columns.due, both.selected_columns.id
        return both.order_by(*_directed((due, key), query)).limit(limit)

    def _of_status(self, query: ListQuery, status: RequestStatus) -> _Statement:
        statement = select(ServiceRequest.id.label("id"), ServiceRequest.next_action_due_at.label("due"))
        return self._filtered(statement.where(ServiceRequest.status == status), query)

    def _filtered(self, statement: _Statement, query: ListQuery) -> _Statement:
        kind, mine = query.filter("kind"), query.filter("mine")
        if kind is not None:
            statement = statement.where(ServiceRequest.kind == ServiceKind(str(kind)))
        if mine is not None:
            statement = statement.where(ServiceRequest.case_manager_id == mine)
        return matching_files(statement, query.text, ServiceRequest.assistance_file_id)

    def rows(self, keys: Sequence[int]) -> dict[int, ServiceRequestRow]:
        """Return the rows of one page in one statement."""
        with self._desk.read() as session:
            found = session.execute(_row_statement(list(keys))).all()
        return {row.id: self._row(row) for row in found}

    def _row(self, row: Row[Any]) -> ServiceRequestRow:
        notice_at = None
        if row.clock_kind is not None and row.internal_due_at is not None:
            pack = self._desk.editions.of(row.edition)
            notice_at = warning_times(row.clock_kind, row.internal_due_at, pack, self._desk.calendar).notice_at
        return ServiceRequestRow(
            key=row.id,
            file_id=row.file_id,
            file_number=row.number,
            insured_name=mask_name(row.name),
            kind=row.kind,
            status=row.status,
            is_renowned=bool(row.is_renowned),
            hospital=row.hospital or "",
            department=scrub_text(row.department_text or "", names=(row.name,)),
            expert_title=row.expert_title,
            examination=scrub_text(row.examination_text or "", names=(row.name,)),
            next_action=row.next_action,
            due_at=row.due_at,
            started_at=row.started_at or row.status_changed_at,
            notice_at=notice_at,
            is_provisional=bool(row.is_provisional),
            derivation=row.derivation or "",
            clause=row.clause or "",
            visit_at=row.visit_at,
            attended_at=row.attended_at,
            was_rescheduled=bool(row.was_rescheduled),
            follow_up_label=row.follow_up_label or "",
            follow_up_on=row.follow_up_on,
            received_at=row.received_at,
            missing=self._missing(row),
            edition=row.edition or "",
        )

    def _missing(self, row: Row[Any]) -> tuple[str, ...]:
        if row.status not in _PAPERS_MATTER:
            return ()
        held = [MaterialKind(kind) for kind in (row.held_kinds or "").split(",") if kind]
        return missing_required(row.kind, held, self._desk.pack)


def _row_statement(keys: list[int]) -> _Statement:
    wanted, running, standing, planned = aliased(Requirement), aliased(ClockRun), aliased(Booking), aliased(FollowUp)
    newest_requirement = (
        select(func.max(Requirement.id)).where(Requirement.service_request_id == ServiceRequest.id).scalar_subquery()
    )
    clock = (
        select(func.min(ClockRun.id))
        .where(
            ClockRun.service_request_id == ServiceRequest.id,
            ClockRun.ended_at.is_(None),
            (ClockRun.due_at == ServiceRequest.next_action_due_at)
            | (ClockRun.internal_due_at == ServiceRequest.next_action_due_at),
        )
        .scalar_subquery()
    )
    booking = (
        select(func.max(Booking.id))
        .where(Booking.service_request_id == ServiceRequest.id, Booking.fell_through_at.is_(None))
        .scalar_subquery()
    )
    follow_up = (
        select(FollowUp.id)
        .where(FollowUp.service_request_id == ServiceRequest.id, FollowUp.closed_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(1)
        .scalar_subquery()
    )
    stopped = (
        select(Reschedule.id)
        .join(Booking, Booking.id == Reschedule.booking_id)
        .where(Booking.service_request_id == ServiceRequest.id)
        .exists()
    )
    held_kinds = (
        select(func.group_concat(type_coerce(Material.kind, String).distinct()))
        .where(Material.assistance_file_id == ServiceRequest.assistance_file_id, counts())
        .scalar_subquery()
    )
    attended = select(func.min(Attendance.happened_at)).where(Attendance.booking_id == standing.id).scalar_subquery()
    return (
        select(
            ServiceRequest.id.label("id"),
            ServiceRequest.assistance_file_id.label("file_id"),
            AssistanceFile.number.label("number"),
            InsuredPerson.name.label("name"),
            ServiceRequest.kind.label("kind"),
            ServiceRequest.status.label("status"),
            ServiceRequest.next_action.label("next_action"),
            ServiceRequest.next_action_due_at.label("due_at"),
            ServiceRequest.status_changed_at.label("status_changed_at"),
            ServiceRequest.received_at.label("received_at"),
            wanted.is_renowned.label("is_renowned"),
            wanted.department_text.label("department_text"),
            wanted.expert_title.label("expert_title"),
            wanted.examination_text.label("examination_text"),
            Hospital.name.label("hospital"),
            running.kind.label("clock_kind"),
            running.started_at.label("started_at"),
            running.internal_due_at.label("internal_due_at"),
            running.is_provisional.label("is_provisional"),
            running.derivation.label("derivation"),
            running.handbook_edition.label("edition"),
            running.clause.label("clause"),
            standing.visit_at.label("visit_at"),
            attended.label("attended_at"),
            stopped.label("was_rescheduled"),
            planned.label.label("follow_up_label"),
            planned.due_on.label("follow_up_on"),
            held_kinds.label("held_kinds"),
        )
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .outerjoin(wanted, wanted.id == newest_requirement)
        .outerjoin(running, running.id == clock)
        .outerjoin(standing, standing.id == booking)
        .outerjoin(planned, planned.id == follow_up)
        .outerjoin(Hospital, Hospital.id == func.coalesce(standing.hospital_id, wanted.hospital_id))
        .where(ServiceRequest.id.in_(keys))
    )


def _directed(columns: Sequence[Any], query: ListQuery) -> list[Any]:
    return [column.desc() if query.descending else column.asc() for column in columns]


class StageCounts(NamedTuple):
    """How many open requests there are by service and by stage."""

    by_kind: dict[ServiceKind, int]
    by_stage: dict[str, int]


def count_stages(desk: Desk, *, kind: ServiceKind | None = None, mine: int | None = None) -> StageCounts:
    """Count the open requests in one statement; the stages are narrowed by ``kind``, the services are not."""
    statement = select(ServiceRequest.kind, ServiceRequest.status, func.count()).group_by(
        ServiceRequest.kind, ServiceRequest.status
    )
    if mine is not None:
        statement = statement.where(ServiceRequest.is_open.is_(True), ServiceRequest.case_manager_id == mine)
    by_kind = dict.fromkeys(ServiceKind, 0)
    by_stage = dict.fromkeys(STAGES, 0)
    with desk.read() as session:
        for found_kind, status, count in session.execute(statement):
            stage = _STAGE_OF.get(status)
            if stage is None:
                continue
            by_kind[found_kind] += count
            if kind is None or found_kind is kind:
                by_stage[stage] += count
    return StageCounts(by_kind, by_stage)


def load_requests_of_file(desk: Desk, file_id: int) -> tuple[ServiceRequestRow, ...]:
    """Return every request of a file, open or closed, the newest first."""
    with desk.read() as session:
        keys = list(
            session.scalars(
                select(ServiceRequest.id)
                .where(ServiceRequest.assistance_file_id == file_id)
                .order_by(ServiceRequest.received_at.desc(), ServiceRequest.id.desc())
            )
        )
    rows = ServiceRequestSource(desk).rows(keys)
    return tuple(rows[key] for key in keys if key in rows)
