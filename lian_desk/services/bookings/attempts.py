"""Tries at the hospital and the booking itself (预约尝试, 预约成功; R48, R57 to R63, A11)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.booking import Booking, BookingAttempt
from lian_desk.models.tables.requests.follow_up import Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    AttemptResult,
    CarePhase,
    Channel,
    ContactResult,
    EntryCategory,
    ExpertTitle,
    ReminderKind,
    RequestStatus,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.eligibility import hint_words, require_authorization, require_policy
from lian_desk.services.follow_ups.plans import plan_reminders
from lian_desk.services.service_requests.clock_runs import requirement_of
from lian_desk.services.service_requests.coordination import Contact, store_contact
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.requirement_rules import BookedPlace, judge_booked_place
from lian_desk.services.service_requests.steps import (
    booking_of,
    check_moment,
    governing_pack,
    keep_booking,
    load,
    refresh_next_action,
)
from lian_desk.services.words.wording import phrase

S = RequestStatus
_MAY_TRY = frozenset({S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START, S.STARTED})


@dataclass(frozen=True, kw_only=True)
class RecordBookingAttempt(Command):
    """One try at a hospital and what it brought; an offer is an alternative for the customer to choose (R37, R75)."""

    request_id: int
    hospital_id: int
    result: AttemptResult
    happened_at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordBooking(Command):
    """The hospital confirmed a date: the booking is made and locked (R48, A11).

    ``hospital_reference``: its number or how it confirmed. ``visit_at`` is aware.
    """

    request_id: int
    hospital_id: int
    visit_at: datetime
    confirmed_by_hospital_at: datetime
    hospital_reference: str
    department_text: str = ""
    expert_name: str = ""
    expert_title: ExpertTitle | None = None
    place: str = ""
    instructions: str = ""
    difference_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SendInstructions(Command):
    """The booking's result and instructions were told to the customer (R63)."""

    request_id: int
    channel: Channel
    result: ContactResult
    content: str
    sent_at: datetime


@handles(RecordBookingAttempt)
def record_booking_attempt(command: RecordBookingAttempt, context: CommandContext) -> int:
    """Store a try; the first one begins the coordination."""
    request, file = load(context, command.request_id)
    if request.status not in _MAY_TRY or request.requirement_confirmed_at is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R37", status=request.status)
    hospital = context.get(Hospital, command.hospital_id)
    check_moment(context, command.happened_at, request.requirement_confirmed_at, field="happened_at")
    note = command.note.strip()
    if command.result is AttemptResult.OFFERED:
        note = input_checks.required(note, field="note", clause="R37")
    require_authorization(context, file, command.happened_at)
    if request.status is S.REQUIREMENT_CONFIRMED:
        move(context, request, Move.BEGIN_COORDINATION)
    attempt = BookingAttempt(
        id=context.new_id(),
        service_request_id=request.id,
        hospital_id=hospital.id,
        happened_at=command.happened_at,
        result=command.result,
        note=note,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(attempt)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}联系医院：{phrase(command.result)}",
        " · ".join(filter(None, [hospital.name, hospital.campus, note])),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=command.happened_at,
    )
    refresh_next_action(context, request)
    return attempt.id


@handles(RecordBooking)
def record_booking(command: RecordBooking, context: CommandContext) -> int:
    """Book: C3 is met, the reminders are planned, and nothing of the booking changes from now on.

    Raises:
        RuleViolation: ``EVIDENCE_MISSING`` without the hospital's confirmation; ``TIME_ORDER``; ``REASON_MISSING`` when
            hospital or doctor differ from the confirmed requirement; what the policy refuses at that moment.
    """
    request, file = load(context, command.request_id)
    hospital = context.get(Hospital, command.hospital_id)
    earliest = _free_since(context, request)
    check_moment(context, command.confirmed_by_hospital_at, earliest, field="confirmed_by_hospital_at")
    input_checks.not_before(command.visit_at, command.confirmed_by_hospital_at, field="visit_at")
    given = Given(at=command.confirmed_by_hospital_at, hospital_reference=command.hospital_reference)
    moved = move(context, request, Move.RECORD_BOOKING, given)
    _check_difference(context, request, command)
    answer = require_policy(context, file, request, gate="booking", at=command.confirmed_by_hospital_at)
    require_authorization(context, file, command.confirmed_by_hospital_at)
    booking = _add_booking(context, request, command, moved.hospital_reference)
    keep_booking(context, request, booking)
    request.booked_at = command.confirmed_by_hospital_at
    plan_reminders(request, booking, context)
    _tell_booked(context, request, file, booking, (hospital, hint_words(answer)))
    refresh_next_action(context, request)
    return booking.id


