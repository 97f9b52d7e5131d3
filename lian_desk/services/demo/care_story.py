"""The story of a request from the booking on: attempts, visit, exits, follow-ups, education, reminders, next step."""

from datetime import date, datetime, time, timedelta

from lian_desk.models.rules.catalogue import FollowUpStep
from lian_desk.models.rules.working_time import at_time, in_shanghai
from lian_desk.models.vocabulary import (
    AttemptResult,
    CarePhase,
    Channel,
    EntryCategory,
    FactSource,
    FollowUpKind,
    FollowUpOutcome,
    ReminderKind,
    RequestStatus,
    RescheduleCause,
    ServiceKind,
)
from lian_desk.services.demo import words
from lian_desk.services.demo.next_steps import next_step
from lian_desk.services.demo.told_file import feed
from lian_desk.services.demo.told_request import RequestStory, evidence, say
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.follow_ups.plans import due_on
from lian_desk.services.reference_data.education_texts import EducationPhase, texts_in_order
from lian_desk.services.service_requests.moves import CANCELLED_BOOKING
from lian_desk.services.words.wording import phrase

S = RequestStatus
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_RESCHEDULED_VARIANT = 3
_SHARE_DONE = 0.82
#: So many of the texts that suit are given in turn.
_TEXTS_THAT_SUIT = 4
_SHARE_RESTRICTED = 0.6
_ENDS = frozenset({S.REJECTED, S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED, S.POLICY_TERMINATED})


def tell_care(world: DemoWorld, request: RequestStory) -> None:
    """Tell what follows the start, and set the next step of an open request (R64)."""
    timeline = request.timeline
    sent = True
    if timeline.has("attempted"):
        _attempt(world, request)
    if timeline.has("booked"):
        sent = _booking(world, request)
    due: date | None = None
    if timeline.has("completed"):
        say(
            world,
            request,
            "服务完成",
            "",
            timeline.at["completed"],
            category=EntryCategory.BOOKING,
            phase=CarePhase.POST_VISIT_CARE,
        )
        due = _follow_ups(world, request)
    elif timeline.has("stay_begun"):
        _stay_note(world, request)
    _exit(world, request)
    if timeline.has("archived"):
        update = world.rng.choice(words.CLOSING_UPDATES)
        say(world, request, "完成档案更新并归档", update, timeline.at["archived"], phase=CarePhase.POST_VISIT_CARE)
    action, due_at = next_step(world, request, is_told=sent, follow_up_on=due)
    request.row["next_action"], request.row["next_action_due_at"] = action, due_at


def _attempt(world: DemoWorld, request: RequestStory) -> None:
    at, note = request.timeline.at["attempted"], world.rng.choice(words.ATTEMPTS)
    result = world.rng.choice((AttemptResult.NO_SLOT, AttemptResult.PENDING, AttemptResult.OFFERED))
    world.rows.add(
        "booking_attempt",
        id=world.new_id(),
        service_request_id=request.id,
        hospital_id=request.hospital.id,
        happened_at=at,
        result=result,
        note=note,
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )
    title = f"联系医院：{phrase(result)}"
    say(world, request, title, f"{request.hospital.name} · {note}", at, category=EntryCategory.BOOKING)


# -------------------------------------------------------------------------------------------------------- booking


