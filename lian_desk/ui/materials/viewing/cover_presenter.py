"""What is covered by hand on the material in front: read, stored by a command, read again. No widget here."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from lian_desk.services.commands.changes import Changes
from lian_desk.services.covering.page_covers import CoverState, KeepPageCover, PageCoverView, load_page_covers
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.viewing.cover_bar import CoverBar
from lian_desk.ui.materials.viewing.cover_editor import CoverEditor

TABLES = frozenset({"page_cover", "material_page_text"})


class CoverPresenter(QObject):
    """Keeps the editor of a viewer and the rows of a material together.

    Signals:
        done(str): a sentence about what was stored.
        refused(object): the error of what was not.
        told(object): the numbers of the pages that must be looked at before they are covered.
    """

    done = Signal(str)
    refused = Signal(object)
    told = Signal(object)

    def __init__(self, context: UiContext, editor: CoverEditor, bar: CoverBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._editor = editor
        self._material_id: int | None = None
        bar.kept.connect(self.keep)
        context.bus.committed.connect(self._notice)

    def open(self, material_id: int | None) -> None:
        """Another material is in front, or none; what was drawn on the one before is stored, not lost."""
        self.store_changed()
        self._material_id = material_id
        self._editor.forget()
        self.told.emit(())
        self._read()

    def store_changed(self) -> None:
        """Store what was drawn and not stored yet, as not complete."""
        for page in self._editor.plan.changed:
            self.keep(page, is_complete=False)

    def keep(self, page: int, is_complete: bool) -> None:  # noqa: FBT001 - the slot of a signal
        """Store the boxes of a page."""
        material_id = self._material_id
        if material_id is None:
            return
        boxes = self._editor.plan.boxes(page)
        command = KeepPageCover(
            command_id=self._context.desk.new_id(),
            material_id=material_id,
            page=page,
            boxes=boxes,
            is_complete=is_complete,
        )
        self._editor.plan.accept(page)
        words = f"已确认遮盖完成，共 {len(boxes)} 处" if is_complete else f"已保存 {len(boxes)} 处遮盖，尚未确认完成"
        carry_out(self._context, self, command, lambda _outcome: self.done.emit(words), self.refused.emit)

    def _notice(self, changes: Changes) -> None:
        if changes.touches(TABLES):
            self._read()

    def _read(self) -> None:
        if self._material_id is not None:
            work = partial(load_page_covers, self._context.desk, self._material_id)
            self._context.runner.read(self, work, partial(self._take, self._material_id), self.refused.emit)

    def _take(self, material_id: int, views: Mapping[int, PageCoverView]) -> None:
        if material_id == self._material_id:
            self._editor.show_plan(views)
            waiting = sorted(view.number for view in views.values() if view.state is CoverState.UNEXPLAINED)
            self.told.emit(tuple(number for number in waiting if number))
