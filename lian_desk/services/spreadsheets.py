"""Read the cells of an XLSX or CSV file from outside, within bounds, as rows of typed cells.

A workbook is a zip of XML: before it is opened its parts are unpacked and counted, so that neither a bomb nor a cell at
the far end of the sheet can take the memory of the machine. Nothing is ever calculated: of a formula the text or number
that was stored with it counts. A cell that holds a number says so, because an identifier typed as a number has lost its
leading zeros.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import python_calamine

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.import_files import decode, read_bounded, unreadable

LIMIT_MEGABYTES: Final = 20
UNPACKED_MEGABYTES: Final = 100
MOST_RATIO: Final = 100
MOST_PARTS: Final = 2_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 64
_MEGABYTE: Final = 1_000_000
_CHUNK: Final = 1 << 16
#: Ratios of small files say nothing: a short list of equal rows packs very well.
_RATIO_FROM: Final = 1_000_000
_HEAD: Final = 64
_LONGEST_TAG: Final = 1 << 20
#: Rows and cells of a sheet with their attributes; a quoted value may hold ">", never "<".
_TAG: Final = re.compile(rb"<(?:[A-Za-z_]+:)?(row|c)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)")
_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,8})([0-9]{1,10})\s*[\"']")
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and whether the file holds a number there."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its number as the program that wrote the file shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """True when no cell says anything."""
        return not any(cell.text for cell in self.cells)


def read_sheet(path: Path) -> tuple[SheetRow, ...]:
    """Return the rows of the first sheet of an XLSX, or of a CSV; blank rows are left out.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE`` (size, unpacked size, ratio, rows, columns);
            ``IMPORT_FILE_UNREADABLE`` (damaged, protected by a password, an old XLS, no table at all).
    """
    content = read_bounded(path, LIMIT_MEGABYTES)
    if content.startswith(b"PK"):
        rows = _read_workbook(content)
    elif content.startswith(_OLD_EXCEL):
        raise unreadable("是旧版 XLS 或有密码的文件，请另存为没有密码的 XLSX 或 CSV")
    else:
        rows = _read_csv(decode(content))
    return tuple(row for row in rows if not row.is_blank)


def _too_large(detail: str) -> EnvironmentProblem:
    return EnvironmentProblem(ErrorCode.IMPORT_FILE_TOO_LARGE, detail=detail)


# -------------------------------------------------------------------------------------------------------------- CSV


def _read_csv(text: str) -> list[SheetRow]:
    first_line = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows: list[SheetRow] = []
    try:
        for cells in reader:
            # a line that starts with # is a remark, as in the list that ships with the program
            if cells and cells[0].startswith("#"):
                continue
            _check_size(len(rows), len(cells))
            rows.append(SheetRow(reader.line_num, tuple(Cell(cell.strip()) for cell in cells)))
    except csv.Error as error:
        raise unreadable("CSV 的引号或换行不成对") from error
    return rows


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise _too_large(f"超过 {MOST_ROWS:,} 行")
    if columns > MOST_COLUMNS:
        raise _too_large(f"超过 {MOST_COLUMNS} 列")


# ------------------------------------------------------------------------------------------------------------- XLSX


def _read_workbook(content: bytes) -> list[SheetRow]:
    check_workbook(content)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            if not workbook.sheet_names:
                raise unreadable("没有工作表")
            sheet = workbook.get_sheet_by_index(0)
            cells = sheet.to_python(skip_empty_area=False)
    except python_calamine.PasswordError as error:
        raise unreadable("文件有密码，请另存为没有密码的 XLSX") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable("XLSX 已损坏或不完整") from error
    return [SheetRow(number, tuple(_cell(value) for value in row)) for number, row in enumerate(cells, start=1)]


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer()
        return Cell(str(int(value)) if whole else str(value), is_number=True)
    if isinstance(value, datetime):
        return Cell(value.date().isoformat())
    if isinstance(value, date | time | timedelta):
        return Cell(value.isoformat() if isinstance(value, date) else str(value))
    return Cell(str(value).strip())


def check_workbook(content: bytes) -> None:
    """Refuse a workbook that is too large once unpacked, or whose cells lie too far out.

    Every part is really unpacked, piece by piece: the sizes that the zip states may be lies.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise _too_large("压缩包内的文件过多")
            _check_unpacked(sum(part.file_size for part in parts), len(content))
            unpacked = 0
            for part in parts:
                if part.flag_bits & 1:
                    raise unreadable("文件有密码，请另存为没有密码的 XLSX")
                unpacked += _check_part(archive, part, unpacked, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise unreadable("XLSX 已损坏或不完整") from error


def _check_unpacked(unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_MEGABYTES * _MEGABYTE:
        raise _too_large(f"解压后超过 {UNPACKED_MEGABYTES} MB")
    if unpacked > _RATIO_FROM and unpacked > MOST_RATIO * packed:
        raise _too_large(f"压缩比超过 {MOST_RATIO}")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, packed: int) -> int:
    name = part.filename.lower()
    extent = _Extent() if "worksheets/" in name and name.endswith(".xml") else None
    size = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if extent is not None:
                extent.take(chunk)
            size += len(chunk)
            _check_unpacked(before + size, packed)
    if extent is not None:
        extent.finish()
    return size


class _Extent:
    """Follows a sheet while it is unpacked: a reader lays out the whole rectangle up to the farthest cell."""

    def __init__(self) -> None:
        self._tail = b""
        self._rows = 0
        self._columns = 0
        self._is_first = True

    def take(self, chunk: bytes) -> None:
        """Look at the next piece; a tag that is cut waits for the rest of it."""
        if self._is_first and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:_HEAD]):
            raise unreadable("工作表的编码不是 UTF-8")
        self._is_first = False
        text = self._tail + chunk
        cut = max(text.rfind(b"<"), 0)
        self._look(text[:cut])
        self._tail = text[cut:]
        if len(self._tail) > _LONGEST_TAG:
            raise _odd()

    def finish(self) -> None:
        """Look at what is left."""
        self._look(self._tail)

    def _look(self, text: bytes) -> None:
        if b"<!DOCTYPE" in text:
            raise _odd()
        for tag, attributes in _TAG.findall(text):
            if b"&" in attributes:
                # a place spelled with entities; no program writes that
                raise _odd()
            if tag == b"row":
                self._rows, self._columns = self._rows + 1, 0
            else:
                self._columns += 1
            _check_size(self._rows, self._columns)
            place = _PLACE.search(attributes)
            if place is not None:
                _check_size(int(place[2]) - 1, _column_number(place[1]))


def _odd() -> EnvironmentProblem:
    return unreadable("XLSX 的写法不寻常，请用表格软件另存一份")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
