"""Issue papers: number, frozen copy, digest, audit (R89, R92); check whether a file on disk is one of them.

A paper is issued in two commands with the drawing between them: the first gives it its number, the second seals the
digest of what was drawn. A paper without a digest never left the desk: its drawing or writing failed, and its number
is not used again.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.issued_document import IssuedDocument
from lian_desk.models.vocabulary import DocumentKind, EntryCategory
from lian_desk.services import input_checks
from lian_desk.services.changes import Changes
from lian_desk.services.commands import Command, CommandContext, handles
from lian_desk.services.desk import Desk
from lian_desk.services.document_views import DocumentView, Numbering, load_document
from lian_desk.services.documents.assistance_file_summary import draw_assistance_file_summary
from lian_desk.services.documents.delivery import deliver
from lian_desk.services.documents.follow_up_record import draw_follow_up_record
from lian_desk.services.documents.printing import DrawnDocument
from lian_desk.services.documents.views import FollowUpRecordView
from lian_desk.services.environment_problems import foreseen_problems
from lian_desk.services.wording import phrase

#: Series of the numbers, by kind of paper.
SERIES = {DocumentKind.FOLLOW_UP_RECORD: "FR", DocumentKind.FILE_SUMMARY: "CS"}

_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class IssueDocument(Command):
    """Give a paper its number. An unmasked one says for whom (R21, R90)."""

    kind: DocumentKind
    assistance_file_id: int
    masked: bool
    purpose: str = ""
    period_from_on: date | None = None
    period_to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class SealDocument(Command):
    """Write down the digest and the pages of a paper that was drawn; once."""

    issued_document_id: int
    content_sha256: str
    page_count: int


@dataclass(frozen=True, kw_only=True)
class RecordPrint(Command):
    """An issued paper was sent to a printer (R89)."""

    issued_document_id: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is wanted on paper. ``period`` (both days included) matters to the follow-up record alone."""

    kind: DocumentKind
    file_id: int
    masked: bool = True
    purpose: str = ""
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper that was issued: its key and number, the drawing's facts, the bytes as written, what was committed."""

    key: int
    number: str
    file_name: str
    drawn: DrawnDocument
    content: bytes
    changes: tuple[Changes, ...]


@dataclass(frozen=True, slots=True)
class IssuedFact:
    """What is known of an issued paper."""

    key: int
    number: str
    kind: DocumentKind
    file_number: str
    is_masked: bool
    purpose: str
    page_count: int
    issued_at: datetime
    content_sha256: str


@handles(IssueDocument)
def issue_document(command: IssueDocument, context: CommandContext) -> int:
    """Number the paper and tell the feed; a closed file may still be printed (R7)."""
    file = context.get(AssistanceFile, command.assistance_file_id)
    purpose = input_checks.short_text(command.purpose, field="purpose")
    if not command.masked and not purpose:
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="R90", field="purpose")
    row = IssuedDocument(
        id=context.new_id(),
        number=context.number(SERIES[command.kind]),
        kind=command.kind,
        assistance_file_id=file.id,
        period_from_on=command.period_from_on,
        period_to_on=command.period_to_on,
        handbook_edition=context.pack.edition,
        content_sha256="",
        page_count=0,
        is_masked=command.masked,
        purpose=purpose,
        issued_at=context.now,
        issued_by=context.operator.id,
    )
    context.session.add(row)
    masked = "已遮盖" if command.masked else "未遮盖"
    detail = " · ".join(part for part in (row.number, masked, purpose) if part)
    context.feed(file, EntryCategory.DOCUMENT, f"导出{phrase(command.kind)}", detail)
    return row.id


@handles(SealDocument)
def seal_document(command: SealDocument, context: CommandContext) -> int:
    """Seal the digest of the drawn paper."""
    row = context.get(IssuedDocument, command.issued_document_id)
    context.assistance_file_id = row.assistance_file_id
    if row.content_sha256:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    row.content_sha256 = command.content_sha256
    row.page_count = command.page_count
    return row.id


@handles(RecordPrint)
def record_print(command: RecordPrint, context: CommandContext) -> int:
    """Tell the feed that the paper was printed."""
    row = context.get(IssuedDocument, command.issued_document_id)
    file = context.get(AssistanceFile, row.assistance_file_id)
    context.feed(file, EntryCategory.DOCUMENT, f"打印{phrase(row.kind)}", f"{row.number} · {command.copies} 份")
    return row.id


def preview(desk: Desk, order: ExportOrder) -> tuple[bytes, DrawnDocument]:
    """Draw a paper for the eye alone: no number, nothing written, nothing stored."""
    view = load_document(desk, order.kind, order.file_id, order.period, masked=order.masked)
    return _draw(view)


