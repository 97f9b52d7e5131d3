"""Tables that leave the desk as XLSX or CSV: text stays text, whatever a spreadsheet program would make of it.

A value that begins like a formula is written so that no program calculates it. Numbers that name something (policies,
identity numbers, phones) keep every digit: a workbook holds them as text, and in CSV those that a spreadsheet program would
change on opening stand as ="00123456", which it shows and saves as the digits.
Blanks, control signs and signs without width before a formula do not hide it: spreadsheet programs drop them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
_CONTROL: Final = frozenset("\t\r\n")
_UNSEEN: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Kinds of signs that leave no mark: blanks, line ends, controls, joiners and marks of direction."""


KEEP_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What a workbook is made with, so that no text becomes a formula, a link or a number."""


_LAST_ROW: Final = 1_048_575
#: What a spreadsheet program reads as a number, a power of ten or a part of a date, and writes otherwise: leading zeros
#: and everything after fifteen digits are lost, from twelve digits on it shows 8.6E+21, 2024-01 becomes a month.
_CHANGED: Final = re.compile(
    r"0[0-9]+|[0-9]{12,}|[0-9]+\.[0-9]*0|0[0-9]+\.[0-9]+|[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+|\([0-9.]+\)"
    r"|[0-9]{1,4}[-/][0-9]{1,2}|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{1,4}|[0-9]{1,3}(?:,[0-9]{3}){4,}"
)


def keeps_its_digits(text: str) -> bool:
    """Tell whether a spreadsheet program that opens a CSV shows and saves ``text`` as it stands."""
    return _CHANGED.fullmatch(unicodedata.normalize("NFKC", text).strip()) is None


def safe_cell(text: str) -> str:
    """Return ``text`` for a CSV cell: with a leading apostrophe where it would be taken for a formula.

    A number that would lose digits stands as a formula that gives its text; nothing but the digits is in it.
    """
    if not keeps_its_digits(text):
        return f'="{text.strip()}"'
    first_seen = next((sign for sign in text if unicodedata.category(sign) not in _UNSEEN), "")
    return f"'{text}" if first_seen in _FORMULA_STARTS or text[:1] in _CONTROL else text


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
    from xlsxwriter.utility import xl_range  # noqa: PLC0415

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **KEEP_TEXT}) as workbook:
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
        if widths:
            # digits are text on purpose: no green corner offers to make numbers of them
            sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, _LAST_ROW, len(widths) - 1)})
    return out.getvalue()
