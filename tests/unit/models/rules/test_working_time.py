from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.rules.working_time import (
    SHANGHAI,
    CalendarYear,
    DayRun,
    ServiceHours,
    WorkCalendar,
    at_time,
    in_shanghai,
    midnight,
)
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.rules.calendars import build_calendar

HOURS = ServiceHours(time(9), time(21))
CALENDAR = build_calendar()
DAYS = st.dates(date(2023, 6, 1), date(2028, 6, 1))
MOMENTS = st.datetimes(datetime(2023, 6, 1), datetime(2028, 6, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def walk(day: date, count: int) -> date:
    """The slow way, day by day, as a second opinion."""
    while count:
        day += timedelta(days=1)
        count -= CALENDAR.is_working_day(day)
    return day


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_is_what_a_walk_finds(day: date, count: int) -> None:
    assert CALENDAR.nth_working_day_after(day, count) == walk(day, count)


@given(DAYS, DAYS)
def test_counting_between_is_the_inverse(first: date, second: date) -> None:
    first, second = sorted((first, second))
    days = ((first + timedelta(days=offset)) for offset in range(1, (second - first).days + 1))
    expected = sum(map(CALENDAR.is_working_day, days))
    assert CALENDAR.working_days_between(first, second) == expected
    assert CALENDAR.working_days_between(second, first) == -expected


@given(DAYS)
def test_the_last_working_day_is_the_nearest(day: date) -> None:
    found = CALENDAR.last_working_day_not_after(day)
    assert CALENDAR.is_working_day(found)
    assert found <= day
    assert not any(CALENDAR.is_working_day(found + timedelta(days=n)) for n in range(1, (day - found).days + 1))


@given(MOMENTS, st.integers(0, 3000))
def test_added_service_minutes_are_counted_back(at: datetime, minutes: int) -> None:
    due = CALENDAR.add_service_minutes(at, minutes)
    assert due >= at
    assert CALENDAR.is_working_day(due.date())
    assert HOURS.opens <= due.time() <= HOURS.closes
    assert CALENDAR.service_minutes_between(at, due) == minutes


@given(MOMENTS, st.integers(1, 3000))
def test_a_warning_lies_its_minutes_before_the_end(at: datetime, minutes: int) -> None:
    warning = CALENDAR.subtract_service_minutes(at, minutes)
    assert CALENDAR.service_minutes_between(warning, at) == minutes
    assert CALENDAR.is_working_day(warning.date())


@given(MOMENTS)
def test_the_internal_end_is_working_time_not_after(at: datetime) -> None:
    last = CALENDAR.last_working_minute_not_after(at)
    assert last <= at
    assert CALENDAR.is_working_day(last.date())
    assert HOURS.opens <= last.time() <= HOURS.closes
    assert CALENDAR.service_minutes_between(last, at) == 0


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T20:59:59", True),
        ("2026-11-23T21:00", False),
        ("2026-11-22T10:00", False),
        ("2026-10-10T10:00", True),
        ("2026-10-01T10:00", False),
    ],
)
def test_service_hours_close_at_nine_sharp(text: str, is_open: bool) -> None:
    assert CALENDAR.is_service_time(moment(text)) is is_open


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T21:00", "2026-11-24T09:00"),
        ("2026-10-01T10:00", "2026-10-08T09:00"),
        ("2026-10-09T21:30", "2026-10-10T09:00"),
    ],
)
def test_the_next_opening(text: str, opening: str) -> None:
    assert CALENDAR.next_opening(moment(text)) == moment(opening)


def test_minutes_that_end_with_the_day_end_at_its_closing() -> None:
    assert CALENDAR.add_service_minutes(moment("2026-11-20T20:55"), 5) == moment("2026-11-20T21:00")
    assert CALENDAR.add_service_minutes(moment("2026-11-20T20:55"), 6) == moment("2026-11-23T09:01")


