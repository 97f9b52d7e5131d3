"""What a bug looks like to the user: one sentence, what to do, and a report that holds no personal data.

The report names the kind of the exception and the places in the program, never a message or a value: an exception's
text may quote what was typed.
"""

import logging
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from lian_desk.adapters.diagnostics.crash_records import KEPT, RecordKind, report, write_record
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.ui.common.look.buttons import PrimaryButton, SecondaryButton
from lian_desk.ui.common.look.text import label

_LOG: Final = logging.getLogger(__name__)


class ExceptionDialog(QDialog):
    """Tells that something unforeseen happened; the program goes on."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出现意外错误")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(10)
        column.addWidget(label("这一步没有完成", "title"))
        words = "程序遇到了没有预料到的情况。已保存的内容不受影响，已输入的内容仍在。可以再试一次；若再次出现，请把下面的报告交给管理员。"
        column.addWidget(label(words, wrap=True))
        column.addWidget(label("报告只含程序位置，不含任何个人信息。", "muted"))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(SecondaryButton("复制报告", self.copy))
        row.addWidget(PrimaryButton("知道了", self.accept))
        column.addLayout(row)
        self.resize(560, 380)

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())


class ExceptionHook(QObject):
    """Installed as ``sys.excepthook``: logs the report and shows one dialog at a time, from whatever thread it came."""

    _raised = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: ExceptionDialog | None = None
        self._records: Path | None = None
        self._kept: set[str] = set()
        self._raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks of the main thread and of other threads."""
        sys.excepthook = self.handle
        threading.excepthook = self._handle_thread

    def keep_in(self, folder: Path | None) -> None:
        """Keep a record of each error in ``folder`` from now on; with None no more."""
        self._records = folder

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log and show an exception nobody caught."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = report(kind, trace)
        _LOG.error("unforeseen error\n%s", text)
        self._keep(text)
        self._raised.emit(text)

    def _keep(self, text: str) -> None:
        """Write each error once: one that comes back with every repaint is the same."""
        if self._records is None or text in self._kept or len(self._kept) >= KEPT:
            return
        self._kept.add(text)
        with suppress(OSError):
            # the disk may be what failed; the report is on the screen all the same
            write_record(self._records, RecordKind.ERROR, text, SystemClock().now())

    def _handle_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.handle(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _show(self, text: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = ExceptionDialog(text, QApplication.activeWindow())
        self._dialog.finished.connect(self._closed)
        self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None
