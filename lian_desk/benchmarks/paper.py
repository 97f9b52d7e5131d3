"""Records on paper: each against a bare canvas and another library, a batch over all cores, memory over the batch."""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from statistics import median
from typing import Any, Final

from lian_desk.adapters.drawing import style
from lian_desk.adapters.drawing.layout import TextMark
from lian_desk.adapters.drawing.printing import framed_pages, warm_up
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.paper_forms.follow_up_record import lay_out_follow_up_record
from lian_desk.adapters.paper_forms.pressing import press_paper
from lian_desk.benchmarks import paper_floors
from lian_desk.benchmarks.figures import Figure
from lian_desk.benchmarks.paper_floors import Pages, Text
from lian_desk.benchmarks.paper_sample import sample_record
from lian_desk.services.papers.batches import process_count

Say = Callable[[str], None]
_MOST_OF_CANVAS: Final = 2.0
_MOST_OF_OTHER: Final = 1 / 15
_OTHER_RECORDS: Final = 12
"""The other library takes a second a record; a few tell as much as a thousand."""
_FLOOR_RECORDS: Final = 200
_WARM_RECORDS: Final = 50
_MOST_GROWTH_MB: Final = 24.0
_MS: Final = 1000


def measure_papers(records: int, say: Say) -> list[Figure]:
    """Return every figure about ``records`` records of two pages."""
    say(f"{records:,} records in one process")
    ours, growth, pages = _alone(_draw_all, records)
    marks = [_marks(number) for number in range(min(records, _FLOOR_RECORDS))]
    fonts = (_font("NotoSansSC-Regular.ttf"), _font("NotoSansSC-Bold.ttf"))
    size = (style.PAGE_WIDTH, style.PAGE_HEIGHT)
    say("the same texts on a bare canvas")
    canvas = _alone(paper_floors.bare_canvas, marks, fonts, size)
    figures = [
        _figure(f"a record of {pages} pages (CPU)", ours, "bare canvas, same texts (CPU)", canvas, _MOST_OF_CANVAS)
    ]
    say("the same texts with fpdf2")
    other = _alone(paper_floors.other_library, marks[:_OTHER_RECORDS], fonts, size)
    if other:
        figures.append(_figure("the same record (CPU)", ours, "fpdf2, same texts (CPU)", other, _MOST_OF_OTHER))
    else:
        say("fpdf2 is not installed: no figure beside it (pip install fpdf2 to have one)")
    say(f"{records:,} records over {process_count()} processes")
    spread = _spread(records)
    figures.append(
        Figure(
            f"a record in a batch over {process_count()} processes (wall)",
            spread * _MS / records,
            spread * _MS / records,
            "one process, divided by the processes (CPU)",
            sum(ours) * _MS / records / process_count(),
            records,
        )
    )
    if growth is not None:
        name = f"memory grown from record {_WARM_RECORDS} to {records:,}"
        figures.append(Figure(name, growth, growth, "nothing", 0.0, 1, aim_ms=_MOST_GROWTH_MB, unit="MB"))
    return figures


def _alone(work: Callable[..., Any], *arguments: object) -> Any:
    """Run ``work`` in a fresh process: nothing loaded here counts for or against it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _draw_all(records: int) -> tuple[list[float], float | None, int]:
    """Draw the records one after the other; CPU seconds of each, megabytes grown, pages of one."""
    warm_up()
    pages = press_paper(sample_record(0), None).drawn.page_count
    taken: list[float] = []
    begin: float | None = None
    for number in range(records):
        if number == min(_WARM_RECORDS, records // 2):
            gc.collect()
            begin = _resident_mb()
        view = sample_record(number)
        begun = time.process_time()
        press_paper(view, None)
        taken.append(time.process_time() - begun)
    gc.collect()
    end = _resident_mb()
    return taken, None if begin is None or end is None else max(end - begin, 0.0), pages


def _spread(records: int) -> float:
    """Draw the records over all cores, some at a time, as a batch does; wall seconds."""
    with ProcessPoolExecutor(process_count(), mp_context=get_context("spawn"), initializer=warm_up) as pool:
        list(pool.map(_draw_one, range(process_count() * 2)))
        begun = time.perf_counter()
        numbers = iter(range(records))
        waiting = [pool.submit(_draw_one, number) for number in islice(numbers, process_count() * 3)]
        while waiting:
            waiting.pop(0).result()
            waiting += [pool.submit(_draw_one, number) for number in islice(numbers, 1)]
        return time.perf_counter() - begun


def _draw_one(number: int) -> int:
    return len(press_paper(sample_record(number), None).content)


def _marks(number: int) -> Pages:
    """Return the texts of a record with their places, as our own paper has them."""
    return tuple(
        tuple(
            Text(mark.x, style.PAGE_HEIGHT - mark.y, mark.text, mark.size, mark.bold)
            for mark in page
            if isinstance(mark, TextMark)
        )
        for page in framed_pages(*lay_out_follow_up_record(sample_record(number)))
    )


def _font(name: str) -> str:
    return str(resource_path("fonts", name))


def _figure(name: str, ours: Sequence[float], floor_name: str, floor: Sequence[float], aim: float) -> Figure:
    return Figure(name, median(ours) * _MS, max(ours) * _MS, floor_name, median(floor) * _MS, len(ours), aim_ratio=aim)


def _resident_mb() -> float | None:
    """Return the memory of this process in megabytes; None where the system does not tell it this way."""
    if not sys.platform.startswith("linux"):
        return None
    with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123 - a file of the kernel
        line = next(line for line in stream if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
