"""The days of a stay that have no note: the handbook promises attention all through it (R68)."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import WorkCalendar, in_shanghai
from lian_desk.models.tables.requests.booking import Attendance
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import FollowUpKind, FollowUpOutcome
from lian_desk.services.service_requests.steps import current_booking

_NOTED = (FollowUpOutcome.REACHED, FollowUpOutcome.DECLINED)


def missing_note_days(
    session: Session, request: ServiceRequest, until_at: datetime, *, pack: RulePack, calendar: WorkCalendar
) -> tuple[date, ...]:
    """Return the working days before the day of ``until_at`` on which a note was owed and none was made.

    One is owed every so many working days of the pack after the arrival; a call that reached nobody is no note.
    """
    booking = current_booking(session, request.id)
    if booking is None or not pack.service(request.kind).has_stay:
        return ()
    came_at = session.scalar(select(func.max(Attendance.happened_at)).where(Attendance.booking_id == booking.id))
    if came_at is None:
        return ()
    notes = session.scalars(
        select(FollowUp.done_at).where(
            FollowUp.service_request_id == request.id,
            FollowUp.kind == FollowUpKind.IN_STAY,
            FollowUp.outcome.in_(_NOTED),
        )
    )
    noted = {in_shanghai(at).date() for at in notes if at is not None}
    step, last, end = pack.thresholds.in_stay_working_days, in_shanghai(came_at).date(), in_shanghai(until_at).date()
    missing: list[date] = []
    while (day := calendar.nth_working_day_after(last, step)) < end:
        if not any(last < at <= day for at in noted):
            missing.append(day)
        last = day
    return tuple(missing)


def missing_words(days: tuple[date, ...]) -> str:
    """Return the days in words, empty for none."""
    if not days:
        return ""
    return f"在院 {len(days)} 个工作日没有跟进记录：{'、'.join(f'{day:%m-%d}' for day in days)}（R68）"
