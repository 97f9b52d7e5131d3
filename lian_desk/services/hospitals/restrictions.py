"""Notes that a hospital restricts the insured's bookings, and the warning at the next request there (R51)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.reasons import CLEAR, Judgement, warned
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.hospital_restriction import HospitalRestriction
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, FactSource
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.names.free_words import concealed_for_file
from lian_desk.services.words.wording import phrase

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk

CLAUSE = "R51"


@dataclass(frozen=True, kw_only=True)
class RecordRestriction(Command):
    """A hospital restricts the insured's bookings from ``from_on`` on; ``until_on`` is the first free day, if told."""

    assistance_file_id: int
    hospital_id: int
    from_on: date
    source: FactSource
    until_on: date | None = None
    note: str = ""
    request_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LiftRestriction(Command):
    """The hospital takes bookings of the insured again, before the day that was told."""

    restriction_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RestrictionLine:
    """A note that holds: which hospital, since when, until which day (outside), and who told it."""

    key: int
    hospital: str
    from_on: date
    until_on: date | None
    source: str
    note: str


@handles(RecordRestriction)
def record_restriction(command: RecordRestriction, context: CommandContext) -> int:
    """Write the note on the person; it holds for every file and every campus of the hospital.

    Raises:
        RuleViolation: ``TIME_ORDER`` when it ends before it begins; ``NOT_FOUND`` for a request of another file.
    """
    file = context.writable_file(command.assistance_file_id)
    hospital = context.get(Hospital, command.hospital_id)
    if command.until_on is not None and command.until_on <= command.from_on:
        raise RuleViolation(ErrorCode.TIME_ORDER, clause=CLAUSE, field="until_on", earliest=command.from_on.isoformat())
    if command.request_id is not None:
        request = context.get(ServiceRequest, command.request_id)
        if request.assistance_file_id != file.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="service_request")
    row = HospitalRestriction(
        id=context.new_id(),
        insured_person_id=file.insured_person_id,
        hospital_id=hospital.id,
        service_request_id=command.request_id,
        from_on=command.from_on,
        until_on=command.until_on,
        source=command.source,
        note=input_checks.long_text(command.note, field="note"),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    until = f"至 {command.until_on}" if command.until_on else "未告知截止日期"
    context.feed(
        file,
        EntryCategory.BOOKING,
        f"{hospital.name}限制预约",
        " · ".join(filter(None, [f"自 {command.from_on} 起，{until}", f"来源：{phrase(command.source)}", row.note])),
        request_id=command.request_id,
    )
    return row.id


@handles(LiftRestriction)
def lift_restriction(command: LiftRestriction, context: CommandContext) -> int:
    """End a restriction early."""
    row = context.get(HospitalRestriction, command.restriction_id)
    if row.lifted_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    reason = input_checks.required(command.reason, field="reason", clause=CLAUSE)
    row.lifted_at = context.now
    hospital = context.get(Hospital, row.hospital_id)
    for file in context.session.scalars(
        select(AssistanceFile).where(
            AssistanceFile.insured_person_id == row.insured_person_id, AssistanceFile.closed_at.is_(None)
        )
    ):
        context.feed(file, EntryCategory.BOOKING, f"{hospital.name}解除预约限制", reason)
    return row.id


def load_restrictions(desk: "Desk", file_id: int) -> tuple[RestrictionLine, ...]:
    """Return the notes that hold today for the insured of a file, the newest first."""
    with desk.read() as session:
        file = session.get(AssistanceFile, file_id)
        if file is None:
            return ()
        rows = session.execute(
            select(HospitalRestriction, Hospital.name)
            .join(Hospital, Hospital.id == HospitalRestriction.hospital_id)
            .where(
                HospitalRestriction.insured_person_id == file.insured_person_id,
                HospitalRestriction.lifted_at.is_(None),
                or_(HospitalRestriction.until_on.is_(None), HospitalRestriction.until_on > desk.today),
            )
            .order_by(HospitalRestriction.id.desc())
        )
        lines = tuple(
            RestrictionLine(row.id, hospital, row.from_on, row.until_on, phrase(row.source), row.note)
            for row, hospital in rows
        )
        return concealed_for_file(session, lines, file_id)


def judge_restriction(session: Session, person_id: int, hospital: Hospital, day: date) -> Judgement:
    """Warn when ``hospital``, any campus of it, restricts bookings of the person on ``day``."""
    row = session.scalars(
        select(HospitalRestriction)
        .join(Hospital, Hospital.id == HospitalRestriction.hospital_id)
        .where(
            HospitalRestriction.insured_person_id == person_id,
            HospitalRestriction.lifted_at.is_(None),
            HospitalRestriction.from_on <= day,
            or_(HospitalRestriction.until_on.is_(None), HospitalRestriction.until_on > day),
            Hospital.name == hospital.name,
        )
        .order_by(HospitalRestriction.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return CLEAR
    until = f"至 {row.until_on}" if row.until_on else "截止日期未告知"
    return warned(ErrorCode.HOSPITAL_RESTRICTED, CLAUSE, until=until)
