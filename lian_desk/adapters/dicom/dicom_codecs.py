"""Unpacks what hospital archives pack with: JPEG Lossless, JPEG-LS, JPEG of 12 bits, for pydicom by way of imagecodecs.

pydicom asks a decoder for the bytes of one frame and knows the rest (DICOM PS3.5, annex A.4). Picture archives pack
with JPEG Lossless, first-order prediction (1.2.840.10008.1.2.4.70), more than with anything else, and pydicom itself
brings nothing for it.
"""

from importlib.util import find_spec
from typing import Any, Final

from pydicom import uid

LABEL: Final = "imagecodecs"
_DECODERS: Final = {
    uid.JPEGExtended12Bit: "jpeg8_decode",
    uid.JPEGLosslessSV1: "jpegsof3_decode",
    uid.JPEGLossless: "jpegsof3_decode",
    uid.JPEGLSLossless: "jpegls_decode",
    uid.JPEGLSNearLossless: "jpegls_decode",
}
DECODER_DEPENDENCIES: Final = dict.fromkeys(_DECODERS, ("numpy", LABEL))
"""What pydicom asks of every module of decoders: the packings it knows, and what each needs."""
_BITS: Final = 8


def is_available(syntax: str) -> bool:
    """Tell whether a packing can be unpacked here; pydicom asks before it counts on a decoder."""
    return syntax in DECODER_DEPENDENCIES and find_spec(LABEL) is not None


def decode_frame(packed: bytes, runner: Any) -> bytes:
    """Return the samples of one frame; ``runner`` is pydicom's and is told how wide the samples are.

    Raises:
        ValueError: the frame is damaged, or another picture than its header tells.
    """
    import imagecodecs  # noqa: PLC0415 - large, and wanted only for these packings

    try:
        frame: Any = getattr(imagecodecs, _DECODERS[runner.transfer_syntax])(packed)
    except RuntimeError as error:
        # the library has an error class for each packing, and all of them are of this kind
        raise ValueError("damaged frame") from error
    if frame.shape[:2] != (runner.rows, runner.columns):
        raise ValueError("a frame of another size than told")
    runner.set_option("bits_allocated", _BITS * frame.dtype.itemsize)
    if runner.samples_per_pixel > 1:
        runner.set_option("planar_configuration", 0)
    return bytes(frame.tobytes())


def register() -> None:
    """Make pydicom know these decoders; once is enough, more does no harm."""
    from pydicom.pixels.decoders.base import get_decoder  # noqa: PLC0415 - wanted only with pixels

    for syntax in DECODER_DEPENDENCIES:
        decoder = get_decoder(syntax)
        if LABEL not in decoder.available_plugins and is_available(syntax):
            decoder.add_plugin(LABEL, (__name__, decode_frame.__name__))
