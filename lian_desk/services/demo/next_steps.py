"""The next step of an open request of the demonstration (R64)."""

from datetime import date, datetime

from lian_desk.models.rules.working_time import at_time, in_shanghai
from lian_desk.models.vocabulary import (
    NextAction,
    RequestStatus,
    ServiceKind,
)
from lian_desk.services.demo.told_request import RequestStory
from lian_desk.services.demo.world import DemoWorld

S = RequestStatus
_PLAIN = {
    S.DRAFT: NextAction.SUBMIT,
    S.SUBMITTED: NextAction.REVIEW,
    S.AWAITING_MATERIAL: NextAction.ASK_FOR_MATERIAL,
    S.PAUSED: NextAction.RESUME,
    S.SERVICE_COMPLETED: NextAction.FOLLOW_UP,
    S.UNDER_REVIEW: NextAction.REVIEW,
}


def next_step(
    world: DemoWorld, request: RequestStory, *, is_told: bool, follow_up_on: date | None
) -> tuple[NextAction, datetime | None]:
    """The same next step that the desk's handlers would set (``service_requests/steps.py``)."""
    status, calendar, pack = request.scenario.status, world.calendar, world.pack
    last_on = in_shanghai(request.timeline.last).date()
    stale = calendar.closing_of(calendar.nth_working_day_after(last_on, pack.thresholds.stale_working_days))
    if not request.row["is_open"]:
        return NextAction.NONE, None
    if status in _PLAIN:
        return _PLAIN[status], stale
    if status in {S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START, S.STARTED}:
        return _while_coordinating(request, stale)
    if status is S.BOOKED:
        return _while_booked(world, request, is_told=is_told)
    if status in {S.ARRIVED, S.IN_PROGRESS}:
        has_stay = pack.service(request.kind).has_stay
        day = calendar.nth_working_day_after(last_on, pack.thresholds.in_stay_working_days)
        found = (
            (NextAction.RECORD_PROGRESS, calendar.closing_of(day)) if has_stay else (NextAction.COMPLETE_SERVICE, stale)
        )
    elif follow_up_on is None:
        found = NextAction.ARCHIVE, stale
    else:
        found = NextAction.FOLLOW_UP, at_time(follow_up_on, calendar.hours.closes)
    return found


def _while_booked(world: DemoWorld, request: RequestStory, *, is_told: bool) -> tuple[NextAction, datetime]:
    calendar, visit_at = world.calendar, request.timeline.visit_at or world.now
    if not is_told:
        return NextAction.SEND_INSTRUCTIONS, min(calendar.add_service_minutes(request.timeline.last, 60), visit_at)
    days = world.pack.thresholds.attendance_unknown_working_days
    day = calendar.nth_working_day_after(in_shanghai(visit_at).date(), days)
    return NextAction.RECORD_ATTENDANCE, calendar.closing_of(day)


def _while_coordinating(request: RequestStory, stale: datetime) -> tuple[NextAction, datetime]:
    if request.kind is ServiceKind.CASE_MANAGEMENT:
        return NextAction.COMPLETE_SERVICE, stale
    feedback, booking = request.feedback_due_at, request.booking_due_at
    if feedback is not None and (booking is None or feedback <= booking):
        return NextAction.GIVE_FEEDBACK, feedback
    status = request.scenario.status
    action = NextAction.RECORD_BOOKING if status is S.STARTED else NextAction.CONFIRM_START
    if booking is None or status is S.AWAITING_START:
        return action, stale
    return action, booking
