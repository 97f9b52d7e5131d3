"""How a stored picture stands upright: turned by its orientation mark once, and as wide for its height as it was."""

from typing import Final

from PIL import Image

from lian_desk.adapters.exchange.page_images import POINTS_PER_PIXEL, PageSize

ORIENTATION: Final = 0x0112
LYING: Final = frozenset({5, 6, 7, 8})
TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_RESOLUTIONS: Final = (282, 283)
_LEAST_UNEQUAL: Final = 1.02
_MOST_UNEQUAL: Final = 4.0
"""Sides in a higher ratio than that are a slip of the writer."""


def mark_of(image: Image.Image) -> int:
    """Return the orientation mark of the picture as it is stored, 1 where there is none that is valid."""
    mark = image.getexif().get(ORIENTATION, 1)
    return mark if isinstance(mark, int) and mark in UPRIGHT else 1


def upright_size(image: Image.Image, turn: int) -> PageSize:
    """Return the size of a picture in points, upright; the side that has fewer pixels to the inch is lengthened.

    ``turn`` is the orientation that is still to be carried out: 1 for a TIFF, whose decoder turns it and tells its size
    upright from the beginning.
    """
    across, down = _resolution(image)
    width, height = float(image.width), float(image.height)
    if turn == 1 and mark_of(image) in LYING:
        across, down = down, across
    if across > down:
        height *= across / down
    else:
        width *= down / across
    if turn in LYING:
        width, height = height, width
    return PageSize(width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL)


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Return the pixels to the inch (or only their ratio) across and down the stored picture; 1 and 1 where alike."""
    tags = getattr(image, "tag_v2", None)
    told = [tags.get(tag) for tag in _RESOLUTIONS] if tags is not None else None
    if told is None:
        # a JPEG may tell the ratio without a unit
        told = list(image.info.get("dpi") or image.info.get("jfif_density") or image.info.get("aspect") or (1, 1))
    try:
        across, down = (float(side) for side in told)
    except (TypeError, ValueError, ArithmeticError):
        return 1.0, 1.0
    if not (across > 0 and down > 0):
        return 1.0, 1.0
    ratio = max(across, down) / min(across, down)
    return (across, down) if _LEAST_UNEQUAL < ratio <= _MOST_UNEQUAL else (1.0, 1.0)
