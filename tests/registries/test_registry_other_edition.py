"""Nothing about limits, counts, cities or documents is in code: another edition, taken in as a file, changes them all.

The edition is put on record by a lead through the real command and holds from its day; everything after that goes
through real commands and real reads (R81, R85, A41).
"""

import dataclasses
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.scope import CampusFacts, judge_campus
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.reference.handbook_edition import HandbookNotice
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import (
    CalendarStatus,
    Channel,
    ClockKind,
    ContactResult,
    DayKind,
    HospitalLevel,
    MaterialKind,
    PauseReason,
    ServiceKind,
)
from lian_desk.services.desk.explanations import explain
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.handbook.editions import RecordHandbookEdition
from lian_desk.services.listings.worklist import WorklistSource
from lian_desk.services.reference_data.regions import find_city
from lian_desk.services.request_views.forms import load_start
from lian_desk.services.request_views.requirement_form import load_requirement_form
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_packs import verify_rule_pack
from lian_desk.services.service_requests import PauseRequest, RecordCoordinationNotice, ResumeRequest
from lian_desk.services.service_requests.applications import RecordApplication
from lian_desk.services.upkeep.health_check import Part, check_workspace
from lian_desk.services.working_calendar.views import preview_correction, preview_year
from lian_desk.services.working_calendar.years import (
    CalendarDayInput,
    CalendarYearInput,
    CorrectCalendarDay,
    ImportCalendarYear,
    as_calendar_year,
)
from lian_desk.services.worklist.worklist import load_workbench
from tests.desk_facts import refusal
from tests.desk_fixture import clock, desk, lead, world
from tests.desk_world import World

__all__ = ["clock", "desk", "lead", "world"]

K = ServiceKind
FIRST_MORNING = datetime(2026, 9, 29, 10, tzinfo=SHANGHAI)
CHANGES = (
    ('edition = "2024-11"', 'edition = "2026-10"'),
    ('label = "2024年11月版"', 'label = "2026年10月版"'),
    ("effective_on = 2024-11-01", "effective_on = 2026-09-29"),
    ("closes = 21:00:00", "closes = 18:00:00"),
    ('response_minutes = { value = 5, clause = "R56" }', 'response_minutes = { value = 10, clause = "R56" }'),
    ('uses = { value = 3, clause = "R12" }', 'uses = { value = 4, clause = "R12" }'),
    ('feedback_hours = { value = 48, clause = "R57" }', 'feedback_hours = { value = 72, clause = "R57" }'),
    ('booking_days = { value = 7, clause = "R58" }', 'booking_days = { value = 4, clause = "R58" }'),
    ('renowned_days = { value = 15, clause = "R59" }', 'renowned_days = { value = 20, clause = "R59" }'),
    ('booking_days = { value = 7, clause = "R60" }', 'booking_days = { value = 5, clause = "R60" }'),
    ('booking_from_days = { value = 7, clause = "R61" }', 'booking_from_days = { value = 5, clause = "R61" }'),
    ('booking_days = { value = 15, clause = "R61" }', 'booking_days = { value = 12, clause = "R61" }'),
    ('booking_days = { value = 3, clause = "R62" }', 'booking_days = { value = 2, clause = "R62" }'),
    ('call_attempts = { value = 2, clause = "A44" }', 'call_attempts = { value = 3, clause = "A44" }'),
    ('"广州市", "深圳市"]', '"广州市", "重庆市"]'),
    (
        '    { kind = "blood_test_report", clause = "R15" },\n',
        '    { kind = "blood_test_report", required = true, clause = "R15" },\n',
    ),
    (
        'start_warning = ["R46", "R48", "R49", "R50", "R51", "R52", "R80"]',
        'start_warning = ["R46", "R80"]',
    ),
    ("限3次", "限4次"),
)


def other_edition() -> str:
    """Return the file of the other edition; its worked examples are those of its own numbers."""
    text = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    return text[: text.index("[[vector]]")] + (
        '[[vector]]\nid = "N1"\ncall = "response"\ngiven = { received = "2026-11-20T17:55" }\n'
        'expected = { due = "2026-11-23T09:05" }\n'
        '[[vector]]\nid = "N2"\ncall = "booking"\n'
        'given = { service = "expedited_examination", confirmed = "2026-11-18T10:00" }\n'
        'expected = { due = "2026-11-20T18:00", provisional = false }\n'
    )


def take_in(world: World, text: str) -> int:
    key = world.run(
        RecordHandbookEdition,
        by=world.lead,
        edition="2026-10",
        published_on=date(2026, 9, 28),
        reason="服务体系调整",
        decision_process="健康管理委员会审议",
        result="次数与时限调整",
        link="官网公示",
        content=text,
    )
    # another window on the same workspace cannot be open; the second desk of this test learns of it here
    world.desk._editions = world.lead.editions
    return key


def clock_of(world: World, request_id: int, kind: ClockKind) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == kind)
        ).one()


def due(run: ClockRun) -> datetime:
    return run.due_at.astimezone(SHANGHAI)


