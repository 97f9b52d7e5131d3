"""What stands behind a follow-up: the plans that leads edit, the phrases of the form and how they are offered."""

from lian_desk.tour.story import Tour


def templates(tour: Tour) -> None:
    """The plans of each service in versions, and the phrases by field."""
    robot = tour.robot
    robot.go_to("随访")
    for words, name in (("计划模板", "care-plans"), ("常用语", "phrases")):
        robot.press(words, robot.window)
        tour.camera.take(name)
        robot.cancel()


def phrases(tour: Tour) -> None:
    """From the list by keys into the form; two letters offer whole phrases under the cursor, Enter takes one."""
    robot = tour.robot
    robot.go_to("工作台")
    for keys in ("Alt+4", "Down", "Return"):
        robot.keys(keys)
        robot.settle()
    robot.opened_dialog("随访")
    robot.keys("j,s")
    robot.settle()
    tour.camera.take("phrase-popup")
    robot.keys("Return")
    tour.camera.take("phrase-taken")
    robot.cancel()
