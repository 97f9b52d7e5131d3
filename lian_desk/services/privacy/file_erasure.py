"""Legal hold and erasure of a file (R90): what says who somebody is or was goes, what accounts for the service stays.

A file is erased when nothing holds it and its time is over, or when the insured asks for it. Names, numbers, history,
notes, texts, papers and pictures go. The ledger with its policy number, the skeletons of requests (numbers, kinds,
times, statuses, clauses) and the sealed log stay: without them nobody could count the uses or answer for the work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material, StoredFileDiscard
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import FileErasure, LegalHold
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, ErasureGround
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.entitlements.file_ownership import require_owner
from lian_desk.services.full_text import index as full_text
from lian_desk.services.materials.erasure import erase_material_bytes
from lian_desk.services.privacy import erasure_plan
from lian_desk.services.reference_data.retention import keep_until
from lian_desk.services.words.wording import phrase

CLAUSE: Final = "R90"


@dataclass(frozen=True, kw_only=True)
class PlaceLegalHold(Command):
    """Nothing of the file may be erased for now: a dispute, a complaint, an order of an authority."""

    assistance_file_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LiftLegalHold(Command):
    """The hold of a file is over."""

    assistance_file_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class EraseAssistanceFile(Command):
    """A lead erases the personal data of a file, for good; ``file_number`` is typed to be sure which one it is."""

    assistance_file_id: int
    ground: ErasureGround
    reason: str
    file_number: str


@handles(PlaceLegalHold, roles=LEADS)
def place_legal_hold(command: PlaceLegalHold, context: CommandContext) -> int:
    """Hold the file; it may be read-only already.

    Raises:
        RuleViolation: ``LEGAL_HOLD`` when one lasts already; ``FILE_ERASED``; ``FIELD_REQUIRED``.
    """
    file = context.get(AssistanceFile, command.assistance_file_id)
    _refuse_erased(context.session, file)
    if lasting_hold(context.session, file.id) is not None:
        raise RuleViolation(ErrorCode.LEGAL_HOLD, clause=CLAUSE)
    row = LegalHold(
        id=context.new_id(),
        assistance_file_id=file.id,
        reason=input_checks.required(command.reason, field="reason", clause=CLAUSE),
        placed_at=context.now,
        placed_by=context.operator.id,
    )
    context.session.add(row)
    context.feed(file, EntryCategory.FILE, "设定法律保全，暂不删除", row.reason)
    return row.id


@handles(LiftLegalHold, roles=LEADS)
def lift_legal_hold(command: LiftLegalHold, context: CommandContext) -> int:
    """End the hold.

    Raises:
        RuleViolation: ``NOT_FOUND`` when none lasts; ``FIELD_REQUIRED``.
    """
    file = context.get(AssistanceFile, command.assistance_file_id)
    row = lasting_hold(context.session, file.id)
    if row is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=LegalHold.__tablename__)
    row.lifting_reason = input_checks.required(command.reason, field="reason", clause=CLAUSE)
    row.lifted_at = context.now
    row.lifted_by = context.operator.id
    context.feed(file, EntryCategory.FILE, "解除法律保全", row.lifting_reason)
    return row.id


@handles(EraseAssistanceFile, roles=LEADS)
def erase_assistance_file(command: EraseAssistanceFile, context: CommandContext) -> int:
    """Erase.

    Raises:
        RuleViolation: ``FILE_ERASED``, ``LEGAL_HOLD``, ``NOT_YET_ERASABLE`` with what is missing,
            ``FILE_OF_ANOTHER_WORKSTATION``, ``VALUE_NOT_UNDERSTOOD`` for another number, ``FIELD_REQUIRED``.
    """
    file = context.get(AssistanceFile, command.assistance_file_id)
    context.assistance_file_id = file.id
    require_owner(context, file)
    reason = input_checks.required(command.reason, field="reason", clause=CLAUSE)
    if command.file_number.strip() != file.number:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause=CLAUSE,
            field="file_number",
            value=command.file_number.strip(),
            expected="请照抄这份档案的编号",
        )
    require_erasable(context.session, file, command.ground, context.now)
    row = FileErasure(
        id=context.new_id(),
        assistance_file_id=file.id,
        ground=command.ground,
        reason=reason,
        row_count=0,
        erased_at=context.now,
        erased_by=context.operator.id,
    )
    context.session.add(row)
    context.session.flush()
    _erase_papers(context, file, phrase(command.ground))
    row.row_count = _erase_rows(context, file)
    context.session.flush()
    full_text.remove_file(context.session, file.id)
    context.feed(file, EntryCategory.FILE, "已按规定删除个人信息，保留权益与操作记录", phrase(command.ground))
    return row.id


def require_erasable(session: Session, file: AssistanceFile, ground: ErasureGround, now: datetime) -> None:
    """Refuse what may not be erased yet on this ground.

    Raises:
        RuleViolation: ``FILE_ERASED``, ``LEGAL_HOLD``, ``NOT_YET_ERASABLE``.
    """
    _refuse_erased(session, file)
    if lasting_hold(session, file.id) is not None:
        raise RuleViolation(ErrorCode.LEGAL_HOLD, clause=CLAUSE)
    open_count = session.scalar(
        select(func.count()).where(ServiceRequest.assistance_file_id == file.id, ServiceRequest.is_open.is_(True))
    )
    if open_count:
        _not_yet(f"还有 {open_count} 项服务没有结束")
    if ground is ErasureGround.CONSENT_WITHDRAWN:
        held = session.scalar(
            select(func.count()).where(
                InformationAuthorization.assistance_file_id == file.id,
                InformationAuthorization.withdrawn_at.is_(None),
            )
        )
        if held:
            _not_yet("信息授权还没有撤回")
    if ground is ErasureGround.RETENTION_ENDED:
        if file.closed_at is None:
            _not_yet("保险合同还没有终止，保存期限尚未开始")
        else:
            until = keep_until(in_shanghai(file.closed_at).date())
            if in_shanghai(now).date() < until:
                _not_yet(f"保存期限到 {until.isoformat()} 为止")


def lasting_hold(session: Session, file_id: int) -> LegalHold | None:
    """Return the hold that lasts on a file, None without one."""
    return session.scalars(
        select(LegalHold).where(LegalHold.assistance_file_id == file_id, LegalHold.lifted_at.is_(None)).limit(1)
    ).first()


def erasure_of(session: Session, file_id: int) -> FileErasure | None:
    """Return when and why a file was erased, None while it is whole."""
    return session.scalars(select(FileErasure).where(FileErasure.assistance_file_id == file_id)).one_or_none()


def _refuse_erased(session: Session, file: AssistanceFile) -> None:
    if erasure_of(session, file.id) is not None:
        raise RuleViolation(ErrorCode.FILE_ERASED, clause=CLAUSE)


def _not_yet(detail: str) -> None:
    raise RuleViolation(ErrorCode.NOT_YET_ERASABLE, clause=CLAUSE, detail=detail)


def _erase_papers(context: CommandContext, file: AssistanceFile, reason: str) -> None:
    """Take the bytes of materials and of issued papers off the disk after the commit."""
    materials = context.session.scalars(select(Material.id).where(Material.assistance_file_id == file.id)).all()
    for material_id in materials:
        erase_material_bytes(context, material_id, reason=reason)
    queued = set(context.session.scalars(select(StoredFileDiscard.sha256)))
    papers = context.session.scalars(
        select(IssuedDocument.content_sha256).where(IssuedDocument.assistance_file_id == file.id)
    )
    for sha256 in set(papers) - queued:
        context.session.add(StoredFileDiscard(id=context.new_id(), sha256=sha256, queued_at=context.now))
    context.session.flush()


def _erase_rows(context: CommandContext, file: AssistanceFile) -> int:
    """Empty the texts of every row of the file and return how many rows were touched."""
    session = context.session
    others = session.scalar(
        select(func.count()).where(
            AssistanceFile.insured_person_id == file.insured_person_id,
            AssistanceFile.id != file.id,
            AssistanceFile.id.not_in(select(FileErasure.assistance_file_id)),
        )
    )
    person_id = file.insured_person_id if not others else None
    count = erasure_plan.carry_out(session, file_id=file.id, policy_id=file.policy_id, person_id=person_id)
    session.expire_all()
    file.closed_at = file.closed_at or context.now
    return count
