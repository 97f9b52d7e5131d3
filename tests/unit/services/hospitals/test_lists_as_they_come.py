"""Hospital lists as offices make them: each file that once failed, with its right rows, and more of the same kinds."""

import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from lian_desk.adapters.tables.book import read_book
from lian_desk.adapters.tables.reading import TableChoice, find_table
from lian_desk.adapters.tables.schema import fingerprint
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import HospitalLevel, HospitalSpecialty
from lian_desk.services.hospitals.list_files import HOSPITAL_LIST, ListedHospital, read_hospital_file
from tests.table_files import CASES, workbook

LISTS = CASES / "hospital_lists"
A, T, SECOND = HospitalLevel.CLASS_A_TERTIARY, HospitalLevel.OTHER_TERTIARY, HospitalLevel.SECONDARY
GENERAL, CANCER = HospitalSpecialty.GENERAL, HospitalSpecialty.CANCER
TCM, OTHER = HospitalSpecialty.TRADITIONAL_CHINESE_MEDICINE, HospitalSpecialty.OTHER
THREE = [
    ("样例市第一人民医院", "南京市", A, GENERAL),
    ("样例省肿瘤医院", "苏州市", A, CANCER),
    ("样例大学附属医院", "合肥市", A, GENERAL),
]


def read(name: str) -> tuple[ListedHospital, ...]:
    return read_hospital_file(LISTS / name)


def what(rows: tuple[ListedHospital, ...]) -> list[tuple[str, str, HospitalLevel, HospitalSpecialty]]:
    assert [row.problem for row in rows if row.problem] == []
    found = [row.hospital for row in rows if row.hospital is not None]
    return [(one.name, one.city, one.level, one.specialty) for one in found]


def faults(rows: tuple[ListedHospital, ...]) -> dict[int, str]:
    return {row.number: row.problem for row in rows if row.problem}


@pytest.mark.parametrize(
    "name",
    [
        "03_utf16_tab.txt",
        "08_other_headings.xlsx",
        "13_number_codes.xlsx",
        "15_notes_first_sheet.xlsx",
        "17_stray_format_last_row.xlsx",
        "18_stray_format_last_column.xlsx",
        "24_fullwidth_heads.xlsx",
    ],
)
def test_three_hospitals_whatever_office_wrote_them(name: str) -> None:
    assert what(read(name)) == THREE


def test_merged_province_and_city_belong_to_every_row_below() -> None:
    rows = read("07_merged_province_city.xlsx")
    assert [one.city for one in (row.hospital for row in rows) if one] == ["南京市", "南京市", "南京市", "苏州市"]
    assert {one.province for one in (row.hospital for row in rows) if one} == {"江苏省"}


def test_levels_and_specialties_as_people_write_them() -> None:
    found = what(read("09_levels.xlsx"))
    assert [level for _name, _city, level, _specialty in found] == [A] * 9 + [T, T] + [A] * 3
    assert [specialty for *_rest, specialty in found] == [
        *(GENERAL, CANCER, CANCER, GENERAL, GENERAL, GENERAL, GENERAL, GENERAL, CANCER, GENERAL),
        *(OTHER, OTHER, OTHER, OTHER),
    ]


def test_cities_as_people_write_them() -> None:
    assert [city for _name, city, _level, _specialty in what(read("10_cities.xlsx"))] == [
        *("北京市", "北京市", "上海市", "南京市", "南京市", "广州市", "苏州市", "昆山市"),
        *("阿坝藏族羌族自治州", "湘西土家族苗族自治州", "济南市", "天津市", "济源市", "苏州市", "深圳市"),
    ]


def test_days_as_people_write_them() -> None:
    rows = read("11_dates.xlsx")
    assert faults(rows) == {12: "列入日期“2025年1月”没有写明哪一日，应写作 2026-11-01"}
    assert {row.hospital.on_list_from for row in rows if row.hospital} == {date(2025, 1, 3)}


def test_what_nobody_sees_is_dropped() -> None:
    names = [name for name, *_rest in what(read("12_blanks.xlsx"))]
    assert names == [f"样例市第{number}人民医院" for number in "一二三四五"]


def test_numbers_of_a_column_of_numbers_are_codes() -> None:
    assert [row.hospital.code for row in read("13_number_codes.xlsx") if row.hospital] == ["1", "2", "3"]


