"""What every step of a request shares: load it, look at its moment, keep its next action set (R64)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.request_states import CLOSED_STATUSES
from lian_desk.models.rules.working_time import at_time, in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest, ServiceReview
from lian_desk.models.vocabulary import CheckResult, ClockKind, NextAction, RequestStatus, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.service_requests.clock_runs import running_clock

S = RequestStatus

BACKDATING_TOLERANCE = timedelta(minutes=30)
"""A confirmation entered later than this after it happened asks for a reason (R28)."""
#: Service minutes in which the desk means to tell a booking's result; no promise of the handbook (R63).
_TELL_MINUTES = 60


class Loaded(NamedTuple):
    """A request with the file it belongs to."""

    request: ServiceRequest
    file: AssistanceFile


def load(context: CommandContext, request_id: int) -> Loaded:
    """Return a request whose file may still be written.

    Raises:
        RuleViolation: ``NOT_FOUND``; ``FILE_READ_ONLY`` after the end of the contract (R7).
    """
    both = (
        select(ServiceRequest, AssistanceFile)
        .join(AssistanceFile, AssistanceFile.id == ServiceRequest.assistance_file_id)
        .where(ServiceRequest.id == request_id)
    )
    # whoever reads both at once finds them by their keys afterwards
    context.session.execute(both).first()
    request = context.get(ServiceRequest, request_id)
    return Loaded(request, context.writable_file(request.assistance_file_id))


def governing_pack(context: CommandContext, request: ServiceRequest) -> RulePack:
    """Return the rules of ``request``: those of its first confirmed requirement, before that those of today (A41)."""
    if request.requirement_confirmed_at is None:
        return context.pack
    return context.pack_of(request.handbook_edition)


def check_moment(
    context: CommandContext, at: datetime, earliest: datetime, *, field: str, backdating_reason: str | None = None
) -> None:
    """Refuse a moment in the future or before ``earliest``; with a reason given (even blank), ask for it when late.

    Raises:
        RuleViolation: ``TIME_IN_FUTURE``, ``TIME_ORDER`` or ``BACKDATING_NEEDS_REASON`` (R28).
    """
    input_checks.not_in_future(at, context.now, field=field)
    input_checks.not_before(at, earliest, field=field)
    if backdating_reason is not None and context.now - at > BACKDATING_TOLERANCE and not backdating_reason.strip():
        raise RuleViolation(ErrorCode.BACKDATING_NEEDS_REASON, clause="R28", field="backdating_reason")


def current_booking(session: Session, request_id: int) -> Booking | None:
    """Return the booking that stands, or None."""
    return session.scalars(
        select(Booking)
        .where(Booking.service_request_id == request_id, Booking.fell_through_at.is_(None))
        .order_by(Booking.id.desc())
        .limit(1)
    ).first()


def booking_of(context: CommandContext, request: ServiceRequest) -> Booking | None:
    """Return the booking that stands, asked for once in a command."""
    return context.once((Booking, request.id), lambda: current_booking(context.session, request.id))


def keep_booking(context: CommandContext, request: ServiceRequest, booking: Booking | None) -> None:
    """Say which booking stands from here on in the command."""
    context.known[(Booking, request.id)] = booking


def open_follow_ups(context: CommandContext, request: ServiceRequest) -> list[FollowUp]:
    """Return the open follow-ups of a request; they are asked for once in a command, :func:`keep_follow_up` adds."""
    of_request = select(FollowUp).where(FollowUp.service_request_id == request.id, FollowUp.closed_at.is_(None))
    rows = context.once((FollowUp, request.id), lambda: list(context.session.scalars(of_request)))
    return [row for row in rows if row.closed_at is None]


def keep_follow_up(context: CommandContext, row: FollowUp) -> None:
    """Say that ``row`` was planned in this command."""
    if (FollowUp, row.service_request_id) in context.known:
        context.known[FollowUp, row.service_request_id].append(row)


def keep_review(context: CommandContext, request: ServiceRequest, review: ServiceReview) -> None:
    """Say that ``review`` is the last one from here on in the command."""
    context.known[(ServiceReview, request.id)] = review


def ordinal_of(session: Session, request: ServiceRequest) -> int:
    """Return the place of a request among those of its kind in its file, from 1 (门诊协调 ①)."""
    earlier = session.scalars(
        select(ServiceRequest.id)
        .where(ServiceRequest.assistance_file_id == request.assistance_file_id, ServiceRequest.kind == request.kind)
        .order_by(ServiceRequest.id)
    ).all()
    return list(earlier).index(request.id) + 1


def refresh_next_action(context: CommandContext, request: ServiceRequest) -> None:
    """Set the one next step of a request and by when; every handler that touches a request ends with this (R64)."""
    action, due_at = _next_action(context, request)
    request.next_action = action
    request.next_action_due_at = due_at


def desk_due(context: CommandContext, start: datetime | None = None) -> datetime:
    """Return by when a step without a promise of the handbook is stale: R64, in working days."""
    day = in_shanghai(start or context.now).date()
    days = context.pack.thresholds.stale_working_days
    return context.calendar.closing_of(context.calendar.nth_working_day_after(day, days))


_PLAIN = {
    S.DRAFT: NextAction.SUBMIT,
    S.SUBMITTED: NextAction.REVIEW,
    S.AWAITING_MATERIAL: NextAction.ASK_FOR_MATERIAL,
    S.PAUSED: NextAction.RESUME,
    S.SERVICE_COMPLETED: NextAction.FOLLOW_UP,
}


def _next_action(context: CommandContext, request: ServiceRequest) -> tuple[NextAction, datetime | None]:
    status = request.status
    if status in CLOSED_STATUSES:
        return NextAction.NONE, None
    if status in _PLAIN:
        return _PLAIN[status], desk_due(context)
    if status is S.UNDER_REVIEW:
        passed = review_has_passed(context, request)
        return NextAction.CONFIRM_REQUIREMENT if passed else NextAction.REVIEW, desk_due(context)
    return _BY_STATUS[status](context, request)


def review_has_passed(context: CommandContext, request: ServiceRequest) -> bool:
    """Tell whether the last review of a request has three passes (R25)."""
    last = (
        select(ServiceReview)
        .where(ServiceReview.service_request_id == request.id)
        .order_by(ServiceReview.id.desc())
        .limit(1)
    )
    review = context.once((ServiceReview, request.id), lambda: context.session.scalars(last).first())
    if review is None:
        return False
    results = {review.identity_result, review.entitlement_result, review.material_result}
    return results == {CheckResult.PASSED}


def _while_coordinating(context: CommandContext, request: ServiceRequest) -> tuple[NextAction, datetime]:
    if request.kind is ServiceKind.CASE_MANAGEMENT:
        return NextAction.COMPLETE_SERVICE, desk_due(context)
    feedback = running_clock(context, request, ClockKind.FEEDBACK)
    booking = running_clock(context, request, ClockKind.BOOKING)
    if feedback is not None and (booking is None or feedback.due_at <= booking.due_at):
        return NextAction.GIVE_FEEDBACK, feedback.internal_due_at or feedback.due_at
    action = NextAction.RECORD_BOOKING if request.status is S.STARTED else NextAction.CONFIRM_START
    if booking is None or request.status is S.AWAITING_START:
        return action, desk_due(context)
    return action, booking.due_at


def _while_booked(context: CommandContext, request: ServiceRequest) -> tuple[NextAction, datetime]:
    booking = booking_of(context, request)
    if booking is None:
        return NextAction.RECORD_BOOKING, desk_due(context)
    if booking.instructions_sent_at is None:
        return NextAction.SEND_INSTRUCTIONS, min(
            context.calendar.add_service_minutes(context.now, _TELL_MINUTES), booking.visit_at
        )
    days = context.pack.thresholds.attendance_unknown_working_days
    visit_on = in_shanghai(booking.visit_at).date()
    return NextAction.RECORD_ATTENDANCE, context.calendar.closing_of(
        context.calendar.nth_working_day_after(visit_on, days)
    )


def _while_attending(context: CommandContext, request: ServiceRequest) -> tuple[NextAction, datetime]:
    if request.status is S.IN_PROGRESS or context.pack.service(request.kind).has_stay:
        days = context.pack.thresholds.in_stay_working_days
        today = in_shanghai(context.now).date()
        return NextAction.RECORD_PROGRESS, context.calendar.closing_of(
            context.calendar.nth_working_day_after(today, days)
        )
    return NextAction.COMPLETE_SERVICE, desk_due(context)


def _while_following_up(context: CommandContext, request: ServiceRequest) -> tuple[NextAction, datetime]:
    days = [row.due_on for row in open_follow_ups(context, request)]
    if not days:
        return NextAction.ARCHIVE, desk_due(context)
    return NextAction.FOLLOW_UP, at_time(min(days), context.calendar.hours.closes)


_BY_STATUS: dict[RequestStatus, Callable[[CommandContext, ServiceRequest], tuple[NextAction, datetime]]] = {
    S.REQUIREMENT_CONFIRMED: _while_coordinating,
    S.COORDINATING: _while_coordinating,
    S.AWAITING_START: _while_coordinating,
    S.STARTED: _while_coordinating,
    S.BOOKED: _while_booked,
    S.ARRIVED: _while_attending,
    S.IN_PROGRESS: _while_attending,
    S.FOLLOWING_UP: _while_following_up,
}
