"""Draws invented papers as they reach a desk: a PDF with text, a flat scan, a scan in a PDF, a photograph.

The same kind, subject, form and seed give the same bytes. A page takes well under 0.3 seconds.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.page_layout import (
    BOLD,
    FONT_FILES,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    LineMark,
    Mark,
    StampMark,
    TextMark,
    lay_out,
    register_fonts,
    width_of,
)
from lian_desk.services.demo.pages.papers import Paper, Subject, compose

#: Pixels per point: 150 dots per inch for scans, a little less for photographs.
SCAN_SCALE = 150 / 72
PHOTO_SCALE = 2.0
_RED = (196, 44, 40)
_INK = (34, 36, 42)
_FAINT = (120, 124, 130)


class ArtworkForm(StrEnum):
    """How a paper reaches the desk."""

    PDF = "pdf"
    SCAN_PNG = "scan_png"
    SCAN_PDF = "scan_pdf"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Artwork:
    """A drawn paper: its bytes, media type, kind, form and the facts that stand on it."""

    data: bytes
    media_type: str
    suffix: str
    kind: MaterialKind
    form: ArtworkForm
    truth: dict[str, str]


def draw(kind: MaterialKind, subject: Subject, form: ArtworkForm, seed: int) -> Artwork:
    """Return the paper of ``kind`` about ``subject`` in ``form``."""
    rng, paper, marks = _composed(kind, subject, form, seed)
    if form is ArtworkForm.PDF:
        data, media_type, suffix = text_pdf(marks, paper.title), "application/pdf", ".pdf"
    elif form is ArtworkForm.SCAN_PNG:
        data, media_type, suffix = png(_scan(marks, rng)), "image/png", ".png"
    elif form is ArtworkForm.SCAN_PDF:
        data, media_type, suffix = image_pdf(_scan(marks, rng), paper.title), "application/pdf", ".pdf"
    else:
        data, media_type, suffix = jpeg(_photograph(marks, rng)), "image/jpeg", ".jpg"
    return Artwork(data, media_type, suffix, kind, form, dict(paper.truth))


def words_on(kind: MaterialKind, subject: Subject, seed: int) -> tuple[TextMark, ...]:
    """Return the words of the PDF that ``draw`` makes of the same paper, with their places."""
    _rng, _paper, marks = _composed(kind, subject, ArtworkForm.PDF, seed)
    return tuple(mark for mark in marks if isinstance(mark, TextMark))


def _composed(
    kind: MaterialKind, subject: Subject, form: ArtworkForm, seed: int
) -> tuple[Random, Paper, tuple[Mark, ...]]:
    rng = Random(f"{seed}:{kind}:{form}")
    paper = compose(kind, subject, rng)
    return rng, paper, lay_out(paper)


# ------------------------------------------------------------------------------------------------------------ PDF


def _canvas(stream: io.BytesIO, title: str) -> Canvas:
    register_fonts()
    canvas = Canvas(
        stream,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        lang="zh-CN",
    )
    canvas.setTitle(title)
    return canvas


def text_pdf(marks: Sequence[Mark], title: str) -> bytes:
    """Return a PDF whose words can be taken out of it."""
    stream = io.BytesIO()
    canvas = _canvas(stream, title)
    for mark in marks:
        if isinstance(mark, TextMark):
            canvas.setFillColorRGB(*(part / 255 for part in (_FAINT if mark.is_faint else _INK)))
            canvas.setFont(BOLD if mark.is_bold else REGULAR, mark.size)
            canvas.drawString(mark.x, PAGE_HEIGHT - mark.y, mark.text)
        elif isinstance(mark, LineMark):
            canvas.setLineWidth(mark.width)
            canvas.line(mark.x1, PAGE_HEIGHT - mark.y1, mark.x2, PAGE_HEIGHT - mark.y2)
        else:
            _pdf_stamp(canvas, mark)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _pdf_stamp(canvas: Canvas, mark: StampMark) -> None:
    canvas.saveState()
    canvas.setStrokeColorRGB(*(part / 255 for part in _RED))
    canvas.setFillColorRGB(*(part / 255 for part in _RED))
    canvas.setStrokeAlpha(0.75)
    canvas.setFillAlpha(0.75)
    canvas.setLineWidth(2)
    canvas.circle(mark.x, PAGE_HEIGHT - mark.y, mark.radius)
    canvas.setFont(BOLD, 9)
    for index, line in enumerate(mark.lines):
        canvas.drawCentredString(mark.x, PAGE_HEIGHT - mark.y + 12 - index * 14, line)
    canvas.restoreState()


def image_pdf(image: Image.Image, title: str) -> bytes:
    """Return a PDF that holds a picture only, as a scanner makes it."""
    stream = io.BytesIO()
    canvas = _canvas(stream, title)
    # a scanner stores a JPEG inside the PDF; reportlab takes it over as it is
    canvas.drawImage(ImageReader(io.BytesIO(jpeg(image))), 0, 0, PAGE_WIDTH, PAGE_HEIGHT)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


# ---------------------------------------------------------------------------------------------------------- images


@cache
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource_path("fonts", FONT_FILES[name])), pixels)


def raster(marks: Sequence[Mark], scale: float) -> Image.Image:
    """Return the page as a scanner with no fault sees it; ``scale`` in pixels per point."""
    page = Image.new("RGB", (round(PAGE_WIDTH * scale), round(PAGE_HEIGHT * scale)), (253, 253, 251))
    pen = ImageDraw.Draw(page)
    for mark in marks:
        if isinstance(mark, TextMark):
            font = _font(BOLD if mark.is_bold else REGULAR, round(mark.size * scale))
            colour = _FAINT if mark.is_faint else _INK
            pen.text((mark.x * scale, mark.y * scale), mark.text, font=font, fill=colour, anchor="ls")
        elif isinstance(mark, LineMark):
            ends = (mark.x1 * scale, mark.y1 * scale, mark.x2 * scale, mark.y2 * scale)
            pen.line(ends, fill=_INK, width=max(1, round(mark.width * scale)))
        else:
            _raster_stamp(page, mark, scale)
    return page


def _raster_stamp(page: Image.Image, mark: StampMark, scale: float) -> None:
    layer = Image.new("L", page.size, 0)
    pen = ImageDraw.Draw(layer)
    x, y, radius = mark.x * scale, mark.y * scale, mark.radius * scale
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=180, width=round(2 * scale))
    for index, line in enumerate(mark.lines):
        left = x - width_of(line, 9, is_bold=True) * scale / 2
        pen.text((left, y + (index * 14 - 12) * scale), line, font=_font(BOLD, round(9 * scale)), fill=190, anchor="ls")
    page.paste(_RED, (0, 0), layer)


def grain(image: Image.Image, rng: Random, strength: int) -> Image.Image:
    """Add sensor noise; made from the seeded generator, because Pillow's own noise cannot be repeated."""
    width, height = image.size
    small = Image.frombytes("L", (width // 2, height // 2), rng.randbytes((width // 2) * (height // 2)))
    noise = small.resize(image.size, Image.Resampling.BILINEAR).point([value * strength // 255 for value in range(256)])
    return ImageChops.subtract(image, Image.merge("RGB", (noise, noise, noise)))


def _scan(marks: Sequence[Mark], rng: Random) -> Image.Image:
    page = raster(marks, SCAN_SCALE)
    tilted = page.rotate(rng.uniform(-0.7, 0.7), Image.Resampling.BILINEAR, fillcolor=(250, 250, 249))
    return grain(tilted, rng, 14).convert("L").convert("RGB")


def _photograph(marks: Sequence[Mark], rng: Random) -> Image.Image:
    """A page on a desk, seen at an angle, unevenly lit, slightly out of focus."""
    page = raster(marks, PHOTO_SCALE)
    width, height = page.size

    desk = rng.choice(((92, 74, 58), (70, 76, 84), (128, 110, 92), (52, 56, 60)))
    corners = _corners(width, height, rng)
    picture = page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=desk)
    lit = ImageChops.multiply(picture, light(picture.size, rng))
    return grain(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.8))), rng, 26)


