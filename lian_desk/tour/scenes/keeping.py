"""What a lead keeps an eye on: why a field is asked, and the month's list of uses given back."""

from lian_desk.tour.story import Tour


def purposes(tour: Tour) -> None:
    """新建档案 with ⓘ of the identity number: why it is asked, whether it must be given, how long it is kept."""
    robot = tour.robot
    robot.go_to("档案")
    robot.keys("Ctrl+N")
    robot.opened_dialog("新建档案")
    robot.click(robot.field("identity_number").input)
    robot.keys("F1")
    tour.camera.take("field-purpose")
    robot.keys("Esc")
    robot.cancel()


def reversal_report(tour: Tour) -> None:
    """冲正月报 by its name in the palette."""
    robot = tour.robot
    robot.go_to("工作台")
    robot.keys("Ctrl+K")
    robot.type_text("冲正月报")
    robot.settle()
    robot.keys("Return")
    robot.opened_dialog("冲正月报")
    tour.camera.take("reversal-report")
    robot.cancel()
