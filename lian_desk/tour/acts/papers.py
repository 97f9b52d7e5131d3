"""Export the 随访记录 and the 个案摘要 as PDF from the page of a file, and look at their previews."""

from pathlib import Path

from lian_desk.services.papers.issuing import IssuedPaper
from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.robot import Robot, RobotStuck, complaints
from lian_desk.ui.papers.export_dialog import ExportDialog


def export_record(robot: Robot, folder: Path, *, look: Look = unseen) -> Path:
    """导出随访记录 PDF; returns the file."""
    robot.press("导出随访记录 PDF", robot.window)
    return _export(robot, "随访记录", "record", (folder, look))


def export_summary(robot: Robot, folder: Path, *, look: Look = unseen) -> Path:
    """个案摘要 as PDF; returns the file."""
    robot.press("打印个案摘要", robot.window)
    return _export(robot, "个案摘要", "summary", (folder, look))


def _export(robot: Robot, title: str, name: str, where: tuple[Path, Look]) -> Path:
    folder, look = where
    dialog = robot.opened_dialog(title)
    if not isinstance(dialog, ExportDialog):
        raise RobotStuck(f"“{title}”打开的不是导出对话框")
    issued: list[IssuedPaper] = []
    dialog.saved.connect(issued.append)
    robot.fill("purpose", "交被保险人")
    robot.fill("folder", str(folder))
    robot.settle()
    look(f"export-{name}")
    robot.click(dialog.primary)
    robot.wait_for(lambda: bool(issued) or bool(complaints(dialog)), f"{title} PDF")
    if not issued:
        raise RobotStuck(f"{title}没有导出：{'；'.join(complaints(dialog))}")
    look(f"exported-{name}")
    robot.press("关闭")
    return folder / issued[0].file_name
