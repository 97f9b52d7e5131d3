"""二·4 手术协调, 服务流程: the surgeon's notice, and the registration that was missed."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind, MaterialKind, RequestStatus, ServiceKind
from lian_desk.services.words.formats import local
from lian_desk.tour.acts import bookings, services
from lian_desk.tour.acts.papers_on_disk import NOTICES
from lian_desk.tour.people import ADULT
from tests.end_to_end.flow import Flow

KIND = ServiceKind.SURGERY_COORDINATION


@pytest.fixture(scope="module")
def flow(stage):
    flow = Flow(stage, ADULT, KIND).beginning([NOTICES[1]])
    robot = flow.robot

    def start():
        services.give_feedback(robot)
        services.confirm_start(robot)

    def miss():
        robot.until(datetime(2026, 10, 13, 14, 0, tzinfo=SHANGHAI))
        bookings.record_no_show(robot)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("start", start),
        ("book", lambda: bookings.record_booking(robot, "2026-10-12 09:30")),
        ("told", lambda: bookings.send_instructions(robot)),
        ("miss", miss),
    )


def test_the_requirement_cites_the_surgery_notice_and_the_surgeon(flow):
    requirement = flow.after("requirement").request.requirement
    assert requirement.notice_kind is MaterialKind.SURGERY_NOTICE
    assert requirement.expert_name


def test_the_booking_limit_is_fifteen_working_days(flow):
    clock = flow.after("requirement").request.clock(ClockKind.BOOKING)
    assert local(clock.due_at) == datetime(2026, 10, 27, 21, 0, tzinfo=SHANGHAI)


def test_the_result_and_the_instructions_are_told(flow):
    assert flow.after("told").request.booking.instructions_sent_at is not None


def test_a_missed_registration_counts_as_used_and_ends_the_service(flow):
    started, missed = flow.after("start"), flow.after("miss")
    assert missed.request.status is RequestStatus.NO_SHOW
    assert not missed.request.is_open
    assert started.uses_left(KIND) == missed.uses_left(KIND) == 2
