"""Erasing a material for good: its bytes, its words and what was read from it; the skeleton of the row stays.

The row keeps its kind, sizes, checksums and times, the ledger and the sealed audit log stay whole. The stored file goes
only when no other row stands on the same bytes. It is taken off the disk after the commit: the wish is a row of its
own, so that a crash between the two is made good at the next start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialRemoval, StoredFileDiscard
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText, PageCover, RecognitionJob
from lian_desk.models.tables.people.file_keeping import LegalHold
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.full_text import index as full_text
from lian_desk.services.materials.twins import open_stay
from lian_desk.services.stored_files.discards import is_owned
from lian_desk.services.words.wording import phrase

Eraser = Callable[[Session, int], object]
"""Removes everything a part of the program holds about a material, given its key; called inside the transaction."""


def erase_words(session: Session, material_id: int) -> None:
    """Remove what was read and covered on the pages and what was proposed from it, and every trace in the index."""
    for kind in (MaterialPageText, MaterialFinding, RecognitionJob, PageCover):
        session.execute(delete(kind).where(kind.material_id == material_id))
    full_text.remove_material(session, material_id)


ERASERS: Final[list[Eraser]] = [erase_words]
"""Every further part that keeps words of materials beside the row adds its eraser here when it is loaded."""


@dataclass(frozen=True, kw_only=True)
class EraseMaterial(Command):
    """A lead erases a material that lies in the trash, for good."""

    material_id: int
    reason: str


@handles(EraseMaterial, LEADS)
def erase_material(command: EraseMaterial, context: CommandContext) -> int:
    """Erase; only from the trash, so that nobody erases what is in use, and with a reason."""
    row = context.get(Material, command.material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    if row.trashed_at is None:
        raise RuleViolation(ErrorCode.MATERIAL_NOT_IN_TRASH)
    _refuse_under_hold(context.session, file.id)
    reason = input_checks.required(command.reason, field="reason")
    kind = phrase(row.kind)
    erase_material_bytes(context, row.id, reason=reason)
    context.feed(file, EntryCategory.MATERIAL, "彻底删除材料", f"{kind} · {reason}")
    return row.id


def erase_material_bytes(context: CommandContext, material_id: int, *, reason: str = "") -> None:
    """Erase one material inside the running transaction, whoever decided it; a second time changes nothing.

    The stored file follows after the commit (:func:`discard_erased_files`, called by the desk).
    """
    row = context.get(Material, material_id)
    if row.erased_at is not None:
        return
    for eraser in ERASERS:
        eraser(context.session, row.id)
    row.original_name = row.hospital_name = row.department = row.doctor_name = row.deficiency = ""
    row.archive_name = row.hospital_id = row.document_on = row.name_matches = row.own_sign = row.own_sign_note = None
    row.erased_at = context.now
    row.trashed_at = row.trashed_at or context.now
    stay = open_stay(context.session, row.id)
    if stay is None:
        stay = MaterialRemoval(
            id=context.new_id(),
            material_id=row.id,
            removed_at=context.now,
            removed_by=context.operator.id,
            reason=reason,
            erase_reason="",
        )
        context.session.add(stay)
    stay.erased_at, stay.erased_by, stay.erase_reason = context.now, context.operator.id, reason
    if not is_owned(context.session, row.sha256):
        _queue(context, row.sha256)


def _refuse_under_hold(session: Session, file_id: int) -> None:
    hold = select(LegalHold.id).where(LegalHold.assistance_file_id == file_id, LegalHold.lifted_at.is_(None))
    if session.scalar(hold.limit(1)) is not None:
        raise RuleViolation(ErrorCode.LEGAL_HOLD, clause="R90")


def _queue(context: CommandContext, sha256: str) -> None:
    known = context.session.scalar(select(StoredFileDiscard.id).where(StoredFileDiscard.sha256 == sha256))
    if known is None:
        context.session.add(StoredFileDiscard(id=context.new_id(), sha256=sha256, queued_at=context.now))
