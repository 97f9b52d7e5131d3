"""Table files for tests: workbooks made on the spot, and the folder of the files that once failed."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

CASES = Path(__file__).parent / "cases"


def workbook(
    folder: Path,
    rows: Sequence[Sequence[object]],
    more: Callable[[Any, Any], object] | None = None,
    *,
    sheet: str = "Sheet1",
    name: str = "list.xlsx",
) -> Path:
    """Write rows into a workbook; ``more`` gets sheet and book before they are closed."""
    path = folder / name
    book = xlsxwriter.Workbook(str(path))
    made = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                made.write_datetime(at, place, value, day)
            else:
                made.write(at, place, value)
    if more is not None:
        more(made, book)
    book.close()
    return path
