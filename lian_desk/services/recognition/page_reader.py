"""The words of one page of a document: its own where it has them, else read from its picture."""

import unicodedata
from typing import Final

from lian_desk.models.vocabulary import TextOrigin
from lian_desk.services.recognition.page_words import PageWords, WordLine
from lian_desk.services.recognition.reader import TextReader
from lian_desk.services.rendering.page_images import POINTS_PER_PIXEL, PageSize, WordRun
from lian_desk.services.rendering.renderer import Renderer, RenderSource

LONG_SIDE: Final = 1754
"""Pixels of the longer side of a page that is read: 150 dots per inch on A4."""
NARROW_SIDE: Final = 1080
"""Pixels of the shorter side that a long screenshot keeps at least."""
_FEWEST_CHARACTERS: Final = 24
_MOST_STRANGE: Final = 0.08
"""Share of characters without meaning above which a document's own text is garbage."""


def read_page(renderer: Renderer, reader: TextReader, source: RenderSource, page: int) -> PageWords:
    """Return the words of a page of a stored document.

    Raises:
        RuleViolation: the document cannot be shown.
        EnvironmentProblem: ``RECOGNITION_MISSING``, ``RECOGNITION_FAILED``, ``MATERIAL_NOT_PREVIEWABLE``; the stored
            file is missing or damaged.
    """
    own = own_words(renderer, source, page)
    return picture_words(renderer, reader, source, page) if own is None else own


def own_words(renderer: Renderer, source: RenderSource, page: int) -> PageWords | None:
    """Return the words that a document holds for a page, None when there are none to trust."""
    runs = renderer.page_lines(source, page)
    if not is_usable(runs):
        return None
    return PageWords(TextOrigin.DOCUMENT, 0, tuple(WordLine(*run, 1.0) for run in runs))


def picture_words(renderer: Renderer, reader: TextReader, source: RenderSource, page: int) -> PageWords:
    """Return the words read from the picture of a page."""
    size = renderer.page_sizes(source)[page]
    return reader.read(renderer.render_page(source, page, reading_scale(size)))


def reading_scale(size: PageSize) -> float:
    """Return pixels per point at which a page is read; a picture is never enlarged beyond its own pixels."""
    longer, shorter = max(size.width, size.height, 1.0), max(min(size.width, size.height), 1.0)
    own_pixels = 1 / POINTS_PER_PIXEL
    return max(LONG_SIDE / longer, min(NARROW_SIDE / shorter, own_pixels))


def is_usable(runs: list[WordRun]) -> bool:
    """Tell whether a document's own text can be trusted: enough of it, and made of real characters.

    A stamp or a page number on a scan is too little; fonts without a table of characters give signs without meaning.
    """
    text = "".join(run.text for run in runs)
    seen = [char for char in text if not char.isspace()]
    if len(seen) < _FEWEST_CHARACTERS:
        return False
    strange = sum(1 for char in seen if _is_strange(char))
    return strange <= _MOST_STRANGE * len(seen)


def _is_strange(char: str) -> bool:
    return unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"} or char == "\ufffd"
