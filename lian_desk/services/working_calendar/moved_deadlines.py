"""Which running deadlines another calendar moves, and how: reckoned first, written only when a lead accepts (A5).

A deadline is a function of its start, its pauses and the calendar; nothing is shifted by a difference. So importing a
year and pausing a request give the same deadline in either order, and importing twice changes nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.clocks import Deadline, Pause, booking_clock, feedback_clock, response_clock
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai, midnight
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, NextAction, ServiceKind
from lian_desk.services.rules.edition_shelf import EditionShelf
from lian_desk.services.words import formats

_CHUNK: Final = 500
#: Steps whose date is no count of working days: a follow-up has its own plan, a visit its own hour.
_OWN_DATES: Final = frozenset({NextAction.FOLLOW_UP, NextAction.SEND_INSTRUCTIONS, NextAction.NONE})


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    """What another calendar does to one running deadline.

    ``number`` names the request, or the moment of an application, which has no number. ``derivation`` explains the new
    due time. A move without another time only loses or gains the mark 暂定.
    """

    clock_run_id: int
    clock: ClockKind
    kind: ServiceKind | None
    request_id: int | None
    application_id: int | None
    assistance_file_id: int | None
    number: str
    old_due_at: datetime
    new_due_at: datetime
    old_internal_at: datetime | None
    new_internal_at: datetime | None
    was_provisional: bool
    is_provisional: bool
    derivation: str

    @property
    def is_shifted(self) -> bool:
        """Tell whether the promise itself changes, not only the desk's own target or the mark 暂定."""
        return self.old_due_at != self.new_due_at


@dataclass(frozen=True, slots=True)
class TargetMove:
    """A next step of the desk (no promise of the handbook) whose day became a day off: it goes on to the next one."""

    request_id: int
    old_due_at: datetime
    new_due_at: datetime


class Reckoned(NamedTuple):
    """A stored clock with what the new calendar makes of it; ``move`` is None when only its sentence differs."""

    run: ClockRun
    deadline: Deadline
    move: DeadlineMove | None


@dataclass(frozen=True)
class Reckoning:
    """Everything that a new calendar changes; made without writing."""

    clocks: tuple[Reckoned, ...]
    targets: tuple[TargetMove, ...]

    @property
    def moves(self) -> tuple[DeadlineMove, ...]:
        """The deadlines that move, the earliest new time first."""
        found = [clock.move for clock in self.clocks if clock.move is not None]
        return tuple(sorted(found, key=lambda move: (move.new_due_at, move.clock_run_id)))

    @property
    def mark(self) -> str:
        """A checksum of the list: what a lead accepts must be what is written."""
        text = "\n".join(
            f"{move.clock_run_id} {move.old_due_at.timestamp()} {move.new_due_at.timestamp()}"
            f" {move.new_internal_at and move.new_internal_at.timestamp()} {move.is_provisional}"
            for move in self.moves
        )
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Owner:
    """The request or application a clock belongs to, as far as reckoning needs it."""

    number: str
    file_id: int | None
    kind: ServiceKind | None = None
    is_renowned: bool = False
    pauses: Sequence[Pause] = field(default_factory=tuple)


def reckon(session: Session, editions: EditionShelf, calendar: WorkCalendar, year: int) -> Reckoning:
    """Reckon every running clock that may touch ``year`` on ``calendar``; what was met or ended stays as it was.

    A deadline looks only at days up to its due time, so one that is due before the year cannot change. Each clock is
    reckoned by the edition it was started under (A41).
    """
    from_at = midnight(date(year, 1, 1))
    runs = session.scalars(
        select(ClockRun)
        .where(ClockRun.ended_at.is_(None), ClockRun.kind.in_(tuple(ClockKind)), ClockRun.due_at >= from_at)
        .order_by(ClockRun.id)
    ).all()
    clocks: list[Reckoned] = []
    for chunk in _chunks(runs):
        owners = _owners(session, chunk)
        for run in chunk:
            pack = editions.of(run.handbook_edition)
            deadline = _deadline(run, owners[_owner_key(run)], pack, calendar)
            if deadline is not None:
                clocks.append(Reckoned(run, deadline, _move(run, owners[_owner_key(run)], deadline)))
    moved = {clock.run.service_request_id for clock in clocks if clock.move is not None}
    targets = [target for target in _targets(session, calendar, year) if target.request_id not in moved]
    return Reckoning(tuple(clocks), tuple(targets))


