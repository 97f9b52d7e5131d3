"""Coordinate with the hospital, tell the customer how it stands, and ask for the start (R37, R45, R57, A44)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.requests.service_request import CoordinationNotice, ServiceRequest
from lian_desk.models.vocabulary import (
    CarePhase,
    Channel,
    ClockKind,
    ContactResult,
    EntryCategory,
    RequestStatus,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.service_requests.clock_runs import meet_clock
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.steps import check_moment, governing_pack, load, refresh_next_action
from lian_desk.services.words.wording import phrase

S = RequestStatus
CALL_CHANNELS = frozenset({Channel.PHONE, Channel.HOTLINE})
_MAY_BE_TOLD = frozenset(
    {S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START, S.STARTED, S.BOOKED, S.PAUSED, S.ARRIVED, S.IN_PROGRESS}
)


@dataclass(frozen=True, kw_only=True)
class BeginCoordination(Command):
    """The desk begins to look for a place, or to carry out the agreed plan of the case management."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class RecordCoordinationNotice(Command):
    """A contact that tells the customer how coordination stands (告知预约协调情况), reached or not (R57)."""

    request_id: int
    channel: Channel
    result: ContactResult
    content: str
    happened_at: datetime


@dataclass(frozen=True, kw_only=True)
class AwaitStart(Command):
    """The offer lies before the customer; the booking clock stands still until the answer (A8)."""

    request_id: int
    note: str = ""


@handles(BeginCoordination)
def begin_coordination(command: BeginCoordination, context: CommandContext) -> int:
    """Move a confirmed requirement into coordination."""
    request, file = load(context, command.request_id)
    move(context, request, Move.BEGIN_COORDINATION)
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}开始协调",
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
    )
    refresh_next_action(context, request)
    return request.id


@handles(RecordCoordinationNotice)
def record_coordination_notice(command: RecordCoordinationNotice, context: CommandContext) -> int:
    """Store the contact; C2 is met as soon as the contacts count as told (A44)."""
    request, file = load(context, command.request_id)
    if request.status not in _MAY_BE_TOLD or request.requirement_confirmed_at is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R57", status=request.status)
    content = input_checks.required(command.content, field="content", clause="R57")
    check_moment(context, command.happened_at, request.requirement_confirmed_at, field="happened_at")
    if request.status is S.REQUIREMENT_CONFIRMED:
        move(context, request, Move.BEGIN_COORDINATION)
    contact = Contact(command.happened_at, command.channel, command.result)
    notice_id, feedback_at = store_contact(context, request, contact, content)
    title = "已反馈" if feedback_at is not None or command.result is ContactResult.REACHED else "联系客户"
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}{title}",
        f"{phrase(command.channel)} · {phrase(command.result)} · {content}",
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=command.happened_at,
    )
    refresh_next_action(context, request)
    return notice_id


@handles(AwaitStart)
def await_start(command: AwaitStart, context: CommandContext) -> int:
    """Wait for the customer's word on the start."""
    request, file = load(context, command.request_id)
    move(context, request, Move.ASK_FOR_START, Given(note=command.note))
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}待客户确认开启",
        command.note.strip(),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
    )
    refresh_next_action(context, request)
    return request.id


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with the customer."""

    at: datetime
    channel: Channel
    result: ContactResult


def told_at(contacts: Iterable[Contact], pack: RulePack) -> datetime | None:
    """Return when the customer counts as told (A44), or None.

    Reached in person; or a message delivered and call attempts of the pack's number at least its hours apart.
    """
    delivered: datetime | None = None
    calls: list[datetime] = []
    gap = timedelta(hours=pack.thresholds.call_attempt_hours)
    for contact in sorted(contacts, key=lambda contact: contact.at):
        if contact.result is ContactResult.REACHED:
            return contact.at
        if contact.result is ContactResult.MESSAGE_DELIVERED and delivered is None:
            delivered = contact.at
        is_call = contact.channel in CALL_CHANNELS and contact.result is ContactResult.NO_ANSWER
        if is_call and (not calls or contact.at - calls[-1] >= gap):
            calls.append(contact.at)
        if delivered is not None and len(calls) >= pack.thresholds.call_attempts:
            return contact.at
    return None


def store_contact(
    context: CommandContext, request: ServiceRequest, contact: Contact, content: str
) -> tuple[int, datetime | None]:
    """Store a contact with the customer and let it count for C2.

    Returns its key, and the moment at which the customer counts as told when that has just stopped the clock.
    """
    notice = CoordinationNotice(
        id=context.new_id(),
        service_request_id=request.id,
        happened_at=contact.at,
        channel=contact.channel,
        result=contact.result,
        content=content,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    earlier = list(
        context.session.scalars(select(CoordinationNotice).where(CoordinationNotice.service_request_id == request.id))
    )
    context.session.add(notice)
    return notice.id, _meet_feedback(context, request, [*earlier, notice])


def _meet_feedback(
    context: CommandContext, request: ServiceRequest, rows: Iterable[CoordinationNotice]
) -> datetime | None:
    """Stop C2 when the contacts since the requirement count as told; return that moment when it just stopped."""
    pack = governing_pack(context, request)
    moment = told_at((Contact(row.happened_at, row.channel, row.result) for row in rows), pack)
    if moment is None or meet_clock(context, request, ClockKind.FEEDBACK, moment) is None:
        return None
    return moment
