"""Erasing a material for good: its bytes, its words and what was read from it; the skeleton of the row stays.

The row keeps its kind, sizes, checksums and times, the ledger and the sealed audit log stay whole. The stored file goes
only when no other row stands on the same bytes. It is taken off the disk after the commit: the wish is a row of its
own, so that a crash between the two is made good at the next start.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.file_keeping import FileErasure, LegalHold
from lian_desk.models.issued_document import IssuedDocument
from lian_desk.models.material import Material, MaterialRemoval, StoredFileDiscard
from lian_desk.models.recognition import MaterialFinding, MaterialPageText, PageCover, RecognitionJob
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services import full_text, input_checks
from lian_desk.services.commands import LEADS, Command, CommandContext, Outcome, handles
from lian_desk.services.material_twins import open_stay
from lian_desk.services.storage.material_store import MaterialStore
from lian_desk.services.wording import phrase


class ErasingDesk(Protocol):
    """What taking files off the disk needs of a desk; the desk itself carries it out after an erasure."""

    materials: MaterialStore

    def new_id(self) -> int:
        """Return a new key."""

    def read(self) -> AbstractContextManager[Session]:
        """Open a read session."""

    def execute(self, command: Command) -> Outcome:
        """Carry out a command."""


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


@dataclass(frozen=True, kw_only=True)
class FinishErasure(Command):
    """The stored file of erased materials was taken off the disk."""

    sha256: str


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


@handles(FinishErasure)
def finish_erasure(command: FinishErasure, context: CommandContext) -> None:
    """Forget the wish: the file is gone."""
    queued = context.session.scalar(select(StoredFileDiscard).where(StoredFileDiscard.sha256 == command.sha256))
    if queued is not None:
        context.session.delete(queued)


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
    context.session.flush()
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


def is_owned(session: Session, sha256: str) -> bool:
    """Tell whether a material that is not erased, or an issued paper of a file that is whole, stands on it."""
    material = select(Material.id).where(Material.sha256 == sha256, Material.erased_at.is_(None)).limit(1)
    erased_files = select(FileErasure.assistance_file_id)
    paper = (
        select(IssuedDocument.id)
        .where(
            IssuedDocument.content_sha256 == sha256,
            # a paper about the team belongs to no file
            or_(IssuedDocument.assistance_file_id.is_(None), IssuedDocument.assistance_file_id.not_in(erased_files)),
        )
        .limit(1)
    )
    return session.scalar(material) is not None or session.scalar(paper) is not None


def discard_erased_files(desk: ErasingDesk) -> int:
    """Take the files of erased materials off the disk; returns how many. Called after an erasure and at the start.

    Raises:
        EnvironmentProblem: the disk refuses; the wish stays for the next time.
    """
    with desk.read() as session:
        queued = list(session.scalars(select(StoredFileDiscard.sha256)))
    for sha256 in queued:
        discard_unowned(desk, sha256)
        desk.execute(FinishErasure(command_id=desk.new_id(), sha256=sha256))
    return len(queued)


def discard_unowned(desk: ErasingDesk, sha256: str) -> bool:
    """Take a stored file off the disk unless a row stands on it; tells whether it went."""

    def has_owner() -> bool:
        with desk.read() as session:
            return is_owned(session, sha256)

    return desk.materials.discard(sha256, has_owner)
