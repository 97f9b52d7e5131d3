"""The handbook's words behind a reason or a step, for 「依据」 and for what stands beside a field."""

from collections.abc import Iterable
from dataclasses import dataclass

from lian_desk.models.reasons import Reason
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.services.words.wording import sentence


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause: its id, its place in the handbook, its words, and the edition."""

    id: str
    place: str
    text: str
    edition: str


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason in words: what is the case, the clause, and the field it belongs to where there is one."""

    code: str
    words: str
    clause: ClauseLine
    field: str = ""


def clause_line(clause_id: str, pack: RulePack) -> ClauseLine:
    """Return a clause of the pack as it is shown."""
    clause = pack.clause(clause_id)
    return ClauseLine(clause.id, clause.place, clause.text, pack.label)


def clause_lines(ids: Iterable[str], pack: RulePack) -> tuple[ClauseLine, ...]:
    """Return clauses in the order of ``ids``, each once."""
    return tuple(clause_line(clause_id, pack) for clause_id in dict.fromkeys(ids))


def reason_line(reason: Reason, pack: RulePack, field: str = "") -> ReasonLine:
    """Return a reason in words."""
    return ReasonLine(reason.code.value, sentence(reason.as_violation()), clause_line(reason.clause, pack), field)


def reason_lines(reasons: Iterable[Reason], pack: RulePack) -> tuple[ReasonLine, ...]:
    """Return reasons in words, in their order."""
    return tuple(reason_line(reason, pack) for reason in reasons)