def _booking(world: DemoWorld, request: RequestStory) -> bool:
    """Add the booking, before it perhaps one that the hospital stopped; tell whether the instructions were sent."""
    timeline, scenario = request.timeline, request.scenario
    at, visit_at = timeline.at["booked"], timeline.visit_at or world.now
    is_rescheduled = scenario.status is S.BOOKED and scenario.variant % 4 == _RESCHEDULED_VARIANT
    if is_rescheduled or scenario.variant % 29 == 7:
        _stopped_booking(world, request, at, visit_at)
    is_told = not (scenario.status is S.BOOKED and scenario.variant % 5 == 2)
    key = _booking_row(world, request, at, visit_at, sent_at=at + 10 * _MINUTE if is_told else None)
    visit = in_shanghai(visit_at)
    detail = f"{request.hospital.name} · {request.file.department} · {visit:%m-%d %H:%M} · {words.PLACES[request.kind]}"
    say(world, request, "预约成功，不可改约或取消", detail, at, category=EntryCategory.BOOKING)
    evidence(world, request, "医院确认短信截图已核对", at)
    if is_told:
        say(
            world,
            request,
            "告知预约结果与注意事项",
            f"{phrase(Channel.WECOM)} · {words.INSTRUCTIONS[request.kind]}",
            min(at + 10 * _MINUTE, world.now),
            category=EntryCategory.BOOKING,
        )
    _reminders(world, request, key, visit_at, is_told=is_told)
    attendance = world.pack.service(request.kind).attendance
    if timeline.has("visited") and attendance is not None:
        source = world.rng.choice((FactSource.INSURED_STATEMENT, FactSource.HOSPITAL, FactSource.DOCUMENT))
        world.rows.add(
            "attendance",
            id=world.new_id(),
            booking_id=key,
            kind=attendance,
            happened_at=visit_at,
            source=source,
            recorded_at=visit_at,
            recorded_by=request.file.manager_id,
        )
        say(
            world,
            request,
            phrase(attendance),
            f"来源：{phrase(source)}",
            visit_at,
            category=EntryCategory.BOOKING,
            phase=CarePhase.DURING_VISIT_SUPPORT,
        )
    return is_told


def _booking_row(
    world: DemoWorld,
    request: RequestStory,
    at: datetime,
    visit_at: datetime,
    *,
    sent_at: datetime | None,
    fell_through_at: datetime | None = None,
) -> int:
    has_expert = request.kind in {ServiceKind.OUTPATIENT_COORDINATION, ServiceKind.SURGERY_COORDINATION}
    key = world.new_id()
    world.rows.add(
        "booking",
        id=key,
        service_request_id=request.id,
        hospital_id=request.hospital.id,
        department_text=request.file.department,
        expert_name=request.expert.name if has_expert else "",
        expert_title=request.expert.title if has_expert else None,
        visit_at=visit_at,
        place=words.PLACES[request.kind],
        hospital_reference=f"YY{world.rng.randrange(10**8):08d}",
        instructions=words.INSTRUCTIONS[request.kind],
        confirmed_by_hospital_at=at,
        instructions_sent_at=None if sent_at is None else min(sent_at, world.now),
        fell_through_at=fell_through_at,
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )
    return key


def _stopped_booking(world: DemoWorld, request: RequestStory, at: datetime, visit_at: datetime) -> None:
    """A first booking that the hospital stopped: no use moves, the new time follows (R52, R53)."""
    started = request.timeline.at["started"]
    first = started + (at - started) / 3
    stopped = started + (at - started) * 2 / 3
    key = _booking_row(world, request, first, visit_at - 2 * _DAY, sent_at=first, fell_through_at=stopped)
    say(world, request, "预约成功，不可改约或取消", request.hospital.name, first, category=EntryCategory.BOOKING)
    cause = world.rng.choice(tuple(RescheduleCause))
    world.rows.add(
        "reschedule",
        id=world.new_id(),
        booking_id=key,
        cause=cause,
        note="医院通知专家临时停诊",
        offered_on=in_shanghai(visit_at).date(),
        evidence_id=evidence(world, request, "医院停诊短信", stopped),
        happened_at=stopped,
        recorded_at=stopped,
        recorded_by=request.file.manager_id,
    )
    detail = "医院通知专家临时停诊；不另扣权益，不提供任何形式的赔偿或补偿（R52）"
    say(world, request, f"{phrase(cause)}，需要改期", detail, stopped, category=EntryCategory.BOOKING)


