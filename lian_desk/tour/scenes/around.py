"""What lies around the main path: the other tabs of a file, its small dialogs, a minor, a very long name."""

from typing import Final

from lian_desk.tour.acts import intake
from lian_desk.tour.people import ADULT, LONG, MINOR
from lian_desk.tour.story import Tour

_TABS: Final = (
    ("预约", "file-bookings"),
    ("病史与用药", "file-history"),
    ("保单", "file-policy"),
    ("授权与留痕", "file-trail"),
)
#: Tab, button and picture of the dialogs that are opened, looked at and left again.
_DIALOGS: Final = (
    ("病史与用药", "登记疾病", "add-disease"),
    ("病史与用药", "更新病史与用药", "add-history"),
    ("保单", "核实状态", "verify-policy"),
    ("保单", "中止", "suspend-policy"),
    ("保单", "终止", "terminate-policy"),
    ("保单", "更新电话", "change-phone"),
    ("授权与留痕", "登记授权", "record-authorization"),
    ("授权与留痕", "撤回", "withdraw-authorization"),
    ("授权与留痕", "转院·去世", "sensitive-event"),
    ("授权与留痕", "移交工位", "hand-over"),
    ("授权与留痕", "法律保全", "legal-hold"),
    ("授权与留痕", "删除个人信息", "erase-file"),
    ("就医全程", "写记录", "add-note"),
    ("就医全程", "转派", "reassign"),
)


def file_tabs(tour: Tour) -> None:
    """The tabs of a file, one after the other; and the person shown in clear, which is recorded."""
    robot = tour.robot
    intake.find_file(robot, ADULT)
    for title, name in _TABS:
        robot.tab(title)
        tour.camera.take(name)
    robot.tab("就医全程")
    robot.press("显示", robot.window)
    tour.camera.take("file-revealed")
    robot.press("隐藏", robot.window)


def file_dialogs(tour: Tour) -> None:
    """Every small dialog of a file, opened and left with Esc."""
    robot = tour.robot
    intake.find_file(robot, ADULT)
    for tab, words, name in _DIALOGS:
        robot.tab(tab)
        robot.press(words, robot.window)
        robot.opened_dialog("")
        tour.camera.take(name)
        robot.cancel()


def minor(tour: Tour) -> None:
    """A child: the dialog asks for the guardian, the page says so."""
    tour.keys["minor"] = intake.open_file(tour.robot, MINOR, look=lambda name: _only(tour, name))
    tour.camera.take("file-minor")


def long_name(tour: Tour) -> None:
    """A name as long as it may be, with a rare character, on the page of the file and in the list."""
    robot = tour.robot
    tour.keys["long"] = intake.open_file(robot, LONG)
    robot.press("显示", robot.window)
    tour.camera.take_small("file-long-name")
    robot.press("隐藏", robot.window)
    robot.go_to("档案")
    tour.camera.take("files-long-name")


def _only(tour: Tour, name: str) -> None:
    if name == "open-file-person":
        tour.camera.take("open-file-guardian")
