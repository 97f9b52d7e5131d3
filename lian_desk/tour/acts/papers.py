"""Export the 随访记录 and the 个案摘要 as PDF from the page of a file, and look at their previews."""

from pathlib import Path

from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.ui.documents.export_dialog import ExportDialog


def export_record(robot: Robot, folder: Path, *, look: Look = unseen) -> Path:
    """导出随访记录 PDF; returns the file."""
    robot.press("导出随访记录 PDF", robot.window)
    return _export(robot, "随访记录", folder, look)


def export_summary(robot: Robot, folder: Path, *, look: Look = unseen) -> Path:
    """个案摘要 as PDF; returns the file."""
    robot.press("打印个案摘要", robot.window)
    return _export(robot, "个案摘要", folder, look)


def _export(robot: Robot, title: str, folder: Path, look: Look) -> Path:
    dialog = robot.opened_dialog(title)
    if not isinstance(dialog, ExportDialog):
        raise RobotStuck(f"“{title}”打开的不是导出对话框")
    before = set(folder.glob("*.pdf"))
    robot.fill("purpose", "交被保险人")
    robot.fill("folder", str(folder))
    robot.settle()
    look(f"export-{title}")
    robot.click(dialog.primary)
    robot.wait_for(lambda: bool(set(folder.glob("*.pdf")) - before), f"{title} PDF")
    look(f"exported-{title}")
    robot.press("关闭")
    return next(iter(set(folder.glob("*.pdf")) - before))
