"""Seals earlier files anew, so that the recovery key that was set later opens them as well.

A file is read from its own seal, sealed beside, flushed and renamed; then its row learns the new checksum. Killed between
the two, the check finds the right content under another seal, which is sound, and the next run goes on.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.workspace.workspace_setting import WorkspaceSetting
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.commands.settings import RECOVERY_RECIPIENT

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk


@dataclass(frozen=True, kw_only=True)
class RecordResealed(Command):
    """A stored file has a new seal; its content is the same."""

    sha256: str
    sealed_sha256: str


@handles(RecordResealed, roles=LEADS)
def record_resealed(command: RecordResealed, context: CommandContext) -> int | None:
    """Write the checksum of the new seal into every row that stands on the file."""
    rows = context.session.scalars(select(Material).where(Material.sha256 == command.sha256)).all()
    for row in rows:
        row.sealed_sha256 = command.sealed_sha256
    return rows[0].id if rows else None


def names_to_reseal(desk: "Desk") -> list[str]:
    """Return the stored files that the recovery key does not open: sealed before it was set. Empty without a key."""
    if not desk.materials.recovery_recipients:
        return []
    with desk.read() as session:
        since = session.scalar(select(WorkspaceSetting.changed_at).where(WorkspaceSetting.name == RECOVERY_RECIPIENT))
    begun = 0.0 if since is None else since.timestamp()
    wanted = 1 + len(desk.materials.recovery_recipients)
    return [
        name
        for name in desk.materials.names()
        if desk.materials.modified_seconds(name) < begun or desk.materials.recipient_count(name) < wanted
    ]


def reseal(desk: "Desk", sha256: str) -> None:
    """Give one stored file a seal for everybody who may open it now.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but a lead.
        EnvironmentProblem: the file is missing, damaged or swapped, or the disk refuses; the old seal stays.
    """
    sealed = desk.materials.reseal(sha256)
    desk.execute(RecordResealed(command_id=desk.new_id(), sha256=sha256, sealed_sha256=sealed.sealed_sha256))
