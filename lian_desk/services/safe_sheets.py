"""Tables that leave the desk as XLSX or CSV: text stays text, whatever a spreadsheet program would make of it.

A value that begins like a formula is written so that no program calculates it, and long numbers keep every digit.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return ``text`` for a CSV cell: with a leading apostrophe where it would be taken for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text


def csv_table(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV with a byte order mark, so that spreadsheet programs read the Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([safe_cell(text) for text in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_table(rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """Return rows as a workbook of one sheet called ``title``; every cell is text, the first row a heading."""
    # loaded late: nobody needs it to start
    import xlsxwriter  # noqa: PLC0415

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        sheet = workbook.add_worksheet(title[:31])
        bold = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        widths: dict[int, int] = {}
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, text if number else bold)
                widths[place] = max(widths.get(place, 8), min(2 * len(cell) + 2, 48))
        for place, width in widths.items():
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
