"""The strip of small pages beside the sheets."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lian_desk.adapters.rendering.renderer import Renderer, RenderSource
from lian_desk.services.materials.page_plans import PlannedPage
from lian_desk.ui.common.look.theme import LIGHT, TypeRole, current_theme
from lian_desk.ui.materials.viewing.render_queue import RenderQueue

EDGE: Final = 72
_KEPT: Final = 200
_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class PageStripModel(QAbstractListModel):
    """The pages of one document by number; small pictures arrive when they are first painted."""

    def __init__(self, renderer: Renderer, queue: RenderQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._queue = queue
        self._source: RenderSource | None = None
        self._pages: Sequence[PlannedPage] = ()
        self._kept: OrderedDict[PlannedPage, QImage | None] = OrderedDict()

    def show_pages(self, source: RenderSource | None, pages: Sequence[PlannedPage]) -> None:
        """Show another document, or the pages of the same one put otherwise; what is drawn already stays."""
        self._queue.forget(self)
        self.beginResetModel()
        if source is not self._source:
            self._kept.clear()
        self._source, self._pages = source, tuple(pages)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override QAbstractItemModel.data."""
        if not index.isValid() or index.row() >= len(self._pages):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"第 {index.row() + 1} 页"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(self._pages[index.row()])
        return None

    def _picture(self, page: PlannedPage) -> QImage | None:
        if page in self._kept:
            return self._kept[page]
        source = self._source
        if source is not None:
            draw = partial(self._renderer.thumbnail, source, page.page, 2 * EDGE, page.rotation)
            done = partial(self._keep, source, page)
            key = ("strip", source.id, page)
            self._queue.ask(key, self, draw, done, lambda _error: self._keep(source, page, None), urgent=False)
        return None

    def _keep(self, source: RenderSource, page: PlannedPage, image: QImage | None) -> None:
        if source is not self._source:
            return
        self._kept[page] = image
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        place = next((place for place, entry in enumerate(self._pages) if entry == page), None)
        if place is not None:
            self.dataChanged.emit(self.index(place), self.index(place), [Qt.ItemDataRole.DecorationRole])


class _StripDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(EDGE + 16, EDGE + 34)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current_theme()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        area = option.rect.adjusted(8, 6, -8, -22)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage):
            size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QStyle.alignedRect(Qt.LayoutDirection.LeftToRight, Qt.AlignmentFlag.AlignCenter, size, area)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        else:
            inset = area.width() // 8
            target = area.adjusted(inset, 0, -inset, 0)
            painter.fillRect(target, QColor(LIGHT.surface))
        painter.setPen(QPen(theme.color("accent" if chosen else "border"), 2 if chosen else 1))
        painter.drawRect(target)
        painter.setPen(theme.color("accent_ink" if chosen else "secondary"))
        painter.setFont(theme.font(TypeRole.SECONDARY))
        words = option.rect.adjusted(0, option.rect.height() - 20, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


class PageStrip(QListView):
    """Small pages; a click brings the page to the front, Shift and Ctrl choose several.

    Signals:
        page_chosen(int): number of the page, from 0.
    """

    page_chosen = Signal(int)

    def __init__(self, renderer: Renderer, queue: RenderQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = PageStripModel(renderer, queue, self)
        self.setModel(self.pages)
        self.setItemDelegate(_StripDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setFixedWidth(EDGE + 28)
        self.setObjectName("strip")
        self.setAccessibleName("页面缩略图")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._following = False
        self.selectionModel().currentChanged.connect(self._chosen)

    @property
    def chosen(self) -> list[int]:
        """Places of the chosen pages, in their order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, places: Sequence[int]) -> None:
        """Choose pages by their places, the first of them in front."""
        self._following = True
        self.selectionModel().clearSelection()
        for place in places:
            self.selectionModel().select(self.pages.index(place), QItemSelectionModel.SelectionFlag.Select)
        if places:
            self.selectionModel().setCurrentIndex(
                self.pages.index(places[0]), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.scrollTo(self.pages.index(places[0]))
        self._following = False

    def follow(self, page: int) -> None:
        """Mark the page in front without asking for it; several chosen pages stay chosen while one of them is."""
        if len(self.chosen) > 1 and page in self.chosen:
            return
        self._following = True
        self.setCurrentIndex(self.pages.index(page))
        self._following = False

    def _chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.page_chosen.emit(current.row())
