"""Workbooks (XLSX, XLS): looked through first, then opened in a child process, merged cells filled, faults told."""

import io
import json
import posixpath
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree as ET

from lian_desk.adapters.disk.import_files import unreadable
from lian_desk.adapters.exchange.frames import PipeClosed
from lian_desk.adapters.rendering.child_process import ChildProcess, Pipe
from lian_desk.adapters.tables import workbook_child
from lian_desk.adapters.tables.cells import BLANK, Cell, Sheet, SheetRow
from lian_desk.adapters.tables.old_workbook_guard import look_through_old
from lian_desk.adapters.tables.workbook_guard import ERROR_VALUE, PartFacts, Place, look_through, odd

_ERRORS: Final = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#DATA!"}
)
Hidden = dict[Place, str]
"""Cells that the reader would call empty, with what is to be said of them."""
_MOST_FILLED: Final = 2_000_000
"""Cells that merged ranges may fill."""
_SECONDS: Final = 60.0
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WITH_PASSWORD: Final = "文件有密码，请另存为没有密码的 XLSX"  # noqa: S105 - a sentence


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an XLSX.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``.
    """
    facts = look_through(content)
    if _WORKBOOK not in facts:
        raise unreadable(_kind_of(content))
    return _opened(content, "XLSX 已损坏或不完整", _hidden_by_sheet(content, facts))


def read_old_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an XLS.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``.
    """
    return _opened(content, "XLS 已损坏或不完整", look_through_old(content))


def _kind_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
    if "mimetype" in names and "content.xml" in names:
        return "是 ODS 文件，请在表格软件里另存为 XLSX"
    if "xl/workbook.bin" in names:
        return "是 XLSB 文件，请在表格软件里另存为 XLSX"
    return "是压缩包而不是表格文件，请解压后选择其中的表格"


def _hidden_by_sheet(content: bytes, facts: dict[str, PartFacts]) -> list[Hidden]:
    """Return what the reader would call empty, sheet by sheet, by way of the workbook's own directory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            book = ET.fromstring(archive.read(_WORKBOOK))  # noqa: S314 - looked through, no entities
            links = ET.fromstring(archive.read(_RELATIONS))  # noqa: S314 - the same
        except (KeyError, ET.ParseError) as error:
            raise odd() from error
    targets = {link.get("Id", ""): posixpath.join("/xl", link.get("Target", "")) for link in links}
    found: list[Hidden] = []
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            key = sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or ""
            part = posixpath.normpath(targets.get(key, "")).removeprefix("/")
            found.append(facts[part].hidden if part in facts else {})
    return found


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What is sent to the child."""

    content: bytes

    def write_to(self, target: Pipe) -> None:
        """Send it all."""
        target.write(self.content)


def _opened(content: bytes, damaged: str, hidden: list[Hidden]) -> tuple[Sheet, ...]:
    sheets = _by_child(content, damaged)
    found = tuple(_sheet(sheet, hidden[sheet["place"]] if sheet["place"] < len(hidden) else {}) for sheet in sheets)
    if not found:
        raise unreadable("没有工作表")
    return found


def _by_child(content: bytes, damaged: str) -> list[dict[str, Any]]:
    child = None
    try:
        child = ChildProcess([sys.executable, "-m", workbook_child.__name__], memory=workbook_child.MOST_MEMORY)
        header, payload = child.exchange({"size": len(content)}, _Bytes(content), _SECONDS)
    except (PipeClosed, OSError) as error:
        # the child could not bear the file and is gone; this process still stands
        raise unreadable(damaged) from error
    finally:
        if child is not None:
            child.end()
    if header.get("error") == workbook_child.PASSWORD:
        raise unreadable(_WITH_PASSWORD)
    if "error" in header:
        raise unreadable(damaged)
    sheets: list[dict[str, Any]] = json.loads(payload)
    return sheets


def _sheet(sheet: dict[str, Any], hidden: Hidden) -> Sheet:
    rows = {int(at): [_cell(value) for value in row] for at, row in sheet["rows"]}
    for (row, column), fault in hidden.items():
        _put(rows.setdefault(row, []), column, column, Cell(fault=fault))
    _fill(rows, sheet["merged"])
    kept = (SheetRow(at + 1, tuple(rows[at])) for at in sorted(rows))
    return Sheet(str(sheet["name"]), tuple(row for row in kept if not row.is_blank), bool(sheet["hidden"]))


def _put(line: list[Cell], first: int, last: int, cell: Cell) -> None:
    line.extend([BLANK] * (last + 1 - len(line)))
    line[first : last + 1] = [cell] * (last + 1 - first)


def _fill(rows: dict[int, list[Cell]], ranges: Iterable[Sequence[Sequence[int]]]) -> None:
    """Write the one value of a merged range into each of its cells that lies in a row with content of its own."""
    width = max((len(row) for row in rows.values()), default=0)
    filled = 0
    for (top, left), (bottom, right) in ranges:
        corner = rows.get(top, [])
        value = corner[left] if left < len(corner) else BLANK
        if value.is_blank:
            continue
        last = min(right, width - 1)
        for at in range(top, bottom + 1) if bottom - top < len(rows) else [at for at in rows if top <= at <= bottom]:
            filled += last - left + 1
            if filled > _MOST_FILLED:
                raise odd()
            if at in rows:
                _put(rows[at], left, last, value)


def _cell(value: str | list[str]) -> Cell:
    if isinstance(value, str):
        return Cell(value, fault=ERROR_VALUE) if value in _ERRORS else Cell(value)
    kind, words = value
    if kind == workbook_child.DAY:
        return Cell(words, day=date.fromisoformat(words))
    if kind == workbook_child.ANSWER:
        return Cell(words, is_answer=True)
    return Cell(words, is_number=True)
