"""Tables that leave the desk: no digit is lost when a spreadsheet program opens them."""

import csv
import io

import pytest
import python_calamine

from lian_desk.services.safe_sheets import csv_table, keeps_its_digits, safe_cell, xlsx_table

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