def test_before_its_day_nothing_changes_and_policyholders_are_listed(world: World) -> None:
    file_id = world.open_file()
    take_in(world, other_edition())
    with world.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(HandbookNotice)) == 1
    assert (world.desk.pack.edition, world.desk.calendar.hours.closes.hour) == ("2024-11", 21)
    run = clock_of(world, world.to_requirement(file_id), ClockKind.FEEDBACK)
    assert due(run) == world.clock.moment + timedelta(hours=48)
    world.clock.moment = datetime(2026, 9, 28, 23, 59, 59, tzinfo=SHANGHAI)
    assert world.desk.pack.edition == "2024-11"
    world.clock.moment = datetime(2026, 9, 29, tzinfo=SHANGHAI)
    assert (world.desk.pack.edition, world.desk.calendar.hours.closes.hour) == ("2026-10", 18)


def test_from_its_day_every_limit_count_and_paper_is_its_own(world: World) -> None:
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name="刘洋",
        need_text="想约号",
    )
    assert load_workbench(world.desk).response.next_due_at == FIRST_MORNING + timedelta(minutes=10)
    file_id = world.open_file()
    with world.desk.read() as session:
        assert {row.left for row in balances(session, world.policy(file_id)).values()} == {4}
    request_id = world.to_requirement(file_id)
    feedback, booking = (clock_of(world, request_id, kind) for kind in (ClockKind.FEEDBACK, ClockKind.BOOKING))
    assert due(feedback) == FIRST_MORNING + timedelta(hours=72)
    assert due(booking) == datetime(2026, 10, 10, 18, tzinfo=SHANGHAI)
    assert (feedback.handbook_edition, booking.handbook_edition) == ("2026-10", "2026-10")
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.edition == "2026年10月版"
    asked = {line.kind: line.is_required for line in view.checklist}
    assert asked[MaterialKind.BLOOD_TEST_REPORT]
    start = load_start(world.desk, request_id)
    assert start is not None
    assert len(start.warning) == 2


@pytest.mark.parametrize(
    ("kind", "day"),
    [(K.INPATIENT_COORDINATION, 12), (K.SURGERY_COORDINATION, 21), (K.EXPEDITED_EXAMINATION, 8)],
)
def test_the_other_services_have_its_days_too(world: World, kind: ServiceKind, day: int) -> None:
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    run = clock_of(world, world.to_requirement(world.open_file(), kind), ClockKind.BOOKING)
    assert due(run) == datetime(2026, 10, day, 18, tzinfo=SHANGHAI)


def test_its_fourth_start_is_spent_and_the_fifth_refused(world: World) -> None:
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    file_id = world.open_file()
    for _ in range(4):
        world.to_started(file_id)
    with world.desk.read() as session:
        spent = select(func.count()).where(EntitlementEntry.start_key.is_not(None))
        assert session.scalar(spent) == 4
        assert balances(session, world.policy(file_id))[K.OUTPATIENT_COORDINATION].left == 0
    with pytest.raises(Exception, match=ErrorCode.ENTITLEMENT_EXHAUSTED.value):
        world.to_started(file_id)


def test_the_check_of_the_workspace_asks_every_edition(world: World) -> None:
    shipped = len(world.desk.pack.vectors)
    world.open_file()
    fewer = other_edition().replace('uses = { value = 4, clause = "R12" }', 'uses = { value = 2, clause = "R12" }')
    take_in(world, fewer)
    world.clock.moment = FIRST_MORNING
    newer = world.open_file()
    with world.desk.read() as session:
        assert {row.left for row in balances(session, world.policy(newer)).values()} == {2}
    parts = {report.part: report for report in check_workspace(world.desk).parts}
    assert parts[Part.RULES].faults == parts[Part.ENTITLEMENT].faults == ()
    assert parts[Part.RULES].checked == shipped + 2


def test_a_year_taken_in_overtakes_examples_and_refuses_no_edition(world: World) -> None:
    """V13 says what holds while 2027 is not known; once a lead has taken it in, nothing is wrong with the edition."""
    content = CalendarYearInput(
        2027,
        CalendarStatus.OFFICIAL,
        "国务院办公厅通知",
        (CalendarDayInput(date(2027, 1, 4), DayKind.DAY_OFF, "元旦"),),
    )
    accepted = preview_year(world.lead, content).mark
    world.run(ImportCalendarYear, by=world.lead, content=content, accepted=accepted)
    parts = {report.part: report for report in check_workspace(world.lead).parts}
    assert parts[Part.RULES].faults == ()
    text = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
    again = text.replace('edition = "2024-11"', 'edition = "2026-10"')
    take_in(world, again.replace("effective_on = 2024-11-01", "effective_on = 2026-09-28"))
    known = build_calendar((as_calendar_year(content),))
    assert verify_rule_pack(world.lead.pack, known) == ()


def test_cities_are_its_own(world: World) -> None:
    take_in(world, other_edition())
    for city, before, after in (("重庆", False, True), ("深圳", True, False), ("南京", True, True)):
        campus = CampusFacts(find_city(city), city, HospitalLevel.CLASS_A_TERTIARY)
        world.clock.moment = FIRST_MORNING - timedelta(days=1)
        assert judge_campus(campus, world.desk.pack).is_allowed is before
        world.clock.moment = FIRST_MORNING
        assert judge_campus(campus, world.desk.pack).is_allowed is after