def _reminders(world: DemoWorld, request: RequestStory, booking_id: int, visit_at: datetime, *, is_told: bool) -> None:
    calendar, at = world.calendar, request.timeline.at["booked"]
    days = world.pack.thresholds.reminder_working_days
    visit = in_shanghai(visit_at)
    day = calendar.last_working_day_not_after(visit.date() - days * _DAY)
    before = min(max(at_time(day, calendar.hours.opens), calendar.next_opening(at)), visit)
    text = f"{request.title} {visit:%m-%d %H:%M} {request.file.department} {words.PLACES[request.kind]}"
    is_over = request.scenario.status in _ENDS
    rows = (
        (ReminderKind.INSTRUCTIONS, calendar.next_opening(at), at + 10 * _MINUTE if is_told else None),
        (ReminderKind.DAY_BEFORE, before, before + 20 * _MINUTE if before < world.now - 2 * _HOUR else None),
    )
    for kind, due_at, sent_at in rows:
        sent = None if sent_at is None else min(sent_at, world.now)
        closed = sent or (request.timeline.ended_at if is_over else None)
        world.rows.add(
            "reminder",
            id=world.new_id(),
            assistance_file_id=request.file.id,
            booking_id=booking_id,
            kind=kind,
            text=f"{text}\n{words.INSTRUCTIONS[request.kind]}" if kind is ReminderKind.INSTRUCTIONS else text,
            due_at=due_at,
            sent_at=sent,
            channel=Channel.WECOM if sent else None,
            closed_at=closed,
            closing_reason=CANCELLED_BOOKING if closed and not sent else "",
            recorded_at=at,
            recorded_by=request.file.manager_id,
        )


def _exit(world: DemoWorld, request: RequestStory) -> None:
    """Close a request by its typed exit, with reason, clause and a line in the feed."""
    status, ended = request.scenario.status, request.timeline.ended_at
    if ended is None or status not in _ENDS or status is S.REJECTED:
        return
    titles = {
        S.WITHDRAWN: ("开启前撤回，不扣权益", world.rng.choice(words.WITHDRAWALS), "R50"),
        S.CANCELLED_BY_INSURED: ("客户取消，视为已使用", world.rng.choice(words.CANCELLATIONS), "R49"),
        S.NO_SHOW: ("未按时就约，视为已使用", "客户未按时到院，已核实", "R49"),
        S.NOT_BOOKED: ("未约成（非客户原因），待主管核定是否冲正", world.rng.choice(words.NOT_BOOKED), "A23"),
        S.POLICY_TERMINATED: ("随合同终止", "", "R7"),
    }
    title, reason, clause = titles[status]
    if request.scenario.termination is not None:
        reason = phrase(request.scenario.termination)
    request.row["closing_reason"], request.row["closing_clause"] = reason, clause
    say(world, request, title, reason, ended, phase=None)
    if status is S.NO_SHOW and world.rng.random() < _SHARE_RESTRICTED:
        _restriction(world, request, ended)


def _restriction(world: DemoWorld, request: RequestStory, at: datetime) -> None:
    """The hospital restricts bookings of somebody who did not come (R51)."""
    first = in_shanghai(at).date()
    world.rows.add(
        "hospital_restriction",
        id=world.new_id(),
        insured_person_id=request.file.person_id,
        hospital_id=request.hospital.id,
        service_request_id=request.id,
        from_on=first,
        until_on=first + world.rng.choice((30, 90, 180)) * _DAY,
        source=FactSource.HOSPITAL,
        note="医院告知：爽约后限制预约",
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )


# ----------------------------------------------------------------------------------------------------- follow-ups


def _follow_ups(world: DemoWorld, request: RequestStory) -> date | None:
    """Plan the follow-ups of the pack's template, tell the past ones, and return the next open day."""
    completed = request.timeline.at["completed"]
    happened_on = in_shanghai(completed).date()
    planned = [
        (step, due_on(step, happened_on, world.calendar))
        for step in world.pack.service(request.kind).follow_ups
        if step.kind is not FollowUpKind.IN_STAY
    ]
    if not planned:
        return None
    days = "、".join(f"{day:%m-%d}" for _, day in planned)
    say(world, request, "随访计划", days, completed, category=EntryCategory.FOLLOW_UP, phase=None)
    open_days = [day for step, day in planned if not _follow_up(world, request, step, day)]
    return min(open_days, default=None)


