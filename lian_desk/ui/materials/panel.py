"""Materials of one assistance file, or of all: grid and intake at the left, viewer and details at the right."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lian_desk.models.vocabulary import MaterialSource as IntakeSource
from lian_desk.models.vocabulary import MaterialState
from lian_desk.services.formats import local
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource
from lian_desk.services.material_intake import IntakeOutcome, IntakeResult, size_limit_megabytes
from lian_desk.services.material_views import MaterialView, export_name, render_source
from lian_desk.services.storage.thumbnails import Thumbnails
from lian_desk.ui.common.cards import Card
from lian_desk.ui.common.chips import FilterChips, FilterChoice
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.states import EmptyState, MessageBar, Toast
from lian_desk.ui.common.text import label
from lian_desk.ui.common.windowed_table_model import WindowedTableModel
from lian_desk.ui.materials.columns import COLUMNS
from lian_desk.ui.materials.details import MaterialDetails
from lian_desk.ui.materials.intake_run import IntakeRun
from lian_desk.ui.materials.page_viewer import PageViewer
from lian_desk.ui.materials.presenter import MaterialPresenter
from lian_desk.ui.materials.tiles import TileView
from lian_desk.ui.materials.upload_panel import DropZone, IntakeCard

if TYPE_CHECKING:
    from lian_desk.services.changes import Changes

_DETAILS_WIDTH: Final = 268
_SEARCH_MS: Final = 220
_STATES: Final = (
    FilterChoice(None, "全部"),
    FilterChoice(MaterialState.RECEIVED.value, "待核对"),
    FilterChoice(MaterialState.CONFIRMED.value, "已核对"),
    FilterChoice(MaterialState.DEFICIENT.value, "有误"),
    FilterChoice(MaterialState.QUARANTINED.value, "已隔离"),
)
_INVITATION: Final = "把文件、文件夹拖到这里，或 Ctrl+V 粘贴微信截图"
_NO_TARGET: Final = "选中一份材料后可为同一档案继续收取；新档案的材料请在档案中收取"


class MaterialsPanel(QWidget):
    """As a tab of one file (``file_id``), or over all files (``None``); intake then goes to the chosen one's file."""

    def __init__(self, context: UiContext, file_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.file_id = file_id
        desk = context.desk
        self.source = MaterialSource(desk)
        self.model = WindowedTableModel(self.source, COLUMNS, context.runner, desk.clock.now, self)
        self.presenter = MaterialPresenter(context, self)
        self.run = IntakeRun(context, self)
        self.viewer = PageViewer(context.runner, desk.renderer, context.theme)
        self.details = MaterialDetails(shows_file=file_id is None)
        thumbnails = Thumbnails(desk.materials, desk.renderer)
        self.tiles = TileView(self.model, thumbnails, self.viewer.queue, shows_owner=file_id is None)
        self.drop_zone = DropZone(size_limit_megabytes(desk))
        self.intake_card = IntakeCard()
        self.filters = FilterChips(_STATES)
        self.search = QLineEdit()
        self.message_bar = MessageBar()
        self._empty = EmptyState("还没有材料", "把客户发来的文件拖进来，或粘贴截图。")
        self._grid = QStackedWidget()
        self._no_details = EmptyState("", "")
        self._right = QStackedWidget()
        self._toast = Toast(self)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(_SEARCH_MS)
        self._first_new: int | None = None
        self._is_stale = False
        self._lay_out()
        self._connect()
        self._show_target(None)
        self.reload()

    # ------------------------------------------------------------------------------------------------------ reading

    def reload(self) -> None:
        """Search again with what is chosen and typed."""
        query = ListQuery().with_text(self.search.text()).with_filter("state", self.filters.value)
        self.model.search(query.with_filter("file", self.file_id))
        self._count()

    def apply(self, changes: "Changes") -> None:
        """Take notice of committed changes; a panel that nobody sees only remembers that it is stale."""
        if not self.isVisible():
            self._is_stale = True
            return
        self.model.apply(changes)
        self.presenter.apply(changes)
        if changes.touches({"material"}):
            self._count()

    def showEvent(self, event: QShowEvent) -> None:
        """Override: catch up with what changed while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.reload()
            self.presenter.refresh()

    def show_material(self, material_id: int) -> None:
        """Bring one material to the front."""
        self.tiles.choose(material_id)

    def _count(self) -> None:
        query = ListQuery().with_filter("file", self.file_id)
        self.context.runner.read(self, partial(self.source.counts, query), self._show_counts, self._show_problem)

    def _show_counts(self, counts: dict[MaterialState, int]) -> None:
        self.filters.set_count(None, sum(counts.values()))
        for state, count in counts.items():
            self.filters.set_count(state.value, count)

    def _searched(self, *_details: object) -> None:
        self.message_bar.clear()
        is_empty = self.model.row_count == 0
        if is_empty and (self.search.text().strip() or self.filters.value is not None):
            self._empty.show_state("没有符合的材料", "换一个词，或改选上面的状态。")
        else:
            self._empty.show_state("还没有材料", "把客户发来的文件拖进来，或粘贴截图。")
        self._grid.setCurrentWidget(self._empty if is_empty else self.tiles)
        if not is_empty and self.tiles.chosen is None and self.file_id is not None:
            self.tiles.choose(self.model.key_at(0))

    # -------------------------------------------------------------------------------------------------- one material

    def _opened(self, view: MaterialView) -> None:
        self._right.setCurrentWidget(self.details)
        self.details.show_view(view)
        self._show_target(view)
        if view.page_count is None:
            self.viewer.show_problem("不能显示", "原文件已加密保存；可以另存后用其他程序查看。")
        else:
            self.viewer.show_document(render_source(self.context.desk, view), view.rotation)

    def _failed(self, error: BaseException) -> None:
        self._right.setCurrentWidget(self._no_details)
        self.viewer.show_problem("打不开", sentence(error))

    def _choose(self, material_id: int | None) -> None:
        self.presenter.open(material_id)
        if material_id is None:
            self._right.setCurrentWidget(self._no_details)
            self.viewer.clear()
            self._show_target(None)

    def _export(self) -> None:
        view = self.presenter.view
        if view is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, "另存材料副本（未加密）", export_name(view))
        if name:
            self.presenter.export(Path(name))

    def _ask_deficiency(self) -> None:
        words, is_given = QInputDialog.getMultiLineText(
            self, "材料有误", "哪里不真实、不准确、不完整或不及时？会记入档案。"
        )
        if is_given:
            self.presenter.mark_deficient(words)

    def _open_file(self) -> None:
        if self.presenter.view is not None:
            self.context.navigator.open_file(self.presenter.view.assistance_file_id)

    # ---------------------------------------------------------------------------------------------------------- intake

    @property
    def _target(self) -> int | None:
        if self.file_id is not None:
            return self.file_id
        return None if self.presenter.view is None else self.presenter.view.assistance_file_id

    def _show_target(self, view: MaterialView | None) -> None:
        if self.file_id is not None:
            self.drop_zone.set_target(_INVITATION, is_open=view is None or not view.is_closed)
        elif view is None:
            self.drop_zone.set_target(_NO_TARGET, is_open=False)
        else:
            words = f"拖到这里收进 {view.insured_name} 的档案 {view.file_number}，或 Ctrl+V 粘贴"
            self.drop_zone.set_target(words, is_open=not view.is_closed)

    def take_in(self, source: IntakeSource, gather: object) -> None:
        """Take in what was offered, for this file."""
        target = self._target
        if target is not None and callable(gather):
            self._first_new = None
            self.run.start(target, source, gather)

    def paste(self) -> None:
        """Take in files or a picture from the clipboard."""
        now = local(self.context.desk.clock.now())
        offered = self.drop_zone.offer_clipboard(
            QGuiApplication.clipboard().mimeData(), f"粘贴的图片 {now:%Y-%m-%d %H.%M.%S}.png"
        )
        if not offered:
            self._toast.say("剪贴板里没有文件或图片。")

    def _take_result(self, result: IntakeResult) -> None:
        self.intake_card.add_result(result)
        if result.outcome is IntakeOutcome.ADDED and self._first_new is None:
            self._first_new = result.material_id

    def _intake_finished(self) -> None:
        self.intake_card.finish(self.run.remaining_count)
        if self._first_new is not None and not self.run.is_running:
            self.tiles.choose(self._first_new)
            self._first_new = None

    # --------------------------------------------------------------------------------------------------------- layout

    def _show_problem(self, error: BaseException) -> None:
        self.message_bar.show_message(sentence(error), action="重试", triggered=self.reload)

    def _connect(self) -> None:
        self.context.bus.committed.connect(self.apply)
        self.model.searched.connect(self._searched)
        self.model.failed.connect(self._show_problem)
        self.filters.chosen.connect(lambda _value: self.reload())
        self.search.textChanged.connect(lambda _text: self._search_timer.start())
        self._search_timer.timeout.connect(self.reload)
        self.tiles.material_chosen.connect(self._choose)
        self.presenter.opened.connect(self._opened)
        self.presenter.refreshed.connect(self.details.show_view)
        self.presenter.checked.connect(self.details.show_soundness)
        self.presenter.saved.connect(self.details.accept_saved)
        self.presenter.done.connect(self._toast.say)
        self.presenter.refused.connect(self.details.show_refusal)
        self.presenter.failed.connect(self._failed)
        self.viewer.turned.connect(self.presenter.turn)
        self.details.save_requested.connect(self.presenter.save)
        self.details.confirm_requested.connect(self.presenter.confirm)
        self.details.deficient_requested.connect(self._ask_deficiency)
        self.details.export_requested.connect(self._export)
        self.details.file_requested.connect(self._open_file)
        self.details.use_requested.connect(lambda key, used: self.presenter.set_use(key, used=used))
        self.drop_zone.offered.connect(self.take_in)
        self.run.progressed.connect(self._show_progress)
        self.run.result_arrived.connect(self._take_result)
        self.run.finished.connect(self._intake_finished)
        self.intake_card.cancelled.connect(self.run.cancel)
        self.intake_card.resumed.connect(self.run.resume)
        self.intake_card.acknowledged.connect(self.run.drop_remaining)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self.destroyed.connect(self.run.close)

    def _show_progress(self, done: int, total: int, name: str) -> None:
        if self.run.is_running:
            self.intake_card.show_progress(done, total, name)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        if self.file_id is None:
            head.addWidget(label("材料", "title"))
        head.addWidget(self.filters)
        head.addStretch()
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText("文件名" if self.file_id is not None else "姓名 / 拼音 / 档案号 / 文件名")
        self.search.setAccessibleName("查找材料")
        self.search.setMaximumWidth(220)
        self.search.setMinimumWidth(110)
        head.addWidget(self.search, 1)
        self._grid.addWidget(self.tiles)
        self._grid.addWidget(self._empty)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.drop_zone)
        column.addWidget(self._grid, 1)
        column.addWidget(self.intake_card)
        self._right.addWidget(self._no_details)
        self._right.addWidget(self.details)
        self._right.setFixedWidth(_DETAILS_WIDTH)
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.viewer, 1)
        row.addWidget(self._right)
        card.body.addLayout(row, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(card)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 7)
        split.setSizes([520, 680])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.message_bar)
        outer.addWidget(split, 1)
