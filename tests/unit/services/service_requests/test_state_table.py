"""The state table of the handbook held against real commands: from each state, what it does not allow is refused.

``ALLOWED`` is written from the table itself, row by row, and from nothing in the program.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.vocabulary import (
    CheckResult,
    FactSource,
    PauseReason,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.bookings import (
    CancelByInsured,
    CompleteService,
    RecordAttendance,
    RecordBooking,
    RecordNoShow,
    RecordNotBooked,
    RescheduleByHospital,
)
from lian_desk.services.commands.commands import Command
from lian_desk.services.corrections.corrections import CorrectBooking, CorrectStart, ReopenRequest
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.policies.policies import ReinstatePolicy, SuspendPolicy, TerminatePolicy
from lian_desk.services.service_requests import (
    ArchiveRequest,
    AwaitStart,
    BeginCoordination,
    CheckGiven,
    ConfirmRequirement,
    ConfirmStart,
    MaterialArrived,
    PauseRequest,
    RecordReview,
    ResumeRequest,
    SubmitRequest,
    WithdrawRequest,
)
from lian_desk.services.service_requests.reversing import ReverseStart
from tests.desk_facts import refusal, titles
from tests.desk_fixture import MONDAY
from tests.desk_world import World

S = RequestStatus
K = ServiceKind
E = ErrorCode
KIND = K.OUTPATIENT_COORDINATION
Order = tuple[type[Command], dict[str, Any]]


def submitted(world: World, file_id: int) -> int:
    world.material(file_id)
    return world.open_request(file_id)


def under_review(world: World, file_id: int, **checks: CheckGiven) -> int:
    request_id = submitted(world, file_id)
    world.run(RecordReview, request_id=request_id, **(world.passed() | checks))
    return request_id


def rejected(world: World, file_id: int) -> int:
    request_id = submitted(world, file_id)
    failed = world.passed() | {"material": CheckGiven(CheckResult.FAILED, "材料不符")}
    world.run(RecordReview, request_id=request_id, rejection_clause="R14", **failed)
    return request_id


def coordinating(world: World, file_id: int) -> int:
    request_id = world.to_requirement(file_id)
    world.run(BeginCoordination, request_id=request_id)
    return request_id


def arrived(world: World, file_id: int, kind: ServiceKind = KIND) -> int:
    request_id = world.to_booked(file_id, kind)
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    return request_id


def following_up(world: World, file_id: int) -> int:
    request_id = arrived(world, file_id)
    world.run(CompleteService, request_id=request_id, completed_at=world.clock.moment)
    return request_id


def ended(world: World, file_id: int, name: str) -> int:
    """Bring a request to its end by the order ``name``."""
    make = {"no_show": world.to_booked, "not_booked": world.to_started, "cancel": world.to_started}.get(name)
    request_id = make(file_id) if make else world.to_awaiting(file_id)
    world.later(days=11 if name == "no_show" else 0, minutes=5)
    order, values = ORDERS[name](world, file_id, request_id)
    world.run(order, by=values.pop("by", None), **values)
    return request_id


def archived(world: World, file_id: int) -> int:
    request_id = following_up(world, file_id)
    world.run(ArchiveRequest, by=world.lead, request_id=request_id, update_text="完成", waiver_reason="客户拒访")
    return request_id


def terminated(world: World, file_id: int) -> int:
    request_id = world.to_started(file_id)
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=world.clock.moment.date(),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    return request_id


REACH: dict[RequestStatus, Callable[[World, int], int]] = {
    S.DRAFT: lambda world, file_id: world.open_request(file_id, submit=False),
    S.SUBMITTED: submitted,
    S.UNDER_REVIEW: under_review,
    S.AWAITING_MATERIAL: lambda world, file_id: under_review(
        world, file_id, material=CheckGiven(CheckResult.NEEDS_MORE, "缺病理报告")
    ),
    S.REQUIREMENT_CONFIRMED: World.to_requirement,
    S.COORDINATING: coordinating,
    S.AWAITING_START: World.to_awaiting,
    S.STARTED: World.to_started,
    S.BOOKED: World.to_booked,
    S.ARRIVED: arrived,
    S.IN_PROGRESS: lambda world, file_id: arrived(world, file_id, K.INPATIENT_COORDINATION),
    S.FOLLOWING_UP: following_up,
    S.ARCHIVED: archived,
    S.REJECTED: rejected,
    S.WITHDRAWN: lambda world, file_id: ended(world, file_id, "withdraw"),
    S.CANCELLED_BY_INSURED: lambda world, file_id: ended(world, file_id, "cancel"),
    S.NO_SHOW: lambda world, file_id: ended(world, file_id, "no_show"),
    S.NOT_BOOKED: lambda world, file_id: ended(world, file_id, "not_booked"),
    S.POLICY_TERMINATED: terminated,
}


def _said(world: World, request_id: int, **more: Any) -> dict[str, Any]:
    return {"request_id": request_id, "evidence": world.evidence()} | more


ORDERS: dict[str, Callable[[World, int, int], Order]] = {
    "submit": lambda _world, _file, key: (SubmitRequest, {"request_id": key}),
    "pass": lambda world, _file, key: (RecordReview, {"request_id": key} | world.passed()),
    "reject": lambda world, _file, key: (
        RecordReview,
        {"request_id": key, "rejection_clause": "R8"}
        | world.passed()
        | {"identity": CheckGiven(CheckResult.FAILED, "不是本人")},
    ),
    "material": lambda _world, _file, key: (MaterialArrived, {"request_id": key, "note": "已到"}),
    "requirement": lambda world, file_id, key: (
        ConfirmRequirement,
        _said(
            world,
            key,
            requirement=world.requirement(
                file_id,
                world.row(key).kind,
                preferred_from_on=date(2027, 3, 1),
                preferred_to_on=date(2027, 3, 9),
            ),
            fee_notice_shown=True,
            revision_reason="客户改主意",
        ),
    ),
    "coordinate": lambda _world, _file, key: (BeginCoordination, {"request_id": key}),
    "await": lambda _world, _file, key: (AwaitStart, {"request_id": key}),
    "start": lambda world, _file, key: (
        ConfirmStart,
        _said(world, key, warning_acknowledged=True, stale_status_reason="断网"),
    ),
    "book": lambda world, _file, key: (
        RecordBooking,
        {
            "request_id": key,
            "hospital_id": world.hospital(),
            "visit_at": world.clock.moment + timedelta(days=3),
            "confirmed_by_hospital_at": world.clock.moment,
            "hospital_reference": "YY-1",
        },
    ),
    "arrive": lambda world, _file, key: (
        RecordAttendance,
        {"request_id": key, "happened_at": world.clock.moment, "source": FactSource.HOSPITAL},
    ),
    "complete": lambda world, _file, key: (
        CompleteService,
        {"request_id": key, "completed_at": world.clock.moment},
    ),
    "archive": lambda world, _file, key: (
        ArchiveRequest,
        {"by": world.lead, "request_id": key, "update_text": "完成", "waiver_reason": "客户拒访"},
    ),
    "withdraw": lambda world, _file, key: (WithdrawRequest, _said(world, key, reason="自行就医")),
    "cancel": lambda world, _file, key: (
        CancelByInsured,
        _said(world, key, reason="出差", warning_acknowledged=True),
    ),
    "no_show": lambda world, _file, key: (
        RecordNoShow,
        {"request_id": key, "source": FactSource.HOSPITAL, "noticed_at": world.clock.moment},
    ),
    "stop": lambda world, _file, key: (
        RescheduleByHospital,
        _said(world, key, cause=RescheduleCause.CANCELLED_BY_HOSPITAL, note="停诊"),
    ),
    "not_booked": lambda _world, _file, key: (RecordNotBooked, {"request_id": key, "reason": "无号源"}),
    "reverse": lambda world, _file, key: (ReverseStart, _said(world, key, by=world.lead, reason="无号源")),
    "pause": lambda world, _file, key: (
        PauseRequest,
        {"request_id": key, "reason": PauseReason.DOCTORS_ORDER, "note": "停药", "paused_at": world.clock.moment},
    ),
    "resume": lambda world, _file, key: (
        ResumeRequest,
        {"request_id": key, "resumed_at": world.clock.moment, "note": "继续"},
    ),
    "correct_start": lambda world, _file, key: (CorrectStart, _said(world, key, by=world.lead, reason="误点")),
    "correct_booking": lambda world, _file, key: (
        CorrectBooking,
        _said(
            world,
            key,
            by=world.lead,
            reason="误录",
            hospital_id=world.hospital(),
            visit_at=world.clock.moment + timedelta(days=5),
        ),
    ),
    "reopen": lambda world, _file, key: (ReopenRequest, _said(world, key, by=world.lead, reason="误录")),
}

OPEN = {
    S.DRAFT,
    S.SUBMITTED,
    S.UNDER_REVIEW,
    S.AWAITING_MATERIAL,
    S.REQUIREMENT_CONFIRMED,
    S.COORDINATING,
    S.AWAITING_START,
    S.STARTED,
    S.BOOKED,
    S.ARRIVED,
    S.IN_PROGRESS,
    S.FOLLOWING_UP,
}
BEFORE_START = {
    S.DRAFT,
    S.SUBMITTED,
    S.UNDER_REVIEW,
    S.AWAITING_MATERIAL,
    S.REQUIREMENT_CONFIRMED,
    S.COORDINATING,
    S.AWAITING_START,
}
ALLOWED: dict[str, set[RequestStatus]] = {
    "submit": {S.DRAFT},
    "pass": {S.SUBMITTED, S.UNDER_REVIEW},
    "reject": {S.SUBMITTED, S.UNDER_REVIEW},
    "material": {S.AWAITING_MATERIAL},
    "requirement": {S.UNDER_REVIEW, S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START},
    "coordinate": {S.REQUIREMENT_CONFIRMED},
    "await": {S.COORDINATING},
    "start": {S.AWAITING_START, S.COORDINATING},
    "book": {S.STARTED},
    "arrive": {S.BOOKED},
    "complete": {S.ARRIVED, S.IN_PROGRESS},
    "archive": {S.FOLLOWING_UP},
    "withdraw": BEFORE_START,
    "cancel": {S.STARTED, S.BOOKED},
    "no_show": {S.BOOKED},
    "stop": {S.BOOKED},
    "not_booked": {S.STARTED},
    "reverse": {S.NOT_BOOKED},
    "pause": OPEN,
    "resume": set(),
    "correct_start": {S.STARTED, S.BOOKED},
    "correct_booking": {S.BOOKED},
    "reopen": {
        S.ARCHIVED,
        S.REJECTED,
        S.WITHDRAWN,
        S.CANCELLED_BY_INSURED,
        S.NO_SHOW,
        S.NOT_BOOKED,
    },
}
"""Rows of the state table: the main path, the exits, 暂停 from any open, 更正 of what is closed or started.

