"""Says over a page why it is not sharp: the picture at this size did not come, one of another size is stretched."""

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from lian_desk.ui.common.look.theme import LIGHT, TypeRole, current_theme

_MARGIN: Final = 4


def say_fault(painter: QPainter, seen: QRect, words: str | None) -> None:
    """Paint ``words`` on a band at the top of what is seen of a page; nothing where there are none."""
    if not words or seen.isEmpty():
        return
    painter.setFont(current_theme().font(TypeRole.SECONDARY))
    flags = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
    inside = seen.adjusted(2 * _MARGIN, _MARGIN, -2 * _MARGIN, -_MARGIN)
    told = f"这样放大时：{words}"
    needed = painter.fontMetrics().boundingRect(inside, flags, told)
    painter.fillRect(QRect(seen.left(), seen.top(), seen.width(), needed.height() + 2 * _MARGIN), QColor(LIGHT.surface))
    painter.setPen(QColor(LIGHT.secondary))
    painter.drawText(inside, flags, told)
