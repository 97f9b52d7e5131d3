"""二·5 检查加急, 服务流程 4 to 6: booked and told, examined, followed up, updated."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.tour.acts import bookings, care, services
from lian_desk.tour.acts.papers_on_disk import NOTICES
from lian_desk.tour.people import ADULT
from tests.end_to_end.flow import Flow

KIND = ServiceKind.EXPEDITED_EXAMINATION


@pytest.fixture(scope="module")
def flow(stage):
    flow = Flow(stage, ADULT, KIND).beginning([NOTICES[2]])
    robot = flow.robot

    def start():
        services.give_feedback(robot)
        services.confirm_start(robot)

    def book():
        bookings.record_booking(robot, "2026-10-10 09:30")
        bookings.send_instructions(robot)

    def come():
        robot.until(datetime(2026, 10, 10, 9, 40, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        bookings.record_attendance(robot, "记录接受检查")

    def over():
        robot.until(datetime(2026, 10, 10, 11, 0, tzinfo=SHANGHAI))
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
    """4. 专案管家完成检查预约，并反馈您预约结果，提醒您检查注意事项."""
    seen = flow.after("book")
    assert seen.request.status is RequestStatus.BOOKED
    assert seen.request.booking.instructions_sent_at is not None


def test_you_are_examined_at_the_booked_time(flow):
    """5. 您按照预约时间前往医院接受检查."""
    seen = flow.after("come")
    assert seen.request.status is RequestStatus.ARRIVED
    assert "检查加急已接受检查" in seen.titles


def test_after_the_examination_the_follow_up_is_done_and_the_file_updated(flow):
    """6. 在您检查完成后，专案管家对您进行随访，并完成就医协助服务档案的更新."""
    done, archived = flow.after("follow_up"), flow.after("archive")
    assert done.request.open_follow_up_id is None
    assert any(title.startswith("随访（") for title in done.titles)
    assert archived.request.status is RequestStatus.ARCHIVED
    assert "检查加急完成档案更新并归档" in archived.titles
    assert archived.uses_left(KIND) == 2
