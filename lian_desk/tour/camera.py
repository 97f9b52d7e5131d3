"""Takes the pictures: the window with whatever lies over it, numbered, in the looks in force."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.tour.robot import Robot

USUAL: Final = QSize(1440, 900)
SMALL: Final = QSize(1280, 720)
_SHADE: Final = QColor(10, 16, 24, 96)
_EDGE: Final = 1
#: Lightly packed: a tour saves many pictures, and packing them tightly would take longer than taking them.
_QUALITY: Final = 80


class Camera:
    """Numbers and keeps the pictures of one tour in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._robot: Robot | None = None
        self._number = 0
        self.pictures: list[Path] = []

    @property
    def robot(self) -> Robot:
        """The robot whose window is seen."""
        assert self._robot is not None
        return self._robot

    def look_through(self, robot: Robot) -> None:
        """See another window from now on."""
        self._robot = robot

    def take(self, name: str, *, ratio: int = 1) -> None:
        """Save what is seen now as ``NN-name-looks.png``; ``ratio`` 2 as on a screen of twice as many pixels."""
        self._number += 1
        self.robot.settle()
        scheme = self.robot.context.theme.scheme
        picture = whole_picture(self.robot.window, ratio)
        target = self._folder / f"{self._number:03d}-{name}-{scheme.value}.png"
        if not picture.save(str(target), "PNG", _QUALITY):
            raise EnvironmentProblem(ErrorCode.FOLDER_READ_ONLY)
        self.pictures.append(target)

    def keep(self, name: str, picture: QImage) -> None:
        """Save a picture that is not of the window, for example a page of a paper, under the next number."""
        self._number += 1
        target = self._folder / f"{self._number:03d}-{name}-{self.robot.context.theme.scheme.value}.png"
        if not picture.save(str(target), "PNG", _QUALITY):  # type: ignore[call-overload]
            raise EnvironmentProblem(ErrorCode.FOLDER_READ_ONLY)
        self.pictures.append(target)

    def take_small(self, name: str) -> None:
        """The same at the size of a small screen."""
        self.robot.window.resize(SMALL)
        self.robot.settle()
        self.take(f"{name}-1280x720")
        self.robot.window.resize(USUAL)
        self.robot.settle()


def whole_picture(window: QWidget, ratio: int = 1) -> QPixmap:
    """Return the window with its dialogs on dimmed ground and its popups, as the eye sees them.

    Every top-level widget is a window of its own to the platform, so the whole has to be put together here.
    """
    picture = _drawn(window, ratio)
    painter = QPainter(picture)
    shift = QPoint(0, 0)
    for dialog in _dialogs():
        painter.fillRect(window.rect(), _SHADE)
        place = QRect(QPoint(0, 0), dialog.size())
        place.moveCenter(window.rect().center())
        shift = place.topLeft() - _offset(dialog, window)
        painter.setPen(QColor(_SHADE.rgb()))
        painter.drawRect(place.adjusted(-_EDGE, -_EDGE, 0, 0))
        painter.drawPixmap(place.topLeft(), _drawn(dialog, ratio))
    popup = QApplication.activePopupWidget()
    if popup is not None:
        painter.drawPixmap(_offset(popup, window) + shift, _drawn(popup, ratio))
    painter.end()
    return picture


def _drawn(widget: QWidget, ratio: int) -> QPixmap:
    if ratio == 1:
        return widget.grab()
    picture = QPixmap(widget.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    widget.render(picture)
    return picture


def _dialogs() -> list[QDialog]:
    """The visible dialogs, those that lie deeper first."""
    shown = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
    return sorted(shown, key=_depth)


def _depth(widget: QWidget) -> int:
    depth = 0
    parent = widget.parentWidget()
    while parent is not None:
        depth += 1
        parent = parent.parentWidget()
    return depth


def _offset(widget: QWidget, window: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0))
