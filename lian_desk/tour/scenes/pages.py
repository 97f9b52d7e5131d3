"""The pages of the navigation, what lies over them, and how they look on other screens."""

from typing import Final

from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.story import Tour
from lian_desk.ui.common.lists.list_page import ListPage, RecordList
from lian_desk.ui.page_table import PAGES

_OWN_STEP: Final = frozenset(
    {"worklist", "assistance_files", "bookings", "follow_ups", "materials", "hospitals", "handbook", "team"}
)


def worklist(tour: Tour) -> None:
    """工作台: the four clocks and one list sorted by what is due next."""
    tour.robot.go_to("工作台")
    tour.camera.take("worklist")
    tour.camera.take_small("worklist")


def files(tour: Tour) -> None:
    """档案: the list of assistance files."""
    tour.robot.go_to("档案")
    tour.camera.take("files")
    tour.camera.take_small("files")


def search_files(tour: Tour) -> None:
    """Search by the initials of the first person of the list; then for somebody who is not there."""
    robot = tour.robot
    robot.go_to("档案")
    found = _list(tour)
    robot.click(found.search_box)
    robot.type_text("wang")
    robot.settle()
    tour.camera.take("files-search")
    robot.keys("Ctrl+A")
    robot.type_text("查无此人")
    robot.settle()
    if found.model.row_count:
        raise RobotStuck("查找“查无此人”不应有结果")
    tour.camera.take("files-nothing-found")
    robot.press("清除搜索与筛选")


def bookings(tour: Tour) -> None:
    """预约: the same requests as board, list and calendar."""
    robot = tour.robot
    robot.go_to("预约")
    tour.camera.take("bookings")
    tour.camera.take_small("bookings")
    for view, name in (("列表", "bookings-list"), ("日历", "bookings-calendar")):
        robot.press(view)
        tour.camera.take(name)
    robot.press("看板")


def follow_ups(tour: Tour) -> None:
    """随访: what is due, overdue, coming and done."""
    robot = tour.robot
    robot.go_to("随访")
    tour.camera.take("follow-ups")
    robot.press("已完成")
    tour.camera.take("follow-ups-done")
    robot.press("待随访")


def materials(tour: Tour) -> None:
    """材料: every material over all files."""
    tour.robot.go_to("材料")
    tour.camera.take("materials")


def hospitals(tour: Tour) -> None:
    """医院名录: the list with cities and levels."""
    tour.robot.go_to("医院名录")
    tour.camera.take("hospitals")


def every_other_page(tour: Tour) -> None:
    """Whatever page the table of pages has beside those that have a step of their own."""
    for spec in PAGES:
        if not spec.under and spec.page_id not in _OWN_STEP:
            tour.robot.go_to(spec.title)
            tour.camera.take(spec.page_id.replace("_", "-"))


def overlays(tour: Tour) -> None:
    """Ctrl+K, the keys that are valid here, and the lock screen."""
    robot = tour.robot
    robot.go_to("工作台")
    robot.keys("Ctrl+K")
    robot.type_text("zs")
    robot.settle()
    tour.camera.take("palette")
    robot.keys("Esc")
    robot.keys("?")
    tour.camera.take("keys")
    robot.keys("Esc")
    robot.keys("Ctrl+L")
    tour.camera.take("locked")
    robot.press("继续（演示工作区不需要密码）")


def fine_screen(tour: Tour) -> None:
    """The page of a file as on a screen of twice as many pixels."""
    robot = tour.robot
    robot.go_to("档案")
    found = _list(tour)
    robot.open_row(found.table, "保单有效")
    tour.camera.take("file-2x", ratio=2)


def _list(tour: Tour) -> RecordList:
    page = tour.robot.window.current_page
    if not isinstance(page, ListPage):
        raise RobotStuck("眼前不是列表页")
    return page.list
