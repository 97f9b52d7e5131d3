"""Paints a hit: where it stands in bold, the excerpt below with the found words on a tinted ground."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lian_desk.services.search.text_search import TextHit
from lian_desk.ui.common.look.icons import pixmap
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.search.hit_model import FileHeading, RowRole

_HEADING: Final = 38
_HIT: Final = 54
_LEFT: Final = 14
_TEXT_LEFT: Final = 44
_RIGHT: Final = 16

_Index = QModelIndex | QPersistentModelIndex


class HitDelegate(QStyledItemDelegate):
    """One look for headings and hits, in both schemes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Override: two fixed heights."""
        return QSize(0, _HEADING if isinstance(index.data(RowRole), FileHeading) else _HIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override: paint from memory."""
        row = index.data(RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_below = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if isinstance(row, FileHeading):
            if index.row():
                painter.setPen(current_theme().color("hairline"))
                painter.drawLine(option.rect.topLeft(), option.rect.topRight())
            _paint_ground(painter, option.rect.adjusted(0, 3, 0, 0), is_current=is_current, is_below=is_below)
            _paint_heading(painter, option.rect, row)
        elif isinstance(row, TextHit):
            _paint_ground(painter, option.rect, is_current=is_current, is_below=is_below)
            _paint_hit(painter, option.rect, row)
        painter.restore()


def _paint_heading(painter: QPainter, rect: QRect, row: FileHeading) -> None:
    theme = current_theme()
    painter.drawPixmap(rect.left() + _LEFT, rect.center().y() - 6, pixmap("folder-open", 16))
    left = rect.left() + _TEXT_LEFT
    line = rect.adjusted(0, 4, -_RIGHT, 0)
    painter.setFont(theme.font(TypeRole.BOLD))
    painter.setPen(theme.color("text"))
    painter.drawText(line.adjusted(left - rect.left(), 0, 0, 0), _MIDDLE, row.insured_name)
    left += theme.metrics(TypeRole.BOLD).horizontalAdvance(row.insured_name) + 10
    painter.setFont(theme.font(TypeRole.SECONDARY))
    painter.setPen(theme.color("secondary"))
    painter.drawText(line.adjusted(left - rect.left(), 0, 0, 0), _MIDDLE, row.file_number)
    painter.drawText(line, _MIDDLE | Qt.AlignmentFlag.AlignRight, f"{row.count} 处")


def _paint_ground(painter: QPainter, rect: QRect, *, is_current: bool, is_below: bool) -> None:
    if not is_current and not is_below:
        return
    theme = current_theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent_soft" if is_current else "hover"))
    painter.drawRoundedRect(rect.adjusted(6, 1, -6, -1), 8, 8)


def _paint_hit(painter: QPainter, rect: QRect, hit: TextHit) -> None:
    theme = current_theme()
    left, right = rect.left() + _TEXT_LEFT, rect.right() - _RIGHT
    icon = "scan-text" if hit.material_id is not None else "file-text"
    painter.drawPixmap(rect.left() + _LEFT, rect.top() + 9, pixmap(icon, 16))
    painter.setFont(theme.font(TypeRole.SECONDARY))
    painter.setPen(theme.color("secondary"))
    painter.drawText(QRect(left, rect.top() + 5, right - left, 20), _MIDDLE, hit.place)
    _paint_excerpt(painter, QRect(left, rect.top() + 25, right - left, 22), hit)


def _paint_excerpt(painter: QPainter, line: QRect, hit: TextHit) -> None:
    """Paint the words; a found part has a tinted ground and bold letters, so that it is seen without colour too."""
    theme = current_theme()
    left, place = line.left(), 0
    pieces = []
    for first, last in hit.spans:
        pieces += [(hit.excerpt[place:first], False), (hit.excerpt[first:last], True)]
        place = last
    pieces.append((hit.excerpt[place:], False))
    for words, is_found in pieces:
        role = TypeRole.BOLD if is_found else TypeRole.BODY
        room = line.right() - left
        if not words or room <= 0:
            continue
        metrics = theme.metrics(role)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown)
        if is_found:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.soft(Tone.RISK))
            painter.drawRoundedRect(QRectF(left - 1, line.top() + 1, width + 2, line.height() - 2), 3, 3)
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(left, line.top(), room, line.height()), _MIDDLE, shown)
        left += width


_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
