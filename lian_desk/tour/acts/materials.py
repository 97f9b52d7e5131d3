"""Take materials in by drop and by paste, look at them page by page, say what they are (二·1·5, 递交医疗材料)."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from lian_desk.models.vocabulary import OwnSign
from lian_desk.services.words.wording import phrase
from lian_desk.tour.acts import Look, unseen
from lian_desk.tour.acts.papers_on_disk import Sent
from lian_desk.tour.robot import Robot, RobotStuck, complaints
from lian_desk.ui.materials.panel import MaterialsPanel


def panel(robot: Robot) -> MaterialsPanel:
    """Return the materials in front."""
    return robot.widget(MaterialsPanel, robot.window)


def take_in(robot: Robot, sent: Sequence[Sent], *, look: Look = unseen) -> None:
    """Drop the files onto the tab 材料 and wait until each is stored."""
    robot.tab("材料")
    materials = panel(robot)
    before = materials.model.row_count
    robot.drop_files(materials.drop_zone, [paper.path for paper in sent])
    robot.wait_for(
        lambda: not materials.run.is_running and materials.model.row_count >= before + len(sent), "材料全部收取"
    )
    look("materials-taken-in")


def drop_bad_files(robot: Robot, paths: Sequence[Path], *, look: Look = unseen) -> str:
    """Drop files that are refused, and return what the card says."""
    materials = panel(robot)
    robot.drop_files(materials.drop_zone, paths)
    robot.wait_for(lambda: not materials.run.is_running and bool(materials.intake_card.summary), "收取结果")
    look("materials-refused")
    return materials.intake_card.summary


def paste_picture(robot: Robot, picture: Path) -> None:
    """Put a picture on the clipboard and paste it with Ctrl+V; the clipboard is emptied again."""
    robot.tab("材料")
    materials = panel(robot)
    before = materials.model.row_count
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(QImage(str(picture)))
    materials.tiles.setFocus()
    QTest.keySequence(materials.tiles, "Ctrl+V")
    robot.wait_for(lambda: not materials.run.is_running and materials.model.row_count == before + 1, "粘贴的图片收取")
    clipboard.clear()


def classify(robot: Robot, name: str, kind: str, *, look: Look = unseen) -> None:
    """Choose the tile of the file ``name``, say what it is, and mark it as checked."""
    materials = panel(robot)
    _choose_tile(robot, materials, name)
    robot.wait_for(lambda: materials.viewer.is_showing, f"“{name}”显示出来")
    robot.pick("kind", kind)
    robot.choose("name_matches", "与档案一致")
    if materials.details.form.fields["own_sign"].isVisible():
        # nobody has read the page yet: a person says by which sign it is the insured's
        robot.pick("own_sign", phrase(OwnSign.NAME_READ))
    look("material-viewer")
    robot.press("核对无误", materials)
    if not robot.has_button("已核对", materials.details):
        raise RobotStuck(
            f"“{name}”没有记为已核对：{'；'.join(complaints(materials.details)) or materials.details.error}"
        )


def classify_all(robot: Robot, sent: Sequence[Sent], *, look: Look = unseen) -> None:
    """Say of every file what it is; look at the first one closely."""
    for place, paper in enumerate(sent):
        classify(robot, paper.path.name, phrase(paper.kind), look=look if place == 0 else unseen)


def turn_and_zoom(robot: Robot, *, look: Look = unseen) -> None:
    """Turn the page in front and make it larger, then put both back."""
    materials = panel(robot)
    robot.press("向右转（R）", materials)
    robot.press("放大（+）", materials)
    look("material-turned")
    robot.press("向左转", materials)
    robot.press("适合宽度", materials)


def _choose_tile(robot: Robot, materials: MaterialsPanel, name: str) -> None:
    model = materials.tiles.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if name in str(index.data(Qt.ItemDataRole.ToolTipRole)):
            materials.tiles.scrollTo(index)
            robot.settle()
            QTest.mouseClick(
                materials.tiles.viewport(),
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
                materials.tiles.visualRect(index).center(),
            )
            robot.settle()
            return
    raise RobotStuck(f"材料里没有“{name}”")
