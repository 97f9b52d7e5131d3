"""二·1 专案管家, 服务流程: the five steps at the window."""

import pytest
from sqlalchemy import select

from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.vocabulary import HistoryKind, MaterialState, RequestStatus, ServiceKind
from lian_desk.services.service_requests.applications import load_application
from lian_desk.tour.acts import bookings, care, papers, services
from lian_desk.tour.people import ADULT
from tests.end_to_end.flow import Flow, minutes

KIND = ServiceKind.CASE_MANAGEMENT


@pytest.fixture(scope="module")
def flow(stage, tmp_path_factory):
    flow = Flow(stage, ADULT, KIND).beginning()
    robot = flow.robot
    folder = tmp_path_factory.mktemp("papers")

    def follow_up():
        robot.until(flow.desk.clock.now() + minutes(60 * 24 * 9))
        services.do(robot, "记录随访")
        care.record_follow_up(robot, education="复查与报告")
        care.record_education(robot, "遵医嘱用药")
        care.plan_reminder(robot, "2026-10-09 16:00", "复查前一日空腹")
        care.send_reminder(robot)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("plan", lambda: services.confirm_requirement(robot, KIND)),
        ("summary", lambda: flow.papers.append(papers.export_summary(robot, folder))),
        ("complete", lambda: bookings.complete(robot)),
        ("follow_up", follow_up),
        ("record", lambda: flow.papers.append(papers.export_record(robot, folder))),
    )


def test_you_apply_by_wecom_and_are_answered_within_five_minutes(flow):
    flow.after("apply")
    with flow.desk.read() as session:
        key = session.scalars(select(IncomingApplication.id)).one()
    application = load_application(flow.desk, key)
    assert application.contact_name == ADULT.masked
    assert application.responded_at - application.received_at == minutes(2)
    assert application.response_due_at - application.received_at == minutes(5)


def test_the_case_manager_confirms_identity_and_opens_the_electronic_file(flow):
    file = flow.after("open_file").file
    assert file.insured_name == ADULT.name
    assert file.identity_number == ADULT.identity_number
    assert file.born_on == ADULT.born_on
    assert file.policy_number == ADULT.policy_number
    assert file.authorization is not None
    assert [line.name for line in file.diseases] == ["较重急性心肌梗死"]


def test_the_health_condition_is_asked_for_kind_by_kind(flow):
    history = flow.after("open_file").file.history
    texts = {kind: [line.text for line in history if line.kind is kind] for kind in HistoryKind}
    assert texts[HistoryKind.CONDITION] == ["高血压", "高脂血症"]
    assert texts[HistoryKind.MEDICATION] == ["阿司匹林肠溶片"]
    assert texts[HistoryKind.ALLERGY] == ["青霉素"]


def test_you_submit_medical_records_and_the_need(flow):
    seen = flow.after("request")
    (paper,) = seen.file.materials
    assert paper.state is MaterialState.CONFIRMED
    assert seen.request.need_text
    assert seen.request.status is RequestStatus.SUBMITTED


def test_history_and_medication_are_at_hand_for_the_visit(flow):
    seen = flow.after("summary")
    assert seen.request.status is RequestStatus.REQUIREMENT_CONFIRMED
    assert "诊前整理病历" in seen.request.requirement.preference
    content = flow.papers[0].read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 10_000


def test_follow_up_education_and_reminders_are_written_into_the_file(flow):
    seen = flow.after("follow_up")
    titles = " ".join(seen.titles)
    for word in ("随访", "宣教", "提醒"):
        assert word in titles
    assert seen.request.status is RequestStatus.FOLLOWING_UP


def test_the_service_is_not_limited_in_number(flow):
    seen = flow.after("record")
    assert KIND not in seen.file.balances
    assert [balance.left for balance in seen.file.balances.values()] == [3, 3, 3, 3]
    assert flow.papers[1].read_bytes().startswith(b"%PDF-")
