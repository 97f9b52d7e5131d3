"""A material that serves a step must be of the same file and of the insured himself (R1)."""

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.material import Material
from lian_desk.models.vocabulary import MaterialKind, MaterialState
from lian_desk.services.commands import CommandContext

_OF_OTHERS = frozenset({MaterialKind.GUARDIANSHIP_PROOF, MaterialKind.CONFIRMATION})
"""Papers on which another name may rightly stand: the guardian's, or whoever wrote the message."""


def own_material(context: CommandContext, file_id: int, material_id: int, *, field: str) -> Material:
    """Return a material of the file that may serve a step.

    Raises:
        RuleViolation: ``NOT_FOUND`` for one of another file; ``NOT_THE_INSURED`` for one that is set apart, or on which
            a person saw another name (R1). The refusal names ``field``.
    """
    material = context.get(Material, material_id)
    if material.assistance_file_id != file_id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Material.__tablename__, field=field)
    if material.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH, field=field)
    is_anothers = material.name_matches is False and material.kind not in _OF_OTHERS
    if is_anothers or material.state is MaterialState.QUARANTINED:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1", field=field)
    return material
