"""Sound and video (录音录像): kept sealed like every material, heard and seen only by an export that leaves a trace.

The program plays nothing: a decoder for films is a wide door. A copy goes into a folder that a person chooses, under a
name that tells nobody, and the system's own player opens it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.gate import require_authorization
from lian_desk.services.materials.settling import refuse_quarantined
from lian_desk.services.materials.views import MaterialView, export_name, write_copy
from lian_desk.services.words.format_words import is_recording
from lian_desk.services.words.wording import phrase

_MOST_COPIES: Final = 999


@dataclass(frozen=True, kw_only=True)
class ExportRecording(Command):
    """A copy of a recording is about to leave the desk, to be played by the system; why (R89)."""

    material_id: int
    reason: str


@handles(ExportRecording)
def export_recording(command: ExportRecording, context: CommandContext) -> int:
    """Seal the export with its reason in the audit log and the feed, before the copy is written.

    Raises:
        RuleViolation: ``MATERIAL_NO_RECORDING`` for anything else; ``MATERIAL_ERASED``, ``MATERIAL_QUARANTINED``;
            ``FIELD_REQUIRED`` without a reason; ``AUTHORIZATION_MISSING`` (R19).
    """
    row = context.get(Material, command.material_id)
    if not is_recording(row.media_type):
        raise RuleViolation(ErrorCode.MATERIAL_NO_RECORDING)
    if row.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    refuse_quarantined(row)
    require_authorization(context, row.assistance_file_id)
    reason = input_checks.required(command.reason, field="reason")
    file = context.get(AssistanceFile, row.assistance_file_id)
    context.feed(file, EntryCategory.MATERIAL, "导出录音录像", f"{phrase(row.kind)} · {reason}")
    return row.id


def require_folder(folder: Path) -> None:
    """Make sure that there is a folder before anything is written down.

    Raises:
        EnvironmentProblem: ``TARGET_FOLDER_MISSING``.
    """
    if not folder.is_dir():
        raise EnvironmentProblem(ErrorCode.TARGET_FOLDER_MISSING)


def write_recording(desk: Desk, view: MaterialView, folder: Path) -> Path:
    """Write the copy of a recording into ``folder`` and return its path; nothing that lies there is written over.

    Call it once :class:`ExportRecording` is carried out.

    Raises:
        EnvironmentProblem: ``TARGET_FOLDER_MISSING``; the stored file is missing or damaged; the disk refuses.
    """
    require_folder(folder)
    target = _free_path(folder, export_name(view))
    write_copy(desk, view.sha256, target)
    return target


def _free_path(folder: Path, name: str) -> Path:
    plain = folder / name
    if not plain.exists():
        return plain
    numbered = (folder / f"{plain.stem} ({number}){plain.suffix}" for number in range(2, _MOST_COPIES))
    return next((path for path in numbered if not path.exists()), plain)
