"""Applications: what the first message needs, when its answer is due, and how it leaves the worklist."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import Channel, ClockKind, FactSource, ServiceKind, TerminationReason
from lian_desk.services.assistance_files.assistance_files import OpenAssistanceFile
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.services.service_requests.applications import (
    RecordApplication,
    RespondToApplication,
    SettleApplication,
    load_application,
    preview_response,
)
from tests.desk_facts import carry_out, last_sealed, opening, refusal, titles
from tests.desk_world import World


def application(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "channel": Channel.WECOM,
        "received_at": world.clock.moment,
        "contact_name": "王淑兰",
        "need_text": "想约心内科专家",
        "contact_handle": "wanglan_1974",
    } | changes


def row(world: World, application_id: int) -> IncomingApplication:
    with world.desk.read() as session:
        return session.get_one(IncomingApplication, application_id)


def clock_of(world: World, application_id: int) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(select(ClockRun).where(ClockRun.application_id == application_id)).one()


def test_the_response_clock_starts_with_the_message(world: World) -> None:
    outcome = carry_out(world, RecordApplication, **application(world))
    assert outcome.key is not None
    stored, clock = row(world, outcome.key), clock_of(world, outcome.key)
    due_at = world.clock.moment + timedelta(minutes=world.desk.pack.thresholds.response_minutes)
    assert stored.response_due_at == clock.due_at == due_at
    assert (clock.kind, clock.ended_at, clock.clause) == (ClockKind.RESPONSE, None, "R56")
    assert outcome.changes.created == {
        "incoming_application": frozenset({outcome.key}),
        "clock_run": frozenset({clock.id}),
    }
    assert not outcome.changes.updated
    assert not outcome.changes.deleted
    assert last_sealed(world.desk).kind == "RecordApplication"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-24T20:58", "2026-09-28T09:03"),
        ("2026-09-28T08:30", "2026-09-28T09:05"),
        ("2026-09-25T10:00", "2026-09-28T09:05"),
        ("2026-09-20T09:10", "2026-09-20T09:15"),
    ],
)
def test_a_message_outside_the_hours_is_answered_after_the_next_opening(world: World, received: str, due: str) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI)
    preview = preview_response(world.desk, moment)
    key = world.run(RecordApplication, **application(world, received_at=moment))
    assert preview.due_at == row(world, key).response_due_at == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)
    assert preview.derivation == clock_of(world, key).derivation


@pytest.mark.parametrize(
    ("changes", "code", "field", "clause"),
    [
        ({"need_text": "  "}, ErrorCode.FIELD_REQUIRED, "need_text", "R14"),
        ({"contact_name": ""}, ErrorCode.FIELD_REQUIRED, "contact_name", None),
        ({"contact_name": "小王🌸"}, ErrorCode.NAME_HAS_SYMBOLS, "contact_name", None),
        ({"contact_handle": "a" * 201}, ErrorCode.FIELD_TOO_LONG, "contact_handle", None),
        ({"channel": Channel.PHONE}, ErrorCode.FIELD_REQUIRED, "channel_reason", "R13"),
        (
            {"channel": Channel.PHONE, "channel_reason": "\ue000来电"},
            ErrorCode.FIELD_HAS_CONTROL_CHARACTERS,
            "channel_reason",
            "R13",
        ),
        ({"received_at": datetime(2026, 9, 28, 2, 2, tzinfo=UTC)}, ErrorCode.TIME_IN_FUTURE, "received_at", None),
        ({"received_at": datetime(1, 1, 2, tzinfo=UTC)}, ErrorCode.DATE_IMPOSSIBLE, "received_at", None),
    ],
)
def test_what_an_application_needs(
    world: World, changes: dict[str, Any], code: ErrorCode, field: str, clause: str | None
) -> None:
    violation = refusal(world, RecordApplication, **application(world, **changes))
    assert (violation.code, violation.parameters["field"], violation.clause) == (code, field, clause)
    entry = last_sealed(world.desk)
    assert entry.kind == "refused:RecordApplication"
    assert code.value in entry.body


def test_another_channel_with_its_reason_is_taken(world: World) -> None:
    key = world.run(RecordApplication, **application(world, channel=Channel.WALK_IN, channel_reason=" 老人不会用手机 "))
    assert row(world, key).channel_reason == "老人不会用手机"


def test_the_answer_stops_the_clock(world: World) -> None:
    key = world.run(RecordApplication, **application(world))
    answered_at = world.later(minutes=4)
    world.run(RespondToApplication, application_id=key, responded_at=answered_at, note="已电话联系")
    clock, stored = clock_of(world, key), row(world, key)
    assert clock.met_at == clock.ended_at == stored.responded_at == answered_at
    assert (stored.response_note, stored.is_settled) == ("已电话联系", False)


@pytest.mark.parametrize(
    ("shift", "code"),
    [(timedelta(minutes=-1), ErrorCode.TIME_ORDER), (timedelta(minutes=30), ErrorCode.TIME_IN_FUTURE)],
)
def test_an_answer_lies_between_the_message_and_now(world: World, shift: timedelta, code: ErrorCode) -> None:
    received_at = world.clock.moment
    key = world.run(RecordApplication, **application(world))
    world.later(minutes=10)
    violation = refusal(world, RespondToApplication, application_id=key, responded_at=received_at + shift)
    assert (violation.code, violation.parameters["field"]) == (code, "responded_at")
    assert clock_of(world, key).ended_at is None


def test_an_application_is_answered_once(world: World) -> None:
    key = world.run(RecordApplication, **application(world))
    values = {"application_id": key, "responded_at": world.later(minutes=1)}
    world.run(RespondToApplication, **values)
    assert refusal(world, RespondToApplication, **values).code is ErrorCode.CHANGED_MEANWHILE


def test_an_unknown_application_is_not_found(world: World) -> None:
    violation = refusal(world, RespondToApplication, application_id=1, responded_at=world.clock.moment)
    assert violation.code is ErrorCode.NOT_FOUND
    with pytest.raises(RuleViolation) as missing:
        load_application(world.desk, 1)
    assert missing.value.code is ErrorCode.NOT_FOUND


def test_closing_without_a_file_needs_a_reason_and_ends_the_clock(world: World) -> None:
    key = world.run(RecordApplication, **application(world))
    violation = refusal(world, SettleApplication, application_id=key, reason=" ")
    assert (violation.code, violation.parameters["field"]) == (ErrorCode.FIELD_REQUIRED, "reason")
    world.run(SettleApplication, application_id=key, reason="误发消息")
    stored, clock = row(world, key), clock_of(world, key)
    assert (stored.is_settled, stored.settled_reason) == (True, "误发消息")
    assert clock.ended_at == world.clock.moment
    assert clock.met_at is None


def test_a_settled_application_is_not_settled_again(world: World) -> None:
    file_id = world.open_file()
    key = world.run(RecordApplication, **application(world))
    world.run(SettleApplication, application_id=key, reason="误发消息")
    for values in ({"reason": "再一次"}, {"assistance_file_id": file_id}):
        assert refusal(world, SettleApplication, application_id=key, **values).code is ErrorCode.CHANGED_MEANWHILE


def test_an_answered_application_goes_into_the_file_that_is_opened_for_it(world: World) -> None:
    key = world.run(RecordApplication, **application(world, service_kind=ServiceKind.OUTPATIENT_COORDINATION))
    world.run(RespondToApplication, application_id=key, responded_at=world.later(minutes=1))
    file_id = world.run(OpenAssistanceFile, **opening(world, application_id=key))
    stored = row(world, key)
    assert (stored.assistance_file_id, stored.is_settled) == (file_id, True)
    assert titles(world.desk, file_id)[0] == "申请门诊协调"


def test_one_that_was_not_answered_stays_until_it_is(world: World) -> None:
    key = world.run(RecordApplication, **application(world))
    file_id = world.run(OpenAssistanceFile, **opening(world, application_id=key))
    assert not row(world, key).is_settled
    world.run(RespondToApplication, application_id=key, responded_at=world.later(minutes=3))
    assert row(world, key).is_settled
    assert titles(world.desk, file_id).count("申请服务") == 1
    assert titles(world.desk, file_id)[-1] == "首次响应"


def test_an_application_goes_into_one_file_only(world: World) -> None:
    first, second = world.open_file(), world.open_file()
    key = world.run(RecordApplication, **application(world, assistance_file_id=first))
    assert titles(world.desk, first)[-1] == "申请服务"
    violation = refusal(world, SettleApplication, application_id=key, assistance_file_id=second)
    assert violation.code is ErrorCode.CHANGED_MEANWHILE
    world.run(SettleApplication, application_id=key, assistance_file_id=first)
    assert titles(world.desk, first).count("申请服务") == 1


def test_a_closed_file_takes_no_application(world: World) -> None:
    file_id = world.open_file()
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=world.desk.today,
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    key = world.run(RecordApplication, **application(world))
    violation = refusal(world, SettleApplication, application_id=key, assistance_file_id=file_id)
    assert (violation.code, violation.clause) == (ErrorCode.FILE_READ_ONLY, "R7")
    with world.desk.read() as session:
        assert session.get_one(AssistanceFile, file_id).closed_at is not None


def test_the_dialog_sees_name_and_handle_masked(world: World) -> None:
    view = load_application(world.desk, world.run(RecordApplication, **application(world)))
    assert (view.contact_name, view.contact_handle) == ("王*兰", "w***4")
    assert view.need_text == "想约心内科专家"
