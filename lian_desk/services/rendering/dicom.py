"""Shows DICOM images in the child: one frame is one page. Needs the extra ``dicom``; without it a sentence says so."""

import io
import math
import struct
from importlib import import_module
from typing import Any, Final

from PIL import Image

from lian_desk.models.errors import ErrorCode
from lian_desk.services.rendering.page_images import POINTS_PER_PIXEL, PageImage, PageSize, WordRun, bounded_scale
from lian_desk.services.rendering.parts import PartsFile
from lian_desk.services.rendering.refusals import Refusal

MOST_PIXELS: Final = 40_000_000
"""Pixels of a frame that is decoded."""
MOST_FRAMES: Final = 10_000
_TEXTS: Final = (
    "PatientName",
    "PatientSex",
    "PatientBirthDate",
    "StudyDate",
    "Modality",
    "BodyPartExamined",
    "StudyDescription",
    "InstitutionName",
    "InstitutionalDepartmentName",
)
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
# what a library for such an old and wide format may trip over in a broken file
_BROKEN: Final = (
    OSError, ValueError, TypeError, AttributeError, LookupError, EOFError, ArithmeticError, NotImplementedError,
    RecursionError, struct.error,
)  # fmt: skip


class Scan:
    """A DICOM file. ``working_bytes`` is what decoding a frame needs."""

    def __init__(self, content: bytearray | PartsFile) -> None:
        """Read everything but the pixels.

        Raises:
            Refusal: ``MATERIAL_DICOM_MISSING`` without the extra; unreadable; too many pixels or frames.
        """
        try:
            # an extra, and large: loaded when an image of this kind is looked at
            self._np: Any = import_module("numpy")
            self._pixels: Any = import_module("pydicom.pixels")
            pydicom: Any = import_module("pydicom")
        except ImportError as error:
            raise Refusal(ErrorCode.MATERIAL_DICOM_MISSING) from error
        # not wrapped any further: the library takes every other reader for a file with a name
        self._stream: Any = io.BytesIO(content) if isinstance(content, bytearray) else content
        try:
            self._stream.seek(0)
            self._head: Any = pydicom.dcmread(self._stream, stop_before_pixels=True)
            self._width, self._height = int(self._head.Columns), int(self._head.Rows)
            self.page_count = max(1, int(self._head.get("NumberOfFrames", 1) or 1))
        except (*_BROKEN, pydicom.errors.InvalidDicomError) as error:
            raise Refusal(ErrorCode.MATERIAL_UNREADABLE) from error
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

    def page_sizes(self) -> list[PageSize]:
        """Return the size of every frame; all are alike."""
        return [self.page_size(0)] * self.page_count

    def page_size(self, page: int) -> PageSize:
        """Return the size of a frame in points."""
        return PageSize(self._width * POINTS_PER_PIXEL, self._height * POINTS_PER_PIXEL)

    def render(self, page: int, scale: float, rotation: int) -> PageImage:
        """Return a frame at ``scale`` pixels per point, in the window the file asks for, turned clockwise.

        Raises:
            Refusal: truncated, or packed in a way that cannot be decoded.
        """
        try:
            shown = self._shown(page)
        except _BROKEN as error:
            code = ErrorCode.MATERIAL_UNREADABLE if self._is_plain else ErrorCode.MATERIAL_NOT_PREVIEWABLE
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
    def _is_plain(self) -> bool:
        """True where the pixels are not packed: then it is the file that is broken, not the decoder that is missing."""
        syntax = getattr(self._head.file_meta, "TransferSyntaxUID", None)
        return syntax is None or not bool(getattr(syntax, "is_compressed", True))

    def _shown(self, page: int) -> Any:
        np = self._np
        self._stream.seek(0)
        frame = self._pixels.pixel_array(self._stream, index=page if self.page_count > 1 else None)
        if frame.ndim == 3:  # noqa: PLR2004 - colours: pydicom has turned them to red, green, blue
            return frame if frame.dtype == np.uint8 else (frame >> (8 * (frame.dtype.itemsize - 1))).astype(np.uint8)
        values = np.asarray(
            self._pixels.apply_voi_lut(self._pixels.apply_modality_lut(frame, self._head), self._head), dtype=np.float32
        )
        low, high = float(values.min()), float(values.max())
        if self._head.get("WindowWidth") is None and math.isfinite(high - low):
            low, high = (float(edge) for edge in np.percentile(values[:: max(1, values.shape[0] // 512)], (0.5, 99.5)))
        span = (high - low) or 1.0
        shown = np.clip((values - low) * (255.0 / span), 0, 255).astype(np.uint8)
        return 255 - shown if self._head.get("PhotometricInterpretation") == "MONOCHROME1" else shown

    def text(self, page: int) -> str:
        """Return what the head says in words: whose image it is, of when, from where."""
        found = [str(self._head.get(name, "") or "").replace("^", "").strip() for name in _TEXTS]
        return "\n".join(line for line in found if line)

    def lines(self, page: int) -> list[WordRun]:
        """The words of the head stand nowhere on the image."""
        return []

    def close(self) -> None:
        """Let go of the content."""
        self._stream.close()
