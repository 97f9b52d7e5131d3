"""Recognises sound that is nothing but a row of frames (MP3 and AAC without a head), by two frames in a row."""

from typing import Final

_BITRATES: Final = {
    # kilobits a second by version (1, or 2 and 2.5) and layer
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FRAME_HEAD: Final = 7
_LEAST: Final = 512


def is_framed_sound(head: bytes) -> tuple[bool, bool]:
    """Tell whether ``head`` begins with two frames of sound, and whether they are those of MP3 (else AAC)."""
    length, is_mp3 = _frame(head, 0)
    if not length:
        return False, False
    if length + _FRAME_HEAD > len(head) >= _LEAST:
        # a frame longer than what is looked at: believed by its head, where that is one of MP3
        return is_mp3, is_mp3
    following, is_same = _frame(head, length)
    return bool(following) and is_same is is_mp3, is_mp3


def _frame(head: bytes, place: int) -> tuple[int, bool]:
    """Return the length of the frame that begins at ``place``, 0 for none, and whether it is one of MP3."""
    told = head[place : place + _FRAME_HEAD]
    if len(told) < _FRAME_HEAD or told[0] != 0xFF or told[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - what a frame begins with
        return 0, False
    if told[1] & 0x06 == 0:
        return (told[3] & 3) << 11 | told[4] << 3 | told[5] >> 5, False
    version, layer = told[1] >> 3 & 3, 4 - (told[1] >> 1 & 3)
    bitrate, rate = told[2] >> 4, told[2] >> 2 & 3
    if version not in _RATES or bitrate in {0, 15} or rate == 3:  # noqa: PLR2004 - values that are not given out
        return 0, True
    bits = _BITRATES[version == 3, layer][bitrate - 1] * 1000  # noqa: PLR2004 - version 1
    hertz, padding = _RATES[version][rate], told[2] >> 1 & 1
    if layer == 1:
        return (12 * bits // hertz + padding) * 4, True
    samples = 72 if layer == 3 and version != 3 else 144  # noqa: PLR2004 - half as many in the lower versions
    return samples * bits // hertz + padding, True
