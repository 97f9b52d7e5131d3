"""Plans that leads edit, in versions; the phrases of the form; structured answers; the call for the lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import Channel, DayUnit, FollowUpOutcome, PhraseField, Role, ServiceKind
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.follow_ups.care_plans import (
    EVERY_GROUP,
    PlannedStep,
    RetireCarePlan,
    ReviseCarePlan,
    load_care_plans,
)
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp, RecordFollowUp
from lian_desk.services.follow_ups.phrases import RetirePhrase, SavePhrase, load_phrases, matching, shipped_phrases
from lian_desk.services.follow_ups.plans import CareEvent, CareMoment, plan_after
from lian_desk.services.names.search_terms import initials_of
from lian_desk.services.reference_data.diseases import load_disease_list
from tests.desk_fixture import as_operator
from tests.integration.follow_ups.conftest import Case, at

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk

THREE_DAYS = PlannedStep(3, DayUnit.CALENDAR, "第 3 天电话")
TWO_WORKING = PlannedStep(2, DayUnit.WORKING, "第 2 个工作日")


@dataclass(frozen=True, kw_only=True)
class _ServiceOver(Command):
    """Stands for the booking command that completes a service."""

    request_id: int


@handles(_ServiceOver)
def _service_over(command: _ServiceOver, context: CommandContext) -> int:
    request = context.get(ServiceRequest, command.request_id)
    plan_after(request, CareEvent(CareMoment.SERVICE_COMPLETED, at(20, 16)), context)
    return request.id


def _as_lead(case: Case) -> Desk:
    assert case.desk.operator.role is Role.TEAM_LEAD
    return case.desk


def _as_case_manager(case: Case) -> Desk:
    with case.desk.database.write_session() as session:
        session.add(
            Operator(
                id=case.desk.new_id(),
                name="李敏",
                staff_number="0002",
                role=Role.CASE_MANAGER,
                is_active=True,
                created_at=case.clock.now(),
            )
        )
        session.commit()
    return as_operator(case.desk, "0002")


def _service(case: Case) -> ServiceKind:
    with case.desk.read() as session:
        return session.get_one(ServiceRequest, case.request_id).kind


def _revise(case: Case, *steps: PlannedStep, group: str = EVERY_GROUP, based_on: int = 0) -> int:
    desk = _as_lead(case)
    command = ReviseCarePlan(
        command_id=desk.new_id(),
        service=_service(case),
        disease_group=group,
        steps=steps,
        reason="团队约定",
        based_on=based_on,
    )
    key = desk.execute(command).key
    assert key is not None
    return key


def _end_service(case: Case) -> list[FollowUp]:
    case.desk.execute(_ServiceOver(command_id=case.desk.new_id(), request_id=case.request_id))
    with case.desk.read() as session:
        return list(session.scalars(select(FollowUp).where(FollowUp.closed_at.is_(None)).order_by(FollowUp.due_on)))


def test_a_plan_of_the_lead_is_opened_by_the_event_and_keeps_its_version(case: Case) -> None:
    first = _revise(case, THREE_DAYS)
    second = _revise(case, TWO_WORKING, THREE_DAYS, based_on=1)
    planned = _end_service(case)
    # Friday 2026-11-20: the second working day is Tuesday, the third calendar day Monday
    assert [(row.label, row.due_on) for row in planned] == [
        (THREE_DAYS.label, date(2026, 11, 23)),
        (TWO_WORKING.label, date(2026, 11, 24)),
    ]
    assert {row.care_plan_id for row in planned} == {second}
    assert first != second


def test_without_a_plan_of_the_lead_the_template_of_the_pack_holds(case: Case) -> None:
    planned = _end_service(case)
    template = case.desk.pack.service(_service(case)).follow_ups
    assert sorted(row.label for row in planned) == sorted(step.label for step in template)
    assert {row.care_plan_id for row in planned} == {None}


def test_the_plan_of_the_disease_group_goes_before_the_general_one(case: Case) -> None:
    with case.desk.read() as session:
        request = session.get_one(ServiceRequest, case.request_id)
        entry_id = request.disease_entry_id
        code = session.execute(
            select(FollowUp.metadata.tables["disease_entry"].c.disease_code).where(
                FollowUp.metadata.tables["disease_entry"].c.id == entry_id
            )
        ).scalar_one()
    disease = load_disease_list().find(code)
    assert disease is not None
    _revise(case, TWO_WORKING)
    of_the_group = _revise(case, THREE_DAYS, group=disease.group)
    assert [(row.label, row.care_plan_id) for row in _end_service(case)] == [(THREE_DAYS.label, of_the_group)]


def test_a_retired_plan_gives_way_to_the_template_again(case: Case) -> None:
    _revise(case, THREE_DAYS)
    desk = _as_lead(case)
    desk.execute(
        RetireCarePlan(command_id=desk.new_id(), service=_service(case), disease_group=EVERY_GROUP, reason="按手册模板")
    )
    assert THREE_DAYS.label not in {row.label for row in _end_service(case)}
    view = next(view for view in load_care_plans(case.desk) if view.service == _service(case))
    assert [version.number for version in view.versions] == [1, 0]
    assert view.in_force is not None
    assert view.in_force.number == 0


def test_two_leads_do_not_overwrite_each_other_unseen(case: Case) -> None:
    _revise(case, THREE_DAYS)
    with pytest.raises(RuleViolation) as refused:
        _revise(case, TWO_WORKING)
    assert refused.value.code is ErrorCode.CHANGED_MEANWHILE


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((), ErrorCode.FIELD_REQUIRED),
        ((PlannedStep(0, DayUnit.CALENDAR, "当天"),), ErrorCode.VALUE_NOT_UNDERSTOOD),
        ((PlannedStep(366, DayUnit.CALENDAR, "一年后"),), ErrorCode.VALUE_NOT_UNDERSTOOD),
        ((PlannedStep(3, DayUnit.CALENDAR, "  "),), ErrorCode.FIELD_REQUIRED),
        ((THREE_DAYS, THREE_DAYS), ErrorCode.VALUE_NOT_UNDERSTOOD),
        (
            tuple(PlannedStep(day, DayUnit.CALENDAR, f"第 {day} 天") for day in range(1, 14)),
            ErrorCode.VALUE_NOT_UNDERSTOOD,
        ),
    ],
)
def test_a_plan_that_promises_nothing_or_nonsense_is_refused(case: Case, steps: tuple[PlannedStep, ...], code) -> None:
    with pytest.raises(RuleViolation) as refused:
        _revise(case, *steps)
    assert refused.value.code is code


def test_a_case_manager_may_not_change_the_plan(case: Case) -> None:
    desk = _as_case_manager(case)
    with pytest.raises(RuleViolation) as refused:
        desk.execute(
            ReviseCarePlan(
                command_id=desk.new_id(),
                service=ServiceKind.OUTPATIENT_COORDINATION,
                disease_group=EVERY_GROUP,
                steps=(THREE_DAYS,),
                reason="想改",
            )
        )
    assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_the_letters_of_every_shipped_phrase_are_those_of_its_text() -> None:
    lines = shipped_phrases()
    assert len({line.text for line in lines}) == len(lines) > 30
    assert {line.text: line.initials for line in lines} == {line.text: initials_of(line.text) for line in lines}
    assert {line.field for line in lines} == set(PhraseField)


def test_own_phrases_come_first_and_are_replaced_not_overwritten(case: Case) -> None:
    desk = _as_case_manager(case)
    key = desk.execute(
        SavePhrase(command_id=desk.new_id(), field=PhraseField.CONDITION, text="精神很好，能下床活动。")
    ).key
    found = matching(load_phrases(desk), "js", PhraseField.CONDITION)
    assert found[0].text == "精神很好，能下床活动。"
    assert found[0].initials == "jshhnxchd"
    assert len(found) > 1
    desk.execute(
        SavePhrase(command_id=desk.new_id(), field=PhraseField.CONDITION, text="精神好，可下床。", replaces=key)
    )
    texts = [line.text for line in load_phrases(desk) if line.key is not None]
    assert texts == ["精神好，可下床。"]
    assert matching(load_phrases(desk), "js", PhraseField.MEDICATION) == ()


def test_a_colleagues_phrase_and_the_teams_are_not_ones_own(case: Case) -> None:
    lead, manager = _as_lead(case), _as_case_manager(case)
    shared = lead.execute(
        SavePhrase(command_id=lead.new_id(), field=PhraseField.NOTE, text="已告知费用自理。", is_shared=True)
    ).key
    assert shared is not None
    assert shared in {line.key for line in load_phrases(manager)}
    for command in (
        RetirePhrase(command_id=manager.new_id(), phrase_id=shared),
        SavePhrase(command_id=manager.new_id(), field=PhraseField.NOTE, text="给大家", is_shared=True),
    ):
        with pytest.raises(RuleViolation) as refused:
            manager.execute(command)
        assert refused.value.code is ErrorCode.NOT_ALLOWED
    lead.execute(RetirePhrase(command_id=lead.new_id(), phrase_id=shared))
    assert shared not in {line.key for line in load_phrases(manager)}


def _plan_one(case: Case) -> int:
    kind = case.desk.pack.service(_service(case)).follow_ups[0].kind
    key = case.desk.execute(
        PlanFollowUp(
            command_id=case.desk.new_id(),
            assistance_file_id=case.file_id,
            kind=kind,
            due_on=case.desk.today,
            service_request_id=case.request_id,
        )
    ).key
    assert key is not None
    return key


def test_structured_answers_are_kept_as_told(case: Case) -> None:
    key = _plan_one(case)
    case.desk.execute(
        RecordFollowUp(
            command_id=case.desk.new_id(),
            follow_up_id=key,
            done_at=case.desk.clock.now(),
            channel=Channel.PHONE,
            outcome=FollowUpOutcome.REACHED,
            condition_text="精神可。",
            symptoms=("乏力", "头晕", "乏力", " "),
            next_visit_on=date(2026, 12, 8),
        )
    )
    with case.desk.read() as session:
        row = session.get_one(FollowUp, key)
        assert row.symptoms == "乏力\n头晕"
        assert row.next_visit_on == date(2026, 12, 8)
        assert row.next_on is None


def test_a_next_visit_before_the_contact_is_refused(case: Case) -> None:
    with pytest.raises(RuleViolation) as refused:
        case.desk.execute(
            RecordFollowUp(
                command_id=case.desk.new_id(),
                follow_up_id=_plan_one(case),
                done_at=case.desk.clock.now(),
                channel=Channel.PHONE,
                outcome=FollowUpOutcome.REACHED,
                condition_text="精神可。",
                next_visit_on=date(2026, 1, 8),
            )
        )
    assert refused.value.code is ErrorCode.TIME_ORDER


def test_repeated_no_answer_calls_for_the_lead(case: Case) -> None:
    key = _plan_one(case)
    escalated = []
    for _ in range(case.desk.pack.thresholds.call_attempts):
        case.desk.execute(
            RecordFollowUp(
                command_id=case.desk.new_id(),
                follow_up_id=key,
                done_at=case.desk.clock.now(),
                channel=Channel.PHONE,
                outcome=FollowUpOutcome.NO_ANSWER,
            )
        )
        with case.desk.read() as session:
            row = session.scalars(select(FollowUp).where(FollowUp.closed_at.is_(None))).one()
            key = row.id
            escalated.append(row.escalated_at is not None)
    assert escalated == [False] * (len(escalated) - 1) + [True]