def test_an_old_workbook_is_a_list_too() -> None:
    rows = read("25_old_workbook.xls")
    assert [row.hospital and (row.hospital.city, row.hospital.level, row.hospital.on_list_from) for row in rows] == [
        ("南京市", A, date(2025, 1, 3)),
        ("南京市", A, date(2025, 1, 3)),
        None,
    ]
    assert rows[2].problem.startswith("等级是公式的错误值")
    assert rows[2].at == "level"


# ------------------------------------------------------------------------------------------- more of the same kinds


def test_the_sheet_and_the_row_of_headings_are_found_and_named(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").write_row(0, 0, ["医院名称：见后", "城市", "等级说明"])
    old = book.add_worksheet("2025年")
    old.write_row(0, 0, ["医院名称", "城市", "等级", "专科", "别名", "编号"])
    old.write_row(1, 0, ["旧院", "南京市", "三甲"])
    old.hide()
    sheet = book.add_worksheet("名单")
    sheet.merge_range("A1:F2", "利安人寿合作医院名单（2026年10月）")
    sheet.merge_range("B4:C4", "所在地区")
    sheet.merge_range("A4:A5", "医院名称")
    sheet.merge_range("D4:D5", "医院级别")
    sheet.write_row(4, 1, ["省份", "城市"])
    sheet.write_row(5, 0, ["新院", "江苏省", "南京市", "三级甲等"])
    sheet.write_row(6, 0, ["医院名称", "省份", "城市", "医院级别"])
    sheet.write_row(7, 0, ["次院", "江苏省", "苏州市", "三级甲等"])
    book.close()
    found = find_table(read_book(path), HOSPITAL_LIST)
    assert found.words == (
        "读取工作表“名单”，第 5 行为表头（认出 医院名称、省份、城市、等级）；工作表“2025年”也是清单，请逐一导入"
    )
    assert [row.number for row in found.body] == [6, 8], "the headings once more are no hospital"
    chosen = find_table(read_book(path), HOSPITAL_LIST, TableChoice(sheet=1))
    assert chosen.words.startswith("读取工作表“2025年”（隐藏的工作表），第 1 行为表头")
    assert find_table(read_book(path), HOSPITAL_LIST, TableChoice(sheet=2, head=1)).missing == (
        "医院名称",
        "城市",
        "等级",
    )
    assert [row.hospital and row.hospital.city for row in read_hospital_file(path)] == ["南京市", "苏州市"]


def test_of_two_lists_alike_the_longer_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, count in (("模板", 1), ("江苏", 3), ("河南", 2)):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["医院名称", "城市", "等级"])
        for row in range(count):
            sheet.write_row(row + 1, 0, [f"{name}{row}院", "南京市", "三甲"])
    book.close()
    words = find_table(read_book(path), HOSPITAL_LIST).words
    assert words.startswith("读取工作表“江苏”")
    assert words.endswith("工作表“模板”、“河南”也是清单，请逐一导入")


HEADS = ["医院名称", "省份", "城市", "等级", "专科", "列入日期", "移出日期", "编号"]


def one(tmp_path: Path, **cells: object) -> ListedHospital:
    usual: dict[str, object] = {"医院名称": "样例医院", "省份": "江苏省", "城市": "南京市", "等级": "三甲"}
    values = usual | cells
    heads = [*HEADS, *(name for name in values if name not in HEADS)]
    (row,) = read_hospital_file(workbook(tmp_path, [heads, [values.get(head, "") for head in heads]]))
    return row


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("三级甲等", A),
        ("三级甲", A),
        ("三甲医院", A),
        ("三级甲等医院", A),
        ("三级（甲等）", A),
        ("三级-甲等", A),
        ("ＩＩＩ级甲等", A),
        ("III级甲等", A),
        ("三等甲级", A),
        ("三级甲等中医医院", A),
        ("三级甲等妇幼保健院", A),
        ("三级甲等 肿瘤专科", A),
        ("三级乙等", T),
        ("三乙", T),
        ("三级", T),
        ("三级医院", T),
        ("三级未定等", T),
        ("三级专科医院", T),
        ("二级甲等", SECOND),
        ("Ⅱ级甲等", SECOND),
        ("二甲", SECOND),
        ("一级", HospitalLevel.OTHER),
        ("未定级", HospitalLevel.OTHER),
        ("class_a_tertiary", A),
    ],
)
def test_every_spelling_of_a_level(tmp_path: Path, level: str, expected: HospitalLevel) -> None:
    row = one(tmp_path, 等级=level)
    assert row.problem == ""
    assert row.hospital is not None
    assert row.hospital.level is expected


