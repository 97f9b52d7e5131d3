"""Issue papers: number, signature, frozen copy, digest, audit, disclosure (R21, R89, R92).

A paper is issued in two commands with the drawing between them: the first gives it its number, the second seals the
digest of what was drawn. A paper without a digest never left the desk: its drawing or writing failed, and its number
is not used again.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from lian_desk.adapters.drawing.delivery import deliver
from lian_desk.adapters.drawing.paper_signature import WorkstationSigner
from lian_desk.adapters.drawing.printing import DrawnDocument
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.adapters.paper_forms.drawing import DocumentView, draw
from lian_desk.adapters.paper_forms.pressing import PressedPaper, press_paper
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import DocumentKind, EntryCategory, MaskingLevel
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.changes import Changes
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.orders import SERIES, WITH_SUBJECT, ExportOrder, Numbering
from lian_desk.services.papers.views import load_document
from lian_desk.services.privacy.disclosures import (
    PagesGiven,
    RecordDisclosure,
    record_disclosure,
    require_authorization,
)
from lian_desk.services.words.wording import phrase

#: What a paper for a hospital discloses, for the disclosure log (R21).
_DISCLOSED: Final = {
    DocumentKind.MEDICAL_SHEET: ("姓名", "证件号码", "联系电话", "疾病", "病史", "用药", "过敏"),
    DocumentKind.FILE_SUMMARY: ("姓名", "证件号码", "联系电话", "疾病", "病史", "用药", "过敏", "服务经过", "随访"),
    DocumentKind.FOLLOW_UP_RECORD: ("姓名", "疾病", "服务经过", "随访"),
    DocumentKind.BOOKING_NOTICE: ("姓名", "证件号码", "联系电话", "预约"),
    DocumentKind.DISCLOSURE_PACK: ("姓名", "证件号码", "联系电话", "疾病"),
}
_USUALLY_DISCLOSED: Final = ("姓名", "证件号码", "联系电话")


@dataclass(frozen=True, kw_only=True)
class IssueDocument(Command):
    """Give a paper its number. One with everything in clear says what for, one for a hospital for whom (R21, R90)."""

    kind: DocumentKind
    assistance_file_id: int | None
    masking: MaskingLevel
    recipient: str = ""
    purpose: str = ""
    period_from_on: date | None = None
    period_to_on: date | None = None
    subject_id: int | None = None
    corrects_id: int | None = None
    correction_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SealDocument(Command):
    """Write down digests and pages of a paper that was drawn; once. One for a hospital is a disclosure (R21)."""

    issued_document_id: int
    content_sha256: str
    view_sha256: str
    page_count: int
    is_signed: bool = False
    pages: tuple[PagesGiven, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordPrint(Command):
    """An issued paper was sent to a printer (R89)."""

    issued_document_id: int
    copies: int


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper that was issued: its key and number, the facts and bytes as written, what was committed."""

    key: int
    number: str
    file_name: str
    drawn: DrawnDocument
    content: bytes
    is_signed: bool
    changes: tuple[Changes, ...]


@handles(IssueDocument)
def issue_document(command: IssueDocument, context: CommandContext) -> int:
    """Number the paper and tell the feed; a closed file may still be printed (R7)."""
    purpose = input_checks.short_text(command.purpose, field="purpose")
    recipient = input_checks.short_text(command.recipient, field="recipient")
    if command.kind is DocumentKind.TEAM_SUMMARY:
        context.require_lead()
    if command.masking is MaskingLevel.REVEALED and not purpose:
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="R90", field="purpose")
    file = None
    if command.assistance_file_id is not None:
        file = context.get(AssistanceFile, command.assistance_file_id)
        if command.masking is MaskingLevel.HOSPITAL or command.kind is DocumentKind.DISCLOSURE_PACK:
            recipient = input_checks.required(recipient, field="recipient", clause="R21", limit=200)
            require_authorization(context, context.writable_file(file.id).id)
    elif command.kind is not DocumentKind.TEAM_SUMMARY:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    row = IssuedDocument(
        id=context.new_id(),
        number=context.number(SERIES[command.kind]),
        kind=command.kind,
        assistance_file_id=command.assistance_file_id,
        subject_id=command.subject_id,
        period_from_on=command.period_from_on,
        period_to_on=command.period_to_on,
        handbook_edition=context.pack.edition,
        content_sha256="",
        view_sha256="",
        page_count=0,
        is_masked=command.masking is not MaskingLevel.REVEALED,
        masking=command.masking,
        is_signed=False,
        recipient=recipient,
        purpose=purpose,
        corrects_id=_corrected(command, context),
        correction_reason=command.correction_reason.strip(),
        issued_at=context.now,
        issued_by=context.operator.id,
    )
    context.session.add(row)
    if file is not None:
        detail = " · ".join(part for part in (row.number, phrase(row.masking), recipient, purpose) if part)
        context.feed(file, EntryCategory.DOCUMENT, f"导出{phrase(command.kind)}", detail)
    return row.id


