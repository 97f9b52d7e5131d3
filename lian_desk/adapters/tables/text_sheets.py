"""Tables in text: CSV with commas, semicolons or tabs, and JSON whose rows are objects."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lian_desk.adapters.disk.import_files import unreadable
from lian_desk.adapters.tables.cells import Cell, Sheet, SheetRow
from lian_desk.adapters.tables.workbook_guard import check_place

_DELIMITERS: Final = ",\t;|，"
_SAMPLE_LINES: Final = 20
_MOST_DEPTH: Final = 3
NESTED: Final = "里面还有一层数据；请在这里填写"
_EXACT: Final = 1e15
"""Below it a number with a point holds every digit."""


def read_delimited(text: str) -> Sheet:
    """Return the rows of a text; a line that begins with # is a remark. Row numbers are line numbers.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``, ``IMPORT_FILE_TOO_LARGE``.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[SheetRow] = []
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if cells and cells[0].lstrip().startswith("#"):
                continue
            check_place(len(rows), max(len(cells) - 1, 0))
            rows.append(SheetRow(number, tuple(Cell(cell.strip()) for cell in cells)))
    except csv.Error as error:
        raise unreadable("CSV 的引号或换行不成对") from error
    return Sheet("", tuple(row for row in rows if not row.is_blank))


def _delimiter(text: str) -> str:
    """Return the sign that parts the first lines into the same number of cells, at best of all lines."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")][:_SAMPLE_LINES]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}

    def weight(sign: str) -> tuple[int, int]:
        found = [count for count in counts[sign] if count]
        usual = max(found, key=found.count, default=0)
        return (found.count(usual) if found else 0, usual)

    return max(_DELIMITERS, key=weight)


def read_objects(document: object) -> tuple[Sheet, ...]:
    """Return every list of flat objects in a JSON document as a sheet; keys are the headings, in order of appearance.

    A mapping of objects (days by their date, say) is a list too, its keys are the column ``key``; a list of lists is a
    table as it stands, its headings in one of its first rows.
    """
    return tuple(_sheet_of(name, rows) for name, rows in _lists(document, "", 0))


def parse_json(text: str) -> object:
    """Return the document in ``text``.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``.
    """
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = _documents(text)
        if lines is None:
            raise unreadable("不是完整的 JSON") from error
        return lines
    return found


def _documents(text: str) -> list[object] | None:
    """Return the documents of a text with one on each line, or None."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found: list[object] = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None
    return found if len(found) > 1 and all(isinstance(one, dict) for one in found) else None


def _lists(node: object, name: str, depth: int) -> Iterator[tuple[str, Sequence[object]]]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(node, list):
        for kind in (dict, list):
            rows = [entry for entry in node if isinstance(entry, kind)]
            if rows:
                yield name, rows
                return
    elif isinstance(node, dict):
        # behind what the objects say themselves: 01-01 stands beside the whole day
        objects = [entry | {"key": entry.get("key", key)} for key, entry in node.items() if isinstance(entry, dict)]
        if len(objects) > 1 and len(objects) == len(node):
            yield name, objects
            return
        columns = _in_columns(node)
        if columns:
            yield name, columns
            return
        for key, entry in node.items():
            yield from _lists(entry, str(key), depth + 1)


def _in_columns(node: Mapping[str, object]) -> list[object]:
    """Return the rows of a table that is told column by column, or by its headings and rows apart; else nothing."""
    plain = {key: value for key, value in node.items() if _is_flat(value)}
    headings = next((plain[key] for key in ("columns", "headers", "header", "fields") if key in plain), None)
    rows = next((node[key] for key in ("rows", "data", "values", "list") if isinstance(node.get(key), list)), None)
    if isinstance(headings, list) and isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows):
        return [headings, *rows]
    lengths = {len(value) for value in plain.values() if isinstance(value, list)}
    if len(plain) == len(node) > 1 and len(lengths) == 1 and lengths != {0}:
        columns = [value for value in plain.values() if isinstance(value, list)]
        return [list(plain), *map(list, zip(*columns, strict=True))]
    return []


def _is_flat(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(one, dict | list) for one in value)


def _sheet_of(name: str, rows: Sequence[object]) -> Sheet:
    objects = [row for row in rows if isinstance(row, dict)]
    if objects:
        return _sheet(name, objects)
    lines = [row for row in rows if isinstance(row, list)]
    check_place(len(lines) - 1, max(map(len, lines)) - 1)
    found = (SheetRow(number, tuple(map(cell_of, line))) for number, line in enumerate(lines, start=1))
    return Sheet(name, tuple(row for row in found if not row.is_blank))


def _sheet(name: str, objects: Sequence[Mapping[str, object]]) -> Sheet:
    keys = list(dict.fromkeys(key for entry in objects for key in entry))
    check_place(len(objects), max(len(keys) - 1, 0))
    head = SheetRow(0, tuple(Cell(str(key)) for key in keys))
    rows = (
        SheetRow(number, tuple(cell_of(entry.get(key)) for key in keys))
        for number, entry in enumerate(objects, start=1)
    )
    return Sheet(name, (head, *(row for row in rows if not row.is_blank)))


def cell_of(value: object) -> Cell:
    """Return a value of a JSON document as a cell; true and false are no words of a list."""
    if value is None:
        return Cell()
    if isinstance(value, bool):
        return Cell(str(value).casefold(), is_answer=True)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, int | float):
        return Cell(str(value), is_number=True)
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict | list) for one in value)):
        return Cell(fault=NESTED)
    if isinstance(value, list):
        return Cell("、".join(str(entry) for entry in value))
    return Cell(str(value).strip())
