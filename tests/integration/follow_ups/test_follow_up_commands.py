"""Follow-ups on a real encrypted file: plans, contacts, what follows, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry
from lian_desk.models.tables.requests.follow_up import EducationNote, FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Channel,
    FollowUpKind,
    FollowUpOutcome,
    NextAction,
    RequestStatus,
)
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.follow_ups.care_notes import (
    CancelReminder,
    EducationGiven,
    PlanReminder,
    RecordEducation,
    RecordReminderSent,
    ReminderWanted,
)
from lian_desk.services.follow_ups.follow_ups import AGREED, CloseFollowUp, MoveFollowUp, PlanFollowUp, RecordFollowUp
from lian_desk.services.follow_ups.plans import CareEvent, CareMoment, plan_after
from tests.integration.follow_ups.conftest import Case, at

if TYPE_CHECKING:
    from datetime import datetime

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class _Complete(Command):
    """Stands for the booking command that completes a service."""

    request_id: int
    happened_at: datetime
    moment: CareMoment = CareMoment.SERVICE_COMPLETED


@handles(_Complete)
def _complete(command: _Complete, context: CommandContext) -> int:
    request = context.get(ServiceRequest, command.request_id)
    plan_after(request, CareEvent(command.moment, command.happened_at), context)
    return request.id


def _complete_service(case: Case) -> None:
    case.desk.execute(_Complete(command_id=case.desk.new_id(), request_id=case.request_id, happened_at=at(20, 16)))


def _follow_ups(case: Case, *, open_only: bool = True) -> list[FollowUp]:
    with case.desk.read() as session:
        rows = session.scalars(select(FollowUp).order_by(FollowUp.due_on, FollowUp.id)).all()
        return [row for row in rows if not open_only or row.closed_at is None]


def _feed(case: Case) -> list[str]:
    with case.desk.read() as session:
        return list(session.scalars(select(FileEntry.title).order_by(FileEntry.id)))


def _request(case: Case) -> ServiceRequest:
    with case.desk.read() as session:
        return session.get_one(ServiceRequest, case.request_id)


def _record(case: Case, follow_up_id: int, outcome: FollowUpOutcome = FollowUpOutcome.REACHED, **more: object) -> int:
    values: dict[str, object] = {
        "command_id": case.desk.new_id(),
        "follow_up_id": follow_up_id,
        "done_at": case.clock.now() - timedelta(minutes=10),
        "channel": Channel.PHONE,
        "outcome": outcome,
        "condition_text": "症状平稳" if outcome is FollowUpOutcome.REACHED else "",
    }
    key = case.desk.execute(RecordFollowUp(**values | more)).key  # type: ignore[arg-type]
    assert key is not None
    return key


def test_a_completed_service_opens_the_plan_of_the_pack_once(case: Case) -> None:
    _complete_service(case)
    _complete_service(case)
    steps = case.desk.pack.service(_request(case).kind).follow_ups
    planned = _follow_ups(case)
    assert [row.label for row in planned] == [step.label for step in steps]
    # Friday 2026-11-20: the next working day is Monday, the others are calendar days
    assert [row.due_on for row in planned] == [date(2026, 11, 23), date(2026, 11, 27), date(2026, 12, 20)]
    assert all(row.case_manager_id == case.desk.operator.id for row in planned)


def test_a_reached_contact_closes_and_keeps_both_times(case: Case) -> None:
    _complete_service(case)
    first = _follow_ups(case)[0]
    key = _record(
        case,
        first.id,
        done_at=at(22, 15),
        medication_text="自述继续服用原处方药",
        duration_minutes=12,
        education=EducationGiven("胸痛应急处理", "出现胸痛立即拨打 120", "2026-01"),
        reminder=ReminderWanted("复诊携带病历", at(26, 9)),
    )
    with case.desk.read() as session:
        row = session.get_one(FollowUp, key)
        assert row.done_at == at(22, 15)
        assert row.entered_at == case.clock.now()
        assert row.outcome is FollowUpOutcome.REACHED
        assert row.attempt_count == 1
        note = session.scalars(select(EducationNote)).one()
        assert (note.follow_up_id, note.topic, note.text_version) == (key, "胸痛应急处理", "2026-01")
        assert session.scalars(select(Reminder)).one().follow_up_id == key
    assert len(_follow_ups(case)) == 2
    assert any(title.startswith("随访（就诊后第 1 个工作日）") for title in _feed(case))


def test_the_first_follow_up_moves_the_request_and_names_the_next(case: Case) -> None:
    _complete_service(case)
    _record(case, _follow_ups(case)[0].id)
    request = _request(case)
    assert request.status is RequestStatus.FOLLOWING_UP
    assert request.next_action is NextAction.FOLLOW_UP
    assert request.next_action_due_at == at(27, 21)
    for row in _follow_ups(case):
        _record(case, row.id)
    assert _request(case).next_action is NextAction.ARCHIVE


def test_an_unanswered_call_is_followed_by_another_try_and_escalates(case: Case) -> None:
    _complete_service(case)
    first = _follow_ups(case)[0]
    _record(case, first.id, FollowUpOutcome.NO_ANSWER)
    second = _follow_ups(case)[0]
    assert (second.label, second.due_on, second.attempt_count) == (first.label, date(2026, 11, 24), 1)
    assert not any("请主管处理" in title for title in _feed(case))
    _record(case, second.id, FollowUpOutcome.NO_ANSWER)
    assert any(title == "随访连续 2 次未联系上，请主管处理" for title in _feed(case))
    done = [row for row in _follow_ups(case, open_only=False) if row.closed_at]
    assert [row.outcome for row in done] == [FollowUpOutcome.NO_ANSWER] * 2


def test_call_later_keeps_the_agreed_day(case: Case) -> None:
    _complete_service(case)
    first = _follow_ups(case)[0]
    key = _record(case, first.id, FollowUpOutcome.CALL_LATER, next_on=date(2026, 11, 26))
    assert date(2026, 11, 26) in [row.due_on for row in _follow_ups(case)]
    with case.desk.read() as session:
        assert session.get_one(FollowUp, key).next_on == date(2026, 11, 26)


def test_declined_ends_without_another_try(case: Case) -> None:
    _complete_service(case)
    before = len(_follow_ups(case))
    _record(case, _follow_ups(case)[0].id, FollowUpOutcome.DECLINED)
    assert len(_follow_ups(case)) == before - 1


def test_a_wrong_number_is_told(case: Case) -> None:
    _complete_service(case)
    _record(case, _follow_ups(case)[0].id, FollowUpOutcome.WRONG_NUMBER)
    assert "联系电话有误，请核对后更新" in _feed(case)


def test_an_agreed_day_that_the_plan_has_already_makes_no_twin(case: Case) -> None:
    _complete_service(case)
    _record(case, _follow_ups(case)[0].id, next_on=date(2026, 11, 27))
    assert [row.due_on for row in _follow_ups(case)].count(date(2026, 11, 27)) == 1
    _record(case, _follow_ups(case)[0].id, next_on=date(2026, 12, 1))
    assert (AGREED, date(2026, 12, 1)) in [(row.label, row.due_on) for row in _follow_ups(case)]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"done_at": at(23, 12)}, ErrorCode.TIME_IN_FUTURE, "done_at"),
        ({"condition_text": "  "}, ErrorCode.FIELD_REQUIRED, "condition_text"),
        ({"next_on": date(2026, 11, 1)}, ErrorCode.TIME_ORDER, "next_on"),
        ({"reminder": ReminderWanted("x", at(1, 9))}, ErrorCode.TIME_ORDER, "reminder_due_at"),
        ({"outcome": FollowUpOutcome.CLOSED}, ErrorCode.FIELD_REQUIRED, "outcome"),
        ({"duration_minutes": -1}, ErrorCode.VALUE_NOT_UNDERSTOOD, "duration_minutes"),
    ],
)
def test_refusals_name_the_field_and_change_nothing(
    case: Case, values: dict[str, object], code: ErrorCode, field: str
) -> None:
    _complete_service(case)
    first = _follow_ups(case)[0]
    with pytest.raises(RuleViolation) as refused:
        _record(case, first.id, **values)
    assert refused.value.code is code
    assert refused.value.parameters["field"] == field
    assert _follow_ups(case)[0].id == first.id


def test_recording_twice_is_refused_and_a_repeated_command_changes_nothing(case: Case) -> None:
    _complete_service(case)
    first = _follow_ups(case)[0]
    command = RecordFollowUp(
        command_id=case.desk.new_id(),
        follow_up_id=first.id,
        done_at=case.clock.now(),
        channel=Channel.WECOM,
        outcome=FollowUpOutcome.REACHED,
        condition_text="平稳",
    )
    assert not case.desk.execute(command).replayed
    assert case.desk.execute(command).replayed
    with pytest.raises(RuleViolation) as refused:
        _record(case, first.id)
    assert refused.value.code is ErrorCode.CHANGED_MEANWHILE


def test_plan_move_and_close_by_hand(case: Case) -> None:
    desk = case.desk
    planned = desk.execute(
        PlanFollowUp(
            command_id=desk.new_id(),
            assistance_file_id=case.file_id,
            kind=FollowUpKind.AFTER_VISIT,
            due_on=date(2026, 11, 25),
            service_request_id=case.request_id,
        )
    ).key
    assert planned is not None
    desk.execute(
        MoveFollowUp(command_id=desk.new_id(), follow_up_id=planned, due_on=date(2026, 11, 30), reason="客户出差")
    )
    assert [row.due_on for row in _follow_ups(case)] == [date(2026, 11, 30)]
    desk.execute(CloseFollowUp(command_id=desk.new_id(), follow_up_id=planned, reason="已在外院随访"))
    assert _follow_ups(case) == []
    with pytest.raises(RuleViolation) as refused:
        desk.execute(
            PlanFollowUp(
                command_id=desk.new_id(),
                assistance_file_id=case.file_id,
                kind=FollowUpKind.AFTER_VISIT,
                due_on=date(2026, 11, 1),
            )
        )
    assert refused.value.code is ErrorCode.TIME_ORDER


def test_education_and_reminders_apart_from_a_follow_up(case: Case) -> None:
    desk = case.desk
    desk.execute(
        RecordEducation(
            command_id=desk.new_id(),
            assistance_file_id=case.file_id,
            education=EducationGiven("低盐饮食", "每日食盐不超过 5 克"),
            channel=Channel.WECOM,
            given_at=at(23, 9),
        )
    )
    kept = desk.execute(
        PlanReminder(
            command_id=desk.new_id(), assistance_file_id=case.file_id, reminder=ReminderWanted("带卡", at(24, 9))
        )
    ).key
    dropped = desk.execute(
        PlanReminder(
            command_id=desk.new_id(), assistance_file_id=case.file_id, reminder=ReminderWanted("空腹", at(25, 9))
        )
    ).key
    assert kept is not None
    assert dropped is not None
    desk.execute(
        RecordReminderSent(command_id=desk.new_id(), reminder_id=kept, sent_at=at(23, 9, 30), channel=Channel.SMS)
    )
    desk.execute(CancelReminder(command_id=desk.new_id(), reminder_id=dropped, reason="检查取消"))
    with desk.read() as session:
        rows = {row.id: row for row in session.scalars(select(Reminder))}
        assert rows[kept].sent_at == at(23, 9, 30)
        assert (rows[dropped].sent_at, rows[dropped].closing_reason) == (None, "检查取消")
    assert "宣教：低盐饮食" in _feed(case)


def test_after_the_end_of_the_contract_a_follow_up_may_be_recorded_and_none_is_planned(case: Case) -> None:
    _complete_service(case)
    with case.desk.database.write_session() as session:
        session.get_one(AssistanceFile, case.file_id).closed_at = case.clock.now()
        session.commit()
    before = len(_follow_ups(case))
    _record(case, _follow_ups(case)[0].id, FollowUpOutcome.NO_ANSWER)
    assert len(_follow_ups(case)) == before - 1
    with pytest.raises(RuleViolation) as refused:
        case.desk.execute(
            PlanFollowUp(
                command_id=case.desk.new_id(),
                assistance_file_id=case.file_id,
                kind=FollowUpKind.AFTER_VISIT,
                due_on=date(2026, 12, 1),
            )
        )
    assert refused.value.code is ErrorCode.FILE_READ_ONLY
