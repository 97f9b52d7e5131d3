"""Many papers at once: numbered here one after the other, drawn and signed in a process per core, sealed as they come.

Only a few papers are under way at a time, so that memory does not grow with the batch. What was issued before a stop
stays issued: every paper is whole, with its number, or was not begun.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from sqlalchemy import select

from lian_desk.adapters.diagnostics.core_dumps import forbid_core_dumps
from lian_desk.adapters.drawing.delivery import deliver_by_writing
from lian_desk.adapters.drawing.joining import PaperJoiner
from lian_desk.adapters.drawing.paper_signature import can_sign
from lian_desk.adapters.drawing.printing import warm_up
from lian_desk.adapters.paper_forms.pressing import PressedPaper, press_paper
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.commands.changes import Changes
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.issuing import NumberedPaper, file_name_of, number_paper, seal_paper, signer_of
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.words.wording import phrase, sentence

#: Kinds that need nothing but a file and can be made for many at once.
IN_BATCHES: Final = (
    DocumentKind.FOLLOW_UP_RECORD,
    DocumentKind.FILE_SUMMARY,
    DocumentKind.ENTITLEMENT_STATEMENT,
    DocumentKind.DEADLINE_PROOF,
)
_UNDER_WAY_PER_PROCESS: Final = 3
_MOST_PROCESSES: Final = 8

Report = Callable[[int, int, str], object]
"""Papers done, papers in all, number of the last one."""


@dataclass(frozen=True, kw_only=True)
class BatchOrder:
    """The same kind of paper for many files, into ``folder``; ``as_one`` joins them into one PDF for the printer."""

    kind: DocumentKind
    file_ids: tuple[int, ...]
    folder: Path
    masking: MaskingLevel = MaskingLevel.INTERNAL
    purpose: str = ""
    period: tuple[date, date] | None = None
    as_one: bool = False

    def for_file(self, file_id: int) -> ExportOrder:
        """Return the order of one paper."""
        return ExportOrder(
            kind=self.kind, file_id=file_id, masking=self.masking, purpose=self.purpose, period=self.period
        )


@dataclass
class BatchResult:
    """What became of a batch.

    ``faults`` are sentences with the number of the file in front; ``replaced`` are code points that no font shows,
    named in print, as U+20BB7.
    """

    issued: int = 0
    pages: int = 0
    faults: list[str] = field(default_factory=list)
    is_cancelled: bool = False
    joined: Path | None = None
    changes: list[Changes] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)


def issue_batch(
    desk: Desk, order: BatchOrder, *, report: Report | None = None, cancelled: Callable[[], bool] = lambda: False
) -> BatchResult:
    """Issue a paper for every file of the order; a file that refuses is named and the others go on.

    Raises:
        EnvironmentProblem: the folder or the disk refuses; the papers issued until then stay issued.
    """
    result = BatchResult()
    numbers = _file_numbers(desk, order.file_ids)
    with _maybe_joined(order, desk) as joiner, _processes() as pool:
        waiting: deque[tuple[NumberedPaper, Future[PressedPaper]]] = deque()
        for file_id in order.file_ids:
            if cancelled():
                result.is_cancelled = True
                break
            try:
                numbered = number_paper(desk, order.for_file(file_id))
            except DeskError as error:
                _refuse(result, numbers.get(file_id, ""), error)
                continue
            signer = signer_of(desk) if can_sign() else None
            waiting.append((numbered, pool.submit(press_paper, numbered.view, signer)))
            if len(waiting) >= process_count() * _UNDER_WAY_PER_PROCESS:
                _finish(desk, order, waiting, (result, joiner), report)
        while waiting:
            # a paper that has its number is brought to its end even when the rest is called off
            _finish(desk, order, waiting, (result, joiner), report)
        if joiner is not None and joiner.count:
            result.joined = joined_path(order, desk)
    return result


def process_count() -> int:
    """Return how many processes draw: one a core."""
    return max(1, min(os.cpu_count() or 1, _MOST_PROCESSES))


def joined_path(order: BatchOrder, desk: Desk) -> Path:
    """Return where the joined PDF goes: kind and day, no person."""
    return order.folder / f"{phrase(order.kind)}_{desk.today.isoformat()}_合订.pdf"


def _finish(
    desk: Desk,
    order: BatchOrder,
    waiting: "deque[tuple[NumberedPaper, Future[PressedPaper]]]",
    into: tuple[BatchResult, PaperJoiner | None],
    report: Report | None,
) -> None:
    """Seal the paper that was begun first."""
    numbered, future = waiting.popleft()
    result, joiner = into
    try:
        pressed = future.result()
    except BrokenProcessPool as error:
        raise EnvironmentProblem(ErrorCode.PROCESS_ENDED) from error
    target = None if order.as_one else order.folder / file_name_of(numbered.view)
    paper = seal_paper(desk, numbered, pressed, target)
    if joiner is not None:
        joiner.add(pressed.unsigned, f"{paper.number} {numbered.view.stamp.file_number}")
    result.issued += 1
    result.pages += paper.drawn.page_count
    result.changes += paper.changes
    result.replaced |= {f"U+{item.code_point:04X}" for item in paper.drawn.replaced if item.shown_as}
    if report is not None:
        report(result.issued, len(order.file_ids), paper.number)


def _refuse(result: BatchResult, number: str, error: DeskError) -> None:
    if isinstance(error, EnvironmentProblem):
        raise error
    result.faults.append(f"{number}：{sentence(error)}" if number else sentence(error))


def _file_numbers(desk: Desk, keys: Sequence[int]) -> dict[int, str]:
    with desk.read() as session:
        rows = session.execute(select(AssistanceFile.id, AssistanceFile.number).where(AssistanceFile.id.in_(keys)))
        return dict(rows.all())


@contextmanager
def _maybe_joined(order: BatchOrder, desk: Desk) -> Iterator[PaperJoiner | None]:
    """Give a joiner over a file that takes its place only when the batch has come to its end."""
    if not order.as_one:
        yield None
        return

    with deliver_by_writing(joined_path(order, desk)) as stream:
        joiner = PaperJoiner(stream)
        yield joiner
        joiner.finish()


def _begin_process() -> None:
    """Begin a drawing process: it holds what papers say, so nothing of it may be dumped."""
    forbid_core_dumps()
    warm_up()


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Give the drawing processes; nothing is inherited but what a paper needs."""
    pool = ProcessPoolExecutor(process_count(), mp_context=get_context("spawn"), initializer=_begin_process)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
