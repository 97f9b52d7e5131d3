"""Where a picture of a page bears ink that could be writing: thin strokes, by their contrast with what lies around them.

Written with Pillow alone, because it runs in the child for every page, also where no recogniser is installed. A ground of
any colour, a shadow and a solid area have no strokes; a photograph has many, and counts as ink that nobody explained.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lian_desk.adapters.exchange.page_images import PageSize
from lian_desk.adapters.pages.form_marks import LARGEST, without_marks

INK_SIDE: Final = 1169
"""Pixels of the longer side of a page that is looked at: 100 dots per inch on A4."""
INK_NARROW_SIDE: Final = 720
"""Pixels that the shorter side of a long screenshot keeps at least."""
FAINTEST: Final = 10
"""Contrast of the faintest stroke, of 255, on a page that was drawn and not photographed."""
_STROKE: Final = 11
"""Width of the broadest stroke in pixels: 2.8 mm."""
_RULE: Final = 40
"""Length from which a straight line is a rule of a form and no stroke of a letter: 10 mm."""
_AROUND: Final = 24
"""Pixels of empty paper that are looked at around what is drawn, so that its ground is known."""
_COARSE: Final = 4
_NEIGHBOURS: Final = 9
"""Every fourth pixel is looked at, nine by nine of them, to tell the ground: 9 mm."""
_NEAR: Final = 5
_EDGE: Final = 0.6
_CELL: Final = 4
_INKY: Final = 0.09
"""Share of a cell that ink covers at least."""
_LONG_SIDE: Final = 7
_SHORT_SIDE: Final = 4
_FEWEST_PIXELS: Final = 12
"""A blot smaller than this is no letter: two millimetres by one."""
_SOFT: Final = 0.8
"""Pixels by which a picture is blurred before, so that single grains are no strokes."""
_NOISY: Final = 3.2
_CLEAR: Final = 5.0
"""How many times the usual roughness of a picture a stroke stands out, at its edges and at its heart."""
_ROUGHEST: Final = 13
"""Roughness of the worst paper, of 255; where half of the pixels differ by more, a code or a photograph fills the place."""
_SLOPES: Final = (0.0, 0.05, -0.05, 0.1, -0.1)
"""How far the lines of a photographed form hang, at most six degrees."""
SURE: Final = 128
WEAK: Final = 100
"""Values of pixels that bear ink: from ``SURE`` on it is clear, and the more, the further it stands out."""


class Blot(NamedTuple):
    """Ink that hangs together, with its box as fractions (0 to 1) of the upright page, and its pixels."""

    left: float
    top: float
    width: float
    height: float
    pixels: int


Box = tuple[float, float, float, float]
"""Left, top, width and height as fractions of the page."""


def ink_scale(size: PageSize) -> float:
    """Return pixels per point at which a page is looked at for ink."""
    longer, shorter = max(size.width, size.height, 1.0), max(min(size.width, size.height), 1.0)
    return max(INK_SIDE / longer, min(INK_NARROW_SIDE / shorter, 1.0))


def ink_of(picture: Image.Image) -> Image.Image:
    """Return the ink of a page: from ``SURE`` where it stands out clearly from its paper, ``WEAK`` beside it, else 0."""
    plain = picture.convert("RGB")
    # most pages that were drawn are empty once their own words are taken away, or nearly so
    differing = ImageChops.difference(plain, Image.new("RGB", plain.size, plain.getpixel((0, 0)))).getbbox()
    found = Image.new("L", plain.size)
    if differing is not None:
        left, top, right, bottom = differing
        around = (
            max(left - _AROUND, 0),
            max(top - _AROUND, 0),
            min(right + _AROUND, plain.width),
            min(bottom + _AROUND, plain.height),
        )
        found.paste(_ink_within(plain.crop(around)), around[:2])
    return found


def _ink_within(plain: Image.Image) -> Image.Image:
    soft = plain.filter(ImageFilter.GaussianBlur(_SOFT))
    bands = soft.split()
    # coloured ink is dark in one band at least, white letters on colour are light in one
    darkest = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2])
    one, other = _depth(darkest), _depth(soft.convert("L"))
    depth = ImageChops.lighter(one[0], other[0])
    # most of a page is paper: half of its pixels are rougher than this one; a page that was drawn has none
    usual = min(_percentile(ImageChops.lighter(one[1], other[1]), 0.5), _ROUGHEST)
    weak, sure = max(FAINTEST, round(_NOISY * usual)), max(FAINTEST, round(_CLEAR * usual))
    return depth.point([SURE + value // 2 if value >= sure else WEAK if value >= weak else 0 for value in range(256)])


def _depth(band: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return how far a pixel lies from its ground, where what lies there is thin; the gap between two strokes is none.

    At the edge of a sheet or a shadow the ground itself changes: what stands out less than that is the edge, and is taken
    off in the first of the two.
    """
    ground, change = _ground(band)
    closed = _eroded(grown(band, _STROKE), _STROKE)
    opened = grown(_eroded(band, _STROKE), _STROKE)
    dark = ImageChops.darker(ImageChops.subtract(closed, band), ImageChops.subtract(ground, band))
    light = ImageChops.darker(ImageChops.subtract(band, opened), ImageChops.subtract(band, ground))
    found = ImageChops.lighter(dark, light)
    return ImageChops.subtract(found, change), found


