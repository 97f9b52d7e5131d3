"""Open a table file of any known kind: XLSX, XLS, CSV in any usual encoding, JSON; bounded, nothing is calculated."""

import hashlib
from pathlib import Path
from typing import Final

from lian_desk.adapters.disk.import_files import decode, read_bounded, unreadable
from lian_desk.adapters.tables.cells import Book, Sheet
from lian_desk.adapters.tables.old_workbook_guard import MARK
from lian_desk.adapters.tables.text_sheets import parse_json, read_delimited, read_objects
from lian_desk.adapters.tables.workbooks import read_old_workbook, read_workbook

LIMIT_MEGABYTES: Final = 20
_HEAD: Final = 64
_MARKUP: Final = ("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")


def read_book(path: Path) -> Book:
    """Return every sheet of a file; blank rows are left out, merged cells filled.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE`` (size, unpacked size, ratio, rows, columns);
            ``IMPORT_FILE_UNREADABLE`` (damaged, protected by a password, no table at all).
    """
    return book_of(path.name, read_bounded(path, LIMIT_MEGABYTES))


def book_of(name: str, content: bytes, sheets: tuple[Sheet, ...] | None = None) -> Book:
    """Return the bytes of a file as a book; ``sheets`` where somebody has made tables of them already."""
    return Book(name, hashlib.sha256(content).hexdigest(), read_sheets(content) if sheets is None else sheets)


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets in the bytes of a file, told by its content, not by its name."""
    if content.startswith(b"PK"):
        return read_workbook(content)
    if content.startswith(MARK):
        return read_old_workbook(content)
    text = decode(content)
    start = text.lstrip()[:_HEAD].casefold()
    if start.startswith(_MARKUP):
        raise unreadable("是网页或 XML 形式的表格，请在表格软件里打开后另存为 XLSX")
    if start[:1] in {"{", "["}:
        return read_objects(parse_json(text))
    return (read_delimited(text),)
