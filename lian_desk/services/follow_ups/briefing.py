"""What stands beside a follow-up while it is recorded: who, why, what was told before, what is planned."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lian_desk.adapters.drawing.views import FollowUpLine
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import DiseaseEntry
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import Channel, FollowUpKind, ReminderKind, ServiceKind
from lian_desk.services.assistance_files.assistance_files import RecordReveal
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.free_words import AsTyped, concealed, concealed_for_file
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.papers import facts as document_facts
from lian_desk.services.papers import history as document_history
from lian_desk.services.papers.facts import Paper
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words.wording import phrase

_EARLIER_SHOWN = 8


@dataclass(frozen=True)
class FollowUpBriefing:
    """Everything for one conversation, masked. ``earlier`` begins with the newest contact."""

    follow_up_id: int
    file_id: int
    file_number: str
    insured_name: str
    sex_and_age: str
    phone: str
    kind: FollowUpKind
    label: str
    due_on: date
    late_days: int
    attempt_count: int
    is_closed: bool
    is_escalated: bool
    request: str
    service: ServiceKind | None
    disease_groups: frozenset[str]
    diseases: tuple[str, ...]
    history: str
    medication: str
    allergies: str
    earlier: tuple[FollowUpLine, ...]
    planned: tuple[tuple[date, str], ...]


def load_briefing(desk: Desk, follow_up_id: int) -> FollowUpBriefing:
    """Read the briefing of one follow-up in one session.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(FollowUp, follow_up_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="follow_up")
        subject = document_facts.find_subject(session, row.assistance_file_id)
        briefing = _briefing(desk, Paper(session, subject, desk.pack, desk.clock.now(), masked=True), row)
        return concealed_for_file(session, briefing, row.assistance_file_id)


def _briefing(desk: Desk, paper: Paper, row: FollowUp) -> FollowUpBriefing:
    request = paper.session.get(ServiceRequest, row.service_request_id) if row.service_request_id else None
    care = document_history.read_care(paper)
    person = document_facts.party(paper)
    health = document_facts.health(paper)
    return FollowUpBriefing(
        follow_up_id=row.id,
        file_id=row.assistance_file_id,
        file_number=paper.subject.file.number,
        insured_name=person.name,
        sex_and_age=f"{person.sex} · {person.age} 岁",
        phone=person.phone,
        kind=row.kind,
        label=row.label,
        due_on=row.due_on,
        late_days=max((desk.today - row.due_on).days, 0),
        attempt_count=row.attempt_count,
        is_closed=row.closed_at is not None,
        is_escalated=row.escalated_at is not None,
        request=f"{phrase(request.kind)} {request.number}" if request is not None else "",
        service=request.kind if request is not None else None,
        disease_groups=_groups(paper),
        diseases=document_facts.diseases(paper),
        history=health.history,
        medication=health.medication,
        allergies=health.allergies,
        earlier=document_history.follow_up_lines(paper, care)[::-1][:_EARLIER_SHOWN],
        planned=tuple(
            (item.due_on, paper.told(item.label))
            for item in care.follow_ups
            if item.closed_at is None and item.id != row.id
        ),
    )


def _groups(paper: Paper) -> frozenset[str]:
    """Return the groups of the diseases of the file: they choose which education is offered first."""
    codes = paper.session.scalars(
        select(DiseaseEntry.disease_code).where(DiseaseEntry.assistance_file_id == paper.subject.file.id)
    )
    found = (load_disease_list().find(code) for code in codes)
    return frozenset(disease.group for disease in found if disease is not None)


def reveal_phone(desk: Desk, file_id: int) -> str:
    """Return the phone number in clear; the look is written into the audit log first (R89, R90).

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    desk.execute(RecordReveal(command_id=desk.new_id(), assistance_file_id=file_id, what="phone"))
    with desk.read() as session:
        person = session.get_one(InsuredPerson, document_facts.find_subject(session, file_id).person.id)
        return person.phone or ""


def open_follow_up_of(desk: Desk, file_id: int) -> int | None:
    """Return the follow-up of a file that is due first, None when none is open."""
    with desk.read() as session:
        return session.scalar(
            select(FollowUp.id)
            .where(FollowUp.assistance_file_id == file_id, FollowUp.closed_at.is_(None))
            .order_by(FollowUp.due_on, FollowUp.id)
            .limit(1)
        )


@dataclass(frozen=True)
class ReminderLine:
    """One reminder of a file. Open while ``closed_at`` is None; closed without ``sent_at`` means given up."""

    reminder_id: int
    kind: ReminderKind
    text: str
    due_at: datetime
    is_late: bool
    sent_at: datetime | None
    channel: Channel | None
    closed_at: datetime | None
    closing_reason: str
    #: What goes to the customer, as it was typed.
    typed: AsTyped


def load_reminders(desk: Desk, file_id: int) -> tuple[ReminderLine, ...]:
    """Return the reminders of a file, nobody named in their words: the open ones by their time, then the closed, newest first."""
    now = desk.clock.now()
    with desk.read() as session:
        rows = session.scalars(
            select(Reminder).where(Reminder.assistance_file_id == file_id).order_by(Reminder.due_at, Reminder.id)
        ).all()
        names = names_of_file(session, file_id).every
    lines = [
        ReminderLine(
            reminder_id=row.id,
            kind=row.kind,
            text=row.text,
            due_at=row.due_at,
            is_late=row.closed_at is None and row.due_at < now,
            sent_at=row.sent_at,
            channel=row.channel,
            closed_at=row.closed_at,
            closing_reason=row.closing_reason,
            typed=AsTyped(text=row.text),
        )
        for row in rows
    ]
    lines = concealed(lines, names)
    still_open = [line for line in lines if line.closed_at is None]
    return (*still_open, *(line for line in reversed(lines) if line.closed_at is not None))
