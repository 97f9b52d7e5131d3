"""Decodes pictures in the child: JPEG, PNG, HEIC, TIFF of several pages, WEBP, BMP, GIF.

The number of pixels is looked at before anything is decoded. A JPEG above the limit is read at a half, a quarter or an
eighth of its size, so a phone's photo of 108 million pixels opens; other formats above it are refused.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from PIL import Image

from lian_desk.models.errors import ErrorCode
from lian_desk.services.rendering.completeness import looks_whole, tiff_pages
from lian_desk.services.rendering.page_images import POINTS_PER_PIXEL, PageImage, PageSize, WordRun, bounded_scale
from lian_desk.services.rendering.parts import PartsFile
from lian_desk.services.rendering.refusals import Refusal
from lian_desk.services.rendering.sniffing import MediaType

MOST_DECODED_PIXELS: Final = 80_000_000
"""Pixels of a picture that may be decoded at once."""
MOST_DECLARED_PIXELS: Final = 400_000_000
"""Pixels a JPEG may declare, as it can be read at an eighth."""
MOST_PAGES: Final = 10_000
_FORMATS: Final = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.HEIC: "HEIF",
    MediaType.TIFF: "TIFF",
    MediaType.WEBP: "WEBP",
    MediaType.BMP: "BMP",
    MediaType.GIF: "GIF",
}
_ORIENTATION: Final = 0x0112
_LYING: Final = frozenset({5, 6, 7, 8})
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
NEAREST: Final = Image.Resampling.NEAREST
_LARGE_PIXELS: Final = 16_000_000
_SOON_DECODED: Final = 4_000_000
"""Pixels up to which a picture that comes in is decoded, to be sure."""
# Pillow's own guard only warns below twice its limit; the limits above are checked instead, before decoding
Image.MAX_IMAGE_PIXELS = None


class Picture:
    """A picture, or a TIFF of several. ``working_bytes`` is what decoding a page needs."""

    def __init__(self, content: bytearray | PartsFile, media_type: MediaType) -> None:
        """Read the headers only.

        Raises:
            Refusal: unreadable, too many pixels or pages.
        """
        if media_type is MediaType.HEIC:
            import pi_heif  # noqa: PLC0415 - only a HEIC needs its decoder

            pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
        self._content: bytes | PartsFile = content if isinstance(content, PartsFile) else bytes(content)
        self._media_type = media_type
        self._sizes: dict[int, PageSize] = {}
        self.working_bytes = 0
        if media_type is MediaType.TIFF and tiff_pages(self._stream(), MOST_PAGES) > MOST_PAGES:
            # the library builds every page to count them
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PAGES, limit_pages=MOST_PAGES)
        with self._opened() as image:
            # a TIFF is walked through page by page here; elsewhere further frames are an animation, not pages
            self.page_count = getattr(image, "n_frames", 1) if media_type is MediaType.TIFF else 1
            self._refuse_pixels(image)
            self.working_bytes = 4 * min(image.width * image.height, MOST_DECODED_PIXELS)

    def probe(self) -> bool:
        """See that nothing is missing: by its structure where that is clear, else by decoding the first and last page.

        Never holds programs, so the answer is False.

        Raises:
            Refusal: truncated or unreadable.
        """
        is_small = self.working_bytes <= 4 * _SOON_DECODED
        if is_small or not looks_whole(self._stream(), self._media_type):
            for page in {0, self.page_count - 1}:
                with self._opened() as image:
                    image.seek(page)
                    self._refuse_pixels(image)
                    _draft(image, (image.width // 4, image.height // 4))
                    image.load()
        return False

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every page, upright as its orientation mark says."""
        with self._opened() as image:
            for page in range(self.page_count):
                if page not in self._sizes:
                    image.seek(page)
                    self._sizes[page] = _upright_size(image)
        return [self._sizes[page] for page in range(self.page_count)]

    def page_size(self, page: int) -> PageSize:
        """Return the size of one page."""
        if page not in self._sizes:
            with self._opened() as image:
                image.seek(page)
                self._sizes[page] = _upright_size(image)
        return self._sizes[page]

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a page at ``scale`` pixels per point, never larger than it is, turned clockwise.

        Raises:
            Refusal: truncated, unreadable or too many pixels.
        """
        with self._opened() as image:
            image.seek(page)
            self._refuse_pixels(image)
            return _drawn(image, scale, rotation)

    def text(self, page: int) -> str:
        """A picture holds no text of its own."""
        return ""

    def lines(self, page: int) -> list[WordRun]:
        """A picture holds no text of its own."""
        return []

    def close(self) -> None:
        """Forget the content."""
        self._content = b""

    def _stream(self) -> BinaryIO:
        if isinstance(self._content, bytes):
            return io.BytesIO(self._content)
        self._content.seek(0)
        # a raw stream in name only: every read is answered in full
        return self._content  # type: ignore[return-value]

    @contextmanager
    def _opened(self) -> Iterator[Image.Image]:
        try:
            with Image.open(self._stream(), formats=[_FORMATS[self._media_type]]) as image:
                yield image
        except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, LookupError, TypeError) as error:
            cut = "truncated" in str(error).lower() or isinstance(error, EOFError)
            code = ErrorCode.MATERIAL_TRUNCATED if cut else ErrorCode.MATERIAL_UNREADABLE
            raise Refusal(code) from error
        except (struct.error, ArithmeticError) as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error

    def _refuse_pixels(self, image: Image.Image) -> None:
        limit = MOST_DECLARED_PIXELS if self._media_type is MediaType.JPEG else MOST_DECODED_PIXELS
        if image.width * image.height > limit:
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PIXELS, limit_megapixels=limit // 1_000_000)


def _upright_size(image: Image.Image) -> PageSize:
    width, height = image.size
    if image.getexif().get(_ORIENTATION) in _LYING:
        width, height = height, width
    return PageSize(width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL)


def _drawn(image: Image.Image, scale: float, rotation: int) -> PageImage:
    """Shrink first, in the orientation it is stored in; turning and flattening then cost little memory."""
    size = _upright_size(image)
    bounded = min(bounded_scale(size, scale), 1 / POINTS_PER_PIXEL)
    wanted = (max(1, round(size.width * bounded)), max(1, round(size.height * bounded)))
    orientation = int(image.getexif().get(_ORIENTATION, 1))
    stored = wanted[::-1] if orientation in _LYING else wanted
    _draft(image, stored)
    flat = _shrunk(image, stored)
    for turn in (_UPRIGHT.get(orientation), _TURNS.get(rotation % 360)):
        if turn is not None:
            flat = flat.transpose(turn)
    return PageImage(flat.width, flat.height, flat.width * 3, flat.tobytes())


def _draft(image: Image.Image, wanted: tuple[int, int]) -> None:
    """Let a JPEG be decoded small: no smaller than wanted, but never above the limit of pixels."""
    pixels = image.width * image.height
    if pixels > MOST_DECODED_PIXELS:
        shrink = (MOST_DECODED_PIXELS / pixels) ** 0.5 / 2
        wanted = (min(wanted[0], int(image.width * shrink)), min(wanted[1], int(image.height * shrink)))
    image.draft("RGB", wanted)


def _shrunk(image: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    plain = image.mode in {"RGB", "L", "CMYK", "RGBA", "LA"}
    if not plain and image.width * image.height > _LARGE_PIXELS:
        # turning every pixel of a large palette or bit map into colours would need more memory than it is worth
        image = image.resize((min(image.width, 2 * wanted[0]), min(image.height, 2 * wanted[1])), NEAREST)
    elif plain and image.size != wanted:
        image = image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    flat = _flattened(image)
    return flat if flat.size == wanted else flat.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _flattened(image: Image.Image) -> Image.Image:
    """Return a picture in plain colours: transparency over white, 16 bits and ink colours turned."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        top = 255 if image.mode == "F" else 65535
        return image.convert("F").point(lambda value: value * (255 / top)).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image if image.mode == "RGB" else image.convert("RGB")
