"""The stored clocks of a request: start, meet, end and reckon anew after a pause (C2, C3; R57 to R62, A8, A45)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.clocks import Deadline, Pause, booking_clock, feedback_clock
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest
from lian_desk.models.vocabulary import ClockKind, PauseReason
from lian_desk.services.commands.commands import CommandContext

REQUIREMENT_CLOCKS = frozenset({ClockKind.FEEDBACK, ClockKind.BOOKING})


@dataclass(frozen=True, slots=True)
class ClockStart:
    """From when the clocks of a requirement run, and whether its expert is renowned (R58, R59)."""

    at: datetime
    is_renowned: bool


def pauses_of(session: Session, request_id: int) -> list[Pause]:
    """Return the pauses of a request, the first one first."""
    rows = session.scalars(
        select(RequestPause).where(RequestPause.service_request_id == request_id).order_by(RequestPause.paused_at)
    )
    return [Pause(row.reason, row.paused_at, row.resumed_at) for row in rows]


def running_clock(context: CommandContext, request: ServiceRequest, kind: ClockKind) -> ClockRun | None:
    """Return the running clock of a kind, or None; the clocks of a request are asked for once in a command."""
    running = [run for run in _clocks(context, request) if run.kind is kind and run.ended_at is None]
    return running[-1] if running else None


def forget_clocks(context: CommandContext, request: ServiceRequest) -> None:
    """Ask for the clocks anew: after clocks that had ended run again."""
    context.known.pop((ClockRun, request.id), None)


def _clocks(context: CommandContext, request: ServiceRequest) -> list[ClockRun]:
    """Return the clocks that ran when the command first asked, and those it started since, the oldest first."""
    running = select(ClockRun).where(ClockRun.service_request_id == request.id, ClockRun.ended_at.is_(None))
    return context.once((ClockRun, request.id), lambda: list(context.session.scalars(running.order_by(ClockRun.id))))


def lasting_pauses(context: CommandContext, request: ServiceRequest) -> list[RequestPause]:
    """Return the pauses that hold a request now, the first one first."""
    return [row for row in _pauses(context, request) if row.resumed_at is None]


def _pauses(context: CommandContext, request: ServiceRequest) -> list[RequestPause]:
    every = select(RequestPause).where(RequestPause.service_request_id == request.id)
    rows = context.once((RequestPause, request.id), lambda: list(context.session.scalars(every)))
    rows.sort(key=lambda row: row.paused_at)
    return rows


def start_clocks(
    context: CommandContext, request: ServiceRequest, start: ClockStart, kinds: Iterable[ClockKind]
) -> list[ClockRun]:
    """Start the clocks ``kinds`` that the service has; one that runs already ends unmet and is replaced."""
    started: list[ClockRun] = []
    for kind in sorted(kinds, key=list(ClockKind).index):
        deadline = _deadline(context, request, kind, start)
        if deadline is None:
            continue
        end_clocks(context, request, {kind}, context.now)
        run = ClockRun(
            id=context.new_id(),
            kind=kind,
            service_request_id=request.id,
            started_at=deadline.started_at,
            due_at=deadline.due_at,
            derivation=deadline.derivation,
            clause=deadline.clauses[0],
            handbook_edition=deadline.edition,
        )
        _write(run, deadline)
        _clocks(context, request).append(run)
        context.session.add(run)
        started.append(run)
    return started


def meet_clock(context: CommandContext, request: ServiceRequest, kind: ClockKind, at: datetime) -> ClockRun | None:
    """Stop a running clock as met at ``at``; kept or broken follows from its due time. None when none runs."""
    run = running_clock(context, request, kind)
    if run is None:
        return None
    run.met_at = run.ended_at = at
    return run


def end_clocks(context: CommandContext, request: ServiceRequest, kinds: Iterable[ClockKind], at: datetime) -> None:
    """End running clocks that are no longer owed."""
    for kind in kinds:
        run = running_clock(context, request, kind)
        if run is not None:
            run.ended_at = at


def recompute_clocks(context: CommandContext, request: ServiceRequest) -> None:
    """Reckon the running clocks anew with all pauses; what was met or ended stays as it was."""
    requirement = requirement_of(context, request)
    is_renowned = requirement is not None and requirement.is_renowned
    for kind in sorted(REQUIREMENT_CLOCKS):
        run = running_clock(context, request, kind)
        if run is None:
            continue
        deadline = _deadline(context, request, kind, ClockStart(run.started_at, is_renowned))
        if deadline is not None:
            _write(run, deadline)


def current_requirement(session: Session, request_id: int) -> Requirement | None:
    """Return the requirement that holds: the last confirmed version."""
    return session.scalars(
        select(Requirement)
        .where(Requirement.service_request_id == request_id)
        .order_by(Requirement.version_number.desc())
        .limit(1)
    ).first()


def requirement_of(context: CommandContext, request: ServiceRequest) -> Requirement | None:
    """Return the requirement that holds, asked for once in a command."""
    return context.once((Requirement, request.id), lambda: current_requirement(context.session, request.id))


def open_pause(context: CommandContext, request: ServiceRequest, reason: PauseReason, at: datetime, note: str) -> None:
    """Let the clocks that ``reason`` stops stand still from ``at`` on."""
    row = RequestPause(
        id=context.new_id(),
        service_request_id=request.id,
        reason=reason,
        note=note,
        paused_at=at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    _pauses(context, request).append(row)
    context.session.add(row)
    recompute_clocks(context, request)


def close_pauses(
    context: CommandContext, request: ServiceRequest, at: datetime, reasons: Iterable[PauseReason] | None = None
) -> int:
    """End the lasting pauses of ``reasons`` (None: all) at ``at``, reckon the clocks anew, return how many ended."""
    wanted = None if reasons is None else frozenset(reasons)
    ended = [row for row in lasting_pauses(context, request) if wanted is None or row.reason in wanted]
    for row in ended:
        row.resumed_at = max(at, row.paused_at)
    if ended:
        recompute_clocks(context, request)
    return len(ended)


def _deadline(context: CommandContext, request: ServiceRequest, kind: ClockKind, start: ClockStart) -> Deadline | None:
    pack = context.pack_of(request.handbook_edition)
    rule = pack.service(request.kind)
    pauses = [Pause(row.reason, row.paused_at, row.resumed_at) for row in _pauses(context, request)]
    if kind is ClockKind.FEEDBACK:
        if rule.feedback_hours is None and rule.feedback_business_days is None:
            return None
        return feedback_clock(start.at, pack, context.calendar, kind=request.kind, pauses=pauses)
    if kind is ClockKind.BOOKING and rule.has_booking:
        return booking_clock(
            start.at, pack, context.calendar, kind=request.kind, is_renowned=start.is_renowned, pauses=pauses
        )
    return None


def _write(run: ClockRun, deadline: Deadline) -> None:
    run.due_at = deadline.due_at
    run.internal_due_at = deadline.internal_due_at
    run.window_opens_on = deadline.window_opens_on
    run.is_provisional = deadline.is_provisional
    run.paused_since_at = deadline.paused_since_at
    run.derivation = deadline.derivation
    run.clause = deadline.clauses[0]
