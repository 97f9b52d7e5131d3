"""A mark over a page: where something stands that a field, a finding or a search is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF


class PageMark(NamedTuple):
    """A box on a page in fractions (0..1) of the upright page as its document has it, before any turning.

    ``page`` is the page of the original, from 0. ``tone`` is a value of ``Tone`` or ``accent``; ``words`` is what the
    pointer explains.
    """

    page: int
    left: float
    top: float
    width: float
    height: float
    tone: str
    words: str


@dataclass(frozen=True)
class MaterialPlace:
    """A material, a page of its original (from 0) and what is marked there: the subject of the action show_material."""

    material_id: int
    page: int = 0
    marks: Sequence[PageMark] = ()


def turned_box(mark: PageMark, rotation: int) -> QRectF:
    """Return the box of a mark, in fractions of the page turned clockwise by ``rotation`` degrees."""
    return turned_fractions(mark.left, mark.top, mark.width, mark.height, rotation)


def turned_fractions(left: float, top: float, width: float, height: float, rotation: int) -> QRectF:
    """Return a box in fractions of the page turned clockwise by ``rotation`` degrees."""
    if rotation % 360 == 90:  # noqa: PLR2004 - a quarter turn
        return QRectF(1 - top - height, left, height, width)
    if rotation % 360 == 180:  # noqa: PLR2004 - a half turn
        return QRectF(1 - left - width, 1 - top - height, width, height)
    if rotation % 360 == 270:  # noqa: PLR2004 - three quarters
        return QRectF(top, 1 - left - width, height, width)
    return QRectF(left, top, width, height)
