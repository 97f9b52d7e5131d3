"""The clocks of one service request as its card shows them (R57 to R62)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.rules.clocks import ClockReading, clock_state, warning_times
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import ClockKind, ClockState
from lian_desk.services.commands.clock_doubts import MARK
from lian_desk.services.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as it stands now; ``derivation`` explains its due time."""

    kind: ClockKind
    state: ClockState
    started_at: datetime
    due_at: datetime
    internal_due_at: datetime
    notice_at: datetime
    stopped_at: datetime | None
    window_opens_on: date | None
    is_provisional: bool
    derivation: str
    clause: str


def clock_lines(session: Session, desk: Desk, request_id: int) -> tuple[ClockLine, ...]:
    """Return the clocks of a request that are owed, were met or ran out, the newest of each kind, in the kinds' order."""
    rows = session.scalars(
        select(ClockRun).where(ClockRun.service_request_id == request_id).order_by(ClockRun.id.desc())
    ).all()
    lines: dict[ClockKind, ClockLine] = {}
    for row in rows:
        if row.kind in lines:
            continue
        internal, pack = row.internal_due_at or row.due_at, desk.editions.of(row.handbook_edition)
        warn = warning_times(row.kind, internal, pack, desk.calendar)
        if row.met_at is None and row.ended_at is not None and row.ended_at <= row.due_at:
            # no longer owed: the request ended before the promise ran out, or a new version replaced it
            continue
        # a promise that had run out when the request ended stays broken
        stopped_at = row.met_at or row.ended_at
        reading = ClockReading(
            row.due_at, warn.notice_at, warn.urgent_at, stopped_at, is_paused=row.paused_since_at is not None
        )
        lines[row.kind] = ClockLine(
            kind=row.kind,
            state=clock_state(reading, desk.clock.now()),
            started_at=row.started_at,
            due_at=row.due_at,
            internal_due_at=internal,
            notice_at=warn.notice_at,
            stopped_at=stopped_at,
            window_opens_on=row.window_opens_on,
            is_provisional=row.is_provisional,
            derivation=row.derivation if row.clock_doubt is None else f"{row.derivation}（{MARK}）",
            clause=row.clause,
        )
    return tuple(lines[kind] for kind in ClockKind if kind in lines)
