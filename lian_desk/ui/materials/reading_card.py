"""One material in front: its pages and its details, and everything that may be done with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QStackedWidget, QWidget

from lian_desk.adapters.rendering.renderer import RenderSource
from lian_desk.models.vocabulary import MaterialRelation
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.materials.views import MaterialView, export_name, render_source
from lian_desk.ui.common.look.cards import Card
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.details import MaterialDetails
from lian_desk.ui.materials.life_dialogs import erase_dialog, trash_dialog
from lian_desk.ui.materials.presenter import MaterialPresenter
from lian_desk.ui.materials.reading.recognition_section import RecognitionSection
from lian_desk.ui.materials.recording_dialog import RecordingDialog
from lian_desk.ui.materials.viewing.cover_presenter import CoverPresenter
from lian_desk.ui.materials.viewing.page_viewer import PageViewer
from lian_desk.ui.materials.viewing.unshown import unshown_words

DETAILS_WIDTH: Final = 268
_LEAST_DETAILS: Final = 224
_BESIDE: Final = 50
"""Pixels of the card beside pages and details: its edges, and the room between the two."""


class ReadingCard(Card):
    """The viewer at the left, the details at the right.

    Signals:
        opened(object): another material is in front (``MaterialView``), None when there is none.
        wanted(object): key of a material that should come to the front.
        said(str): a sentence about what was done.
    """

    opened = Signal(object)
    wanted = Signal(object)
    said = Signal(str)

    def __init__(self, context: UiContext, *, shows_file: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        desk = context.desk
        self._context = context
        self.presenter = MaterialPresenter(context, self)
        self.viewer = PageViewer(context.runner, desk.renderer, context.theme)
        self.covering = CoverPresenter(context, self.viewer.covers, self.viewer.cover_bar, self)
        self.details = MaterialDetails(shows_file=shows_file)
        self.recognition = RecognitionSection(context, self.viewer)
        self.details.put_on_top(self.recognition)
        self._no_details = EmptyState("", "")
        self._no_details.triggered.connect(self._come_back)
        self._set_aside: int | None = None
        self._right = QStackedWidget()
        self._wanted_place: tuple[int, int, tuple[PageMark, ...]] | None = None
        self.details.removal.erase.setEnabled(desk.operator.role in LEADS)
        self.details.removal.erase.setToolTip("" if desk.operator.role in LEADS else "由主管决定")
        self._lay_out()
        self._connect()

    def open(self, material_id: int | None) -> None:
        """Bring a material to the front, or none."""
        self.presenter.open(material_id)
        if material_id is None:
            self._set_aside = None
            self._no_details.show_state("")
            self._right.hide()
            self.viewer.clear()
            self.recognition.show_material(None)
            self._forbid_changes()
            self.opened.emit(None)

    def show_loose(self, source: RenderSource) -> None:
        """Show a file that is no material yet; nothing may be said about it, and no material stands beside it."""
        view = self.presenter.view
        self._set_aside = self._set_aside if view is None else view.material_id
        self.presenter.open(None)
        self.recognition.show_material(None)
        self._forbid_changes()
        back = "回到刚才的材料" if self._set_aside is not None else ""
        self._no_details.show_state("还没有收取", "这份文件在收件文件夹里；收取到档案后才能登记和核对。", back)
        self._right.setCurrentWidget(self._no_details)
        self._right.show()
        self.viewer.show_document(source)

    def _come_back(self) -> None:
        if self._set_aside is not None:
            self.open(self._set_aside)

    def show_place(self, material_id: int, page: int, marks: Sequence[PageMark] = ()) -> None:
        """Go to a page of the original with marks, now or as soon as that material is in front."""
        self._wanted_place = (material_id, page, tuple(marks))
        self._go_to_place()

    def forget(self) -> None:
        """Hold no page any more: the desk is locked. The material comes back with :meth:`show_again`."""
        self.viewer.clear()

    def show_again(self) -> None:
        """Show the pages of the material in front again."""
        if self.presenter.view is not None:
            self._show_pages(self.presenter.view)

    def _opened(self, view: MaterialView) -> None:
        self._right.setCurrentWidget(self.details)
        self._right.show()
        self.details.show_view(view)
        self.covering.open(view.material_id)
        self._show_pages(view)
        self.recognition.show_material(view.material_id, is_closed=view.is_closed or view.removal is not None)
        self.opened.emit(view)

    def _refreshed(self, view: MaterialView) -> None:
        self.details.show_view(view)
        self._allow_arranging(view)
        if view.is_erased:
            self._show_pages(view)
        elif not self.presenter.is_arranging and self.viewer.plan not in {None, view.plan}:
            self.viewer.set_plan(view.plan, view.rotation)

    def _show_pages(self, view: MaterialView) -> None:
        self._allow_arranging(view)
        if view.is_erased:
            self.viewer.show_problem("已彻底删除", "文件不在了，只留登记与操作记录。")
        elif view.page_count is None:
            self.viewer.show_problem(*unshown_words(view.media_type))
        else:
            self.viewer.show_document(render_source(self._context.desk, view), view.rotation, view.plan)
            self._go_to_place()

    def _allow_arranging(self, view: MaterialView) -> None:
        allowed = view.page_count is not None and not view.is_closed and view.removal is None
        self.viewer.arranger.set_allowed(allowed=allowed, may_join=view.relation is MaterialRelation.SPLIT)
        self.viewer.allow_covering(allowed=allowed)

    def _forbid_changes(self) -> None:
        """What is shown is no material, or none is."""
        self.viewer.arranger.set_allowed(allowed=False)
        self.viewer.allow_covering(allowed=False)
        self.covering.open(None)

    def _go_to_place(self) -> None:
        view = self.presenter.view
        if view is None or self._wanted_place is None or view.material_id != self._wanted_place[0]:
            return
        _key, page, marks = self._wanted_place
        self._wanted_place = None
        self.viewer.show_marks(marks)
        self.viewer.go_to(page)

    def _failed(self, error: BaseException) -> None:
        self._right.hide()
        self.viewer.show_problem("打不开", sentence(error))

    def _export(self) -> None:
        view = self.presenter.view
        if view is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, "另存材料副本（未加密）", export_name(view))
        if name:
            self.presenter.export(Path(name))

    def _play(self) -> None:
        if self.presenter.view is not None:
            dialog = RecordingDialog(self._context, self.presenter.view, self)
            dialog.saved.connect(lambda _key: self.said.emit("已导出，正在用系统播放器打开"))
            dialog.open()

    def _ask_deficiency(self) -> None:
        words, is_given = QInputDialog.getMultiLineText(
            self, "材料有误", "哪里不真实、不准确、不完整或不及时？会记入档案。"
        )
        if is_given:
            self.presenter.mark_deficient(words)

    def _trash(self) -> None:
        if self.presenter.view is not None:
            dialog = trash_dialog(self._context, self.presenter.view, self)
            dialog.saved.connect(lambda _key: self.said.emit("已移入回收站"))
            dialog.open()

    def _erase(self) -> None:
        if self.presenter.view is not None:
            dialog = erase_dialog(self._context, self.presenter.view, self)
            dialog.saved.connect(lambda _key: self.said.emit("已彻底删除"))
            dialog.open()

    def _open_file(self) -> None:
        if self.presenter.view is not None:
            self._context.navigator.open_file(self.presenter.view.assistance_file_id)

    def _connect(self) -> None:
        presenter, details, arranger = self.presenter, self.details, self.viewer.arranger
        presenter.opened.connect(self._opened)
        presenter.refreshed.connect(self._refreshed)
        presenter.checked.connect(details.show_soundness)
        presenter.saved.connect(details.accept_saved)
        presenter.done.connect(self.said)
        presenter.refused.connect(details.show_refusal)
        presenter.failed.connect(self._failed)
        presenter.made.connect(self.wanted)
        self.recognition.said.connect(self.said)
        self.viewer.turned.connect(presenter.turn)
        self.viewer.again_wanted.connect(presenter.look_again)
        self.viewer.covering_ended.connect(self.covering.store_changed)
        self.covering.done.connect(self.said)
        self.covering.refused.connect(details.show_refusal)
        self.covering.told.connect(self.recognition.show_unexplained)
        arranger.arranged.connect(presenter.arrange)
        arranger.split_requested.connect(presenter.split)
        arranger.join_requested.connect(presenter.join)
        details.save_requested.connect(presenter.save)
        details.confirm_requested.connect(presenter.confirm)
        details.deficient_requested.connect(self._ask_deficiency)
        details.export_requested.connect(self._export)
        details.play_requested.connect(self._play)
        details.file_requested.connect(self._open_file)
        details.use_requested.connect(lambda key, used: presenter.set_use(key, used=used))
        details.trash_requested.connect(self._trash)
        details.restore_requested.connect(presenter.restore)
        details.erase_requested.connect(self._erase)
        details.twin_requested.connect(self.wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: in a narrow card the details give way, so that nothing of card and pages is cut off."""
        super().resizeEvent(event)
        self._fit_details()

    def _fit_details(self) -> None:
        room = self.width() - self.viewer.minimumSizeHint().width() - _BESIDE
        self._right.setFixedWidth(max(_LEAST_DETAILS, min(room, DETAILS_WIDTH)))

    def _lay_out(self) -> None:
        self._right.addWidget(self._no_details)
        self._right.addWidget(self.details)
        self._fit_details()
        # nothing is chosen yet: the viewer takes the whole card and says so
        self._right.hide()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.viewer, 1)
        row.addWidget(self._right)
        self.body.addLayout(row, 1)
