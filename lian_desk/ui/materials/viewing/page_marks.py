"""The marks over the pages of a document: kept by page, painted over the sheet, explained by the pointer."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from lian_desk.ui.common.look.page_mark import PageMark, turned_box
from lian_desk.ui.common.look.theme import LIGHT

_ROOM: Final = 2
"""Pixels a mark is wider than what it marks, on every side."""
_GROUND_ALPHA: Final = 70
_ROUND: Final = 3


class SheetLayer(Protocol):
    """Something painted over the sheets."""

    def paint(self, painter: QPainter, area: QRect, page: int, rotation: int) -> None:
        """Paint over a page of the original that fills ``area``, turned clockwise by ``rotation``."""


class PageMarks:
    """What is marked on which page of the original."""

    def __init__(self) -> None:
        self._by_page: dict[int, list[PageMark]] = {}

    @property
    def all(self) -> list[PageMark]:
        """Every mark, in the order of pages."""
        return [mark for page in sorted(self._by_page) for mark in self._by_page[page]]

    def show(self, marks: Sequence[PageMark]) -> None:
        """Replace all marks."""
        self._by_page = {}
        for mark in marks:
            self._by_page.setdefault(mark.page, []).append(mark)

    def first_box(self, page: int, area: QRect, rotation: int) -> QRect | None:
        """Return where the first mark of a page lies when the page fills ``area``."""
        return next((box for _mark, box in self._boxes(page, area, rotation)), None)

    def words_at(self, point: QPoint, area: QRect, page: int, rotation: int) -> str:
        """Return what the mark under ``point`` means, an empty text where there is none."""
        return next((mark.words for mark, box in self._boxes(page, area, rotation) if box.contains(point)), "")

    def paint(self, painter: QPainter, area: QRect, page: int, rotation: int) -> None:
        """Draw the marks of a page that fills ``area``. Paper is white in both looks, so are the colours of a mark."""
        if page not in self._by_page:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, box in self._boxes(page, area, rotation):
            line = QColor(str(getattr(LIGHT, mark.tone)))
            ground = QColor(line)
            ground.setAlpha(_GROUND_ALPHA)
            painter.setPen(QPen(line, 1))
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(box), _ROUND, _ROUND)
        painter.restore()

    def _boxes(self, page: int, area: QRect, rotation: int) -> Iterator[tuple[PageMark, QRect]]:
        for mark in self._by_page.get(page, ()):
            share = turned_box(mark, rotation)
            box = QRectF(
                area.left() + share.left() * area.width(),
                area.top() + share.top() * area.height(),
                share.width() * area.width(),
                share.height() * area.height(),
            )
            yield mark, box.toAlignedRect().adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
