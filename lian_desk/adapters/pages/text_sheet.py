"""Draws plain lines of text as pages in the child, each word with its place: what has words but no picture of its own.

A page of this kind is read by its words, searched, covered and compared at the door like any other.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from lian_desk.adapters.exchange.page_images import PageImage, PageSize, WordRun, bounded_scale
from lian_desk.adapters.machine.resources import resource_path

WIDTH: Final = 595.0
HEIGHT: Final = 842.0
"""A4 in points."""
MOST_LINES: Final = 4_000
"""Lines that are drawn; a report of more is cut, and its last line says so."""
_MARGIN: Final = 56.0
_HEADING: Final = 16.0
_PLAIN: Final = 11.0
_LEADING: Final = 1.6
_INK: Final = (24, 32, 48)
_MEASURED_AT: Final = 100
_CUT: Final = "……（后面的内容没有显示，原文件完整保存。）"
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


class SheetLine(NamedTuple):
    """A line of a sheet; ``indent`` in steps of a word's width. A heading stands larger."""

    text: str
    indent: int = 0
    is_heading: bool = False

    @property
    def size(self) -> float:
        """Size of the writing in points."""
        return _HEADING if self.is_heading else _PLAIN


class _Placed(NamedTuple):
    text: str
    left: float
    top: float
    size: float


class TextSheet:
    """Lines as pages of A4; drawn whole for every request, for they are few."""

    def __init__(self, lines: Iterable[SheetLine]) -> None:
        """Break long lines and fill the pages."""
        self._lines = tuple(lines)

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return len(self._pages)

    @cached_property
    def _pages(self) -> list[list[_Placed]]:
        pages: list[list[_Placed]] = [[]]
        top = _MARGIN
        for line in _bounded(self._lines):
            left = _MARGIN + 2 * _PLAIN * line.indent
            for piece in _broken(line.text, line.size, WIDTH - _MARGIN - left):
                if top + line.size * _LEADING > HEIGHT - _MARGIN:
                    pages.append([])
                    top = _MARGIN
                pages[-1].append(_Placed(piece, left, top, line.size))
                top += line.size * _LEADING
        return pages

    def page_size(self) -> PageSize:
        """Return the size of every page in points."""
        return PageSize(WIDTH, HEIGHT)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, turned clockwise."""
        scale = bounded_scale(self.page_size(), scale)
        image = Image.new("RGB", (max(1, round(WIDTH * scale)), max(1, round(HEIGHT * scale))), "white")
        pen = ImageDraw.Draw(image)
        for piece in self._pages[page]:
            font = _font(max(1, round(piece.size * scale)))
            pen.text((piece.left * scale, piece.top * scale), piece.text, font=font, fill=_INK)
        turn = _TURNS.get(rotation % 360)
        if turn is not None:
            image = image.transpose(turn)
        return PageImage(image.width, image.height, image.width * 3, image.tobytes())

    def lines(self, page: int) -> list[WordRun]:
        """Return the lines of a page with their boxes as fractions of it."""
        return [
            WordRun(
                piece.text,
                piece.left / WIDTH,
                piece.top / HEIGHT,
                min(_width(piece.text, piece.size), WIDTH - piece.left) / WIDTH,
                piece.size * 1.3 / HEIGHT,
            )
            for piece in self._pages[page]
            if piece.text.strip()
        ]

    def text(self, page: int) -> str:
        """Return the words of a page."""
        return "\n".join(piece.text for piece in self._pages[page])


def _bounded(lines: tuple[SheetLine, ...]) -> list[SheetLine]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    return [*lines[:MOST_LINES], SheetLine(_CUT)]


def _broken(text: str, size: float, room: float) -> list[str]:
    """Break a text where the room ends; a stranger's text is never longer than its page."""
    pieces, start = [], 0
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split(" "))
    while start < len(flat):
        end = start + 1
        step = max(1, int(room / size))
        while end < len(flat) and _width(flat[start : end + step], size) <= room:
            end += step
        while end < len(flat) and _width(flat[start : end + 1], size) <= room:
            end += 1
        pieces.append(flat[start:end])
        start = end
    return pieces or [""]


def _width(text: str, size: float) -> float:
    return float(_font(_MEASURED_AT).getlength(text)) * size / _MEASURED_AT


@lru_cache(maxsize=16)
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource_path("fonts", "NotoSansSC-Regular.ttf")), pixels)
