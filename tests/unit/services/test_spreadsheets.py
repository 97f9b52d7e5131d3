"""A workbook from outside is read within bounds; nothing in it is calculated."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services import spreadsheets
from lian_desk.services.spreadsheets import Cell, check_workbook, read_sheet


def workbook(rows: list[list[object]], tmp_path: Path, formula: str = "") -> Path:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value, day)
            else:
                sheet.write(at, place, value)
    if formula:
        sheet.write_formula(len(rows), 0, formula, None, "保存的文字")
    book.close()
    return path


def repacked(source: Path, changes: dict[str, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compress) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target.getvalue()


def test_cells_keep_what_they_are(tmp_path: Path) -> None:
    path = workbook([["编号", "名称"], [], ["0012", 12], ["x", date(2026, 11, 1)], [True, 1.5]], tmp_path)
    rows = read_sheet(path)
    assert [row.number for row in rows] == [1, 3, 4, 5]
    assert rows[1].cells == (Cell("0012"), Cell("12", is_number=True))
    assert rows[2].cells == (Cell("x"), Cell("2026-11-01"))
    assert rows[3].cells == (Cell("是"), Cell("1.5", is_number=True))


def test_a_formula_counts_as_the_text_that_was_stored_with_it(tmp_path: Path) -> None:
    path = workbook([["医院名称"]], tmp_path, '=WEBSERVICE("x")')
    assert read_sheet(path)[1].cells[0] == Cell("保存的文字")


def test_a_formula_in_a_csv_is_only_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("# 说明\n编号;名称\n=1+1;甲\n", encoding="utf-8")
    rows = read_sheet(path)
    assert [(row.number, row.cells) for row in rows] == [
        (2, (Cell("编号"), Cell("名称"))),
        (3, (Cell("=1+1"), Cell("甲"))),
    ]


def refused(content: bytes) -> tuple[ErrorCode, str]:
    with pytest.raises(EnvironmentProblem) as caught:
        check_workbook(content)
    return caught.value.code, str(caught.value.parameters["detail"])


def test_a_bomb_is_stopped_by_its_size_and_by_its_ratio(tmp_path: Path) -> None:
    path = workbook([["名称"]], tmp_path)
    big = repacked(path, {"xl/media/x.bin": bytes(101_000_000)}, zipfile.ZIP_DEFLATED)
    assert refused(big) == (ErrorCode.IMPORT_FILE_TOO_LARGE, "解压后超过 100 MB")
    dense = repacked(path, {"xl/media/x.bin": bytes(30_000_000)}, zipfile.ZIP_DEFLATED)
    assert refused(dense) == (ErrorCode.IMPORT_FILE_TOO_LARGE, "压缩比超过 100")


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = workbook([["名称"]], tmp_path)
    content = bytearray(repacked(path, {"xl/media/x.bin": bytes(30_000_000)}))
    honest = (30_000_000).to_bytes(4, "little")
    assert honest in content
    while (at := content.find(honest)) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    code, _detail = refused(bytes(content))
    assert code is ErrorCode.IMPORT_FILE_UNREADABLE


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<row r=\"1\"><c r = 'XFD1'><v>1</v></c></row>", ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c t="a>b" r="XFD1"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<x:row><x:c r="XFD9"/></x:row>', ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>', ErrorCode.IMPORT_FILE_UNREADABLE),
        (b"<row>" + b"<c><v>1</v></c>" * 70 + b"</row>", ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<row/>" * 50_001, ErrorCode.IMPORT_FILE_TOO_LARGE),
        (b"<!DOCTYPE x>", ErrorCode.IMPORT_FILE_UNREADABLE),
    ],
)
def test_cells_far_out_never_reach_the_reader(tmp_path: Path, sheet: bytes, code: ErrorCode) -> None:
    path = workbook([["名称"]], tmp_path)
    assert refused(repacked(path, {SHEET: HEAD + sheet + TAIL}, zipfile.ZIP_STORED))[0] is code


def test_a_place_cut_by_the_reading_is_still_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_CHUNK", 7)
    path = workbook([["名称"]], tmp_path)
    content = repacked(path, {SHEET: HEAD + b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + TAIL})
    assert refused(content)[0] is ErrorCode.IMPORT_FILE_TOO_LARGE
    check_workbook(path.read_bytes())


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 old", b"\x00\x01binary", b'name\n"unclosed\n\r\r"x"y'],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    if content.startswith(b"name"):
        assert read_sheet(path)
        return
    with pytest.raises(EnvironmentProblem) as caught:
        read_sheet(path)
    assert caught.value.code is ErrorCode.IMPORT_FILE_UNREADABLE


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(EnvironmentProblem) as caught:
        read_sheet(path)
    assert caught.value.code is ErrorCode.IMPORT_FILE_UNREADABLE
