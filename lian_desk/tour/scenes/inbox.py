"""The drop folder: its setting, an inbox that is looked at, an archive, and an intake that goes on after a crash."""

import zipfile
from pathlib import Path

from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.drop_folder import SETTLING
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.tour.acts import materials
from lian_desk.tour.robot import RobotStuck
from lian_desk.tour.scenes.paper_bundle import write_bundle
from lian_desk.tour.story import Tour
from lian_desk.ui.materials.intake.intake_settings_dialog import IntakeSettingsDialog
from lian_desk.ui.materials.panel import MaterialsPanel

_WAITING = (("门诊病历 第 1 页", "门诊病历 第 2 页"), ("血液检测报告",), ("出院小结",))


def settings(tour: Tour) -> None:
    """收取设置: where the scanner lays its files."""
    robot = tour.robot
    robot.go_to("材料")
    folder = tour.stage.folder / "扫描仪"
    folder.mkdir(exist_ok=True)
    panel = materials.panel(robot)
    panel.tiles.choose(panel.model.key_at(0))
    robot.settle()
    robot.press("收取设置", panel)
    dialog = robot.widget(IntakeSettingsDialog, robot.window)
    robot.fill("drop_folder", str(folder))
    tour.camera.take("intake-settings")
    robot.click(dialog.primary)
    robot.wait_for(lambda: robot.dialog is None, "设置保存")


def inbox(tour: Tour) -> None:
    """Files arrive, an archive among them; one is looked at, all are given to the file in front."""
    robot = tour.robot
    panel = materials.panel(robot)
    folder = tour.stage.folder / "扫描仪"
    for number, pages in enumerate(_WAITING, 1):
        write_bundle(folder / f"扫描件 {number}.pdf", pages)
    _pack(folder / "客户发来的压缩包.zip", write_bundle(tour.stage.folder / "检查报告.pdf", ("检查报告",)))
    card = panel.intake.inbox_card
    _look(tour, panel)
    robot.later(2 * SETTLING.total_seconds() / 60)
    _look(tour, panel)
    robot.wait_for(lambda: len(card.model.files) > len(_WAITING), "收件文件夹里的文件")
    robot.press("全选", card)
    robot.settle()
    tour.camera.take("inbox")
    robot.press("收取到此档案", card)
    robot.wait_for(lambda: not panel.run.is_running and bool(panel.intake_card.summary), "收件文件夹的文件收取")
    _look(tour, panel)
    robot.wait_for(lambda: not card.isVisible(), "收件文件夹腾空")
    tour.camera.take("inbox-taken-in")
    robot.press("知道了", panel.intake_card)


def left_over(tour: Tour) -> None:
    """An intake that a crash ended: the next panel offers to go on with it."""
    robot = tour.robot
    panel = materials.panel(robot)
    view = panel.presenter.view
    if view is None:
        raise RobotStuck("没有选中的材料")
    folder = tour.stage.folder / "没有收完"
    folder.mkdir(exist_ok=True)
    for number in range(3):
        write_bundle(folder / f"{number}.pdf", (f"检验报告 第 {number + 1} 份",))
    plans = intake_plans(robot.context.desk)
    plan = plans.begin(view.assistance_file_id, MaterialSource.DROP, items_from([folder]))
    plans.pause(plan.job_id)
    panel.run.look_for_left_over(None)
    robot.wait_for(lambda: bool(panel.intake_card.left_over_words), "没有收完的文件")
    tour.camera.take("intake-left-over")
    robot.press("继续收取", panel.intake_card)
    robot.wait_for(lambda: not panel.run.is_running and bool(panel.intake_card.summary), "继续收完")
    robot.press("知道了", panel.intake_card)


def _look(tour: Tour, panel: MaterialsPanel) -> None:
    panel.intake.inbox_watch.look()
    tour.robot.settle()


def _pack(path: Path, member: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(member, member.name)
