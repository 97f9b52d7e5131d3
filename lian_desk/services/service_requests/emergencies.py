"""120: the script was read out. The record goes on; the routine of the file waits until somebody lifts it (R74)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.emergency import Emergency
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.free_words import concealed_for_file

CLAUSE: Final = "R74"
ROUTINE: Final = frozenset(
    {
        Move.SUBMIT,
        Move.BEGIN_REVIEW,
        Move.CONFIRM_REQUIREMENT,
        Move.REVISE_REQUIREMENT,
        Move.BEGIN_COORDINATION,
        Move.ASK_FOR_START,
        Move.CONFIRM_START,
        Move.RECORD_BOOKING,
        Move.ARCHIVE,
    }
)
"""What waits. Facts (arrival, no-show, withdrawal, the end of the contract) are written down at any time."""


@dataclass(frozen=True, kw_only=True)
class RecordEmergency(Command):
    """The emergency script was read out at ``happened_at``; ``said`` is what the other side answered.

    ``assistance_file_id`` is None for a caller without a file.
    """

    assistance_file_id: int | None
    happened_at: datetime
    said: str


@dataclass(frozen=True, kw_only=True)
class LiftEmergency(Command):
    """The emergency of a file is over, with what became of it."""

    assistance_file_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """An emergency that holds the routine of a file: since when, and what was said."""

    happened_at: datetime
    said: str


@handles(RecordEmergency)
def record_emergency(command: RecordEmergency, context: CommandContext) -> int:
    """Write it down, also in a file that is read-only otherwise.

    Raises:
        RuleViolation: ``TIME_IN_FUTURE``, ``FIELD_TOO_LONG``, ``NOT_FOUND``.
    """
    input_checks.not_in_future(command.happened_at, context.now, field="happened_at")
    said = input_checks.long_text(command.said, field="said")
    row = Emergency(
        id=context.new_id(),
        assistance_file_id=command.assistance_file_id,
        happened_at=command.happened_at,
        said=said,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    if command.assistance_file_id is not None:
        file = context.get(AssistanceFile, command.assistance_file_id)
        context.feed(
            file, EntryCategory.FILE, "已宣读急救提示（120），常规步骤暂停", said, happened_at=command.happened_at
        )
    return row.id


@handles(LiftEmergency)
def lift_emergency(command: LiftEmergency, context: CommandContext) -> int:
    """Let the routine of the file go on.

    Raises:
        RuleViolation: ``NOT_FOUND`` where there is none; ``FIELD_REQUIRED`` without an outcome.
    """
    outcome = input_checks.required(command.outcome, field="outcome")
    file = context.get(AssistanceFile, command.assistance_file_id)
    rows = _open_rows(context.session, file.id)
    if not rows:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Emergency.__tablename__)
    for row in rows:
        row.lifted_at = context.now
        row.lifted_by = context.operator.id
        row.outcome = outcome
    context.feed(file, EntryCategory.FILE, "急救情况解除，常规步骤继续", outcome)
    return rows[-1].id


def refuse_routine(session: Session, file_id: int, step: Move) -> None:
    """Refuse a routine step while an emergency of the file is open.

    Raises:
        RuleViolation: ``EMERGENCY_OPEN`` (R74).
    """
    if step in ROUTINE and _open_rows(session, file_id):
        raise RuleViolation(ErrorCode.EMERGENCY_OPEN, clause=CLAUSE)


def load_open_emergency(desk: Desk, file_id: int) -> EmergencyLine | None:
    """Return the newest emergency that holds a file, None when its routine goes on."""
    with desk.read() as session:
        rows = _open_rows(session, file_id)
        if not rows:
            return None
        return concealed_for_file(session, EmergencyLine(rows[-1].happened_at, rows[-1].said), file_id)


def _open_rows(session: Session, file_id: int) -> list[Emergency]:
    return list(
        session.scalars(
            select(Emergency)
            .where(Emergency.assistance_file_id == file_id, Emergency.lifted_at.is_(None))
            .order_by(Emergency.happened_at, Emergency.id)
        )
    )
