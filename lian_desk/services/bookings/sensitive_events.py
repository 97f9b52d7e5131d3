"""Transfer and death: what was planned for the person stops, and nobody calls the family by routine (R68)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import SensitiveEvent
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    CarePhase,
    EntryCategory,
    FactSource,
    FollowUpKind,
    RequestStatus,
    SensitiveKind,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.service_requests.deaths import CLAUSE, has_died
from lian_desk.services.service_requests.moves import move
from lian_desk.services.service_requests.steps import load, refresh_next_action
from lian_desk.services.words.wording import phrase

S = RequestStatus


@dataclass(frozen=True, kw_only=True)
class RecordSensitiveEvent(Command):
    """The insured was transferred to another hospital, or died, at ``happened_at``; ``source`` says who told.

    ``request_id`` names the stay that it ends; a transfer has one, a death may come without.
    """

    assistance_file_id: int
    kind: SensitiveKind
    happened_at: datetime
    source: FactSource
    note: str = ""
    request_id: int | None = None


@handles(RecordSensitiveEvent)
def record_sensitive_event(command: RecordSensitiveEvent, context: CommandContext) -> int:
    """Write it down and stop what was planned.

    A transfer ends the in-stay tasks of its request; where the treatment goes on is a new request. A death stops every
    task of every file of the person; a lead then closes the requests.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` for a transfer without its request; ``WRONG_STATUS`` unless that request is in
            the hospital; ``CHANGED_MEANWHILE`` for a second death; ``TIME_IN_FUTURE``.
    """
    file = context.writable_file(command.assistance_file_id)
    input_checks.not_in_future(command.happened_at, context.now, field="happened_at")
    request = _stay(context, file, command)
    if command.kind is SensitiveKind.DIED and has_died(context.session, file.insured_person_id):
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE, clause=CLAUSE)
    row = SensitiveEvent(
        id=context.new_id(),
        assistance_file_id=file.id,
        service_request_id=request.id if request is not None else None,
        kind=command.kind,
        happened_at=command.happened_at,
        source=command.source,
        note=input_checks.long_text(command.note, field="note"),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    files = [file]
    if command.kind is SensitiveKind.DIED:
        files = list(
            context.session.scalars(
                select(AssistanceFile)
                .where(AssistanceFile.insured_person_id == file.insured_person_id, AssistanceFile.closed_at.is_(None))
                .order_by(AssistanceFile.id)
            )
        )
    for each in files:
        stopped = _stop_tasks(context, each, command.kind, request)
        _tell(context, each, row, stopped)
    if request is not None and request.status is S.IN_PROGRESS:
        _end_stay(context, request)
    context.assistance_file_id = file.id
    return row.id


def _stay(context: CommandContext, file: AssistanceFile, command: RecordSensitiveEvent) -> ServiceRequest | None:
    if command.request_id is None:
        if command.kind is SensitiveKind.TRANSFERRED:
            raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=CLAUSE, field="request_id")
        return None
    request, owner = load(context, command.request_id)
    if owner.id != file.id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=ServiceRequest.__tablename__, field="request_id")
    if request.status not in {S.ARRIVED, S.IN_PROGRESS}:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=CLAUSE, status=request.status)
    return request


def _stop_tasks(
    context: CommandContext, file: AssistanceFile, kind: SensitiveKind, request: ServiceRequest | None
) -> int:
    follow_ups = select(FollowUp).where(FollowUp.assistance_file_id == file.id, FollowUp.closed_at.is_(None))
    reminders = select(Reminder).where(Reminder.assistance_file_id == file.id, Reminder.closed_at.is_(None))
    rows: list[FollowUp | Reminder]
    if kind is SensitiveKind.TRANSFERRED and request is not None:
        in_stay = (FollowUp.service_request_id == request.id, FollowUp.kind == FollowUpKind.IN_STAY)
        rows = list(context.session.scalars(follow_ups.where(*in_stay)))
    else:
        rows = [*context.session.scalars(follow_ups), *context.session.scalars(reminders)]
    for row in rows:
        row.closed_at = context.now
        row.closing_reason = phrase(kind)
    return len(rows)


def _end_stay(context: CommandContext, request: ServiceRequest) -> None:
    """The stay is over: the service was used; whether anything follows is decided by people, not by a template."""
    move(context, request, Move.COMPLETE_SERVICE)
    move(context, request, Move.BEGIN_FOLLOW_UP)
    refresh_next_action(context, request)


def _tell(context: CommandContext, file: AssistanceFile, row: SensitiveEvent, stopped: int) -> None:
    words = f"来源：{phrase(row.source)}；停止待办 {stopped} 项（{CLAUSE}）"
    if row.kind is SensitiveKind.DIED:
        words += "；与家属沟通、未结服务的归档请由主管处理"
    context.feed(
        file,
        EntryCategory.FOLLOW_UP,
        f"登记{phrase(row.kind)}",
        "；".join(filter(None, [row.note if file.id == row.assistance_file_id else "", words])),
        request_id=row.service_request_id if file.id == row.assistance_file_id else None,
        phase=CarePhase.DURING_VISIT_SUPPORT,
        happened_at=row.happened_at,
    )
