"""Looks into files that hold others: documents of office programs, OFD and the like, which are no archives of materials.

Only directories are read, nothing is unpacked but the few bytes in which some name themselves.
"""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO, Final, cast

from lian_desk.adapters.file_kinds.sniffing import MediaType, is_archive, is_compound, sniff

_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, ArithmeticError, NotImplementedError,
    RuntimeError, struct.error,
)  # fmt: skip
_LONGEST_NAME_OF_TYPE: Final = 128
_BY_FOLDER: Final = {"word": MediaType.WORD, "xl": MediaType.EXCEL, "ppt": MediaType.POWERPOINT}
_MARKING_MEMBERS: Final = {
    "ofd.xml": MediaType.OFD,
    "fixeddocseq.fdseq": MediaType.XPS,
    "fixeddocumentsequence.fdseq": MediaType.XPS,
    "content/riffdata.cdr": MediaType.COREL,
    "content/root.dat": MediaType.COREL,
}
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"
_OLD_IWORK: Final = frozenset({"index.apxl", "index.numbers"})
_SECTOR_SHIFTS: Final = frozenset({9, 12})
_ENTRY: Final = 128
_MOST_SECTORS: Final = 4096
_LAST_SECTOR: Final = 0xFFFFFFFA
_HEADER: Final = 512
_STREAMS: Final = (
    ("EncryptedPackage", MediaType.LOCKED_OFFICE),
    ("WordDocument", MediaType.OLD_WORD),
    ("Workbook", MediaType.OLD_EXCEL),
    ("Book", MediaType.OLD_EXCEL),
    ("PowerPoint Document", MediaType.OLD_POWERPOINT),
    ("__properties_version1.0", MediaType.OUTLOOK),
)


def look_inside(stream: BinaryIO | io.RawIOBase, head: bytes) -> MediaType | None:
    """Return which document a file is whose first bytes are those of a container; None when it is none of ours."""
    if is_archive(head):
        return zip_document(cast("BinaryIO", stream))
    return compound_document(cast("BinaryIO", stream)) if is_compound(head) else None


def may_be_known(head: bytes) -> bool:
    """Tell by the first bytes whether a file is worth a closer look."""
    return sniff(head) is not None or is_archive(head) or is_compound(head)


def zip_document(stream: BinaryIO) -> MediaType | None:
    """Return which document a file in ZIP form is; None for an archive of files, and for what cannot be read."""
    try:
        with zipfile.ZipFile(stream) as packed:
            return _document_of(packed)
    except _BROKEN:
        return None


def _document_of(packed: zipfile.ZipFile) -> MediaType | None:
    names = {info.filename for info in packed.infolist()}
    lower = {name.lower() for name in names}
    by_mark = next((kind for mark, kind in _MARKING_MEMBERS.items() if mark in lower), None)
    if by_mark is not None:
        return by_mark
    if "[Content_Types].xml" in names:
        tops = {name.partition("/")[0].lower() for name in names}
        return next((kind for folder, kind in _BY_FOLDER.items() if folder in tops), MediaType.OFFICE)
    if "mimetype" in names:
        return _by_own_word(packed)
    if names & _OLD_IWORK or any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return MediaType.IWORK
    return MediaType.IWORK if {"Index.zip", "preview.jpg"} <= names or "QuickLook/Preview.pdf" in names else None


def _by_own_word(packed: zipfile.ZipFile) -> MediaType | None:
    with packed.open("mimetype") as stream:
        told = stream.read(_LONGEST_NAME_OF_TYPE).decode("ascii", "replace").strip()
    if told.startswith(_OPEN_DOCUMENT):
        return MediaType.OPEN_DOCUMENT
    return MediaType.EPUB if told == MediaType.EPUB.value else None


def compound_document(stream: BinaryIO) -> MediaType | None:
    """Return which older document of an office program a file is; ``OFFICE`` where its directory cannot be followed."""
    try:
        names = _stream_names(stream)
    except (struct.error, OSError, ValueError):
        names = set()
    return next((kind for name, kind in _STREAMS if name in names), MediaType.OFFICE)


def _stream_names(stream: BinaryIO) -> set[str]:
    """Return the names in the directory of a compound file, along its chain of sectors."""
    stream.seek(0)
    head = stream.read(_HEADER)
    (shift,) = struct.unpack_from("<H", head, 30)
    if shift not in _SECTOR_SHIFTS:
        return set()
    (sector,) = struct.unpack_from("<I", head, 48)
    tables = [number for number in struct.unpack_from("<109I", head, 76) if number < _LAST_SECTOR]
    names: set[str] = set()
    for _ in range(_MOST_SECTORS):
        if sector >= _LAST_SECTOR:
            break
        names |= _names_in(_sector(stream, sector, shift))
        per_table = (1 << shift) // 4
        if sector // per_table >= len(tables):
            break
        table = _sector(stream, tables[sector // per_table], shift)
        (sector,) = struct.unpack_from("<I", table, sector % per_table * 4)
    return names


def _sector(stream: BinaryIO, number: int, shift: int) -> bytes:
    stream.seek((number + 1) << shift, io.SEEK_SET)
    return stream.read(1 << shift)


def _names_in(sector: bytes) -> set[str]:
    names = set()
    for place in range(0, len(sector) - _ENTRY + 1, _ENTRY):
        (length,) = struct.unpack_from("<H", sector, place + 64)
        names.add(sector[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"))
    return names
