"""Stored files that nothing stands on any more: taken off the disk after the commit that gave them up.

The wish is a row of its own, so that a crash between the two is made good at the next start.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material, StoredFileDiscard
from lian_desk.models.tables.people.file_keeping import FileErasure
from lian_desk.services.commands.commands import Command, CommandContext, Outcome, handles


class ErasingDesk(Protocol):
    """What taking files off the disk needs of a desk; the desk itself carries it out after an erasure."""

    materials: MaterialStore

    def new_id(self) -> int:
        """Return a new key."""

    def read(self) -> AbstractContextManager[Session]:
        """Open a read session."""

    def execute(self, command: Command) -> Outcome:
        """Carry out a command."""


@dataclass(frozen=True, kw_only=True)
class FinishErasure(Command):
    """The stored file of erased materials was taken off the disk."""

    sha256: str


@handles(FinishErasure)
def finish_erasure(command: FinishErasure, context: CommandContext) -> None:
    """Forget the wish: the file is gone."""
    queued = context.session.scalar(select(StoredFileDiscard).where(StoredFileDiscard.sha256 == command.sha256))
    if queued is not None:
        context.session.delete(queued)


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
