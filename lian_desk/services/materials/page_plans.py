"""The pages of a material as a person put them: order, turning, hidden ones; the original bytes stay as they came.

A plan names pages of the original file, counted from 0. A row without a plan shows every page in the file's own order.
Two rows may share the bytes of one badly scanned bundle, each with its own pages.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

_HIDDEN: Final = "~"
_TURN: Final = "@"
_RUN: Final = "-"
_QUARTER: Final = 90


class PlannedPage(NamedTuple):
    """A page of the original, from 0, turned clockwise by ``rotation`` degrees."""

    page: int
    rotation: int = 0


@dataclass(frozen=True)
class PagePlan:
    """Pages in the order in which they are shown, and those that are hidden."""

    shown: tuple[PlannedPage, ...]
    hidden: tuple[PlannedPage, ...] = ()

    @property
    def pages(self) -> frozenset[int]:
        """Every page of the original that belongs to this document, hidden ones included."""
        return frozenset(entry.page for entry in (*self.shown, *self.hidden))

    @property
    def is_plain(self) -> bool:
        """True when every page stands upright in its own order from the first one, none hidden."""
        return not self.hidden and all(entry == PlannedPage(place) for place, entry in enumerate(self.shown))

    def place_of(self, page: int) -> int | None:
        """Return where a page of the original is shown, from 0; None when it is not."""
        return next((place for place, entry in enumerate(self.shown) if entry.page == page), None)

    def moved(self, places: Iterable[int], target: int) -> "PagePlan":
        """Return the plan with the pages at ``places`` standing, in their order, before the page at ``target``."""
        chosen = sorted(set(places))
        taken = [self.shown[place] for place in chosen]
        before = [entry for place, entry in enumerate(self.shown) if place < target and place not in chosen]
        after = [entry for place, entry in enumerate(self.shown) if place >= target and place not in chosen]
        return PagePlan((*before, *taken, *after), self.hidden)

    def turned(self, places: Iterable[int], degrees: int) -> "PagePlan":
        """Return the plan with the pages at ``places`` turned by ``degrees``, a multiple of 90."""
        chosen = set(places)
        return PagePlan(
            tuple(
                PlannedPage(entry.page, (entry.rotation + degrees) % 360) if place in chosen else entry
                for place, entry in enumerate(self.shown)
            ),
            self.hidden,
        )

    def without(self, places: Iterable[int]) -> "PagePlan":
        """Return the plan with the pages at ``places`` hidden."""
        chosen = set(places)
        gone = tuple(entry for place, entry in enumerate(self.shown) if place in chosen)
        kept = tuple(entry for place, entry in enumerate(self.shown) if place not in chosen)
        return PagePlan(kept, (*self.hidden, *gone))

    def restored(self) -> "PagePlan":
        """Return the plan with its hidden pages shown again, where the original has them."""
        shown = list(self.shown)
        for entry in sorted(self.hidden):
            place = next((at for at, other in enumerate(shown) if other.page > entry.page), len(shown))
            shown.insert(place, entry)
        return PagePlan(tuple(shown))

    def split(self, places: Iterable[int]) -> "tuple[PagePlan, PagePlan]":
        """Return what stays and what goes into a document of its own."""
        chosen = set(places)
        stays = tuple(entry for place, entry in enumerate(self.shown) if place not in chosen)
        goes = tuple(entry for place, entry in enumerate(self.shown) if place in chosen)
        return PagePlan(stays, self.hidden), PagePlan(goes)


def plain_plan(page_count: int) -> PagePlan:
    """Return the plan of a file as it came."""
    return PagePlan(tuple(PlannedPage(page) for page in range(page_count)))


def read_plan(text: str, page_count: int | None) -> PagePlan:
    """Return the plan stored as ``text``; an empty one stands for all ``page_count`` pages as they came."""
    if not text:
        return plain_plan(page_count or 0)
    shown: list[PlannedPage] = []
    hidden: list[PlannedPage] = []
    for token in text.split():
        target = hidden if token.startswith(_HIDDEN) else shown
        run, _at, rotation = token.removeprefix(_HIDDEN).partition(_TURN)
        first, _dash, last = run.partition(_RUN)
        turn = int(rotation or 0)
        target.extend(PlannedPage(page, turn) for page in range(int(first), int(last or first) + 1))
    return PagePlan(tuple(shown), tuple(hidden))


def write_plan(plan: PagePlan) -> str:
    """Return the text to be stored: runs of pages such as ``0-4 6@90 ~5``.

    Raises:
        ValueError: a page stands twice, or is turned by something other than quarters; a bug of the caller.
    """
    entries = (*plan.shown, *plan.hidden)
    if len(plan.pages) != len(entries) or any(entry.rotation % _QUARTER or entry.page < 0 for entry in entries):
        raise ValueError("a page stands once in a plan, turned by quarters")
    tokens = [*_runs(plan.shown), *(f"{_HIDDEN}{run}" for run in _runs(plan.hidden))]
    return " ".join(tokens)


def _runs(entries: Sequence[PlannedPage]) -> Iterator[str]:
    """Yield neighbouring pages of the same turning as one word."""
    numbered = enumerate(entries)
    for (_step, rotation), group in groupby(numbered, key=lambda item: (item[1].page - item[0], item[1].rotation)):
        pages = [entry.page for _place, entry in group]
        run = f"{pages[0]}{_RUN}{pages[-1]}" if len(pages) > 1 else str(pages[0])
        yield f"{run}{_TURN}{rotation}" if rotation else run