def _ground(band: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return the usual value around each pixel, and most of how far it changes there.

    Ink covers the smaller part of any place that is written on.
    """
    coarse = (max(1, band.width // _COARSE), max(1, band.height // _COARSE))
    usual = band.resize(coarse, Image.Resampling.NEAREST).filter(ImageFilter.MedianFilter(_NEIGHBOURS))
    span = ImageChops.subtract(grown(usual, _NEAR), _eroded(usual, _NEAR))
    change = span.point([round(_EDGE * value) for value in range(256)])
    return usual.resize(band.size, Image.Resampling.BILINEAR), change.resize(band.size, Image.Resampling.BILINEAR)


def without_rules(ink: Image.Image) -> Image.Image:
    """Return the ink without long straight lines: they part a form into fields, or end a sheet, and say nothing."""
    extent = ink.getbbox()
    if extent is None:
        return ink
    # what lies outside of a picture counts as ink while lines are looked for: keep it far
    left, top = extent[0] - _RULE, extent[1] - _RULE
    inked = ink.crop((left, top, extent[2] + _RULE, extent[3] + _RULE))
    rest = inked
    for slope in _SLOPES:
        if rest.getbbox() is None:
            break
        for across in (True, False):
            leant = _leant(above(inked, 1), slope, across=across)
            # a line that hangs a little is still one line
            thick = _dilated_along(leant, 3, across=not across)
            line = _dilated_along(_eroded_along(thick, _RULE, across=across), _RULE, across=across)
            if line.getbbox() is not None:
                rest = ImageChops.subtract(rest, _leant(grown(line, 3), -slope, across=across))
    whole = Image.new("L", ink.size)
    whole.paste(rest, (left, top))
    return whole


def _leant(band: Image.Image, slope: float, *, across: bool) -> Image.Image:
    """Return the band leant so that a line of ``slope`` lies straight."""
    if not slope:
        return band
    middle = band.width / 2 if across else band.height / 2
    lean = (1, 0, 0, slope, 1, -slope * middle) if across else (1, slope, -slope * middle, 0, 1, 0)
    return band.transform(band.size, Image.Transform.AFFINE, lean, Image.Resampling.NEAREST)


def without_boxes(ink: Image.Image, boxes: Iterable[Box], room: float) -> Image.Image:
    """Return the ink outside of ``boxes``, each made larger by ``room`` of its shorter side."""
    left = ink.copy()
    pen = ImageDraw.Draw(left)
    for x, y, width, height in boxes:
        wide, high = width * ink.width, height * ink.height
        more = room * min(wide, high) + 1
        first = (x * ink.width - more, y * ink.height - more)
        pen.rectangle((*first, first[0] + wide + 2 * more, first[1] + high + 2 * more), fill=0)
    return left


def without_ticks(ink: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Return the ink without that of boxes to be ticked; a box too large for a tick keeps what stands in it."""
    small = [box for box in boxes if max(box[2] * ink.width, box[3] * ink.height) <= LARGEST]
    return without_boxes(ink, small, 0.1) if small else ink


def blots(ink: Image.Image) -> list[Blot]:
    """Return what could be writing: ink that hangs together over small gaps and is large and clear enough for a letter."""
    across, down = -(-ink.width // _CELL), -(-ink.height // _CELL)
    # a cell that a stroke only touches belongs to it
    inky = bytearray(grown(above(above(ink, 1).reduce(_CELL), round(_INKY * 255)), 3).tobytes())
    sure = above(ink, SURE).reduce(_CELL).tobytes()
    found = []
    for start in range(len(inky)):
        if not inky[start]:
            continue
        members = _spread(inky, start, across, down)
        box = _box_of(members, across)
        inside = without_marks(ink.crop((box[0] * _CELL, box[1] * _CELL, box[2] * _CELL, box[3] * _CELL)))
        pixels = min(sum(sure[cell] for cell in members) * _CELL * _CELL // 255, count(inside))
        extent = inside.getbbox()
        if extent is not None and _is_writing(extent, pixels):
            place = (box[0] * _CELL + extent[0], box[1] * _CELL + extent[1])
            found.append(
                Blot(
                    place[0] / ink.width,
                    place[1] / ink.height,
                    (extent[2] - extent[0]) / ink.width,
                    (extent[3] - extent[1]) / ink.height,
                    pixels,
                )
            )
    return found


def count(ink: Image.Image) -> int:
    """Return how many pixels clearly bear ink."""
    return sum(ink.histogram()[SURE:])


def _is_writing(extent: tuple[int, int, int, int], pixels: int) -> bool:
    width, height = extent[2] - extent[0], extent[3] - extent[1]
    return max(width, height) >= _LONG_SIDE and min(width, height) >= _SHORT_SIDE and pixels >= _FEWEST_PIXELS


def _spread(inky: bytearray, start: int, across: int, down: int) -> list[int]:
    """Take the cells that hang together with one, and empty them."""
    inky[start] = 0
    members = [start]
    for cell in members:
        for other in _around(cell, across, down):
            if inky[other]:
                inky[other] = 0
                members.append(other)
    return members


def _around(cell: int, across: int, down: int) -> Iterator[int]:
    row, column = divmod(cell, across)
    for near in range(max(0, row - 1), min(down, row + 2)):
        for beside in range(max(0, column - 1), min(across, column + 2)):
            yield near * across + beside


def _box_of(members: Sequence[int], across: int) -> tuple[int, int, int, int]:
    columns = [cell % across for cell in members]
    return min(columns), members[0] // across, max(columns) + 1, max(cell // across for cell in members) + 1


def above(band: Image.Image, least: int) -> Image.Image:
    """Return 255 where a band is at least so light, 0 elsewhere."""
    return band.point([255 if value >= least else 0 for value in range(256)])


def _percentile(band: Image.Image, share: float) -> int:
    wanted = share * band.width * band.height
    for value, number in enumerate(band.histogram()):
        wanted -= number
        if wanted <= 0:
            return value
    return 255


def grown(band: Image.Image, side: int) -> Image.Image:
    """Return the lightest of the neighbours in a square of ``side`` pixels."""
    return _dilated_along(_dilated_along(band, side, across=True), side, across=False)


def _eroded(band: Image.Image, side: int) -> Image.Image:
    return ImageChops.invert(grown(ImageChops.invert(band), side))


def _eroded_along(band: Image.Image, length: int, *, across: bool) -> Image.Image:
    return ImageChops.invert(_dilated_along(ImageChops.invert(band), length, across=across))


def _dilated_along(band: Image.Image, length: int, *, across: bool) -> Image.Image:
    """Return the lightest of ``length`` neighbours in a row or column, by doubling: a few steps whatever the length."""
    before = length // 2
    wider, reach = _shifted(band, -before, across=across), 1
    while reach < length:
        step = min(reach, length - reach)
        wider = ImageChops.lighter(wider, _shifted(wider, step, across=across))
        reach += step
    return wider


def _shifted(band: Image.Image, step: int, *, across: bool) -> Image.Image:
    """Return the band moved towards its beginning by ``step``; what comes in from outside is 0."""
    x, y = (step, 0) if across else (0, step)
    return band.crop((x, y, x + band.width, y + band.height))
