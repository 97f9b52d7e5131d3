"""Turns what a picture is stored in into plain colours for the eye: deep tones, transparency, ink colours, palettes."""

from typing import Final, NamedTuple

from PIL import Image, ImageChops

_BYTE: Final = 255
_DEEPEST: Final = 65535
_FULL_RANGE: Final = _DEEPEST // 2
"""Tones that fill more than half of 16 bits are shown as they are; fewer are stretched to what is there."""
_WHITE_IS_ZERO: Final = 0
_PHOTOMETRIC: Final = 262
PNG_DEPTH: Final = "png_depth"
"""Key under which the opener notes how many bits a PNG has for each colour."""


class DeepTones(NamedTuple):
    """Which tones of a picture of more than 8 bits become black and white."""

    black: float
    white: float


def deep_tones(image: Image.Image) -> DeepTones | None:
    """Return the tones that a picture of more than 8 bits of grey uses; None for any other. Loads the picture.

    A scanner of 12 bits fills a sixteenth of 16 bits: what it used becomes black to white.
    """
    is_whole_numbers = image.mode.startswith("I;16")
    if not is_whole_numbers and image.mode not in {"I", "F"}:
        return None
    white_is_zero = getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    low, high = (float(edge) for edge in image.getextrema())  # type: ignore[arg-type]  # one band has one pair
    if is_whole_numbers and high - low > _FULL_RANGE:
        low, high = 0.0, float(_DEEPEST)
    if not high > low:
        low, high = 0.0, max(high, 1.0)
    return DeepTones(high, low) if white_is_zero else DeepTones(low, high)


def flattened(image: Image.Image, tones: DeepTones | None) -> Image.Image:
    """Return a picture in plain colours, transparency over white; ``tones`` are those of the picture before it shrank."""
    if tones is not None:
        return _over_white(_stretched(image, tones), _clear_tone(image))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        return _layered(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _layered(image: Image.Image) -> Image.Image:
    clear = image.info.get("transparency")
    if isinstance(clear, tuple) and image.info.get(PNG_DEPTH) == 16:  # noqa: PLR2004 - bits
        # the colour is told in 16 bits, the pixels have come in 8
        image.info["transparency"] = tuple(tone >> 8 for tone in clear)
    layered = image.convert("RGBA")
    return _over_white(layered.convert("RGB"), layered.getchannel("A"))


def _over_white(image: Image.Image, mask: Image.Image | None) -> Image.Image:
    flat = image.convert("RGB")
    if mask is None:
        return flat
    ground = Image.new("RGB", flat.size, "white")
    ground.paste(flat, mask=mask)
    return ground


def _stretched(image: Image.Image, tones: DeepTones) -> Image.Image:
    scale = _BYTE / (tones.white - tones.black)
    offset = -tones.black * scale
    return image.convert("F").point(lambda value: value * scale + offset).convert("L")


def _clear_tone(image: Image.Image) -> Image.Image | None:
    """Return a mask that is black where the one tone stands that counts as transparent; None where there is none."""
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return None
    plain = image.convert("F")
    above = plain.point(lambda value: value * _BYTE + -clear * _BYTE).convert("L")
    below = plain.point(lambda value: value * -_BYTE + clear * _BYTE).convert("L")
    return ImageChops.lighter(above, below)