def test_a41_what_was_confirmed_before_keeps_the_old_edition_in_every_view(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    before = clock_of(world, request_id, ClockKind.BOOKING)
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    paused_at = world.clock.moment
    world.run(PauseRequest, request_id=request_id, reason=PauseReason.DOCTORS_ORDER, note="停药", paused_at=paused_at)
    world.later(days=1)
    world.run(ResumeRequest, request_id=request_id, resumed_at=world.clock.moment)
    after = clock_of(world, request_id, ClockKind.BOOKING)
    # seven working days that end at 21:00, one of them paused
    assert due(before) == datetime(2026, 10, 13, 21, tzinfo=SHANGHAI)
    assert due(after) == datetime(2026, 10, 14, 21, tzinfo=SHANGHAI)
    assert after.handbook_edition == "2024-11"
    view = load_request_view(world.desk, request_id)
    start = load_start(world.desk, request_id)
    form = load_requirement_form(world.desk, request_id)
    assert view is not None
    assert start is not None
    assert form is not None
    assert view.edition == "2024年11月版"
    (row,) = WorklistSource(world.desk).rows([request_id]).values()
    shown = explain(world.desk, [row.clause], [row.derivation], edition=row.edition)
    assert shown.edition == "2024年11月版"
    assert shown.clauses[0].id == row.clause
    assert row.promise in {"48 小时", "2–7 个工作日"}
    assert explain(world.desk, [row.clause]).edition == "2026年10月版"
    assert not {line.kind: line.is_required for line in view.checklist}[MaterialKind.BLOOD_TEST_REPORT]
    assert len(start.warning) == 7


def test_a44_two_calls_told_enough_before_and_three_are_needed_now(world: World) -> None:
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    request_id = world.to_requirement(world.open_file())
    told: dict[str, Any] = {"request_id": request_id, "channel": Channel.SMS, "content": "协调情况"}
    world.run(
        RecordCoordinationNotice,
        happened_at=world.clock.moment,
        result=ContactResult.MESSAGE_DELIVERED,
        **told,
    )
    calls = told | {"channel": Channel.PHONE}
    for number in range(1, 4):
        world.later(hours=2.5)
        world.run(RecordCoordinationNotice, happened_at=world.clock.moment, result=ContactResult.NO_ANSWER, **calls)
        met = clock_of(world, request_id, ClockKind.FEEDBACK).met_at
        assert (met is not None) is (number == 3)


def test_a41_a_corrected_day_moves_a_promise_by_the_edition_it_was_made_under(world: World) -> None:
    old = world.to_requirement(world.open_file())
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    new = world.to_requirement(world.open_file())
    day = date(2026, 10, 9)
    preview = preview_correction(world.lead, day, DayKind.DAY_OFF, "国庆节", "补发通知延长一天")
    world.run(
        CorrectCalendarDay,
        by=world.lead,
        day_on=day,
        kind=DayKind.DAY_OFF,
        label="国庆节",
        reason="补发通知延长一天",
        accepted=preview.mark,
    )
    # seven days to 21:00 by the old edition, four days to 18:00 by the new one, both one working day later
    assert due(clock_of(world, old, ClockKind.BOOKING)) == datetime(2026, 10, 14, 21, tzinfo=SHANGHAI)
    assert due(clock_of(world, new, ClockKind.BOOKING)) == datetime(2026, 10, 12, 18, tzinfo=SHANGHAI)


def test_a41_a44_what_was_confirmed_before_is_told_by_the_old_count_of_calls(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    take_in(world, other_edition())
    world.clock.moment = FIRST_MORNING
    order: dict[str, Any] = {"request_id": request_id, "content": "协调情况"}
    steps = [(Channel.SMS, ContactResult.MESSAGE_DELIVERED)] + [(Channel.PHONE, ContactResult.NO_ANSWER)] * 2
    for channel, result in steps:
        assert clock_of(world, request_id, ClockKind.FEEDBACK).met_at is None
        world.run(RecordCoordinationNotice, channel=channel, result=result, happened_at=world.clock.moment, **order)
        world.later(hours=2.5)
    assert clock_of(world, request_id, ClockKind.FEEDBACK).met_at is not None


def test_an_edition_whose_examples_do_not_come_out_is_refused(world: World) -> None:
    wrong = other_edition().replace("2026-11-23T09:05", "2026-11-23T09:06")
    values: dict[str, Any] = {
        "edition": "2026-10",
        "published_on": date(2026, 9, 28),
        "reason": "调整",
        "decision_process": "审议",
        "result": "调整",
        "content": wrong,
    }
    with pytest.raises(Exception, match=r"rule_pack_damaged|edition_not_accepted"):
        world.run(RecordHandbookEdition, by=world.lead, **values)
    assert refusal(world, RecordHandbookEdition, **values).code is ErrorCode.NOT_ALLOWED
    assert [pack.edition for pack in world.lead.editions.packs] == ["2024-11"]
    assert dataclasses.is_dataclass(world.lead.pack)
