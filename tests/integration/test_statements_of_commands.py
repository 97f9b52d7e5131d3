"""One action, few moves: what the ten most used commands ask of the database, counted on the way of one request."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import event

from lian_desk.models.vocabulary import Channel, ContactResult, FactSource, ServiceKind
from lian_desk.services.bookings import CompleteService, RecordAttendance, RecordBooking, SendInstructions
from lian_desk.services.service_requests import (
    AwaitStart,
    ConfirmRequirement,
    ConfirmStart,
    OpenRequest,
    RecordCoordinationNotice,
    RecordReview,
)
from tests.desk_fixture import clock, desk, lead, world
from tests.desk_world import World

__all__ = ["clock", "desk", "lead", "world"]

#: Statements of one transaction with its audit entry, BEGIN and COMMIT not counted: the most that each may take.
MOST: Final = {
    "OpenRequest": 23,
    "RecordReview": 23,
    "ConfirmRequirement": 30,
    "RecordCoordinationNotice": 16,
    "AwaitStart": 16,
    "ConfirmStart": 30,
    "RecordBooking": 25,
    "SendInstructions": 18,
    "RecordAttendance": 13,
    "CompleteService": 21,
}


@dataclass
class Tally:
    """What one command asked."""

    statements: list[str] = field(default_factory=list)
    flushes: int = 0

    def __str__(self) -> str:
        """Return the statements by their beginning, most frequent first."""
        heads = Counter(" ".join(text.split()[:3]) for text in self.statements)
        return f"{len(self.statements)} statements, {self.flushes} flushes: {heads.most_common(8)}"


@contextmanager
def counted(world: World) -> Iterator[Tally]:
    """Count what is asked of the writing engine, and how often the session writes."""
    tally = Tally()
    database = world.desk.database

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            tally.statements.append(statement)

    def flushed(_session: Any, _context: Any) -> None:
        tally.flushes += 1

    event.listen(database.write_engine, "before_cursor_execute", note)
    event.listen(database.write_sessions, "after_flush", flushed)
    try:
        yield tally
    finally:
        event.remove(database.write_engine, "before_cursor_execute", note)
        event.remove(database.write_sessions, "after_flush", flushed)


def walk(world: World) -> dict[str, Tally]:
    """Bring one request of 门诊 from the first word to its completion, each command counted."""
    file_id = world.open_file()
    world.material(file_id)
    kind = ServiceKind.OUTPATIENT_COORDINATION
    found: dict[str, Tally] = {}

    def run(order: Any, **values: Any) -> int:
        with counted(world) as tally:
            key = world.run(order, **values)
        found[order.__name__] = tally
        return key

    request_id = run(
        OpenRequest,
        assistance_file_id=file_id,
        kind=kind,
        disease_entry_id=world.disease(file_id),
        need_text="希望本周在上海看心内科",
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        submit=True,
    )
    run(RecordReview, request_id=request_id, **world.passed())
    run(
        ConfirmRequirement,
        request_id=request_id,
        requirement=world.requirement(file_id, kind),
        evidence=world.evidence(),
        fee_notice_shown=True,
    )
    run(
        RecordCoordinationNotice,
        request_id=request_id,
        channel=Channel.PHONE,
        result=ContactResult.REACHED,
        content="周四上午有号，等待确认",
        happened_at=world.later(minutes=10),
    )
    run(AwaitStart, request_id=request_id)
    world.later(minutes=10)
    run(ConfirmStart, request_id=request_id, evidence=world.evidence(), warning_acknowledged=True)
    world.later(minutes=10)
    run(
        RecordBooking,
        request_id=request_id,
        hospital_id=world.hospital(),
        visit_at=world.clock.moment + timedelta(days=10),
        confirmed_by_hospital_at=world.clock.moment,
        hospital_reference="YY-20260928-17",
        department_text="心内科",
    )
    run(
        SendInstructions,
        request_id=request_id,
        channel=Channel.WECOM,
        result=ContactResult.REACHED,
        content="已告知时间、地点与注意事项",
        sent_at=world.later(minutes=5),
    )
    world.later(days=10)
    run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    run(CompleteService, request_id=request_id, completed_at=world.later(hours=1))
    return found


def test_a_command_writes_once_and_asks_little(world: World) -> None:
    found = walk(world)
    assert set(found) == set(MOST)
    asked = {name: len(tally.statements) for name, tally in found.items()}
    too_many = {name: count for name, count in asked.items() if count > MOST[name]}
    assert too_many == {}, "\n".join(f"{name}: {found[name]}" for name in too_many)
    assert {name: tally.flushes for name, tally in found.items() if tally.flushes != 1} == {}
