"""A year is taken in once, moves deadlines only as a lead has seen, and never twice (A4, A5)."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.reference import working_calendar as stored
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import (
    CalendarStatus,
    Channel,
    ClockKind,
    DayKind,
    PauseReason,
    ServiceKind,
    SignerKind,
)
from lian_desk.services.commands.commands import Outcome
from lian_desk.services.desk.desk import Desk
from lian_desk.services.service_requests import ConfirmRequirement, PauseRequest, RecordReview, ResumeRequest
from lian_desk.services.service_requests.applications import RecordApplication
from lian_desk.services.working_calendar.views import (
    CalendarPreview,
    export_year,
    load_year_sheet,
    preview_correction,
    preview_year,
)
from lian_desk.services.working_calendar.year_files import read_year_file
from lian_desk.services.working_calendar.years import (
    CalendarDayInput,
    CalendarYearInput,
    CorrectCalendarDay,
    ImportCalendarYear,
    day_inputs,
)
from tests.desk_world import World

OFF, WORK = DayKind.DAY_OFF, DayKind.MAKE_UP_WORKING_DAY
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
NEW_YEAR = tuple(CalendarDayInput(date(2027, 1, day), OFF, "元旦") for day in (1, 2, 3, 4, 5))
YEAR_END = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)


def year(*days: CalendarDayInput, status: CalendarStatus = CalendarStatus.OFFICIAL, number: int = 2027):
    return CalendarYearInput(number, status, SOURCE, days)


def take_in(desk: Desk, content: CalendarYearInput) -> Outcome:
    accepted = preview_year(desk, content).mark
    return desk.execute(ImportCalendarYear(command_id=desk.new_id(), content=content, accepted=accepted))


def clock_of(desk: Desk, request_id: int, kind: ClockKind = ClockKind.BOOKING) -> ClockRun:
    with desk.read() as session:
        return session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == kind)
        ).one()


def imports(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(stored.CalendarYear)) or 0


def entries(desk: Desk, file_id: int) -> list[FileEntry]:
    with desk.read() as session:
        return list(
            session.scalars(
                select(FileEntry).where(
                    FileEntry.assistance_file_id == file_id, FileEntry.title.contains("工作日历更新")
                )
            )
        )


def to_requirement(world: World) -> int:
    """Bring a request to 需求已确认 in the last days of the year, so that its booking is due in the next."""
    world.clock.moment = max(world.clock.moment, YEAR_END)
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id, ServiceKind.OUTPATIENT_COORDINATION)
    world.run(RecordReview, request_id=request_id, **world.passed())
    world.run(
        ConfirmRequirement,
        request_id=request_id,
        requirement=world.requirement(
            file_id,
            ServiceKind.OUTPATIENT_COORDINATION,
            preferred_from_on=date(2027, 1, 4),
            preferred_to_on=date(2027, 6, 30),
        ),
        evidence=world.evidence(SignerKind.INSURED),
        fee_notice_shown=True,
    )
    return request_id


@pytest.fixture
def request_id(world: World) -> int:
    """A request whose booking deadline runs into a year nobody knows yet."""
    return to_requirement(world)


def file_of(world: World, request_id: int) -> int:
    return world.row(request_id).assistance_file_id


def test_a_provisional_deadline_moves_as_the_lead_has_seen(world: World, request_id: int) -> None:
    before = clock_of(world.desk, request_id)
    assert before.is_provisional
    content = year(*NEW_YEAR)
    preview = preview_year(world.lead, content)
    (move,) = [move for move in preview.moves if move.clock is ClockKind.BOOKING]
    assert clock_of(world.desk, request_id).due_at == before.due_at, "a dry run writes nothing"
    outcome = take_in(world.lead, content)
    after = clock_of(world.desk, request_id)
    assert (move.old_due_at, move.new_due_at) == (before.due_at, after.due_at)
    assert after.due_at == datetime(2027, 1, 11, 21, 0, tzinfo=SHANGHAI)
    assert not after.is_provisional
    assert "元旦" in after.derivation
    assert "暂定" not in after.derivation
    assert move.number == world.row(request_id).number
    assert outcome.changes.touches(("calendar_year", "clock_run", "file_entry"))
    assert world.lead.calendar.status_of(2027) is CalendarStatus.OFFICIAL


def test_the_feed_of_the_file_keeps_what_moved(world: World, request_id: int) -> None:
    take_in(world.lead, year(*NEW_YEAR))
    told = [entry for entry in entries(world.desk, file_of(world, request_id)) if "预约时限" in entry.title]
    (entry,) = told
    assert "由 2027-01-06 21:00 改为 2027-01-11 21:00，不再是暂定" in entry.title
    assert SOURCE in entry.detail
    assert "元旦 5 天不计" in entry.detail
    assert entry.service_request_id == request_id


def test_another_list_than_the_accepted_one_is_refused(world: World, request_id: int) -> None:
    content = year(*NEW_YEAR)
    accepted = preview_year(world.lead, content).mark
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药一周",
        paused_at=world.later(hours=1),
    )
    world.run(ResumeRequest, request_id=request_id, resumed_at=world.later(days=2))
    with pytest.raises(RuleViolation) as refused:
        world.lead.execute(ImportCalendarYear(command_id=world.lead.new_id(), content=content, accepted=accepted))
    assert refused.value.code is ErrorCode.IMPORT_PREVIEW_OUTDATED
    assert imports(world.desk) == 0
    assert world.lead.calendar.status_of(2027) is CalendarStatus.PROVISIONAL


def test_a_case_manager_may_look_but_not_change(world: World) -> None:
    assert not load_year_sheet(world.desk, 2026).may_change
    assert load_year_sheet(world.lead, 2026).may_change
    with pytest.raises(RuleViolation) as refused:
        take_in(world.desk, year(*NEW_YEAR))
    assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_the_next_step_of_a_request_follows_its_clock(world: World, request_id: int) -> None:
    feedback = clock_of(world.desk, request_id, ClockKind.FEEDBACK)
    assert world.row(request_id).next_action_due_at == feedback.internal_due_at
    # the 48 hours end on Wednesday 30 December; that evening becomes a day off
    days = tuple(CalendarDayInput(date(2026, 12, day), OFF, "元旦") for day in (29, 30, 31))
    with world.desk.read() as session:
        held = {day.day_on: day for day in load_held(session)}
    content = year(*held.values(), *days, number=2026)
    take_in(world.lead, content)
    after = clock_of(world.desk, request_id, ClockKind.FEEDBACK)
    assert after.due_at == feedback.due_at
    assert after.internal_due_at == datetime(2026, 12, 28, 21, 0, tzinfo=SHANGHAI)
    assert world.row(request_id).next_action_due_at == after.internal_due_at


def load_held(session):
    from lian_desk.services.working_calendar.years import year_that_holds

    held = year_that_holds(session, 2026)
    return [CalendarDayInput(day, kind, held.names.get(day, "")) for day, kind in held.days.items()]


def test_a_step_of_the_desk_leaves_a_day_off(world: World) -> None:
    world.clock.moment = datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI)
    file_id = world.open_file()
    request_id = world.open_request(file_id, ServiceKind.OUTPATIENT_COORDINATION)
    before = world.row(request_id).next_action_due_at
    assert before == datetime(2027, 1, 1, 21, 0, tzinfo=SHANGHAI)
    preview = preview_year(world.lead, year(*NEW_YEAR))
    assert preview.target_count == 1
    take_in(world.lead, year(*NEW_YEAR))
    assert world.row(request_id).next_action_due_at == datetime(2027, 1, 6, 21, 0, tzinfo=SHANGHAI)


def test_an_application_waiting_for_its_answer_moves_too(world: World) -> None:
    world.clock.moment = datetime(2026, 12, 31, 21, 30, tzinfo=SHANGHAI)
    key = world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name="王淑兰",
        need_text="心内科门诊",
    )
    take_in(world.lead, year(*NEW_YEAR))
    with world.desk.read() as session:
        row = session.get_one(IncomingApplication, key)
        assert row.response_due_at == datetime(2027, 1, 6, 9, 5, tzinfo=SHANGHAI)


@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.dates(date(2027, 1, 1), date(2027, 3, 31)).filter(lambda day: day.weekday() < 5),
        st.sampled_from(["元旦", "春节", ""]),
        max_size=12,
    )
)
def test_the_same_year_again_changes_nothing(world: World, days: dict[date, str]) -> None:
    if world.clock.moment < YEAR_END:
        to_requirement(world)
    content = year(*(CalendarDayInput(day, OFF, label) for day, label in days.items()))
    first = take_in(world.lead, content)
    again = take_in(world.lead, content)
    assert again.key == first.key
    assert again.changes.count() == 0
    assert load_year_sheet(world.lead, 2027).history[0].is_in_force


@settings(max_examples=6, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 30),
    st.integers(1, 200),
    st.sets(st.dates(date(2027, 1, 1), date(2027, 2, 28)), min_size=1, max_size=10),
    st.sampled_from([PauseReason.DOCTORS_ORDER, PauseReason.FORCE_MAJEURE]),
)
def test_a_pause_and_an_import_commute(
    world: World, starts: int, lasts: int, days: set[date], reason: PauseReason
) -> None:
    world.clock.moment = YEAR_END
    empty = CalendarYearInput(2027, CalendarStatus.PROVISIONAL, "尚未公布", ())
    take_in(world.lead, empty)
    first, second = to_requirement(world), to_requirement(world)
    paused_at = YEAR_END + timedelta(hours=starts)
    resumed_at = paused_at + timedelta(hours=lasts)

    def pause(request_id: int) -> None:
        world.clock.moment = max(world.clock.moment, resumed_at)
        # the desk that took in the year; another window on the same workspace cannot be open
        by = world.lead
        world.run(PauseRequest, by=by, request_id=request_id, reason=reason, note="按医嘱", paused_at=paused_at)
        world.run(ResumeRequest, by=by, request_id=request_id, resumed_at=resumed_at, note="恢复")

    content = year(*(CalendarDayInput(day, OFF, "放假") for day in sorted(days)))
    pause(first)
    take_in(world.lead, content)
    pause(second)
    for kind in (ClockKind.BOOKING, ClockKind.FEEDBACK):
        one, other = clock_of(world.desk, first, kind), clock_of(world.desk, second, kind)
        assert (one.due_at, one.internal_due_at, one.is_provisional) == (
            other.due_at,
            other.internal_due_at,
            other.is_provisional,
        )


def correct(desk: Desk, preview: CalendarPreview, day: date, kind: DayKind | None, reason: str) -> Outcome:
    return desk.execute(
        CorrectCalendarDay(
            command_id=desk.new_id(), day_on=day, kind=kind, label="", reason=reason, accepted=preview.mark
        )
    )


def test_a_correction_is_a_new_row_that_names_its_reason(world: World) -> None:
    lead, day = world.lead, date(2026, 10, 8)
    assert lead.calendar.is_working_day(day)
    preview = preview_correction(lead, day, OFF, "国庆节", "补发通知延长一天")
    (difference,) = preview.differences
    assert (difference.day_on, difference.before, difference.changes_work) == (day, "工作日", True)
    lead.execute(
        CorrectCalendarDay(
            command_id=lead.new_id(),
            day_on=day,
            kind=OFF,
            label="国庆节",
            reason="补发通知延长一天",
            accepted=preview.mark,
        )
    )
    assert not lead.calendar.is_working_day(day)
    sheet = load_year_sheet(lead, 2026)
    assert sheet.source.endswith("；更正 2026-10-08：补发通知延长一天")
    assert [line.is_in_force for line in sheet.history] == [True, False]
    back = preview_correction(lead, day, None, "", "通知撤回")
    correct(lead, back, day, None, "通知撤回")
    assert lead.calendar.is_working_day(day)
    assert load_year_sheet(lead, 2026).source.count("更正") == 1
    assert imports(lead) == 2


@pytest.mark.parametrize(
    ("day", "kind", "reason", "code"),
    [
        (date(2026, 10, 8), OFF, "  ", ErrorCode.REASON_MISSING),
        (date(2026, 10, 8), WORK, "误", ErrorCode.VALUE_NOT_UNDERSTOOD),
    ],
)
def test_a_correction_without_sense_is_refused(
    lead: Desk, day: date, kind: DayKind, reason: str, code: ErrorCode
) -> None:
    with pytest.raises(RuleViolation) as refused:
        preview_correction(lead, day, kind, "", reason)
    assert refused.value.code is code
    with pytest.raises(RuleViolation):
        lead.execute(
            CorrectCalendarDay(command_id=lead.new_id(), day_on=day, kind=kind, label="", reason=reason, accepted="")
        )


def test_a_clock_set_back_does_not_bring_an_old_import_back(world: World) -> None:
    take_in(world.lead, year(*NEW_YEAR))
    world.clock.moment -= timedelta(days=3)
    take_in(world.lead, year(*NEW_YEAR[:3]))
    assert world.lead.calendar.is_working_day(date(2027, 1, 5))


def test_an_exported_year_is_taken_in_again_without_a_change(lead: Desk, tmp_path: Path) -> None:
    path = tmp_path / "2026.json"
    path.write_text(export_year(lead, 2026), encoding="utf-8")
    found = read_year_file(path)
    assert found.faulty == ()
    assert found.year is not None
    assert found.status is not None
    preview = preview_year(lead, CalendarYearInput(found.year, found.status, found.source, day_inputs(found.rows)))
    assert preview.is_same
    assert preview.differences == ()
    assert preview.moves == ()


def test_the_sheet_of_a_year_says_why_each_day_is_what_it_is(lead: Desk) -> None:
    sheet = load_year_sheet(lead, 2026)
    lines = {line.day_on: line for line in sheet.days}
    assert len(lines) == 365
    assert lines[date(2026, 10, 10)].why == "2026年10月10日 周六 · 调休上班（国庆节）"
    assert lines[date(2026, 10, 1)].why == "2026年10月1日 周四 · 国庆节放假"
    assert sheet.status is CalendarStatus.OFFICIAL
    assert (sheet.count(OFF), sheet.count(WORK)) == (33, 6)
    national = next(line for line in sheet.holidays if line.label == "国庆节")
    assert (national.span, national.make_up) == ("10月1日至7日 共 7 天", "9月20日、10月10日上班")
    unknown = load_year_sheet(lead, 2031)
    assert not unknown.is_known
    assert unknown.days[0].why.endswith("（暂定）")
