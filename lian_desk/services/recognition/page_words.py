"""The words of a page with their places: as stored, as read upright, as handed to the search."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from lian_desk.adapters.exchange.page_images import InkPlace
from lian_desk.models.vocabulary import TextOrigin

READING: Final = 2
"""Edition of the way in which pages are read; what was read in an earlier way is read again before it is relied upon."""
_DIGITS: Final = 4
"""Decimal places that a fraction of a page is kept with: a twentieth of a millimetre on A4."""
_HALF_TURN: Final = 180
_QUARTER_TURN: Final = 90


class WordLine(NamedTuple):
    """Words in one line; the box in fractions (0 to 1) of the stored page, ``confidence`` from 0 to 1.

    ``slope``: by which fraction of the upright page's height a line falls over the whole width of that page.
    """

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    slope: float = 0.0

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Middle of the height."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class PageWords:
    """What was read on one page; ``turned`` is how far clockwise, in degrees, the writing lies on the stored page."""

    origin: TextOrigin
    turned: int
    lines: tuple[WordLine, ...]

    @cached_property
    def upright(self) -> tuple[WordLine, ...]:
        """The lines as they stand when the page is turned and straightened so that it can be read, in reading order."""
        back = [turned_back(line, self.turned) for line in self.lines]
        return tuple(in_reading_order([self._tilt.straightened(line) for line in back]))

    @cached_property
    def paired(self) -> tuple[tuple[WordLine, WordLine], ...]:
        """Every line upright and straightened, each with the line as it is stored."""
        return tuple((self._tilt.straightened(turned_back(line, self.turned)), line) for line in self.lines)

    def placed(self, line: WordLine) -> WordLine:
        """Return an upright line, or a part of one, as it lies on the stored page."""
        return turned_on(self._tilt.tilted(line), self.turned)

    @cached_property
    def _tilt(self) -> "_Tilt":
        return _tilt_of([turned_back(line, self.turned) for line in self.lines])

    @property
    def text(self) -> str:
        """The text in reading order; words of one row are joined by a blank."""
        rows = rows_of(self.upright)
        return "\n".join(" ".join(line.text for line in row) for row in rows)

    def as_json(self) -> str:
        """Return the lines as they are stored."""
        rounded = [[line.text, *(round(value, _DIGITS) for value in line[1:])] for line in self.lines]
        return json.dumps(rounded, ensure_ascii=False, separators=(",", ":"))


def words_from(origin: TextOrigin, turned: int, stored: str) -> PageWords:
    """Return the words of a page from what ``PageWords.as_json`` made."""
    return PageWords(origin, turned, tuple(WordLine(*line) for line in json.loads(stored)))


def places_as_json(places: Iterable[tuple[float, float, float, float]]) -> str:
    """Return places on a page as they are stored."""
    return json.dumps([[round(value, _DIGITS) for value in place] for place in places], separators=(",", ":"))


def places_from(stored: str) -> tuple[InkPlace, ...]:
    """Return places on a page from what :func:`places_as_json` made; none of an erased page."""
    return tuple(InkPlace(*place) for place in json.loads(stored or "[]"))


def turned_back(line: WordLine, turned: int) -> WordLine:
    """Return a line's box on the page turned back by ``turned`` degrees."""
    if turned == _HALF_TURN:
        return line._replace(left=1 - line.right, top=1 - line.bottom)
    if turned == _QUARTER_TURN:
        return line._replace(left=line.top, top=1 - line.right, width=line.height, height=line.width)
    if turned == _HALF_TURN + _QUARTER_TURN:
        return line._replace(left=1 - line.bottom, top=line.left, width=line.height, height=line.width)
    return line


def turned_on(line: WordLine, turned: int) -> WordLine:
    """Return an upright box as it lies on the stored page: the inverse of :func:`turned_back`."""
    return turned_back(line, -turned % 360)


@dataclass(frozen=True, slots=True)
class _Tilt:
    """How a page hangs: the slope of its lines at the top edge, and what it gains towards the bottom (perspective)."""

    at_top: float
    gain: float

    def straightened(self, line: WordLine) -> WordLine:
        """Return an upright line as it would stand on a page that hangs straight; its box loses what the tilt added."""
        slope = self.at_top + self.gain * line.middle
        height = max(line.height - abs(slope) * line.width, _LEAST_HEIGHT * line.height)
        middle = line.middle - slope * (line.left + line.width / 2 - _MIDDLE)
        return line._replace(top=middle - height / 2, height=height)

    def tilted(self, line: WordLine) -> WordLine:
        """The inverse of :meth:`straightened`."""
        across = line.left + line.width / 2 - _MIDDLE
        middle = (line.middle + self.at_top * across) / (1 - self.gain * across)
        height = line.height + abs(self.at_top + self.gain * middle) * line.width
        return line._replace(top=middle - height / 2, height=height)


def _tilt_of(lines: Sequence[WordLine]) -> _Tilt:
    """Fit the slope of the long lines to their place on the page; long ones tell it better than short ones."""
    long = [line for line in lines if line.width > _LONG and abs(line.slope) < _STEEPEST]
    if not long:
        return _Tilt(0.0, 0.0)
    usual = statistics.median(line.slope for line in long)
    true = [line for line in long if abs(line.slope - usual) < _STRAY]
    weight = sum(line.width for line in true)
    place = sum(line.width * line.middle for line in true) / weight
    slope = sum(line.width * line.slope for line in true) / weight
    spread = sum(line.width * (line.middle - place) ** 2 for line in true)
    if len(true) < _ENOUGH or spread < _WIDE_SPREAD * weight:
        return _Tilt(slope, 0.0)
    gain = sum(line.width * (line.middle - place) * (line.slope - slope) for line in true) / spread
    return _Tilt(slope - gain * place, gain)


_MIDDLE: Final = 0.5
_LEAST_HEIGHT: Final = 0.4
_LONG: Final = 0.1
_STEEPEST: Final = 0.25
_STRAY: Final = 0.05
_ENOUGH: Final = 6
_WIDE_SPREAD: Final = 0.01


def rows_of(lines: Iterable[WordLine]) -> list[list[WordLine]]:
    """Gather upright lines that stand beside each other into rows, from the top, each from the left.

    What tilt is left is followed: a line is measured against its nearest neighbour in the row, not the row's first.
    """
    rows: list[list[WordLine]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        row = _row_for(line, rows)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    for row in rows:
        row.sort(key=lambda line: line.left)
    return sorted(rows, key=lambda row: statistics.fmean(line.middle for line in row))


def in_reading_order(lines: Sequence[WordLine]) -> list[WordLine]:
    """Return upright lines row by row."""
    return [line for row in rows_of(lines) for line in row]


_ROWS_BACK: Final = 4
_SAME_ROW: Final = 0.55


def _row_for(line: WordLine, rows: list[list[WordLine]]) -> list[WordLine] | None:
    for row in reversed(rows[-_ROWS_BACK:]):
        nearest = min(row, key=lambda other: max(other.left - line.right, line.left - other.right))
        overlap = min(nearest.right, line.right) - max(nearest.left, line.left)
        if overlap > 0.3 * min(nearest.width, line.width):
            continue
        if abs(nearest.middle - line.middle) < _SAME_ROW * min(nearest.height, line.height):
            return row
    return None
