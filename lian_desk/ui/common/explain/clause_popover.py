"""「依据」 of a request: the clauses of its present step, without further facts."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from lian_desk.services.desk.explanations import Explanation
from lian_desk.services.rules.clause_lines import ClauseLine
from lian_desk.ui.common.explain.explain import ExplainPopover


class ClausePopover(ExplainPopover):
    """Shows clauses; ``facts`` are sentences about the values that were used, for example derivations of deadlines."""

    def __init__(
        self, clauses: Sequence[ClauseLine], parent: QWidget | None = None, *, facts: Sequence[str] = ()
    ) -> None:
        super().__init__(Explanation(tuple(clauses), tuple(facts)), parent)
