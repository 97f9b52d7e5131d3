"""Dates, durations and sizes as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lian_desk.services.words import formats

NOW = datetime(2026, 9, 30, 6, 20, tzinfo=UTC)  # 14:20 in Shanghai


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2, "今日 16:20"),
        (19.75, "明日 10:05"),
        (-24, "昨日 14:20"),
        (8 * 24, "10月8日 14:20"),
        (97 * 24, "2027年1月5日 14:20"),
    ],
)
def test_a_moment_is_worded_from_here(hours, words):
    assert formats.moment(NOW + timedelta(hours=hours), NOW) == words


def test_the_day_changes_at_midnight_in_shanghai():
    late = datetime(2026, 9, 30, 16, 5, tzinfo=UTC)
    assert formats.day_of(late, NOW) == "明日"
    assert formats.clock_time(late) == "00:05"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (161, "剩 02:41"),
        (3599, "剩 59:59"),
        (20280, "剩 5 小时 38 分"),
        (7200, "剩 2 小时"),
        (86400 + 3600, "剩 1 天 1 小时"),
        (3 * 86400 + 5000, "剩 3 天"),
        (0, "剩 00:00"),
        (-1, "超时 1 分"),
        (-3700, "超时 1 小时"),
        (-90000, "超时 1 天"),
    ],
)
def test_a_deadline_counts_down_and_past(seconds, words):
    assert formats.countdown(NOW + timedelta(seconds=seconds), NOW) == words


def test_lengths_sizes_days_and_ages():
    assert formats.duration(timedelta(seconds=40)) == "40 秒"
    assert formats.duration(timedelta(days=1)) == "1 天"
    assert [formats.size(count) for count in (0, 812, 34816, 2516582, 1181116006)] == [
        "0 B",
        "812 B",
        "34 KB",
        "2.4 MB",
        "1.1 GB",
    ]
    assert formats.long_day(date(2026, 9, 30)) == "2026年9月30日 周三"
    assert formats.weekday(date(2026, 10, 4)) == "周日"
    assert (formats.iso_day(None), formats.iso_day(date(2026, 9, 30))) == ("—", "2026-09-30")
    assert (formats.iso_moment(None), formats.iso_moment(NOW)) == ("—", "2026-09-30 14:20")
    assert formats.age_on(date(1974, 9, 30), date(2026, 9, 29)) == 51
    assert formats.age_on(date(1974, 9, 30), date(2026, 9, 30)) == 52
