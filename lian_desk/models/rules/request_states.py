"""The states of a service request: the only place that says which status may follow which.

One table, read by the commands, by the board and by the tests. A status changes only through :func:`apply`.

The paths (handbook chapter 2, section 服务流程 of each service):

* 门诊, 检查: … → 已到院 → 服务完成 → 随访中 → 已归档.
* 住院, 手术: the same with 住院/手术进行中 between arrival and completion.
* 专案管家 has no booking, no clock of its own and no counted use (R11): after the review its requirement is confirmed
  as an agreed plan, it is coordinated, completed, followed up and archived. It never waits for a start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import ClockKind, RequestStatus, ServiceKind

S = RequestStatus


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
    CORRECT = "correct"


class Need(StrEnum):
    """What a move asks for beside the click."""

    REASON = "reason"
    EVIDENCE = "evidence"
    SOURCE = "source"
    THREE_PASSES = "three_passes"
    NOTICE = "notice"
    WARNING_SHOWN = "warning_shown"
    OUTCOME_FOLLOW_UP_UPDATE = "outcome_follow_up_update"


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the table.

    ``target`` is None where the move returns to a status that the request remembers (resume) or names (correct), or
    leaves it as it is (reversal). ``ledger`` is the change of the balance the move itself posts.
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

    @property
    def is_exit(self) -> bool:
        """Tell whether the move closes the request by one of the typed exits."""
        return self.target in EXITS


ALL_KINDS = frozenset(ServiceKind)
CASE = frozenset({ServiceKind.CASE_MANAGEMENT})
BOOKED_KINDS = ALL_KINDS - CASE
STAY_KINDS = frozenset({ServiceKind.INPATIENT_COORDINATION, ServiceKind.SURGERY_COORDINATION})
VISIT_KINDS = BOOKED_KINDS - STAY_KINDS

MAIN_PATH = (
    S.DRAFT,
    S.SUBMITTED,
    S.UNDER_REVIEW,
    S.REQUIREMENT_CONFIRMED,
    S.COORDINATING,
    S.AWAITING_START,
    S.STARTED,
    S.BOOKED,
    S.ARRIVED,
    S.IN_PROGRESS,
    S.SERVICE_COMPLETED,
    S.FOLLOWING_UP,
    S.ARCHIVED,
)
EXITS = frozenset(
    {S.REJECTED, S.WITHDRAWN, S.CANCELLED_BY_INSURED, S.NO_SHOW, S.NOT_BOOKED, S.POLICY_TERMINATED},
)
CLOSED_STATUSES = EXITS | {S.ARCHIVED}
OPEN_STATUSES = frozenset(RequestStatus) - CLOSED_STATUSES
BEFORE_START = (
    S.DRAFT,
    S.SUBMITTED,
    S.UNDER_REVIEW,
    S.AWAITING_MATERIAL,
    S.REQUIREMENT_CONFIRMED,
    S.COORDINATING,
    S.AWAITING_START,
)
"""From these a withdrawal is free (R50)."""
LOCKED_STATUSES = frozenset({S.BOOKED, S.ARRIVED, S.IN_PROGRESS, S.SERVICE_COMPLETED, S.FOLLOWING_UP, S.ARCHIVED})
"""From success on, time, hospital and doctor stand still (R48)."""
_ACTIVE: tuple[RequestStatus, ...] = tuple(
    status for status in RequestStatus if status in OPEN_STATUSES and status is not S.PAUSED
)
_REQUIREMENT_CLOCKS = frozenset({ClockKind.FEEDBACK, ClockKind.BOOKING})
_ALL_CLOCKS = frozenset(ClockKind)


def _needs(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


def _main_path() -> Iterable[Transition]:
    yield Transition(Move.SUBMIT, S.DRAFT, S.SUBMITTED, ALL_KINDS, "R14")
    yield Transition(Move.BEGIN_REVIEW, S.SUBMITTED, S.UNDER_REVIEW, ALL_KINDS, "R25")
    yield Transition(
        Move.ASK_FOR_MATERIAL, S.UNDER_REVIEW, S.AWAITING_MATERIAL, ALL_KINDS, "R14", needs=_needs(Need.REASON)
    )
    yield Transition(Move.RECEIVE_MATERIAL, S.AWAITING_MATERIAL, S.UNDER_REVIEW, ALL_KINDS, "R14")
    yield Transition(
        Move.CONFIRM_REQUIREMENT,
        S.UNDER_REVIEW,
        S.REQUIREMENT_CONFIRMED,
        BOOKED_KINDS,
        "R28",
        needs=_needs(Need.THREE_PASSES, Need.NOTICE, Need.EVIDENCE),
        starts=_REQUIREMENT_CLOCKS,
    )
    yield Transition(
        Move.CONFIRM_REQUIREMENT,
        S.UNDER_REVIEW,
        S.REQUIREMENT_CONFIRMED,
        CASE,
        "R28",
        needs=_needs(Need.THREE_PASSES, Need.EVIDENCE),
    )
    for source in (S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START):
        yield Transition(
            Move.REVISE_REQUIREMENT,
            source,
            S.REQUIREMENT_CONFIRMED,
            BOOKED_KINDS,
            "R26",
            needs=_needs(Need.REASON, Need.EVIDENCE),
            starts=frozenset({ClockKind.BOOKING}),
        )
    yield Transition(Move.BEGIN_COORDINATION, S.REQUIREMENT_CONFIRMED, S.COORDINATING, ALL_KINDS, "R37")
    yield Transition(Move.ASK_FOR_START, S.COORDINATING, S.AWAITING_START, BOOKED_KINDS, "R45")
    yield Transition(
        Move.CONFIRM_START,
        S.AWAITING_START,
        S.STARTED,
        BOOKED_KINDS,
        "R46",
        ledger=-1,
        needs=_needs(Need.EVIDENCE, Need.WARNING_SHOWN),
    )
    yield Transition(
        Move.RECORD_BOOKING,
        S.STARTED,
        S.BOOKED,
        BOOKED_KINDS,
        "R48",
        needs=_needs(Need.EVIDENCE),
        stops=frozenset({ClockKind.BOOKING}),
    )
    yield from _visit()


def _visit() -> Iterable[Transition]:
    yield Transition(Move.RECORD_ARRIVAL, S.BOOKED, S.ARRIVED, BOOKED_KINDS, "R72", needs=_needs(Need.SOURCE))
    yield Transition(Move.BEGIN_STAY, S.ARRIVED, S.IN_PROGRESS, STAY_KINDS, "R68", needs=_needs(Need.SOURCE))
    yield Transition(Move.COMPLETE_SERVICE, S.ARRIVED, S.SERVICE_COMPLETED, VISIT_KINDS, "R72")
    yield Transition(Move.COMPLETE_SERVICE, S.IN_PROGRESS, S.SERVICE_COMPLETED, STAY_KINDS, "R72")
    yield Transition(Move.COMPLETE_SERVICE, S.COORDINATING, S.SERVICE_COMPLETED, CASE, "R66")
    yield Transition(Move.BEGIN_FOLLOW_UP, S.SERVICE_COMPLETED, S.FOLLOWING_UP, ALL_KINDS, "R69")
    yield Transition(
        Move.ARCHIVE, S.FOLLOWING_UP, S.ARCHIVED, ALL_KINDS, "R71", needs=_needs(Need.OUTCOME_FOLLOW_UP_UPDATE)
    )


def _exits() -> Iterable[Transition]:
    evidence = _needs(Need.EVIDENCE)
    yield Transition(
        Move.REJECT, S.UNDER_REVIEW, S.REJECTED, ALL_KINDS, "R25", needs=_needs(Need.REASON), stops=_ALL_CLOCKS
    )
    for source in BEFORE_START:
        yield Transition(Move.WITHDRAW, source, S.WITHDRAWN, ALL_KINDS, "R50", needs=evidence, stops=_ALL_CLOCKS)
    for source in (S.STARTED, S.BOOKED):
        yield Transition(
            Move.CANCEL_BY_INSURED,
            source,
            S.CANCELLED_BY_INSURED,
            BOOKED_KINDS,
            "R50" if source is S.STARTED else "R49",
            needs=_needs(Need.EVIDENCE, Need.WARNING_SHOWN),
            stops=_ALL_CLOCKS,
        )
    yield Transition(Move.RECORD_NO_SHOW, S.BOOKED, S.NO_SHOW, BOOKED_KINDS, "R49", needs=_needs(Need.SOURCE))
    yield Transition(
        Move.RESCHEDULE_BY_HOSPITAL,
        S.BOOKED,
        S.STARTED,
        BOOKED_KINDS,
        "R52",
        needs=_needs(Need.REASON, Need.EVIDENCE),
    )
    yield Transition(
        Move.RECORD_NOT_BOOKED,
        S.STARTED,
        S.NOT_BOOKED,
        BOOKED_KINDS,
        "A23",
        needs=_needs(Need.REASON),
        stops=_ALL_CLOCKS,
    )
    yield Transition(
        Move.REVERSE_START,
        S.NOT_BOOKED,
        None,
        BOOKED_KINDS,
        "A23",
        ledger=1,
        needs=_needs(Need.REASON, Need.EVIDENCE),
        lead_only=True,
    )


def _from_anywhere() -> Iterable[Transition]:
    reason = _needs(Need.REASON)
    every: tuple[RequestStatus, ...] = tuple(RequestStatus)
    for source in _ACTIVE:
        yield Transition(Move.PAUSE, source, S.PAUSED, ALL_KINDS, "A45", needs=reason)
    yield Transition(Move.RESUME, S.PAUSED, None, ALL_KINDS, "A45")
    for pending in (*_ACTIVE, S.PAUSED):
        yield Transition(Move.TERMINATE, pending, S.POLICY_TERMINATED, ALL_KINDS, "R7", needs=reason, stops=_ALL_CLOCKS)
    # what an event of force majeure holds may end with it; whether a spent use goes back is the lead's (R86, A23)
    yield Transition(
        Move.END_FOR_FORCE_MAJEURE,
        S.PAUSED,
        S.NOT_BOOKED,
        ALL_KINDS,
        "R86",
        needs=reason,
        lead_only=True,
        stops=_ALL_CLOCKS,
    )
    for status in every:
        yield Transition(
            Move.CORRECT, status, None, ALL_KINDS, "R48", needs=_needs(Need.REASON, Need.EVIDENCE), lead_only=True
        )


TRANSITIONS: tuple[Transition, ...] = (*_main_path(), *_exits(), *_from_anywhere())

_BY_KEY: dict[tuple[RequestStatus, Move, ServiceKind], Transition] = {
    (row.source, row.move, kind): row for row in TRANSITIONS for kind in row.kinds
}
_CLAUSE_OF_MOVE = {row.move: row.clause for row in reversed(TRANSITIONS)}
_THROUGH_PAUSE = frozenset({Move.WITHDRAW, Move.CANCEL_BY_INSURED})
"""A paused request may be given up by the customer as if it were not paused."""


def is_open(status: RequestStatus) -> bool:
    """Tell whether the request still waits for something; a paused one does."""
    return status in OPEN_STATUSES


def find_transition(
    status: RequestStatus, move: Move, kind: ServiceKind, *, paused_from: RequestStatus | None = None
) -> Transition | None:
    """Return the arrow for ``move`` from ``status``, or None where the table has none.

    ``paused_from`` is the status that a paused request returns to.
    """
    if status is S.PAUSED and move in _THROUGH_PAUSE and paused_from is not None:
        status = paused_from
    return _BY_KEY.get((status, move, kind))


def allowed_moves(
    status: RequestStatus, kind: ServiceKind, *, paused_from: RequestStatus | None = None
) -> tuple[Transition, ...]:
    """Return every arrow that leaves ``status`` for a request of ``kind``, in the order of the table."""
    found = (find_transition(status, move, kind, paused_from=paused_from) for move in Move)
    return tuple(row for row in found if row is not None)


def require_transition(
    status: RequestStatus, move: Move, kind: ServiceKind, *, paused_from: RequestStatus | None = None
) -> Transition:
    """Return the arrow for ``move``; RuleViolation(WRONG_STATUS) where the table has none."""
    row = find_transition(status, move, kind, paused_from=paused_from)
    if row is None:
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=_CLAUSE_OF_MOVE[move], status=status, move=move, kind=kind)
    return row


def apply(
    status: RequestStatus,
    move: Move,
    kind: ServiceKind,
    *,
    paused_from: RequestStatus | None = None,
    corrected_to: RequestStatus | None = None,
) -> RequestStatus:
    """Return the status after ``move``; RuleViolation(WRONG_STATUS) where the table has no such arrow.

    ``paused_from`` is needed to resume, ``corrected_to`` names what a lead's correction restores.
    """
    row = require_transition(status, move, kind, paused_from=paused_from)
    if row.target is not None:
        return row.target
    restored = {Move.RESUME: paused_from, Move.CORRECT: corrected_to}.get(move, status)
    if restored is None or (move is Move.RESUME and restored not in _ACTIVE):
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=row.clause, status=status, move=move, kind=kind)
    return restored
