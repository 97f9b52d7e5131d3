"""Follow-ups: planned, recorded, moved, closed (R69, R70, A27).

Every contact is a row of its own: one that reached nobody is closed with its outcome and followed by the next try,
so that the record shows each attempt. When it took place and when it was written down are kept apart; late work is
allowed and shown as such.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Channel,
    EntryCategory,
    FollowUpKind,
    FollowUpOutcome,
    RequestStatus,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.follow_ups.care_notes import EducationGiven, ReminderWanted, add_education, add_reminder
from lian_desk.services.follow_ups.plans import plan_in_stay
from lian_desk.services.service_requests import moves, steps
from lian_desk.services.service_requests.deaths import has_died, refuse_after_death
from lian_desk.services.words.wording import phrase

AGREED = "约定随访"

#: A contact lasts no longer than a day.
_MOST_MINUTES = 24 * 60

_ENDS = frozenset({FollowUpOutcome.REACHED, FollowUpOutcome.DECLINED})


@dataclass(frozen=True, kw_only=True)
class PlanFollowUp(Command):
    """Plan one follow-up by hand, beside those of the templates."""

    assistance_file_id: int
    kind: FollowUpKind
    due_on: date
    label: str = AGREED
    service_request_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecordFollowUp(Command):
    """Write down a contact: when, how, what was told, what was given, and when next.

    ``condition_text`` and ``medication_text`` are the insured person's own words, never a judgement (R76).
    """

    follow_up_id: int
    done_at: datetime
    channel: Channel
    outcome: FollowUpOutcome
    condition_text: str = ""
    medication_text: str = ""
    note: str = ""
    #: Symptoms as told, one word or short phrase each; None: not asked.
    symptoms: tuple[str, ...] | None = None
    duration_minutes: int | None = None
    next_visit_on: date | None = None
    next_on: date | None = None
    education: EducationGiven | None = None
    reminder: ReminderWanted | None = None


@dataclass(frozen=True, kw_only=True)
class CloseFollowUp(Command):
    """Close a planned follow-up that will not take place, with the reason (A26, A27)."""

    follow_up_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MoveFollowUp(Command):
    """Put a planned follow-up on another day, with the reason."""

    follow_up_id: int
    due_on: date
    reason: str


@handles(PlanFollowUp)
def plan_follow_up(command: PlanFollowUp, context: CommandContext) -> int:
    """Plan a follow-up."""
    file = context.writable_file(command.assistance_file_id)
    refuse_after_death(context.session, file)
    if command.service_request_id is not None:
        request = context.get(ServiceRequest, command.service_request_id)
        if request.assistance_file_id != file.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="service_request")
    if command.due_on < in_shanghai(context.now).date():
        raise RuleViolation(ErrorCode.TIME_ORDER, field="due_on", earliest=f"{in_shanghai(context.now):%Y-%m-%d}")
    row = FollowUp(
        id=context.new_id(),
        assistance_file_id=file.id,
        service_request_id=command.service_request_id,
        case_manager_id=file.case_manager_id,
        kind=command.kind,
        label=input_checks.required(command.label, field="label", limit=100),
        due_on=command.due_on,
        attempt_count=0,
        planned_at=context.now,
    )
    context.session.add(row)
    context.feed(
        file,
        EntryCategory.FOLLOW_UP,
        f"安排随访 {command.due_on:%m-%d}",
        row.label,
        request_id=command.service_request_id,
    )
    _refresh_request(row, context)
    return row.id


@handles(RecordFollowUp)
def record_follow_up(command: RecordFollowUp, context: CommandContext) -> int:
    """Close the follow-up with what happened, and plan what comes after it."""
    row = _open_follow_up(context, command.follow_up_id)
    input_checks.not_in_future(command.done_at, context.now, field="done_at")
    _check_words(command, context)
    row.done_at = command.done_at
    row.entered_at = context.now
    row.done_by = context.operator.id
    row.closed_at = context.now
    row.outcome = command.outcome
    row.channel = command.channel
    row.duration_minutes = command.duration_minutes
    row.condition_text = input_checks.long_text(command.condition_text, field="condition_text")
    row.medication_text = input_checks.long_text(command.medication_text, field="medication_text")
    row.note = input_checks.long_text(command.note, field="note")
    row.symptoms = _told_symptoms(command)
    row.next_visit_on = command.next_visit_on
    row.next_on = command.next_on
    row.attempt_count += 1
    following = _plan_following(row, command, context)
    if following is not None:
        row.next_on = following.due_on
        context.session.add(following)
    if command.education is not None:
        add_education(context, row.assistance_file_id, row.id, command.education, command.channel, command.done_at)
    if command.reminder is not None:
        add_reminder(context, row.assistance_file_id, command.reminder, follow_up_id=row.id)
    _tell_feed(context, row, command)
    _refresh_request(row, context)
    return row.id


@handles(CloseFollowUp)
def close_follow_up(command: CloseFollowUp, context: CommandContext) -> int:
    """Close a follow-up without a contact."""
    row = _open_follow_up(context, command.follow_up_id)
    row.closing_reason = input_checks.required(command.reason, field="reason")
    row.outcome = FollowUpOutcome.CLOSED
    row.closed_at = context.now
    row.done_by = context.operator.id
    file = context.get(AssistanceFile, row.assistance_file_id)
    context.feed(
        file, EntryCategory.FOLLOW_UP, f"关闭随访：{row.label}", row.closing_reason, request_id=row.service_request_id
    )
    _refresh_request(row, context)
    return row.id


@handles(MoveFollowUp)
def move_follow_up(command: MoveFollowUp, context: CommandContext) -> int:
    """Move a follow-up to another day."""
    row = _open_follow_up(context, command.follow_up_id)
    reason = input_checks.required(command.reason, field="reason")
    if command.due_on < in_shanghai(context.now).date():
        raise RuleViolation(ErrorCode.TIME_ORDER, field="due_on", earliest=f"{in_shanghai(context.now):%Y-%m-%d}")
    file = context.writable_file(row.assistance_file_id)
    title = f"随访改期 {row.due_on:%m-%d} → {command.due_on:%m-%d}"
    context.feed(file, EntryCategory.FOLLOW_UP, title, reason, request_id=row.service_request_id)
    row.due_on = command.due_on
    _refresh_request(row, context)
    return row.id


def _open_follow_up(context: CommandContext, key: int) -> FollowUp:
    row = context.get(FollowUp, key)
    context.assistance_file_id = row.assistance_file_id
    if row.closed_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    return row


def _refresh_request(row: FollowUp, context: CommandContext) -> None:
    """Name the next step of the request anew; its first follow-up moves a completed service into 随访中 (R64, R69)."""
    if row.service_request_id is None:
        return
    request = context.get(ServiceRequest, row.service_request_id)
    if request.status is RequestStatus.SERVICE_COMPLETED and row.done_at is not None:
        moves.move(context, request, Move.BEGIN_FOLLOW_UP)
    steps.refresh_next_action(context, request)


def _check_words(command: RecordFollowUp, context: CommandContext) -> None:
    """Refuse a record that says nothing, and a next day before the contact."""
    if command.outcome is FollowUpOutcome.CLOSED:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, field="outcome")
    if command.outcome is FollowUpOutcome.REACHED:
        input_checks.required(command.condition_text, field="condition_text", clause="R70")
    if command.duration_minutes is not None and not 0 <= command.duration_minutes <= _MOST_MINUTES:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            field="duration_minutes",
            value=command.duration_minutes,
            expected=f"请填写 0 到 {_MOST_MINUTES} 的分钟数",
        )
    done_on = in_shanghai(command.done_at).date()
    for field, day in (("next_on", command.next_on), ("next_visit_on", command.next_visit_on)):
        if day is not None and day < done_on:
            raise RuleViolation(ErrorCode.TIME_ORDER, field=field, earliest=done_on.isoformat())
    if command.reminder is not None and command.reminder.due_at < context.now:
        now = in_shanghai(context.now)
        raise RuleViolation(ErrorCode.TIME_ORDER, field="reminder_due_at", earliest=f"{now:%Y-%m-%d %H:%M}")


def _told_symptoms(command: RecordFollowUp) -> str | None:
    """Return the symptoms one a line, each once; None when they were not asked for."""
    if command.symptoms is None:
        return None
    words = (input_checks.short_text(word, field="symptoms") for word in command.symptoms)
    return "\n".join(dict.fromkeys(word for word in words if word))


def _plan_following(row: FollowUp, command: RecordFollowUp, context: CommandContext) -> FollowUp | None:
    """Return the next follow-up: the next try of one that reached nobody, the agreed day, or the next in-stay note."""
    file = context.get(AssistanceFile, row.assistance_file_id)
    if file.closed_at is not None or has_died(context.session, file.insured_person_id):
        # after the end of the contract a follow-up may be written down to close the record; none is owed (A27)
        return None
    today = in_shanghai(context.now).date()
    if command.outcome in _ENDS:
        if command.next_on is None:
            return _next_in_stay(row, command, context)
        if _is_planned(row, command.next_on, context):
            return None
        return _successor(row, AGREED, max(command.next_on, today), 0, context)
    day = command.next_on or context.calendar.nth_working_day_after(today, 1)
    again = _successor(row, row.label, max(day, today), row.attempt_count, context)
    again.care_plan_id = row.care_plan_id
    if row.attempt_count >= context.pack.thresholds.call_attempts:
        again.escalated_at = row.escalated_at or context.now
    return again


def _next_in_stay(row: FollowUp, command: RecordFollowUp, context: CommandContext) -> FollowUp | None:
    if row.kind is not FollowUpKind.IN_STAY or row.service_request_id is None:
        return None
    return plan_in_stay(context.get(ServiceRequest, row.service_request_id), command.done_at, context)


def _is_planned(row: FollowUp, day: date, context: CommandContext) -> bool:
    """Tell whether the plan already has an open follow-up on that day."""
    found = context.session.scalar(
        select(FollowUp.id).where(
            FollowUp.assistance_file_id == row.assistance_file_id,
            FollowUp.due_on == day,
            FollowUp.closed_at.is_(None),
            FollowUp.id != row.id,
        )
    )
    return found is not None


def _successor(row: FollowUp, label: str, day: date, attempts: int, context: CommandContext) -> FollowUp:
    return FollowUp(
        id=context.new_id(),
        assistance_file_id=row.assistance_file_id,
        service_request_id=row.service_request_id,
        case_manager_id=row.case_manager_id,
        kind=row.kind,
        label=label,
        due_on=day,
        attempt_count=attempts,
        planned_at=context.now,
    )


def _tell_feed(context: CommandContext, row: FollowUp, command: RecordFollowUp) -> None:
    file = context.get(AssistanceFile, row.assistance_file_id)
    lasted = f" {row.duration_minutes} 分钟" if row.duration_minutes else ""
    parts = [f"{phrase(command.channel)}{lasted}", row.condition_text]
    if row.symptoms:
        parts.append(f"症状：{'、'.join(row.symptoms.splitlines())}")
    if row.medication_text:
        parts.append(f"用药：{row.medication_text}")
    if row.next_visit_on is not None:
        parts.append(f"自述下次就诊 {row.next_visit_on:%Y-%m-%d}")
    if command.education is not None:
        parts.append(f"宣教：{command.education.topic.strip()}")
    if row.note:
        parts.append(row.note)
    context.feed(
        file,
        EntryCategory.FOLLOW_UP,
        f"随访（{row.label}）：{phrase(command.outcome)}",
        " · ".join(part for part in parts if part),
        request_id=row.service_request_id,
        happened_at=command.done_at,
    )
    unreached = command.outcome not in _ENDS
    if command.outcome is FollowUpOutcome.WRONG_NUMBER:
        context.feed(file, EntryCategory.FOLLOW_UP, "联系电话有误，请核对后更新")
    elif unreached and row.attempt_count >= context.pack.thresholds.call_attempts:
        title = f"随访连续 {row.attempt_count} 次未联系上，请主管处理"
        context.feed(file, EntryCategory.FOLLOW_UP, title, row.label, request_id=row.service_request_id)
