"""Tables in text: CSV with commas, semicolons or tabs, and JSON whose rows are objects."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lian_desk.services.import_files import unreadable
from lian_desk.services.tables.cells import Cell, Sheet, SheetRow
from lian_desk.services.tables.workbook_guard import check_place

_DELIMITERS: Final = ",\t;|，"
_SAMPLE_LINES: Final = 20
_MOST_DEPTH: Final = 3
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

    A mapping of objects (days by their date, say) is a list too, its keys are the column ``key``.
    """
    return tuple(_sheet(name, objects) for name, objects in _lists(document, "", 0))


def parse_json(text: str) -> object:
    """Return the document in ``text``.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_UNREADABLE``.
    """
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable("不是完整的 JSON") from error
    return found


def _lists(node: object, name: str, depth: int) -> Iterator[tuple[str, Sequence[Mapping[str, object]]]]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(node, list):
        objects = [entry for entry in node if isinstance(entry, dict)]
        if objects:
            yield name, objects
    elif isinstance(node, dict):
        # behind what the objects say themselves: 01-01 stands beside the whole day
        objects = [entry | {"key": entry.get("key", key)} for key, entry in node.items() if isinstance(entry, dict)]
        if len(objects) > 1 and len(objects) == len(node):
            yield name, objects
            return
        for key, entry in node.items():
            yield from _lists(entry, str(key), depth + 1)


def _sheet(name: str, objects: Sequence[Mapping[str, object]]) -> Sheet:
    keys = list(dict.fromkeys(key for entry in objects for key in entry))
    check_place(len(objects), max(len(keys) - 1, 0))
    head = SheetRow(0, tuple(Cell(str(key)) for key in keys))
    rows = (
        SheetRow(number, tuple(_cell(entry.get(key)) for key in keys)) for number, entry in enumerate(objects, start=1)
    )
    return Sheet(name, (head, *(row for row in rows if not row.is_blank)))


def _cell(value: object) -> Cell:
    if value is None:
        return Cell()
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, int | float):
        return Cell(str(value), is_number=True)
    if isinstance(value, list):
        return Cell("、".join(str(entry) for entry in value))
    return Cell(str(value).strip())
