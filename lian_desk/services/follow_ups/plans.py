"""Plans of care after the visit: follow-ups from the plan in force, reminders around a booking (R63, R68, R69).

``plan_after`` and ``plan_reminders`` are called by the commands of the service path, in their transaction: a plan
is made with the fact it follows from, or not at all.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from lian_desk.models.rules.catalogue import FollowUpStep
from lian_desk.models.rules.working_time import WorkCalendar, at_time, in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import DayUnit, EntryCategory, FollowUpKind, ReminderKind, ServiceKind
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.follow_ups.care_plans import plan_for
from lian_desk.services.reference_data.education_texts import EducationPhase, load_education_texts
from lian_desk.services.service_requests.deaths import has_died
from lian_desk.services.service_requests.steps import keep_follow_up, open_follow_ups
from lian_desk.services.words.wording import phrase


class CareMoment(StrEnum):
    """What happened to a request, as far as care plans follow from it."""

    STAY_BEGAN = "stay_began"
    SERVICE_COMPLETED = "service_completed"


@dataclass(frozen=True, slots=True)
class CareEvent:
    """A moment of the service path and when it happened (aware)."""

    moment: CareMoment
    happened_at: datetime


def plan_after(
    request: ServiceRequest, event: CareEvent, context: CommandContext, *, is_alive: bool = False
) -> list[FollowUp]:
    """Plan every follow-up that the plan of the service and disease opens with ``event`` (R69).

    A template step that the request already has is left out, so that a corrected event does not plan twice. An event that
    is written down after a death plans nothing (R68); ``is_alive`` says that the caller asked already, before it wrote.
    """
    rule = context.pack.service(request.kind)
    file = context.get(AssistanceFile, request.assistance_file_id)
    if not is_alive and has_died(context.session, file.insured_person_id):
        return []
    if event.moment is CareMoment.STAY_BEGAN:
        return [plan_in_stay(request, event.happened_at, context)] if rule.has_stay else []
    known = set(context.session.scalars(select(FollowUp.label).where(FollowUp.service_request_id == request.id)))
    _close_in_stay(request, context)
    happened_on = in_shanghai(event.happened_at).date()
    plan = plan_for(request, context.session, context.pack)
    planned = [
        _plan(request, file, step.kind, step.label, due_on(step, happened_on, context.calendar), context)
        for step in plan.steps
        if step.label not in known
    ]
    for row in planned:
        row.care_plan_id = plan.version_id
    if planned:
        days = "、".join(f"{row.due_on:%m-%d}" for row in planned)
        context.feed(file, EntryCategory.FOLLOW_UP, f"{phrase(request.kind)}随访计划", f"{days}", request_id=request.id)
    return planned


def plan_in_stay(request: ServiceRequest, after_at: datetime, context: CommandContext) -> FollowUp:
    """Plan the next in-stay note, one every so many working days of the pack (R68)."""
    file = context.get(AssistanceFile, request.assistance_file_id)
    days = context.pack.thresholds.in_stay_working_days
    day = context.calendar.nth_working_day_after(in_shanghai(after_at).date(), days)
    return _plan(request, file, FollowUpKind.IN_STAY, phrase(FollowUpKind.IN_STAY), day, context)


def due_on(step: FollowUpStep, happened_on: date, calendar: WorkCalendar) -> date:
    """Return the day of a template step; the day of the event is not counted (A9)."""
    if step.unit is DayUnit.WORKING and step.offset > 0:
        return calendar.nth_working_day_after(happened_on, step.offset)
    return happened_on + timedelta(days=step.offset)


def plan_reminders(request: ServiceRequest, booking: Booking, context: CommandContext) -> list[Reminder]:
    """Plan the two reminders of a booking: instructions now, and again shortly before the visit (R63).

    A visit so near that the second moment has passed is reminded of at once; after a death nobody is (R68).
    """
    if has_died(context.session, context.get(AssistanceFile, request.assistance_file_id).insured_person_id):
        return []
    days = context.pack.thresholds.reminder_working_days
    visit_on = in_shanghai(booking.visit_at).date()
    day = context.calendar.last_working_day_not_after(visit_on - timedelta(days=days))
    before = max(at_time(day, context.calendar.hours.opens), context.calendar.next_opening(context.now))
    visit = in_shanghai(booking.visit_at)
    rows = [
        _remind(request, booking, ReminderKind.INSTRUCTIONS, context.calendar.next_opening(context.now), context),
        _remind(request, booking, ReminderKind.DAY_BEFORE, min(before, visit), context),
    ]
    context.session.add_all(rows)
    return rows


def _plan(
    request: ServiceRequest, file: AssistanceFile, kind: FollowUpKind, label: str, day: date, context: CommandContext
) -> FollowUp:
    row = FollowUp(
        id=context.new_id(),
        assistance_file_id=file.id,
        service_request_id=request.id,
        case_manager_id=file.case_manager_id,
        kind=kind,
        label=label,
        due_on=day,
        attempt_count=0,
        planned_at=context.now,
    )
    context.session.add(row)
    keep_follow_up(context, row)
    return row


def _close_in_stay(request: ServiceRequest, context: CommandContext) -> None:
    for row in open_follow_ups(context, request):
        if row.kind is FollowUpKind.IN_STAY:
            row.closed_at = context.now
            row.closing_reason = "已出院"


def _usual_instructions(kind: ServiceKind) -> str:
    """Return the library's text for before this service, for a booking that came without words of its own (R63)."""
    written = (
        text.body for text in load_education_texts() if kind in text.services and text.phase is EducationPhase.BEFORE
    )
    return next(written, "")


def _remind(
    request: ServiceRequest, booking: Booking, kind: ReminderKind, due_at: datetime, context: CommandContext
) -> Reminder:
    visit = in_shanghai(booking.visit_at)
    place = " ".join(part for part in (booking.department_text, booking.place) if part)
    text = f"{phrase(request.kind)} {visit:%m-%d %H:%M} {place}".strip()
    if kind is ReminderKind.INSTRUCTIONS:
        text = f"{text}\n{booking.instructions or _usual_instructions(request.kind)}".rstrip()
    return Reminder(
        id=context.new_id(),
        assistance_file_id=request.assistance_file_id,
        booking_id=booking.id,
        kind=kind,
        text=text,
        due_at=due_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
