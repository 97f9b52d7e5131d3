"""「导出 .ics」: asks where to, lets the service write, and says how it went. Used wherever bookings of days are shown."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from lian_desk.services.bookings.calendar_events import CalendarSpan
from lian_desk.services.bookings.ics_export import WrittenCalendar, export_calendar
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.running.context import UiContext

AskPath = Callable[[QWidget, str], Path | None]

NOTHING: Final = "这些天没有预约，文件里没有日程。"


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Let the user choose where the file goes; None when cancelled."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, "导出日程（姓名已遮盖）", str(Path(folder) / name), "iCalendar (*.ics)"
    )
    return Path(chosen) if chosen else None


class CalendarExport(QObject):
    """Exports the bookings of a span of days; ``ask`` may be replaced where no person sits at the window."""

    def __init__(self, context: UiContext, host: QWidget, ask: AskPath = ask_path) -> None:
        super().__init__(host)
        self._context = context
        self._host = host
        self.ask = ask
        self.toast: Toast | None = None

    def start(self, span: CalendarSpan) -> None:
        """Ask for the place and write; names stay masked."""
        path = self.ask(self._host, span.file_name)
        if path is None:
            return
        target = path if path.suffix else path.with_suffix(".ics")
        work = partial(export_calendar, self._context.desk, span, target)
        self._context.runner.write(self, work, self._written, self._failed)

    def _written(self, written: WrittenCalendar) -> None:
        count = written.booking_count
        called_off = f"其中 {written.called_off_count:,} 项已取消，" if written.called_off_count else ""
        words = f"已导出 {count:,} 项日程，{called_off}姓名已遮盖。" if count else f"文件已写好。{NOTHING}"
        self._say(words)

    def _failed(self, error: BaseException) -> None:
        self._say(sentence(error))

    def _say(self, words: str) -> None:
        window = self._host.window()
        held = getattr(window, "toast", None)
        if not isinstance(held, Toast):
            self.toast = self.toast or Toast(window)
            held = self.toast
        held.say(words)
