"""二·5 检查加急, 服务流程: the order of an outpatient visit, three working days, and a cancellation that counts as used."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind, MaterialKind, RequestStatus, ServiceKind
from lian_desk.services.words.formats import local
from lian_desk.tour.acts import bookings, materials, papers_on_disk, services
from lian_desk.tour.people import ADULT
from lian_desk.tour.robot import RobotStuck, complaints
from tests.end_to_end.flow import Flow

KIND = ServiceKind.EXPEDITED_EXAMINATION


@pytest.fixture(scope="module")
def flow(stage):
    flow = Flow(stage, ADULT, KIND).beginning()
    robot = flow.robot

    def without_notice():
        """The requirement is tried before the order is in: it stays open and says what is missing."""
        with pytest.raises(RobotStuck, match="没有提交"):
            services.confirm_without_notice(robot, KIND)
        flow.refusal = " ".join(complaints(robot.front()))
        robot.clear_away()

    def send_notice():
        sent = papers_on_disk.draw_papers(ADULT, flow.stage.folder / "sent", (papers_on_disk.NOTICES[2],))
        materials.take_in(robot, sent)
        materials.classify_all(robot, sent)

    def start():
        services.give_feedback(robot)
        services.confirm_start(robot)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("without_notice", without_notice),
        ("notice", send_notice),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("start", start),
        ("cancel", lambda: bookings.cancel_by_insured(robot)),
    )


def test_without_the_order_of_the_hospital_no_requirement_is_confirmed(flow):
    seen = flow.after("without_notice")
    assert seen.request.status is RequestStatus.UNDER_REVIEW
    assert seen.request.requirement is None
    assert flow.refusal


def test_the_requirement_cites_the_order_of_an_outpatient_visit(flow):
    requirement = flow.after("requirement").request.requirement
    assert requirement.notice_kind is MaterialKind.EXAMINATION_NOTICE
    assert requirement.examination == "增强 CT"


def test_the_booking_limit_is_three_working_days_over_the_holiday(flow):
    clock = flow.after("requirement").request.clock(ClockKind.BOOKING)
    assert local(clock.due_at) == datetime(2026, 10, 10, 21, 0, tzinfo=SHANGHAI)


def test_a_cancellation_after_the_start_counts_as_used(flow):
    seen = flow.after("cancel")
    assert seen.request.status is RequestStatus.CANCELLED_BY_INSURED
    assert seen.uses_left(KIND) == 2
