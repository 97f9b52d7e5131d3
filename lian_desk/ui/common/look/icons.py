"""Icons: one SVG each in ``resources/icons``, coloured by a token, drawn sharp at any size and pixel ratio."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.ui.common.look.theme import current_theme

_RATIO = 2.0


def icon(name: str, color: str = "secondary") -> QIcon:
    """Return an icon in the colour of a token; ask again after the theme changed."""
    tokens = current_theme().tokens
    return _icon(name, str(getattr(tokens, color)), tokens.muted)


def pixmap(name: str, size: int, color: str = "secondary") -> QPixmap:
    """Return a picture of an icon, ``size`` logical pixels wide and high."""
    return _pixmap(name, size, str(getattr(current_theme().tokens, color)), _RATIO)


@lru_cache(maxsize=512)
def _icon(name: str, color: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in (16, 20, 24, 32):
        made.addPixmap(_pixmap(name, size, color, _RATIO))
        made.addPixmap(_pixmap(name, size, disabled, _RATIO), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=256)
def _drawing(name: str, color: str) -> QSvgRenderer:
    """Read and parse once for all sizes: a window asks for every icon in four of them while it starts."""
    text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(text.encode()))


@lru_cache(maxsize=1024)
def _pixmap(name: str, size: int, color: str, ratio: float) -> QPixmap:
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _drawing(name, color).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn
