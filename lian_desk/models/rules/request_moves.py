"""What can happen to a request: the moves, what each may ask for and what it may do; the table is in request_states."""

from dataclasses import dataclass
from enum import StrEnum

from lian_desk.models.vocabulary import ClockKind, PauseReason, RequestStatus, ServiceKind

S = RequestStatus
EXITS = frozenset(
    {S.REJECTED, S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED, S.POLICY_TERMINATED},
)


class Move(StrEnum):
    """Everything that can happen to a request; each is one command."""

    SUBMIT = "submit"
    BEGIN_REVIEW = "begin_review"
    ASK_FOR_MATERIAL = "ask_for_material"
    RECEIVE_MATERIAL = "receive_material"
    REJECT = "reject"
    CONFIRM_REQUIREMENT = "confirm_requirement"
    REVISE_REQUIREMENT = "revise_requirement"
    BEGIN_COORDINATION = "begin_coordination"
    ASK_FOR_START = "ask_for_start"
    CONFIRM_START = "confirm_start"
    RECORD_BOOKING = "record_booking"
    RECORD_ARRIVAL = "record_arrival"
    BEGIN_STAY = "begin_stay"
    COMPLETE_SERVICE = "complete_service"
    BEGIN_FOLLOW_UP = "begin_follow_up"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    CANCEL_BY_INSURED = "cancel_by_insured"
    RECORD_NO_SHOW = "record_no_show"
    RESCHEDULE_BY_HOSPITAL = "reschedule_by_hospital"
    RECORD_NOT_BOOKED = "record_not_booked"
    REVERSE_START = "reverse_start"
    PAUSE = "pause"
    RESUME = "resume"
    TERMINATE = "terminate"
    END_FOR_FORCE_MAJEURE = "end_for_force_majeure"
    REOPEN = "reopen"
    CORRECT_BOOKING = "correct_booking"
    CORRECT_START = "correct_start"
    RESTORE_WITH_CONTRACT = "restore_with_contract"


class Need(StrEnum):
    """What a move asks for beside the click."""

    THREE_PASSES = "three_passes"
    """The last review has three passes (R25)."""
    NOTICE = "notice"
    """The hospital's notice that the service goes by, where the edition asks for one (R39 to R42)."""
    FEE_NOTICE = "fee_notice"
    """The words on fees were told (R77)."""
    WARNING_SHOWN = "warning_shown"
    """What the move means for the use was read out (R80)."""
    RIGHT_SPEAKER = "right_speaker"
    """The insured said it himself; for a minor the guardian did (R9)."""
    EVIDENCE = "evidence"
    """A proof in one of the three forms (A38)."""
    HOSPITAL_REFERENCE = "hospital_reference"
    """The hospital's number, or how it confirmed (A11)."""
    SOURCE = "source"
    """Who told the desk of the fact."""
    CLAUSE = "clause"
    """The clause of the handbook that the move rests on."""
    REASON = "reason"
    """Why, in words."""
    OUTCOME_FOLLOW_UP_UPDATE = "outcome_follow_up_update"
    """The update of the file, and follow-ups that were answered or that a lead waived (R71)."""


class Planned(StrEnum):
    """What was planned for a request and falls with a move."""

    TASKS = "tasks"
    """Its open reminders and follow-ups."""
    BOOKING = "booking"
    """The booking that stands, with its reminders."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the table.

    ``target`` is None where the move returns to a status that the request remembers (resume, reopen) or leaves it as it
    is (reversal). ``ledger``: the change of the balance that the move posts. ``stops``: the clocks that it ends, as met
    while the request goes on, as no longer owed where it closes. ``starts``: the clocks that run from its moment.
    ``holds``: why the clocks stand still from then on; ``releases``: the pauses it ends. ``drops``: what was planned.
    """

    move: Move
    source: RequestStatus
    target: RequestStatus | None
    kinds: frozenset[ServiceKind]
    clause: str
    ledger: int = 0
    needs: frozenset[Need] = frozenset()
    lead_only: bool = False
    starts: frozenset[ClockKind] = frozenset()
    stops: frozenset[ClockKind] = frozenset()
    holds: PauseReason | None = None
    releases: frozenset[PauseReason] = frozenset()
    drops: frozenset[Planned] = frozenset()

    @property
    def is_exit(self) -> bool:
        """Tell whether the move closes the request by one of the typed exits."""
        return self.target in EXITS

    def clause_of(self, need: Need) -> str:
        """Return the clause that asks for ``need``: its own, else that of the arrow."""
        return _CLAUSE_OF_NEED.get((self.move, need), self.clause)


_CLAUSE_OF_NEED = {
    (Move.CONFIRM_REQUIREMENT, Need.THREE_PASSES): "R25",
    (Move.CONFIRM_REQUIREMENT, Need.FEE_NOTICE): "R77",
    (Move.REVISE_REQUIREMENT, Need.FEE_NOTICE): "R77",
    (Move.REVISE_REQUIREMENT, Need.RIGHT_SPEAKER): "R28",
    (Move.CONFIRM_START, Need.RIGHT_SPEAKER): "R45",
    (Move.CONFIRM_START, Need.WARNING_SHOWN): "R80",
    (Move.RECORD_BOOKING, Need.HOSPITAL_REFERENCE): "A11",
    (Move.CANCEL_BY_INSURED, Need.RIGHT_SPEAKER): "R49",
    (Move.CANCEL_BY_INSURED, Need.WARNING_SHOWN): "R50",
    (Move.CANCEL_BY_INSURED, Need.REASON): "R50",
}
"""Where a need rests on another clause than its move."""