@pytest.mark.parametrize(
    "level",
    [
        "非三甲",
        "拟评三甲",
        "准三甲",
        "三级（参照三甲管理）",
        "三甲待评",
        "三级甲等（创建中）",
        "甲等",
        "3",
        "特级",
        "四级甲等",
        "三",
        "A",
    ],
)
def test_a_level_that_is_not_wholly_understood_is_a_fault(tmp_path: Path, level: str) -> None:
    row = one(tmp_path, 等级=level)
    assert (row.hospital, row.at) == (None, "level")
    assert f"“{level}”" in row.problem


def test_tier_and_grade_in_columns_of_their_own(tmp_path: Path) -> None:
    found = one(tmp_path, 等级="三级", 等次="甲等").hospital
    assert found is not None
    assert found.level is A
    assert "对不上" in one(tmp_path, 等级="三级乙等", 等次="甲等").problem
    assert "对不上" in one(tmp_path, 等级="三级", 等次="优秀").problem


@pytest.mark.parametrize(
    ("specialty", "expected"),
    [
        ("", GENERAL),
        ("综合性医院", GENERAL),
        ("综合（含肿瘤）", GENERAL),
        ("肿瘤", CANCER),
        ("肿瘤专科医院", CANCER),
        ("专科（肿瘤）", CANCER),
        ("中西医结合医院", TCM),
        ("儿童", HospitalSpecialty.CHILDREN),
        ("妇女儿童", OTHER),
        ("妇幼保健院", OTHER),
        ("耳鼻喉", OTHER),
        ("专科", OTHER),
        ("毒理科", OTHER),
        ("公立", GENERAL),
        ("民营非营利性", GENERAL),
    ],
)
def test_every_spelling_of_a_specialty(tmp_path: Path, specialty: str, expected: HospitalSpecialty) -> None:
    row = one(tmp_path, 专科=specialty)
    assert row.problem == ""
    assert row.hospital is not None
    assert row.hospital.specialty is expected


@pytest.mark.parametrize("specialty", ["非肿瘤", "肿瘤、心血管", "拟设肿瘤科", "不详", "甲"])
def test_cancer_is_never_guessed(tmp_path: Path, specialty: str) -> None:
    row = one(tmp_path, 专科=specialty)
    assert (row.hospital, row.at) == (None, "specialty")


def test_the_words_of_a_level_name_a_specialty_where_nothing_else_does(tmp_path: Path) -> None:
    for level, expected in (("三级甲等肿瘤专科医院", CANCER), ("三级甲等专科", OTHER), ("三级甲等综合医院", GENERAL)):
        found = one(tmp_path, 等级=level).hospital
        assert found is not None
        assert found.specialty is expected


@pytest.mark.parametrize(
    ("province", "city", "county", "expected"),
    [
        ("北京市", "市辖区", "", "北京市"),
        ("北京", "", "", "北京市"),
        ("上海", "县", "崇明区", "上海市"),
        ("天津市", "和平区", "", "天津市"),
        ("上海市", "上海市市辖区", "", "上海市"),
        ("重庆市", "市辖区", "渝中区", "重庆市"),
        ("重庆", "万州区", "", "重庆市"),
        ("", "重庆", "", "重庆市"),
        ("江苏", "苏州（姑苏区）", "", "苏州市"),
        ("江苏省", "苏州市市辖区", "", "苏州市"),
        ("河南省", "省直辖县级行政区划", "济源市", "济源市"),
        ("湖北省", "省直辖县级行政区划", "潜江市", "潜江市"),
        ("江苏省", "", "昆山市", "昆山市"),
        ("江苏省", "江苏省无锡市", "", "无锡市"),
        ("黑龙江省", "大兴安岭地区", "", "大兴安岭地区"),
    ],
)
def test_a_city_out_of_the_register_of_places(
    tmp_path: Path, province: str, city: str, county: str, expected: str
) -> None:
    row = one(tmp_path, 省份=province, 城市=city, 区县=county)
    assert row.problem == ""
    assert row.hospital is not None
    assert row.hospital.city == expected