@handles(SendInstructions)
def send_instructions(command: SendInstructions, context: CommandContext) -> int:
    """Log that result and instructions were told; told to the customer, they also count as the feedback of C2."""
    request, file = load(context, command.request_id)
    booking = booking_of(context, request)
    if booking is None or request.status not in {S.BOOKED, S.ARRIVED, S.IN_PROGRESS}:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause="R63", status=request.status)
    content = input_checks.required(command.content, field="content", clause="R63")
    check_moment(context, command.sent_at, booking.confirmed_by_hospital_at, field="sent_at")
    contact = Contact(command.sent_at, command.channel, command.result)
    notice_id, _feedback_at = store_contact(context, request, contact, content)
    title = "联系客户"
    if command.result is not ContactResult.NO_ANSWER:
        title = "告知预约结果与注意事项"
        booking.instructions_sent_at = command.sent_at
        _close_reminder(context, booking, command)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}{title}",
        f"{phrase(command.channel)} · {phrase(command.result)} · {content}",
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=command.sent_at,
    )
    refresh_next_action(context, request)
    return notice_id


def _free_since(context: CommandContext, request: ServiceRequest) -> datetime:
    """Return since when the hospital may have confirmed this booking: the start, or the stop of the one before."""
    since = request.started_at or request.received_at
    fell_through_at = context.session.scalar(
        select(func.max(Booking.fell_through_at)).where(Booking.service_request_id == request.id)
    )
    return max(since, fell_through_at) if fell_through_at is not None else since


def _check_difference(context: CommandContext, request: ServiceRequest, command: RecordBooking) -> None:
    """Ask why the booking differs from the requirement, and hold the other place against the rules (R26, R29 to R42)."""
    wanted = requirement_of(context, request)
    if wanted is None:
        return
    other_expert = wanted.expert_name and command.expert_name and wanted.expert_name != command.expert_name.strip()
    is_elsewhere = wanted.hospital_id != command.hospital_id
    if (is_elsewhere or other_expert) and not command.difference_reason.strip():
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="R26", field="difference_reason")
    department = command.department_text.strip() or wanted.department_text
    title = command.expert_title or wanted.expert_title
    if is_elsewhere or department != wanted.department_text or title is not wanted.expert_title:
        place = BookedPlace(command.hospital_id, department, command.expert_name.strip() or wanted.expert_name, title)
        day = in_shanghai(command.confirmed_by_hospital_at).date()
        judged = judge_booked_place(
            context.session, request, wanted, place, day=day, pack=governing_pack(context, request)
        )
        for finding in judged.reasons:
            raise finding.as_violation()


def _add_booking(context: CommandContext, request: ServiceRequest, command: RecordBooking, reference: str) -> Booking:
    booking = Booking(
        id=context.new_id(),
        service_request_id=request.id,
        hospital_id=command.hospital_id,
        department_text=input_checks.short_text(command.department_text, field="department_text"),
        expert_name=input_checks.name(command.expert_name, field="expert_name") if command.expert_name.strip() else "",
        expert_title=command.expert_title,
        visit_at=command.visit_at,
        place=input_checks.short_text(command.place, field="place"),
        hospital_reference=input_checks.short_text(reference, field="hospital_reference"),
        instructions=input_checks.long_text(command.instructions, field="instructions"),
        confirmed_by_hospital_at=command.confirmed_by_hospital_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(booking)
    return booking


def _tell_booked(
    context: CommandContext,
    request: ServiceRequest,
    file: AssistanceFile,
    booking: Booking,
    place: tuple[Hospital, list[str]],
) -> None:
    hospital, hints = place
    visit = in_shanghai(booking.visit_at)
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{phrase(request.kind)}预约成功，不可改约或取消",
        " · ".join(
            filter(
                None,
                [
                    hospital.name,
                    hospital.campus,
                    booking.department_text,
                    f"{visit:%m-%d %H:%M}",
                    booking.place,
                    *hints,
                ],
            )
        ),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=booking.confirmed_by_hospital_at,
    )


def _close_reminder(context: CommandContext, booking: Booking, command: SendInstructions) -> None:
    for reminder in context.session.scalars(
        select(Reminder).where(
            Reminder.booking_id == booking.id,
            Reminder.kind == ReminderKind.INSTRUCTIONS,
            Reminder.closed_at.is_(None),
        )
    ):
        reminder.sent_at = command.sent_at
        reminder.channel = command.channel
        reminder.closed_at = context.now