def _corrected(command: IssueDocument, context: CommandContext) -> int | None:
    """Return the paper that is corrected: one that left the desk, of the same kind and file, corrected only once."""
    if command.corrects_id is None:
        return None
    input_checks.required(command.correction_reason, field="correction_reason", clause="R92")
    old = context.get(IssuedDocument, command.corrects_id)
    if (old.kind, old.assistance_file_id) != (command.kind, command.assistance_file_id) or not old.content_sha256:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="issued_document")
    newer = context.session.scalar(
        select(IssuedDocument.number).where(IssuedDocument.corrects_id == old.id, IssuedDocument.content_sha256 != "")
    )
    if newer is not None:
        raise RuleViolation(ErrorCode.PAPER_CORRECTED_ALREADY, clause="R92", field="corrects", number=newer)
    return old.id


@handles(SealDocument)
def seal_document(command: SealDocument, context: CommandContext) -> int:
    """Seal the digest of the drawn paper; a paper for a hospital goes into the disclosure log with it."""
    row = context.get(IssuedDocument, command.issued_document_id)
    context.assistance_file_id = row.assistance_file_id
    if row.content_sha256:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    row.content_sha256 = command.content_sha256
    row.view_sha256 = command.view_sha256
    row.page_count = command.page_count
    row.is_signed = command.is_signed
    is_pack = row.kind is DocumentKind.DISCLOSURE_PACK
    if (is_pack or row.masking is MaskingLevel.HOSPITAL) and row.assistance_file_id is not None:
        names = (
            ("姓名（已遮盖）",)
            if row.masking is MaskingLevel.INTERNAL
            else _DISCLOSED.get(row.kind, _USUALLY_DISCLOSED)
        )
        record_disclosure(
            RecordDisclosure(
                command_id=command.command_id,
                assistance_file_id=row.assistance_file_id,
                recipient=row.recipient,
                purpose=row.purpose or f"{phrase(row.kind)} {row.number}",
                disclosed_at=context.now,
                field_names=names,
                papers=command.pages,
            ),
            context,
        )
    return row.id


@handles(RecordPrint)
def record_print(command: RecordPrint, context: CommandContext) -> int:
    """Tell the feed that the paper was printed."""
    row = context.get(IssuedDocument, command.issued_document_id)
    if row.assistance_file_id is not None:
        file = context.get(AssistanceFile, row.assistance_file_id)
        context.feed(file, EntryCategory.DOCUMENT, f"打印{phrase(row.kind)}", f"{row.number} · {command.copies} 份")
    return row.id


def signer_of(desk: Desk) -> WorkstationSigner:
    """Return the signer of this workstation; its key lies in the envelope with the other keys."""
    identity = desk.opened.identity
    return WorkstationSigner(desk.opened.keys.seal_key, identity.workstation_code, identity.created_at)


def preview(desk: Desk, order: ExportOrder) -> tuple[bytes, DrawnDocument]:
    """Draw a paper for the eye alone: no number, nothing written, nothing stored."""
    return draw(load_document(desk, order))


