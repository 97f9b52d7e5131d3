"""What confirming a material means for the machine's proposals, and what a stopped material may not do (R1)."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding
from lian_desk.models.vocabulary import FindingField, FindingMatch, FindingState, MaterialState

_OPEN_MATCHES: Final = (FindingMatch.NEEDS_LOOK, FindingMatch.OTHER)


def refuse_quarantined(row: Material) -> None:
    """Refuse whatever would let a stopped material count, serve or leave the desk.

    Raises:
        RuleViolation: ``MATERIAL_QUARANTINED`` (R1).
    """
    if row.state is MaterialState.QUARANTINED:
        raise RuleViolation(ErrorCode.MATERIAL_QUARANTINED, clause="R1")


def settle_findings(session: Session, row: Material, now: datetime, operator_id: int) -> None:
    """Close the proposals of a material that a person confirms: what stands in the material now is his word.

    Raises:
        RuleViolation: ``FINDING_UNLOOKED`` (R1) when a name or number that is not the insured's was not judged yet.
    """
    rows = session.scalars(
        select(MaterialFinding).where(
            MaterialFinding.material_id == row.id, MaterialFinding.state == FindingState.PROPOSED
        )
    ).all()
    if any(finding.match in _OPEN_MATCHES for finding in rows):
        raise RuleViolation(ErrorCode.FINDING_UNLOOKED, clause="R1", field="name_matches")
    for finding in rows:
        value = _held_value(row, finding)
        finding.state = FindingState.CONFIRMED if value == finding.value else FindingState.CORRECTED
        finding.decided_value, finding.decided_at, finding.decided_by = value, now, operator_id


def _held_value(row: Material, finding: MaterialFinding) -> str:
    """What the material itself says about a field; a name or number that is the insured's says what was read."""
    held = {
        FindingField.KIND: row.kind.value,
        FindingField.DOCUMENT_ON: "" if row.document_on is None else row.document_on.isoformat(),
        FindingField.HOSPITAL: row.hospital_name,
        FindingField.DEPARTMENT: row.department,
        FindingField.DOCTOR: row.doctor_name,
    }
    return held.get(finding.field, finding.value)
