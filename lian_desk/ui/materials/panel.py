"""Materials of one assistance file, or of all: list and intake at the left, viewer and details at the right."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.adapters.storage.thumbnails import Thumbnails
from lian_desk.models.vocabulary import MaterialState
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialCounts, MaterialSource
from lian_desk.ui.common.lists.windowed_table_model import WindowedTableModel
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState, MessageBar, Toast
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.columns import COLUMNS
from lian_desk.ui.materials.intake.intake_area import IntakeArea
from lian_desk.ui.materials.integrity_dialog import IntegrityDialog
from lian_desk.ui.materials.reading.recognition_line import RecognitionLine
from lian_desk.ui.materials.reading_card import ReadingCard
from lian_desk.ui.materials.tiles import TileView

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_SEARCH_MS: Final = 220
_LIST_WIDTH: Final = 460
_READING_WIDTH: Final = 740
_TRASH: Final = "trash"
_STATES: Final = (
    FilterChoice(None, "全部"),
    FilterChoice(MaterialState.RECEIVED.value, "待核对"),
    FilterChoice(MaterialState.CONFIRMED.value, "已核对"),
    FilterChoice(MaterialState.DEFICIENT.value, "有误"),
    FilterChoice(MaterialState.QUARANTINED.value, "已隔离"),
    FilterChoice(_TRASH, "回收站"),
)


class MaterialsPanel(QWidget):
    """As a tab of one file (``file_id``), or over all files (``None``); intake then goes to the chosen one's file."""

    def __init__(self, context: UiContext, file_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.file_id = file_id
        desk = context.desk
        self.source = MaterialSource(desk)
        self.model = WindowedTableModel(self.source, COLUMNS, context.runner, desk.clock.now, self)
        self.reading = ReadingCard(context, shows_file=file_id is None)
        self.presenter, self.viewer = self.reading.presenter, self.reading.viewer
        self.details = self.reading.details
        thumbnails = Thumbnails(desk.materials, desk.renderer)
        self.tiles = TileView(self.model, thumbnails, self.viewer.queue, shows_owner=file_id is None)
        self.intake = IntakeArea(context, file_id, self)
        self.run, self.drop_zone = self.intake.run, self.intake.drop_zone
        self.intake_card = self.intake.intake_card
        self.recognition_line = RecognitionLine(context)
        self.filters = FilterChips(_STATES)
        self.search = QLineEdit()
        self.check_button = IconButton("shield-check", "核对材料文件是否完好", self.check_files)
        self.message_bar = MessageBar()
        self._empty = EmptyState("还没有材料")
        self._empty.triggered.connect(partial(context.navigator.open_page, "assistance_files"))
        self._grid = QStackedWidget()
        self._toast = Toast(self)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(_SEARCH_MS)
        self._is_stale = False
        self._lay_out()
        self._connect()
        self.reload()

    # ------------------------------------------------------------------------------------------------------ reading

    def reload(self) -> None:
        """Search again with what is chosen and typed."""
        is_trash = self.filters.value == _TRASH
        query = ListQuery().with_text(self.search.text()).with_filter("file", self.file_id)
        query = query.with_filter("trash", _TRASH if is_trash else None)
        self.model.search(query.with_filter("state", None if is_trash else self.filters.value))
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
        if changes.touches({"stored_file_discard"}):
            # an erased paper is not kept as a small picture either
            self.tiles.pictures.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """Override: catch up with what changed while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.reload()
            self.presenter.refresh()

    def show_material(self, material_id: int, page: int | None = None, marks: Sequence[PageMark] = ()) -> None:
        """Bring one material to the front, and on it a page of the original with marks."""
        if page is not None:
            self.reading.show_place(material_id, page, marks)
        self.tiles.choose(material_id)

    def check_files(self) -> None:
        """Open 材料核对: every row against its stored file."""
        dialog = IntegrityDialog(self.context, self)
        dialog.material_chosen.connect(self.show_material)
        dialog.open()

    def _count(self) -> None:
        query = ListQuery().with_filter("file", self.file_id)
        self.context.runner.read(self, partial(self.source.counts, query), self._show_counts, self._show_problem)

    def _show_counts(self, counts: MaterialCounts) -> None:
        self.filters.set_count(None, counts.kept)
        self.filters.set_count(_TRASH, counts.trashed)
        for state, count in counts.by_state.items():
            self.filters.set_count(state.value, count)
        # most days nothing is set apart; the chip comes when something is
        quarantined = MaterialState.QUARANTINED
        self.filters.show_choice(quarantined.value, shown=counts.by_state[quarantined] > 0)

    def _searched(self, *_details: object) -> None:
        self.message_bar.clear()
        is_empty = self.model.row_count == 0
        if is_empty and self.filters.value == _TRASH and not self.search.text().strip():
            self._empty.show_state("回收站是空的", "移走的材料会留在这里，随时可以移出。")
        elif is_empty and (self.search.text().strip() or self.filters.value is not None):
            self._empty.show_state("没有符合的材料", "换一个词，或改选上面的状态。")
        elif self.file_id is None:
            self._empty.show_state(
                "还没有材料", "材料在档案里收取：打开一份档案，把客户发来的文件拖进去。", "打开档案列表"
            )
        else:
            self._empty.show_state("还没有材料", "把客户发来的文件拖进来，或粘贴截图。")
        self._grid.setCurrentWidget(self._empty if is_empty else self.tiles)
        if not is_empty and self.tiles.chosen is None and self.file_id is not None:
            self.tiles.choose(self.model.key_at(0))

    # --------------------------------------------------------------------------------------------------------- wishes

    def take_in(self, source: object, gather: object) -> None:
        """Take in what was offered, for this file."""
        self.drop_zone.offered.emit(source, gather)

    def paste(self) -> None:
        """Take in files or a picture from the clipboard."""
        self.intake.paste()

    def _forget_pictures(self) -> None:
        """The desk is locked: no page and no small picture stays in memory, here or in the child."""
        self.tiles.pictures.forget()
        self.reading.forget()
        self.context.desk.renderer.close()

    # --------------------------------------------------------------------------------------------------------- layout

    def _show_problem(self, error: BaseException) -> None:
        self.message_bar.show_message(sentence(error), action="重试", triggered=self.reload)

    def _connect(self) -> None:
        self.context.bus.committed.connect(self.apply)
        self.context.navigator.locked.connect(self._forget_pictures)
        self.context.navigator.unlocked.connect(self.reading.show_again)
        self.model.searched.connect(self._searched)
        self.model.failed.connect(self._show_problem)
        self.filters.chosen.connect(lambda _value: self.reload())
        self.search.textChanged.connect(lambda _text: self._search_timer.start())
        self._search_timer.timeout.connect(self.reload)
        self.tiles.material_chosen.connect(self.reading.open)
        self.reading.opened.connect(self.intake.show_target)
        self.reading.wanted.connect(self.show_material)
        self.reading.said.connect(self._toast.say)
        self.intake.arrived.connect(self.tiles.choose)
        self.intake.said.connect(self._toast.say)
        self.recognition_line.said.connect(self._toast.say)
        self.intake.looked_at.connect(self.reading.show_loose)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self.destroyed.connect(self.run.close)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        if self.file_id is None:
            head.addWidget(label("材料", "title"))
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText("文件名" if self.file_id is not None else "姓名 / 拼音 / 档案号 / 文件名")
        self.search.setAccessibleName("查找材料")
        self.search.setMinimumWidth(110)
        head.addWidget(self.search, 1)
        head.addWidget(self.check_button)
        chips = QHBoxLayout()
        chips.addWidget(self.filters)
        chips.addStretch(1)
        self._grid.addWidget(self.tiles)
        self._grid.addWidget(self._empty)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(chips)
        column.addWidget(self.drop_zone)
        column.addWidget(self.intake.inbox_card)
        column.addWidget(self._grid, 1)
        column.addWidget(self.intake_card)
        column.addWidget(self.recognition_line)
        column.addWidget(self.intake.twin_card)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.reading)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        split.setSizes([_LIST_WIDTH, _READING_WIDTH])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.message_bar)
        outer.addWidget(split, 1)
