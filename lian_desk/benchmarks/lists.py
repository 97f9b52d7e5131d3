"""(b) First page of the file list and of a search on screen; (c) scrolling, with the longest gap of the UI thread."""

import time
from random import Random
from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QTableView

from lian_desk.benchmarks import raw_reads
from lian_desk.benchmarks.bare_window import bare_table
from lian_desk.benchmarks.figures import Figure, figure, times_of
from lian_desk.benchmarks.first_paint import PaintWatch, run_until
from lian_desk.benchmarks.session import Session
from lian_desk.services.listings.base import ListQuery
from lian_desk.ui.common.lists.list_page import ListPage, RecordList
from lian_desk.ui.common.lists.windowed_table_model import PAGE_ROWS

JUMPS = 200
_JUMP_MS = 5
_SCROLLS = 3
_LIST_AIM_MS = 50.0
_GAP_AIM_MS = 16.0


def measure_lists(session: Session, runs: int) -> list[Figure]:
    """Return the first page of the file list and of four searches, from the wish to the pixels."""
    record_list = _file_list(session)
    connection = session.desk.database.driver_connection(reading=True)
    try:
        plain = ListQuery(sort="recent", descending=True)
        floor = times_of(raw_reads.first_rows(connection, PAGE_ROWS), runs)
        taken = [_time_to_paint(session, record_list, plain) for _ in range(runs + 1)][1:]
        floor_name = "plain SELECT … LIMIT of the same rows"
        figures = [figure("file list, first page on screen", taken, floor_name, floor, aim_ms=_LIST_AIM_MS)]
        for name, words in session.sample.searches:
            floor = times_of(raw_reads.found_rows(connection, words, PAGE_ROWS), runs)
            query = plain.with_text(words)
            taken = [_time_to_paint(session, record_list, query) for _ in range(runs + 1)][1:]
            figures.append(figure(f"search by {name}, on screen", taken, floor_name, floor, aim_ms=_LIST_AIM_MS))
        record_list.model.search(plain)
        session.running.context.runner.wait_idle(60_000)
    finally:
        connection.close()
    return figures


def measure_scrolling(session: Session, jumps: int = JUMPS) -> list[Figure]:
    """Return the longest gap of the UI thread while the scroll bar jumps over the whole list."""
    record_list = _file_list(session)
    run_until(lambda: record_list.model.is_complete)
    session.running.context.runner.wait_idle(60_000)
    window, table, model = bare_table(record_list.model.row_count)
    window.show()
    run_until(table.isVisible)
    floors = [_longest_gap(table, jumps) for _ in range(_SCROLLS)]
    window.close()
    model.deleteLater()
    gaps: list[_Gap] = []
    for _ in range(_SCROLLS):
        gaps.append(_longest_gap(record_list.table, jumps))
        session.running.context.runner.wait_idle(60_000)
    floor_name = "the same jumps on rows in memory"
    return [
        figure(
            f"longest gap of the window in {jumps} jumps",
            [gap.wall_ms for gap in gaps],
            floor_name,
            [gap.wall_ms for gap in floors],
            aim_ms=_GAP_AIM_MS,
        ),
        figure(
            "longest work of one turn while scrolling (CPU)",
            [gap.work_ms for gap in gaps],
            floor_name,
            [gap.work_ms for gap in floors],
        ),
    ]


class _Gap(NamedTuple):
    """Longest time between two turns of the event loop, and the longest work of the window's thread within one."""

    wall_ms: float
    work_ms: float


def _file_list(session: Session) -> RecordList:
    page = session.running.window.show_page("assistance_files")
    session.running.context.runner.wait_idle(60_000)
    assert isinstance(page, ListPage)
    return page.list


def _time_to_paint(session: Session, record_list: RecordList, query: ListQuery) -> float:
    """Milliseconds from the search to its first painted rows; what follows behind is waited for, not counted."""
    arrived = [False]

    def arrive() -> None:
        arrived[0] = True

    record_list.model.searched.connect(arrive, Qt.ConnectionType.SingleShotConnection)
    watch = PaintWatch(record_list.table, lambda: arrived[0])
    begun = time.monotonic()
    record_list.model.search(query)
    painted_at = watch.wait()
    session.running.context.runner.wait_idle(60_000)
    return (painted_at - begun) * 1000


def _longest_gap(table: QTableView, jumps: int) -> _Gap:
    """Return the longest gap while ``table`` is scrolled by jumps; the CPU part leaves other programs out."""
    rng = Random(7)  # noqa: S311 - the same jumps in every run
    bar = table.verticalScrollBar()
    places = [rng.randint(0, bar.maximum()) for _ in range(jumps)]
    beat, longest, busiest, worked = QElapsedTimer(), [0.0], [0.0], [time.thread_time()]
    loop = QEventLoop()

    def tick() -> None:
        longest[0] = max(longest[0], beat.nsecsElapsed() / 1_000_000)
        busiest[0] = max(busiest[0], (time.thread_time() - worked[0]) * 1000)
        worked[0] = time.thread_time()
        beat.restart()

    def jump() -> None:
        if places:
            bar.setValue(places.pop())
        else:
            loop.quit()

    heart, mover = QTimer(), QTimer()
    for timer, interval, slot in ((heart, 0, tick), (mover, _JUMP_MS, jump)):
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
    beat.start()
    heart.start()
    mover.start()
    loop.exec()
    tick()
    return _Gap(longest[0], busiest[0])
