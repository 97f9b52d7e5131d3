"""Pages of many materials as small pictures to be picked: by click, by blank, all of one material by its letter A."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.services.covering.page_covers import CoverState
from lian_desk.services.papers.pack_choices import PackPage
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.ui.common.look.icons import pixmap
from lian_desk.ui.common.look.theme import TypeRole, current_theme
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.page_images import to_image

PageRole: Final = Qt.ItemDataRole.UserRole + 1
PictureRole: Final = Qt.ItemDataRole.UserRole + 2
_EDGE: Final = 220
_PICTURE: Final = QSize(112, 132)
_TILE: Final = QSize(136, 184)
#: Pictures kept; a page that is scrolled back to is asked for again.
_KEPT: Final = 240

_Index = QModelIndex | QPersistentModelIndex
_STANDS: Final = {
    CoverState.NOT_READ: " · 未识别",
    CoverState.OUTDATED: " · 待重识",
    CoverState.UNEXPLAINED: " · 待手工遮盖",
}
_ROOT: Final = QModelIndex()


class PageModel(QAbstractListModel):
    """The pages, which of them are picked, and their pictures as they come.

    Signals:
        picked(): the choice changed.
    """

    picked = Signal()

    def __init__(self, context: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._thumbnails = Thumbnails(context.desk.materials, context.desk.renderer)
        self._pages: tuple[PackPage, ...] = ()
        self._chosen: set[int] = set()
        self._pictures: dict[int, QImage | None] = {}
        self._asked: set[int] = set()

    def set_pages(self, pages: Sequence[PackPage]) -> None:
        """Offer other pages; nothing is picked by default (R21)."""
        self.beginResetModel()
        self._pages = tuple(pages)
        self._chosen, self._pictures, self._asked = set(), {}, set()
        self.endResetModel()
        self.picked.emit()

    @property
    def chosen(self) -> tuple[PackPage, ...]:
        """What is picked, in the order of the pages."""
        return tuple(self._pages[row] for row in sorted(self._chosen))

    @property
    def given(self) -> tuple[PagesGiven, ...]:
        """What is picked as the services take it, material by material."""
        by_material: dict[int, list[int]] = {}
        for page in self.chosen:
            by_material.setdefault(page.material_id, []).append(page.number)
        return tuple(PagesGiven(material_id=key, pages=tuple(pages)) for key, pages in by_material.items())

    def toggle(self, row: int) -> None:
        """Pick a page or put it back."""
        self._chosen ^= {row}
        self._tell([row])

    def toggle_material(self, row: int) -> None:
        """Pick every page of the material of a row, or put all back when all are picked."""
        key = self._pages[row].material_id
        rows = {place for place, page in enumerate(self._pages) if page.material_id == key}
        self._chosen = self._chosen - rows if rows <= self._chosen else self._chosen | rows
        self._tell(sorted(rows))

    def clear(self) -> None:
        """Put everything back."""
        rows, self._chosen = sorted(self._chosen), set()
        self._tell(rows)

    def page_at(self, row: int) -> PackPage | None:
        """Return the page of a row."""
        return self._pages[row] if 0 <= row < len(self._pages) else None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Override QAbstractItemModel.rowCount."""
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Override QAbstractItemModel.data: from memory; a picture that is not there yet is asked for."""
        page = self.page_at(index.row()) if index.isValid() else None
        if page is None:
            return None
        if role == PageRole:
            return page
        if role == PictureRole:
            return self._picture(index.row(), page)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if index.row() in self._chosen else Qt.CheckState.Unchecked
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            picked = "，已选" if index.row() in self._chosen else ""
            return f"{page.words}，{page.dated_on:%Y-%m-%d}，第 {page.number} 页，共 {page.count} 页{picked}"
        return None

    def _picture(self, row: int, page: PackPage) -> QImage | None:
        if row not in self._asked:
            self._asked.add(row)
            work = partial(self._render, page)
            self._context.runner.read(self, work, partial(self._take, row), partial(self._fail, row))
        return self._pictures.get(row)

    def _render(self, page: PackPage) -> QImage:
        return to_image(self._thumbnails.of(page.sha256, page.byte_size, _EDGE, page.rotation, page.page))

    def _take(self, row: int, picture: QImage) -> None:
        if len(self._pictures) >= _KEPT:
            oldest = next(iter(self._pictures))
            del self._pictures[oldest]
            self._asked.discard(oldest)
        self._pictures[row] = picture
        self._repaint(row)

    def _fail(self, row: int, _error: BaseException) -> None:
        self._pictures[row] = QImage()
        self._repaint(row)

    def _repaint(self, row: int) -> None:
        index = self.index(row, 0)
        self.dataChanged.emit(index, index)

    def _tell(self, rows: Sequence[int]) -> None:
        for row in rows:
            self._repaint(row)
        self.picked.emit()


class _PageDelegate(QStyledItemDelegate):
    """A page on its tile: picture, tick, what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Override: every tile has the same size."""
        return _TILE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override: paint from memory."""
        theme = current_theme()
        page: PackPage = index.data(PageRole)
        is_picked = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(4, 4, -4, -4)
        painter.setPen(QPen(theme.color("accent" if is_picked else "hairline"), 2 if is_picked else 1))
        painter.setBrush(theme.color("accent_soft" if is_picked else "surface"))
        painter.drawRoundedRect(card, 8, 8)
        self._picture(painter, QRect(card.left() + 8, card.top() + 8, _PICTURE.width(), _PICTURE.height()), index)
        words = QRect(card.left() + 8, card.bottom() - 34, card.width() - 16, 16)
        painter.setFont(theme.font(TypeRole.SECONDARY))
        painter.setPen(theme.color("text"))
        shown = theme.metrics(TypeRole.SECONDARY).elidedText(page.words, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(theme.color("muted"))
        note = f"{page.number}/{page.count} · {page.dated_on:%m-%d}" + _STANDS.get(page.cover, "")
        painter.drawText(words.translated(0, 15), Qt.AlignmentFlag.AlignVCenter, note)
        if is_picked:
            painter.drawPixmap(card.right() - 26, card.top() + 12, pixmap("circle-check", 18, "accent"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(card.adjusted(3, 3, -3, -3), 6, 6)
        painter.restore()

    def _picture(self, painter: QPainter, area: QRect, index: _Index) -> None:
        theme = current_theme()
        image = index.data(PictureRole)
        if not isinstance(image, QImage) or image.isNull():
            painter.fillRect(area, theme.color("sunken"))
            if isinstance(image, QImage):
                painter.setPen(theme.color("muted"))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "不能显示")
            return
        size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(area.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)


class PagePicker(QListView):
    """The grid of pages. Click or blank picks, A picks all pages of the material under the cursor."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = PageModel(context, self)
        self.setModel(self.pages)
        self.setItemDelegate(_PageDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(_TILE)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName("选择页面")
        self.setAccessibleDescription("空格选取或放回，A 选取这份材料的所有页")
        self.clicked.connect(lambda index: self.pages.toggle(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: blank picks a page, A all of its material."""
        row = self.currentIndex().row()
        if row >= 0 and event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.pages.toggle(row)
        elif row >= 0 and event.key() == Qt.Key.Key_A:
            self.pages.toggle_material(row)
        else:
            super().keyPressEvent(event)
