from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.services.words.as_written import (
    Fault,
    NotWritten,
    read_day,
    read_days,
    read_moment,
    read_number,
    read_time,
    read_whole_number,
)

DAY = date(2027, 1, 3)


def fault_of(call, *arguments, **named):
    with pytest.raises(NotWritten) as caught:
        call(*arguments, **named)
    return caught.value.fault, caught.value.parts


@pytest.mark.parametrize(
    "written",
    [
        "２０２７年１月３日",
        "2027.1.3",
        "2027．1．3",
        "2027/1/3",
        "2027-01-03",
        "2027—1—3",
        "20270103",
        "2027 年 1 月 3 日",
        "2027 1 3",
        "2027年1⽉3⽇",
        "2027年1月3号",
        "2027年1月3日（星期日）",
        "2027年1月3日（农历冬月廿六）",
        "2027年1月3日（农历冬月廿六、星期日）",
        "2027-1-3 周日",
        "2027-1-3 00:00:00",
        "2027-01-03T00:00:00Z",
        "\u200b2027-\u20601-3\ufeff",
        "二〇二七年一月三日",
        "二零二七年一月三日",
    ],
)
def test_a_day_as_people_write_it(written):
    assert read_day(written) == DAY
    assert read_days(written) == (DAY, DAY)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_spelling(day):
    for written in (f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}"):
        assert read_day(written) == day
    assert read_day(f"{day.month}月{day.day}日", year=day.year) == day
    assert read_day(f"{day.month}-{day.day}", year=day.year) == day


def test_a_day_in_words_with_tens():
    assert read_day("二〇二七年十二月三十一日") == date(2027, 12, 31)
    assert read_day("十月二十日", year=2027) == date(2027, 10, 20)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", (Fault.EMPTY, ())),
        ("\u200b", (Fault.EMPTY, ())),
        ("明天", (Fault.NOT_UNDERSTOOD, ())),
        ("26-08-07", (Fault.NOT_UNDERSTOOD, ())),
        ("45660", (Fault.NOT_UNDERSTOOD, ())),
        ("2027-1-3 16:20", (Fault.NOT_UNDERSTOOD, ())),
        ("2027年1月", (Fault.NOT_UNDERSTOOD, ())),
        ("1月3日", (Fault.NO_YEAR, (1, 3))),
        ("1/3", (Fault.NO_YEAR, (1, 3))),
        ("2027-2-30", (Fault.NO_SUCH_DAY, (2027, 2, 30))),
        ("20271301", (Fault.NO_SUCH_DAY, (2027, 13, 1))),
    ],
)
def test_what_is_no_day_says_why(written, fault):
    assert fault_of(read_day, written) == fault


def test_two_figures_of_a_year_need_the_latest_day_they_may_mean():
    latest = date(2026, 9, 1)
    assert read_day("26-08-07", latest=latest) == date(2026, 8, 7)
    assert read_day("26年9月2日", latest=latest) == date(1926, 9, 2)
    assert read_day("74.1.1", latest=latest) == date(1974, 1, 1)
    # day or year first: nobody knows
    assert fault_of(read_day, "1/3/27", latest=latest)[0] is Fault.NOT_UNDERSTOOD


def test_the_number_of_a_spreadsheet_is_a_day_where_a_cell_holds_a_number():
    assert read_day("45660", is_number=True) == date(2025, 1, 3)
    assert read_day("45660.0", is_number=True) == date(2025, 1, 3)
    assert read_day("20270103", is_number=True) == DAY
    assert fault_of(read_day, "19999", is_number=True)[0] is Fault.NOT_UNDERSTOOD
    assert fault_of(read_day, "80000", is_number=True)[0] is Fault.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "written",
    [
        "10月1日至10月7日",
        "10月1日至7日",
        "10月1日-7日",
        "10月1日—7日",
        "2027-10-01 至 2027-10-07",
        "2027年10月1日到7日",
        "2027-10-01~10-07",
        "2027-10-01 - 2027-10-07",
        "2027年10月1日（星期五）至7日（星期四）",
    ],
)
def test_a_range_of_days(written):
    assert read_days(written, year=2027) == (date(2027, 10, 1), date(2027, 10, 7))


