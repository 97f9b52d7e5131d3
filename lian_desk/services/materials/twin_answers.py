"""Carries out what a person decided about a file that is here already."""

from collections.abc import Sequence

from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.commands.commands import Outcome
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.materials import AddMaterial, keep_beside_twin
from lian_desk.services.materials.twins import LinkMaterial, Twin, TwinAnswer, find_twins


def load_twins(desk: Desk, file_id: int, sha256: str) -> tuple[Twin, ...]:
    """Return the twins of a file that came in, for the person who decides."""
    with desk.read() as session:
        return find_twins(session, file_id, sha256)


def settle_twin(desk: Desk, add: AddMaterial, twins: Sequence[Twin], answer: TwinAnswer) -> Outcome | None:
    """Carry out what was decided about the file that ``add`` would take in; None when it is left.

    Raises:
        EnvironmentProblem: ``MATERIAL_MISSING`` when the twin was erased meanwhile: the file must be taken in again.
        RuleViolation: what the command refuses.
    """
    if answer is TwinAnswer.LEAVE:
        return None
    if answer is TwinAnswer.LINK:
        link = LinkMaterial(
            command_id=desk.new_id(),
            assistance_file_id=add.assistance_file_id,
            twin_id=twins[0].material_id,
            source=add.source,
        )
        return desk.execute(link)
    if not desk.materials.exists(add.sha256):
        raise EnvironmentProblem(ErrorCode.MATERIAL_MISSING)
    return desk.execute(keep_beside_twin(add, desk.new_id()))
