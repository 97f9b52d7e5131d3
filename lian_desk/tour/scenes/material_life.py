"""The life of a material: the same file again, pages in order, the trash, the check, materials beside a form."""

from typing import Final

from lian_desk.models.vocabulary import RequestStatus
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.service_requests import ServiceRequestSource
from lian_desk.tour.acts import materials
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.scenes.paper_bundle import write_bundle
from lian_desk.tour.story import Tour
from lian_desk.ui.materials.integrity_dialog import IntegrityDialog

_PAGES: Final = ("门诊病历 第 1 页", "门诊病历 第 2 页", "血液检测报告", "出院小结 第 1 页", "出院小结 第 2 页")
_PART: Final = 200


def same_file_again(tour: Tour) -> None:
    """A bundle is taken in, comes a second time, and a person decides what becomes of it."""
    robot = tour.robot
    robot.go_to("材料")
    panel = materials.panel(robot)
    panel.tiles.choose(panel.model.key_at(0))
    robot.settle()
    bundle = write_bundle(tour.stage.folder / "混在一起的扫描件.pdf", _PAGES)
    for _time in range(2):
        robot.drop_files(panel.drop_zone, [bundle])
        robot.wait_for(lambda: not panel.run.is_running and bool(panel.intake_card.summary), "扫描件收取")
        robot.settle()
    tour.camera.take("material-same-again")
    robot.press("逐份处理…", robot.window)
    robot.opened_dialog("同一份文件")
    tour.camera.take("material-twins")
    robot.press("不收（3）")
    robot.press("按此处理")
    robot.settle()
    robot.press("知道了", panel.intake_card)


def pages_in_order(tour: Tour) -> None:
    """Pages of the bundle are turned and put in order, and two of them become a material of their own."""
    robot = tour.robot
    panel = materials.panel(robot)
    robot.wait_for(lambda: panel.viewer.sheets.page_count == len(_PAGES), "扫描件显示出来")
    panel.viewer.strip.choose([3, 4])
    robot.press("整理页面", panel)
    tour.camera.take("material-arrange")
    robot.choose_in_menu("所选 2 页拆成另一份材料")
    robot.wait_for(lambda: panel.viewer.sheets.page_count == len(_PAGES[3:]), "拆出的材料显示出来")
    tour.camera.take("material-split")


def trash(tour: Tour) -> None:
    """The part is moved to the trash with a reason, looked at there, and taken out again."""
    robot = tour.robot
    panel = materials.panel(robot)
    robot.press("移入回收站…", panel)
    robot.fill("reason", "客户另发了更清楚的一份")
    tour.camera.take("material-trash")
    robot.submit()
    robot.press("回收站", panel)
    robot.wait_for(lambda: panel.model.row_count > 0, "回收站里的材料")
    panel.tiles.choose(panel.model.key_at(0))
    robot.settle()
    tour.camera.take("material-in-trash")
    robot.press("移出回收站", panel)
    robot.press("全部", panel)
    robot.settle()


def check(tour: Tour) -> None:
    """材料核对: every row against its stored file."""
    robot = tour.robot
    robot.press("核对材料文件是否完好", materials.panel(robot))
    dialog = robot.opened_dialog("材料核对")
    if not isinstance(dialog, IntegrityDialog):
        raise RobotStuck("眼前不是材料核对")
    robot.wait_for(lambda: dialog.report is not None, "核对的结果")
    tour.camera.take("material-check")
    if dialog.report is None or not dialog.report.is_sound:
        raise RobotStuck("演示的材料文件不完好")
    robot.press("关闭")


def beside(tour: Tour) -> None:
    """看材料: the materials stand beside the form of a review."""
    robot = tour.robot
    source = ServiceRequestSource(robot.context.desk)
    rows = source.rows(source.keys(ListQuery())[:_PART]).values()
    row = next((row for row in rows if row.status is RequestStatus.UNDER_REVIEW), None)
    if row is None:
        raise RobotStuck("演示数据里没有审核中的服务")
    robot.context.navigator.start("request_review", row.key)
    robot.opened_dialog("服务审核")
    robot.press("看材料")
    robot.settle()
    tour.camera.take("materials-beside")
    robot.press("收起材料")
    robot.cancel()
