"""Policies: in force, suspended, reinstated, ended; what each does to requests, clocks and the file (R2 to R7, R88)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.policy import PolicyStatusCheck, PolicyStatusPeriod
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import RequestPause, ServiceRequest
from lian_desk.models.vocabulary import (
    Channel,
    FactSource,
    FollowUpKind,
    PolicyStatus,
    RequestStatus,
    ServiceKind,
    TerminationReason,
)
from lian_desk.services.assistance_files.assistance_files import AddNote, ChangePhone, OpenAssistanceFile
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.commands.commands import Command
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.policies.policies import (
    ReinstatePolicy,
    SuspendPolicy,
    TerminatePolicy,
    VerifyPolicyStatus,
    start_of,
)
from lian_desk.services.service_requests import OpenRequest
from lian_desk.services.words.wording import phrase
from tests.desk_facts import carry_out, opening, policy, refusal, titles
from tests.desk_world import World

SOURCE = {"source": FactSource.INSURER_NOTICE}
TODAY = date(2026, 9, 28)


def periods(world: World, file_id: int) -> list[PolicyStatusPeriod]:
    with world.desk.read() as session:
        chosen = select(PolicyStatusPeriod).where(PolicyStatusPeriod.policy_id == world.policy(file_id))
        return list(session.scalars(chosen.order_by(PolicyStatusPeriod.id)))


def status(world: World, file_id: int) -> PolicyStatus:
    """Read what page and list say; both must say the same."""
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert AssistanceFileSource(world.desk).rows([file_id])[file_id].policy_status is view.policy_status
    return view.policy_status


def change(world: World, order: type[Command], file_id: int, from_on: date = TODAY, **more: Any) -> Any:
    return carry_out(world, order, policy_id=world.policy(file_id), from_on=from_on, **SOURCE, **more)


# ---------------------------------------------------------------------------------------------------------- entered


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"product_code": "OTHER"}, ErrorCode.WRONG_PRODUCT, "product_code"),
        ({"policy_number": "JLB/2024"}, ErrorCode.POLICY_NUMBER_INVALID, "policy_number"),
        ({"policy_number": ""}, ErrorCode.FIELD_REQUIRED, "policy_number"),
        ({"policy_number": "1" * 41}, ErrorCode.FIELD_TOO_LONG, "policy_number"),
        ({"effective_on": date(2026, 9, 29)}, ErrorCode.TIME_IN_FUTURE, "effective_on"),
        ({"effective_on": date(1, 1, 1)}, ErrorCode.DATE_IMPOSSIBLE, "effective_on"),
        ({"policyholder_name": ""}, ErrorCode.FIELD_REQUIRED, "policyholder_name"),
    ],
)
def test_a_policy_is_checked_field_by_field(world: World, changes: dict[str, Any], code: ErrorCode, field: str) -> None:
    violation = refusal(world, OpenAssistanceFile, **opening(world, policy=policy(world.desk, **changes)))
    assert (violation.code, violation.parameters["field"]) == (code, field)


def test_a_policy_of_the_leap_day_ends_its_years_at_the_end_of_february(world: World) -> None:
    file_id = world.open_file(effective_on=date(2024, 2, 29))
    ends: list[tuple[date, int | None]] = []
    for day in (date(2025, 2, 27), date(2025, 2, 28), date(2034, 2, 27), date(2034, 2, 28)):
        world.clock.moment = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
        view = load_file_view(world.desk, file_id)
        assert view is not None
        ends.append((day, view.policy_year))
    assert [year for _, year in ends] == [1, 2, 10, None]


# --------------------------------------------------------------------------------------------- suspended and reinstated


def test_a_suspension_freezes_open_requests(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    outcome = change(world, SuspendPolicy, file_id, note="欠缴保费")
    assert outcome.changes.touches({"policy_status_period", "service_request", "clock_run", "request_pause"})
    assert status(world, file_id) is PolicyStatus.SUSPENDED
    assert world.status(request_id) is RequestStatus.PAUSED
    first, second = periods(world, file_id)
    assert first.true_to == second.true_from == start_of(TODAY)
    assert second.known_from == world.clock.moment
    assert "保单效力中止" in titles(world.desk, file_id)


def test_a_suspension_entered_late_holds_from_its_own_day_and_names_the_work_since(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    world.later(days=11)
    from_on = date(2026, 9, 28)
    change(world, SuspendPolicy, file_id, from_on)
    _, period = periods(world, file_id)
    assert period.true_from == start_of(from_on)
    assert period.known_from == world.clock.moment
    with world.desk.read() as session:
        pause = session.scalars(select(RequestPause).where(RequestPause.service_request_id == request_id)).one()
    assert pause.paused_at == world.row(request_id).received_at
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert any("中止后已办理" in line.detail for line in view.feed)


def test_reinstatement_goes_on_where_it_stood_and_gives_no_time_away(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    before, left = world.status(request_id), _left(world, file_id)
    due = _due(world, request_id)
    change(world, SuspendPolicy, file_id)
    world.later(days=11)
    change(world, ReinstatePolicy, file_id, date(2026, 10, 9))
    assert status(world, file_id) is PolicyStatus.IN_FORCE
    assert world.status(request_id) is before
    assert _left(world, file_id) == left
    assert all(_due(world, request_id)[kind] > due[kind] for kind in due)
    assert [period.status for period in periods(world, file_id)] == [
        PolicyStatus.IN_FORCE,
        PolicyStatus.SUSPENDED,
        PolicyStatus.IN_FORCE,
    ]
    assert titles(world.desk, file_id)[-1] == "保单效力恢复"


def test_suspended_and_reinstated_on_one_day_is_in_force(world: World) -> None:
    file_id = world.open_file()
    change(world, SuspendPolicy, file_id)
    change(world, ReinstatePolicy, file_id)
    assert status(world, file_id) is PolicyStatus.IN_FORCE


def _left(world: World, file_id: int) -> dict[ServiceKind, Any]:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))


def _due(world: World, request_id: int) -> dict[str, datetime]:
    with world.desk.read() as session:
        rows = session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.ended_at.is_(None))
        )
        return {row.kind.value: row.due_at for row in rows}


def test_the_order_of_periods_is_kept(world: World) -> None:
    file_id = world.open_file()
    values = {"policy_id": world.policy(file_id), **SOURCE}
    assert refusal(world, ReinstatePolicy, **values, from_on=TODAY).code is ErrorCode.PERIOD_OVERLAPS
    early = refusal(world, SuspendPolicy, **values, from_on=date(2024, 2, 1))
    assert (early.code, early.parameters["field"], early.parameters["earliest"]) == (
        ErrorCode.TIME_ORDER,
        "from_on",
        "2024-03-01 00:00",
    )
    late = refusal(world, SuspendPolicy, **values, from_on=TODAY + timedelta(days=1))
    assert (late.code, late.parameters["field"]) == (ErrorCode.TIME_IN_FUTURE, "from_on")
    change(world, SuspendPolicy, file_id)
    again = refusal(world, SuspendPolicy, **values, from_on=TODAY)
    assert (again.code, again.clause) == (ErrorCode.PERIOD_OVERLAPS, "R5")


def test_a_verified_status_leaves_a_snapshot(world: World) -> None:
    file_id = world.open_file()
    values = {"policy_id": world.policy(file_id), **SOURCE}
    wrong = refusal(world, VerifyPolicyStatus, **values, status=PolicyStatus.SUSPENDED)
    assert (wrong.code, wrong.clause, wrong.parameters["field"]) == (ErrorCode.PERIOD_OVERLAPS, "R4", "status")
    outcome = carry_out(world, VerifyPolicyStatus, **values, status=PolicyStatus.IN_FORCE)
    (key,) = outcome.changes.created["policy_status_check"]
    with world.desk.read() as session:
        check = session.get_one(PolicyStatusCheck, key)
    assert (check.gate, check.status, check.checked_at) == ("verify", PolicyStatus.IN_FORCE, world.clock.moment)
    assert titles(world.desk, file_id)[-1] == "核实保单状态：保单有效"


# ------------------------------------------------------------------------------------------------------------ ended


@pytest.mark.parametrize("reason", list(TerminationReason))
def test_each_reason_ends_everything_and_leaves_the_file_to_be_read(world: World, reason: TerminationReason) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id)
    world.run(
        PlanFollowUp,
        assistance_file_id=file_id,
        kind=FollowUpKind.AFTER_VISIT,
        label="第 1 天",
        due_on=world.desk.today,
    )
    used = _left(world, file_id)
    note = "协议" if reason is TerminationReason.OTHER else ""
    change(world, TerminatePolicy, file_id, reason=reason, note=note)
    request = world.row(request_id)
    assert (request.status, request.is_open, request.closing_clause) == (RequestStatus.POLICY_TERMINATED, False, "R7")
    assert phrase(reason) in request.closing_reason
    assert status(world, file_id) is PolicyStatus.TERMINATED
    assert periods(world, file_id)[-1].termination_reason is reason
    assert _left(world, file_id) == used
    with world.desk.read() as session:
        assert session.scalars(select(ServiceRequest).where(ServiceRequest.is_open)).all() == []
        assert session.scalars(select(FollowUp).where(FollowUp.closed_at.is_(None))).all() == []
        assert session.scalars(select(Reminder).where(Reminder.closed_at.is_(None))).all() == []
        assert session.get_one(AssistanceFile, file_id).closed_at == world.clock.moment
    assert titles(world.desk, file_id)[-1] == f"保险合同终止：{phrase(reason)}"
    for order, values in _writes(world, file_id):
        violation = refusal(world, order, assistance_file_id=file_id, **values)
        assert (violation.code, violation.clause) == (ErrorCode.FILE_READ_ONLY, "R7")
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.is_read_only


def _writes(world: World, file_id: int) -> list[tuple[type[Command], dict[str, Any]]]:
    request = {
        "kind": ServiceKind.OUTPATIENT_COORDINATION,
        "disease_entry_id": world.disease(file_id),
        "need_text": "门诊",
        "channel": Channel.WECOM,
        "received_at": world.clock.moment,
    }
    return [
        (AddNote, {"title": "补记", "text": ""}),
        (ChangePhone, {"phone": "13900000002"}),
        (OpenRequest, request),
    ]


def test_another_reason_is_written_out_and_an_end_comes_once(world: World) -> None:
    file_id = world.open_file()
    values = {"policy_id": world.policy(file_id), "from_on": TODAY, **SOURCE}
    unsaid = refusal(world, TerminatePolicy, **values, reason=TerminationReason.OTHER)
    assert (unsaid.code, unsaid.parameters["field"], unsaid.clause) == (ErrorCode.FIELD_REQUIRED, "note", "R7")
    change(world, SuspendPolicy, file_id)
    world.run(TerminatePolicy, **values, reason=TerminationReason.SURRENDER)
    again = refusal(world, TerminatePolicy, **values, reason=TerminationReason.SURRENDER)
    assert (again.code, again.clause) == (ErrorCode.POLICY_TERMINATED, "R7")
    assert refusal(world, ReinstatePolicy, **values).code is ErrorCode.PERIOD_OVERLAPS