def _corners(width: int, height: int, rng: Random) -> list[float]:
    """Corners of the picture in the page's own coordinates, a little turned: outside the page lies the desk."""
    angle = math.radians(rng.uniform(-2.2, 2.2))
    found: list[float] = []
    for x, y in ((0, 0), (0, 1), (1, 1), (1, 0)):
        across = (x - 0.5) * width + (2 * x - 1) * rng.uniform(0.02, 0.075) * width
        down = (y - 0.5) * height + (2 * y - 1) * rng.uniform(0.02, 0.075) * height
        found.append(width / 2 + across * math.cos(angle) - down * math.sin(angle))
        found.append(height / 2 + across * math.sin(angle) + down * math.cos(angle))
    return found


def light(size: tuple[int, int], rng: Random) -> Image.Image:
    """Light from one side, with the shadow of a hand at an edge."""
    side = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270)))
    angle = rng.uniform(0, 2 * math.pi)
    shade = side.point([205 + value * 50 // 255 for value in range(256)])
    hand = Image.new("L", (256, 256), 255)
    x, y = 128 + 150 * math.cos(angle), 128 + 150 * math.sin(angle)
    ImageDraw.Draw(hand).ellipse((x - 70, y - 70, x + 70, y + 70), fill=190)
    together = ImageChops.multiply(shade, hand.filter(ImageFilter.GaussianBlur(28))).resize(
        size, Image.Resampling.BICUBIC
    )
    warm = together.point([min(255, value + 4) for value in range(256)])
    return Image.merge("RGB", (warm, together, together.point([value * 96 // 100 for value in range(256)])))


def png(image: Image.Image) -> bytes:
    """Return a grey PNG."""
    stream = io.BytesIO()
    image.convert("L").save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def jpeg(image: Image.Image, quality: int = 84) -> bytes:
    """Return a JPEG, as cameras and scanners make it."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, dpi=(150, 150))
    return stream.getvalue()
