"""Look through an XLSX before it is opened: sizes, places and formulas of its cells.

A workbook is a zip of XML. Its parts are really unpacked, piece by piece, and every element is looked at: neither a
bomb, nor a cell at the far end of the sheet, nor one long text that a thousand cells name can take the memory of the
machine. Only cells that hold something count: a colour in the last row of the sheet is nothing.
"""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from lian_desk.adapters.disk.import_files import unreadable
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

UNPACKED_MEGABYTES: Final = 100
MOST_RATIO: Final = 100
MOST_PARTS: Final = 2_000
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 64
MOST_TEXT: Final = 100_000_000
"""Characters of all cells together, each naming of a shared text counted."""
MOST_DEPTH: Final = 64
UNSAVED: Final = "是公式，文件里没有保存它的结果；请在表格软件里打开并保存一次，或在这里填写"
ERROR_VALUE: Final = "是公式的错误值（如 #N/A）；请在这里填写"
_MEGABYTE: Final = 1_000_000
_CHUNK: Final = 1 << 16
#: Ratios of small files say nothing: a short list of equal rows packs very well.
_RATIO_FROM: Final = 1_000_000
_LETTERS: Final = 26
_MOST_LETTERS: Final = 4
_MOST_DIGITS: Final = 12

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(slots=True)
class PartFacts:
    """What stands in one part of a workbook. ``hidden``: words for each cell that the reader would call empty."""

    hidden: dict[Place, str] = field(default_factory=dict)
    named_texts: Counter[int] = field(default_factory=Counter)
    text_lengths: list[int] = field(default_factory=list)
    characters: int = 0


def look_through(content: bytes) -> dict[str, PartFacts]:
    """Return the facts of every XML part by its name, after refusing what no office program writes.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``.
    """
    facts: dict[str, PartFacts] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise too_large("压缩包内的文件过多")
            _check_unpacked(sum(part.file_size for part in parts), len(content))
            unpacked = 0
            for part in parts:
                if part.flag_bits & 1:
                    raise unreadable("文件有密码，请另存为没有密码的 XLSX")
                found, size = _look_at(archive, part, unpacked, len(content))
                unpacked += size
                if found is not None:
                    facts[part.filename] = found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise unreadable("XLSX 已损坏或不完整") from error
    _check_texts(facts.values())
    return facts


def check_place(row: int, column: int) -> None:
    """Refuse a filled cell that lies too far out; row and column from 0."""
    if row >= MOST_ROWS:
        raise too_large(f"第 {row + 1:,} 行有内容，超过 {MOST_ROWS:,} 行；请删去表格末尾多余的内容")
    if column >= MOST_COLUMNS:
        raise too_large(f"{column_name(column)} 列有内容，超过 {MOST_COLUMNS} 列；请删去表格右侧多余的内容")


def column_name(column: int) -> str:
    """Return the letters of a column from 0: A, Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def too_large(detail: str) -> EnvironmentProblem:
    """Return the refusal of a file that holds too much."""
    return EnvironmentProblem(ErrorCode.IMPORT_FILE_TOO_LARGE, detail=detail)


def _check_texts(parts: Collection[PartFacts]) -> None:
    lengths = [length for part in parts for length in part.text_lengths]
    total = sum(part.characters for part in parts)
    for part in parts:
        total += sum(count * lengths[at] for at, count in part.named_texts.items() if at < len(lengths))
    if total > MOST_TEXT:
        raise too_large(f"单元格的文字合计超过 {MOST_TEXT // _MEGABYTE} 百万字")


def _check_unpacked(unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_MEGABYTES * _MEGABYTE:
        raise too_large(f"解压后超过 {UNPACKED_MEGABYTES} MB")
    if unpacked > _RATIO_FROM and unpacked > MOST_RATIO * packed:
        raise too_large(f"压缩比超过 {MOST_RATIO}")


def _look_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, packed: int) -> tuple[PartFacts | None, int]:
    size, scan = 0, None
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0 and _is_markup(chunk):
                scan = _PartScan()
            size += len(chunk)
            _check_unpacked(before + size, packed)
            if scan is not None:
                scan.take(chunk)
    return (scan.finish(), size) if scan is not None else (None, size)


def _is_markup(chunk: bytes) -> bool:
    """Tell XML from pictures; a part in two-byte characters begins with its mark or with a zero beside <."""
    return chunk.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or chunk[:2] in {
        b"\xff\xfe",
        b"\xfe\xff",
        b"<\x00",
        b"\x00<",
    }


class _PartScan:
    """Follows the elements of one part while it is unpacked."""

    def __init__(self) -> None:
        self.facts = PartFacts()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._depth = 0
        self._row, self._column = -1, -1
        self._kind = ""
        self._has_formula = False
        self._value = ""
        self._is_value = False
        self._text = -1

    def take(self, chunk: bytes) -> None:
        """Look at the next piece."""
        self._parse(chunk, is_last=False)

    def finish(self) -> PartFacts:
        """Look at what is left and return what was seen."""
        self._parse(b"", is_last=True)
        return self.facts

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise unreadable("XLSX 已损坏或不完整") from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise odd()
        kind = name.rpartition(" ")[2]
        if kind == "row":
            self._row = _row_number(attributes.get("r", ""), self._row)
            self._column = -1
        elif kind == "c":
            self._begin_cell(attributes)
        elif kind == "f":
            self._has_formula = True
        elif kind in {"v", "t"}:
            self._is_value = True
        elif kind == "si":
            self._text = 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        letters, digits = _split_place(attributes.get("r", ""))
        self._column = _column_number(letters) if letters else self._column + 1
        if digits:
            self._row = int(digits) - 1
        self._kind = attributes.get("t", "")
        self._has_formula, self._value = False, ""

    def _say(self, text: str) -> None:
        if not self._is_value:
            return
        if self._text >= 0:
            self._text += len(text)
        else:
            self._value += text

    def _end(self, name: str) -> None:
        self._depth -= 1
        kind = name.rpartition(" ")[2]
        if kind in {"v", "t"}:
            self._is_value = False
        elif kind == "c":
            self._end_cell()
        elif kind == "si":
            self.facts.text_lengths.append(self._text)
            self._text = -1

    def _end_cell(self) -> None:
        if self._value:
            check_place(self._row, self._column)
            if self._kind == "e":
                self.facts.hidden[self._row, self._column] = ERROR_VALUE
            if self._kind == "s" and self._value.strip().isdecimal() and len(self._value) <= _MOST_DIGITS:
                self.facts.named_texts[int(self._value)] += 1
            else:
                self.facts.characters += len(self._value)
        elif self._has_formula:
            check_place(self._row, self._column)
            self.facts.hidden[self._row, self._column] = UNSAVED
        self._value = ""


def odd() -> EnvironmentProblem:
    """Return the refusal of a workbook that no office program writes this way."""
    return unreadable("XLSX 的写法不寻常，请用表格软件另存一份")


def _refuse_doctype(*_declaration: object) -> None:
    raise odd()


def _row_number(text: str, before: int) -> int:
    if not text:
        return before + 1
    if not text.strip().isdecimal() or len(text) > _MOST_DIGITS:
        raise odd()
    return int(text) - 1


def _split_place(place: str) -> tuple[str, str]:
    letters = place.strip().rstrip("0123456789").upper()
    digits = place.strip()[len(letters) :]
    if (
        len(letters) > _MOST_LETTERS
        or len(digits) > _MOST_DIGITS
        or not all("A" <= letter <= "Z" for letter in letters)
    ):
        raise odd()
    return letters, digits


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1
