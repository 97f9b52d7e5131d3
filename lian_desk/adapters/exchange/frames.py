"""What travels through the pipe: a JSON header and, behind it, bytes of the length it names."""

import json
import struct
from typing import Any, BinaryIO, Final

Header = dict[str, Any]
NOT_OPEN: Final = "not_open"
"""Answer to a request for a document that is not held (any more): the parent sends it again."""
NO_MEMORY: Final = "no_memory"
"""Answer to a request that wants more memory than is allowed, or than is left after what was done before."""
_LENGTH: Final = struct.Struct(">I")
_LONGEST_HEADER: Final = 8 * 1024 * 1024


class PipeClosed(Exception):
    """The other end is gone."""


def write_header(pipe: BinaryIO, header: Header) -> None:
    """Send a header; the caller sends the ``size`` bytes it announces."""
    encoded = json.dumps(header, separators=(",", ":")).encode()
    pipe.write(_LENGTH.pack(len(encoded)))
    pipe.write(encoded)
    pipe.flush()


def read_header(pipe: BinaryIO) -> Header:
    """Wait for a header.

    Raises:
        PipeClosed: the other end is gone, or sent what is no header.
    """
    (length,) = _LENGTH.unpack(read_exactly(pipe, _LENGTH.size))
    if length > _LONGEST_HEADER:
        raise PipeClosed
    header = json.loads(read_exactly(pipe, length))
    if not isinstance(header, dict):
        raise PipeClosed
    return header


def read_exactly(pipe: BinaryIO, size: int) -> bytearray:
    """Return ``size`` bytes.

    Raises:
        PipeClosed: the pipe ended before.
    """
    content = bytearray(size)
    view = memoryview(content)
    filled = 0
    while filled < size:
        # every binary pipe has readinto(); typeshed names it for raw and buffered files only
        count = pipe.readinto(view[filled:])  # type: ignore[attr-defined]
        if not count:
            raise PipeClosed
        filled += count
    return content
