"""Reading: pages per minute beside the bare recogniser, and how often unseen papers are read right.

Both figures stand on the invented pages of ``services/demo/unseen_pages.py``. The rules of reading were made with the
pages of one seed, other wordings and other layouts than those that are measured here; both seeds are printed.
"""

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any, Final

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.benchmarks.figures import Figure, figure
from lian_desk.benchmarks.materials.materials_suite import MaterialsBench
from lian_desk.models.vocabulary import FindingField
from lian_desk.services.demo.pages.artwork import ArtworkForm
from lian_desk.services.demo.pages.page_variants import PageSet
from lian_desk.services.demo.unseen_pages import TUNING_SEED, UNSEEN_SEED, MeasuredPage, pages
from lian_desk.services.door.findings import Proposal, Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory, HospitalEntry
from lian_desk.services.door.person_names import WhoseFile
from lian_desk.services.hospitals.hospital_list import seed_hospitals
from lian_desk.services.recognition.child import NICENESS
from lian_desk.services.recognition.page_reader import picture_words, read_page, reading_scale
from lian_desk.services.recognition.page_words import PageWords
from lian_desk.services.recognition.reader import TextReader

UNSEEN_PAGES: Final = 200
SPEED_PAGES: Final = 8
SPEED_RATIO: Final = 1.15
AIMS: Final = {FindingField.KIND: 95.0, FindingField.NAME: 97.0, FindingField.DOCUMENT_ON: 97.0}
"""Share of pages read right that is aimed at, in per cent."""
_TOLD_EVERY: Final = 20
_AHEAD: Final = timedelta(days=2)


@dataclass(frozen=True)
class Shares:
    """How many of the pages that hold a fact were read right, by fact; the misses in words without content."""

    right: Counter[FindingField]
    held: Counter[FindingField]
    misses: tuple[str, ...]

    def percent(self, field: FindingField) -> float:
        """Return the share of a fact in per cent."""
        return 100.0 * self.right[field] / max(1, self.held[field])


def measure_speed(bench: MaterialsBench) -> list[Figure]:
    """Return the time of a page through the desk's child process, beside the bare recogniser in this one."""
    # a document with words of its own is not read from its picture: scans and photographs only
    drawn = [page for page in pages(PageSet.UNSEEN, 3 * SPEED_PAGES, 1) if page.artwork.form is not ArtworkForm.PDF]
    chosen = drawn[: min(SPEED_PAGES, max(2, bench.runs))]
    with Renderer() as renderer, TextReader() as reader, ThreadPoolExecutor(1, initializer=_step_back) as behind:
        sources = [BytesSource(f"{place}", page.artwork.data) for place, page in enumerate(chosen)]
        images = [_image(renderer, source) for source in sources]
        bare = _bare_recogniser()
        reader.read(images[0])
        behind.submit(bare, images[0]).result()
        ours: list[float] = []
        theirs: list[float] = []
        for source, image in zip(sources, images, strict=True):
            # in turns, so that what else the machine does falls on both
            theirs.append(_milliseconds(lambda shown=image: behind.submit(bare, shown).result()))  # type: ignore[misc]
            ours.append(_milliseconds(lambda wanted=source: picture_words(renderer, reader, wanted, 0)))  # type: ignore[misc]
    per_page = sum(ours) / len(ours)
    bench.say(f"{60_000 / per_page:.1f} pages a minute")
    return [figure("read a page", [per_page], "rapidocr alone", [sum(theirs) / len(theirs)], aim_ratio=SPEED_RATIO)]


