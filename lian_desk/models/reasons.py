"""Why a rule says no, or yes with a warning."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lian_desk.models.errors import ErrorCode, RuleViolation


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, the clause that decides and the facts used (no personal data)."""

    code: ErrorCode
    clause: str
    values: Mapping[str, object] = field(default_factory=dict)

    def as_violation(self) -> RuleViolation:
        """Return the error that a command raises for this reason."""
        return RuleViolation(self.code, clause=self.clause, **self.values)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says: blocked while there is a reason; warnings are shown and need a note, not a change."""

    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Tell whether nothing blocks."""
        return not self.reasons

    def __add__(self, other: "Judgement") -> "Judgement":
        return Judgement(self.reasons + other.reasons, self.warnings + other.warnings)

    def require(self) -> None:
        """Raise the first reason as RuleViolation, if there is one."""
        if self.reasons:
            raise self.reasons[0].as_violation()


def blocked(code: ErrorCode, clause: str, **values: object) -> Judgement:
    """Return a judgement with one blocking reason."""
    return Judgement(reasons=(Reason(code, clause, values),))


def warned(code: ErrorCode, clause: str, **values: object) -> Judgement:
    """Return a judgement with one warning."""
    return Judgement(warnings=(Reason(code, clause, values),))


CLEAR = Judgement()
"""Nothing to say."""
