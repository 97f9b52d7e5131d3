"""「依据」: the clauses behind an answer with the facts that were used, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lian_desk.services.rules.clause_lines import ClauseLine, clause_line

if TYPE_CHECKING:
    # the first dialogs of the program explain refusals too, before there is a desk
    from lian_desk.services.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Explanation:
    """Clauses with place and words, the facts used in words, and the edition they come from."""

    clauses: tuple[ClauseLine, ...]
    facts: tuple[str, ...] = ()
    edition: str = ""

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to show."""
        return not self.clauses and not self.facts


def explain(desk: "Desk", clause_ids: Iterable[str], facts: Iterable[str] = (), *, edition: str = "") -> Explanation:
    """Return the words of ``clause_ids``, each once and in their order; answers from memory.

    ``edition``: the one a decision was made under (A41); empty takes the one in force. An id that the edition does not
    know is left out: a newer record may cite a clause that an older edition lacks.
    """
    pack = desk.editions.of(edition) if edition else desk.pack
    known = [clause_id for clause_id in dict.fromkeys(clause_ids) if clause_id in pack.clauses]
    said = tuple(dict.fromkeys(fact for fact in facts if fact))
    return Explanation(tuple(clause_line(clause_id, pack) for clause_id in known), said, pack.label)
