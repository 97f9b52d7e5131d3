"""The grid of materials: a tile for each, with the small picture of its first page."""

from collections import OrderedDict
from collections.abc import Hashable
from functools import partial
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.services.listings.materials import MaterialRow
from lian_desk.services.words.format_words import format_name, is_kept_only
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.windowed_table_model import RowRole, WindowedTableModel
from lian_desk.ui.common.look.chips import CHIP_HEIGHT, chip_width, paint_chip
from lian_desk.ui.common.look.theme import LIGHT, TypeRole, current_theme
from lian_desk.ui.materials.columns import answer_chip, facts, state_chip, whose
from lian_desk.ui.materials.viewing.render_queue import RenderQueue

TILE_LEAST: Final = 158
TILE_PICTURE: Final = 92
_EDGE: Final = 360
_GAP: Final = 10
_KEPT: Final = 400

_Index = QModelIndex | QPersistentModelIndex


class TileDelegate(QStyledItemDelegate):
    """Paints one tile; ``shows_owner`` adds whose material it is."""

    def __init__(self, pictures: "TilePictures", *, shows_owner: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._shows_owner = shows_owner
        self.tile = QSize(TILE_LEAST, self.height())

    def height(self) -> int:
        """Return the height of a tile with its gap."""
        return TILE_PICTURE + (90 if self._shows_owner else 70)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Override: every tile has the same size."""
        return self.tile

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Override: card, picture, kind with its state, quiet lines."""
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(option.rect.adjusted(1, 1, -_GAP, -_GAP))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(theme.color("accent" if chosen else "hairline"), 2 if chosen else 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(card, 8, 8)
        inside = card.toRect().adjusted(8, 8, -8, -8)
        row = index.data(RowRole)
        picture = QRect(inside.left(), inside.top(), inside.width(), TILE_PICTURE)
        self._picture(painter, picture, row if isinstance(row, MaterialRow) else None)
        words = QRect(inside.left(), picture.bottom() + 6, inside.width(), CHIP_HEIGHT)
        if isinstance(row, MaterialRow):
            self._words(painter, words, row)
        if option.state & QStyle.StateFlag.State_HasFocus and chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(card.adjusted(4, 4, -4, -4), 6, 6)
        painter.restore()

    def _picture(self, painter: QPainter, area: QRect, row: MaterialRow | None) -> None:
        theme = current_theme()
        painter.save()
        painter.setClipRect(area)
        image = None if row is None else self._pictures.of(row)
        if image is None:
            painter.fillRect(area, theme.color("sunken"))
            if row is not None and (row.page_count is None or row.is_erased or self._pictures.has_failed(row)):
                painter.setPen(theme.color("muted"))
                painter.setFont(theme.font(TypeRole.SECONDARY))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "已删除" if row.is_erased else _unshown(row))
        else:
            painter.fillRect(area, QColor(LIGHT.surface))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, image, _upper_part(image, area))
        painter.setClipping(False)
        painter.setPen(QPen(theme.color("hairline"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
        painter.restore()

    def _words(self, painter: QPainter, line: QRect, row: MaterialRow) -> None:
        theme = current_theme()
        chip = state_chip(row.state)
        width = chip_width(theme, chip.text)
        paint_chip(painter, theme, QRectF(line.right() - width + 1, line.top(), width, CHIP_HEIGHT), chip)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(TypeRole.BOLD))
        room = line.adjusted(0, 0, -width - 6, 0)
        _cut(painter, room, TypeRole.BOLD, phrase(row.kind))
        second = line.translated(0, 23)
        width = 0
        if not row.is_erased:
            answer = answer_chip(row.name_answer, is_short=True)
            width = chip_width(theme, answer.text)
            paint_chip(painter, theme, QRectF(second.right() - width + 1, second.top(), width, CHIP_HEIGHT), answer)
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.font(TypeRole.SECONDARY))
        _cut(painter, second.adjusted(0, 0, -width - 4, 0), TypeRole.SECONDARY, facts(row))
        if self._shows_owner:
            _cut(painter, line.translated(0, 42), TypeRole.SECONDARY, whose(row))


def _cut(painter: QPainter, area: QRect, role: TypeRole, words: str) -> None:
    shown = current_theme().metrics(role).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _upper_part(image: QImage, area: QRect) -> QRect:
    """Fill the tile's width and show the upper part of a page; a lying picture is cut at its sides."""
    wanted = area.width() / max(1, area.height())
    width, height = image.width(), image.height()
    if width / max(1, height) > wanted:
        across = round(height * wanted)
        return QRect((width - across) // 2, 0, across, height)
    return QRect(0, 0, width, round(width / wanted))


class TilePictures:
    """Small pictures of the tiles, asked for when a tile is first painted; memory only."""

    def __init__(self, view: "TileView", thumbnails: Thumbnails, queue: RenderQueue) -> None:
        self._view = view
        self._thumbnails = thumbnails
        self._queue = queue
        self._kept: OrderedDict[Hashable, QImage | None] = OrderedDict()

    def of(self, row: MaterialRow) -> QImage | None:
        """Return the picture, or None and ask for it."""
        key = _picture_key(row)
        if key in self._kept:
            return self._kept[key]
        if row.page_count is not None and not row.is_erased:
            draw = partial(self._thumbnails.of, row.sha256, row.byte_size, _EDGE, *_first_page(row))
            keep = partial(self._keep, key)
            self._queue.ask(("tile", key), self._view, draw, keep, lambda _error: self._keep(key, None), urgent=False)
        return None

    def has_failed(self, row: MaterialRow) -> bool:
        """Tell whether the picture cannot be made."""
        key = _picture_key(row)
        return key in self._kept and self._kept[key] is None

    def forget(self) -> None:
        """Hold no picture any more: the desk is locked, or a material was erased."""
        self._kept.clear()
        self._thumbnails.forget()

    def _keep(self, key: Hashable, image: QImage | None) -> None:
        self._kept[key] = image
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self._view.viewport().update()


def _picture_key(row: MaterialRow) -> Hashable:
    return row.sha256, *_first_page(row)


def _first_page(row: MaterialRow) -> tuple[int, int]:
    """Return how the first page shown is turned, and which page of the original it is."""
    return (row.rotation + row.first.rotation) % 360, row.first.page


class TileView(QListView):
    """The grid over a windowed model: as many columns as fit, the chosen material kept by its key.

    Signals:
        material_chosen(object): key of the material, None when nothing is chosen.
    """

    material_chosen = Signal(object)

    def __init__(
        self, model: WindowedTableModel, thumbnails: Thumbnails, queue: RenderQueue, *, shows_owner: bool
    ) -> None:
        super().__init__()
        self._rows = model
        self._chosen: int | None = None
        self.setModel(model)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("材料")
        self.setObjectName("tiles")
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().rangeChanged.connect(self._show_bar)
        self.pictures = TilePictures(self, thumbnails, queue)
        self._tiles = TileDelegate(self.pictures, shows_owner=shows_owner, parent=self)
        self.setItemDelegate(self._tiles)
        self._restoring = False
        model.remembered = lambda: () if self._chosen is None else (self._chosen,)
        model.searched.connect(self._restore)
        model.counted.connect(self._restore)
        self.selectionModel().currentChanged.connect(self._current_changed)

    @property
    def chosen(self) -> int | None:
        """Key of the chosen material."""
        return self._chosen

    @property
    def tile_height(self) -> int:
        """Height of a tile with its gap, in pixels."""
        return self._tiles.height()

    def choose(self, key: int | None) -> None:
        """Choose a material by key; it is marked as soon as it is in the list."""
        changed = key != self._chosen
        self._chosen = key
        self._restore()
        if changed:
            self.material_chosen.emit(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: tiles share the width evenly."""
        # the room of the scroll bar is kept free, so that its coming and going moves no tile
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2
        columns = max(1, room // TILE_LEAST)
        self._tiles.tile = QSize(room // columns, self._tiles.height())
        self.setGridSize(self._tiles.tile)
        super().resizeEvent(event)

    def _show_bar(self, least: int, most: int) -> None:
        """A grid in icon mode keeps a bar it does not need any more; so it is shown and hidden here."""
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if most > least else policy.ScrollBarAlwaysOff)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self._restoring or not current.isValid():
            return
        key = self._rows.key_at(current.row())
        if key != self._chosen:
            self._chosen = key
            self.material_chosen.emit(key)

    def _restore(self, *_details: object) -> None:
        row = None if self._chosen is None else self._rows.row_of(self._chosen)
        self._restoring = True
        try:
            if row is None:
                self.selectionModel().clear()
            else:
                index = self._rows.index(row, 0)
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        finally:
            self._restoring = False


def _unshown(row: MaterialRow) -> str:
    return format_name(row.media_type) if is_kept_only(row.media_type) else "不能显示"
