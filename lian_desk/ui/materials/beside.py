"""The materials of one file beside a form: a list to choose from and the pages, nothing that changes anything."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource
from lian_desk.services.materials.views import MaterialView, render_source
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.windowed_table_model import WindowedTableModel
from lian_desk.ui.common.look.chips import Chip
from lian_desk.ui.common.look.formats import iso_day
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.text import ElidedLabel
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.columns import COLUMNS, state_chip
from lian_desk.ui.materials.presenter import MaterialPresenter
from lian_desk.ui.materials.tiles import TileView
from lian_desk.ui.materials.viewing.page_viewer import PageViewer
from lian_desk.ui.materials.viewing.unshown import unshown_words

_BAR = 12
"""Pixels for the bar beneath the row of tiles."""


class MaterialsBeside(QWidget):
    """Read-only; a look is recorded like everywhere."""

    def __init__(self, context: UiContext, file_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        desk = context.desk
        self._context = context
        self.presenter = MaterialPresenter(context, self)
        self.viewer = PageViewer(context.runner, desk.renderer, context.theme)
        self.model = WindowedTableModel(MaterialSource(desk), COLUMNS, context.runner, desk.clock.now, self)
        thumbnails = Thumbnails(desk.materials, desk.renderer)
        self.tiles = TileView(self.model, thumbnails, self.viewer.queue, shows_owner=False)
        self._title = ElidedLabel("", "bold")
        self._chip = Chip()
        self._stack = QStackedWidget()
        self._empty = EmptyState("还没有材料", "这份档案还没有收到材料。")
        self._lay_out()
        self.tiles.material_chosen.connect(self.presenter.open)
        self.presenter.opened.connect(self._opened)
        self.presenter.failed.connect(self._failed)
        self.model.searched.connect(self._searched)
        context.bus.committed.connect(self.model.apply)
        context.navigator.locked.connect(self._forget)
        context.navigator.unlocked.connect(self._show_again)
        self.model.search(ListQuery().with_filter("file", file_id))

    def _searched(self, *_details: object) -> None:
        is_empty = self.model.row_count == 0
        self._stack.setCurrentIndex(1 if is_empty else 0)
        if not is_empty and self.tiles.chosen is None:
            self.tiles.choose(self.model.key_at(0))

    def _opened(self, view: MaterialView) -> None:
        dated = "" if view.document_on is None else f" · {iso_day(view.document_on)}"
        self._title.setText(f"{phrase(view.kind)}{dated}{f' · {view.hospital_name}' if view.hospital_name else ''}")
        chip = state_chip(view.state)
        self._chip.set_chip(chip.text, chip.tone)
        self._show_pages(view)

    def _show_pages(self, view: MaterialView) -> None:
        if view.page_count is None:
            self.viewer.show_problem(*unshown_words(view.media_type))
        else:
            self.viewer.show_document(render_source(self._context.desk, view), view.rotation, view.plan)

    def _failed(self, error: BaseException) -> None:
        self.viewer.show_problem("打不开", sentence(error))

    def _forget(self) -> None:
        self.tiles.pictures.forget()
        self.viewer.clear()

    def _show_again(self) -> None:
        if self.presenter.view is not None:
            self._show_pages(self.presenter.view)

    def _lay_out(self) -> None:
        self.viewer.arranger.set_allowed(allowed=False)
        self.tiles.setWrapping(False)
        self.tiles.setFixedHeight(self.tiles.tile_height + _BAR)
        self.tiles.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._chip)
        pages = QWidget()
        column = QVBoxLayout(pages)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.tiles)
        column.addLayout(head)
        column.addWidget(self.viewer, 1)
        self._stack.addWidget(pages)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 0, 16, 12)
        outer.addWidget(self._stack)
