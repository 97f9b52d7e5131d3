"""Care after and around the visit: follow-ups, education and reminders (R69, R70)."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import Channel, FollowUpKind, FollowUpOutcome, ReminderKind


class FollowUp(Base):
    """A planned or recorded follow-up (随访). Open while ``closed_at`` is empty; late work stays possible.

    ``done_at`` is when it happened, ``entered_at`` when it was written down. "Overdue" is computed from ``due_on``.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(None, "closed_at", "due_on", "id"),
        Index(None, "case_manager_id", "closed_at", "due_on", "id"),
        Index(None, "assistance_file_id", "due_on"),
        Index(None, "service_request_id", "closed_at", "due_on"),
        Index(None, "closed_at", "escalated_at", "due_on", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    case_manager_id: Mapped[int] = reference("operator.id")
    kind: Mapped[FollowUpKind] = mapped_column(word_of(FollowUpKind))
    #: Label of the plan, such as 出院后第 7 天, made from the pack's template.
    label: Mapped[str] = mapped_column(String(100))
    due_on: Mapped[date] = mapped_column(Date)
    attempt_count: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[FollowUpOutcome | None] = mapped_column(word_of(FollowUpOutcome))
    channel: Mapped[Channel | None] = mapped_column(word_of(Channel))
    duration_minutes: Mapped[int | None] = mapped_column(Integer)
    condition_text: Mapped[str] = mapped_column(Text, default="")
    medication_text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    #: Symptoms as told, one a line (R70); None: not asked.
    symptoms: Mapped[str | None] = mapped_column(Text)
    #: When the insured person said to see a doctor next; not the day of our next contact.
    next_visit_on: Mapped[date | None] = mapped_column(Date)
    next_on: Mapped[date | None] = mapped_column(Date)
    #: Version of the plan it was made from; None: the template of the rule pack, or planned by hand.
    care_plan_id: Mapped[int | None] = reference("care_plan.id")
    #: Since when the lead is asked to look: nobody was reached several times.
    escalated_at: Mapped[datetime | None] = mapped_column(AwareTime)
    done_at: Mapped[datetime | None] = mapped_column(AwareTime)
    entered_at: Mapped[datetime | None] = mapped_column(AwareTime)
    done_by: Mapped[int | None] = reference("operator.id")
    closed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    closing_reason: Mapped[str] = mapped_column(Text, default="")
    planned_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}


class EducationNote(Base):
    """Patient education given (宣教): topic, text as given, version and channel."""

    __tablename__ = "education_note"
    __table_args__ = (Index(None, "assistance_file_id", "given_at"), Index(None, "follow_up_id"))

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    follow_up_id: Mapped[int | None] = reference("follow_up.id")
    topic: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    text_version: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[Channel] = mapped_column(word_of(Channel))
    given_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class Reminder(Base):
    """Something the customer is to be told by a day (提醒, R63); open while ``sent_at`` and ``cancelled_at`` are empty."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index(None, "closed_at", "due_at", "id"),
        Index(None, "assistance_file_id", "due_at"),
        Index(None, "booking_id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    booking_id: Mapped[int | None] = reference("booking.id")
    follow_up_id: Mapped[int | None] = reference("follow_up.id")
    kind: Mapped[ReminderKind] = mapped_column(word_of(ReminderKind))
    text: Mapped[str] = mapped_column(Text)
    due_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(AwareTime)
    channel: Mapped[Channel | None] = mapped_column(word_of(Channel))
    closed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    closing_reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")

    __mapper_args__ = {"version_id_col": version}
