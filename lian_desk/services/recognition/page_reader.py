"""The words of one page of a document: its own where it draws them, and read from its picture wherever there is more ink.

A page counts as wholly read when known words explain its ink. What they do not explain is kept with its places: stamps,
codes, photographs and handwriting are for a person to look at.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lian_desk.adapters.exchange.page_images import (
    POINTS_PER_PIXEL,
    InkPlace,
    PageImage,
    PageSize,
    PageSurvey,
    Unexplained,
    WordRun,
)
from lian_desk.adapters.rendering.renderer import Renderer, RenderSource
from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.recognition.folding import folded
from lian_desk.services.recognition.page_words import PageWords, WordLine
from lian_desk.services.recognition.reader import TextReader

LONG_SIDE: Final = 1754
"""Pixels of the longer side of a page that is read: 150 dots per inch on A4."""
NARROW_SIDE: Final = 1080
"""Pixels of the shorter side that a long screenshot keeps at least."""
SURE: Final = 0.6
"""Confidence from which on a recognised line explains the ink beneath it."""
_MARGIN: Final = 24
"""Pixels around the ink that is handed to the recogniser."""
_WHOLE: Final = 0.5
"""Share of a page from which on all of it is handed over."""
_EMPTY_EMS: Final = 4.0
_LEAST_FILLED: Final = 0.3
"""A line that says less than so much of what would fit into its box has left out something."""
_FIRST_WIDE: Final = 0x2E80
_THICK: Final = 0.035
"""Share of the longer side of a page above which one or two letters are rather the outline of a stamp or a code."""
_FEW_LETTERS: Final = 2
_TOUCHING: Final = 0.3
"""Share of the shorter of two boxes that they share when one stands over the other."""


@dataclass(frozen=True)
class PageReading:
    """What was read on one page, and the ink that it does not explain."""

    words: PageWords
    unexplained: Unexplained


def read_page(renderer: Renderer, reader: TextReader, source: RenderSource, page: int) -> PageReading:
    """Read a page of a stored document; costs no recognition where the page's own words explain its ink.

    Raises:
        RuleViolation: the document cannot be shown.
        EnvironmentProblem: ``RECOGNITION_MISSING``, ``RECOGNITION_FAILED``, ``MATERIAL_NOT_PREVIEWABLE``; the stored
            file is missing or damaged.
    """
    survey = renderer.survey(source, page)
    own = own_reading(survey)
    return rest_reading(renderer, reader, source, page, survey) if own is None else own


def own_reading(survey: PageSurvey) -> PageReading | None:
    """Return a page that its own words explain wholly, None when there is ink beside them."""
    if survey.unexplained.places:
        return None
    own = _own_lines(survey)
    return PageReading(PageWords(TextOrigin.DOCUMENT, _usual_turn(survey.runs), own), survey.unexplained)


def rest_reading(
    renderer: Renderer, reader: TextReader, source: RenderSource, page: int, survey: PageSurvey
) -> PageReading:
    """Read the ink of a page that its own words do not explain, and put both together."""
    size = renderer.page_sizes(source)[page]
    picture = renderer.rest_of_page(source, page, reading_scale(size))
    read = _read_places(reader, picture, survey.unexplained.places)
    left = renderer.unexplained(source, page, [line[1:5] for line in read.lines if explains(line, size, read.turned)])
    own = _own_lines(survey)
    fresh = [line for line in read.lines if not is_known(line, own)]
    is_own = sum(len(run.text) for run in survey.runs) > sum(len(line.text) for line in read.lines)
    turned = _usual_turn(survey.runs) if is_own else read.turned
    origin = TextOrigin.DOCUMENT if is_own else TextOrigin.RECOGNISED
    return PageReading(PageWords(origin, turned, (*own, *fresh)), left)


def picture_words(renderer: Renderer, reader: TextReader, source: RenderSource, page: int) -> PageWords:
    """Return the words read from the whole picture of a page, whatever it says by itself."""
    size = renderer.page_sizes(source)[page]
    return reader.read(renderer.render_page(source, page, reading_scale(size)))


def reading_scale(size: PageSize) -> float:
    """Return pixels per point at which a page is read; a picture is never enlarged beyond its own pixels."""
    longer, shorter = max(size.width, size.height, 1.0), max(min(size.width, size.height), 1.0)
    own_pixels = 1 / POINTS_PER_PIXEL
    return max(LONG_SIDE / longer, min(NARROW_SIDE / shorter, own_pixels))


def explains(line: WordLine, size: PageSize, turned: int) -> bool:
    """Tell whether a recognised line explains the ink in its box: surely read, and nothing left out."""
    if line.confidence < SURE:
        return False
    wide, high = line.width * size.width, line.height * size.height
    if turned % 180:
        wide, high = high, wide
    if len(line.text.strip()) <= _FEW_LETTERS and min(wide, high) > _THICK * max(size.width, size.height):
        return False
    fits = wide / max(high, 1e-6)
    said = sum(1.0 if ord(char) >= _FIRST_WIDE else 0.5 for char in line.text)
    return fits < _EMPTY_EMS or said >= _LEAST_FILLED * fits


def is_known(line: WordLine, own: tuple[WordLine, ...]) -> bool:
    """Tell whether a recognised line says what the page's own words say at its place.

    The recogniser joins what stands in a row, where a page draws label and value each by itself; a scanner's words may
    lie visibly over its picture.
    """
    beneath = [one for one in own if _overlap(line, one)]
    said = "".join(folded(one.text) for one in sorted(beneath, key=lambda one: one.left))
    return bool(said) and folded(line.text) in said


def _overlap(line: WordLine, own: WordLine) -> bool:
    """Tell whether own words stand in the row of a recognised line: their middle within it, and more than its edge."""
    if not line.top <= own.middle <= line.bottom and not own.top <= line.middle <= own.bottom:
        return False
    shared = min(line.right, own.right) - max(line.left, own.left)
    return shared > _TOUCHING * min(line.width, own.width)


def _own_lines(survey: PageSurvey) -> tuple[WordLine, ...]:
    return tuple(WordLine(*run[:5], 1.0) for run in survey.runs)


def _usual_turn(runs: Iterable[WordRun]) -> int:
    """Return how most letters lie, in degrees clockwise."""
    turns: Counter[int] = Counter()
    for run in runs:
        turns[run.turned] += len(run.text)
    return turns.most_common(1)[0][0] if turns else 0


def _read_places(reader: TextReader, picture: PageImage, places: tuple[InkPlace, ...]) -> PageWords:
    """Read the part of a picture that holds all of ``places``; the whole of it when that is most of it."""
    left = max(0, round(min(place.left for place in places) * picture.width) - _MARGIN)
    top = max(0, round(min(place.top for place in places) * picture.height) - _MARGIN)
    right = min(picture.width, round(max(place.left + place.width for place in places) * picture.width) + _MARGIN)
    bottom = min(picture.height, round(max(place.top + place.height for place in places) * picture.height) + _MARGIN)
    wide, high = right - left, bottom - top
    if wide * high > _WHOLE * picture.width * picture.height:
        return reader.read(picture)
    from PIL import Image  # noqa: PLC0415 - the window starts without it

    whole = Image.frombuffer("RGB", (picture.width, picture.height), picture.pixels, "raw", "RGB", picture.stride, 1)
    part = whole.crop((left, top, right, bottom))
    read = reader.read(PageImage(wide, high, wide * 3, part.tobytes()))
    lines = tuple(
        line._replace(
            left=(left + line.left * wide) / picture.width,
            top=(top + line.top * high) / picture.height,
            width=line.width * wide / picture.width,
            height=line.height * high / picture.height,
        )
        for line in read.lines
    )
    return PageWords(read.origin, read.turned, lines)
