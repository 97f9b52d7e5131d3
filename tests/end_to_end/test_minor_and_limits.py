"""三·1 未成年人由监护人代为启用服务; 三·1 不可转让; and what the window says to wrong input."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import func, select

from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import RequestStatus, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.tour.acts import intake, services
from lian_desk.tour.people import ADULT, LONG, MINOR
from lian_desk.tour.robot import RobotStuck
from tests.end_to_end.flow import Flow

TWIN = dataclasses.replace(ADULT, name="令狐晚照", born_on=date(1980, 4, 8), policy_number="8899000312009")
KIND = ServiceKind.OUTPATIENT_COORDINATION


def count_files(desk):
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(AssistanceFile))


@pytest.fixture(scope="module")
def minor(stage):
    flow = Flow(stage, MINOR, KIND).beginning()
    robot = flow.robot

    def start():
        services.give_feedback(robot)
        services.confirm_start(robot)

    return flow.chain(
        ("review", lambda: services.review(robot)),
        ("requirement", lambda: services.confirm_requirement(robot, KIND)),
        ("start", start),
    )


def test_a_child_has_a_guardian_who_signed_the_authorization(minor):
    file = minor.after("open_file").file
    assert file.is_minor
    assert file.guardian.name == MINOR.guardian
    assert file.authorization.signer_name == MINOR.guardian


def test_the_guardian_starts_the_service_for_the_child(minor):
    seen = minor.after("start")
    assert seen.request.status is RequestStatus.STARTED
    assert seen.uses_left(KIND) == 2
    assert any("监护人" in f"{line.title} {line.detail}" for line in seen.file.feed)


@pytest.fixture
def robot(stage):
    stage.robot.clear_away()
    yield stage.robot
    stage.robot.clear_away()


def test_a_wrong_identity_number_keeps_everything_typed(stage, robot):
    before = count_files(stage.running.context.desk)
    last = "1" if ADULT.identity_number[-1] == "0" else "0"
    robot.keys("Ctrl+N")
    robot.opened_dialog("新建档案")
    intake.fill_in_file(robot, ADULT)
    robot.fill("identity_number", ADULT.identity_number[:-1] + last)
    with pytest.raises(RobotStuck):
        robot.submit()
    assert robot.field("identity_number").error
    assert robot.field("name").raw() == ADULT.name
    assert robot.field("history_allergy").raw() == "青霉素"
    assert count_files(stage.running.context.desk) == before
    robot.cancel()


def test_the_same_person_is_not_entered_twice(stage, robot):
    desk = stage.running.context.desk
    intake.open_file(robot, TWIN)
    before = count_files(desk)
    robot.keys("Ctrl+N")
    robot.opened_dialog("新建档案")
    intake.fill_in_file(robot, TWIN)
    with pytest.raises(RobotStuck, match="已"):
        robot.submit()
    assert count_files(desk) == before
    assert robot.has_button("打开已有档案")
    robot.cancel()


def test_a_very_long_name_with_a_rare_character_is_kept_whole(stage, robot):
    desk = stage.running.context.desk
    with desk.read() as session:
        held = session.scalars(select(AssistanceFile.id)).all()
    names = [load_file_view(desk, key, revealed=True).insured_name for key in held]
    if LONG.name not in names:
        names.append(load_file_view(desk, intake.open_file(robot, LONG), revealed=True).insured_name)
    assert names.count(LONG.name) == 1
