"""Whose name stands on a material: one of three answers, always (R1).

The machine says 本人 or 他人 only for a name that it read. Where it saw none, nobody may pass over it: a person says whose
the material is and by which sign, and the answer is kept on the row, in the feed and in the sealed log.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import (
    EntryCategory,
    FindingMatch,
    FindingState,
    MaterialState,
    NameAnswer,
    OwnSign,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.door.person_names import whose_name
from lian_desk.services.words.wording import phrase

CLAUSE: Final = "R1"
SIGNS_WITH_WORDS: Final = frozenset({OwnSign.CUSTOMER_STATEMENT, OwnSign.OTHER_SIGN})
"""Signs that say nothing without words: who told it and how, or what else it is."""


def machine_answer(findings: Iterable[MaterialFinding]) -> NameAnswer:
    """Return what the proposals of a material and the judgements on them say: a person's yes counts as the insured's."""
    return whose_name(
        (
            finding.field,
            FindingMatch.SAME if finding.state is FindingState.CONFIRMED and finding.match else finding.match,
            finding.value,
            finding.confidence,
        )
        for finding in findings
    )


def refresh_answer(session: Session, row: Material) -> None:
    """Write on the row what holds now: a stop or a person's no, then what was read, then a person's answer by a sign."""
    seen = machine_answer(_findings(session, row.id))
    if row.state is MaterialState.QUARANTINED or row.name_matches is False:
        row.name_answer = NameAnswer.OTHER
    elif seen is NameAnswer.UNSEEN and row.name_matches and row.own_sign is not None:
        row.name_answer = NameAnswer.INSURED
    else:
        row.name_answer = seen


def asks_for_sign(session: Session, material_id: int) -> bool:
    """Tell whether no name was seen on a material, so that only a person can say whose it is."""
    return machine_answer(_findings(session, material_id)) is NameAnswer.UNSEEN


def take_answer(context: CommandContext, row: Material, file: AssistanceFile, sign: OwnSign | None, note: str) -> None:
    """Take a person's answer together with ``row.name_matches``, which is set already.

    Raises:
        RuleViolation: ``OWN_SIGN_MISSING`` (R1) when no name was seen and the material is called the insured's without
            a sign; ``FIELD_REQUIRED`` for a sign that needs words.
    """
    if not row.name_matches:
        row.own_sign = row.own_sign_note = None
    elif asks_for_sign(context.session, row.id) and (sign is not None or row.own_sign is None):
        _take_sign(context, row, file, sign, note)
    refresh_answer(context.session, row)


def keep_sign(context: CommandContext, row: Material, file: AssistanceFile, sign: OwnSign, note: str) -> None:
    """Store the sign by which a person knows a material for the insured's, and tell it in the feed."""
    row.own_sign, row.own_sign_note = sign, note or None
    words = " · ".join(filter(None, (phrase(row.kind), f"依据：{phrase(sign)}", note)))
    context.feed(file, EntryCategory.MATERIAL, "未见姓名，经核对为本人", words)


def require_answer(row: Material) -> None:
    """Refuse to let a material count while nobody has said whose it is.

    Raises:
        RuleViolation: ``OWN_SIGN_MISSING`` (R1).
    """
    if row.name_answer is not NameAnswer.INSURED:
        raise RuleViolation(ErrorCode.OWN_SIGN_MISSING, clause=CLAUSE, field="own_sign")


def _take_sign(context: CommandContext, row: Material, file: AssistanceFile, sign: OwnSign | None, note: str) -> None:
    if sign is None:
        raise RuleViolation(ErrorCode.OWN_SIGN_MISSING, clause=CLAUSE, field="own_sign")
    if sign in SIGNS_WITH_WORDS:
        words = input_checks.required(note, field="own_sign_note", clause=CLAUSE)
    else:
        words = input_checks.long_text(note, field="own_sign_note")
    if (sign, words) != (row.own_sign, row.own_sign_note or ""):
        keep_sign(context, row, file, sign, words)


def _findings(session: Session, material_id: int) -> list[MaterialFinding]:
    return list(session.scalars(select(MaterialFinding).where(MaterialFinding.material_id == material_id)))
