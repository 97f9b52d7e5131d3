"""「依据」: the clauses behind an answer.

The words come from services.
"""

__all__ = ["clause_popover", "explain"]
