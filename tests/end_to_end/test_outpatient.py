"""二·2 门诊协调, 服务流程: the six steps at the window, and what the handbook says of the use."""

from datetime import date, datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind, ClockState, RequestStatus, ServiceKind
from lian_desk.services.words.formats import local
from lian_desk.tour.acts import bookings, care, services
from lian_desk.tour.people import ADULT
from lian_desk.tour.robot import RobotStuck
from tests.end_to_end.flow import Flow, minutes

KIND = ServiceKind.OUTPATIENT_COORDINATION


@pytest.fixture(scope="module")
def flow(stage):
    flow = Flow(stage, ADULT, KIND).beginning()
    robot = flow.robot

    def feedback():
        robot.later(30)
        bookings.record_attempt(robot)
        services.give_feedback(robot)

    def start():
        robot.later(10)
        services.confirm_start(robot)

    def book():
        robot.later(20)
        bookings.record_booking(robot, "2026-10-13 09:00")
        bookings.send_instructions(robot)

    def visit():
        robot.until(datetime(2026, 10, 13, 11, 0, tzinfo=SHANGHAI))
        bookings.record_attendance(robot)

    def follow_up():
        robot.until(datetime(2026, 10, 14, 10, 30, tzinfo=SHANGHAI))
        care.follow_up_from_request(robot, education="复查与报告")

    def plan_done():
        robot.until(datetime(2026, 11, 12, 10, 30, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        care.finish_plan(robot, flow.request_id)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("feedback", feedback),
        ("start", start),
        ("book", book),
        ("visit", visit),
        ("complete", lambda: bookings.complete(robot)),
        ("follow_up", follow_up),
        ("plan_done", plan_done),
        ("archive", lambda: care.archive(robot)),
    )


def test_the_application_becomes_a_request_with_the_customers_need(flow):
    seen = flow.after("request")
    assert seen.request.status is RequestStatus.SUBMITTED
    assert seen.request.kind is KIND
    assert "上海" in seen.request.need_text


def test_the_review_checks_identity_entitlement_and_materials(flow):
    seen = flow.after("review")
    assert seen.request.status is RequestStatus.UNDER_REVIEW
    (line,) = [line for line in seen.file.feed if "审核通过" in line.title]
    for word in ("身份", "权益", "材料"):
        assert word in line.detail


def test_the_confirmed_requirement_starts_48_hours_and_the_limit_of_a_renowned_expert(flow):
    seen = flow.after("requirement")
    assert seen.request.status is RequestStatus.REQUIREMENT_CONFIRMED
    assert seen.request.requirement.is_renowned
    feedback, booking = seen.request.clock(ClockKind.FEEDBACK), seen.request.clock(ClockKind.BOOKING)
    assert feedback.due_at - feedback.started_at == minutes(48 * 60)
    # 15 working days from 30 September, over the holiday, with 10 October as a working Saturday
    assert local(booking.due_at) == datetime(2026, 10, 27, 21, 0, tzinfo=SHANGHAI)
    assert seen.uses_left(KIND) == 3


def test_the_feedback_within_48_hours_stops_its_clock(flow):
    clock = flow.after("feedback").request.clock(ClockKind.FEEDBACK)
    assert clock.state is ClockState.KEPT


def test_the_confirmed_start_deducts_one_use(flow):
    before, after = flow.after("feedback"), flow.after("start")
    assert (before.uses_left(KIND), after.uses_left(KIND)) == (3, 2)
    assert after.request.status is RequestStatus.STARTED
    assert "扣除权益 1 次" in " ".join(after.titles)


def test_the_booking_is_made_told_and_locked(flow):
    seen = flow.after("book")
    assert seen.request.status is RequestStatus.BOOKED
    assert local(seen.request.booking.visit_at) == datetime(2026, 10, 13, 9, 0, tzinfo=SHANGHAI)
    assert seen.request.booking.instructions_sent_at is not None
    assert seen.request.clock(ClockKind.BOOKING).state is ClockState.KEPT
    offered = {offer.action.value for offer in seen.request.offers}
    assert not offered & {"revise_requirement", "record_booking", "withdraw"}


def test_you_visit_at_the_booked_time(flow):
    assert flow.after("visit").request.status is RequestStatus.ARRIVED


def test_completion_opens_the_follow_up_plan(flow):
    seen = flow.after("complete")
    assert seen.request.status in {RequestStatus.SERVICE_COMPLETED, RequestStatus.FOLLOWING_UP}
    assert seen.request.open_follow_up_id is not None


def test_follow_up_and_the_update_of_the_file_end_the_service(flow):
    seen = flow.after("archive")
    assert seen.request.status is RequestStatus.ARCHIVED
    assert seen.uses_left(KIND) == 2
    assert any("随访" in title for title in seen.titles)
    assert seen.at.date() == date(2026, 11, 12)
    assert sum(title.startswith("随访（") for title in seen.titles) == 3


def test_an_archived_request_offers_no_further_step(flow):
    flow.after("archive")
    services.show_request(flow.robot, flow.request_id, KIND)
    with pytest.raises(RobotStuck):
        services.do(flow.robot, "客户取消")
