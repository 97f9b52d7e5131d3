"""Tells the raw data of a camera (DNG, NEF, ARW, PEF …), which begin like TIFF, from a TIFF that can be shown.

Their first picture is a small preview; the photograph lies in a directory below, as the sensor saw it.
"""

import struct
from typing import Final

_BYTE_ORDERS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}
_ENTRY: Final = 12
_SUBFILE, _SUB_DIRECTORIES, _DNG_VERSION = 254, 330, 50706
_REDUCED: Final = 1
_LONG: Final = 4


def is_camera_raw(head: bytes) -> bool:
    """Tell it by the first directory, where that stands within the first bytes: a preview with others below, or a DNG."""
    order = _BYTE_ORDERS.get(head[:4])
    if order is None:
        return False
    try:
        (place,) = struct.unpack_from(f"{order}I", head, 4)
        (count,) = struct.unpack_from(f"{order}H", head, place)
        entries = [
            struct.unpack_from(f"{order}HHII", head, place + 2 + _ENTRY * number)
            for number in range(min(count, (len(head) - place - 2) // _ENTRY))
        ]
    except struct.error:
        return False
    values = {tag: value for tag, kind, _count, value in entries if kind == _LONG or tag != _SUBFILE}
    is_preview = values.get(_SUBFILE) == _REDUCED and _SUB_DIRECTORIES in values
    return is_preview or _DNG_VERSION in values
