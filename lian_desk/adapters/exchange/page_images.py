"""Plain values that cross from the child: sizes, words and pixels, ready to be wrapped by whatever paints them."""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

MOST_PIXELS: Final = 24_000_000
"""Largest picture handed over, in pixels: more than any screen shows at once."""
LONGEST_SIDE: Final = 12_000
"""Longest side of a picture handed over, in pixels."""
POINTS_PER_PIXEL: Final = 0.75
"""A picture is measured like a PDF page: one of its pixels is a pixel of a 96 dpi screen."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """Size of an upright page in points of 1/72 inch."""

    width: float
    height: float

    def turned(self, rotation: int) -> "PageSize":
        """Return the size after a turn by ``rotation`` degrees, a multiple of 90."""
        return PageSize(self.height, self.width) if rotation % 180 else self


@dataclass(frozen=True, slots=True)
class PageImage:
    """Pixels of a page: rows of ``stride`` bytes, three bytes a pixel, red first."""

    width: int
    height: int
    stride: int
    pixels: bytes


class WordRun(NamedTuple):
    """Words with their box as fractions (0 to 1) of the upright page; ``turned``: how far clockwise the writing lies."""

    text: str
    left: float
    top: float
    width: float
    height: float
    turned: int = 0


class InkPlace(NamedTuple):
    """Where a page bears ink, as fractions (0 to 1) of the upright page."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Ink of a page that no known words explain: its share of all ink, and its places; none when all is explained."""

    share: float
    places: tuple[InkPlace, ...]


@dataclass(frozen=True, slots=True)
class PageSurvey:
    """What a document itself says of a page: the words that it draws, and the ink beside them."""

    runs: tuple[WordRun, ...]
    unexplained: Unexplained


def bounded_scale(size: PageSize, scale: float) -> float:
    """Return ``scale`` (pixels per point), made smaller where the picture would exceed the limits."""
    width, height = max(size.width, 1e-3), max(size.height, 1e-3)
    return min(scale, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / width, LONGEST_SIDE / height)