def issue(desk: Desk, order: ExportOrder, target: Path | None = None) -> IssuedPaper:
    """Issue a paper: number it, draw it, write it to ``target`` (a file, or a folder to name it in), seal it.

    Without ``target`` the paper is kept at the desk only, to be printed. A frozen copy stays in the sealed store, so
    that a reprint is identical.

    Raises:
        RuleViolation: ``NOT_FOUND``, or ``REASON_MISSING`` for an unmasked paper without a purpose.
        EnvironmentProblem: the target or the store cannot be written; the number stays unused.
    """
    outcome = desk.execute(_numbering(desk, order))
    if outcome.key is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="issued_document")
    number, earlier = _number_of(desk, outcome.key, order)
    view = load_document(
        desk, order.kind, order.file_id, order.period, masked=order.masked, numbering=Numbering(number, earlier + 1)
    )
    content, drawn = _draw(view)
    with foreseen_problems():
        desk.materials.keep(content)
    file_name = file_name_of(view)
    if target is not None:
        deliver(content, target / file_name if target.is_dir() else target)
    sealed = desk.execute(
        SealDocument(
            command_id=desk.new_id(),
            issued_document_id=outcome.key,
            content_sha256=drawn.sha256,
            page_count=drawn.page_count,
        )
    )
    return IssuedPaper(outcome.key, number, file_name, drawn, content, (outcome.changes, sealed.changes))


def _numbering(desk: Desk, order: ExportOrder) -> IssueDocument:
    first, last = order.period or (None, None)
    return IssueDocument(
        command_id=desk.new_id(),
        kind=order.kind,
        assistance_file_id=order.file_id,
        masked=order.masked,
        purpose=order.purpose,
        period_from_on=first,
        period_to_on=last,
    )


def file_name_of(view: DocumentView) -> str:
    """Return a file name without personal data: number of the file and of the record."""
    return f"{view.stamp.file_number}_{view.stamp.record_number}.pdf"


def fetch_issued(desk: Desk, key: int) -> bytes:
    """Return the frozen copy of an issued paper, byte for byte.

    Raises:
        RuleViolation: ``NOT_FOUND`` when it was never sealed.
        EnvironmentProblem: the stored copy is missing or damaged.
    """
    with desk.read() as session:
        digest = session.scalar(select(IssuedDocument.content_sha256).where(IssuedDocument.id == key))
    if not digest:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="issued_document")
    return desk.materials.fetch(digest)


def issued_of_file(desk: Desk, file_id: int) -> tuple[IssuedFact, ...]:
    """Return the papers issued for a file, the newest first."""
    return _facts(desk, IssuedDocument.assistance_file_id == file_id)


def verify_paper(desk: Desk, path: Path) -> IssuedFact | None:
    """Tell which issued paper the file at ``path`` is, byte for byte; None when it is none or was changed (校验记录).

    Raises:
        EnvironmentProblem: the file cannot be read.
    """
    digest = hashlib.sha256()
    with foreseen_problems(), path.open("rb") as stream:
        while block := stream.read(_READ_AT_ONCE):
            digest.update(block)
    found = _facts(desk, IssuedDocument.content_sha256 == digest.hexdigest())
    return found[0] if found else None


def _facts(desk: Desk, condition: ColumnElement[bool]) -> tuple[IssuedFact, ...]:
    statement = (
        select(IssuedDocument, AssistanceFile.number)
        .join(AssistanceFile, AssistanceFile.id == IssuedDocument.assistance_file_id)
        .where(condition, IssuedDocument.content_sha256 != "")
        .order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
    )
    with desk.read() as session:
        return tuple(
            IssuedFact(
                key=row.id,
                number=row.number,
                kind=row.kind,
                file_number=file_number,
                is_masked=row.is_masked,
                purpose=row.purpose,
                page_count=row.page_count,
                issued_at=row.issued_at,
                content_sha256=row.content_sha256,
            )
            for row, file_number in session.execute(statement)
        )


def _number_of(desk: Desk, key: int, order: ExportOrder) -> tuple[str, int]:
    """Return the number of a paper and how many of the same kind, file and period were sealed before it."""
    days = order.period or (None, None)
    same = (
        select(func.count())
        .select_from(IssuedDocument)
        .where(
            IssuedDocument.assistance_file_id == order.file_id,
            IssuedDocument.kind == order.kind,
            IssuedDocument.period_from_on.is_(None) if days[0] is None else IssuedDocument.period_from_on == days[0],
            IssuedDocument.period_to_on.is_(None) if days[1] is None else IssuedDocument.period_to_on == days[1],
            IssuedDocument.content_sha256 != "",
            IssuedDocument.id != key,
        )
    )
    with desk.read() as session:
        number = session.scalars(select(IssuedDocument.number).where(IssuedDocument.id == key)).one()
        return number, session.scalar(same) or 0


def _draw(view: DocumentView) -> tuple[bytes, DrawnDocument]:
    target = BytesIO()
    if isinstance(view, FollowUpRecordView):
        drawn = draw_follow_up_record(view, target)
    else:
        drawn = draw_assistance_file_summary(view, target)
    return target.getvalue(), drawn
