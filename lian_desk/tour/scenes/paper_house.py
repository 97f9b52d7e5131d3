"""Every paper of the house with its preview and its pages, the register, papers in batches, and the lead's page."""

import hashlib
from pathlib import Path
from typing import Final

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.listings.assistance_files import AssistanceFileSource
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.papers.choices import load_paper_choices
from lian_desk.tour.robot import RobotStuck, complaints
from lian_desk.tour.story import Tour
from lian_desk.ui.papers.batch_dialog import BatchDialog
from lian_desk.ui.papers.export_dialog import ExportDialog
from lian_desk.ui.papers.page_images import to_image
from lian_desk.ui.papers.paper_form import FILE_KINDS
from lian_desk.ui.papers.register_dialog import RegisterDialog

_SCALE: Final = 1.4
_MOST_PAGES: Final = 3
_LOOKED_AT: Final = 200


def every_paper(tour: Tour) -> None:
    """Each kind of paper of one file: the form with its preview, the PDF, its pages as pictures."""
    robot = tour.robot
    robot.context.navigator.start("export_record", _full_file(tour))
    dialog = _dialog(tour, "随访记录")
    robot.fill("folder", str(tour.papers_in))
    for kind in FILE_KINDS:
        dialog.show_kind(kind)
        robot.settle()
        if kind is DocumentKind.MEDICAL_SHEET:
            robot.fill("recipient", "复旦大学附属中山医院 心内科")
        robot.settle()
        name = kind.value.replace("_", "-")
        tour.camera.take(f"paper-{name}")
        _pages(tour, _issued(tour, dialog), name)
    robot.press("关闭")


def register(tour: Tour) -> None:
    """校验记录: a paper that was issued here, and the register."""
    robot = tour.robot
    robot.context.navigator.start("verify_papers")
    dialog = robot.opened_dialog("校验记录")
    if not isinstance(dialog, RegisterDialog):
        raise RobotStuck("“校验记录”没有打开")
    if tour.papers:
        dialog.check(tour.papers[-1])
        robot.wait_for(lambda: not dialog.verdict.isHidden(), "校验结果")
        if "与签发时一致" not in dialog.verdict.text:
            raise RobotStuck(f"刚签发的文书没有通过校验：{dialog.verdict.text}")
    dialog.list.search("")
    robot.settle()
    tour.camera.take("paper-register")
    robot.press("关闭")


def team(tour: Tour) -> None:
    """团队: the figures of the month and of the quarter, the summary on paper, papers in batches."""
    robot = tour.robot
    robot.go_to("团队")
    robot.settle()
    tour.camera.take("team")
    robot.press("本季", robot.window)
    robot.settle()
    tour.camera.take_small("team-quarter")
    robot.press("团队小结…", robot.window)
    dialog = _dialog(tour, "团队小结")
    robot.fill("folder", str(tour.papers_in))
    robot.settle()
    tour.camera.take("paper-team-summary")
    _pages(tour, _issued(tour, dialog), "team-summary")
    robot.press("关闭")
    robot.press("批量文书…", robot.window)
    batch = robot.opened_dialog("批量文书")
    if not isinstance(batch, BatchDialog):
        raise RobotStuck("“批量文书”没有打开")
    robot.wait_for(lambda: batch.file_count > 0, "在管档案的份数")
    tour.camera.take("paper-batch")
    robot.press("关闭")


def _full_file(tour: Tour) -> int:
    """Return a file of the demonstration with everything that papers can be about."""
    desk = tour.robot.context.desk
    for key in AssistanceFileSource(desk).keys(ListQuery(), _LOOKED_AT):
        choices = load_paper_choices(desk, key)
        if choices.bookings and choices.notes:
            return key
    raise RobotStuck("演示数据里没有预约与宣教齐全的档案")


def _dialog(tour: Tour, title: str) -> ExportDialog:
    dialog = tour.robot.opened_dialog(title)
    if not isinstance(dialog, ExportDialog):
        raise RobotStuck(f"“{title}”打开的不是导出对话框")
    return dialog


def _issued(tour: Tour, dialog: ExportDialog) -> Path:
    """Export what the dialog shows and return the file."""
    issued: list[Path] = []

    def note(paper: object) -> None:
        issued.append(tour.papers_in / getattr(paper, "file_name", ""))

    dialog.saved.connect(note)
    dialog.show_banner("")
    tour.robot.click(dialog.primary)
    tour.robot.wait_for(lambda: bool(issued) or bool(complaints(dialog)), "PDF")
    dialog.saved.disconnect(note)
    if not issued:
        raise RobotStuck(f"没有导出：{'；'.join(complaints(dialog))}")
    tour.papers.append(issued[0])
    return issued[0]


def _pages(tour: Tour, path: Path, name: str) -> None:
    """Keep the first pages of a paper as pictures."""
    content = path.read_bytes()
    source = BytesSource(hashlib.sha256(content).hexdigest(), content)
    with Renderer() as renderer:
        for page in range(min(renderer.page_count(source), _MOST_PAGES)):
            tour.camera.keep(f"page-{name}-{page + 1}", to_image(renderer.render_page(source, page, _SCALE)))
