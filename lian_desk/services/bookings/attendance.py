"""The insured came, and the service is done (R68, R69, R72)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.requests.booking import Attendance, Booking
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import AttendanceKind, CarePhase, EntryCategory, FactSource, RequestStatus, ServiceKind
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.follow_ups.plans import CareEvent, CareMoment, plan_after
from lian_desk.services.service_requests.deaths import has_died
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.stay_notes import missing_note_days, missing_words
from lian_desk.services.service_requests.steps import (
    booking_of,
    check_moment,
    governing_pack,
    load,
    refresh_next_action,
)
from lian_desk.services.words.wording import phrase

S = RequestStatus


@dataclass(frozen=True, kw_only=True)
class RecordAttendance(Command):
    """The insured came at ``happened_at``: visited, admitted, registered for surgery or examined (R72).

    Which of them is on time for the service stands in the rule pack (R49). With a stay, the stay begins; one whose
    formalities are done some time after the arrival is recorded from 已到院.
    """

    request_id: int
    happened_at: datetime
    source: FactSource
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CompleteService(Command):
    """The visit, stay, surgery or examination is over, or the plan of the case management is carried out."""

    request_id: int
    completed_at: datetime
    note: str = ""


@handles(RecordAttendance)
def record_attendance(command: RecordAttendance, context: CommandContext) -> int:
    """Record the arrival with its source."""
    request, file = load(context, command.request_id)
    rule = governing_pack(context, request).service(request.kind)
    booking = _booking(context, request)
    check_moment(context, command.happened_at, booking.confirmed_by_hospital_at, field="happened_at")
    given = Given(at=command.happened_at, source=command.source)
    steps = [Move.RECORD_ARRIVAL] if request.status is not S.ARRIVED or not rule.has_stay else []
    steps += [Move.BEGIN_STAY] if rule.has_stay else []
    moved = [move(context, request, step, given) for step in steps][-1]
    kind = rule.attendance or AttendanceKind.VISITED
    attendance = Attendance(
        id=context.new_id(),
        booking_id=booking.id,
        kind=kind,
        happened_at=command.happened_at,
        source=command.source,
        note=command.note.strip(),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(attendance)
    if rule.has_stay:
        plan_after(request, CareEvent(CareMoment.STAY_BEGAN, command.happened_at), context)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}{phrase(kind)}",
        " · ".join(filter(None, [moved.source_words, command.note.strip()])),
        request_id=request.id,
        phase=CarePhase.DURING_VISIT_SUPPORT,
        happened_at=command.happened_at,
    )
    refresh_next_action(context, request)
    return attendance.id


@handles(CompleteService)
def complete_service(command: CompleteService, context: CommandContext) -> int:
    """Complete the service and open its follow-up plan (R69)."""
    request, file = load(context, command.request_id)
    earliest = _last_fact_at(context, request)
    is_dead = has_died(context.session, file.insured_person_id)
    check_moment(context, command.completed_at, earliest, field="completed_at")
    if request.kind is ServiceKind.CASE_MANAGEMENT and request.status is S.REQUIREMENT_CONFIRMED:
        move(context, request, Move.BEGIN_COORDINATION)
    gaps = missing_note_days(
        context.session,
        request,
        command.completed_at,
        pack=governing_pack(context, request),
        calendar=context.calendar,
    )
    move(context, request, Move.COMPLETE_SERVICE)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}服务完成",
        "；".join(filter(None, [command.note.strip(), missing_words(gaps)])),
        request_id=request.id,
        phase=CarePhase.POST_VISIT_CARE,
        happened_at=command.completed_at,
    )
    move(context, request, Move.BEGIN_FOLLOW_UP)
    if not is_dead:
        plan_after(request, CareEvent(CareMoment.SERVICE_COMPLETED, command.completed_at), context, is_alive=True)
    refresh_next_action(context, request)
    return request.id


def _last_fact_at(context: CommandContext, request: ServiceRequest) -> datetime:
    """Return the last arrival of the present booking, else what came before it: nothing is over before it began."""
    booking = booking_of(context, request)
    if booking is not None:
        came_at = context.session.scalar(
            select(func.max(Attendance.happened_at)).where(Attendance.booking_id == booking.id)
        )
        if came_at is not None:
            return came_at
    return request.booked_at or request.requirement_confirmed_at or request.received_at


def _booking(context: CommandContext, request: ServiceRequest) -> Booking:
    booking = booking_of(context, request)
    if booking is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R72", status=request.status)
    return booking