A submitted request may be passed or rejected: the review begins with its record.
"""
LEDGER = {"start": -1, "reverse": 1, "correct_start": 1}
"""Everything else moves nothing."""


def left(world: World, file_id: int, kind: ServiceKind = KIND) -> int:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))[kind].left


def give(world: World, order: Order) -> None:
    kind, values = order
    world.run(kind, by=values.pop("by", None), **values)


@pytest.mark.parametrize("status", list(REACH), ids=lambda status: status.value)
def test_from_each_state_what_the_table_does_not_allow_is_refused_with_its_clause(
    world: World, status: RequestStatus
) -> None:
    file_id = world.open_file()
    request_id = REACH[status](world, file_id)
    kind = world.row(request_id).kind
    assert world.status(request_id) is status
    uses, lines = left(world, file_id, kind), titles(world.desk, file_id)
    for name, make in ORDERS.items():
        if status in ALLOWED[name]:
            continue
        order, values = make(world, file_id, request_id)
        violation = refusal(world, order, by=values.pop("by", None), **values)
        assert violation.clause, (name, violation.code)
        assert violation.code in {E.WRONG_STATUS, E.ALREADY_STARTED, E.FILE_READ_ONLY, E.FIELD_REQUIRED}, (
            name,
            violation.code,
        )
        assert world.status(request_id) is status, name
    assert (left(world, file_id, kind), titles(world.desk, file_id)) == (uses, lines)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_what_the_table_allows_is_done_and_moves_the_ledger_as_it_says(world: World, name: str) -> None:
    for status in sorted(ALLOWED[name]):
        world.clock.moment = MONDAY
        file_id = world.open_file()
        request_id = REACH[status](world, file_id)
        kind = world.row(request_id).kind
        uses = left(world, file_id, kind)
        if name == "no_show":
            world.later(days=11)
        if name == "start":
            world.later(minutes=1)
        give(world, ORDERS[name](world, file_id, request_id))
        assert left(world, file_id, kind) - uses == LEDGER.get(name, 0), status


def test_a_repeated_command_of_any_kind_changes_nothing(world: World) -> None:
    """Idempotence by the key of the command: the first answer again, no line in the feed, no move in the ledger."""
    for name, statuses in ALLOWED.items():
        for status in sorted(statuses)[:1]:
            world.clock.moment = MONDAY
            file_id = world.open_file()
            request_id = REACH[status](world, file_id)
            world.later(days=11 if name == "no_show" else 0, minutes=1)
            order, values = ORDERS[name](world, file_id, request_id)
            desk = values.pop("by", None) or world.desk
            command = order(command_id=desk.new_id(), **values)
            first = desk.execute(command)
            before = (world.status(request_id), counts(world))
            again = desk.execute(command)
            assert (again.replayed, again.key) == (True, first.key), name
            assert (world.status(request_id), counts(world)) == before, name


def counts(world: World) -> tuple[int, ...]:
    with world.desk.read() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (FileEntry, EntitlementEntry, Booking)
        )


@pytest.mark.parametrize(
    ("status", "name", "changes", "code"),
    [
        (S.UNDER_REVIEW, "reject", {"rejection_clause": ""}, E.FIELD_REQUIRED),
        (S.UNDER_REVIEW, "reject", {"rejection_clause": "R999"}, E.FIELD_REQUIRED),
        (S.UNDER_REVIEW, "reject", {"identity": CheckGiven(CheckResult.FAILED, " ")}, E.REASON_MISSING),
        (S.AWAITING_MATERIAL, "material", {"note": " "}, E.FIELD_REQUIRED),
        (S.AWAITING_START, "withdraw", {"reason": " "}, E.FIELD_REQUIRED),
        (S.AWAITING_START, "withdraw", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.AWAITING_START, "start", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.AWAITING_START, "start", {"warning_acknowledged": False}, E.WARNING_NOT_SHOWN),
        (S.STARTED, "cancel", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.STARTED, "cancel", {"reason": ""}, E.FIELD_REQUIRED),
        (S.STARTED, "cancel", {"warning_acknowledged": False}, E.WARNING_NOT_SHOWN),
        (S.STARTED, "book", {"hospital_reference": " "}, E.EVIDENCE_MISSING),
        (S.STARTED, "not_booked", {"reason": ""}, E.FIELD_REQUIRED),
        (S.BOOKED, "stop", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.BOOKED, "stop", {"note": " "}, E.FIELD_REQUIRED),
        (S.NOT_BOOKED, "reverse", {"reason": " "}, E.FIELD_REQUIRED),
        (S.NOT_BOOKED, "reverse", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.NOT_BOOKED, "reverse", {"by": "desk"}, E.NOT_ALLOWED),
        (S.STARTED, "correct_start", {"by": "desk"}, E.NOT_ALLOWED),
        (S.STARTED, "correct_start", {"reason": " "}, E.FIELD_REQUIRED),
        (S.BOOKED, "correct_booking", {"by": "desk"}, E.NOT_ALLOWED),
        (S.BOOKED, "correct_booking", {"evidence": {"note": ""}}, E.EVIDENCE_MISSING),
        (S.WITHDRAWN, "reopen", {"by": "desk"}, E.NOT_ALLOWED),
        (S.WITHDRAWN, "reopen", {"reason": " "}, E.FIELD_REQUIRED),
        (S.FOLLOWING_UP, "archive", {"update_text": " "}, E.FIELD_REQUIRED),
        (S.FOLLOWING_UP, "archive", {"waiver_reason": ""}, E.FOLLOW_UP_MISSING),
        (S.FOLLOWING_UP, "archive", {"by": "desk"}, E.NOT_ALLOWED),
        (S.STARTED, "pause", {"note": " "}, E.FIELD_REQUIRED),
        (S.STARTED, "pause", {"reason": PauseReason.POLICY_SUSPENDED}, E.NOT_ALLOWED),
        (S.STARTED, "pause", {"reason": PauseReason.FORCE_MAJEURE}, E.NOT_ALLOWED),
    ],
)
def test_what_a_row_of_the_table_needs_is_asked_for(
    world: World, status: RequestStatus, name: str, changes: dict[str, Any], code: ErrorCode
) -> None:
    file_id = world.open_file()
    request_id = REACH[status](world, file_id)
    order, values = ORDERS[name](world, file_id, request_id)
    by = values.pop("by", None)
    if changes.get("by") == "desk":
        by, changes = world.desk, {}
    if "evidence" in changes:
        changes = {"evidence": world.evidence(**changes["evidence"])}
    violation = refusal(world, order, by=by, **(values | changes))
    assert violation.code is code
    assert world.status(request_id) is status


def test_through_a_suspension_only_what_ends_a_request_goes_on(world: World) -> None:
    """R5: new steps are frozen; giving the service up is the customer's right at any time (R50)."""
    file_id = world.open_file()
    waiting, started = world.to_awaiting(file_id), world.to_started(file_id)
    policy = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_NOTICE}
    world.run(SuspendPolicy, from_on=world.clock.moment.date(), **policy)
    for key in (waiting, started):
        assert world.status(key) is S.PAUSED
        for name in ("start", "book", "await", "requirement", "arrive", "no_show", "stop", "not_booked", "pause"):
            order, values = ORDERS[name](world, file_id, key)
            with pytest.raises(RuleViolation):
                world.run(order, **values)
            assert world.status(key) is S.PAUSED
        assert refusal(world, ResumeRequest, **ORDERS["resume"](world, file_id, key)[1]).code is E.POLICY_SUSPENDED
    give(world, ORDERS["withdraw"](world, file_id, waiting))
    give(world, ORDERS["cancel"](world, file_id, started))
    assert (world.status(waiting), world.status(started)) == (S.WITHDRAWN, S.CANCELLED_BY_INSURED)
    assert left(world, file_id) == 2
    world.run(ReinstatePolicy, from_on=world.clock.moment.date(), **policy)
    assert left(world, file_id) == 2


@pytest.mark.parametrize("status", [S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED, S.REJECTED])
def test_what_is_reopened_while_the_policy_is_suspended_stands_still(world: World, status: RequestStatus) -> None:
    file_id = world.open_file()
    request_id = REACH[status](world, file_id)
    policy = {"policy_id": world.policy(file_id), "source": FactSource.INSURER_NOTICE}
    world.run(SuspendPolicy, from_on=world.clock.moment.date(), **policy)
    give(world, ORDERS["reopen"](world, file_id, request_id))
    row = world.row(request_id)
    assert (row.status, row.is_open) == (S.PAUSED, True)
    assert row.paused_from is not None
    world.run(ReinstatePolicy, from_on=world.clock.moment.date(), **policy)
    assert world.status(request_id) is row.paused_from
