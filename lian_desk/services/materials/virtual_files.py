"""Files that a program hands over without a place on this computer: attachments dragged out of a mail, pictures of a page.

Windows describes them by a ``FILEGROUPDESCRIPTOR``: a count, then a record of fixed length for each file with its name
and, where it is known, its size; the bytes come one by one under the number of the record. The description is from
outside: counts and sizes are believed only as far as bytes are there, names become words, never paths.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.materials.intake_sources import IntakeItem

MOST_FILES: Final = 500
"""Files of one hand-over; more is surely not what was meant, and it is said."""
UNNAMED: Final = "邮件附件"
#: Flags, class, extent, place, attributes, three times, size in two halves; the name follows.
_RECORD: Final = struct.Struct("<I16s8s8sI24sII")
_WIDE_NAME: Final = 520
_NARROW_NAME: Final = 260
_HAS_ATTRIBUTES: Final = 0x04
_HAS_SIZE: Final = 0x40
_FOLDER: Final = 0x10
_COUNT: Final = struct.Struct("<I")
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class VirtualFile:
    """A described file: the number its bytes are asked by, its name as it came, its size in bytes if it was told."""

    number: int
    name: str
    size: int | None


def described_files(description: bytes, *, is_wide: bool = True) -> list[VirtualFile]:
    """Return the files of a ``FILEGROUPDESCRIPTORW``, or of the narrow one in the code page of Chinese Windows.

    Folders are left out. A description that is cut or lies about its count gives what is whole of it.
    """
    if len(description) < _COUNT.size:
        return []
    (count,) = _COUNT.unpack_from(description)
    name_length = _WIDE_NAME if is_wide else _NARROW_NAME
    step = _RECORD.size + name_length
    whole = min(count, (len(description) - _COUNT.size) // step)
    found = []
    for number in range(whole):
        start = _COUNT.size + number * step
        flags, _class, _extent, _place, attributes, _times, high, low = _RECORD.unpack_from(description, start)
        if flags & _HAS_ATTRIBUTES and attributes & _FOLDER:
            continue
        raw = description[start + _RECORD.size : start + step]
        size = (high << 32) | low if flags & _HAS_SIZE else None
        found.append(VirtualFile(number, _wide_name(raw) if is_wide else _narrow_name(raw), size))
    return found


def virtual_items(
    files: list[VirtualFile], read: Callable[[int], bytes], *, size_limit_megabytes: int
) -> list[IntakeItem]:
    """Return an item for each file, its bytes read by ``read``; what cannot be taken in keeps its sentence.

    Archives are looked into later, off the thread of the window (``intake_sources.items_handed_over``). ``read`` returns no bytes where the program hands none over.
    """
    return list(_items(files, read, size_limit_megabytes))


def _items(files: list[VirtualFile], read: Callable[[int], bytes], limit: int) -> Iterator[IntakeItem]:
    for file in files[:MOST_FILES]:
        if file.size is not None and file.size > limit * _MEGABYTE:
            # not even asked for: a gigabyte through the hands of two programs would stop both
            yield IntakeItem(file.name, b"", refusal=RuleViolation(ErrorCode.MATERIAL_TOO_LARGE, limit_megabytes=limit))
            continue
        content = read(file.number)
        if not content and file.size != 0:
            yield IntakeItem(file.name, b"", refusal=RuleViolation(ErrorCode.ATTACHMENT_NOT_GIVEN))
        else:
            yield IntakeItem(file.name, content)
    if len(files) > MOST_FILES:
        yield IntakeItem(UNNAMED, b"", refusal=RuleViolation(ErrorCode.FOLDER_TOO_MANY, limit=MOST_FILES))


def _wide_name(raw: bytes) -> str:
    text = raw.decode("utf-16-le", errors="replace")
    return text.partition("\x00")[0] or UNNAMED


def _narrow_name(raw: bytes) -> str:
    return raw.partition(b"\x00")[0].decode("gb18030", errors="replace") or UNNAMED
