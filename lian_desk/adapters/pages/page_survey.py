"""What a page says by itself and what is left to be explained, the same for papers, pictures and scans."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol, Self, runtime_checkable

from PIL import Image

from lian_desk.adapters.exchange.page_images import InkPlace, PageImage, PageSize, PageSurvey, Unexplained, WordRun
from lian_desk.adapters.pages import ink

_PAGES_HELD: Final = 4
"""Pages whose ink is remembered between the survey and the question what the recogniser has left of it."""
_ROOM: Final = 0.3
"""How much larger a box of words counts than it is, in shares of its shorter side: recognised boxes are tight."""


@dataclass(frozen=True)
class ToldApart:
    """A page taken apart: the words that it draws itself, the ink of all the rest without its rules, and the pixels of the words."""

    runs: tuple[WordRun, ...]
    ink: Image.Image
    own_pixels: int

    @classmethod
    def unread(cls, shown: Image.Image) -> Self:
        """Return a page without words of its own."""
        return cls((), ink.without_rules(ink.ink_of(shown)), 0)


class SurveyedDocument(Protocol):
    """A document whose pages are looked at."""

    def page_size(self, page: int) -> PageSize:
        """Return the size of a page."""

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point."""

    def lines(self, page: int) -> list[WordRun]:
        """Return the words that the document holds for a page."""


@runtime_checkable
class TakenApart(Protocol):
    """A document that knows which ink of a page its own words draw."""

    def told_apart(self, page: int, scale: float) -> ToldApart:
        """Take a page apart at ``scale`` pixels per point."""

    def rest(self, page: int, scale: float) -> PageImage:
        """Return a page without the words that it draws itself."""


def told_apart(document: SurveyedDocument, page: int, scale: float) -> ToldApart:
    """Take a page apart; where a document does not know what its words draw, all its ink is still to be read."""
    if isinstance(document, TakenApart):
        return document.told_apart(page, scale)
    shown = as_picture(document.render(page, scale, 0))
    return replace(ToldApart.unread(shown), runs=tuple(document.lines(page)))


def rest_of(document: SurveyedDocument, page: int, scale: float) -> PageImage:
    """Return a page without the words whose ink :func:`told_apart` knows."""
    return document.rest(page, scale) if isinstance(document, TakenApart) else document.render(page, scale, 0)


class PageSurveys:
    """Takes pages apart, and remembers their ink for a moment."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, int], tuple[Image.Image, int]] = OrderedDict()

    def survey(self, key: str, document: SurveyedDocument, page: int) -> PageSurvey:
        """Return the words that a page draws itself, and the ink beside them."""
        told = told_apart(document, page, ink.ink_scale(document.page_size(page)))
        self._keep(key, page, told)
        return PageSurvey(told.runs, _unexplained(self._held[key, page], ()))

    def unexplained(
        self, key: str, document: SurveyedDocument, page: int, boxes: Iterable[tuple[float, float, float, float]]
    ) -> Unexplained:
        """Return the ink that is neither the page's own words nor lies in one of ``boxes``, where words were read."""
        if (key, page) not in self._held:
            self._keep(key, page, told_apart(document, page, ink.ink_scale(document.page_size(page))))
        return _unexplained(self._held[key, page], boxes)

    def forget(self, key: str) -> None:
        """A document is closed."""
        for held in [held for held in self._held if held[0] == key]:
            del self._held[held]

    def _keep(self, key: str, page: int, told: ToldApart) -> None:
        self._held[key, page] = (told.ink, told.own_pixels)
        self._held.move_to_end((key, page))
        while len(self._held) > _PAGES_HELD:
            self._held.popitem(last=False)


def _unexplained(held: tuple[Image.Image, int], boxes: Iterable[tuple[float, float, float, float]]) -> Unexplained:
    bare, own_pixels = held
    found = ink.blots(ink.without_boxes(bare, boxes, _ROOM))
    pixels = sum(blot.pixels for blot in found)
    share = pixels / max(own_pixels + ink.count(bare), pixels, 1)
    return Unexplained(share, tuple(InkPlace(*blot[:4]) for blot in found))


def as_pixels(picture: Image.Image) -> PageImage:
    """Return a picture as it crosses the pipe."""
    plain = picture.convert("RGB")
    return PageImage(plain.width, plain.height, plain.width * 3, plain.tobytes())


def as_picture(image: PageImage) -> Image.Image:
    """Return drawn pixels as a picture."""
    return Image.frombuffer("RGB", (image.width, image.height), image.pixels, "raw", "RGB", image.stride, 1)
