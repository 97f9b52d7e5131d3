"""What the machine reads: proposals beside the page, decided by the keyboard; another person's paper is stopped."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.vocabulary import FindingField, MaterialKind, RecognitionState
from lian_desk.services.demo.pages.artwork import ArtworkForm, draw
from lian_desk.services.demo.pages.papers import Subject
from lian_desk.services.reading_queue.runner import whose_file
from lian_desk.tour.acts import materials
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.tour.story import Tour
from lian_desk.ui.materials.panel import MaterialsPanel

_SEED: Final = 11


def proposals(tour: Tour) -> None:
    """A paper of the insured is taken in and read; every proposal is looked at, the first one confirmed by Enter."""
    robot = tour.robot
    panel = _panel_with_file(robot)
    subject = _subject(robot, panel)
    _send(tour, panel, "出院小结.pdf", draw(MaterialKind.DISCHARGE_SUMMARY, subject, ArtworkForm.PDF, _SEED).data)
    section = panel.reading.recognition
    _read(robot, panel)
    rows = {row.view.field: row for row in section.rows}
    robot.click(rows[FindingField.DOCUMENT_ON])
    robot.settle()
    tour.camera.take("material-proposals")
    robot.click(rows[FindingField.KIND])
    robot.keys("Return")
    robot.settle()
    for _row in section.rows:
        robot.keys("Down")
    robot.settle()
    robot.press("全部确认", section)
    robot.settle()
    tour.camera.take("material-proposals-confirmed")


def stopped(tour: Tour) -> None:
    """A paper of somebody else is stopped at the door; a person would have to say why it may pass."""
    robot = tour.robot
    panel = materials.panel(robot)
    other = replace(_subject(robot, panel), name="赵铁军", sex="男")
    _send(tour, panel, "门诊病历.pdf", draw(MaterialKind.OUTPATIENT_RECORD, other, ArtworkForm.PDF, _SEED).data)
    _read(robot, panel)
    section = panel.reading.recognition
    if section.view is None or section.view.stop is None:
        raise RobotStuck("他人的材料没有被隔离")
    robot.click(section.rows[-1])
    robot.settle()
    tour.camera.take("material-stopped")
    robot.press("解除隔离…", section)
    robot.opened_dialog("解除材料隔离")
    tour.camera.take("material-release")
    robot.cancel()
    recognition = robot.context.recognition
    if recognition is not None:
        recognition.stop()


def _panel_with_file(robot: Robot) -> MaterialsPanel:
    """The page with a material of an open file in front, so that the next papers go to that file."""
    robot.go_to("材料")
    panel = materials.panel(robot)
    for place in range(min(panel.model.row_count, 20)):
        panel.tiles.choose(panel.model.key_at(place))
        robot.settle()
        view = panel.reading.presenter.view
        reading = panel.reading.recognition.view
        if view is not None and not view.is_closed and reading is not None and reading.is_allowed:
            return panel
    raise RobotStuck("没有可以收材料的档案")


def _subject(robot: Robot, panel: MaterialsPanel) -> Subject:
    view = panel.reading.presenter.view
    if view is None:
        raise RobotStuck("没有选中材料")
    with robot.context.desk.read() as session:
        whose = whose_file(session, view.assistance_file_id)
    return Subject(
        name=whose.name,
        sex="女",
        age=52,
        identity_number=whose.identity_number,
        phone="14200000001",
        hospital="北京协和医院（东单院区）",
        department="乳腺外科",
        doctor="郑甲子",
        doctor_title="主任医师",
        disease="良性结节",
        disease_group="oncology",
        dated_on=in_shanghai(robot.context.desk.clock.now()).date(),
    )


def _send(tour: Tour, panel: MaterialsPanel, name: str, content: bytes) -> None:
    path = Path(tour.stage.folder) / name
    path.write_bytes(content)
    before = panel.reading.presenter.view
    tour.robot.drop_files(panel.drop_zone, [path])
    tour.robot.wait_for(lambda: panel.reading.presenter.view not in {None, before}, "材料收取")
    # a drop comes from another program, which had the keyboard until now
    tour.robot.window.activateWindow()
    tour.robot.settle()


def _read(robot: Robot, panel: MaterialsPanel) -> None:
    """Let the queue work until the material in front was read."""
    recognition = robot.context.recognition
    if recognition is None:
        raise RobotStuck("识别没有开动")
    recognition.start()
    robot.wait_for(lambda: _is_read(panel), "材料识别完成")
    robot.settle()


def _is_read(panel: MaterialsPanel) -> bool:
    shown, read = panel.reading.presenter.view, panel.reading.recognition.view
    if shown is None or read is None or shown.material_id != read.material_id:
        return False
    return read.state is RecognitionState.DONE and bool(panel.reading.recognition.rows)
