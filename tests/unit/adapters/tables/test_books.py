"""A table file from outside is read within bounds, whatever office program wrote it; nothing in it is calculated."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from lian_desk.adapters.tables import book, workbook_guard
from lian_desk.adapters.tables.cells import Cell, SheetRow
from lian_desk.adapters.tables.workbook_guard import look_through
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from tests.table_files import CASES, workbook

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def repacked(source: Path, changes: dict[str, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compress) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target.getvalue()


def rows_of(path: Path, sheet: int = 0) -> tuple[SheetRow, ...]:
    return book.read_book(path).sheets[sheet].rows


def test_cells_keep_what_they_are(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["编号", "名称"], [], ["0012", 12], ["x", date(2026, 11, 1)], [True, 1.5]])
    rows = rows_of(path)
    assert [row.number for row in rows] == [1, 3, 4, 5]
    assert rows[1].cells == (Cell("0012"), Cell("12", is_number=True))
    assert rows[2].cells == (Cell("x"), Cell("2026-11-01", day=date(2026, 11, 1)))
    assert rows[3].cells == (Cell("TRUE", is_answer=True), Cell("1.5", is_number=True))


def test_a_formula_counts_as_the_text_that_was_stored_with_it(tmp_path: Path) -> None:
    def add(sheet, _book):
        sheet.write_formula(1, 0, '=WEBSERVICE("x")', None, "保存的文字")

    assert rows_of(workbook(tmp_path, [["医院名称"]], add))[1].cells[0] == Cell("保存的文字")


def test_a_formula_without_its_result_is_a_fault_and_not_an_empty_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["甲", "乙"], ["x", 1], ["y", 2]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    changed = sheet.replace('<c r="B3"><v>2</v></c>', '<c r="B3"><f>1+1</f><v></v></c><c r="D3"><f>A1</f></c>')
    assert changed != sheet
    found = book.read_sheets(repacked(path, {SHEET: changed.encode()}))[0]
    assert found.rows[2].cell(1) == found.rows[2].cell(3) == Cell(fault=workbook_guard.UNSAVED)
    assert found.rows[2].cell(2) == Cell()


def test_an_error_value_is_a_fault(tmp_path: Path) -> None:
    def add(sheet, _book):
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")

    cell = rows_of(workbook(tmp_path, [["甲"]], add))[1].cell(0)
    assert cell == Cell(fault=workbook_guard.ERROR_VALUE)


def test_merged_cells_fill_every_row_with_content_of_its_own(tmp_path: Path) -> None:
    def add(sheet, _book):
        sheet.merge_range("B2:B9", "江苏省")
        sheet.merge_range("C2:D2", "北京市")
        sheet.merge_range("A12:D12", "")

    rows = rows_of(workbook(tmp_path, [["名称", "省", "市", "区"], ["一"], ["二"], [], ["三"]], add))
    assert [(row.number, row.cell(1).text) for row in rows] == [(1, "省"), (2, "江苏省"), (3, "江苏省"), (5, "江苏省")]
    assert [cell.text for cell in rows[1].cells] == ["一", "江苏省", "北京市", "北京市"]


def test_a_merged_range_over_the_whole_sheet_fills_only_what_is_there(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [["名称", "编号", "省"], ["一", "1"], ["二", "2"]],
        lambda sheet, _book: sheet.merge_range("C2:C3", "江苏省"),
    )
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    assert b'ref="C2:C3"' in sheet
    content = repacked(path, {SHEET: sheet.replace(b'ref="C2:C3"', b'ref="C2:XFD1048576"')})
    rows = book.read_sheets(content)[0].rows
    assert [[cell.text for cell in row.cells] for row in rows[1:]] == [["一", "1", "江苏省"], ["二", "2", "江苏省"]]


def test_sheets_keep_their_order_and_say_whether_they_are_hidden(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name in ("说明", "名单", "旧"):
        made.add_worksheet(name).write(0, 0, name)
    made.get_worksheet_by_name("旧").hide()
    made.close()
    sheets = book.read_book(path).sheets
    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("说明", False), ("名单", False), ("旧", True)]


@pytest.mark.parametrize("place", [(1_048_575, 0), (0, 16_383), (1_048_575, 16_383)])
def test_a_colour_at_the_end_of_the_sheet_is_nothing(tmp_path: Path, place: tuple[int, int]) -> None:
    def add(sheet, made):
        sheet.write_blank(*place, None, made.add_format({"bg_color": "yellow"}))

    assert len(rows_of(workbook(tmp_path, [["名称"], ["一"]], add))) == 2


@pytest.mark.parametrize(
    ("place", "words"),
    [((50_000, 0), "第 50,001 行有内容"), ((0, 64), "BM 列有内容"), ((1_048_575, 0), "第 1,048,576 行有内容")],
)
def test_a_filled_cell_far_out_is_named(tmp_path: Path, place: tuple[int, int], words: str) -> None:
    path = workbook(tmp_path, [["名称"]], lambda sheet, _made: sheet.write(*place, "x"))
    with pytest.raises(EnvironmentProblem) as caught:
        book.read_book(path)
    assert caught.value.code is ErrorCode.IMPORT_FILE_TOO_LARGE
    assert words in str(caught.value.parameters["detail"])


def test_the_last_row_and_column_that_are_read(tmp_path: Path) -> None:
    assert len(rows_of(workbook(tmp_path, [["名称"]], lambda sheet, _made: sheet.write(49_999, 63, "x")))) == 2


# ----------------------------------------------------------------------------------------------------------- bombs


def refused(content: bytes, read: Callable[[bytes], object] = look_through) -> tuple[ErrorCode, str]:
    with pytest.raises(EnvironmentProblem) as caught:
        read(content)
    return caught.value.code, str(caught.value.parameters["detail"])


def test_a_bomb_is_stopped_by_its_size_and_by_its_ratio(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["名称"]])
    big = repacked(path, {"xl/media/x.bin": bytes(101_000_000)})
    assert refused(big) == (ErrorCode.IMPORT_FILE_TOO_LARGE, "解压后超过 100 MB")
    dense = repacked(path, {"xl/media/x.bin": bytes(30_000_000)})
    assert refused(dense) == (ErrorCode.IMPORT_FILE_TOO_LARGE, "压缩比超过 100")


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["名称"]])
    content = bytearray(repacked(path, {"xl/media/x.bin": bytes(30_000_000)}))
    honest = (30_000_000).to_bytes(4, "little")
    assert honest in content
    while (at := content.find(honest)) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    assert refused(bytes(content))[0] is ErrorCode.IMPORT_FILE_UNREADABLE


def test_one_long_text_that_many_cells_name_is_counted_each_time(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["x" * 30_000] * 60] * 60)
    assert "百万字" in refused(path.read_bytes())[1]
    look_through(workbook(tmp_path, [["x" * 30_000] * 50] * 60).read_bytes())


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<row r=\"1\"><c r = 'XFD1'><v>1</v></c></row>", ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c t="a>b" r="XFD1"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c r="BM1" t="inlineStr"><is><t>x</t></is></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c r="BM1"><f>1</f></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<row>" + b"<c><v>1</v></c>" * 70 + b"</row>", ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<row/>" * 50_000 + b"<row><c><v>1</v></c></row>", ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="' + b"9" * 5000 + b'"/>', ErrorCode.IMPORT_FILE_UNREADABLE),
        (b'<row><c r="AAAAA1"/></row>', ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"<a>" * 80, ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"<row>", ErrorCode.IMPORT_FILE_UNREADABLE),
    ],
)
def test_what_no_office_program_writes_never_reaches_the_reader(tmp_path: Path, sheet: bytes, code: ErrorCode) -> None:
    path = workbook(tmp_path, [["名称"]])
    assert refused(repacked(path, {SHEET: HEAD + sheet + TAIL}, zipfile.ZIP_STORED))[0] is code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    words = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData>&a;</sheetData></worksheet>'
    path = workbook(tmp_path, [["名称"]])
    content = repacked(path, {SHEET: words.encode(encoding)}, zipfile.ZIP_STORED)
    assert "不寻常" in refused(content)[1]


def test_a_sheet_under_any_name_is_looked_through(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["名称"]])
    part = HEAD + b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + TAIL
    assert refused(repacked(path, {"xl/else.bin": part}))[0] is ErrorCode.IMPORT_FILE_TOO_LARGE


def test_a_place_cut_by_the_reading_is_still_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "_CHUNK", 7)
    path = workbook(tmp_path, [["名称"]])
    content = repacked(path, {SHEET: HEAD + b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + TAIL})
    assert refused(content)[0] is ErrorCode.IMPORT_FILE_TOO_LARGE
    look_through(path.read_bytes())


# ------------------------------------------------------------------------------------------------------------- XLS


def old() -> bytearray:
    return bytearray((CASES / "hospital_lists" / "25_old_workbook.xls").read_bytes())


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    sheets = book.read_sheets(bytes(old()))
    assert [sheet.name for sheet in sheets] == ["填写说明", "名单"]
    assert [cell.text for cell in sheets[1].rows[2].cells] == [
        "1",
        "样例市第一人民医院",
        "江苏省",
        "南京市",
        "三级甲等",
        "2025-01-03",
    ]
    assert sheets[1].rows[3].cell(3) == Cell("南京市")


def test_an_old_workbook_that_ends_its_reader_does_not_end_the_desk() -> None:
    content = old()
    # the number of a format record, blown up: the reader asks for memory that no machine has and is gone
    damaged = 0
    for at in range(0, len(content), 97):
        broken = bytearray(content)
        broken[at : at + 4] = b"\xff\xff\xff\x7f"
        try:
            book.read_sheets(bytes(broken))
        except EnvironmentProblem as problem:
            assert problem.code in {ErrorCode.IMPORT_FILE_UNREADABLE, ErrorCode.IMPORT_FILE_TOO_LARGE}  # noqa: PT017
            damaged += 1
    assert damaged > 5


def test_a_cell_of_an_old_workbook_far_out_is_refused() -> None:
    content = old()
    # the number 1 of the first row: record 0x0203 or 0x027E at row 3, column 0
    for kind in (0x0203, 0x027E):
        mark = struct.pack("<H", kind)
        at = content.find(mark + struct.pack("<H", 10 if kind == 0x027E else 14) + struct.pack("<HH", 3, 0))
        if at >= 0:
            content[at + 6 : at + 8] = struct.pack("<H", 200)
            break
    else:
        pytest.fail("the fixture holds no number")
    assert refused(bytes(content), book.read_sheets)[0] is ErrorCode.IMPORT_FILE_TOO_LARGE


def test_a_password_of_an_old_workbook_is_named() -> None:
    content = old()
    # the record of a window becomes the mark of an encrypted stream
    at = content.find(struct.pack("<HH", 0x003D, 18))
    assert at > 0
    content[at : at + 2] = struct.pack("<H", 0x002F)
    assert "有密码" in refused(bytes(content), book.read_sheets)[1]


# ------------------------------------------------------------------------------------------------------------ text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-16-le-bom", "utf-16-be-bom"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_text_in_every_usual_encoding_and_with_every_usual_sign(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [("医院名称", "城市", "等级"), ("𠮷林医院", "南京市", "三甲"), ("㛃氏医院、分院", "苏州市", "三甲")]
    text = "\r\n".join(delimiter.join(line) for line in lines) + "\r\n"
    plain = encoding.removesuffix("-bom")
    mark = {"utf-16-le-bom": b"\xff\xfe", "utf-16-be-bom": b"\xfe\xff"}.get(encoding, b"")
    path = tmp_path / "list.txt"
    path.write_bytes(mark + text.encode(plain))
    if plain in {"utf-16-le", "utf-16-be"} and not mark:
        text = text.replace("𠮷", "吉")
        path.write_bytes(text.encode(plain))
    rows = rows_of(path)
    assert [row.number for row in rows] == [1, 2, 3]
    assert [cell.text for cell in rows[2].cells] == ["㛃氏医院、分院", "苏州市", "三甲"]


def test_commas_inside_a_table_of_tabs_part_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("名称\t别名\n甲,乙,丙\t一,二\n丁\t三,四,五\n", encoding="utf-8")
    assert [len(row.cells) for row in rows_of(path)] == [2, 2, 2]


def test_a_remark_and_a_formula_in_text_are_only_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('# 说明\n编号;名称\n=1+1;"甲\n乙"\n', encoding="utf-8")
    assert [(row.number, row.cells) for row in rows_of(path)] == [
        (2, (Cell("编号"), Cell("名称"))),
        (3, (Cell("=1+1"), Cell("甲\n乙"))),
    ]


def test_lists_of_objects_are_tables(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('{"version": 1, "hospitals": [{"name": "甲", "on": true}, {"name": "乙", "code": 7}]}', "utf-8")
    (sheet,) = book.read_book(path).sheets
    assert sheet.name == "hospitals"
    assert [[cell.text for cell in row.cells] for row in sheet.rows] == [
        ["name", "on", "code"],
        ["甲", "true", ""],
        ["乙", "", "7"],
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 not a zip", "损坏"),
        (b"\xd0\xcf\x11\xe0 old", "损坏"),
        (b"\x00\x01binary", "编码"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'{"a": [', "JSON"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as caught:
        book.read_book(path)
    assert caught.value.code is ErrorCode.IMPORT_FILE_UNREADABLE
    assert words in str(caught.value.parameters["detail"])


@pytest.mark.parametrize(
    ("names", "words"),
    [(("a.txt",), "压缩包"), (("mimetype", "content.xml"), "ODS"), (("xl/workbook.bin",), "XLSB")],
)
def test_a_zip_that_is_no_workbook_says_what_it_is(tmp_path: Path, names: tuple[str, ...], words: str) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(EnvironmentProblem) as caught:
        book.read_book(path)
    assert words in str(caught.value.parameters["detail"])


def test_an_error_value_of_an_old_workbook_is_a_fault() -> None:
    cells = book.read_sheets(bytes(old()))[1].rows[4].cells
    assert cells[3:5] == (Cell("南京市"), Cell(fault=workbook_guard.ERROR_VALUE))
