"""导出后用系统播放器打开: why, and into which folder; then the copy is written and the system's player opens it."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from lian_desk.services.commands.commands import Outcome
from lian_desk.services.materials.recordings import ExportRecording, require_folder, write_recording
from lian_desk.services.materials.views import MaterialView
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.folder_field import FolderField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import FieldSpec, TextField
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.theme import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_LONG: Final = 500
_WORDS: Final = "会在所选文件夹里留下一份未加密的副本，用完请自行删除；本次导出和原因记入档案与操作记录。"


class RecordingDialog(FormDialog):
    """Asks for reason and folder; ``finished_with`` the key of the material once the player was asked to open it."""

    def __init__(self, context: UiContext, view: MaterialView, parent: QWidget | None = None) -> None:
        super().__init__(f"导出并播放 · {phrase(view.kind)}", primary="导出并打开", width=520, parent=parent)
        self._context = context
        self._view = view
        self.form.add_widget(Notice(_WORDS, Tone.INFO))
        placeholder = "例如：核对客户在电话里确认的时间"
        self.form.add_row(TextField(FieldSpec(name="reason", label="原因", placeholder=placeholder, most=_LONG)))
        self.form.add_row(FolderField(FieldSpec(name="folder", label="存到哪个文件夹")))
        self.form.fields["reason"].focus()
        self.fit()

    def submit(self, values: dict[str, Any]) -> None:
        """Override: seal the export, write the copy, let the system play it."""
        folder: Path = values["folder"]
        go_on = partial(self._seal, values["reason"], folder)
        self._context.runner.read(self, partial(require_folder, folder), go_on, self.refuse)

    def _seal(self, reason: str, folder: Path, _is_there: None) -> None:
        command = ExportRecording(
            command_id=self._context.desk.new_id(), material_id=self._view.material_id, reason=reason
        )
        carry_out(self._context, self, command, partial(self._write, folder), self.refuse)

    def _write(self, folder: Path, _outcome: Outcome) -> None:
        work = partial(write_recording, self._context.desk, self._view, folder)
        self._context.runner.write(self, work, self._play, self.refuse)

    def _play(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        self.finish(self._view.material_id)
