"""Patient education and reminders: written down, planned, sent, given up (R63, R70)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.follow_up import EducationNote, Reminder
from lian_desk.models.vocabulary import Channel, EntryCategory, ReminderKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.service_requests.deaths import refuse_after_death
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, slots=True)
class EducationGiven:
    """What was explained: topic, words as given and the version of the text, empty for own words (R70)."""

    topic: str
    body: str
    text_version: str = ""


@dataclass(frozen=True, slots=True)
class ReminderWanted:
    """What the customer is to be told, and when."""

    text: str
    due_at: datetime
    kind: ReminderKind = ReminderKind.OTHER


@dataclass(frozen=True, kw_only=True)
class RecordEducation(Command):
    """Write down education given outside a follow-up (R70)."""

    assistance_file_id: int
    education: EducationGiven
    channel: Channel
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanReminder(Command):
    """Plan a reminder for the customer (R63, R70)."""

    assistance_file_id: int
    reminder: ReminderWanted
    booking_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecordReminderSent(Command):
    """A reminder reached the customer's channel at ``sent_at`` (the sent-log of R63)."""

    reminder_id: int
    sent_at: datetime
    channel: Channel


@dataclass(frozen=True, kw_only=True)
class CancelReminder(Command):
    """A reminder is no longer needed."""

    reminder_id: int
    reason: str


@handles(RecordEducation)
def record_education(command: RecordEducation, context: CommandContext) -> int:
    """Write down education given."""
    file = context.writable_file(command.assistance_file_id)
    input_checks.not_in_future(command.given_at, context.now, field="given_at")
    note = add_education(context, file.id, None, command.education, command.channel, command.given_at)
    context.feed(file, EntryCategory.FOLLOW_UP, f"宣教：{note.topic}", note.body, happened_at=command.given_at)
    return note.id


@handles(PlanReminder)
def plan_reminder(command: PlanReminder, context: CommandContext) -> int:
    """Plan a reminder."""
    file = context.writable_file(command.assistance_file_id)
    return add_reminder(context, file.id, command.reminder, booking_id=command.booking_id).id


@handles(RecordReminderSent)
def record_reminder_sent(command: RecordReminderSent, context: CommandContext) -> int:
    """Close a reminder with its sending."""
    row = _open_reminder(context, command.reminder_id)
    input_checks.not_in_future(command.sent_at, context.now, field="sent_at")
    row.sent_at = command.sent_at
    row.channel = command.channel
    row.closed_at = context.now
    file = context.writable_file(row.assistance_file_id)
    title = f"已提醒：{phrase(row.kind)}（{phrase(command.channel)}）"
    context.feed(file, EntryCategory.FOLLOW_UP, title, row.text, happened_at=command.sent_at)
    return row.id


@handles(CancelReminder)
def cancel_reminder(command: CancelReminder, context: CommandContext) -> int:
    """Close a reminder that is no longer needed."""
    row = _open_reminder(context, command.reminder_id)
    row.closing_reason = input_checks.required(command.reason, field="reason")
    row.closed_at = context.now
    return row.id


def _open_reminder(context: CommandContext, key: int) -> Reminder:
    row = context.get(Reminder, key)
    context.assistance_file_id = row.assistance_file_id
    if row.closed_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    return row


def add_education(
    context: CommandContext,
    file_id: int,
    follow_up_id: int | None,
    education: EducationGiven,
    channel: Channel,
    given_at: datetime,
) -> EducationNote:
    """Store what was explained, alone or in a follow-up."""
    note = EducationNote(
        id=context.new_id(),
        assistance_file_id=file_id,
        follow_up_id=follow_up_id,
        topic=input_checks.required(education.topic, field="education_topic", limit=200),
        body=input_checks.long_text(education.body, field="education_body"),
        text_version=education.text_version.strip(),
        channel=channel,
        given_at=given_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(note)
    return note


def add_reminder(
    context: CommandContext,
    file_id: int,
    wanted: ReminderWanted,
    *,
    booking_id: int | None = None,
    follow_up_id: int | None = None,
) -> Reminder:
    """Store what the customer is to be told.

    Raises:
        RuleViolation: ``CARE_STOPPED`` after a death (R68); ``FIELD_REQUIRED`` without words.
    """
    file = context.get(AssistanceFile, file_id)
    refuse_after_death(context.session, file)
    row = Reminder(
        id=context.new_id(),
        assistance_file_id=file_id,
        booking_id=booking_id,
        follow_up_id=follow_up_id,
        kind=wanted.kind,
        text=input_checks.required(wanted.text, field="reminder_text"),
        due_at=wanted.due_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    if booking_id is None:
        # those of a booking stand in its own line; what somebody planned says so where the file is read (R70)
        when = f"{in_shanghai(wanted.due_at):%Y-%m-%d %H:%M}"
        context.feed(file, EntryCategory.FOLLOW_UP, f"安排提醒：{phrase(wanted.kind)}", f"{when} · {row.text}")
    return row
