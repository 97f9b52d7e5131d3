"""Calendar years as offices and the public make them: each file that once failed, with its right days, and more."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.working_calendar.calendar_shapes import YearAbout
from lian_desk.services.working_calendar.year_files import YearFile, mended_year, read_year_file
from tests.table_files import CASES, workbook

OFF, WORK = DayKind.DAY_OFF, DayKind.MAKE_UP_WORKING_DAY
Days = dict[date, DayKind | None]


def read(name: str) -> YearFile:
    return read_year_file(CASES / "calendars" / name)


def days(found: YearFile, year: int | None = None) -> Days:
    assert [row.problem for row in found.rows if row.problem] == []
    return {row.day_on: row.kind for row in found.rows_of(year or found.year) if row.day_on is not None}


def written(tmp_path: Path, text: str, name: str = "year.csv") -> YearFile:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_year_file(path)


SPRING: Days = {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK, date(2027, 2, 8): OFF}


@pytest.mark.parametrize("name", ["02_title.csv", "03_tab_utf16.txt", "04_tab.csv"])
def test_a_title_tabs_and_utf_16(name: str) -> None:
    assert days(read(name)) == SPRING


def test_days_as_people_write_them() -> None:
    assert days(read("05_cn_dates.csv")) == {
        date(2027, 1, 1): OFF,
        date(2027, 2, 6): WORK,
        **{date(2027, 2, day): OFF for day in (8, 9, 10, 11, 12)},
    }


def test_what_happens_as_people_write_it() -> None:
    found = read("06_kinds.csv")
    assert days(found) == {
        date(2027, 1, 1): OFF,
        **{date(2027, 2, day): OFF for day in (8, 9, 10, 11)},
        **{date(2027, 2, day): WORK for day in (6, 20, 21, 27)},
    }
    assert [row.note for row in found.rows if row.note] == ["“调休”按调休上班理解，请核对"]


def test_yes_and_no_below_a_question() -> None:
    assert days(read("07_heads.csv")) == {date(2027, 1, 1): OFF}


def test_ranges_and_a_day_that_two_ranges_name() -> None:
    assert days(read("08_range.csv")) == {date(2027, 1, day): OFF for day in (1, 2, 3)}


def test_json_of_holiday_cn() -> None:
    found = read("09_holiday_cn.json")
    assert days(found) == {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK}
    assert (found.year, found.source) == (2027, "https://www.gov.cn/x")


def test_a_workbook() -> None:
    assert days(read("11_calendar.xlsx")) == {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK}


def test_two_years_in_one_file() -> None:
    found = read("12_two_years.csv")
    assert (found.year, found.years) == (2028, (2028, 2027))
    assert days(found) == {date(2028, 1, day): OFF for day in (1, 2, 3)}
    assert days(found, 2027) == {date(2027, 12, 31): OFF}
    assert (found.is_fragment(2027), found.is_fragment(2028)) == (True, False)


def test_days_of_the_year_before_are_kept_apart_and_are_no_fault() -> None:
    found = read("13_notice_of_2019_style.json")
    assert (found.year, found.status, found.years) == (2028, CalendarStatus.OFFICIAL, (2028, 2027))
    assert days(found) == {date(2028, 1, 1): OFF}
    assert days(found, 2027) == {date(2027, 12, 30): OFF, date(2027, 12, 31): OFF, date(2027, 12, 25): WORK}


# ------------------------------------------------------------------------------------------- more of the same kinds


def test_a_list_of_every_day_keeps_only_what_differs_from_the_week(tmp_path: Path) -> None:
    lines = ["日期,星期,类型,节日"]
    day = date(2027, 1, 1)
    special = {
        date(2027, 1, 1): ("法定节假日", "元旦"),
        date(2027, 1, 9): ("补班", ""),
        date(2027, 1, 2): ("休息日", "元旦"),
    }
    while day.year == 2027:
        usual = ("休息日", "") if day.weekday() > 4 else ("工作日", "")
        kind, name = special.get(day, usual)
        lines.append(f"{day},{day.isoweekday()},{kind},{name}")
        day += timedelta(days=1)
    found = written(tmp_path, "\n".join(lines))
    assert days(found) == {date(2027, 1, 1): OFF, date(2027, 1, 2): OFF, date(2027, 1, 9): WORK}
    assert found.plain_days == 362


@pytest.mark.parametrize(
    ("heads", "line", "expected"),
    [
        ("日期,是否放假", "2027-01-09,否", {date(2027, 1, 9): WORK}),
        ("日期,是否上班", "2027-01-09,是", {date(2027, 1, 9): WORK}),
        ("日期,是否上班", "2027-01-08,×", {date(2027, 1, 8): OFF}),
        ("日期,是否休息", "2027-01-08,√", {date(2027, 1, 8): OFF}),
        ("起始日期,结束日期,类型", "2027-01-08,2027-01-10,放假", {date(2027, 1, day): OFF for day in (8, 9, 10)}),
        ("开始,结束,类型", "2027年1月8日,1月10日,放假", {date(2027, 1, day): OFF for day in (8, 9, 10)}),
        (
            "时间,安排",
            "2027年2月6日（星期六）、2月20日（星期六）,上班",
            {date(2027, 2, 6): WORK, date(2027, 2, 20): WORK},
        ),
        ("日期,类型", "2027年1月1日（周五）至3日（周日）,放假", {date(2027, 1, day): OFF for day in (1, 2, 3)}),
        ("日期,类型", "2027-02-08,调休", {date(2027, 2, 8): OFF}),
    ],
)
def test_other_shapes_of_a_row(tmp_path: Path, heads: str, line: str, expected: Days) -> None:
    assert days(written(tmp_path, f"{heads}\n{line}\n")) == expected


def test_days_without_a_year_belong_to_the_year_of_the_title(tmp_path: Path) -> None:
    found = written(tmp_path, "2027年部分节假日安排,\n日期,类型\n1月1日至3日,放假\n5月3日,放假\n")
    assert days(found) == {date(2027, 1, 1): OFF, date(2027, 1, 2): OFF, date(2027, 1, 3): OFF, date(2027, 5, 3): OFF}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1月1日,放假", "日期“1月1日”没有年份，应写作 2027-01-01"),
        ("2027-13-01,放假", "日期“2027-13-01”不存在，请核对"),
        ("元旦,放假", "日期“元旦”看不懂，应写作 2027-01-01"),
        (",放假", "缺少日期"),
        ("2027-01-01,也许", "类型“也许”看不懂，应为 放假 或 上班（off 或 work）"),
        ("2027-01-01,", "缺少类型"),
        ("2027-01-04,补班", "2027-01-04 本来就是工作日，不能调休上班"),
        ("2027-01-01至2027-03-01,放假", "止日早于起日，或一次放假超过 31 天"),
        ("1999-01-01,放假", "年份 1999 不合理"),
    ],
)
def test_each_fault_has_its_sentence(tmp_path: Path, line: str, problem: str) -> None:
    assert [row.problem for row in written(tmp_path, f"日期,类型\n{line}\n").rows] == [problem]


def test_a_day_off_and_worked_at_once_is_a_fault(tmp_path: Path) -> None:
    found = written(tmp_path, "日期,类型\n2027-01-01至2027-01-03,放假\n2027-01-02,上班\n")
    assert [row.problem for row in found.faulty] == ["2027-01-02 与第 2 行重复"]


def test_a_workbook_with_days_serials_and_an_unsaved_formula(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [["放假安排"], ["日期", "类型", "名称"], [date(2027, 1, 1), "休", "元旦"], [46424, "班", "x"]]
    )
    assert days(read_year_file(path)) == {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK}


def test_json_of_days_by_their_date(tmp_path: Path) -> None:
    holiday = {
        "01-01": {"holiday": True, "name": "元旦", "date": "2027-01-01"},
        "02-06": {"holiday": False, "name": "春节前补班", "date": "2027-02-06"},
    }
    found = written(tmp_path, json.dumps({"code": 0, "holiday": holiday}), "year.json")
    assert days(found) == {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK}


@pytest.mark.parametrize("whole", [{}, {"year": 2027}])
def test_json_whose_only_date_is_the_key(tmp_path: Path, whole: dict[str, object]) -> None:
    holiday = {
        "2027-01-01": {"name": "元旦", "isOffDay": True},
        "2027-02-06": {"name": "春节", "isOffDay": False},
    }
    found = written(tmp_path, json.dumps(whole | {"days": holiday} if whole else holiday), "year.json")
    assert (found.year, days(found)) == (2027, {date(2027, 1, 1): OFF, date(2027, 2, 6): WORK})


def test_a_range_as_a_notice_of_the_holidays_writes_it(tmp_path: Path) -> None:
    text = (
        "2027年放假安排\n节日,日期,类型\n春节,2月5日（农历除夕、星期五）至7日（农历正月初二、星期日）,放假\n"
        "春节,2月14日（星期日）、2月20日（星期六）,上班\n"
    )
    off = {date(2027, 2, day): OFF for day in (5, 6, 7)}
    assert days(written(tmp_path, text, "year.csv")) == off | {date(2027, 2, day): WORK for day in (14, 20)}


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20270101
DTEND;VALUE=DATE:20270104
SUMMARY:元旦（休）
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20270206
SUMMARY:春节 班
END:VEVENT
END:VCALENDAR
"""


def test_an_ics_calendar(tmp_path: Path) -> None:
    found = written(tmp_path, ICS.replace("\n", "\r\n"), "year.ics")
    assert days(found) == {**{date(2027, 1, day): OFF for day in (1, 2, 3)}, date(2027, 2, 6): WORK}
    assert [row.label for row in found.rows] == ["元旦", "元旦", "元旦", "春节"]
    found = written(tmp_path, ICS.replace("春节 班", "春节"), "year.ics")
    assert [row.problem for row in found.faulty] == ["缺少类型"], "what an event means is not guessed"


def test_a_mended_cell_is_read_at_once(tmp_path: Path) -> None:
    found = written(tmp_path, "日期,类型\n2027-01-01,也许\n2027-01-02,休\n")
    assert [(row.number, row.at) for row in found.faulty] == [(2, "kind")]
    mended = mended_year(found, YearAbout(), 2, "kind", "放假")
    assert days(mended) == {date(2027, 1, 1): OFF, date(2027, 1, 2): OFF}
    assert [row.number for row in mended_year(mended, YearAbout(), 3, "date", "明天").faulty] == [3]
