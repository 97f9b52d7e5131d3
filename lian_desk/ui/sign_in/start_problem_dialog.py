"""A refused start: what happened, what to do, and buttons that do it. None of them deletes or overwrites anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lian_desk.models.errors import DeskError, ErrorCode
from lian_desk.services.workspace.layout import WorkspaceLayout
from lian_desk.services.workspace.opening_words import Remedy, refusal_of
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.icons import pixmap
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import ElidedLabel, hairline, label

_WORDS: Final = {
    Remedy.RETRY: "重试",
    Remedy.CHOOSE_FOLDER: "打开其他工作区…",
    Remedy.SHOW_FOLDER: "打开所在文件夹",
    Remedy.SHOW_BACKUPS: "查看备份",
}


class StartProblemDialog(QDialog):
    """One sentence and the remedies that fit it; leaving ends the program.

    Signals:
        retry_requested(): try the same folder again.
        other_requested(): open a workspace that lies elsewhere.
    """

    retry_requested = Signal()
    other_requested = Signal()

    def __init__(self, error: BaseException, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        code = error.code if isinstance(error, DeskError) else None
        refusal = refusal_of(code if code is not None else ErrorCode.FILE_UNREADABLE)
        title = refusal.title if code is not None else "工作区没有打开"
        self.setWindowTitle(title)
        self.words = label(sentence(error), wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: dict[Remedy, QPushButton] = {}
        self._acts: dict[Remedy, Callable[[], object]] = {
            Remedy.RETRY: self.retry_requested.emit,
            Remedy.CHOOSE_FOLDER: self.other_requested.emit,
            Remedy.SHOW_FOLDER: self._show_folder,
            Remedy.SHOW_BACKUPS: self._show_backups,
        }
        self._lay_out(title, refusal.remedies)
        self.buttons.get(next(iter(refusal.remedies), Remedy.RETRY), self.leave).setFocus()
        self.resize(560, 250)

    def _lay_out(self, title: str, remedies: tuple[Remedy, ...]) -> None:
        picture = QLabel()
        picture.setPixmap(pixmap("alert-triangle", 32, "risk"))
        picture.setAccessibleName("提醒")
        text = QVBoxLayout()
        text.setSpacing(8)
        text.addWidget(label(title, "title"))
        text.addWidget(self.words)
        text.addWidget(ElidedLabel(str(self._folder), "muted"))
        text.addStretch(1)
        top = QHBoxLayout()
        top.setContentsMargins(24, 20, 24, 16)
        top.setSpacing(16)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(text, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.setSpacing(10)
        self.leave = SecondaryButton("退出", self.reject)
        for remedy in remedies[1:]:
            self.buttons[remedy] = link_button(_WORDS[remedy], self._acts[remedy])
            foot.addWidget(self.buttons[remedy])
        foot.addStretch(1)
        foot.addWidget(self.leave)
        if remedies:
            first = PrimaryButton(_WORDS[remedies[0]], self._acts[remedies[0]])
            first.setDefault(True)
            self.buttons[remedies[0]] = first
            foot.addWidget(first)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _show_backups(self) -> None:
        backups = WorkspaceLayout(self._folder).backups
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(backups if backups.is_dir() else self._folder)))
