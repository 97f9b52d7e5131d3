"""The month's 冲正 and 更正 for the insurer: every use that was given back, with reason and evidence (A23)."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.disk.safe_sheets import csv_table, xlsx_table
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.rules.working_time import midnight
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.service_request import Evidence, ServiceRequest
from lian_desk.models.vocabulary import EntryKind, EvidenceForm, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.known_names import names_of_files
from lian_desk.services.names.masking import mask_policy_number, scrub_text
from lian_desk.services.words.formats import iso_moment
from lian_desk.services.words.wording import phrase

CLAUSE: Final = "A23"
GIVEN_BACK: Final = (EntryKind.REVERSAL, EntryKind.CORRECTION)
_HEADER: Final = ("时间", "类别", "保单号", "申请编号", "服务", "次数", "原因", "凭证", "保险公司编号", "经办")


@dataclass(frozen=True, kw_only=True)
class ExportReversals(Command):
    """The list of a month leaves the desk for the insurer; ``month_on`` is any day of it."""

    month_on: date
    purpose: str


@dataclass(frozen=True, slots=True)
class ReversalLine:
    """One use that was given back; the policy number is masked on screen and clear in the exported list."""

    key: int
    posted_at: datetime
    kind: EntryKind
    policy_number: str
    request_number: str
    service: ServiceKind
    amount: int
    reason: str
    evidence: EvidenceForm | None
    insurer_reference: str
    posted_by: str


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What was written: how many lines, and where."""

    count: int
    path: Path


@handles(ExportReversals, roles=LEADS)
def export_reversals(command: ExportReversals, _context: CommandContext) -> None:
    """Leave the line in the audit log; nothing else changes."""
    input_checks.required(command.purpose, field="purpose", clause=CLAUSE)


def load_reversals(desk: Desk, month_on: date) -> tuple[ReversalLine, ...]:
    """Return what was given back in the month of ``month_on`` (Asia/Shanghai), the oldest first, masked."""
    with desk.read() as session:
        return tuple(_lines(session, month_on, is_masked=True))


def write_reversals(desk: Desk, month_on: date, path: Path, *, purpose: str) -> WrittenReport:
    """Seal the export and write the list to ``path``: a workbook, or CSV where the name ends in .csv.

    Raises:
        RuleViolation: ``NOT_ALLOWED``, ``FIELD_REQUIRED`` without a purpose.
        EnvironmentProblem: the disk is full, read-only or gone; an older file under that name is untouched.
    """
    desk.execute(ExportReversals(command_id=desk.new_id(), month_on=month_on, purpose=purpose))
    with desk.read() as session:
        rows = [_HEADER, *(_cells(line) for line in _lines(session, month_on, is_masked=False))]
    content = csv_table(rows) if path.suffix.lower() == ".csv" else xlsx_table(rows, title=f"冲正清单 {month_on:%Y-%m}")
    with foreseen_problems():
        write_durably(path, content)
    return WrittenReport(len(rows) - 1, path)


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _lines(session: Session, month_on: date, *, is_masked: bool) -> list[ReversalLine]:
    rows = session.execute(
        select(EntitlementEntry, Policy.policy_number, ServiceRequest, Evidence.form, Operator.name)
        .join(Policy, Policy.id == EntitlementEntry.policy_id)
        .join(Operator, Operator.id == EntitlementEntry.recorded_by)
        .outerjoin(ServiceRequest, ServiceRequest.id == EntitlementEntry.service_request_id)
        .outerjoin(Evidence, Evidence.id == EntitlementEntry.evidence_id)
        .where(
            EntitlementEntry.kind.in_(GIVEN_BACK),
            EntitlementEntry.happened_at >= midnight(month_on.replace(day=1)),
            EntitlementEntry.happened_at < midnight(first_of_next_month(month_on)),
        )
        .order_by(EntitlementEntry.happened_at, EntitlementEntry.id)
    ).all()
    found: list[Any] = list(rows)
    files = {request.assistance_file_id for _entry, _number, request, *_rest in found if request is not None}
    names = names_of_files(session, files) if is_masked else {}

    def told(text: str, request: ServiceRequest | None) -> str:
        known = names.get(request.assistance_file_id) if request is not None else None
        return scrub_text(text, names=known.every if known is not None else ()) if is_masked else text

    return [
        ReversalLine(
            key=entry.id,
            posted_at=entry.happened_at,
            kind=entry.kind,
            policy_number=mask_policy_number(policy_number) if is_masked else policy_number,
            request_number=request.number if request is not None else "",
            service=entry.service_kind,
            amount=entry.amount,
            reason=told(entry.reason, request),
            evidence=form,
            insurer_reference=entry.insurer_reference,
            posted_by=name,
        )
        for entry, policy_number, request, form, name in found
    ]


def _cells(line: ReversalLine) -> tuple[str, ...]:
    return (
        iso_moment(line.posted_at),
        phrase(line.kind),
        line.policy_number,
        line.request_number,
        phrase(line.service),
        str(line.amount),
        line.reason,
        phrase(line.evidence) if line.evidence is not None else "",
        line.insurer_reference,
        line.posted_by,
    )
