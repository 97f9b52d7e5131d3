"""A clock that lies is noticed, said and sealed into the log (R89)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lian_desk.adapters.machine.clock import FixedClock, time_since_boot
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import Evidence
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import ClockDoubt
from lian_desk.services.commands import audit_trail
from lian_desk.services.commands.clock_doubts import MARK
from lian_desk.services.desk.audit_wording import audit_phrase
from lian_desk.services.desk.clock_watch import (
    KIND,
    ClockFinding,
    ClockWatch,
    ConfirmClock,
    compare_with_log,
    examine_clock,
    latest_known,
    mark_suspicious,
)
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.views import load_follow_up_record
from lian_desk.services.request_views.clock_lines import clock_lines
from tests.desk_world import World


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


class Stopwatch:
    def __init__(self) -> None:
        self.length = timedelta(hours=3)

    def __call__(self) -> timedelta:
        return self.length


@pytest.mark.parametrize(
    ("latest", "now", "doubt"),
    [
        (at(9, 28), at(9, 28) - timedelta(minutes=2), None),
        (at(9, 28), at(9, 28) - timedelta(minutes=2, seconds=1), ClockDoubt.BEHIND_LOG),
        (at(9, 28), at(8, 24, year=2025), ClockDoubt.BEHIND_LOG),
        (at(9, 25, 20), at(9, 28, 9), None),
        # the long holiday: not one working day lies between
        (at(9, 30, 20), at(10, 8, 9), None),
        (at(9, 24, 20), at(9, 29, 9), None),
        (at(9, 24, 20), at(9, 30, 9), ClockDoubt.FAR_AHEAD_OF_LOG),
        (at(9, 28), at(9, 28, year=2036), ClockDoubt.FAR_AHEAD_OF_LOG),
    ],
)
def test_the_clock_is_compared_with_the_log(
    desk: Desk, latest: datetime, now: datetime, doubt: ClockDoubt | None
) -> None:
    finding = compare_with_log(now, latest, desk.calendar)
    assert (finding.doubt if finding else None) is doubt


def test_an_empty_log_knows_nothing(desk: Desk) -> None:
    assert compare_with_log(at(1, 1, year=1999), None, desk.calendar) is None


def test_a_backward_clock_is_said_and_sealed(desk: Desk, lead: Desk, clock: FixedClock) -> None:
    assert examine_clock(desk) is None
    before = desk.audit_head().sequence
    clock.moment -= timedelta(days=400)
    finding = examine_clock(desk)
    assert finding is not None
    assert finding.is_wrong
    assert "2025-08-24 10:00" in finding.sentence
    assert "2026-09-28 10:00" in finding.sentence
    with desk.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
        assert entry is not None
        assert (entry.kind, entry.sequence) == (KIND, before + 1)
        assert '"doubt":"behind_log"' in entry.body
        assert audit_trail.verify_tail(session, desk.opened.keys.seal_key, None).first_bad is None
    assert audit_phrase(KIND) == "本机时钟可疑"


def test_a_lead_may_vouch_for_the_clock_after_a_leap(desk: Desk, lead: Desk, clock: FixedClock) -> None:
    clock.moment = at(9, 28, year=2036)
    assert examine_clock(desk) is not None
    clock.moment = at(9, 28, 11)
    assert examine_clock(desk) is not None
    with pytest.raises(RuleViolation) as refused:
        desk.execute(ConfirmClock(command_id=desk.new_id(), reason="已与报时核对"))
    assert refused.value.code is ErrorCode.NOT_ALLOWED
    with pytest.raises(RuleViolation) as refused:
        lead.execute(ConfirmClock(command_id=lead.new_id(), reason=" "))
    assert refused.value.code is ErrorCode.REASON_MISSING
    lead.execute(ConfirmClock(command_id=lead.new_id(), reason="已与报时核对"))
    assert examine_clock(desk) is None
    with desk.read() as session:
        assert latest_known(session) == clock.moment


@pytest.mark.parametrize(
    ("jump", "doubt"),
    [
        (timedelta(minutes=-2), None),
        (timedelta(minutes=-3), ClockDoubt.SET_BACK),
        (timedelta(hours=20), None),
        (timedelta(days=2), ClockDoubt.SET_FORWARD),
    ],
)
def test_a_jump_while_running_is_told_once(clock: FixedClock, jump: timedelta, doubt: ClockDoubt | None) -> None:
    stopwatch = Stopwatch()
    watch = ClockWatch(clock, stopwatch)
    clock.moment += timedelta(minutes=30)
    stopwatch.length += timedelta(minutes=30)
    assert watch.look() is None
    clock.moment += jump
    finding = watch.look()
    assert (finding.doubt if finding else None) is doubt
    assert watch.look() is None


def test_a_slow_drift_is_noticed_too(clock: FixedClock) -> None:
    stopwatch = Stopwatch()
    watch = ClockWatch(clock, stopwatch)
    findings = []
    for _minute in range(60):
        stopwatch.length += timedelta(minutes=1)
        clock.moment += timedelta(seconds=55)
        findings.append(watch.look())
    assert [finding.doubt for finding in findings if finding] == [ClockDoubt.SET_BACK] * 2


def test_the_length_of_the_machine_only_grows() -> None:
    first = time_since_boot()
    assert time_since_boot() >= first > timedelta(0)


# ---------------------------------------------------------------------------------- what is recorded carries the mark


def marks(world: World, request_id: int) -> tuple[set[ClockDoubt | None], set[ClockDoubt | None]]:
    """Return the marks on the evidence and on the clocks of a request."""
    with world.desk.read() as session:
        evidence = session.scalars(select(Evidence.clock_doubt).where(Evidence.service_request_id == request_id))
        clocks = session.scalars(select(ClockRun.clock_doubt).where(ClockRun.service_request_id == request_id))
        return set(evidence), set(clocks)


def feed_of(world: World, request_id: int) -> list[str]:
    with world.desk.read() as session:
        found = session.scalars(select(FileEntry.detail).where(FileEntry.service_request_id == request_id))
        return [detail for detail in found if MARK in detail]


def test_r89_what_is_recorded_by_a_backward_clock_is_marked_without_anybody_looking(world: World) -> None:
    file_id = world.open_file()
    sound = world.to_requirement(file_id)
    assert marks(world, sound) == ({None}, {None})
    assert feed_of(world, sound) == []
    world.later(days=-1)
    doubted = world.to_requirement(world.open_file())
    assert marks(world, doubted) == ({ClockDoubt.BEHIND_LOG}, {ClockDoubt.BEHIND_LOG})
    assert feed_of(world, doubted)
    with world.desk.read() as session:
        lines = clock_lines(session, world.desk, doubted)
    assert lines
    assert all(MARK in line.derivation for line in lines)
    # the clock has caught up: what follows is believed again, what was recorded keeps its mark
    world.later(days=2)
    later = world.to_requirement(world.open_file())
    assert marks(world, later) == ({None}, {None})
    assert marks(world, doubted) == ({ClockDoubt.BEHIND_LOG}, {ClockDoubt.BEHIND_LOG})


def test_r89_a_clock_set_forward_is_marked_until_a_lead_vouches_for_it(world: World) -> None:
    world.later(days=3)
    now = world.clock.moment
    mark_suspicious(world.desk, ClockFinding(ClockDoubt.SET_FORWARD, now, now - timedelta(days=3)))
    doubted = world.to_requirement(world.open_file())
    assert marks(world, doubted) == ({ClockDoubt.SET_FORWARD}, {ClockDoubt.SET_FORWARD})
    world.run(ConfirmClock, by=world.lead, reason="已核对日期")
    assert marks(world, world.to_requirement(world.open_file())) == ({None}, {None})


def test_r89_a_long_quiet_is_asked_about_and_marks_nothing(world: World) -> None:
    now = world.later(days=10)
    mark_suspicious(world.desk, ClockFinding(ClockDoubt.FAR_AHEAD_OF_LOG, now, now - timedelta(days=10)))
    assert marks(world, world.to_requirement(world.open_file())) == ({None}, {None})


def test_r89_paper_says_that_the_clock_was_doubtful(world: World) -> None:
    world.open_file()
    world.later(days=-1)
    file_id = world.open_file()
    world.to_requirement(file_id)
    assert MARK in repr(load_follow_up_record(world.desk, file_id))
