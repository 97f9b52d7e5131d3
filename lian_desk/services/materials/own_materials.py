"""A material that serves a step must be of the same file and of the insured himself (R1)."""

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialKind, MaterialState
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.words.format_words import format_name, is_kept_only, is_recording

_OF_OTHERS = frozenset({MaterialKind.GUARDIANSHIP_PROOF, MaterialKind.CONFIRMATION})
"""Papers on which another name may rightly stand: the guardian's, or whoever wrote the message."""


def own_material(
    context: CommandContext, file_id: int, material_id: int, *, field: str, may_be_recording: bool = False
) -> Material:
    """Return a material of the file that may serve a step; what has no pages proves nothing that could be read.

    A recording proves what was said, where ``may_be_recording``.

    Raises:
        RuleViolation: ``NOT_FOUND`` for one of another file; ``NOT_THE_INSURED`` for one that is set apart, or on which
            a person saw another name (R1); ``MATERIAL_NOT_READABLE`` for a Word file and the like. The refusal names ``field``.
    """
    material = context.get(Material, material_id)
    if material.assistance_file_id != file_id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__, field=field)
    if material.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH, field=field)
    is_anothers = material.name_matches is False and material.kind not in _OF_OTHERS
    if is_anothers or material.state is MaterialState.QUARANTINED:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1", field=field)
    is_fit_recording = may_be_recording and is_recording(material.media_type)
    if is_kept_only(material.media_type) and not is_fit_recording:
        raise RuleViolation(ErrorCode.MATERIAL_NOT_READABLE, field=field, format=format_name(material.media_type))
    return material
