"""Checks a demonstration for what the commands would have guaranteed. An empty list means: all is well."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lian_desk.models.rules.request_states import CLOSED_STATUSES, LOCKED_STATUSES
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry, SearchTerm
from lian_desk.models.tables.people.entitlement import EntitlementEntry, EntitlementSlot
from lian_desk.models.tables.people.policy import PolicyStatusPeriod
from lian_desk.models.tables.requests.booking import Attendance, Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import Requirement, ServiceRequest
from lian_desk.models.vocabulary import EntryKind, NextAction, PolicyStatus, RequestStatus, ServiceKind
from lian_desk.services.commands import audit_trail

S = RequestStatus
_STARTED = frozenset({S.STARTED, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED}) | LOCKED_STATUSES


def verify_demo(session: Session, seal_key: bytes, *, most_uses: int) -> list[str]:
    """Return one line for each kind of fault, with how many rows show it."""
    faults = [f"{name}: {count}" for name, statement in _checks(most_uses) if (count := session.scalar(statement) or 0)]
    broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        faults.append(f"foreign keys: {len(broken)}")
    report = audit_trail.verify_tail(session, seal_key, None)
    if report.first_bad is not None:
        faults.append(f"audit chain broken at {report.first_bad}")
    return faults


def _count(statement: Select[int]) -> Select[int]:
    return select(func.count()).select_from(statement.subquery())


def _checks(most_uses: int) -> Iterator[tuple[str, Select[int]]]:
    yield from _ledger_checks(most_uses)
    yield from _request_checks()
    yield from _file_checks()


def _ledger_checks(most_uses: int) -> Iterator[tuple[str, Select[int]]]:
    entry, slot = EntitlementEntry, EntitlementSlot
    balance = func.sum(entry.amount)
    yield (
        "balance out of bounds",
        _count(
            select(entry.policy_id)
            .group_by(entry.policy_id, entry.service_kind)
            .having(or_(balance < 0, balance > most_uses))
        ),
    )
    spent = aliased(EntitlementEntry)
    free = (
        select(func.count(slot.id))
        .where(
            slot.policy_id == entry.policy_id,
            slot.service_kind == entry.service_kind,
            ~exists(select(spent.id).where(spent.slot_id == slot.id)),
        )
        .scalar_subquery()
    )
    yield (
        "free slots differ from the balance",
        _count(select(entry.policy_id).group_by(entry.policy_id, entry.service_kind).having(balance != free)),
    )
    request = ServiceRequest
    has_start = exists(select(entry.id).where(entry.start_key == request.id, entry.kind == EntryKind.START))
    counted = request.kind != ServiceKind.CASE_MANAGEMENT
    yield (
        "started without a use",
        _count(select(request.id).where(counted, request.started_at.is_not(None), ~has_start)),
    )
    yield "use without a start", _count(select(request.id).where(request.started_at.is_(None), has_start))
    yield (
        "status says started, the row does not",
        _count(select(request.id).where(counted, request.status.in_(_STARTED), request.started_at.is_(None))),
    )


def _request_checks() -> Iterator[tuple[str, Select[int]]]:
    request = ServiceRequest
    counted = request.kind != ServiceKind.CASE_MANAGEMENT
    yield "closed but open", _count(select(request.id).where(request.status.in_(CLOSED_STATUSES), request.is_open))
    yield "open but closed", _count(select(request.id).where(request.status.not_in(CLOSED_STATUSES), ~request.is_open))
    yield (
        "open without a next step",
        _count(
            select(request.id).where(
                request.is_open, or_(request.next_action == NextAction.NONE, request.next_action_due_at.is_(None))
            )
        ),
    )
    yield "closed without its time", _count(select(request.id).where(~request.is_open, request.closed_at.is_(None)))
    stands = exists(
        select(Booking.id).where(Booking.service_request_id == request.id, Booking.fell_through_at.is_(None))
    )
    yield (
        "booked without a booking",
        _count(select(request.id).where(counted, request.booked_at.is_not(None), ~stands)),
    )
    came = exists(
        select(Attendance.id)
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(Booking.service_request_id == request.id)
    )
    yield (
        "attended without attendance",
        _count(select(request.id).where(counted, request.status.in_(LOCKED_STATUSES - {S.BOOKED}), ~came)),
    )
    required = exists(select(Requirement.id).where(Requirement.service_request_id == request.id))
    yield (
        "confirmed without a requirement",
        _count(select(request.id).where(request.requirement_confirmed_at.is_not(None), ~required)),
    )
    runs = exists(select(ClockRun.id).where(ClockRun.service_request_id == request.id, ClockRun.ended_at.is_(None)))
    yield "closed with a running clock", _count(select(request.id).where(~request.is_open, runs))
    owed = exists(select(FollowUp.id).where(FollowUp.service_request_id == request.id, FollowUp.closed_at.is_(None)))
    yield "archived with an open follow-up", _count(select(request.id).where(request.status == S.ARCHIVED, owed))
    moments = (
        request.received_at,
        request.submitted_at,
        request.requirement_confirmed_at,
        request.started_at,
        request.booked_at,
        request.closed_at,
    )
    for index, (earlier, later) in enumerate(pairwise(moments)):
        yield f"moments out of order ({index})", _count(select(request.id).where(earlier > later))


def _file_checks() -> Iterator[tuple[str, Select[int]]]:
    file = AssistanceFile
    yield (
        "file without a feed",
        _count(select(file.id).where(~exists(select(FileEntry.id).where(FileEntry.assistance_file_id == file.id)))),
    )
    newest = select(func.max(FileEntry.happened_at)).where(FileEntry.assistance_file_id == file.id).scalar_subquery()
    yield "last event differs from the feed", _count(select(file.id).where(newest > file.last_event_at))
    yield (
        "file that cannot be found",
        _count(select(file.id).where(~exists(select(SearchTerm.term).where(SearchTerm.assistance_file_id == file.id)))),
    )
    ended = exists(
        select(PolicyStatusPeriod.id).where(
            PolicyStatusPeriod.policy_id == file.policy_id, PolicyStatusPeriod.status == PolicyStatus.TERMINATED
        )
    )
    yield "closed in an unended contract", _count(select(file.id).where(file.closed_at.is_not(None), ~ended))
    yield "open in an ended contract", _count(select(file.id).where(file.closed_at.is_(None), ended))
    period, following = PolicyStatusPeriod, aliased(PolicyStatusPeriod)
    continues = exists(
        select(following.id).where(following.policy_id == period.policy_id, following.true_from == period.true_to)
    )
    yield "period that leaves a gap", _count(select(period.id).where(period.true_to.is_not(None), ~continues))
