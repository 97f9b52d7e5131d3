"""Tells what of a picture is missing, and loads as much of it as there is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import BinaryIO, Final, Protocol

from PIL import Image, ImageChops, ImageFile

from lian_desk.adapters.exchange.flaws import Flaw, lost_from
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.pictures.heif_layout import heif_damage
from lian_desk.adapters.pictures.jpeg_damage import jpeg_damage
from lian_desk.adapters.pictures.picture_shape import mark_of
from lian_desk.adapters.pictures.png_damage import mended_png, png_rows
from lian_desk.adapters.pictures.tiff_pages import TiffPages
from lian_desk.models.errors import ErrorCode
from lian_desk.models.vocabulary import MaterialFlaw

_SOON_DECODED: Final = 4_000_000
"""Pixels up to which a picture that comes in is decoded, to be sure."""
_SOON_DECODED_PAGES: Final = 40_000_000
"""Pixels of a TIFF up to which its pages are decoded; beyond, the first and the last."""
_STRUCTURED: Final = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.HEIC, MediaType.AVIF})
_GREY: Final = 128
"""What a decoder of JPEG draws where data are missing."""
_NOISE: Final = 2
_UPRIGHT_ENOUGH: Final = frozenset({1, 2})


class Examined(Protocol):
    """A picture as it is looked at: its kind, its pages and its bytes; see ``pictures.py``."""

    page_count: int
    pixels_of_pages: int

    @property
    def media_type(self) -> MediaType:
        """The kind of picture."""

    @property
    def tiff(self) -> TiffPages | None:
        """The directories of a TIFF."""

    def stream(self) -> BinaryIO:
        """Return the file, at its beginning."""

    def whole_content(self) -> bytes:
        """Return every byte of the file."""

    def opened_page(self, page: int, content: bytes | None = None) -> AbstractContextManager[Image.Image]:
        """Open a page, of another ``content`` instead of its own where one is given."""


def load_what_is_there(image: Image.Image) -> None:
    """Load a picture as far as its data go; what is missing stays grey or black.

    Raises:
        OSError, SyntaxError, ValueError: nothing can be decoded.
    """
    with _tolerance(tolerant=image.format != "HEIF"):
        try:
            image.load()
        except OSError:
            # the decoder of TIFF has filled in what it could before it failed, and taken its work off the list
            if image.format != "TIFF" or getattr(image, "tile", None):
                raise


@contextmanager
def _tolerance(*, tolerant: bool) -> Iterator[None]:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def find_flaw(picture: Examined) -> Flaw | None:
    """Return what is missing of a picture; None where nothing is known to be.

    Raises:
        Refusal: there is nothing to show.
    """
    if picture.media_type is MediaType.TIFF:
        return _flaw_of_tiff(picture)
    flaw = _flaw_by_structure(picture)
    if flaw is None and not _is_soon_decoded(picture):
        return None
    if flaw is None and picture.media_type is not MediaType.PNG:
        return _flaw_by_decoding(picture)
    # the rows of a PNG are counted already; a strict look would only judge the words that it carries
    with picture.opened_page(0, None if flaw is None else mended(picture)) as image:
        image.draft("RGB", (image.width // 4, image.height // 4))
        load_what_is_there(image)
    return flaw


def mended(picture: Examined) -> bytes | None:
    """Return what is good of a file whose structure was broken, in a form that can be decoded; None where none is."""
    return mended_png(picture.stream()) if picture.media_type is MediaType.PNG else None


def _is_soon_decoded(picture: Examined) -> bool:
    if picture.media_type not in _STRUCTURED:
        return True
    with picture.opened_page(0) as image:
        return image.width * image.height <= _SOON_DECODED


def _flaw_by_structure(picture: Examined) -> Flaw | None:
    if picture.media_type is MediaType.JPEG:
        return _flaw_of_jpeg(picture)
    if picture.media_type is MediaType.PNG:
        return _flaw_of_png(picture)
    if picture.media_type in {MediaType.HEIC, MediaType.AVIF}:
        return _flaw_of_heif(picture)
    return None


def _flaw_of_jpeg(picture: Examined) -> Flaw | None:
    content = picture.whole_content()
    damage = jpeg_damage(content)
    if damage is None:
        return None
    with picture.opened_page(0, content[: damage.place]) as image:
        rows, mark, is_progressive = image.height, mark_of(image), bool(image.info.get("progressive"))
        image.draft("RGB", (image.width // 4, image.height // 4))
        load_what_is_there(image)
        good = _rows_before_grey(image)
        row = rows * good // image.height
    if not good:
        raise Refusal(ErrorCode.MATERIAL_TRUNCATED)
    if damage.goes_to_end:
        if row < rows:
            return lost_from(row, rows, mark)
        return Flaw(MaterialFlaw.DETAIL_LOST) if is_progressive else None
    if row < rows and mark in _UPRIGHT_ENOUGH:
        return Flaw(MaterialFlaw.BAND_DAMAGED, 1, row + 1, rows)
    return Flaw(MaterialFlaw.PART_DAMAGED)


def _rows_before_grey(image: Image.Image) -> int:
    """Return how many rows stand before the grey that is drawn for missing data."""
    plain = image.convert("L")
    differs = ImageChops.difference(plain, Image.new("L", plain.size, _GREY))
    box = differs.point(lambda value: 255 if value > _NOISE else 0).getbbox()
    return 0 if box is None else box[3]


def _flaw_of_png(picture: Examined) -> Flaw | None:
    rows = png_rows(picture.stream())
    if rows is None:
        return None
    if not rows.good:
        raise Refusal(ErrorCode.MATERIAL_TRUNCATED)
    with picture.opened_page(0, mended(picture)) as image:
        mark = mark_of(image)
    if rows.good >= rows.all:
        return Flaw(MaterialFlaw.END_INCOMPLETE)
    return Flaw(MaterialFlaw.PART_DAMAGED) if rows.is_interlaced else lost_from(rows.good, rows.all, mark)


def _flaw_of_heif(picture: Examined) -> Flaw | None:
    damage = heif_damage(picture.whole_content())
    if damage is None:
        return None
    if damage.is_everything:
        raise Refusal(ErrorCode.MATERIAL_TRUNCATED)
    if damage.line < 0:
        return Flaw(MaterialFlaw.PART_DAMAGED)
    if damage.goes_to_end:
        return lost_from(damage.line, damage.lines, damage.turn)
    if damage.turn == 1:
        return Flaw(MaterialFlaw.BAND_DAMAGED, 1, damage.line + 1, damage.lines)
    return Flaw(MaterialFlaw.PART_DAMAGED)


def _flaw_by_decoding(picture: Examined, page: int = 0) -> Flaw | None:
    """Decode a page strictly; where that fails, see how far it goes."""
    try:
        with _tolerance(tolerant=False), picture.opened_page(page) as image:
            image.draft("RGB", (image.width // 4, image.height // 4))
            image.load()
    except Refusal as refusal:
        with picture.opened_page(page) as image:
            mark = mark_of(image)
            load_what_is_there(image)
            box, rows = image.getbbox(alpha_only=False), image.height
        if box is None and picture.page_count == 1:
            raise Refusal(refusal.code) from refusal
        return _flaw_of_rows(picture.media_type, box or (0, 0, 0, 0), rows, mark, page + 1)
    return None


def _flaw_of_rows(kind: MediaType, box: tuple[int, int, int, int], rows: int, mark: int, page: int) -> Flaw:
    """Return the flaw of a page of which only ``box`` was filled when its data ended."""
    _left, top, _right, bottom = box
    if kind is MediaType.TIFF and mark in _UPRIGHT_ENOUGH and bottom < rows:
        return lost_from(bottom, rows, mark, page)
    if kind is MediaType.BMP and 0 < top < rows:
        # stored from the last line upwards
        return Flaw(MaterialFlaw.TOP_LOST, page, top, rows)
    return Flaw(MaterialFlaw.PART_DAMAGED, page)


def _flaw_of_tiff(picture: Examined) -> Flaw | None:
    walked = picture.tiff
    if walked is None:
        return None
    pages = walked.pages
    if len(pages) == 1 and pages[0].first_lost == 0:
        raise Refusal(ErrorCode.MATERIAL_TRUNCATED)
    if walked.is_cut:
        return Flaw(MaterialFlaw.PAGES_LOST, len(pages))
    for number, page in enumerate(pages):
        if page.first_lost is not None:
            with picture.opened_page(number) as image:
                return lost_from(page.first_lost, page.rows, mark_of(image), number + 1)
    decoded = range(len(pages)) if picture.pixels_of_pages <= _SOON_DECODED_PAGES else sorted({0, len(pages) - 1})
    return next((flaw for flaw in (_flaw_by_decoding(picture, page) for page in decoded) if flaw is not None), None)