def issue(desk: Desk, order: ExportOrder, target: Path | None = None) -> IssuedPaper:
    """Issue a paper: number it, draw it, sign it, write it to ``target`` (a file, or a folder to name it in), seal it.

    Without ``target`` the paper is kept at the desk only, to be printed. A frozen copy stays in the sealed store, so
    that a reprint is identical. Without the extra ``[seal]`` the paper carries no signature.

    Raises:
        RuleViolation: ``NOT_FOUND``; ``REASON_MISSING`` for a paper in clear without a purpose; ``FIELD_REQUIRED``
            and ``AUTHORIZATION_MISSING`` for one to a hospital; ``PAPER_CORRECTED_ALREADY``.
        EnvironmentProblem: the target or the store cannot be written; the number stays unused.
    """
    numbered = number_paper(desk, order)
    return seal_paper(desk, numbered, press_paper(numbered.view, signer_of(desk)), target)


@dataclass(frozen=True)
class NumberedPaper:
    """A paper that has its number and its content, and is still to be drawn."""

    key: int
    order: ExportOrder
    view: DocumentView
    changes: Changes


def number_paper(desk: Desk, order: ExportOrder) -> NumberedPaper:
    """Give a paper its number and read what goes on it."""
    outcome = desk.execute(_numbering(desk, order))
    if outcome.key is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="issued_document")
    view = load_document(desk, order, _numbered(desk, outcome.key, order))
    return NumberedPaper(outcome.key, order, view, outcome.changes)


def seal_paper(desk: Desk, numbered: NumberedPaper, pressed: PressedPaper, target: Path | None = None) -> IssuedPaper:
    """Keep, deliver and seal a paper that was drawn and signed, here or in another process."""
    view = numbered.view
    with foreseen_problems():
        kept = desk.materials.keep(pressed.content)
    file_name = file_name_of(view)
    if target is not None:
        deliver(pressed.content, target / file_name if target.is_dir() else target)
    sealed = desk.execute(
        SealDocument(
            command_id=desk.new_id(),
            issued_document_id=numbered.key,
            content_sha256=kept.sha256,
            view_sha256=pressed.drawn.seal,
            page_count=pressed.drawn.page_count,
            is_signed=pressed.is_signed,
            pages=numbered.order.pages,
        )
    )
    return IssuedPaper(
        key=numbered.key,
        number=view.stamp.record_number,
        file_name=file_name,
        drawn=pressed.drawn,
        content=pressed.content,
        is_signed=pressed.is_signed,
        changes=(numbered.changes, sealed.changes),
    )


def file_name_of(view: DocumentView) -> str:
    """Return a file name without personal data: number of the file and of the record."""
    return "_".join(part for part in (view.stamp.file_number, view.stamp.record_number) if part) + ".pdf"


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


def _numbering(desk: Desk, order: ExportOrder) -> IssueDocument:
    first, last = order.period or (None, None)
    return IssueDocument(
        command_id=desk.new_id(),
        kind=order.kind,
        assistance_file_id=order.file_id,
        masking=order.masking,
        recipient=order.recipient,
        purpose=order.purpose,
        period_from_on=first,
        period_to_on=last,
        subject_id=order.subject_id if order.kind in WITH_SUBJECT else None,
        corrects_id=order.corrects_id,
        correction_reason=order.correction_reason,
    )


def _numbered(desk: Desk, key: int, order: ExportOrder) -> Numbering:
    """Return the number of a paper, how many of the same content were sealed before it, and what it corrects."""
    with desk.read() as session:
        row = session.get_one(IssuedDocument, key)
        same = select(func.count(IssuedDocument.id)).where(
            IssuedDocument.kind == row.kind,
            IssuedDocument.assistance_file_id.is_not_distinct_from(row.assistance_file_id),
            IssuedDocument.subject_id.is_not_distinct_from(row.subject_id),
            IssuedDocument.period_from_on.is_not_distinct_from(row.period_from_on),
            IssuedDocument.period_to_on.is_not_distinct_from(row.period_to_on),
            IssuedDocument.content_sha256 != "",
            IssuedDocument.id != key,
        )
        old = session.get(IssuedDocument, row.corrects_id) if row.corrects_id is not None else None
        earlier = session.scalar(same) or 0
        return Numbering(row.number, earlier + 1, old.number if old else "", order.correction_reason.strip())
