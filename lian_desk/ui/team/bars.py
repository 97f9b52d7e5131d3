"""A thin bar on a track: a share of the whole, in the colour of its meaning. The figure always stands beside it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lian_desk.ui.common.look.theme import Tone, current_theme

_THICKNESS = 6


class ShareBar(QWidget):
    """Paints a share from 0 to 1."""

    def __init__(self, share: float = 0.0, tone: Tone = Tone.KEPT, *, width: int = 0) -> None:
        super().__init__()
        self._share, self._tone = share, tone
        self.setMinimumWidth(width or 60)
        if width:
            self.setFixedWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Override: as high as a line of text."""
        return QSize(120, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint track and bar."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - _THICKNESS) / 2
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(QRectF(0, top, self.width(), _THICKNESS), _THICKNESS / 2, _THICKNESS / 2)
        painter.setBrush(theme.solid(self._tone))
        filled = self.width() * min(max(self._share, 0.0), 1.0)
        painter.drawRoundedRect(QRectF(0, top, filled, _THICKNESS), _THICKNESS / 2, _THICKNESS / 2)
        painter.end()