@pytest.mark.parametrize(
    ("province", "city", "words"),
    [
        ("江苏省", "市辖区", "不是城市"),
        ("", "市辖区", "不是城市"),
        ("河南省", "省直辖县级行政区划", "不是城市"),
        ("江苏省", "姑苏区", "是区，请写明所属的市"),
        ("江苏省", "沛县", "是县，请写明所属的市"),
        ("北京市", "南京市", "不符"),
        ("北京市", "上海", "不符"),
        ("山东省", "南京市", "属于江苏省"),
        ("江苏省", "", "没有城市"),
    ],
)
def test_what_is_no_city_is_a_fault(tmp_path: Path, province: str, city: str, words: str) -> None:
    row = one(tmp_path, 省份=province, 城市=city)
    assert (row.hospital, row.at) == (None, "city")
    assert words in row.problem


@pytest.mark.parametrize(
    "written",
    [
        *("2025-01-03", "2025.1.3", "2025/1/3", "2025年1月3日", "2025年01月03日", "２０２５年１月３日", "20250103"),
        *("2025-1-3 00:00:00", "2025/1/3 星期五", "二〇二五年一月三日", "45660", 45660, 20250103, date(2025, 1, 3)),
    ],
)
def test_every_spelling_of_a_day(tmp_path: Path, written: object) -> None:
    row = one(tmp_path, 列入日期=written)
    assert row.problem == ""
    assert row.hospital is not None
    assert row.hospital.on_list_from == date(2025, 1, 3)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2025年13月1日", "这一天不存在"),
        ("2025-02-30", "这一天不存在"),
        ("2025年1月", "没有写明哪一日"),
        ("1月3日", "没有年份"),
        ("年初", "不是日期"),
        (12, "不是日期"),
    ],
)
def test_what_is_no_day_is_a_fault(tmp_path: Path, written: object, words: str) -> None:
    row = one(tmp_path, 列入日期=written)
    assert (row.hospital, row.at) == (None, "on_list_from")
    assert words in row.problem


@pytest.mark.parametrize("written", ["长期", "至今", "—", "-", "/", "无"])
def test_no_end_is_no_day(tmp_path: Path, written: str) -> None:
    found = one(tmp_path, 移出日期=written).hospital
    assert found is not None
    assert found.on_list_to is None


@pytest.mark.parametrize(
    ("code", "expected"), [(7, "7"), ("0007", "0007"), ("js－01", "JS-01"), (320100000012345, "320100000012345")]
)
def test_codes(tmp_path: Path, code: object, expected: str) -> None:
    found = one(tmp_path, 编号=code).hospital
    assert found is not None
    assert found.code == expected


@pytest.mark.parametrize("code", ["1.1E+05", 1.5, 3201000000123456789])
def test_a_code_that_lost_its_digits_is_a_fault(tmp_path: Path, code: object) -> None:
    row = one(tmp_path, 编号=code)
    assert (row.hospital, row.at) == (None, "code")


@pytest.mark.parametrize("code", [12, 12.0, "12"])
def test_a_list_of_objects_is_a_list(tmp_path: Path, code: object) -> None:
    path = tmp_path / "list.json"
    rows = [{"name": "样例医院", "city": "南京", "level": "三级甲等", "code": code}]
    path.write_text(json.dumps({"updated": "2026-10-01", "hospitals": rows}), encoding="utf-8")
    (row,) = read_hospital_file(path)
    assert row.hospital is not None
    assert (row.hospital.city, row.hospital.level, row.hospital.code) == ("南京市", A, "12")


def test_columns_told_by_hand_are_found_again(tmp_path: Path) -> None:
    book = read_book(workbook(tmp_path, [["单位", "地方", "档次"], ["样例医院", "南京市", "三甲"]]))
    found = find_table(book, HOSPITAL_LIST)
    assert found.missing == ("医院名称", "城市", "等级")
    told = {"name": 0, "city": 1, "level": 2}
    by_hand = find_table(book, HOSPITAL_LIST, TableChoice(columns=tuple(told.items())))
    assert by_hand.missing == ()
    again = find_table(book, HOSPITAL_LIST, remembered={by_hand.fingerprint: told})
    assert (dict(again.columns), again.is_remembered) == (told, True)
    assert "手工指定" in again.words
    assert by_hand.fingerprint == fingerprint("hospital_list", ["单位 ", "地方", "档 次"])


def test_missing_columns_name_the_sheet_that_was_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["医院名称", "院区"], ["a", "b"]], sheet="目录")
    with pytest.raises(EnvironmentProblem) as refused:
        read_hospital_file(path)
    assert refused.value.code is ErrorCode.IMPORT_COLUMNS_MISSING
    assert refused.value.parameters["missing"] == "城市、等级（读取的是工作表“目录”第 1 行）"