def test_another_zone_is_read_in_shanghai() -> None:
    assert CALENDAR.is_service_time(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert in_shanghai(datetime(2026, 11, 23, 20, 0, tzinfo=timezone(-timedelta(hours=5)))).day == 24


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        in_shanghai(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


def test_counting_starts_at_one() -> None:
    with pytest.raises(ValueError, match="one"):
        CALENDAR.nth_working_day_after(date(2026, 11, 20), 0)


def test_festivals_and_make_up_days_of_a_span_are_named() -> None:
    assert CALENDAR.days_off_between(date(2026, 9, 24), date(2026, 10, 10)) == (
        DayRun("中秋节", date(2026, 9, 25), 3),
        DayRun("国庆节", date(2026, 10, 1), 7),
    )
    assert CALENDAR.days_off_between(date(2026, 10, 5), date(2026, 10, 8)) == (DayRun("国庆节", date(2026, 10, 6), 2),)
    assert CALENDAR.make_up_days_between(date(2026, 9, 1), date(2026, 10, 10)) == (
        date(2026, 9, 20),
        date(2026, 10, 10),
    )
    assert CALENDAR.name_of(date(2026, 10, 1)) == "国庆节"
    assert CALENDAR.name_of(date(2026, 10, 9)) == ""
    assert CALENDAR.kind_of(date(2026, 10, 1)) is DayKind.DAY_OFF
    assert CALENDAR.kind_of(date(2026, 10, 9)) is None


def test_unknown_and_provisional_years_are_told_apart_from_official_ones() -> None:
    assert CALENDAR.status_of(2026) is CalendarStatus.OFFICIAL
    assert CALENDAR.status_of(2027) is CalendarStatus.PROVISIONAL
    assert CALENDAR.provisional_years(date(2026, 12, 1), date(2028, 1, 1)) == (2027, 2028)
    assert CALENDAR.is_provisional(date(2027, 1, 1), date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert not CALENDAR.is_provisional(date(2025, 12, 31), date(2026, 1, 1))
    entered = CalendarYear(2027, CalendarStatus.PROVISIONAL, "猜测", {date(2027, 1, 1): DayKind.DAY_OFF})
    calendar = build_calendar([entered])
    assert calendar.status_of(2027) is CalendarStatus.PROVISIONAL
    assert not calendar.is_working_day(date(2027, 1, 1))


def test_a_day_entered_as_its_weekday_changes_nothing() -> None:
    year = CalendarYear(
        2030,
        CalendarStatus.OFFICIAL,
        "",
        {date(2030, 1, 5): DayKind.DAY_OFF, date(2030, 1, 7): DayKind.MAKE_UP_WORKING_DAY},
    )
    calendar = WorkCalendar([year], HOURS)
    assert not calendar.is_working_day(date(2030, 1, 5))
    assert calendar.is_working_day(date(2030, 1, 7))
    assert calendar.nth_working_day_after(date(2030, 1, 4), 1) == date(2030, 1, 7)


def test_a_working_weekend_at_the_end_of_a_year_is_found() -> None:
    year = CalendarYear(2030, CalendarStatus.OFFICIAL, "", {date(2030, 1, 5): DayKind.MAKE_UP_WORKING_DAY})
    calendar = WorkCalendar([year], HOURS)
    assert calendar.nth_working_day_after(date(2030, 1, 4), 1) == date(2030, 1, 5)
    assert calendar.last_working_day_not_after(date(2030, 1, 6)) == date(2030, 1, 5)
    assert calendar.last_working_day_not_after(date(2029, 12, 30)) == date(2029, 12, 28)


def test_times_of_a_day() -> None:
    assert midnight(date(2026, 1, 1)).isoformat() == "2026-01-01T00:00:00+08:00"
    assert at_time(date(2026, 1, 1), time(21)).isoformat() == "2026-01-01T21:00:00+08:00"
    assert CALENDAR.closing_of(date(2026, 1, 1)) == at_time(date(2026, 1, 1), time(21))
    assert HOURS.length == timedelta(hours=12)
