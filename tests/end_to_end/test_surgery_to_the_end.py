"""二·4 手术协调, 服务流程 4 to 7: booked and told, registered, followed through the surgery, followed up, updated."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.tour.acts import bookings, care, services
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

    def book():
        bookings.record_booking(robot, "2026-10-12 09:30")
        bookings.send_instructions(robot)

    def come():
        robot.until(datetime(2026, 10, 12, 9, 40, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        bookings.record_attendance(robot, "记录手术登记")

    def over():
        robot.until(datetime(2026, 10, 13, 10, 0, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        bookings.complete(robot)

    def follow_up():
        robot.until(datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        care.finish_plan(robot, flow.request_id)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("start", start),
        ("book", book),
        ("come", come),
        ("over", over),
        ("follow_up", follow_up),
        ("archive", lambda: care.archive(robot)),
    )


def test_the_booking_is_completed_fed_back_and_the_instructions_are_told(flow):
    """4. 专案管家完成手术预约，并反馈您预约结果，提醒您手术注意事项."""
    seen = flow.after("book")
    assert seen.request.status is RequestStatus.BOOKED
    assert seen.request.booking.instructions_sent_at is not None


def test_you_register_for_the_surgery_at_the_booked_time(flow):
    """5. 您按照预约时间前往医院办理手术登记手续."""
    seen = flow.after("come")
    assert seen.request.status is RequestStatus.IN_PROGRESS
    assert "手术协调已办理手术登记手续" in seen.titles


def test_during_the_surgery_its_progress_has_the_case_managers_whole_attention(flow):
    """6. 在您手术期间，专案管家将全程关注您手术进展: the next note is due, and never a day without a next step."""
    seen = flow.after("come")
    assert seen.request.open_follow_up_id is not None
    assert seen.request.next_action_due_at is not None


def test_after_the_discharge_the_follow_up_is_done_and_the_file_updated(flow):
    """7. 在您手术完成出院后，专案管家对您进行手术后随访，并完成就医协助服务档案的更新."""
    over, done, archived = flow.after("over"), flow.after("follow_up"), flow.after("archive")
    assert over.request.status is RequestStatus.FOLLOWING_UP
    assert over.request.open_follow_up_id is not None
    assert done.request.open_follow_up_id is None
    assert archived.request.status is RequestStatus.ARCHIVED
    assert "手术协调完成档案更新并归档" in archived.titles
    assert archived.uses_left(KIND) == 2