def measure_shares(bench: MaterialsBench) -> list[Figure]:
    """Read unseen papers and return the share that was read wrong per fact, in per cent, beside what is allowed."""
    bench.say(f"rules made with seed {TUNING_SEED}, measured on {UNSEEN_PAGES} pages of seed {UNSEEN_SEED}")
    with Renderer() as renderer, TextReader() as reader:
        measured = _told(pages(PageSet.UNSEEN, UNSEEN_PAGES, UNSEEN_SEED), bench)
        found = shares_of(measured, renderer, reader)
    for field in FindingField:
        bench.say(f"{field.value}: {found.right[field]} of {found.held[field]} right ({found.percent(field):.1f} %)")
    for miss in found.misses:
        bench.say(f"missed {miss}")
    return [
        Figure(
            name=f"unseen papers, {field.value} read wrong",
            value_ms=100.0 - found.percent(field),
            worst_ms=100.0 - found.percent(field),
            floor_name="none",
            floor_ms=0.0,
            runs=found.held[field],
            aim_ms=100.0 - aim,
            unit="%",
        )
        for field, aim in AIMS.items()
    ]


def _told(measured: Iterable[MeasuredPage], bench: MaterialsBench) -> Iterator[MeasuredPage]:
    """Say now and then how far it is: two hundred pages take many minutes."""
    for place, page in enumerate(measured):
        if place and place % _TOLD_EVERY == 0:
            bench.say(f"{place} of {UNSEEN_PAGES} pages")
        yield page


def shares_of(measured: Iterable[MeasuredPage], renderer: Renderer, reader: TextReader) -> Shares:
    """Read pages and compare the proposals with what was printed on them."""
    directory = shipped_directory()
    right: Counter[FindingField] = Counter()
    held: Counter[FindingField] = Counter()
    misses: list[str] = []
    for place, page in enumerate(measured):
        words = read_page(renderer, reader, BytesSource(f"page {place}", page.artwork.data), 0).words
        proposals = {one.field: one for one in _proposals(page, words, directory)}
        for field, truth in truths(page).items():
            if not truth:
                continue
            held[field] += 1
            if field in proposals and proposals[field].value == truth:
                right[field] += 1
            else:
                misses.append(f"{field.value} on page {place}: {page.artwork.kind}, {page.artwork.form}, {page.layout}")
    return Shares(right, held, tuple(misses))


def truths(page: MeasuredPage) -> dict[FindingField, str]:
    """Return what stands on a page, by field; empty for what does not."""
    return {
        FindingField.KIND: page.artwork.kind.value,
        FindingField.DOCUMENT_ON: page.dated_on.isoformat(),
        FindingField.HOSPITAL: page.hospital,
        FindingField.DEPARTMENT: page.department,
        FindingField.DOCTOR: page.doctor,
        FindingField.NAME: page.name,
        FindingField.IDENTITY_NUMBER: page.identity_number,
    }


def shipped_directory() -> HospitalDirectory:
    """Return the hospitals that ship with the program."""
    return HospitalDirectory(
        tuple(
            HospitalEntry(key, seed.name, seed.campus, tuple(filter(None, seed.aliases.split(";"))))
            for key, seed in enumerate(seed_hospitals(), start=1)
        )
    )


def _proposals(page: MeasuredPage, words: PageWords, directory: HospitalDirectory) -> Sequence[Proposal]:
    whose = WhoseFile(page.name, page.identity_number)
    return propose([(0, words)], Surroundings(whose, directory, page.dated_on + _AHEAD))


def _image(renderer: Renderer, source: BytesSource) -> PageImage:
    return renderer.render_page(source, 0, reading_scale(renderer.page_sizes(source)[0]))


def _bare_recogniser() -> Callable[[PageImage], Any]:
    """Return the recogniser as its own example calls it, on one thread, on pixels that lie in memory."""
    import numpy as np  # noqa: PLC0415 - comes with the optional recogniser
    from rapidocr import RapidOCR  # noqa: PLC0415

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(image: PageImage) -> Any:
        rows = np.frombuffer(image.pixels, dtype=np.uint8).reshape(image.height, image.stride)
        picture = rows[:, : image.width * 3].reshape(image.height, image.width, 3)[:, :, ::-1]
        return engine(np.ascontiguousarray(picture))

    return read


def _step_back() -> None:
    """Give the bare recogniser the low priority that the desk's own has, or a busy machine favours it."""
    if sys.platform == "linux":
        # there a priority belongs to the thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000
