"""Force majeure by region, service and time: pause what it meets, list it, let it go on (R86)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.request_states import BEFORE_START
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.force_majeure import ForceMajeure, ForceMajeureRequest
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, ForceMajeureCause, PauseReason, RequestStatus, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.hospitals.closures import CLAUSE, covers
from lian_desk.services.service_requests.clock_runs import open_pause
from lian_desk.services.service_requests.interruptions import thaw
from lian_desk.services.service_requests.moves import Given, move, roles_for
from lian_desk.services.service_requests.pauses import lasting_reasons
from lian_desk.services.service_requests.steps import refresh_next_action
from lian_desk.services.words.wording import phrase

_STILL_OWED = frozenset({*BEFORE_START, RequestStatus.STARTED, RequestStatus.BOOKED})
"""Whoever is in the hospital already is not sent home by a pause."""


@dataclass(frozen=True, kw_only=True)
class DeclareForceMajeure(Command):
    """An event keeps services from being provided since ``from_at``.

    ``places``: provinces and cities as the hospital list names them, empty for everywhere; ``services`` empty: all.
    """

    cause: ForceMajeureCause
    from_at: datetime
    note: str
    places: tuple[str, ...] = ()
    services: tuple[ServiceKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EndForceMajeure(Command):
    """The event is over since ``to_at``; what it paused goes on."""

    force_majeure_id: int
    to_at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TerminateForForceMajeure(Command):
    """The event does not end in time: the services it holds end with it instead of going on (R86).

    Nothing moves in the ledger; whether a spent use is given back stays the lead's decision, request by request.
    """

    force_majeure_id: int
    to_at: datetime
    reason: str


@handles(DeclareForceMajeure, roles=LEADS)
def declare_force_majeure(command: DeclareForceMajeure, context: CommandContext) -> int:
    """Store the event and pause every open request that it meets.

    Raises:
        RuleViolation: ``TIME_IN_FUTURE``; ``FIELD_REQUIRED`` without words; ``VALUE_NOT_UNDERSTOOD`` for a place that
            no hospital of the directory lies in.
    """
    input_checks.not_in_future(command.from_at, context.now, field="from_at")
    places = _known_places(context.session, command.places)
    event = ForceMajeure(
        id=context.new_id(),
        cause=command.cause,
        places="、".join(places),
        services=",".join(kind.value for kind in ServiceKind if kind in command.services),
        from_at=command.from_at,
        note=input_checks.required(command.note, field="note", clause=CLAUSE),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(event)
    for key in context.session.scalars(met_requests(event)).all():
        _pause(context, event, context.get(ServiceRequest, key))
    # the audit entry is about the event, not about the last file that was told
    context.assistance_file_id = None
    return event.id


@handles(EndForceMajeure, roles=LEADS)
def end_force_majeure(command: EndForceMajeure, context: CommandContext) -> int:
    """End the event and let go on what no other reason holds."""
    event = context.get(ForceMajeure, command.force_majeure_id)
    if event.to_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    input_checks.not_in_future(command.to_at, context.now, field="to_at")
    input_checks.not_before(command.to_at, event.from_at, field="to_at")
    event.to_at = command.to_at
    for request in linked_requests(context.session, event.id):
        if not request.is_open or _is_held_by_another(context.session, event, request):
            continue
        file = context.get(AssistanceFile, request.assistance_file_id)
        if not thaw(context, request, PauseReason.FORCE_MAJEURE, _last_end(context.session, request, command.to_at)):
            continue
        context.feed(
            file,
            EntryCategory.REQUEST,
            f"{phrase(request.kind)}不可抗力解除，恢复办理",
            " · ".join(filter(None, [f"现为{phrase(request.status)}", command.note.strip()])),
            request_id=request.id,
            happened_at=command.to_at,
        )
        refresh_next_action(context, request)
    context.assistance_file_id = None
    return event.id


@handles(TerminateForForceMajeure, roles=roles_for(Move.END_FOR_FORCE_MAJEURE))
def terminate_for_force_majeure(command: TerminateForForceMajeure, context: CommandContext) -> int:
    """Close the event and every request that it still holds.

    Raises:
        RuleViolation: ``CHANGED_MEANWHILE`` for an event that is over, ``FIELD_REQUIRED``, ``TIME_IN_FUTURE``,
            ``TIME_ORDER``.
    """
    event = context.get(ForceMajeure, command.force_majeure_id)
    if event.to_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    reason = input_checks.required(command.reason, field="reason", clause=CLAUSE)
    input_checks.not_in_future(command.to_at, context.now, field="to_at")
    input_checks.not_before(command.to_at, event.from_at, field="to_at")
    event.to_at = command.to_at
    for request in linked_requests(context.session, event.id):
        if request.status is RequestStatus.PAUSED and PauseReason.FORCE_MAJEURE in lasting_reasons(context, request):
            _end(context, event, request, reason)
    context.assistance_file_id = None
    return event.id


def affected_requests(session: Session, event_id: int) -> tuple[str, ...]:
    """Return the numbers of the requests that an event paused, the oldest first."""
    return tuple(request.number for request in linked_requests(session, event_id))


def _end(context: CommandContext, event: ForceMajeure, request: ServiceRequest, reason: str) -> None:
    was_booked, was_started = request.paused_from is RequestStatus.BOOKED, request.started_at is not None
    words = f"因不可抗力终止：{reason}"
    move(context, request, Move.END_FOR_FORCE_MAJEURE, Given(reason=words, for_tasks=words))
    parts = [f"{phrase(event.cause)}：{reason}（{CLAUSE}）"]
    if was_booked:
        parts.append("已约号源归客户自行处理，请告知客户")
    if was_started:
        parts.append("已扣的 1 次是否冲正由主管决定（A23）")
    context.feed(
        context.get(AssistanceFile, request.assistance_file_id),
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}因不可抗力终止",
        "；".join(parts),
        request_id=request.id,
    )
    refresh_next_action(context, request)


def _pause(context: CommandContext, event: ForceMajeure, request: ServiceRequest) -> None:
    paused_at = max(event.from_at, request.received_at)
    if request.status is not RequestStatus.PAUSED:
        move(context, request, Move.PAUSE, Given(reason=event.note))
    held_since = _held_since(context.session, request)
    if held_since is None or paused_at < held_since:
        open_pause(context, request, PauseReason.FORCE_MAJEURE, paused_at, event.note)
    context.session.add(
        ForceMajeureRequest(id=context.new_id(), force_majeure_id=event.id, service_request_id=request.id)
    )
    context.feed(
        context.get(AssistanceFile, request.assistance_file_id),
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}因不可抗力暂停：{phrase(event.cause)}",
        f"{event.note}；自 {in_shanghai(paused_at):%Y-%m-%d %H:%M} 起时限不计（{CLAUSE}）",
        request_id=request.id,
        happened_at=paused_at,
    )
    refresh_next_action(context, request)


def met_requests(event: ForceMajeure) -> Select[int]:
    """Return the statement of the open requests that ``event`` holds, the oldest first.

    Still owed, of its services, and required at a hospital in its places; a paused one counts by where it stands still.
    """
    status, paused_from = ServiceRequest.status, ServiceRequest.paused_from
    standing = case((status == RequestStatus.PAUSED, paused_from), else_=status)
    kinds = [kind for kind in ServiceKind if covers(event, kind)]
    statement = select(ServiceRequest.id).where(
        ServiceRequest.is_open.is_(True), ServiceRequest.kind.in_(kinds), standing.in_(_STILL_OWED)
    )
    if event.places:
        places = event.places.split("、")
        newer = aliased(Requirement)
        there = (
            select(Requirement.id)
            .join(Hospital, Hospital.id == Requirement.hospital_id)
            .where(
                Requirement.service_request_id == ServiceRequest.id,
                or_(Hospital.province.in_(places), Hospital.city.in_(places)),
                ~exists().where(
                    newer.service_request_id == Requirement.service_request_id,
                    newer.version_number > Requirement.version_number,
                ),
            )
        )
        statement = statement.where(there.exists())
    return statement.order_by(ServiceRequest.id)


def _is_held_by_another(session: Session, event: ForceMajeure, request: ServiceRequest) -> bool:
    """Tell whether another event that lasts holds the request too: it goes on when the last of them is over."""
    found = session.scalar(
        select(ForceMajeure.id)
        .join(ForceMajeureRequest, ForceMajeureRequest.force_majeure_id == ForceMajeure.id)
        .where(
            ForceMajeureRequest.service_request_id == request.id,
            ForceMajeure.id != event.id,
            ForceMajeure.to_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def _held_since(session: Session, request: ServiceRequest) -> datetime | None:
    """Return since when force majeure holds a request now; an event learned later may have begun earlier (R88)."""
    return session.scalar(
        select(func.min(RequestPause.paused_at)).where(
            RequestPause.service_request_id == request.id,
            RequestPause.reason == PauseReason.FORCE_MAJEURE,
            RequestPause.resumed_at.is_(None),
        )
    )


def _last_end(session: Session, request: ServiceRequest, to_at: datetime) -> datetime:
    """Return when the last event that held a request was over, in whatever order the ends (``to_at``) are entered."""
    last: datetime | None = session.scalar(
        select(func.max(ForceMajeure.to_at))
        .join(ForceMajeureRequest, ForceMajeureRequest.force_majeure_id == ForceMajeure.id)
        .where(ForceMajeureRequest.service_request_id == request.id)
    )
    return to_at if last is None else max(last, to_at)


def _known_places(session: Session, places: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(place.strip() for place in places if place.strip()))
    if not wanted:
        return ()
    found = session.execute(select(Hospital.province, Hospital.city).distinct()).all()
    known = {name for row in found for name in row}
    for place in wanted:
        if place not in known:
            raise RuleViolation(
                ErrorCode.VALUE_NOT_UNDERSTOOD,
                clause=CLAUSE,
                field="places",
                value=place,
                expected="请写医院名录中的省或城市全称",
            )
    return wanted


def linked_requests(session: Session, event_id: int) -> list[ServiceRequest]:
    """Return the requests that an event paused, the oldest first."""
    return list(
        session.scalars(
            select(ServiceRequest)
            .join(ForceMajeureRequest, ForceMajeureRequest.service_request_id == ServiceRequest.id)
            .where(ForceMajeureRequest.force_majeure_id == event_id)
            .order_by(ServiceRequest.id)
        )
    )
