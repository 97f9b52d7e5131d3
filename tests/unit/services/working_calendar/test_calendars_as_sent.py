"""Calendar years as offices, web pages and services send them: JSON of any shape, ranges, tables of a notice, new year."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from lian_desk.models.errors import EnvironmentProblem
from lian_desk.models.vocabulary import DayKind
from lian_desk.services.words.wording import sentence
from lian_desk.services.working_calendar.year_files import YearFile, read_year_file
from tests.table_files import workbook

OFF, WORK = DayKind.DAY_OFF, DayKind.MAKE_UP_WORKING_DAY
FIRST, FOURTH = date(2026, 1, 1), date(2026, 1, 4)
BOTH = {FIRST: OFF, FOURTH: WORK}


def json_of(folder: Path, document: object) -> YearFile:
    path = folder / "year.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return read_year_file(path)


def days(found: YearFile) -> dict[date, DayKind | None]:
    assert [row.problem for row in found.rows if row.problem] == []
    return {row.day_on: row.kind for row in found.rows if row.day_on is not None}


def span(first: date, last: date) -> dict[date, DayKind | None]:
    return {first + timedelta(days=at): OFF for at in range((last - first).days + 1)}


@pytest.mark.parametrize(
    "document",
    [
        {"2026-01-01": "休", "2026-01-04": "班"},
        {"2026-01-01": "元旦", "2026-01-04": "元旦（班）"},
        {"2026-01-01": ["元旦", "放假"], "2026-01-04": ["元旦", "上班"]},
        {"data": {"2026年1月1日": "元旦", "2026年1月4日": "补班"}},
        {"year": 2026, "holidays": ["2026-01-01"], "workdays": ["2026-01-04"]},
        {"holidays": {"2026-01-01": "元旦"}, "makeUpDays": {"2026-01-04": "元旦"}},
        {"2026": {"holidays": {"01-01": "元旦"}, "workdays": {"01-04": "元旦"}}},
        {"节假日": {"元旦": ["2026-01-01"]}, "补班": {"元旦": ["2026-01-04"]}},
        {"holidays": [{"date": "2026-01-01"}], "workdays": [{"date": "2026-01-04"}]},
        {"holidays": {"2026-01-01": True, "2026-01-04": False}},
        [{"date": "2026-01-01", "name": "元旦"}, {"date": "2026-01-04", "name": "元旦（班）"}],
        [["日期", "类型"], ["2026-01-01", "休"], ["2026-01-04", "班"]],
        {"2026-01-01": {"isOffDay": True}, "2026-01-04": {"isOffDay": False}, "updated": "x"},
        [
            {"name": "元旦", "range": ["2026-01-01"], "type": "holiday"},
            {"name": "元旦", "range": ["2026-01-04"], "type": "workingday"},
        ],
    ],
)
def test_json_of_every_usual_shape(tmp_path: Path, document: object) -> None:
    assert days(json_of(tmp_path, document)) == BOTH


def test_one_day_and_a_range_in_json(tmp_path: Path) -> None:
    assert days(json_of(tmp_path, {"2026-01-01": {"isOffDay": True, "name": "元旦"}})) == {FIRST: OFF}
    found = json_of(tmp_path, [{"name": "元旦", "range": ["2026-01-01", "2026-01-03"], "type": "holiday"}])
    assert days(found) == span(FIRST, date(2026, 1, 3))
    found = json_of(tmp_path, {"holidays": [{"name": "元旦", "start": "2026-01-01", "end": "2026-01-03"}]})
    assert days(found) == span(FIRST, date(2026, 1, 3))
    assert {row.label for row in found.rows} == {"元旦"}


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        # a Saturday with the name of a holiday may be off or worked
        ({"2026-01-01": "元旦", "2026-02-14": "春节"}, ["", "缺少类型"]),
        ({"2026-01-01": "公司年会"}, ["缺少类型"]),
        (["2026-01-01"], ["缺少类型"]),
        ({"20260101": 2}, ["类型“2”看不懂，应为 放假 或 上班（off 或 work）"]),
        ({"2026-01-01": True}, ["类型“true”看不懂，应为 放假 或 上班（off 或 work）"]),
    ],
)
def test_what_json_leaves_open_is_a_fault_of_its_day(tmp_path: Path, document: object, problems: list[str]) -> None:
    assert [row.problem for row in json_of(tmp_path, document).rows] == problems


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"a": 1}, "工作日历的内容不完整或有误（里面没有看得懂的日期）；请核对文件后重新导入。"),
        ([], "工作日历的内容不完整或有误（里面没有看得懂的日期）；请核对文件后重新导入。"),
        ({"year": 2026}, "工作日历 2026 年的内容不完整或有误（里面没有看得懂的日期）；请核对文件后重新导入。"),
        (
            {"year": 2026, "days_off": {}},
            "工作日历 2026 年的内容不完整或有误（days_off 应为列表）；请核对文件后重新导入。",
        ),
        ({"year": 1999}, "工作日历 1999 年的内容不完整或有误（年份不合理）；请核对文件后重新导入。"),
    ],
)
def test_a_file_without_days_is_refused_by_a_true_sentence(tmp_path: Path, document: object, words: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        json_of(tmp_path, document)
    assert sentence(refused.value) == words


def test_the_table_of_a_notice(tmp_path: Path) -> None:
    rows = [
        ["2026年节假日安排"],
        ["节日", "放假时间", "调休上班日期", "放假天数"],
        ["元旦", "1月1日（周四）至3日（周六），共3天", "1月4日（周日）上班", "3天"],
        ["春节", "2月15日至23日", "2月14日（周六）、28日（周六）上班", "9天"],
        ["清明节", "4月4日至6日", "无", "3天"],
        ["注：以国务院办公厅通知为准"],
    ]
    expected = span(FIRST, date(2026, 1, 3)) | span(date(2026, 2, 15), date(2026, 2, 23))
    expected |= span(date(2026, 4, 4), date(2026, 4, 6))
    expected |= dict.fromkeys((FOURTH, date(2026, 2, 14), date(2026, 2, 28)), WORK)
    assert days(read_year_file(workbook(tmp_path, rows))) == expected


def test_a_range_over_new_year_belongs_to_the_year_that_begins_where_the_list_begins(tmp_path: Path) -> None:
    rows = [["2027年放假安排"], ["节日", "日期", "类型"], ["元旦", "12月31日至1月2日", "放假"]]
    assert days(read_year_file(workbook(tmp_path, rows))) == span(date(2026, 12, 31), date(2027, 1, 2))
    rows.insert(2, ["国庆节", "10月1日至7日", "放假"])
    expected = span(date(2027, 10, 1), date(2027, 10, 7)) | span(date(2027, 12, 31), date(2028, 1, 2))
    assert days(read_year_file(workbook(tmp_path, rows))) == expected


def test_a_weekday_tells_the_year_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    rows = [["2027年放假安排"], ["日期", "类型"], ["12月26日（周六）", "上班"], ["5月1日（周三）", "放假"]]
    found = read_year_file(workbook(tmp_path, rows))
    assert days(found) == {date(2026, 12, 26): WORK, date(2027, 5, 1): OFF}
    assert [row.note for row in found.rows] == ["", "2027-05-01 是周六，文件写的是周三，请核对"]


@pytest.mark.parametrize(
    "written",
    [
        *("2027-5-1/2027-5-5", "5.1-5.5", "5月1日至5日", "5/1~5/5", "5月1日（周六）-5月5日（周三）", "5/1-5/5"),
        *("2027.5.1-5.5", "20270501-20270505", "5月1日起至5月5日止", "5月1日至5日共5天", "五月一日至五日"),
    ],
)
def test_ranges_in_a_table(tmp_path: Path, written: str) -> None:
    rows = [["2027年放假安排"], ["日期", "类型"], [written, "放假"]]
    assert days(read_year_file(workbook(tmp_path, rows))) == span(date(2027, 5, 1), date(2027, 5, 5))
