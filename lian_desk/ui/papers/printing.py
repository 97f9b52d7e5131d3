"""Print a paper: pages are rendered off the UI thread one after the other and painted on the printer as they come."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.papers.page_images import PaperPages

_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 300

AskPrinter = Callable[[QPrinter, QWidget, int], bool]
"""Takes the printer, the window and the number of pages; False when the user thought better of it."""


def ask_printer(printer: QPrinter, parent: QWidget, page_count: int) -> bool:
    """Let the user choose printer, pages and copies in the system's dialog; False when cancelled."""
    dialog = QPrintDialog(printer, parent)
    if page_count > 1:
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, on=True)
        dialog.setMinMax(1, page_count)
    return dialog.exec() == QDialog.DialogCode.Accepted


def a4_printer() -> QPrinter:
    """Return a printer set to A4 upright without margins of its own: the paper brings them."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setResolution(_DOTS_PER_INCH)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    return printer


class PrintJob(QObject):
    """One paper on its way to a printer.

    Signals:
        progressed(int, int): pages sent, pages in all.
        finished(): the printer took everything.
        failed(object): a page could not be rendered, or the printer refused.
        ended(): nothing more is needed of the paper, whether it was printed or not.
    """

    progressed = Signal(int, int)
    finished = Signal()
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self, context: UiContext, pages: PaperPages, count: int, printer: QPrinter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._pages = pages
        self._printer = printer
        first, last = printer.fromPage(), printer.toPage()
        chosen = list(range(max(first, 1), min(last or count, count) + 1)) or list(range(1, count + 1))
        # a printer that cannot repeat by itself is sent every copy
        copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
        self._numbers = chosen * copies
        self._sent = 0
        self._painter = QPainter()

    def start(self) -> None:
        """Begin; the answer comes by a signal."""
        if not self._painter.begin(self._printer):
            self.failed.emit(OSError("the printer refuses"))
            self.ended.emit()
            return
        self._next()

    def _next(self) -> None:
        scale = _DOTS_PER_INCH / _POINTS_PER_INCH
        work = partial(self._pages.image, self._numbers[self._sent] - 1, scale)
        self._context.runner.read(self, work, self._paint, self._give_up)

    def _paint(self, image: QImage) -> None:
        page = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        if self._sent and not self._printer.newPage():
            self._give_up(OSError("the printer refuses"))
            return
        self._painter.drawImage(QRect(0, 0, page.width(), page.height()), image)
        self._sent += 1
        self.progressed.emit(self._sent, len(self._numbers))
        if self._sent < len(self._numbers):
            self._next()
            return
        self._painter.end()
        self.finished.emit()
        self.ended.emit()

    def _give_up(self, error: BaseException) -> None:
        self._printer.abort()
        self._painter.end()
        self.failed.emit(error)
        self.ended.emit()
