"""Whether the clock is to be believed at the moment of a command, so that what it records can say so (R89)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import Evidence
from lian_desk.models.tables.workspace.clock_doubt import ClockDoubtNote
from lian_desk.models.vocabulary import ClockDoubt

#: Two workstations and a time server may differ by this much without anybody being wrong.
BACKWARD_TOLERANCE: Final = timedelta(minutes=2)
MARK: Final = "本机时钟可疑，时间待核"
_BACKWARD: Final = frozenset({ClockDoubt.BEHIND_LOG, ClockDoubt.SET_BACK})


def doubt_at(
    session: Session, now: datetime, make_id: Callable[[datetime], int], latest: datetime | None
) -> ClockDoubt | None:
    """Return why the clock is not believed at ``now``, or None; a clock behind ``latest``, the end of the log, is noted.

    The end of the sealed log needs nobody who looked at the clock before. A clock that was behind and has caught up is
    believed again; one that leapt ahead is not before a lead has vouched for it.
    """
    notes = session.scalars(select(ClockDoubtNote).where(ClockDoubtNote.settled_at.is_(None)))
    for note in notes:
        if note.doubt not in _BACKWARD or note.expected_at - now > BACKWARD_TOLERANCE:
            return note.doubt
    if latest is None or latest - now <= BACKWARD_TOLERANCE:
        return None
    # the next entry carries the wrong time and would hide this one
    session.add(ClockDoubtNote(id=make_id(now), doubt=ClockDoubt.BEHIND_LOG, seen_at=now, expected_at=latest))
    return ClockDoubt.BEHIND_LOG


def mark_new_rows(session: Session, doubt: ClockDoubt | None) -> None:
    """Let every piece of evidence and every promise that ``session`` adds carry ``doubt``."""
    if doubt is None:
        return

    def mark(flushed: Session, _context: UOWTransaction, _instances: object) -> None:
        for row in flushed.new:
            if isinstance(row, Evidence | ClockRun):
                row.clock_doubt = doubt

    event.listen(session, "before_flush", mark)
