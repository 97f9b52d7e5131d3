"""Shows the frames of a DICOM image in the child: one frame is one page."""

import math
from typing import Any, Final

from PIL import Image

from lian_desk.adapters.dicom.dicom_reading import BROKEN, Library, number_of, readable
from lian_desk.adapters.dicom.dicom_words import person_lines
from lian_desk.adapters.exchange.page_images import POINTS_PER_PIXEL, PageImage, PageSize, WordRun, bounded_scale
from lian_desk.adapters.exchange.refusals import Refusal
from lian_desk.models.errors import ErrorCode

MOST_PIXELS: Final = 40_000_000
"""Pixels of a frame that is decoded."""
MOST_FRAMES: Final = 10_000
_ROWS: Final = 40
_COLUMN: Final = 0.3
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


class Scan:
    """The frames of an image. ``working_bytes`` is what decoding one needs."""

    def __init__(self, library: Library, stream: Any, head: Any) -> None:
        """Take what the head tells; no pixel is read.

        Raises:
            Refusal: unreadable; too many pixels or frames.
        """
        self._np, self._pixels = library.np, library.pixels
        self._stream = stream
        self._head = head
        with readable():
            self._width, self._height = int(head.Columns), int(head.Rows)
            self.page_count = max(1, number_of(head, "NumberOfFrames"))
        if self._width * self._height > MOST_PIXELS:
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PIXELS, limit_megapixels=MOST_PIXELS // 1_000_000)
        if self.page_count > MOST_FRAMES:
            raise Refusal(ErrorCode.MATERIAL_TOO_MANY_PAGES, limit_pages=MOST_FRAMES)
        # whole numbers, floating point while windowing, and the bytes that are shown
        self.working_bytes = 24 * self._width * self._height

    def probe(self) -> bool:
        """Decode the first and the last frame, to see that nothing is missing; never holds programs.

        Raises:
            Refusal: truncated or not to be decoded.
        """
        for page in {0, self.page_count - 1}:
            self.render(page, 0.25, 0)
        return False

    def page_size(self, page: int) -> PageSize:
        """Return the size of a frame in points; all are alike."""
        return PageSize(self._width * POINTS_PER_PIXEL, self._height * POINTS_PER_PIXEL)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a frame at ``scale`` pixels per point, in the window the file asks for, turned clockwise.

        Raises:
            Refusal: truncated, or packed in a way that cannot be decoded.
        """
        try:
            shown = self._shown(page)
        except BROKEN as error:
            code = ErrorCode.MATERIAL_UNREADABLE if self._is_unpacked_here else ErrorCode.MATERIAL_DECODER_MISSING
            raise Refusal(code) from error
        size = self.page_size(page)
        bounded = min(bounded_scale(size, scale), 1 / POINTS_PER_PIXEL)
        wanted = (max(1, round(size.width * bounded)), max(1, round(size.height * bounded)))
        image = Image.fromarray(shown).convert("RGB")
        if image.size != wanted:
            image = image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
        turn = _TURNS.get(rotation % 360)
        if turn is not None:
            image = image.transpose(turn)
        return PageImage(image.width, image.height, image.width * 3, image.tobytes())

    @property
    def _is_unpacked_here(self) -> bool:
        """True where the pixels can be unpacked: then it is the file that is broken, not the decoder that is missing."""
        syntax = getattr(self._head.file_meta, "TransferSyntaxUID", None)
        if syntax is None:
            return True
        try:
            return bool(self._pixels.get_decoder(syntax).is_available)
        except NotImplementedError:
            return False

    def _shown(self, page: int) -> Any:
        np = self._np
        self._stream.seek(0)
        frame = self._pixels.pixel_array(self._stream, index=page if self.page_count > 1 else None)
        if frame.ndim == 3:  # noqa: PLR2004 - colours: pydicom has turned them to red, green, blue
            return frame if frame.dtype == np.uint8 else (frame >> (8 * (frame.dtype.itemsize - 1))).astype(np.uint8)
        values = np.asarray(self._pixels.apply_modality_lut(frame, self._head), dtype=np.float32)
        window = self._window()
        if window is None and self._head.get("VOILUTSequence"):
            values = np.asarray(self._pixels.apply_voi_lut(values.astype(frame.dtype), self._head), dtype=np.float32)
        low, high = window or (float(values.min()), float(values.max()))
        if window is None and not self._head.get("VOILUTSequence") and math.isfinite(high - low):
            low, high = (float(edge) for edge in np.percentile(values[:: max(1, values.shape[0] // 512)], (0.5, 99.5)))
        span = (high - low) or 1.0
        shown = np.clip((values - low) * (255.0 / span), 0, 255).astype(np.uint8)
        return 255 - shown if self._head.get("PhotometricInterpretation") == "MONOCHROME1" else shown

    def _window(self) -> tuple[float, float] | None:
        """Return the values shown black and white, as the file asks (DICOM PS3.3, C.11.2.1.2.1), None without a wish.

        The slices of a series are so seen in one light, not each stretched to its own.
        """
        centre, width = (_first_number(self._head.get(name)) for name in ("WindowCenter", "WindowWidth"))
        if centre is None or width is None or width < 1:
            return None
        return centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2

    def text(self, page: int) -> str:
        """Return what the head says in words: whose image it is, of when, from where."""
        with readable():
            return "\n".join(line.text for line in person_lines(self._head))

    def lines(self, page: int) -> list[WordRun]:
        """Return the words of the head with the first frame, for the door: they stand on no place of the image.

        Their boxes are a narrow column along its left edge.
        """
        if page:
            return []
        with readable():
            told = [line.text for line in person_lines(self._head)]
        return [WordRun(words, 0.0, number / _ROWS, _COLUMN, 1 / _ROWS) for number, words in enumerate(told)]

    def close(self) -> None:
        """Let go of the content."""
        self._stream.close()


def _first_number(value: Any) -> float | None:
    """Return a number, of several the first; None for what is none."""
    try:
        return float(value if isinstance(value, int | float | str) else next(iter(value)))
    except (ValueError, TypeError, StopIteration):
        return None
