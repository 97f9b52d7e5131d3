"""The calendar file: right hour and zone, nobody in clear, nothing of the illness, sealed before it is written."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import RescheduleCause, ServiceKind
from lian_desk.services.bookings import CancelByInsured, RescheduleByHospital
from lian_desk.services.bookings.calendar_events import CalendarSpan
from lian_desk.services.bookings.ics_export import RecordCalendarExport, calendar_bytes, export_calendar
from lian_desk.services.corrections.corrections import ReopenRequest
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


WHOLE = CalendarSpan(date(2026, 9, 1), 90)


def events(world: World, path: Path, span: CalendarSpan = WHOLE) -> list[Event]:
    export_calendar(world.desk, span, path)
    return list(Calendar.from_ical(path.read_text(encoding="utf-8")).walk("VEVENT"))


def test_a_file_is_published_and_every_event_has_an_end_and_a_reminder(world: World, tmp_path: Path) -> None:
    booked(world)
    path = tmp_path / "a.ics"
    (event,) = events(world, path)
    text = path.read_bytes()
    assert text.count(b"METHOD:PUBLISH\r\n") == 1
    assert text.index(b"METHOD") < text.index(b"BEGIN:VEVENT")
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=1)
    alarms = event.walk("VALARM")
    assert [alarm.decoded("trigger") for alarm in alarms] == [timedelta(days=-1), timedelta(hours=-1)]
    assert {str(alarm["action"]) for alarm in alarms} == {"DISPLAY"}
    assert {str(alarm["description"]) for alarm in alarms} == {str(event["summary"])}
    assert str(event["transp"]) == "OPAQUE"
    assert event.decoded("last-modified") <= event.decoded("dtstamp")


def test_a_visit_without_an_hour_takes_the_day(world: World, tmp_path: Path) -> None:
    booked(world, datetime(2026, 10, 9, tzinfo=SHANGHAI))
    (event,) = events(world, tmp_path / "a.ics")
    assert b"DTSTART;VALUE=DATE:20261009" in (tmp_path / "a.ics").read_bytes()
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 10, 9), date(2026, 10, 10))
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-15)


def test_what_is_called_off_says_so_frees_the_time_and_rises(world: World, tmp_path: Path) -> None:
    request_id = world.to_booked(world.open_file())
    (before,) = events(world, tmp_path / "a.ics")
    said = {"reason": "改去外地", "evidence": world.evidence(), "warning_acknowledged": True}
    world.run(CancelByInsured, request_id=request_id, **said)
    (after,) = events(world, tmp_path / "b.ics")
    assert str(after["summary"]) == f"【已取消】{before['summary']}"
    assert (str(after["status"]), str(after["transp"])) == ("CANCELLED", "TRANSPARENT")
    assert after.walk("VALARM") == []
    assert str(after["uid"]) == str(before["uid"])
    assert after["sequence"] > before["sequence"]
    written = export_calendar(world.desk, WHOLE, tmp_path / "c.ics")
    assert (written.booking_count, written.called_off_count) == (1, 1)


def stop_by_hospital(world: World, request_id: int) -> None:
    world.run(
        RescheduleByHospital,
        request_id=request_id,
        cause=next(iter(RescheduleCause)),
        note="医生停诊",
        evidence=world.evidence(),
    )


def test_a_date_that_the_hospital_moves_stays_one_event_that_rises(world: World, tmp_path: Path) -> None:
    request_id = world.to_started(world.open_file())
    world.book(request_id, VISIT)
    (first,) = events(world, tmp_path / "a.ics")
    stop_by_hospital(world, request_id)
    (stopped,) = events(world, tmp_path / "b.ics", DAY)
    assert str(stopped["status"]) == "CANCELLED"
    assert stopped.decoded("dtstart") == VISIT
    later = VISIT + timedelta(days=6)
    world.book(request_id, later)
    for span in (DAY, CalendarSpan(later.date(), 1), WHOLE):
        (moved,) = events(world, tmp_path / "c.ics", span)
        assert moved.decoded("dtstart") == later
        assert str(moved["status"]) == "CONFIRMED"
        assert str(first["uid"]) == str(stopped["uid"]) == str(moved["uid"])
        assert first["sequence"] < stopped["sequence"] < moved["sequence"]


def test_a_cancellation_that_is_corrected_rises_too(world: World, tmp_path: Path) -> None:
    request_id = world.to_booked(world.open_file())
    said = {"reason": "改去外地", "evidence": world.evidence(), "warning_acknowledged": True}
    world.run(CancelByInsured, request_id=request_id, **said)
    (off,) = events(world, tmp_path / "a.ics")
    world.run(ReopenRequest, by=world.lead, request_id=request_id, reason="误点取消", evidence=world.evidence())
    (on_again,) = events(world, tmp_path / "b.ics")
    assert str(on_again["status"]) == "CONFIRMED"
    assert on_again["sequence"] > off["sequence"]


def test_the_events_of_two_requests_are_two_and_in_order(world: World, tmp_path: Path) -> None:
    booked(world, VISIT + timedelta(days=1))
    booked(world, VISIT)
    found = events(world, tmp_path / "a.ics")
    assert [event.decoded("dtstart") for event in found] == [VISIT, VISIT + timedelta(days=1)]
    assert len({str(event["uid"]) for event in found}) == 2


def test_an_empty_file_is_one(world: World) -> None:
    text = calendar_bytes([], "x", VISIT)
    assert b"METHOD:PUBLISH" in text
    assert b"VEVENT" not in text


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