def _chunks(runs: Sequence[ClockRun]) -> Iterator[Sequence[ClockRun]]:
    for start in range(0, len(runs), _CHUNK):
        yield runs[start : start + _CHUNK]


def _owner_key(run: ClockRun) -> int:
    key = run.service_request_id if run.service_request_id is not None else run.application_id
    assert key is not None
    return key


def _owners(session: Session, runs: Sequence[ClockRun]) -> Mapping[int, _Owner]:
    request_ids = {run.service_request_id for run in runs if run.service_request_id is not None}
    application_ids = {run.application_id for run in runs if run.application_id is not None}
    pauses: dict[int, list[Pause]] = {}
    for pause in session.scalars(
        select(RequestPause).where(RequestPause.service_request_id.in_(request_ids)).order_by(RequestPause.paused_at)
    ):
        pauses.setdefault(pause.service_request_id, []).append(Pause(pause.reason, pause.paused_at, pause.resumed_at))
    # the last version of a requirement holds; later rows of the query replace earlier ones
    renowned = dict(
        session.execute(
            select(Requirement.service_request_id, Requirement.is_renowned)
            .where(Requirement.service_request_id.in_(request_ids))
            .order_by(Requirement.service_request_id, Requirement.version_number)
        ).all()
    )
    owners = {
        row.id: _Owner(
            row.number, row.assistance_file_id, row.kind, renowned.get(row.id, False), pauses.get(row.id, ())
        )
        for row in session.execute(
            select(
                ServiceRequest.id, ServiceRequest.number, ServiceRequest.assistance_file_id, ServiceRequest.kind
            ).where(ServiceRequest.id.in_(request_ids))
        )
    }
    for key, received_at, file_id in session.execute(
        select(IncomingApplication.id, IncomingApplication.received_at, IncomingApplication.assistance_file_id).where(
            IncomingApplication.id.in_(application_ids)
        )
    ):
        owners[key] = _Owner(f"申请 {formats.iso_moment(received_at)}", file_id)
    return owners


def _deadline(run: ClockRun, owner: _Owner, pack: RulePack, calendar: WorkCalendar) -> Deadline | None:
    if run.kind is ClockKind.RESPONSE or owner.kind is None:
        return response_clock(run.started_at, pack, calendar)
    rule = pack.service(owner.kind)
    if run.kind is ClockKind.FEEDBACK:
        if rule.feedback_hours is None and rule.feedback_business_days is None:
            return None
        return feedback_clock(run.started_at, pack, calendar, kind=owner.kind, pauses=owner.pauses)
    if not rule.has_booking:
        return None
    return booking_clock(
        run.started_at, pack, calendar, kind=owner.kind, is_renowned=owner.is_renowned, pauses=owner.pauses
    )


def _move(run: ClockRun, owner: _Owner, deadline: Deadline) -> DeadlineMove | None:
    before = (run.due_at, run.internal_due_at, run.window_opens_on, run.is_provisional)
    after = (deadline.due_at, deadline.internal_due_at, deadline.window_opens_on, deadline.is_provisional)
    if before == after:
        return None
    return DeadlineMove(
        clock_run_id=run.id,
        clock=run.kind,
        kind=owner.kind,
        request_id=run.service_request_id,
        application_id=run.application_id,
        assistance_file_id=owner.file_id,
        number=owner.number,
        old_due_at=run.due_at,
        new_due_at=deadline.due_at,
        old_internal_at=run.internal_due_at,
        new_internal_at=deadline.internal_due_at,
        was_provisional=run.is_provisional,
        is_provisional=deadline.is_provisional,
        derivation=deadline.derivation,
    )


def _targets(session: Session, calendar: WorkCalendar, year: int) -> Iterator[TargetMove]:
    """Yield the next steps in ``year`` that now fall on a day off."""
    for row in session.execute(
        select(ServiceRequest.id, ServiceRequest.next_action, ServiceRequest.next_action_due_at).where(
            ServiceRequest.is_open,
            ServiceRequest.next_action_due_at >= midnight(date(year, 1, 1)),
            ServiceRequest.next_action_due_at < midnight(date(year + 1, 1, 1)),
        )
    ):
        day = in_shanghai(row.next_action_due_at).date()
        if row.next_action not in _OWN_DATES and not calendar.is_working_day(day):
            later = calendar.closing_of(calendar.nth_working_day_after(day, 1))
            yield TargetMove(row.id, row.next_action_due_at, later)