def _follow_up(world: DemoWorld, request: RequestStory, step: FollowUpStep, day: date) -> bool:
    """Add one follow-up; tell whether it is closed."""
    rng, file = world.rng, request.file
    is_archived = request.scenario.status is S.ARCHIVED
    due_at = at_time(day, time(rng.randint(9, 20), rng.randrange(60)))
    is_done = day < world.today and (is_archived or rng.random() < _SHARE_DONE)
    latest = request.timeline.at.get("archived", world.now)
    done_at = min(max(due_at, request.timeline.at["completed"] + _HOUR), latest) if is_done or is_archived else None
    key = world.new_id()
    channel = rng.choice((Channel.PHONE, Channel.PHONE, Channel.WECOM))
    outcome = FollowUpOutcome.REACHED if rng.random() < 0.9 else FollowUpOutcome.DECLINED
    tried = 0 if done_at or day >= world.today else rng.randrange(3)
    last_try: FollowUpOutcome | None = FollowUpOutcome.NO_ANSWER if tried else None
    condition = rng.choice(words.CONDITIONS)
    medication = rng.choice(words.MEDICATIONS)
    minutes = rng.randint(3, 14)
    world.rows.add(
        "follow_up",
        id=key,
        assistance_file_id=file.id,
        service_request_id=request.id,
        case_manager_id=file.manager_id,
        kind=step.kind,
        label=step.label,
        due_on=day,
        attempt_count=1 if done_at else tried,
        outcome=outcome if done_at else last_try,
        channel=channel if done_at else None,
        duration_minutes=minutes if done_at else None,
        condition_text=condition if done_at else "",
        medication_text=medication if done_at else "",
        symptoms=words.SYMPTOMS[minutes % len(words.SYMPTOMS)] if done_at else None,
        escalated_at=_escalated_at(world, due_at, tried),
        done_at=done_at,
        entered_at=done_at,
        done_by=file.manager_id if done_at else None,
        closed_at=done_at,
        planned_at=request.timeline.at["completed"],
    )
    if done_at is None:
        return False
    detail = f"{phrase(channel)} {minutes} 分钟 · {condition} · 用药：{medication}"
    title = f"随访（{step.label}）：{phrase(outcome)}"
    feed(
        world,
        file,
        EntryCategory.FOLLOW_UP,
        title,
        detail,
        done_at,
        request_id=request.id,
        phase=CarePhase.POST_VISIT_CARE,
    )
    if rng.random() < 0.4:
        _education(world, request, key, channel, done_at)
    return True


def _escalated_at(world: DemoWorld, due_at: datetime, tried: int) -> datetime | None:
    """Since when the lead is asked to look at somebody who was called in vain again and again."""
    return due_at if tried >= world.pack.thresholds.call_attempts and due_at <= world.now else None


def _education(world: DemoWorld, request: RequestStory, follow_up_id: int, channel: Channel, at: datetime) -> None:
    groups = frozenset({request.file.disease.group})
    text = world.rng.choice(texts_in_order(request.kind, groups, EducationPhase.AFTER)[:_TEXTS_THAT_SUIT])
    world.rows.add(
        "education_note",
        id=world.new_id(),
        assistance_file_id=request.file.id,
        follow_up_id=follow_up_id,
        topic=text.topic,
        body=text.body,
        text_version=text.version,
        channel=channel,
        given_at=at,
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )
    feed(world, request.file, EntryCategory.FOLLOW_UP, f"宣教：{text.topic}", text.body, at, request_id=request.id)


def _stay_note(world: DemoWorld, request: RequestStory) -> None:
    """The open in-stay note of somebody who lies in hospital (R68)."""
    begun = request.timeline.at["stay_begun"]
    say(
        world,
        request,
        "住院进展",
        "已入院，生命体征平稳",
        begun,
        category=EntryCategory.BOOKING,
        phase=CarePhase.DURING_VISIT_SUPPORT,
    )
    days = world.pack.thresholds.in_stay_working_days
    world.rows.add(
        "follow_up",
        id=world.new_id(),
        assistance_file_id=request.file.id,
        service_request_id=request.id,
        case_manager_id=request.file.manager_id,
        kind=FollowUpKind.IN_STAY,
        label=phrase(FollowUpKind.IN_STAY),
        due_on=world.calendar.nth_working_day_after(in_shanghai(begun).date(), days),
        planned_at=begun,
    )
