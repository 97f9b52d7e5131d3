"""Decodes pictures in the child: JPEG, PNG, HEIC, AVIF, JPEG 2000, TIFF of several pages, WEBP, BMP, GIF.

The number of pixels is looked at before anything is decoded. A JPEG above the limit is read at a half, a quarter or an
eighth of its size, so a phone's photo of 108 million pixels opens; other formats above it are refused. A picture that
lost a part is shown as far as it goes (``picture_damage.py`` tells how far).
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from PIL import AvifImagePlugin, Image, ImageFile, features

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.exchange.page_images import POINTS_PER_PIXEL, PageImage, PageSize, WordRun, bounded_scale
from lian_desk.adapters.exchange.parts import PartsFile
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.pictures.heif_layout import heif_layout
from lian_desk.adapters.pictures.picture_damage import find_flaw, load_what_is_there, mended
from lian_desk.adapters.pictures.picture_shape import LYING, TURNS, UPRIGHT, mark_of, upright_size
from lian_desk.adapters.pictures.tiff_pages import TiffPages, tiff_pages
from lian_desk.adapters.pictures.tones import PNG_DEPTH, deep_tones, flattened
from lian_desk.models.errors import ErrorCode

MOST_DECODED_PIXELS: Final = 80_000_000
"""Pixels of a picture that may be decoded at once."""
MOST_DECLARED_PIXELS: Final = 400_000_000
"""Pixels a JPEG may declare, as it can be read at an eighth."""
MOST_PAGES: Final = 10_000
_FORMATS: Final = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.HEIC: "HEIF",
    MediaType.AVIF: "AVIF",
    MediaType.JPEG_2000: "JPEG2000",
    MediaType.TIFF: "TIFF",
    MediaType.WEBP: "WEBP",
    MediaType.BMP: "BMP",
    MediaType.GIF: "GIF",
}
_DECODERS: Final = {MediaType.AVIF: "avif", MediaType.JPEG_2000: "jpg_2000", MediaType.WEBP: "webp"}
"""Formats for which a build of the library may have no decoder."""
_COPIES: Final = {MediaType.HEIC: 12, MediaType.AVIF: 12, MediaType.JPEG_2000: 12}
"""Bytes for each pixel of decoders that hold the picture more than once; 4 elsewhere."""
NEAREST: Final = Image.Resampling.NEAREST
_LARGE_PIXELS: Final = 16_000_000
_PNG_DEPTH_PLACE: Final = 24
# Pillow's own guard only warns below twice its limit; the limits above are checked instead, before decoding
Image.MAX_IMAGE_PIXELS = None
# a damaged picture is shown as far as it goes; only who looks for damage is strict
ImageFile.LOAD_TRUNCATED_IMAGES = True
# one decoder for each core would reserve memory for each core
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


class Picture:
    """A picture, or a TIFF of several. ``working_bytes`` is what decoding a page needs.

    ``flaw`` is what :meth:`probe` found missing; ``pixels_of_pages`` is what decoding them all would mean.
    """

    def __init__(self, content: bytearray | PartsFile, media_type: MediaType) -> None:
        """Read the headers only.

        Raises:
            Refusal: unreadable, too many pixels or pages; no decoder for it here.
        """
        if not features.check(_DECODERS.get(media_type, "zlib")):
            raise Refusal(ErrorCode.MATERIAL_NOT_PREVIEWABLE)
        if media_type is MediaType.HEIC:
            import pi_heif  # noqa: PLC0415 - only a HEIC needs its decoder

            pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
        self._content: bytes | PartsFile = content if isinstance(content, PartsFile) else bytes(content)
        self._media_type = media_type
        self._sizes: dict[int, PageSize] = {}
        self.flaw: Flaw | None = None
        self.working_bytes = 0
        self.pixels_of_pages = 0
        self._tiff = self._walked() if media_type is MediaType.TIFF else None
        self._obeys_mark = media_type is not MediaType.HEIC or self._tells_turn_by_mark_only()
        with self._opened() as image:
            # a TIFF is walked through page by page here; elsewhere further frames are an animation, not pages
            self.page_count = 1 if self._tiff is None else len(self._tiff.pages)
            self.pixels_of_pages = self.page_count * image.width * image.height
            self._refuse_pixels(image)
            per_pixel = _COPIES.get(media_type, 4)
            self.working_bytes = per_pixel * min(image.width * image.height, MOST_DECODED_PIXELS)

    def _walked(self) -> TiffPages:
        walked = tiff_pages(self.stream(), MOST_PAGES)
        if len(walked.pages) > MOST_PAGES:
            # the library builds every page to count them
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PAGES, limit_pages=MOST_PAGES)
        if not walked.pages:
            raise Refusal(ErrorCode.MATERIAL_TRUNCATED if walked.is_cut else ErrorCode.MATERIAL_UNREADABLE)
        return walked

    def _tells_turn_by_mark_only(self) -> bool:
        """A HEIC is turned by its own directory; where that says nothing, the mark of the camera is all there is."""
        layout = heif_layout(self.stream().read())
        return layout is not None and not layout.is_turned

    def probe(self) -> bool:
        """Find what is missing: by the structure, and by decoding the first and last page where that is quick.

        Never holds programs, so the answer is False.

        Raises:
            Refusal: nothing of it can be shown.
        """
        self.flaw = find_flaw(self)
        return False

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every page, upright as its orientation mark says."""
        with self._opened() as image:
            for page in range(self.page_count):
                if page not in self._sizes:
                    self._turn_to(image, page)
                    self._sizes[page] = upright_size(image, self._turn(image))
        return [self._sizes[page] for page in range(self.page_count)]

    def page_size(self, page: int) -> PageSize:
        """Return the size of one page."""
        if page not in self._sizes:
            with self._opened() as image:
                self._turn_to(image, page)
                self._sizes[page] = upright_size(image, self._turn(image))
        return self._sizes[page]

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, never larger than it is, turned clockwise.

        Raises:
            Refusal: nothing can be read of it, or too many pixels.
        """
        try:
            with self.opened_page(page) as image:
                return self._drawn(image, scale, rotation)
        except Refusal:
            good = mended(self)
            if good is None:
                raise
        with self.opened_page(page, good) as image:
            return self._drawn(image, scale, rotation)

    def text(self, page: int) -> str:
        """A picture holds no text of its own."""
        return ""

    def lines(self, page: int) -> list[WordRun]:
        """A picture holds no text of its own."""
        return []

    def close(self) -> None:
        """Forget the content."""
        self._content = b""

    # what ``picture_damage`` looks at
    @property
    def media_type(self) -> MediaType:
        """The kind of picture."""
        return self._media_type

    @property
    def tiff(self) -> TiffPages | None:
        """The directories of a TIFF."""
        return self._tiff

    def whole_content(self) -> bytes:
        """Return every byte of the file."""
        return self.stream().read()

    @contextmanager
    def opened_page(self, page: int, content: bytes | None = None) -> Iterator[Image.Image]:
        """Open a page, of another ``content`` instead of its own where one is given.

        Raises:
            Refusal: it cannot be opened, or what is done with it fails.
        """
        with self._opened(content) as image:
            self._turn_to(image, page)
            self._refuse_pixels(image)
            yield image

    def stream(self) -> BinaryIO:
        """Return the file, at its beginning."""
        if isinstance(self._content, bytes):
            return io.BytesIO(self._content)
        self._content.seek(0)
        # a raw stream in name only: every read is answered in full
        return self._content  # type: ignore[return-value]

    @contextmanager
    def _opened(self, content: bytes | None = None) -> Iterator[Image.Image]:
        stream = self.stream() if content is None else io.BytesIO(content)
        try:
            with Image.open(stream, formats=[_FORMATS[self._media_type]]) as image:
                if self._media_type is MediaType.PNG:
                    image.info[PNG_DEPTH] = self._png_depth()
                yield image
        except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, LookupError, TypeError) as error:
            cut = "truncated" in str(error).lower() or isinstance(error, EOFError)
            code = ErrorCode.MATERIAL_TRUNCATED if cut else ErrorCode.MATERIAL_UNREADABLE
            raise Refusal(code) from error
        except (struct.error, ArithmeticError) as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error

    def _png_depth(self) -> int:
        if isinstance(self._content, bytes):
            return self._content[_PNG_DEPTH_PLACE]
        place = self._content.tell()
        self._content.seek(_PNG_DEPTH_PLACE)
        depth = (self._content.read(1) or b"\0")[0]
        self._content.seek(place)
        return depth

    def _turn_to(self, image: Image.Image, page: int) -> None:
        # a HEIC opens at its main picture, which need not be its first
        if self._tiff is not None:
            image.seek(page)

    def _turn(self, image: Image.Image) -> int:
        """Return the orientation (1 to 8) that is still to be carried out; the decoder of TIFF does it itself."""
        if self._tiff is not None or not self._obeys_mark:
            return 1
        if self._media_type is MediaType.HEIC:
            mark = image.info.get("original_orientation")
            return mark if mark in UPRIGHT else 1
        return mark_of(image)

    def _refuse_pixels(self, image: Image.Image) -> None:
        limit = MOST_DECLARED_PIXELS if self._media_type is MediaType.JPEG else MOST_DECODED_PIXELS
        if image.width * image.height > limit:
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PIXELS, limit_megapixels=limit // 1_000_000)

    def _drawn(self, image: Image.Image, scale: float, rotation: int) -> PageImage:
        """Shrink first, in the orientation it is stored in; turning and flattening then cost little memory."""
        turn = self._turn(image)
        size = upright_size(image, turn)
        bounded = min(bounded_scale(size, scale), 1 / POINTS_PER_PIXEL)
        wanted = (max(1, round(size.width * bounded)), max(1, round(size.height * bounded)))
        stored = wanted[::-1] if turn in LYING else wanted
        draft(image, stored)
        load_what_is_there(image)
        flat = _shrunk(image, stored)
        for step in (UPRIGHT.get(turn), TURNS.get(rotation % 360)):
            if step is not None:
                flat = flat.transpose(step)
        return PageImage(flat.width, flat.height, flat.width * 3, flat.tobytes())


def draft(image: Image.Image, wanted: tuple[int, int]) -> None:
    """Let a JPEG be decoded small: no smaller than wanted, but never above the limit of pixels."""
    pixels = image.width * image.height
    if pixels > MOST_DECODED_PIXELS:
        shrink = (MOST_DECODED_PIXELS / pixels) ** 0.5 / 2
        wanted = (min(wanted[0], int(image.width * shrink)), min(wanted[1], int(image.height * shrink)))
    image.draft("RGB", wanted)


def _shrunk(image: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    plain = image.mode in {"RGB", "L", "CMYK", "RGBA", "LA"} and "transparency" not in image.info
    tones = deep_tones(image)
    if not plain and image.width * image.height > _LARGE_PIXELS:
        # turning every pixel of a large palette or bit map into colours would need more memory than it is worth
        image = image.resize((min(image.width, 2 * wanted[0]), min(image.height, 2 * wanted[1])), NEAREST)
    elif plain and image.size != wanted:
        image = image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    flat = flattened(image, tones)
    return flat if flat.size == wanted else flat.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
