"""Tables that leave the desk: no digit is lost, and no cell is calculated, when a spreadsheet program opens them."""

import csv
import io
import re
import zipfile

import pytest
import python_calamine

from lian_desk.adapters.disk.safe_sheets import csv_table, keeps_its_digits, safe_cell, xlsx_table

POLICY = "8600012345678901234567"


@pytest.mark.parametrize(
    "text",
    [
        POLICY,
        "00123456",
        "320102197401011451",
        "860001234567",
        "12E34",
        "1.5e10",
        "007.5",
        "1.10",
        "2024-01",
        "3/4",
        "1-2-34",
        "(123)",
        "123,456,789,012,345",
        "００１２",
        " 0012 ",
    ],
)
def test_what_a_spreadsheet_program_would_change_stands_as_its_text(text: str) -> None:
    assert not keeps_its_digits(text)
    assert safe_cell(text) == f'="{text.strip()}"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "12",
        "13812346620",
        "JLB202403000001",
        "P2024-000123",
        "2026-11-01",
        "2026-11-01 10:20",
        "1,234",
        "3.5",
        "王某",
    ],
)
def test_what_stays_as_it_is_is_left_alone(text: str) -> None:
    assert keeps_its_digits(text)
    assert safe_cell(text) == text


def test_formulas_are_text_also_when_digits_stand_in_them() -> None:
    for text in ("=1+1", '="00123456"', "+8613812346620", "-00123", "@SUM(1)", "＝1"):
        assert safe_cell(text) == f"'{text}"


def test_a_list_of_policies_keeps_every_digit_in_both_kinds_of_file() -> None:
    rows = [("投保人", "保单号"), ("王某", POLICY), ("赵某", "00123456")]
    content = csv_table(rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert read == [["投保人", "保单号"], ["王某", f'="{POLICY}"'], ["赵某", '="00123456"']]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx_table(rows, title="名单")))
    assert book.get_sheet_by_index(0).to_python() == [list(row) for row in rows]


def test_a_workbook_without_rows_is_one() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx_table([], title="空")))
    assert book.get_sheet_by_index(0).to_python() == []


FORMULA = '=HYPERLINK("x","y")'
BLANKS = (
    " ",
    "   ",
    "\u00a0",
    "\u3000",
    "\u2003",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u202e",
    "\x00",
    "\x0b",
    "\x1f",
    " \t ",
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"])
@pytest.mark.parametrize("blank", ["", *BLANKS])
def test_a_formula_is_text_also_behind_what_nobody_sees(start: str, blank: str) -> None:
    cell = f"{blank}{start}1+1"
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["\tx", "\rx", "\nx", "\n=1", "\t", "\r\n=1"])
def test_a_cell_does_not_begin_with_a_tabulator_or_a_line_end(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "王淑兰", " 王=兰", "A+B", "\u3000住院", "1=1", "(−5)", "\u200b", "'=1"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_a_csv_reads_back_in_chinese_with_every_formula_made_text() -> None:
    rows = [("姓名", "备注"), ("王淑兰", f"  {FORMULA}"), ("李, 四", "\u3000@SUM(1)"), ("多\n行", "安全")]
    content = csv_table(rows)
    assert content.startswith(b"\xef\xbb\xbf")
    back = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert back == [
        ["姓名", "备注"],
        ["王淑兰", f"'  {FORMULA}"],
        ["李, 四", "'\u3000@SUM(1)"],
        ["多\n行", "安全"],
    ]


def test_a_workbook_holds_text_only() -> None:
    cells = (FORMULA, f" {FORMULA}", "00012345678901234567", "http://example.invalid/", "{=1}")
    content = xlsx_table([("甲", "乙", "丙", "丁", "戊"), cells], title="清单")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    # every cell is a shared string: no formula, no number, no link
    assert sheet.count('t="s"') == 10
    assert not re.search('<f>|<hyperlink|t="n"', sheet)
    read = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert list(read[1]) == list(cells)
