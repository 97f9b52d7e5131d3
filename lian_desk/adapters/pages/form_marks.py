"""Tells what a form draws by itself (circles and boxes with or without their mark, ticks, dotted lines) from writing.

Judged by shape alone, piece by piece, a piece being pixels of ink that touch. What is not surely such a mark stays ink:
a letter in a box, a bar under another bar (二), anything that could be somebody's hand.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from math import atan2, hypot, tau
from statistics import median
from typing import Final

from PIL import Image, ImageChops, ImageFilter

LARGEST: Final = 32
"""Longest side in pixels, at 100 dots per inch, of a box or circle to be ticked: 8 mm or 23 points."""
MOST_PIXELS: Final = 40_000
"""Ink above which nothing is taken apart: a photograph, or a page of handwriting."""
MOST_PIECES: Final = 500
"""Pieces above which nothing is taken apart: the screen of a print, dotted paper; each is held against the others."""
_SURE: Final = 128
"""Value from which ink is clear; the rest says how far it stands out (``ink.py``)."""
_SOFT: Final = 7
"""Side of the square in which soft edges belong to their stroke."""
_SMALLEST: Final = 7
_LINE: Final = 4.0
"""Pixels that the line of a frame takes at most."""
_ROUND: Final = 1.15
_SQUARE: Final = 1.4
_SECTORS: Final = 24
_SPECK: Final = 6
"""Longest side of the dot of a dotted line."""
_FEWEST_SPECKS: Final = 4
_SHORTEST_BAR: Final = 16
_BROADEST_BAR: Final = 8
_SMALLEST_TICK: Final = 10
_DOT_IN_CIRCLE: Final = 0.62
_DOT_IN_BOX: Final = 0.5
"""Share of the outer side that a dot takes at most; a letter written into a box takes more."""

Pixel = tuple[int, int]
"""Column and row."""


class Piece:
    """Pixels that touch, with their box; right and bottom lie inside."""

    def __init__(self, pixels: set[Pixel]) -> None:
        self.pixels = pixels
        self.left, self.right = min(x for x, _y in pixels), max(x for x, _y in pixels)
        self.top, self.bottom = min(y for _x, y in pixels), max(y for _x, y in pixels)
        self.width, self.height = self.right - self.left + 1, self.bottom - self.top + 1

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def is_square(self, at_most: float) -> bool:
        """Tell whether the longer side is at most so many times the shorter."""
        return max(self.width, self.height) <= at_most * min(self.width, self.height)


def without_marks(inside: Image.Image) -> Image.Image:
    """Return a cut-out of ink without the marks of a form in it."""
    core = _core(inside)
    if core.histogram()[255] > MOST_PIXELS:
        return inside
    pieces = list(islice(_pieces(core), MOST_PIECES + 1))
    marks = _marks(pieces) if len(pieces) <= MOST_PIECES else set()
    if not marks:
        return inside
    for pixel in marks:
        core.putpixel(pixel, 0)
    # what is left of the soft edges of a mark goes with it
    left = Image.new("L", inside.size)
    left.paste(inside, mask=core.filter(ImageFilter.MaxFilter(_SOFT)))
    return left


def _core(inside: Image.Image) -> Image.Image:
    """Return 255 where a stroke is at least two fifths as deep as the deepest ink around: strokes without their soft edges."""
    around = inside.filter(ImageFilter.MaxFilter(_SOFT))
    part = around.point([_SURE + max(0, value - _SURE) * 2 // 5 for value in range(256)])
    return ImageChops.subtract(inside, part).point([0] + [255] * 255)


def _pieces(inked: Image.Image) -> Iterator[Piece]:
    wide, high = inked.size
    waiting = bytearray(inked.tobytes())
    start = waiting.find(255)
    while start >= 0:
        waiting[start] = 0
        members = [start]
        for place in members:
            row, column = divmod(place, wide)
            for y in range(max(0, row - 1), min(high, row + 2)):
                for x in range(max(0, column - 1), min(wide, column + 2)):
                    if waiting[y * wide + x]:
                        waiting[y * wide + x] = 0
                        members.append(y * wide + x)
        yield Piece({(place % wide, place // wide) for place in members})
        start = waiting.find(255, start)


def _marks(pieces: list[Piece]) -> set[Pixel]:
    """Return the pixels that belong to marks of a form."""
    found: set[Pixel] = set()
    frames = [piece for piece in pieces if _is_framed(piece, pieces)]
    for frame in frames:
        found |= {pixel for piece in pieces if _lies_in(piece, frame) for pixel in piece.pixels}
    rest = [piece for piece in pieces if not any(_lies_in(piece, frame) for frame in frames)]
    bars = [piece for piece in rest if _is_bar(piece)]
    specks = [piece for piece in rest if max(piece.width, piece.height) <= _SPECK]
    for piece in rest:
        is_tick = min(piece.width, piece.height) >= _SMALLEST_TICK and _is_tick_or_cross(piece)
        if is_tick or (piece in bars and _is_alone(piece, bars)) or (piece in specks and _is_dotted(piece, specks)):
            found |= piece.pixels
    return found


def _lies_in(piece: Piece, frame: Piece) -> bool:
    return (
        frame.left <= piece.left
        and piece.right <= frame.right
        and frame.top <= piece.top
        and piece.bottom <= frame.bottom
    )


def _is_framed(piece: Piece, pieces: Iterable[Piece]) -> bool:
    """Tell whether a piece is a circle or a box to be ticked, with nothing in it but its mark."""
    if not (min(piece.width, piece.height) >= _SMALLEST and max(piece.width, piece.height) <= LARGEST):
        return False
    everything = {pixel for each in pieces if _lies_in(each, piece) for pixel in each.pixels}
    if piece.is_square(_ROUND) and _is_ring(piece):
        return _is_mark({pixel for pixel in everything if _depth_in_ring(piece, pixel) > _LINE}, piece, _DOT_IN_CIRCLE)
    if piece.is_square(_SQUARE) and _is_box(piece):
        line = _line_of(piece)
        return _is_mark({pixel for pixel in everything if _depth_in_box(piece, pixel) > line}, piece, _DOT_IN_BOX)
    return False


def _line_of(piece: Piece) -> float:
    """Return how broad the line of a box is at its side, in pixels, with room for its edge."""
    third = piece.height // 3
    runs = []
    for y in range(piece.top + third, piece.bottom - third + 1):
        first = next((x for x in range(piece.left, piece.right) if (x, y) not in piece.pixels), piece.right)
        last = next((x for x in range(piece.right, piece.left, -1) if (x, y) not in piece.pixels), piece.left)
        runs.append(max(first - piece.left, piece.right - last))
    return min(median(runs) + 1, _LINE)


def _is_ring(piece: Piece) -> bool:
    x, y = piece.middle
    corner = min(piece.width, piece.height) / 2
    on_line = [pixel for pixel in piece.pixels if _depth_in_ring(piece, pixel) <= _LINE]
    # the corners of a box lie outside of a circle
    if any(_depth_in_ring(piece, pixel) < -0.12 * corner - 1 for pixel in on_line):
        return False
    sectors = {int((atan2(row - y, column - x) / tau % 1) * _SECTORS) for column, row in on_line}
    return len(sectors) == _SECTORS


def _depth_in_ring(piece: Piece, pixel: Pixel) -> float:
    """Return how far a pixel lies inside of the circle that fills the box, in pixels."""
    x, y = piece.middle
    radius = hypot((pixel[0] - x) / (piece.width / 2), (pixel[1] - y) / (piece.height / 2))
    return (1 - radius) * min(piece.width, piece.height) / 2


def _is_box(piece: Piece) -> bool:
    """A frame is closed: along each side nearly every row or column bears ink."""
    edge = [pixel for pixel in piece.pixels if _depth_in_box(piece, pixel) <= _LINE]
    sides = (
        (piece.height, {y for x, y in edge if x - piece.left < _LINE}),
        (piece.height, {y for x, y in edge if piece.right - x < _LINE}),
        (piece.width, {x for x, y in edge if y - piece.top < _LINE}),
        (piece.width, {x for x, y in edge if piece.bottom - y < _LINE}),
    )
    return all(len(inked) > 0.85 * length for length, inked in sides)


def _depth_in_box(piece: Piece, pixel: Pixel) -> float:
    x, y = pixel
    return min(x - piece.left, piece.right - x, y - piece.top, piece.bottom - y) + 0.5


def _is_mark(inner: set[Pixel], frame: Piece, largest_dot: float) -> bool:
    """Tell whether what stands in a frame is nothing, a dot in the middle, a tick or a cross."""
    if not inner:
        return True
    mark = Piece(inner)
    return _is_dot(mark, frame, largest_dot) or _is_tick_or_cross(mark)


def _is_dot(mark: Piece, frame: Piece, largest: float) -> bool:
    side = max(mark.width, mark.height)
    (x, y), (middle_x, middle_y) = mark.middle, frame.middle
    is_in_the_middle = max(abs(x - middle_x), abs(y - middle_y)) <= max(1.5, 0.12 * max(frame.width, frame.height))
    # of a square a disc fills three quarters, a small one less
    is_solid = len(mark.pixels) >= 0.6 * mark.width * mark.height and mark.is_square(_SQUARE)
    return is_in_the_middle and is_solid and side <= largest * max(frame.width, frame.height)


def _is_tick_or_cross(mark: Piece) -> bool:
    return max(mark.width, mark.height) <= LARGEST and (_is_tick(mark) or _is_cross(mark))


def _is_tick(mark: Piece) -> bool:
    """One stroke down and a longer one up, each column bearing a single run of ink."""
    columns: dict[int, list[int]] = {}
    for x, y in mark.pixels:
        columns.setdefault(x, []).append(y)
    if len(columns) < mark.width or mark.width < _SPECK or mark.height < _SPECK:
        return False
    if any(max(rows) - min(rows) + 1 > len(rows) or len(rows) > 0.7 * mark.height for rows in columns.values()):
        return False
    course = [(min(columns[x]) + max(columns[x])) / 2 for x in sorted(columns)]
    deepest = max(range(len(course)), key=course.__getitem__)
    falls = all(after >= before - 1 for before, after in pairwise(course[: deepest + 1]))
    rises = all(after <= before + 1 for before, after in pairwise(course[deepest:]))
    fall, rise = course[deepest] - course[0], course[deepest] - course[-1]
    return falls and rises and 0.1 * mark.height <= fall <= rise + 2 and rise >= 0.5 * mark.height


def _is_cross(mark: Piece) -> bool:
    """Two diagonals, both whole, and nothing beside them."""
    if mark.width < _SPECK or mark.height < _SPECK or not mark.is_square(_SQUARE):
        return False
    falling, rising = set(), set()
    for x, y in mark.pixels:
        across, down = (x - mark.left) / (mark.width - 1), (y - mark.top) / (mark.height - 1)
        is_falling, is_rising = abs(across - down) <= 0.24, abs(across + down - 1) <= 0.24  # noqa: PLR2004 - of a side
        if not is_falling and not is_rising:
            return False
        falling |= {x} if is_falling else set()
        rising |= {x} if is_rising else set()
    return min(len(falling), len(rising)) >= 0.9 * mark.width and len(mark.pixels) < 0.7 * mark.width * mark.height


def _is_bar(piece: Piece) -> bool:
    """A short line under something: level, full, and long for its height."""
    is_long = piece.width >= max(_SHORTEST_BAR, 3 * piece.height) and piece.height <= _BROADEST_BAR
    return is_long and len(piece.pixels) >= 0.85 * piece.width * piece.height


def _is_alone(bar: Piece, bars: Iterable[Piece]) -> bool:
    return not any(
        other is not bar
        and other.left <= bar.right
        and bar.left <= other.right
        and abs(other.top - bar.top) < 2 * bar.width
        for other in bars
    )


def _is_dotted(speck: Piece, specks: Iterable[Piece]) -> bool:
    """Tell whether a dot stands in a row with others, and none above or below it."""
    near = [other for other in specks if abs(other.middle[0] - speck.middle[0]) <= LARGEST]
    row = [other for other in near if abs(other.middle[1] - speck.middle[1]) <= 1]
    return len(row) >= _FEWEST_SPECKS and len(near) == len(row)
