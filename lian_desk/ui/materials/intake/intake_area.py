"""Taking in, as the panel of materials has it: drop zone, progress and results, files that are here already."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from lian_desk.adapters.storage.loose_sources import LooseSource
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, size_limit_megabytes
from lian_desk.services.materials.intake_settings import IntakeSettingsView, load_settings_view
from lian_desk.services.words.formats import local
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.intake.inbox_card import InboxCard
from lian_desk.ui.materials.intake.inbox_watch import InboxWatch
from lian_desk.ui.materials.intake.intake_run import IntakeRun
from lian_desk.ui.materials.intake.intake_settings_dialog import IntakeSettingsDialog
from lian_desk.ui.materials.intake.twin_card import TwinCard
from lian_desk.ui.materials.intake.twin_dialog import TwinDialog
from lian_desk.ui.materials.intake.upload_panel import DropZone, IntakeCard

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes
    from lian_desk.services.materials.views import MaterialView

_INVITATION = "把文件、文件夹拖到这里，或 Ctrl+V 粘贴微信截图"
_NO_TARGET = "选中一份材料后可为同一档案继续收取；新档案的材料请在档案中收取"


class IntakeArea(QObject):
    """Owns the widgets of the intake; the panel puts them where they belong.

    Signals:
        arrived(object): key of the first material of an intake that is done.
        said(str): a sentence for the toast.
        looked_at(object): a source to be shown that is no material yet.
    """

    arrived = Signal(object)
    said = Signal(str)
    looked_at = Signal(object)

    def __init__(self, context: UiContext, file_id: int | None, host: QWidget) -> None:
        super().__init__(host)
        self._context = context
        self._host = host
        self._file_id = file_id
        self._chosen_file: int | None = None
        self._first_new: int | None = None
        self.run = IntakeRun(context, self)
        self.drop_zone = DropZone(size_limit_megabytes(context.desk))
        self.drop_zone.name_picture = partial(self._name_picture, "拖入")
        self.intake_card = IntakeCard()
        self.twin_card = TwinCard()
        self.drop_zone.offered.connect(self.take_in)
        self.run.progressed.connect(self._show_progress)
        self.run.result_arrived.connect(self._take_result)
        self.run.finished.connect(self._finished)
        self.intake_card.cancelled.connect(self.run.cancel)
        self.intake_card.resumed.connect(self.run.resume)
        self.intake_card.acknowledged.connect(self.run.drop_remaining)
        self.twin_card.asked.connect(self.ask_about_twins)
        self.inbox_card = InboxCard()
        self.inbox_watch = InboxWatch(context, host)
        self._connect_inbox()
        self.show_target(None)
        self.run.look_for_left_over(file_id)

    def _connect_inbox(self) -> None:
        self.drop_zone.settings_wanted.connect(self.ask_for_settings)
        self.inbox_watch.changed.connect(self.inbox_card.show_inbox)
        self.inbox_card.offered.connect(self.take_in)
        self.inbox_card.looked_at.connect(lambda file: self.looked_at.emit(LooseSource(file.path, file.state)))
        self.run.left_over_found.connect(self.intake_card.show_left_over)
        self.intake_card.left_over_wanted.connect(self.run.go_on_with)
        self.intake_card.left_over_refused.connect(self.run.forget)
        self._context.bus.committed.connect(self._apply)

    def _apply(self, changes: "Changes") -> None:
        if changes.touches({"workspace_setting"}):
            self.drop_zone.set_limit(size_limit_megabytes(self._context.desk))

    def ask_for_settings(self) -> None:
        """Open 收取设置."""
        self._context.runner.read(self._host, partial(load_settings_view, self._context.desk), self._show_settings)

    def _show_settings(self, view: IntakeSettingsView) -> None:
        IntakeSettingsDialog(self._context, view, self._host).open()

    def show_target(self, view: "MaterialView | None") -> None:
        """Say for which file materials are taken in: the tab's own, or that of the material in front."""
        self._chosen_file = None if view is None else view.assistance_file_id
        if self._file_id is not None:
            words, is_open = _INVITATION, view is None or not view.is_closed
        elif view is None:
            words, is_open = _NO_TARGET, False
        else:
            words = f"拖到这里收取到 {view.insured_name} 的档案 {view.file_number}，或 Ctrl+V 粘贴"
            is_open = not view.is_closed
        self.drop_zone.set_target(words, is_open=is_open)
        self.inbox_card.set_target(is_open=is_open)

    def take_in(self, source: MaterialSource, gather: object) -> None:
        """Take in what was offered, for this file."""
        target = self._chosen_file if self._file_id is None else self._file_id
        if target is not None and callable(gather):
            self._first_new = None
            self.run.start(target, source, gather)

    def paste(self) -> None:
        """Take in files or a picture from the clipboard."""
        if not self.drop_zone.offer_clipboard(QGuiApplication.clipboard().mimeData(), self._name_picture("粘贴")):
            self.said.emit("剪贴板里没有文件或图片。")

    def _name_picture(self, how: str) -> str:
        return f"{how}的图片 {local(self._context.desk.clock.now()):%Y-%m-%d %H.%M.%S}.png"

    def ask_about_twins(self) -> None:
        """Ask what shall become of the files that are here already."""
        dialog = TwinDialog(self._context, self.twin_card.waiting, self._host)
        dialog.settled.connect(self.twin_card.keep_only)
        dialog.chosen.connect(self.arrived)
        dialog.open()

    def _take_result(self, result: IntakeResult) -> None:
        self.intake_card.add_result(result)
        self.twin_card.add(result)
        if result.outcome is IntakeOutcome.ADDED and self._first_new is None:
            self._first_new = result.material_id

    def _finished(self) -> None:
        self.intake_card.finish(self.run.remaining_count)
        if self._first_new is not None and not self.run.is_running:
            self.arrived.emit(self._first_new)
            self._first_new = None

    def _show_progress(self, done: int, total: int, name: str) -> None:
        if self.run.is_running:
            self.intake_card.show_progress(done, total, name)
