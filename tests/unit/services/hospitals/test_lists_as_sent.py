"""Hospital lists as hospitals, insurers and offices send them: titles, totals, notes, sections, encodings, JSON of any shape."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lian_desk.adapters.tables.book import read_book
from lian_desk.adapters.tables.reading import find_table
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.hospitals.list_files import HOSPITAL_LIST, read_hospital_file
from lian_desk.services.words.hospital_words import NotUnderstood, read_place

HEADS = ["序号", "医院名称", "省份", "城市", "等级", "列入日期"]
DAY = date(2025, 1, 3)
Row = Sequence[object]


def entry(number: int) -> Row:
    return [number, f"第{number}人民医院", "江苏省", "南京市", "三级甲等", DAY]


def sheet(
    folder: Path, rows: Sequence[Row], more: Callable[[Any, Any], object] | None = None, **options: object
) -> Path:
    path = folder / "list.xlsx"
    book = xlsxwriter.Workbook(str(path), options)
    made, day = book.add_worksheet("名单"), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                made.write_datetime(at, place, value, day)
            elif value is not None:
                made.write(at, place, value)
    if more is not None:
        more(made, book)
    book.close()
    return path


def read(path: Path) -> list[tuple[str, str]]:
    """Return name and city of each entry; none has a fault."""
    rows = read_hospital_file(path)
    assert [row.problem for row in rows if row.problem] == []
    return [(row.hospital.name, row.hospital.city) for row in rows if row.hospital is not None]


TWO = [("第1人民医院", "南京市"), ("第2人民医院", "南京市")]


def hide(made: Any, _book: Any) -> None:
    made.set_row(1, None, None, {"hidden": True})
    made.set_column(2, 2, None, None, {"hidden": True})


@pytest.mark.parametrize(
    ("rows", "more", "options"),
    [
        ([["利安人寿合作医院名单"], ["制表：张三"], [], HEADS, entry(1), entry(2)], None, {}),
        ([HEADS, entry(1), entry(2), [], [None, "  ", ""]], None, {}),
        ([HEADS, entry(1), entry(2)], None, {"date_1904": True}),
        ([HEADS, entry(1), entry(2)], hide, {}),
        ([["序号", "医院", None, None, None, "日期"], HEADS, entry(1), entry(2)], None, {}),
        ([[f"{head} " for head in HEADS], entry(1), entry(2)], None, {}),
        ([HEADS, ["一、江苏省"], entry(1), ["二、安徽省"], entry(2), ["合计", "2家"]], None, {}),
        ([HEADS, entry(1), ["第1页，共2页"], HEADS, entry(2), ["第 2 页 共 2 页"]], None, {}),
        (
            [HEADS, entry(1), entry(2), ["合计", 2], ["注：以上医院以官网为准"], ["制表人：李", "", "审核人：王"]],
            None,
            {},
        ),
        ([HEADS, entry(1), entry(2), ["", "总计", "", "2"], ["", "备注：自2026年起执行"], ["小 计", "2家"]], None, {}),
    ],
)
def test_two_hospitals_whatever_stands_around_them(
    tmp_path: Path, rows: Sequence[Row], more: Callable[[Any, Any], object] | None, options: dict[str, object]
) -> None:
    path = sheet(tmp_path, rows, more, **options)
    assert read(path) == TWO
    assert {row.hospital.on_list_from for row in read_hospital_file(path) if row.hospital} == {DAY}


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = sheet(tmp_path, [HEADS, ["一、江苏省"], entry(1), ["合计", 1]])
    found = find_table(read_book(path), HOSPITAL_LIST)
    assert [row.number for row in found.left_out] == [2, 4]
    assert found.words.endswith("；第 2、4 行是合计、说明或分段标题，没有读取")


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "总医院", "江苏省", "南京市", "三甲"],
        [None, "某院"],
        ["一、", "某院", "江苏省"],
        ["注意力医院", "某院", "江苏省"],
    ],
)
def test_an_entry_is_never_left_out(tmp_path: Path, row: Row) -> None:
    assert len(read_hospital_file(sheet(tmp_path, [HEADS, entry(1), row]))) == 2


def test_a_heading_that_stands_twice_is_said(tmp_path: Path) -> None:
    path = sheet(tmp_path, [["医院名称", "城市", "城市", "等级"], ["某院", "南京市", "", "三甲"]])
    assert read(path) == [("某院", "南京市")]
    assert "“城市”有几列，读取最左边一列" in find_table(read_book(path), HOSPITAL_LIST).words


def test_a_level_merged_over_two_rows(tmp_path: Path) -> None:
    rows = [["医院名称", "城市", "等级"], ["甲院", "南京市", "三甲"], ["乙院", "南京市", None]]
    path = sheet(tmp_path, rows, lambda made, _book: made.merge_range("C2:C3", "三甲"))
    assert read(path) == [("甲院", "南京市"), ("乙院", "南京市")]


TEXT = "合作医院名单\r\n\r\n医院名称{0}城市{0}等级\r\n甲院{0}南京市{0}三甲\r\n合计{0}1{0}\r\n注：仅供参考\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_text_in_every_usual_encoding(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT.format(sign).encode(encoding))
    assert read(path) == [("甲院", "南京市")]


A, B = {"医院名称": "甲院", "城市": "南京", "等级": "三甲"}, {"医院名称": "乙院", "城市": "苏州", "等级": "三甲"}
LINES = [list(A), list(A.values()), list(B.values())]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([A, B], ensure_ascii=False),
        json.dumps({"code": 0, "data": {"list": [A, B], "total": 2}}, ensure_ascii=False),
        json.dumps(LINES, ensure_ascii=False),
        json.dumps({"columns": LINES[0], "rows": LINES[1:]}, ensure_ascii=False),
        json.dumps({key: [A[key], B[key]] for key in A}, ensure_ascii=False),
        "\n".join(json.dumps(one, ensure_ascii=False) for one in (A, B)),
    ],
)
def test_json_of_every_usual_shape(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(text, encoding="utf-8")
    assert read(path) == [("甲院", "南京市"), ("乙院", "苏州市")]


def test_true_is_no_code_and_an_object_is_no_name(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    rows = [A | {"编号": True}, A | {"医院名称": {"cn": "甲院"}}, A | {"编号": False}]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    assert [(row.problem, row.at) for row in read_hospital_file(path)] == [
        ("编号“true”是逻辑值（真或假），应为文字", "code"),
        ("医院名称里面还有一层数据；请在这里填写", "name"),
        ("编号“false”是逻辑值（真或假），应为文字", "code"),
    ]
    (row,) = read_hospital_file(
        sheet(tmp_path, [["编号", "医院名称", "城市", "等级"], [True, "甲院", "南京市", "三甲"]])
    )
    assert row.problem == "编号“TRUE”是逻辑值（真或假），应为文字"


def test_a_list_without_a_city_names_no_row_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"南京市": [{"name": "甲院", "level": "三甲"}]}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as refused:
        read_hospital_file(path)
    assert refused.value.code is ErrorCode.IMPORT_COLUMNS_MISSING
    assert refused.value.parameters == {"missing": "城市（读取的是工作表“南京市”）"}


# ------------------------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        (("温州", "浙江"), ("温州市", "浙江省")),
        (("温州市", "浙江省"), ("温州市", "浙江省")),
        (("浙江温州", ""), ("温州市", "浙江省")),
        (("浙江省温州市", "浙江"), ("温州市", "浙江省")),
        (("温州市鹿城区", "浙江"), ("温州市", "浙江省")),
        (("南宁", "广西"), ("南宁市", "广西壮族自治区")),
        (("呼和浩特", "内蒙古"), ("呼和浩特市", "内蒙古自治区")),
        (("喀什", "新疆"), ("喀什地区", "新疆维吾尔自治区")),
        (("喀什市", "新疆"), ("喀什市", "新疆维吾尔自治区")),
        (("延边", "吉林"), ("延边朝鲜族自治州", "吉林省")),
        (("延边州", "吉林省"), ("延边朝鲜族自治州", "吉林省")),
        (("海南州", "青海"), ("海南藏族自治州", "青海省")),
        (("锡林郭勒盟", "内蒙古"), ("锡林郭勒盟", "内蒙古自治区")),
        (("大兴安岭", "黑龙江"), ("大兴安岭地区", "黑龙江省")),
        (("吉林", "吉林"), ("吉林市", "吉林省")),
        (("海口", "海南"), ("海口市", "海南省")),
        (("香港", ""), ("香港特别行政区", "香港特别行政区")),
        (("雄安新区", "河北省"), ("雄安新区", "河北省")),
        (("雄安", "河北"), ("雄安新区", "河北省")),
        (("保定市雄安新区", "河北省"), ("雄安新区", "河北省")),
        (("河北雄安新区", ""), ("雄安新区", "河北省")),
        (("南京", "江苏"), ("南京市", "江苏省")),
        (("重庆市", "市辖区"), ("重庆市", "重庆市")),
        (("市辖区", "重庆"), ("重庆市", "重庆市")),
        (("两江新区", "重庆"), ("重庆市", "重庆市")),
    ],
)
def test_one_place_has_one_name(written: tuple[str, str], usual: tuple[str, str]) -> None:
    found = read_place(*written)
    assert (found.city, found.province) == usual


@pytest.mark.parametrize(
    ("city", "province", "words"),
    [
        ("温州", "", "请补充省份"),
        ("浙江", "", "“浙江”是省份，请写明是哪个市"),
        ("浙江省", "温州", "“浙江省”是省份，请写明是哪个市"),
        ("雄安新区", "江苏省", "雄安新区属于河北省，与所填省份“江苏省”不符"),
        ("鹿城区", "浙江省", "请写明所属的市"),
    ],
)
def test_what_is_no_city_is_said(city: str, province: str, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        read_place(city, province)
