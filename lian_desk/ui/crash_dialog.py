"""What went wrong last time: the records of this computer, to look at, to copy, to open and to delete."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from lian_desk.adapters.diagnostics.crash_records import (
    CrashRecord,
    RecordKind,
    delete_records,
    list_records,
    mark_told,
)
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton, link_button
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.task_runner import TaskRunner

_KIND_WORDS = {RecordKind.FALL: "异常结束", RecordKind.ERROR: "意外错误"}


class CrashDialog(QDialog):
    """The records of a workspace, the newest one in front; whoever has seen them is not told again."""

    def __init__(self, words: str, folder: Path, runner: TaskRunner, parent: QWidget | None = None) -> None:
        """Show ``words``, what the start found, over the records in ``folder``."""
        super().__init__(parent)
        self._folder = folder
        self._runner = runner
        self._texts: list[str] = []
        self.setWindowTitle("上次异常结束")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.words = label(words, wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName("异常记录")
        self.list.currentRowChanged.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("记录内容")
        self.copy_button = SecondaryButton("复制", self.copy)
        self.delete_button = link_button("删除全部记录", self.delete)
        self._lay_out()
        self.resize(720, 420)
        self._load()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(10)
        column.addWidget(label("上次异常结束", "title"))
        column.addWidget(self.words)
        column.addWidget(
            label("记录只含程序版本与程序位置，不含任何个人信息；只存在本机，不会自动发送。", "muted", wrap=True)
        )
        middle = QHBoxLayout()
        middle.addWidget(self.list, 2)
        middle.addWidget(self.text, 5)
        column.addLayout(middle, 1)
        row = QHBoxLayout()
        row.addWidget(self.delete_button)
        row.addStretch(1)
        row.addWidget(SecondaryButton("打开文件夹", self.open_folder))
        row.addWidget(self.copy_button)
        done = PrimaryButton("知道了", self.accept)
        done.setDefault(True)
        row.addWidget(done)
        column.addLayout(row)

    def copy(self) -> None:
        """Put the record in front on the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())

    def open_folder(self) -> None:
        """Show the folder of the records."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def delete(self) -> None:
        """Remove every record."""
        self._runner.write(self, partial(_delete, self._folder), self._deleted, self._refused)

    def _load(self) -> None:
        self._runner.write(self, partial(_read, self._folder), self._fill, self._refused)

    def _fill(self, found: list[tuple[CrashRecord, str]]) -> None:
        self._texts = [text for _record, text in found]
        self.list.clear()
        self.list.addItems([f"{record.at:%Y-%m-%d %H:%M} {_KIND_WORDS[record.kind]}" for record, _text in found])
        self.list.setCurrentRow(0)

    def _show(self, row: int) -> None:
        self.text.setPlainText(self._texts[row] if 0 <= row < len(self._texts) else "")

    def _deleted(self, count: int) -> None:
        self._texts = []
        self.list.clear()
        self.text.clear()
        self.words.setText(f"已删除 {count} 份记录。")
        self.copy_button.setEnabled(False)
        self.delete_button.setEnabled(False)

    def _refused(self, error: BaseException) -> None:
        self.words.setText(sentence(error))


def _read(folder: Path) -> list[tuple[CrashRecord, str]]:
    """Read the records and note that the user was told of them."""
    with foreseen_problems():
        mark_told(folder)
        return [(record, record.text()) for record in list_records(folder)]


def _delete(folder: Path) -> int:
    with foreseen_problems():
        return delete_records(folder)
