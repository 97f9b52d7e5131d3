"""Notices a wrong or backward workstation clock, says so and marks the evidence (R89).

Promises hang on times, so a time must not be believed blindly. Two witnesses: the times already in the sealed log
(a clock before them is wrong; one that leaps over many working days probably is), and a length measured by the
machine that no hand can set, for as long as the program runs. Order never depends on the clock: the log has its own
sequence numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.machine.clock import Clock, time_since_boot
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.tables.workspace.clock_doubt import ClockDoubtNote
from lian_desk.models.vocabulary import ClockDoubt
from lian_desk.services.commands import audit_trail, input_checks
from lian_desk.services.commands.clock_doubts import BACKWARD_TOLERANCE
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words import formats

#: Sleep of the machine may look like a leap forward where the system does not count it.
FORWARD_TOLERANCE: Final = timedelta(days=1)
#: A desk left alone over more whole working days than this is more likely a wrong date.
QUIET_WORKING_DAYS: Final = 1
KIND: Final = "clock_suspicious"
_TAIL: Final = 500


_SENTENCES: Final = {
    ClockDoubt.BEHIND_LOG: (
        "本机时钟为 {seen}，早于已有记录的 {expected}，时间可能有误。请核对系统日期与时间；"
        "在改正之前录入的时限与凭证会标记为“时钟可疑”。"
    ),
    ClockDoubt.FAR_AHEAD_OF_LOG: (
        "本机时钟为 {seen}，上一条记录是 {expected}，中间有多个工作日没有任何记录。"
        "请核对系统日期；日期无误时由主管确认即可。"
    ),
    ClockDoubt.SET_BACK: (
        "本机时钟在使用中被调回：现在显示 {seen}，应为 {expected}。请核对系统日期与时间；"
        "在改正之前录入的时限与凭证会标记为“时钟可疑”。"
    ),
    ClockDoubt.SET_FORWARD: (
        "本机时钟在使用中被调快：现在显示 {seen}，应为 {expected}。请核对系统日期与时间；"
        "在改正之前录入的时限与凭证会标记为“时钟可疑”。"
    ),
}


@dataclass(frozen=True, slots=True)
class ClockFinding:
    """A doubt with the time shown and the time that the witness tells."""

    doubt: ClockDoubt
    seen_at: datetime
    expected_at: datetime

    @property
    def sentence(self) -> str:
        """What happened and what to do."""
        words = {"seen": formats.iso_moment(self.seen_at), "expected": formats.iso_moment(self.expected_at)}
        return _SENTENCES[self.doubt].format_map(words)

    @property
    def is_wrong(self) -> bool:
        """True when the clock is certainly wrong, False when it only may be."""
        return self.doubt is not ClockDoubt.FAR_AHEAD_OF_LOG


@dataclass(frozen=True, kw_only=True)
class ConfirmClock(Command):
    """A lead has looked at the clock and vouches for it; times before this entry no longer count as witnesses."""

    reason: str


@handles(ConfirmClock, roles=LEADS)
def confirm_clock(command: ConfirmClock, context: CommandContext) -> None:
    """Settle what was found; what was recorded meanwhile keeps its mark.

    Raises:
        RuleViolation: ``REASON_MISSING``.
    """
    if not command.reason.strip():
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="R89", field="reason")
    input_checks.required(command.reason, field="reason", clause="R89", limit=200)
    for note in context.session.scalars(select(ClockDoubtNote).where(ClockDoubtNote.settled_at.is_(None))):
        note.settled_at, note.settled_by = context.now, context.operator.id


def latest_known(session: Session) -> datetime | None:
    """Return the greatest time at the end of the sealed log, back to the last :class:`ConfirmClock`; None when empty."""
    latest: datetime | None = None
    entries = session.execute(
        select(AuditEntry.kind, AuditEntry.happened_at).order_by(AuditEntry.sequence.desc()).limit(_TAIL)
    )
    for kind, happened_at in entries:
        latest = happened_at if latest is None else max(latest, happened_at)
        if kind == ConfirmClock.__name__:
            break
    return latest


def compare_with_log(now: datetime, latest: datetime | None, calendar: WorkCalendar) -> ClockFinding | None:
    """Compare the clock with the log; None while there is nothing to doubt.

    A weekend or a festival without an entry is no leap: whole working days are counted.
    """
    if latest is None:
        return None
    if latest - now > BACKWARD_TOLERANCE:
        return ClockFinding(ClockDoubt.BEHIND_LOG, now, latest)
    between = calendar.working_days_between(in_shanghai(latest).date(), in_shanghai(now).date())
    if now - latest > FORWARD_TOLERANCE and between - 1 > QUIET_WORKING_DAYS:
        return ClockFinding(ClockDoubt.FAR_AHEAD_OF_LOG, now, latest)
    return None


def examine_clock(desk: Desk) -> ClockFinding | None:
    """Compare the desk's clock with its log, at the start of the program; a finding is sealed into the log."""
    now = desk.clock.now()
    with desk.read() as session:
        finding = compare_with_log(now, latest_known(session), desk.calendar)
    if finding is not None:
        mark_suspicious(desk, finding)
    return finding


def mark_suspicious(desk: Desk, finding: ClockFinding) -> None:
    """Seal the finding into the log, between the entries whose times it puts in doubt.

    A clock that is certainly wrong marks what is recorded from now on, until it has caught up or a lead vouches for it.

    Raises:
        EnvironmentProblem: the disk or the file says no.
    """
    entry_id = desk.new_id()
    with desk.database.write_session() as session:
        audit_trail.append(
            session,
            desk.opened.keys.seal_key,
            entry_id,
            audit_trail.Fact(
                happened_at=finding.seen_at,
                operator_id=desk.operator.id,
                workstation_code=desk.identity.workstation_code,
                kind=KIND,
                body={
                    "doubt": finding.doubt.value,
                    "seen_at": finding.seen_at.isoformat(),
                    "expected_at": finding.expected_at.isoformat(),
                },
            ),
        )
        if finding.is_wrong:
            session.add(
                ClockDoubtNote(
                    id=desk.new_id(), doubt=finding.doubt, seen_at=finding.seen_at, expected_at=finding.expected_at
                )
            )
        session.commit()


class ClockWatch:
    """Looks at the clock again and again while the program runs; keeps no thread and no timer of its own."""

    def __init__(self, clock: Clock, since_boot: Callable[[], timedelta] = time_since_boot) -> None:
        """Trust the clock as it stands now; ``since_boot`` is the length that nobody can set."""
        self._clock = clock
        self._since_boot = since_boot
        self._trust()

    def look(self) -> ClockFinding | None:
        """Return a finding when the clock was set since the last look, and go on from where it stands now."""
        now = self._clock.now()
        expected = self._trusted_at + (self._since_boot() - self._trusted_length)
        doubt: ClockDoubt | None = None
        if expected - now > BACKWARD_TOLERANCE:
            doubt = ClockDoubt.SET_BACK
        elif now - expected > FORWARD_TOLERANCE:
            doubt = ClockDoubt.SET_FORWARD
        if doubt is None:
            return None
        self._trust()
        return ClockFinding(doubt, now, expected)

    def _trust(self) -> None:
        self._trusted_at = self._clock.now()
        self._trusted_length = self._since_boot()
