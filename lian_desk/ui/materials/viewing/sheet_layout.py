"""Where the pages of a document lie, one below the other, at any zoom: plain arithmetic, no widget.

Offsets are kept in points and scaled when asked, so a document of thousands of pages is zoomed at once. A *place* is
where a page stands in the order shown; a *page* is a page of the original file.
"""

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

from lian_desk.adapters.exchange.page_images import PageSize
from lian_desk.services.materials.page_plans import PlannedPage

GAP: Final = 14
"""Pixels between two pages, and around them."""


class Fit(StrEnum):
    """How the zoom follows the size of the window."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class Sheet(NamedTuple):
    """A page as it lies in the viewport's coordinates before scrolling, in logical pixels."""

    place: int
    page: int
    rotation: int
    x: int
    y: int
    width: int
    height: int


class SheetLayout:
    """Pages of ``plan``, all turned by ``rotation`` besides their own turning; ``sizes`` are those of the original."""

    def __init__(
        self, sizes: Sequence[PageSize] = (), rotation: int = 0, plan: Sequence[PlannedPage] | None = None
    ) -> None:
        entries = [PlannedPage(page) for page in range(len(sizes))] if plan is None else plan
        # a plan that names a page the file does not have shows the others
        self.entries = [PlannedPage(page, (turn + rotation) % 360) for page, turn in entries if page < len(sizes)]
        self.sizes = [sizes[page].turned(turn) for page, turn in self.entries]
        self.rotation = rotation
        self._places = {entry.page: place for place, entry in enumerate(self.entries)}
        self._tops = [0.0, *accumulate(size.height for size in self.sizes)]
        self.widest = max((size.width for size in self.sizes), default=1.0)

    @property
    def page_count(self) -> int:
        """Number of pages shown."""
        return len(self.entries)

    def place_of(self, page: int) -> int | None:
        """Return where a page of the original stands, None when it is not shown."""
        return self._places.get(page)

    def total_height(self, scale: float) -> int:
        """Return the height of everything with its gaps."""
        return round(self._tops[-1] * scale) + GAP * (self.page_count + 1)

    def total_width(self, scale: float) -> int:
        """Return the width of the widest page with its gaps."""
        return round(self.widest * scale) + 2 * GAP

    def sheet(self, place: int, scale: float, room: int) -> Sheet:
        """Return where a page lies when ``room`` pixels are wide; pages stand in the middle."""
        size = self.sizes[place]
        width, height = max(1, round(size.width * scale)), max(1, round(size.height * scale))
        top = round(self._tops[place] * scale) + GAP * (place + 1)
        left = max(GAP, (max(room, self.total_width(scale)) - width) // 2)
        return Sheet(place, *self.entries[place], left, top, width, height)

    def place_at(self, y: float, scale: float) -> int:
        """Return the place at a height, the nearest one in a gap."""
        low, high = 0, self.page_count
        while low < high:
            middle = (low + high) // 2
            if self._tops[middle + 1] * scale + GAP * (middle + 1) < y:
                low = middle + 1
            else:
                high = middle
        return min(low, max(0, self.page_count - 1))

    def visible(self, top: int, height: int, scale: float, room: int) -> list[Sheet]:
        """Return the pages that show between ``top`` and ``top + height``."""
        if not self.page_count:
            return []
        first, last = self.place_at(top, scale), self.place_at(top + height, scale)
        return [self.sheet(place, scale, room) for place in range(first, last + 1)]

    def fit_width(self, room: int) -> float:
        """Return the scale at which the widest page fills ``room``."""
        return max(1, room - 2 * GAP) / max(self.widest, 1.0)

    def fit_page(self, room: int, height: int, place: int) -> float:
        """Return the scale at which one page is wholly seen."""
        size = self.sizes[place] if place < self.page_count else PageSize(1.0, 1.0)
        across, down = max(1, room - 2 * GAP), max(1, height - 2 * GAP)
        return min(across / max(size.width, 1.0), down / max(size.height, 1.0))


ZOOM_STEPS: Final = (0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Zoom by button and key; 1.0 shows 96 dots per inch."""
SCALE_AT_FULL: Final = 96 / 72


def next_zoom(zoom: float, steps: int) -> float:
    """Return the zoom ``steps`` steps larger, or smaller when negative."""
    place = bisect_right(ZOOM_STEPS, zoom + 1e-6)
    if steps > 0:
        return ZOOM_STEPS[min(place + steps - 1, len(ZOOM_STEPS) - 1)]
    on_step = place > 0 and abs(ZOOM_STEPS[place - 1] - zoom) < 1e-6  # noqa: PLR2004 - rounding
    return ZOOM_STEPS[max(place + steps - (1 if on_step else 0), 0)]
