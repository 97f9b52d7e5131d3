"""二·3 住院协调, 服务流程: the notice, the stop by the hospital, the stay that is followed."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import ClockKind, MaterialKind, RequestStatus, ServiceKind
from lian_desk.services.words.formats import local
from lian_desk.tour.acts import bookings, care, services
from lian_desk.tour.acts.papers_on_disk import NOTICES
from lian_desk.tour.people import ADULT
from tests.end_to_end.flow import Flow

KIND = ServiceKind.INPATIENT_COORDINATION


@pytest.fixture(scope="module")
def flow(stage):
    flow = Flow(stage, ADULT, KIND).beginning([NOTICES[0]])
    robot = flow.robot

    def start():
        services.give_feedback(robot)
        services.confirm_start(robot)

    def admit():
        robot.until(datetime(2026, 10, 19, 10, 0, tzinfo=SHANGHAI))
        bookings.record_attendance(robot, "记录入院")

    def progress():
        robot.until(datetime(2026, 10, 20, 16, 0, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        services.do(robot, "记录住院进展")
        care.record_follow_up(robot)

    def discharge():
        robot.until(datetime(2026, 10, 21, 9, 30, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        bookings.complete(robot)

    def after_stay():
        robot.until(datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI))
        services.show_request(robot, flow.request_id, KIND)
        care.finish_plan(robot, flow.request_id)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("start", start),
        ("book", lambda: bookings.record_booking(robot, "2026-10-12 08:30")),
        ("stop", lambda: bookings.reschedule_by_hospital(robot)),
        ("again", lambda: bookings.record_booking(robot, "2026-10-19 08:30")),
        ("told", lambda: bookings.send_instructions(robot)),
        ("admit", admit),
        ("progress", progress),
        ("discharge", discharge),
        ("after_stay", after_stay),
        ("archive", lambda: care.archive(robot)),
    )


def test_the_requirement_cites_the_admission_notice(flow):
    requirement = flow.after("requirement").request.requirement
    assert requirement.notice_kind is MaterialKind.ADMISSION_NOTICE
    assert requirement.notice_on.isoformat() == "2026-09-20"


def test_the_booking_limit_is_seven_working_days(flow):
    clock = flow.after("requirement").request.clock(ClockKind.BOOKING)
    assert local(clock.due_at) == datetime(2026, 10, 15, 21, 0, tzinfo=SHANGHAI)


def test_the_start_deducts_a_use_of_this_service_alone(flow):
    seen = flow.after("start")
    assert [balance.left for balance in seen.file.balances.values()].count(2) == 1
    assert seen.uses_left(KIND) == 2


def test_a_stop_by_the_hospital_costs_nothing_and_asks_for_another_date(flow):
    seen = flow.after("stop")
    assert seen.request.status is RequestStatus.STARTED
    assert seen.uses_left(KIND) == 2


def test_the_same_request_is_booked_again(flow):
    booked, again = flow.after("book"), flow.after("again")
    assert again.request.request_id == booked.request.request_id
    assert again.request.status is RequestStatus.BOOKED
    assert local(again.request.booking.visit_at).day == 19
    assert again.uses_left(KIND) == 2


def test_admission_begins_the_stay_that_is_followed(flow):
    seen = flow.after("admit")
    assert seen.request.status is RequestStatus.IN_PROGRESS
    assert seen.request.open_follow_up_id is not None


def test_discharge_opens_the_follow_up_after_the_stay(flow):
    seen = flow.after("discharge")
    assert seen.request.status in {RequestStatus.SERVICE_COMPLETED, RequestStatus.FOLLOWING_UP}
    assert seen.request.open_follow_up_id is not None


def test_during_the_stay_its_progress_is_followed_throughout(flow):
    """6. 在您住院期间，专案管家将全程关注您住院进展: a note each working day, and no gap is warned of."""
    seen = flow.after("progress")
    assert seen.request.status is RequestStatus.IN_PROGRESS
    assert any("在院跟进" in title for title in seen.titles)
    assert seen.request.notice == ""
    assert seen.request.open_follow_up_id is not None


def test_after_the_discharge_the_follow_up_is_done_and_the_file_updated(flow):
    """7. 在您出院后，专案管家对您进行住院后随访，并完成就医协助服务档案的更新."""
    done, archived = flow.after("after_stay"), flow.after("archive")
    assert done.request.open_follow_up_id is None
    assert any("出院" in title or "住院后" in title for title in done.titles)
    assert archived.request.status is RequestStatus.ARCHIVED
    assert "住院协调完成档案更新并归档" in archived.titles
    assert archived.uses_left(KIND) == 2
