"""The calendar file: right hour and zone, nobody in clear, nothing of the illness, sealed before it is written."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from lian_desk.models.audit import AuditEntry
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.models.working_time import SHANGHAI
from lian_desk.services.bookings import CancelByInsured
from lian_desk.services.calendar_file import CalendarSpan, RecordCalendarExport, export_calendar
from tests.desk_world import World

VISIT = datetime(2026, 10, 9, 8, 30, tzinfo=SHANGHAI)
DAY = CalendarSpan(date(2026, 10, 9), 1)


def booked(world: World, visit_at: datetime = VISIT) -> int:
    request_id = world.to_started(world.open_file())
    return world.book(request_id, visit_at)


def kinds(world: World) -> list[str]:
    with world.desk.read() as session:
        return list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.sequence)))


def test_a_visit_keeps_its_hour_and_zone(world: World, tmp_path: Path) -> None:
    booked(world)
    path = tmp_path / DAY.file_name
    written = export_calendar(world.desk, DAY, path)
    assert (written.booking_count, written.path) == (1, path)
    text = path.read_text(encoding="utf-8")
    assert "DTSTART;TZID=Asia/Shanghai:20261009T083000" in text
    assert "BEGIN:VTIMEZONE" in text
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event.decoded("dtstart") == VISIT
    assert event.decoded("dtstart").utcoffset() == timedelta(hours=8)
    assert str(event["summary"]) == "门诊协调 · 王*兰 · 复旦大学附属中山医院"


def test_nothing_names_the_person_or_the_illness(world: World, tmp_path: Path) -> None:
    booked(world)
    path = tmp_path / "out.ics"
    export_calendar(world.desk, DAY, path)
    text = path.read_text(encoding="utf-8").replace("\r\n ", "")
    for secret in ("王淑兰", "13812346620", "JLB2024", "心内科", "320102"):
        assert secret not in text
    assert "王" not in DAY.file_name


def test_the_export_is_sealed_also_when_the_disk_refuses(world: World, tmp_path: Path) -> None:
    booked(world)
    with pytest.raises(EnvironmentProblem) as refused:
        export_calendar(world.desk, DAY, tmp_path / "gone" / "out.ics")
    assert refused.value.code is ErrorCode.FOLDER_MISSING
    assert kinds(world)[-1] == "RecordCalendarExport"


def test_only_the_days_and_the_service_asked_for(world: World, tmp_path: Path) -> None:
    booked(world)
    booked(world, VISIT + timedelta(days=1))
    week = CalendarSpan(date(2026, 10, 5), 7)
    assert export_calendar(world.desk, week, tmp_path / "a.ics").booking_count == 2
    assert export_calendar(world.desk, DAY, tmp_path / "b.ics").booking_count == 1
    surgery = CalendarSpan(date(2026, 10, 5), 7, ServiceKind.SURGERY_COORDINATION)
    assert export_calendar(world.desk, surgery, tmp_path / "c.ics").booking_count == 0
    assert not Calendar.from_ical((tmp_path / "c.ics").read_text(encoding="utf-8")).walk("VEVENT")


def test_a_visit_that_was_called_off_is_no_confirmed_one(world: World, tmp_path: Path) -> None:
    request_id = world.to_booked(world.open_file())
    path = tmp_path / "a.ics"
    whole = CalendarSpan(date(2026, 9, 1), 90)
    said = {"reason": "改去外地", "evidence": world.evidence(), "warning_acknowledged": True}
    for status in ("CONFIRMED", "CANCELLED"):
        assert export_calendar(world.desk, whole, path).booking_count == 1
        (event,) = Calendar.from_ical(path.read_text(encoding="utf-8")).walk("VEVENT")
        assert str(event["status"]) == status
        if status == "CONFIRMED":
            world.run(CancelByInsured, request_id=request_id, **said)


def test_the_same_booking_keeps_its_identity(world: World, tmp_path: Path) -> None:
    booked(world)
    found = []
    for name in ("a.ics", "b.ics"):
        export_calendar(world.desk, DAY, tmp_path / name)
        (event,) = Calendar.from_ical((tmp_path / name).read_text(encoding="utf-8")).walk("VEVENT")
        found.append(str(event["uid"]))
    assert found[0] == found[1]


def test_file_names_tell_the_days(world: World) -> None:
    assert DAY.file_name == "预约日程_2026-10-09.ics"
    assert CalendarSpan(date(2026, 10, 5), 7).file_name == "预约日程_2026-10-05_2026-10-11.ics"


def test_days_the_wrong_way_round_are_refused(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        world.run(RecordCalendarExport, first_on=date(2026, 10, 9), last_on=date(2026, 10, 8), booking_count=0)
    assert refused.value.code is ErrorCode.TIME_ORDER
