"""The figures of a team over a period: promises, uses, times by week, causes of delay, load. Read by indexes alone."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil
from statistics import median
from typing import Final

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from lian_desk.adapters.paper_forms.paper_views import CauseLine, PromiseLine, WeekLine
from lian_desk.models.rules.working_time import SHANGHAI, in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.booking import Booking, BookingAttempt, Reschedule
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import RequestPause, Requirement, ServiceRequest, ServiceReview
from lian_desk.models.vocabulary import (
    AttemptResult,
    CheckResult,
    ClockKind,
    EntryKind,
    PauseReason,
    ServiceKind,
)
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words.wording import phrase

_FOLLOW_UP: Final = "随访按时"
#: Causes in the order in which they are asked: the first one found explains the delay.
_CAUSES: Final = (
    ("reschedule", "医院停诊或改期"),
    ("no_slot", "医院无号源"),
    ("customer", "客户未回复"),
    ("material", "材料不齐"),
    ("unnamed", "未登记原因"),
)
_WEEK: Final = timedelta(weeks=1)
_NINETIETH: Final = 0.9


@dataclass(frozen=True)
class Span:
    """A period with both days included, and its moments, half-open; ``now`` bounds what can be overdue."""

    from_on: date
    to_on: date
    now: datetime

    @property
    def start(self) -> datetime:
        """First moment, in Asia/Shanghai."""
        return datetime.combine(self.from_on, time(0), SHANGHAI)

    @property
    def end(self) -> datetime:
        """First moment after the period."""
        return datetime.combine(self.to_on, time(0), SHANGHAI) + timedelta(days=1)

    @property
    def overdue_before(self) -> datetime:
        """What fell due before this moment, and is not done, is overdue."""
        return min(self.end, self.now)


def promise_lines(session: Session, span: Span) -> tuple[PromiseLine, ...]:
    """Return the three clocks and the follow-ups: what was met in the period or fell due in it and is not met."""
    met = {
        kind: (count, late or 0)
        for kind, count, late in session.execute(
            select(ClockRun.kind, func.count(), func.sum(case((ClockRun.met_at > ClockRun.due_at, 1), else_=0)))
            .where(*_met_in(span))
            .group_by(ClockRun.kind)
        )
    }
    lines = []
    for kind in ClockKind:
        count, late = met.get(kind, (0, 0))
        unmet = sum(
            session.scalar(select(func.count()).where(*conditions)) or 0
            for conditions in (overdue_in(span, kind), given_up_in(span, kind))
        )
        lines.append(PromiseLine(label=phrase(kind), total=count + unmet, broken=late + unmet))
    return (*lines, _follow_ups(session, span))


def _met_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    return ClockRun.met_at >= span.start, ClockRun.met_at < span.end


def given_up_in(span: Span, kind: ClockKind) -> tuple[ColumnElement[bool], ...]:
    """A promise that had run out when its request ended in the period: broken, though nothing is owed any more."""
    return (
        ClockRun.ended_at >= span.start,
        ClockRun.ended_at < span.end,
        ClockRun.kind == kind,
        ClockRun.met_at.is_(None),
        ClockRun.ended_at > ClockRun.due_at,
    )


def overdue_in(span: Span, kind: ClockKind) -> tuple[ColumnElement[bool], ...]:
    """A clock that stands still owes nothing until it goes on."""
    return (
        ClockRun.ended_at.is_(None),
        ClockRun.kind == kind,
        ClockRun.due_at >= span.start,
        ClockRun.due_at < span.overdue_before,
        ClockRun.paused_since_at.is_(None),
    )


def _follow_ups(session: Session, span: Span) -> PromiseLine:
    rows = session.execute(
        select(FollowUp.due_on, FollowUp.done_at).where(
            FollowUp.closed_at >= span.start, FollowUp.closed_at < span.end, FollowUp.outcome.is_not(None)
        )
    ).all()
    late = sum(done_at is not None and in_shanghai(done_at).date() > due_on for due_on, done_at in rows)
    today = in_shanghai(span.now).date()
    waiting = (
        session.scalar(
            select(func.count()).where(
                FollowUp.closed_at.is_(None),
                FollowUp.due_on >= span.from_on,
                FollowUp.due_on < min(span.to_on + timedelta(days=1), today),
            )
        )
        or 0
    )
    return PromiseLine(label=_FOLLOW_UP, total=len(rows) + waiting, broken=late + waiting)


def uses_by_service(session: Session, span: Span) -> tuple[tuple[str, int], ...]:
    """Return how many uses were spent per service, in the order of the handbook (R46)."""
    counted = dict(
        session.execute(
            select(EntitlementEntry.service_kind, func.count())
            .where(
                EntitlementEntry.kind == EntryKind.START,
                EntitlementEntry.happened_at >= span.start,
                EntitlementEntry.happened_at < span.end,
            )
            .group_by(EntitlementEntry.service_kind)
        ).all()
    )
    return tuple((phrase(kind), counted[kind]) for kind in ServiceKind if kind in counted)


def week_lines(session: Session, desk: Desk, first_on: date, span: Span) -> tuple[WeekLine, ...]:
    """Return the working days that bookings took, by the week in which they succeeded; weeks begin on Monday.

    ``first_on`` may lie before the period, so that a short one still shows a course. Days on which a request stood
    still count for nobody (A45).
    """
    monday = first_on - timedelta(days=first_on.weekday())
    begin = datetime.combine(monday, time(0), SHANGHAI)
    renowned = exists().where(
        Requirement.service_request_id == ClockRun.service_request_id, Requirement.is_renowned.is_(True)
    )
    rows = session.execute(
        select(ClockRun.started_at, ClockRun.due_at, ClockRun.met_at, ServiceRequest.kind, renowned)
        .join(ServiceRequest, ServiceRequest.id == ClockRun.service_request_id)
        .where(ClockRun.kind == ClockKind.BOOKING, ClockRun.met_at >= begin, ClockRun.met_at < span.end)
    )
    working_days = cache(desk.calendar.working_days_between)
    taken: dict[date, list[int]] = defaultdict(list)
    for started_at, due_at, met_at, kind, is_renowned in rows:
        rule = desk.pack.service(kind)
        if met_at is None or not rule.has_booking:
            continue
        limit, _clause = rule.booking_limit(is_renowned=is_renowned)
        started_on, met_on = in_shanghai(started_at).date(), in_shanghai(met_at).date()
        paused = max(working_days(started_on, in_shanghai(due_at).date()) - limit, 0)
        taken[met_on - timedelta(days=met_on.weekday())].append(max(working_days(started_on, met_on) - paused, 0))
    weeks = []
    while monday <= span.to_on:
        days = sorted(taken.get(monday, ()))
        weeks.append(
            WeekLine(
                from_on=monday,
                count=len(days),
                median_days=float(median(days)) if days else None,
                ninetieth_days=float(days[ceil(_NINETIETH * len(days)) - 1]) if days else None,
            )
        )
        monday += _WEEK
    return tuple(weeks)


def cause_lines(session: Session, span: Span) -> tuple[CauseLine, ...]:
    """Return why bookings came late in the period, the most frequent cause first."""
    counted: Counter[str] = Counter()
    late = (*_met_in(span), ClockRun.kind == ClockKind.BOOKING, ClockRun.met_at > ClockRun.due_at)
    unmet = (overdue_in(span, ClockKind.BOOKING), given_up_in(span, ClockKind.BOOKING))
    for condition in (late, *unmet):
        for cause, count in session.execute(_causes(condition)):
            counted[cause] += count
    order = [code for code, _words in _CAUSES]
    words = dict(_CAUSES)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], order.index(item[0])))
    return tuple(CauseLine(cause=words[code], count=count) for code, count in ranked)


def _causes(conditions: Sequence[ColumnElement[bool]]) -> Select[str, int]:
    request = ClockRun.service_request_id
    moved = (
        select(literal(1))
        .select_from(Reschedule)
        .join(Booking, Booking.id == Reschedule.booking_id)
        .where(Booking.service_request_id == request)
        .correlate(ClockRun)
    )
    no_slot = exists().where(
        BookingAttempt.service_request_id == request,
        BookingAttempt.result.in_((AttemptResult.NO_SLOT, AttemptResult.REFUSED)),
    )
    customer = exists().where(
        RequestPause.service_request_id == request, RequestPause.reason == PauseReason.AWAITING_CUSTOMER
    )
    material = exists().where(
        ServiceReview.service_request_id == request,
        or_(
            ServiceReview.material_result == CheckResult.NEEDS_MORE,
            ServiceReview.identity_result == CheckResult.NEEDS_MORE,
        ),
    )
    cause = case(
        (moved.exists(), "reschedule"),
        (no_slot, "no_slot"),
        (customer, "customer"),
        (material, "material"),
        else_="unnamed",
    )
    return select(cause, func.count()).where(*conditions).group_by(cause)


def open_files_by_holder(session: Session) -> dict[int, int]:
    """Return how many open files each case manager holds.

    All are counted in the index of the holders, the few closed ones are taken off: no row is looked up for the rest.
    """
    by_holder = select(AssistanceFile.case_manager_id, func.count()).group_by(AssistanceFile.case_manager_id)
    counted = dict(session.execute(by_holder).all())
    for holder_id, closed in session.execute(by_holder.where(AssistanceFile.closed_at.is_not(None))):
        counted[holder_id] -= closed
    return {holder_id: count for holder_id, count in counted.items() if count}
