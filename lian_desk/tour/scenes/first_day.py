"""The first day: the dialogs before the window opens, and pages that hold nothing yet."""

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.story import Tour
from lian_desk.ui.page_table import PAGES
from lian_desk.ui.sign_in.first_start_dialog import FirstStartDialog
from lian_desk.ui.sign_in.presenter import Question
from lian_desk.ui.sign_in.start_problem_dialog import StartProblemDialog
from lian_desk.ui.sign_in.unlock_dialog import UnlockDialog


def sign_in(tour: Tour) -> None:
    """新建工作区, 解锁, and a start that is refused: filled in, looked at, left."""
    robot = tour.robot
    # no path of this computer in a picture
    folder = tour.stage.folder.relative_to(tour.stage.folder.parent) / "workspace"
    first = FirstStartDialog(folder, parent=robot.window)
    first.open()
    robot.opened_dialog("新建工作区")
    robot.fill_in({"operator_name": "沈甲申", "workstation_code": "01"})
    for name in ("password", "again"):
        robot.fill(name, "Correct-Horse-7", is_secret=True)
    tour.camera.take("first-start")
    first.done(0)
    unlock = UnlockDialog(Question(folder, "01", is_remembered=False), robot.window)
    unlock.open()
    robot.opened_dialog("解锁")
    tour.camera.take("unlock")
    robot.cancel()
    problem = StartProblemDialog(EnvironmentProblem(ErrorCode.ANOTHER_INSTANCE), folder, robot.window)
    problem.open()
    robot.settle()
    tour.camera.take("start-refused")
    problem.done(0)
    robot.settle()


def empty_pages(tour: Tour) -> None:
    """Every page of an empty workspace says what comes next, in words."""
    robot = tour.robot
    for spec in PAGES:
        if spec.under:
            continue
        robot.go_to(spec.title)
        if robot.window.current_page is None:
            raise RobotStuck(f"没有打开“{spec.title}”")
        tour.camera.take(f"empty-{spec.page_id.replace('_', '-')}")
