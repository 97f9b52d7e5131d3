import json
from datetime import date, datetime, timedelta

import chinese_calendar
import holidays
import pytest

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.reference import working_calendar as tables
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.rules.calendars import (
    build_calendar,
    load_calendar,
    read_year_json,
    shipped_years,
    stored_years,
    write_year_json,
)

CALENDAR = build_calendar()
KNOWN = [year.year for year in shipped_years()]


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", KNOWN)
def test_every_day_agrees_with_two_other_sources(year: int) -> None:
    second = holidays.country_holidays("CN", years=year)
    for day in days_of(year):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        if day in second:
            assert not CALENDAR.is_working_day(day), day


def test_the_working_weekends_of_the_notices() -> None:
    found = {
        year.year: sorted(d for d, k in year.days.items() if k is DayKind.MAKE_UP_WORKING_DAY)
        for year in shipped_years()
    }
    assert [f"{day:%m-%d}" for day in found[2025]] == ["01-26", "02-08", "04-27", "09-28", "10-11"]
    assert [f"{day:%m-%d}" for day in found[2026]] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_every_shipped_year_is_official_and_names_its_notice() -> None:
    for year in shipped_years():
        assert year.status is CalendarStatus.OFFICIAL
        assert str(year.year) in year.source
        assert set(year.days) == set(year.names)


@pytest.mark.parametrize("year", shipped_years(), ids=lambda year: str(year.year))
def test_a_year_is_written_and_read_back(year: object) -> None:
    assert read_year_json(write_year_json(year)) == year  # type: ignore[arg-type]


def document(**changes: object) -> str:
    plain: dict[str, object] = {"year": 2027, "days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-02"}]}
    return json.dumps(plain | changes)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        document(surprise=1),
        document(year="2027"),
        document(year=True),
        document(status="perhaps"),
        document(days_off="none"),
        document(days_off=[1]),
        document(days_off=[{"from": "2027-02-30"}]),
        document(days_off=[{"from": "2027-01-03", "to": "2027-01-02"}]),
        document(days_off=[{"from": "2027-01-01", "to": "2027-12-02"}]),
        document(days_off=[{"from": "2026-12-31", "to": "2027-01-02"}]),
        document(make_up_working_days=[{"on": "2027-01-01"}]),
        document(make_up_working_days=[{"name": "x"}]),
    ],
)
def test_a_damaged_year_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        read_year_json(text)
    assert refused.value.code is ErrorCode.CALENDAR_DAMAGED


def test_an_import_replaces_a_shipped_year() -> None:
    corrected = read_year_json(document(year=2026, days_off=[{"from": "2026-01-05"}]))
    calendar = build_calendar([corrected])
    assert calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.is_working_day(date(2026, 1, 5))
    assert build_calendar().is_working_day(date(2026, 1, 5))


def stored(desk: Desk, status: CalendarStatus, imported_at: datetime, days: dict[date, DayKind]) -> None:
    with desk.database.write_session() as session:
        year = tables.CalendarYear(
            id=desk.new_id(),
            year=2027,
            status=status,
            source="通知",
            imported_at=imported_at,
            imported_by=desk.operator.id,
        )
        session.add(year)
        session.flush()
        for day, kind in days.items():
            session.add(
                tables.CalendarDay(id=desk.new_id(), calendar_year_id=year.id, day_on=day, kind=kind, label="元旦")
            )
        session.commit()


def test_the_newest_import_of_a_year_holds(desk: Desk) -> None:
    new_year = date(2027, 1, 1)
    assert desk.calendar.status_of(2027) is CalendarStatus.PROVISIONAL
    assert desk.calendar.is_working_day(new_year)
    now = desk.clock.now()
    stored(desk, CalendarStatus.PROVISIONAL, now, {date(2027, 1, 4): DayKind.DAY_OFF})
    stored(desk, CalendarStatus.OFFICIAL, now + timedelta(hours=1), {new_year: DayKind.DAY_OFF})
    with desk.read() as session:
        years = stored_years(session)
        calendar = load_calendar(session)
    assert [(year.year, year.status, year.names) for year in years] == [
        (2027, CalendarStatus.OFFICIAL, {new_year: "元旦"})
    ]
    assert not calendar.is_working_day(new_year)
    assert calendar.is_working_day(date(2027, 1, 4))