@pytest.mark.parametrize(
    "written",
    [
        *("2027-5-1/2027-5-5", "2027-05-01/05-05", "2027/5/1-2027/5/5", "2027/5/1/2027/5/5", "2027-05-01-2027-05-05"),
        *("5.1-5.5", "5.1－5.5", "5.1—5.5", "5/1~5/5", "5/1-5/5", "5-1~5-5", "5月1-5日", "2027.5.1-5.5", "2027.5.1~5"),
        *("5月1日至5日", "5月1日（周六）-5月5日（周三）", "5月1号到5号", "20270501-20270505", "2027-5-1→2027-5-5"),
        *("5月1日起至5月5日止", "从5月1日到5月5日", "5月1日至5月5日（共5天）", "5月1日至5日，放假共5天"),
        *("二〇二七年五月一日至五日", "五月一日至五日"),
    ],
)
def test_a_range_in_every_usual_spelling(written):
    assert read_days(written, year=2027) == (date(2027, 5, 1), date(2027, 5, 5))


@pytest.mark.parametrize(
    "written",
    ["5.1/5.5", "5月1日/5月5日", "5-1-5", "2027-05-01 2027-05-05", "5月1日至5日，共6天", "5.1-5.5-5.7", "1-2-3-4-5"],
)
def test_what_may_be_read_in_two_ways_is_no_range(written):
    assert fault_of(read_days, written, year=2027)[0] is Fault.NOT_UNDERSTOOD


def test_a_range_over_new_year_and_ranges_that_are_none():
    assert read_days("12月31日至1月2日", year=2026) == (date(2026, 12, 31), date(2027, 1, 2))
    assert read_days("2027-10-07 至 2027-10-01") == (date(2027, 10, 7), date(2027, 10, 1))
    assert fault_of(read_days, "10月1日至3日至5日", year=2027)[0] is Fault.NOT_UNDERSTOOD
    assert fault_of(read_days, "10月1日至7日")[0] is Fault.NO_YEAR
    assert fault_of(read_days, "2027年2月20日至30日")[0] is Fault.NO_SUCH_DAY
    assert fault_of(read_days, "")[0] is Fault.EMPTY


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("16:20", time(16, 20)),
        ("１６：２０", time(16, 20)),
        ("1620", time(16, 20)),
        ("16时20分", time(16, 20)),
        ("下午4点20", time(16, 20)),
        ("下午 4 点半", time(16, 30)),
        ("晚上8点一刻", time(20, 15)),
        ("4:20 PM", time(16, 20)),
        ("12:10 am", time(0, 10)),
        ("中午12点", time(12, 0)),
        ("中午1点", time(13, 0)),
        ("中午11点半", time(11, 30)),
        ("9点整", time(9, 0)),
        ("16:20:00", time(16, 20)),
    ],
)
def test_a_time_as_people_write_it(written, read):
    assert read_time(written) == read
    assert read_moment(f"2027-1-3 {written}") == datetime.combine(DAY, read, SHANGHAI)


def test_a_moment_needs_both_and_says_what_is_missing():
    assert read_moment("2027年1月3日下午4点") == datetime(2027, 1, 3, 16, 0, tzinfo=SHANGHAI)
    assert read_moment("2027年1月3日（周日） 16:20") == datetime(2027, 1, 3, 16, 20, tzinfo=SHANGHAI)
    assert read_moment("2027-01-03T16:20") == datetime(2027, 1, 3, 16, 20, tzinfo=SHANGHAI)
    assert read_moment("1月3日 16:20", year=2027) == datetime(2027, 1, 3, 16, 20, tzinfo=SHANGHAI)
    assert read_moment("2027-01-03 00:00") == datetime(2027, 1, 3, tzinfo=SHANGHAI)
    assert fault_of(read_moment, "2027-01-03")[0] is Fault.NO_TIME
    assert fault_of(read_moment, "2027-01-03 下午")[0] is Fault.NO_TIME
    assert fault_of(read_moment, "2027-01-03 25:00")[0] is Fault.NO_SUCH_TIME
    assert fault_of(read_moment, "2027-02-30 16:20")[0] is Fault.NO_SUCH_DAY
    assert fault_of(read_moment, "明天 16:20")[0] is Fault.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("written", "read"),
    [("７．５", "7.5"), ("1,234.5", "1234.5"), ("1，234", "1234"), ("12 345", "12345"), ("−3", "-3"), (".5", "0.5")],
)
def test_a_number_as_people_write_it(written, read):
    assert read_number(written) == Decimal(read)


@pytest.mark.parametrize("written", ["1,23", "1e5", "1.2.3", "三", "12 34", "NaN", "Infinity"])
def test_what_is_no_number(written):
    assert fault_of(read_number, written) == (Fault.NOT_UNDERSTOOD, ())


def test_a_whole_number():
    assert read_whole_number("３.0") == 3
    assert read_whole_number("1,000") == 1000
    assert fault_of(read_whole_number, "3.5")[0] is Fault.NOT_WHOLE
    assert fault_of(read_whole_number, " ")[0] is Fault.EMPTY
