"""What can be done about a stored file that is missing, damaged, swapped or orphaned; nothing is ever deleted.

A file that is replaced moves into the quarantine folder first. What comes in its place must have the checksum of the
row: it is never believed, it is computed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from sqlalchemy import select

from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.vault import Cancelled, checksum_of
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.upkeep.stored_files import Fault, Finding, Report
from lian_desk.services.words.wording import phrase

_ENDING = ".age"


@dataclass(frozen=True, kw_only=True)
class RecordFileReplaced(Command):
    """The right file lies in its place again; ``sealed_sha256`` is the checksum of its new seal."""

    sha256: str
    sealed_sha256: str


@dataclass(frozen=True, kw_only=True)
class SetOrphansAside(Command):
    """A lead lets files that no row names move into the quarantine folder."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Recovery:
    """What a search through a copy of the materials brought: files put back, and findings it did not help."""

    recovered: tuple[Finding, ...]
    missing: tuple[Finding, ...]


@handles(RecordFileReplaced)
def record_file_replaced(command: RecordFileReplaced, context: CommandContext) -> int | None:
    """Write the new seal into every row that stands on the file, and a line into their feeds."""
    rows = context.session.scalars(
        select(Material).where(Material.sha256 == command.sha256, Material.erased_at.is_(None))
    ).all()
    for row in rows:
        row.sealed_sha256 = command.sealed_sha256
        file = context.get(AssistanceFile, row.assistance_file_id)
        context.feed(file, EntryCategory.MATERIAL, "材料文件已补回", f"{phrase(row.kind)} · 与登记的校验值相符")
    return rows[0].id if rows else None


@handles(SetOrphansAside, LEADS)
def allow_setting_aside(_command: SetOrphansAside, _context: CommandContext) -> None:
    """Seal the decision; the files move after it."""


def take_in_again(desk: Desk, finding: Finding, source: Path) -> None:
    """Put the very same file, sent anew, into the place of a missing or damaged one.

    Raises:
        RuleViolation: ``MATERIAL_OTHER_CONTENT`` when it is another file; ``MATERIAL_UNREADABLE``.
        EnvironmentProblem: disk full, read-only or gone.
    """
    try:
        with source.open("rb") as stream:
            found = checksum_of(stream)
    except OSError as error:
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    if found != finding.sha256:
        raise RuleViolation(ErrorCode.MATERIAL_OTHER_CONTENT)
    _set_bad_one_aside(desk, finding)
    stored = desk.materials.keep(source)
    _record(desk, stored.sha256, stored.sealed_sha256)


def recover_from(
    desk: Desk,
    findings: Sequence[Finding],
    folder: Path,
    *,
    progress: Report | None = None,
    cancel: Event | None = None,
) -> Recovery:
    """Look for the right files in a copy of the materials folder (or of the whole workspace) and put them back.

    Raises:
        Cancelled: ``cancel`` was set; what was put back stays.
        EnvironmentProblem: disk full, read-only or gone.
    """
    wanted = [finding for finding in findings if finding.is_repairable]
    recovered: list[Finding] = []
    for place, finding in enumerate(wanted):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if _recover(desk, finding, folder):
            recovered.append(finding)
        if progress is not None:
            progress(place + 1, len(wanted))
    return Recovery(tuple(recovered), tuple(finding for finding in wanted if finding not in recovered))


def set_findings_aside(desk: Desk, findings: Sequence[Finding]) -> int:
    """Move orphans into the quarantine folder of the workspace, as a lead decided; returns how many.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but a lead.
        EnvironmentProblem: the disk refuses.
    """
    names = tuple(finding.sha256 for finding in findings if finding.fault is Fault.ORPHAN)
    desk.execute(SetOrphansAside(command_id=desk.new_id(), names=names))
    moved = 0
    for name in names:
        if desk.materials.exists(name):
            desk.materials.set_aside(name, desk.opened.layout.quarantine)
            moved += 1
    return moved


def _recover(desk: Desk, finding: Finding, folder: Path) -> bool:
    for shelf, path in _candidates(folder, finding.sha256):
        try:
            # a store on the copy opens it with the key of this workspace: only what it decrypts to counts
            seal = MaterialStore(shelf, desk.opened.keys.file_identity).verify(finding.sha256)
        except EnvironmentProblem:
            continue
        if seal.sha256 == finding.sha256:
            _set_bad_one_aside(desk, finding)
            desk.materials.put_sealed(finding.sha256, path)
            _record(desk, seal.sha256, seal.sealed_sha256)
            return True
    return False


def _candidates(folder: Path, sha256: str) -> Iterator[tuple[Path, Path]]:
    """Yield the folders that may be a copy of the store, with where the file lies in them."""
    for shelf in (folder, folder / "materials"):
        path = shelf / sha256[:2] / f"{sha256[2:]}{_ENDING}"
        if path.is_file():
            yield shelf, path


def _set_bad_one_aside(desk: Desk, finding: Finding) -> None:
    if desk.materials.exists(finding.sha256):
        desk.materials.set_aside(finding.sha256, desk.opened.layout.quarantine)


def _record(desk: Desk, sha256: str, sealed_sha256: str) -> None:
    desk.execute(RecordFileReplaced(command_id=desk.new_id(), sha256=sha256, sealed_sha256=sealed_sha256))
