"""What the card, the dialogs, the board and the calendar read: right words, few statements, no scan, no sort in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.request_states import TRANSITIONS
from lian_desk.models.vocabulary import (
    ClockKind,
    ClockState,
    ExpertTitle,
    MaterialKind,
    NextAction,
    RequestStatus,
    Role,
    ServiceKind,
)
from lian_desk.services.bookings import RecordNotBooked
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.bookings import BookingSource, load_calendar_days
from lian_desk.services.listings.service_requests import STAGES, ServiceRequestSource, count_stages
from lian_desk.services.request_views.actions import ActionFacts, RequestAction, journey, offers
from lian_desk.services.request_views.forms import load_evidence_choices, load_new_request, load_review, load_start
from lian_desk.services.request_views.requirement_form import ask_rules, load_requirement_form, search_hospitals
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.service_requests import BeginCoordination, RequirementGiven
from lian_desk.services.service_requests.reversing import ReverseStart
from tests.desk_world import RENOWNED, World

K = ServiceKind
S = RequestStatus


@contextmanager
def _statements(desk: Desk) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(desk.database.read_engine, "before_cursor_execute", note)
    yield seen
    event.remove(desk.database.read_engine, "before_cursor_execute", note)


def _plan(desk: Desk, statement: object) -> str:
    compiled = statement.compile(desk.database.read_engine, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    with desk.read() as session:
        rows = session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
    return "\n".join(str(row[3]) for row in rows)


def test_the_card_of_a_coordinated_request(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    world.run(BeginCoordination, request_id=request_id)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert (view.kind, view.ordinal, view.insured_name) == (K.OUTPATIENT_COORDINATION, 1, "王*兰")
    assert view.journey.steps == ("申请", "审核", "需求", "协调", "确认", "就诊", "随访")
    assert (view.journey.current, view.journey.word) == (3, "协调中")
    assert view.offers[0].action is RequestAction.GIVE_FEEDBACK
    assert [offer.is_primary for offer in view.offers].count(True) == 1
    assert view.requirement is not None
    assert view.requirement.hospital is not None
    assert view.requirement.hospital.is_on_list
    feedback = view.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert feedback.state is ClockState.RUNNING
    assert view.running_clock == feedback
    assert view.balance is not None
    assert view.balance.left == 3
    assert "扣 1 次权益" in view.notice
    assert {"R57", "R58", "R46", "R80"} <= {clause.id for clause in view.clauses}
    kinds = {line.kind: line.paper_count for line in view.checklist}
    assert kinds[MaterialKind.OUTPATIENT_RECORD] == 1
    world.later(days=3)
    late = load_request_view(world.desk, request_id)
    assert late is not None
    assert late.clock(ClockKind.FEEDBACK) is not None
    assert late.clocks[0].state is ClockState.BROKEN


def test_a_promise_that_ran_out_before_the_end_stays_broken_and_one_called_off_is_silent(world: World) -> None:
    file_id = world.open_file()
    late, early = world.to_started(file_id), world.to_started(file_id, K.SURGERY_COORDINATION)
    world.run(RecordNotBooked, request_id=early, reason="医院无床")
    world.later(days=30)
    world.run(RecordNotBooked, request_id=late, reason="医院无号")
    ended, called_off = (load_request_view(world.desk, key) for key in (late, early))
    assert ended is not None
    assert called_off is not None
    booking = ended.clock(ClockKind.BOOKING)
    assert booking is not None
    assert (booking.state, booking.stopped_at) == (ClockState.BROKEN, world.clock.moment)
    assert ended.running_clock is None
    assert called_off.clock(ClockKind.BOOKING) is None


def test_the_ordinal_counts_requests_of_the_same_service(world: World) -> None:
    file_id = world.open_file()
    world.open_request(file_id)
    world.open_request(file_id, K.CASE_MANAGEMENT)
    second = load_request_view(world.desk, world.open_request(file_id))
    assert second is not None
    assert second.ordinal == 2


@pytest.mark.parametrize("kind", list(K))
def test_every_open_status_offers_something_and_marks_one_step(kind: ServiceKind) -> None:
    """No silent case: wherever the table lets a request stand, the card has a next step."""
    reachable = {row.source for row in TRANSITIONS if kind in row.kinds} - {S.PAUSED}
    closed = {row.target for row in TRANSITIONS if row.is_exit} | {S.ARCHIVED}
    booked_only = {S.AWAITING_START, S.STARTED, S.BOOKED, S.ARRIVED}
    for status in reachable - closed - (booked_only if kind is K.CASE_MANAGEMENT else set()):
        if status is S.IN_PROGRESS and kind in {K.CASE_MANAGEMENT, K.OUTPATIENT_COORDINATION, K.EXPEDITED_EXAMINATION}:
            continue
        for next_action in NextAction:
            facts = ActionFacts(status=status, kind=kind, next_action=next_action)
            found = offers(facts)
            assert [offer.is_primary for offer in found].count(True) <= 1
            place = journey(facts)
            assert 0 <= place.current < len(place.steps)
        assert offers(ActionFacts(status=status, kind=kind, next_action=NextAction.NONE)), status


def test_a_lead_alone_is_offered_the_reversal() -> None:
    facts = ActionFacts(status=S.NOT_BOOKED, kind=K.OUTPATIENT_COORDINATION, next_action=NextAction.NONE)
    assert offers(facts) == ()
    by_lead = ActionFacts(
        status=S.NOT_BOOKED, kind=K.OUTPATIENT_COORDINATION, next_action=NextAction.NONE, role=Role.TEAM_LEAD
    )
    assert [offer.action for offer in offers(by_lead)] == [RequestAction.REVERSE_START, RequestAction.REOPEN]


def test_a_use_that_was_given_back_is_not_offered_again(world: World) -> None:
    request_id = world.to_started(world.open_file())
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    before = load_request_view(world.lead, request_id)
    world.run(ReverseStart, by=world.lead, request_id=request_id, reason="无号源", evidence=world.evidence())
    after = load_request_view(world.lead, request_id)
    assert before is not None
    assert after is not None
    assert [offer.action for offer in before.offers] == [RequestAction.REVERSE_START, RequestAction.REOPEN]
    assert after.offers == ()


def test_a_new_request_shows_balances_and_why_a_service_is_out(world: World) -> None:
    file_id = world.open_file()
    for _ in range(3):
        world.to_started(file_id)
    view = load_new_request(world.desk, file_id)
    by_kind = {offer.kind: offer for offer in view.kinds}
    assert by_kind[K.CASE_MANAGEMENT].balance is None
    assert by_kind[K.INPATIENT_COORDINATION].reasons == ()
    out = by_kind[K.OUTPATIENT_COORDINATION].reasons[0]
    assert (out.code, out.clause.id) == (ErrorCode.ENTITLEMENT_EXHAUSTED, "R12")
    assert out.words == "门诊协调的权益次数已用完，不能再开启。"


def test_the_review_tells_what_the_rules_found(world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id, K.INPATIENT_COORDINATION)
    view = load_review(world.desk, request_id)
    assert view is not None
    assert (view.identity.passes, view.entitlement.passes, view.material.passes) == (True, True, False)
    assert "缺入院通知单（R40）" in view.material.lines
    world.material(file_id)
    again = load_review(world.desk, request_id)
    assert again is not None
    assert again.material.passes


def test_the_rules_answer_while_a_requirement_is_typed(world: World) -> None:
    hospital = world.hospital()
    given = RequirementGiven(
        hospital_id=hospital,
        department_text="口腔科",
        expert_title=ExpertTitle.CHIEF_PHYSICIAN,
        expert_honours=RENOWNED,
        preferred_from_on=date(2026, 10, 8),
    )
    answer = ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given)
    assert [(line.field, line.clause.id) for line in answer.reasons] == [("department_text", "R34")]
    assert (answer.is_renowned, answer.limit_days, answer.limit_clause) == (True, 15, "R59")


def test_hospitals_are_found_by_name_city_and_initials(world: World) -> None:
    assert any(line.name == "复旦大学附属中山医院" for line in search_hospitals(world.desk, "中山"))
    assert search_hospitals(world.desk, "  ") == ()
    found = search_hospitals(world.desk, "上海 肿瘤")
    assert found
    assert all(line.city == "上海市" for line in found)


def test_the_start_shows_its_clauses_in_full_and_who_may_speak(world: World) -> None:
    request_id = world.to_awaiting(world.open_file())
    view = load_start(world.desk, request_id)
    assert view is not None
    assert {"R46", "R48", "R49", "R50", "R80"} <= {clause.id for clause in view.warning}
    assert all(clause.text for clause in view.warning)
    assert [speaker.value for speaker in view.evidence.speakers] == ["insured"]
    by_lead = load_evidence_choices(world.lead, request_id)
    assert [speaker.value for speaker in by_lead.speakers] == ["insured", "agent"]


def test_the_requirement_dialog_starts_from_the_last_version(world: World) -> None:
    request_id = world.to_requirement(world.open_file(), K.INPATIENT_COORDINATION)
    form = load_requirement_form(world.desk, request_id)
    assert form is not None
    assert (form.is_revision, form.notice_kind) == (True, MaterialKind.ADMISSION_NOTICE)
    assert form.given.department_text == "心内科"
    assert form.hospital is not None
    assert form.notice_hospital == form.hospital


def test_the_board_reads_a_page_in_one_statement_and_a_search_in_one(world: World) -> None:
    file_id = world.open_file()
    made = [world.to_booked(file_id), world.to_started(file_id), world.open_request(file_id)]
    source = ServiceRequestSource(world.desk)
    with _statements(world.desk) as seen:
        keys = source.keys(ListQuery())
    assert len(seen) == 1
    assert sorted(keys) == sorted(made)
    with _statements(world.desk) as seen:
        rows = source.rows(keys)
    assert len(seen) == 1
    booked = rows[made[0]]
    assert (booked.status, booked.hospital, booked.insured_name) == (S.BOOKED, "复旦大学附属中山医院", "王*兰")
    assert booked.visit_at is not None
    by_stage = {stage: list(source.keys(ListQuery().with_filter("stage", stage))) for stage in STAGES}
    assert by_stage["booked"] == [made[0]]
    assert by_stage["coordinating"] == [made[1]]
    assert by_stage["review"] == [made[2]]
    counts = count_stages(world.desk)
    assert (counts.by_stage["booked"], counts.by_kind[K.OUTPATIENT_COORDINATION]) == (1, 3)


def test_the_calendar_knows_working_days_festivals_and_visits(world: World) -> None:
    request_id = world.to_booked(world.open_file())
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.booking is not None
    days = load_calendar_days(world.desk, date(2026, 9, 28), 42)
    by_day = {day.on: day for day in days}
    assert by_day[date(2026, 10, 1)].festival
    assert not by_day[date(2026, 10, 1)].is_working_day
    assert by_day[date(2026, 10, 10)].is_working_day
    visit_on = world.clock.moment.date() + timedelta(days=10)
    assert [row.request_id for row in by_day[visit_on].bookings] == [request_id]


@pytest.mark.parametrize(
    "query",
    [
        ListQuery(),
        ListQuery(descending=True),
        ListQuery().with_filter("kind", "outpatient_coordination"),
        ListQuery().with_filter("mine", 1),
        *(ListQuery().with_filter("stage", stage) for stage in STAGES),
        *(
            ListQuery().with_filter("stage", stage).with_filter("kind", "outpatient_coordination")
            for stage in ("review", "booked")
        ),
    ],
)
def test_the_board_sorts_from_an_index(world: World, query: ListQuery) -> None:
    plan = _plan(world.desk, ServiceRequestSource(world.desk).key_statement(query, 128))
    assert "TEMP B-TREE" not in plan, plan
    assert "SCAN service_request" not in plan or "USING" in plan, plan


@pytest.mark.parametrize(
    "query",
    [
        ListQuery(),
        ListQuery().with_filter("from", "2026-09-28").with_filter("to", "2026-10-05"),
        ListQuery().with_filter("kind", "surgery_coordination"),
    ],
)
def test_the_calendar_reads_from_the_index_of_standing_bookings(world: World, query: ListQuery) -> None:
    plan = _plan(world.desk, BookingSource(world.desk).key_statement(query))
    assert "TEMP B-TREE" not in plan, plan
    assert "ix_booking_fell_through_at_visit_at_id" in plan, plan
