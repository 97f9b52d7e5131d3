"""What the form of an action asks for, read off the state table: a dialog offers what its move needs and nothing else."""

from dataclasses import dataclass

from lian_desk.models.rules.request_moves import Move, Need
from lian_desk.models.rules.request_states import TRANSITIONS
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.request_views.actions import RequestAction

_TWO_MOVES = {RequestAction.RECORD_ATTENDANCE: frozenset({Move.RECORD_ARRIVAL, Move.BEGIN_STAY})}
_NAMES = frozenset(move.value for move in Move)


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a form that are needs of the move: why, a proof, who told it, what was read out."""

    reason: bool = False
    evidence: bool = False
    source: bool = False
    warning: bool = False


def asked_by(action: RequestAction, kind: ServiceKind) -> Asked:
    """Return what the form of ``action`` asks of a person for a request of ``kind``; nothing for no move of its own."""
    own = frozenset({Move(action.value)}) if action.value in _NAMES else frozenset()
    moves = _TWO_MOVES.get(action, own)
    needs = {need for row in TRANSITIONS if row.move in moves and kind in row.kinds for need in row.needs}
    return Asked(
        reason=Need.REASON in needs,
        evidence=Need.EVIDENCE in needs,
        source=Need.SOURCE in needs,
        warning=Need.WARNING_SHOWN in needs,
    )
