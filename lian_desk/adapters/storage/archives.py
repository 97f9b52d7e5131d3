"""Looks into ZIP archives from outside: which files are inside, under which names, and whether it is safe to unpack them.

What is wrong with one member is said of that member; the others come in. Nothing is unpacked to a disk. Only the directory is read first; sizes stand there, and the reader of a member never
gives more than that, so a bomb is seen before a byte of it is inflated. Names become words, never paths.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from lian_desk.adapters.file_kinds.containers import zip_document
from lian_desk.adapters.file_kinds.sniffing import MediaType, is_archive
from lian_desk.adapters.storage.memberwise_zip import BROKEN_ZIP, MemberwiseZip, open_zip
from lian_desk.adapters.storage.source_files import opened_source
from lian_desk.models.errors import ErrorCode, RuleViolation

MOST_ENTRIES: Final = 5_000
"""Entries of an archive, those of archives inside it included."""
MOST_UNPACKED: Final = 8 * 1024**3
"""Bytes that an archive may unpack to, those of archives inside it included."""
MOST_RATIO: Final = 100
"""How many times its packed size a member may be, once it is larger than a small picture."""
MOST_DEPTH: Final = 3
"""Archives inside one another."""
LARGEST_INNER: Final = 256 * 1024 * 1024
"""Bytes of an archive inside another: it is held in memory."""
_SMALL: Final = 4 * 1024 * 1024
_LARGEST_DIRECTORY: Final = 16 * 1024 * 1024
_TAIL: Final = 66_000
_OF_MEMBERS: Final = (b"PK\x03\x04", b"PK\x01\x02")
_ENCRYPTED: Final = 0x1
_NAMED_IN_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
_HIDDEN: Final = frozenset({"thumbs.db", "desktop.ini"})
_METHOD_NAMES: Final = {9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}


@dataclass(frozen=True)
class ArchiveMember:
    """A file in an archive: entry numbers from the outermost archive inwards; size in bytes as the directory says.

    ``path``: the outermost archive on this computer; None where it lies in memory only (an attachment of a mail), in
    ``held``.
    """

    path: Path | None
    chain: tuple[int, ...]
    size: int
    held: bytes | None = field(default=None, repr=False)

    @property
    def whole(self) -> Path | bytes:
        """The outermost archive: where it lies, or its bytes."""
        return self.path if self.path is not None else self.held or b""


@dataclass(frozen=True)
class Found:
    """A file found in an archive, or what keeps it from being taken in."""

    name: str
    member: ArchiveMember
    refusal: RuleViolation | None = None


@dataclass
class _Budget:
    """What an archive may still cost, archives inside it included."""

    entries: int
    unpacked: int
    found: list[Found] = field(default_factory=list)


def looks_like_archive(whole: Path | bytes) -> bool:
    """Tell whether a file is an archive and no document in that form; what cannot be read is none."""
    try:
        with _stream_of(whole) as stream:
            return is_archive(stream.read(4)) and _document_in(stream) is None
    except (RuleViolation, OSError):
        return False


@contextmanager
def _stream_of(whole: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(whole, bytes):
        yield io.BytesIO(whole)
        return
    with opened_source(whole) as (stream, _state):
        yield stream


def files_in_archive(whole: Path | bytes) -> list[Found]:
    """List what can be taken in from an archive on this computer or in memory, archives inside it included.

    Raises:
        RuleViolation: one sentence for the whole archive: unreadable, locked, empty, too large, too many.
    """
    budget = _Budget(MOST_ENTRIES, MOST_UNPACKED)
    outermost = ArchiveMember(whole, (), 0) if isinstance(whole, Path) else ArchiveMember(None, (), 0, whole)
    with _stream_of(whole) as stream, _directory(stream) as packed:
        _list(packed, outermost, budget)
    if not budget.found:
        raise RuleViolation(ErrorCode.ARCHIVE_EMPTY)
    return budget.found


@contextmanager
def _directory(stream: BinaryIO) -> Iterator[MemberwiseZip]:
    """Open an archive once its directory is known to be of bearable size."""
    try:
        _refuse_large_directory(stream)
        packed = open_zip(stream)
    except BROKEN_ZIP as error:
        raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error
    with packed:
        yield packed


def _document_in(stream: BinaryIO) -> MediaType | None:
    """Return which document has the form of an archive; None for a plain archive, and for one that is too large."""
    try:
        _refuse_large_directory(stream)
    except (RuleViolation, *BROKEN_ZIP):
        return None
    return zip_document(stream)


def _refuse_large_directory(stream: BinaryIO) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        raise zipfile.BadZipFile
    if any(mark in tail[place + 4 :] for mark in _OF_MEMBERS):
        # the end of an archive that is packed unchanged in this one, whose own end was cut off
        raise zipfile.BadZipFile
    entries, length = struct.unpack_from("<HI", tail, place + 10)
    large = tail.rfind(b"PK\x06\x06", 0, place)
    if large >= 0:
        entries, length = struct.unpack_from("<QQ", tail, large + 32)
    if entries > MOST_ENTRIES or length > _LARGEST_DIRECTORY:
        raise RuleViolation(ErrorCode.ARCHIVE_TOO_MANY, limit=MOST_ENTRIES)


def _list(packed: MemberwiseZip, around: ArchiveMember, budget: _Budget) -> None:
    entries = packed.infolist()
    _refuse_whole(packed, entries, budget)
    for number, info in enumerate(entries):
        name = _name_of(info)
        if _is_folder(info) or _is_hidden(name):
            continue
        member = replace(around, chain=(*around.chain, number), size=info.file_size)
        refusal = _refusal_of(packed, number)
        if refusal is None and info.file_size and _is_inner(packed, info):
            try:
                if _descend(packed, info, member, budget):
                    continue
            except RuleViolation as violation:
                if violation.code in {ErrorCode.ARCHIVE_TOO_MANY, ErrorCode.ARCHIVE_TOO_LARGE}:
                    raise
                refusal = violation
        budget.found.append(Found(name, member, refusal))


def _refuse_whole(packed: MemberwiseZip, entries: list[zipfile.ZipInfo], budget: _Budget) -> None:
    budget.entries -= len(entries)
    if budget.entries < 0:
        raise RuleViolation(ErrorCode.ARCHIVE_TOO_MANY, limit=MOST_ENTRIES)
    files = [info for info in entries if not _is_folder(info)]
    if files and all(info.flag_bits & _ENCRYPTED for info in files):
        raise RuleViolation(ErrorCode.ARCHIVE_LOCKED)
    budget.unpacked -= sum(
        info.file_size
        for number, info in enumerate(entries)
        if not _is_folder(info) and _refusal_of(packed, number) is None
    )
    stream = packed.fp
    whole = stream.seek(0, io.SEEK_END) if stream is not None else 0
    overlaps = sum(info.compress_size for info in files) > whole
    if budget.unpacked < 0 or overlaps:
        raise RuleViolation(ErrorCode.ARCHIVE_TOO_LARGE)


def _refusal_of(packed: MemberwiseZip, number: int) -> RuleViolation | None:
    info = packed.infolist()[number]
    if info.flag_bits & _ENCRYPTED:
        return RuleViolation(ErrorCode.ARCHIVE_LOCKED)
    if number in packed.unreadable:
        return RuleViolation(ErrorCode.ARCHIVE_UNREADABLE)
    if info.compress_type not in _METHODS:
        method = _METHOD_NAMES.get(info.compress_type, str(info.compress_type))
        return RuleViolation(ErrorCode.ARCHIVE_METHOD_UNKNOWN, method=method)
    if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
        return RuleViolation(ErrorCode.ARCHIVE_TOO_LARGE)
    return None


def _is_folder(info: zipfile.ZipInfo) -> bool:
    # the library looks at the last character, which an empty name has not
    return info.filename.endswith("/")


def _is_inner(packed: MemberwiseZip, info: zipfile.ZipInfo) -> bool:
    try:
        with packed.open(info) as stream:
            return is_archive(stream.read(4))
    except BROKEN_ZIP:
        # the sentence comes when it is taken in
        return False


def _descend(packed: MemberwiseZip, info: zipfile.ZipInfo, member: ArchiveMember, budget: _Budget) -> bool:
    """List an archive inside another; False for a document in that form, which is a member like any other.

    Raises:
        RuleViolation: what keeps it from being opened.
    """
    inner = _inner(packed, info)
    if _document_in(inner) is not None:
        return False
    if len(member.chain) >= MOST_DEPTH:
        raise RuleViolation(ErrorCode.ARCHIVE_TOO_DEEP, limit=MOST_DEPTH)
    with _directory(inner) as inside:
        _list(inside, member, budget)
    return True


def _inner(packed: MemberwiseZip, info: zipfile.ZipInfo) -> BinaryIO:
    if info.file_size > LARGEST_INNER:
        raise RuleViolation(ErrorCode.ARCHIVE_TOO_DEEP, limit=MOST_DEPTH)
    try:
        return io.BytesIO(packed.read(info))
    except BROKEN_ZIP as error:
        raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error


class ArchiveShelf:
    """Keeps the archive opened last, so that its directory is read once for all its members. For one thread at a time."""

    def __init__(self) -> None:
        self._opened: tuple[tuple[Path | bytes, tuple[int, ...]], MemberwiseZip, BinaryIO] | None = None

    def open(self, member: ArchiveMember) -> BinaryIO:
        """Return the bytes of a member as a stream; reading raises ``OSError`` where they are damaged.

        Raises:
            RuleViolation: ``ARCHIVE_UNREADABLE``, ``MATERIAL_CHANGING`` when another archive lies there by now.
        """
        packed = self._archive(member.whole, member.chain[:-1])
        try:
            info = packed.infolist()[member.chain[-1]]
            if info.file_size != member.size:
                raise RuleViolation(ErrorCode.MATERIAL_CHANGING)
            # only its reading is asked for
            return cast("BinaryIO", _MemberStream(packed.open(info)))
        except BROKEN_ZIP as error:
            raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error

    def close(self) -> None:
        """Let go of the archive."""
        if self._opened is not None:
            _key, packed, stream = self._opened
            self._opened = None
            packed.close()
            stream.close()

    def _archive(self, whole: Path | bytes, chain: tuple[int, ...]) -> MemberwiseZip:
        if self._opened is None or self._opened[0] != (whole, chain):
            self.close()
            stream = _whole(whole, chain)
            try:
                packed = open_zip(stream)
            except BROKEN_ZIP as error:
                stream.close()
                raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error
            self._opened = ((whole, chain), packed, stream)
        return self._opened[1]


def _whole(whole: Path | bytes, chain: tuple[int, ...]) -> BinaryIO:
    """Open an archive, or one inside it, which then lies in memory."""
    if not chain:
        try:
            return whole.open("rb") if isinstance(whole, Path) else io.BytesIO(whole)
        except OSError as error:
            raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    with _whole(whole, chain[:-1]) as stream:
        try:
            with open_zip(stream) as packed:
                return _inner(packed, packed.infolist()[chain[-1]])
        except BROKEN_ZIP as error:
            raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error


class _MemberStream(io.RawIOBase):
    """A member as a plain stream: every way in which it can be damaged becomes an error of reading."""

    def __init__(self, inside: IO[bytes]) -> None:
        super().__init__()
        self._inside = inside

    def readable(self) -> bool:
        """Override."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Override: return up to ``size`` bytes."""
        try:
            return bytes(self._inside.read(size))
        except BROKEN_ZIP as error:
            raise OSError("damaged member") from error

    def close(self) -> None:
        """Override: close the member as well."""
        self._inside.close()
        super().close()


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return the name as its writer meant it: marked as UTF-8, told beside in UTF-8, else UTF-8 or GB18030 by its bytes."""
    if info.flag_bits & _NAMED_IN_UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    beside = _told_beside(info.extra, raw)
    if beside is not None:
        return beside
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _told_beside(extra: bytes, raw: bytes) -> str | None:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        content = extra[place + 4 : place + 4 + length]
        if kind == _UNICODE_PATH and len(content) > 5 and content[0] == 1:  # noqa: PLR2004 - version and checksum
            if struct.unpack_from("<I", content, 1)[0] == zlib.crc32(raw):
                return content[5:].decode("utf-8", "replace")
            return None
        place += 4 + length
    return None


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[-1].startswith(".") or parts[-1].lower() in _HIDDEN or "__MACOSX" in parts
