"""Look through an old workbook (XLS) before it is opened: where its cells lie, and whether it has a password.

The file is a small file system of sectors (Compound File Binary); the stream ``Workbook`` is a run of records, those
of cells begin with row and column. Only what is needed to find the farthest filled cell is read.
"""

import struct
from collections.abc import Iterator
from typing import Final

from lian_desk.adapters.disk.import_files import unreadable
from lian_desk.adapters.tables.workbook_guard import ERROR_VALUE, Place, check_place

MARK: Final = b"\xd0\xcf\x11\xe0"
_HEAD: Final = 512
_ENTRY: Final = 128
_END: Final = 0xFFFFFFFA
"""Sector numbers from here on are no sectors."""
_FIRST_FATS: Final = 109
_STREAM, _ROOT = 2, 5
_RECORD: Final = struct.Struct("<HH")
_FILEPASS: Final = 0x002F
_SEVERAL, _SHEET, _BEGIN, _FORMULA, _TRUTH_OR_ERROR = 0x00BD, 0x0085, 0x0809, 0x0006, 0x0205
_ERROR_RESULT: Final = 2
#: formula, number, label, truth value, short number, shared text, rich text; blank cells are not among them
_CELLS: Final = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, _SEVERAL})
_DAMAGED: Final = "XLS 已损坏或不完整"


def look_through_old(content: bytes) -> list[dict[Place, str]]:
    """Refuse an XLS that is damaged, has a password, or whose filled cells lie too far out.

    Returns for each sheet in the order of the book the cells that hold an error value, with words for the eye: the
    reader would call them empty.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``.
    """
    try:
        begins: dict[int, int] = {}
        hidden: list[dict[Place, str]] = []
        here: dict[Place, str] = {}
        for at, kind, body in _records(_Sectors(content).stream("Workbook", "Book")):
            if kind == _FILEPASS:
                raise unreadable("文件有密码，请另存为没有密码的 XLSX")
            if kind == _SHEET:
                begins[struct.unpack_from("<I", body)[0]] = len(hidden)
                hidden.append({})
            elif kind == _BEGIN:
                here = hidden[begins[at]] if at in begins else {}
            elif kind in _CELLS and len(body) >= _RECORD.size:
                row, column = _RECORD.unpack_from(body)
                check_place(row, column)
                if kind == _SEVERAL:
                    check_place(row, struct.unpack_from("<H", body, len(body) - 2)[0])
                if _is_error(kind, body):
                    here[row, column] = ERROR_VALUE
        return hidden  # noqa: TRY300 - what the records say
    except (struct.error, IndexError) as error:
        raise unreadable(_DAMAGED) from error


def _is_error(kind: int, body: bytes) -> bool:
    """Tell a typed error value, or a formula whose stored result is one."""
    if kind == _TRUTH_OR_ERROR:
        return body[7] == 1
    return kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _ERROR_RESULT


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + _RECORD.size <= len(stream):
        kind, length = _RECORD.unpack_from(stream, at)
        yield at, kind, stream[at + _RECORD.size : at + _RECORD.size + length]
        at += _RECORD.size + length


class _Sectors:
    """The sectors of a compound file and the chains that join them."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEAD or not content.startswith(MARK):
            raise unreadable(_DAMAGED)
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        self._small = 1 << struct.unpack_from("<H", content, 32)[0]
        if self._size not in {512, 4096} or self._small >= self._size:
            raise unreadable(_DAMAGED)
        first_directory, self._cutoff, first_small, first_more = (
            struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60, 68)
        )
        self._next = self._table(self._fat_sectors(first_more))
        self._next_small = self._table(self._chain(first_small, self._next))
        self._directory = self._join(self._chain(first_directory, self._next))

    def stream(self, *names: str) -> bytes:
        """Return the first stream with one of ``names``."""
        entries = [self._directory[at : at + _ENTRY] for at in range(0, len(self._directory) - _ENTRY + 1, _ENTRY)]
        for name in names:
            for entry in entries:
                if entry[66] == _STREAM and _name(entry) == name:
                    return self._read(entry, entries)
        if any(_name(entry) == "EncryptedPackage" for entry in entries):
            raise unreadable("文件有密码，请另存为没有密码的 XLSX")
        raise unreadable("不是表格文件")

    def _read(self, entry: bytes, entries: list[bytes]) -> bytes:
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self._cutoff:
            return self._join(self._chain(start, self._next))[:size]
        root = next((other for other in entries if other[66] == _ROOT), None)
        if root is None:
            raise unreadable(_DAMAGED)
        small = self._join(self._chain(struct.unpack_from("<I", root, 116)[0], self._next))
        pieces = (small[at * self._small : (at + 1) * self._small] for at in self._chain(start, self._next_small))
        return b"".join(pieces)[:size]

    def _fat_sectors(self, more: int) -> list[int]:
        found = [number for number in struct.unpack_from(f"<{_FIRST_FATS}I", self._content, 76) if number < _END]
        seen: set[int] = set()
        while more < _END:
            if more in seen:
                raise unreadable(_DAMAGED)
            seen.add(more)
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            found += [number for number in numbers[:-1] if number < _END]
            more = numbers[-1]
        return found

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        joined = self._join(sectors)
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _chain(self, start: int, following: tuple[int, ...]) -> list[int]:
        found: list[int] = []
        while start < _END:
            if start >= len(following) or len(found) > len(following):
                raise unreadable(_DAMAGED)
            found.append(start)
            start = following[start]
        return found

    def _join(self, sectors: list[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    def _sector(self, number: int) -> bytes:
        begin = _HEAD if self._size == _HEAD else self._size
        found = self._content[begin + number * self._size : begin + (number + 1) * self._size]
        # the last sector of a file may be cut where nothing follows
        return found.ljust(self._size, b"\x00") if found else b""


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
