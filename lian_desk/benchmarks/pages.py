"""(d) Opening an assistance file; (e) one follow-up record as PDF."""

import io
import time
from collections.abc import Sequence

import pypdfium2
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.paper_forms.follow_up_record import draw_follow_up_record
from lian_desk.benchmarks import raw_reads
from lian_desk.benchmarks.figures import Figure, figure, times_of
from lian_desk.benchmarks.first_paint import LONGEST_WAIT_MS
from lian_desk.benchmarks.session import Session
from lian_desk.services.papers.views import load_follow_up_record
from lian_desk.ui.assistance_files.page import FilePage

_PDF_AIM_MS = 60.0
_FLOOR_FONT = "BenchSC"


def measure_opening(session: Session) -> list[Figure]:
    """Return the time from the wish to the painted page of a file, over twenty files."""
    connection = session.desk.database.driver_connection(reading=True)
    try:
        ids = session.sample.file_ids
        floor = [times_of(raw_reads.one_file(connection, file_id), 3)[0] for file_id in ids]
    finally:
        connection.close()
    page = session.running.window.page("assistance_file")
    assert isinstance(page, FilePage)
    taken = [_time_to_open(session, page, file_id) for file_id in ids][1:]
    name = "an assistance file opened, on screen"
    return [figure(name, taken, "plain SELECT of its head and feed", floor)]


def _time_to_open(session: Session, page: FilePage, file_id: int) -> float:
    begun = time.monotonic()
    session.running.context.navigator.open_file(file_id)
    painted = _PagePaint(page, file_id)
    painted.loop.exec()
    if not painted.at:
        message = "the file was not painted"
        raise TimeoutError(message)
    session.running.context.runner.wait_idle(60_000)
    return (painted.at - begun) * 1000


class _PagePaint(QObject):
    """Ends its loop when the page has been painted with the file that was asked for."""

    def __init__(self, page: FilePage, file_id: int) -> None:
        super().__init__()
        self.loop = QEventLoop()
        self.at = 0.0
        self._page = page
        self._file_id = file_id
        page.tabs.installEventFilter(self)
        QTimer.singleShot(LONGEST_WAIT_MS, self, self.loop.quit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: the tabs are painted last."""
        view = self._page.view
        if (
            event.type() is QEvent.Type.Paint
            and watched is self._page.tabs
            and not self.at
            and view is not None
            and view.file_id == self._file_id
        ):
            QTimer.singleShot(0, self._finish)
        return False

    def _finish(self) -> None:
        self.at = self.at or time.monotonic()
        self._page.tabs.removeEventFilter(self)
        self.loop.quit()


def measure_paper(session: Session, runs: int) -> list[Figure]:
    """Return one follow-up record, warm, drawn alone and with its reading, against a bare canvas with the same text."""
    file_id = session.sample.file_with_follow_ups
    view = load_follow_up_record(session.desk, file_id)
    target = io.BytesIO()
    draw_follow_up_record(view, target)
    pages = _lines(target.getvalue())
    pdfmetrics.registerFont(TTFont(_FLOOR_FONT, str(resource_path("fonts", "NotoSansSC-Regular.ttf"))))
    floor = times_of(lambda: _bare_paper(pages), runs)
    drawn = times_of(lambda: draw_follow_up_record(view, io.BytesIO()), runs)
    whole = times_of(lambda: draw_follow_up_record(load_follow_up_record(session.desk, file_id), io.BytesIO()), runs)
    floor_name = f"bare canvas with the same text ({len(pages)} pages)"
    aim = _PDF_AIM_MS * len(pages)
    return [
        figure(f"follow-up record as PDF, {len(pages)} pages, warm", drawn, floor_name, floor, aim_ms=aim),
        figure("the same with reading it from the database", whole, floor_name, floor),
    ]


def _lines(data: bytes) -> list[list[str]]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range().splitlines() for page in document]
    finally:
        document.close()


def _bare_paper(pages: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1, initialFontName=_FLOOR_FONT)
    for lines in pages:
        canvas.setFont(_FLOOR_FONT, 9)
        for index, line in enumerate(lines):
            canvas.drawString(40, 800 - index * 10, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
