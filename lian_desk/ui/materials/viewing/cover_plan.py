"""Rectangles over the pages of a document while somebody draws them: what is where, what is chosen, what can be undone.

Plain values, no widget. Boxes lie on the page as it is stored; ``turn`` says how far clockwise it is shown turned.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lian_desk.services.covering.page_covers import CoverBox

SMALLEST: Final = 0.004
"""Side of the smallest box that is kept, as a fraction of the page; a click without a drag makes none."""
_MOST_UNDONE: Final = 200
_DIGITS: Final = 4
"""Decimal places that a box is stored with."""
_QUARTER: Final = 90


class CoverPlan:
    """The boxes of every page, one of them chosen; every change can be taken back."""

    def __init__(self, boxes: Mapping[int, Sequence[CoverBox]] | None = None) -> None:
        self._boxes: dict[int, list[CoverBox]] = {page: list(found) for page, found in (boxes or {}).items()}
        self._stored = {page: tuple(found) for page, found in self._boxes.items()}
        self._before: list[dict[int, list[CoverBox]]] = []
        self.chosen: tuple[int, int] | None = None

    def boxes(self, page: int) -> tuple[CoverBox, ...]:
        """Return the boxes of a page."""
        return tuple(self._boxes.get(page, ()))

    @property
    def changed(self) -> tuple[int, ...]:
        """Pages whose boxes are not stored as they are."""
        pages = sorted({*self._boxes, *self._stored})
        return tuple(page for page in pages if self.boxes(page) != self._stored.get(page, ()))

    @property
    def can_undo(self) -> bool:
        """True while there is a change to take back."""
        return bool(self._before)

    def accept(self, page: int) -> None:
        """The boxes of a page were stored."""
        self._stored[page] = self.boxes(page)

    def add(self, page: int, box: CoverBox) -> bool:
        """Put a box on a page and choose it; False for one too small to be meant."""
        whole = _inside(box)
        if min(whole.width, whole.height) < SMALLEST:
            return False
        self._remember()
        self._boxes.setdefault(page, []).append(whole)
        self.chosen = (page, len(self._boxes[page]) - 1)
        return True

    def change(self, box: CoverBox, *, is_start: bool = True) -> None:
        """Let the chosen box lie otherwise; a drag is one change, remembered at its start."""
        if self.chosen is None:
            return
        page, place = self.chosen
        if is_start:
            self._remember()
        self._boxes[page][place] = _inside(box)

    def moved(self, across: float, down: float, turn: int) -> None:
        """Move the chosen box by fractions of the page as it is shown."""
        box = self.box
        if box is not None:
            x, y = turned_step(across, down, turn)
            self.change(box._replace(left=_clamped(box.left + x, box.width), top=_clamped(box.top + y, box.height)))

    def resized(self, across: float, down: float, turn: int) -> None:
        """Make the chosen box wider or higher as it is shown; its upper left corner as stored stays."""
        box = self.box
        if box is None:
            return
        x, y = (across, down) if turn % (2 * _QUARTER) == 0 else (down, across)
        self.change(
            box._replace(
                width=min(max(box.width + x, SMALLEST), 1 - box.left),
                height=min(max(box.height + y, SMALLEST), 1 - box.top),
            )
        )

    @property
    def box(self) -> CoverBox | None:
        """The chosen box."""
        return None if self.chosen is None else self._boxes[self.chosen[0]][self.chosen[1]]

    def remove(self) -> None:
        """Take the chosen box away."""
        if self.chosen is None:
            return
        self._remember()
        page, place = self.chosen
        del self._boxes[page][place]
        self.chosen = None

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self._boxes = self._before.pop()
            self.chosen = None

    def choose_next(self, page: int, step: int = 1) -> None:
        """Choose the next box of a page, or the first."""
        count = len(self._boxes.get(page, ()))
        if not count:
            self.chosen = None
        elif self.chosen is None or self.chosen[0] != page:
            self.chosen = (page, 0 if step > 0 else count - 1)
        else:
            self.chosen = (page, (self.chosen[1] + step) % count)

    def place_at(self, page: int, x: float, y: float) -> int | None:
        """Return which box of a page lies at a point, the one on top; None where there is none."""
        found = [
            place
            for place, box in enumerate(self._boxes.get(page, ()))
            if box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height
        ]
        return found[-1] if found else None

    def _remember(self) -> None:
        self._before.append({page: list(boxes) for page, boxes in self._boxes.items()})
        del self._before[:-_MOST_UNDONE]


def stored_point(u: float, v: float, turn: int) -> tuple[float, float]:
    """Return where a point of the page as it is shown lies on the page as it is stored."""
    if turn % 360 == _QUARTER:
        return v, 1 - u
    if turn % 360 == 2 * _QUARTER:
        return 1 - u, 1 - v
    if turn % 360 == 3 * _QUARTER:
        return 1 - v, u
    return u, v


def turned_step(across: float, down: float, turn: int) -> tuple[float, float]:
    """Return a step on the shown page as a step on the stored one."""
    begin, end = stored_point(0.5, 0.5, turn), stored_point(0.5 + across, 0.5 + down, turn)
    return end[0] - begin[0], end[1] - begin[1]


def box_between(one: tuple[float, float], other: tuple[float, float]) -> CoverBox:
    """Return the box with two opposite corners, as far as it lies on the page."""
    left, right = sorted((min(max(one[0], 0.0), 1.0), min(max(other[0], 0.0), 1.0)))
    top, bottom = sorted((min(max(one[1], 0.0), 1.0), min(max(other[1], 0.0), 1.0)))
    return CoverBox(*(round(value, _DIGITS) for value in (left, top, right - left, bottom - top)))


def _inside(box: CoverBox) -> CoverBox:
    return box_between((box.left, box.top), (box.left + box.width, box.top + box.height))


def _clamped(start: float, length: float) -> float:
    return min(max(start, 0.0), 1.0 - length)
