"""Whether a person has died: then no task is planned and no service is begun (R68)."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import SensitiveEvent
from lian_desk.models.vocabulary import SensitiveKind

CLAUSE: Final = "R68"


def has_died(session: Session, person_id: int) -> bool:
    """Tell whether a death of the insured person is on record, in whichever of the files."""
    found = session.scalar(
        select(SensitiveEvent.id)
        .join(AssistanceFile, AssistanceFile.id == SensitiveEvent.assistance_file_id)
        .where(AssistanceFile.insured_person_id == person_id, SensitiveEvent.kind == SensitiveKind.DIED)
        .limit(1)
    )
    return found is not None


def refuse_after_death(session: Session, file: AssistanceFile) -> None:
    """Refuse a new task or service for a person who died.

    Raises:
        RuleViolation: ``CARE_STOPPED``.
    """
    if has_died(session, file.insured_person_id):
        raise RuleViolation(ErrorCode.CARE_STOPPED, clause=CLAUSE)
