"""The states of a service request: the only place that says which status may follow which, and what a move does.

One table. ``services.service_requests.moves.move`` carries it out: what a row needs is asked for, what it posts, stops,
starts, releases and drops happens with it. Board, dialogs, ``docs/STATES.md`` and ``lian-desk rules states`` are
printed from it. A status changes only through :func:`apply`.

The paths (handbook chapter 2, section 服务流程 of each service):

* 门诊, 检查: … → 已到院 → 服务完成 → 随访中 → 已归档.
* 住院, 手术: the same with 住院/手术进行中 between arrival and completion.
* 专案管家 has no booking, no clock of its own and no counted use (R11): after the review its requirement is confirmed
  as an agreed plan, it is coordinated, completed, followed up and archived. It never waits for a start.
"""

from collections.abc import Iterable

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import EXITS, Move, Need, Planned, Transition
from lian_desk.models.vocabulary import ClockKind, PauseReason, RequestStatus, ServiceKind

S = RequestStatus


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
_ALL_PAUSES = frozenset(PauseReason)
_CUSTOMERS_WORD = frozenset({PauseReason.AWAITING_CUSTOMER})
_TASKS = frozenset({Planned.TASKS})


def _needs(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


def _end(  # noqa: PLR0913 - the parts of an arrow
    move: Move,
    source: RequestStatus,
    target: RequestStatus,
    kinds: frozenset[ServiceKind],
    clause: str,
    needs: frozenset[Need],
    *,
    ledger: int = 0,
    lead_only: bool = False,
    drops: frozenset[Planned] = _TASKS,
) -> Transition:
    """Return an arrow that closes the request: no clock is owed any more, nothing waits, what was planned falls."""
    return Transition(
        move,
        source,
        target,
        kinds,
        clause,
        ledger=ledger,
        needs=needs,
        lead_only=lead_only,
        stops=_ALL_CLOCKS,
        releases=_ALL_PAUSES,
        drops=drops,
    )


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
        needs=_needs(Need.THREE_PASSES, Need.NOTICE, Need.FEE_NOTICE, Need.RIGHT_SPEAKER, Need.EVIDENCE),
        starts=_REQUIREMENT_CLOCKS,
    )
    yield Transition(
        Move.CONFIRM_REQUIREMENT,
        S.UNDER_REVIEW,
        S.REQUIREMENT_CONFIRMED,
        CASE,
        "R28",
        needs=_needs(Need.THREE_PASSES, Need.FEE_NOTICE, Need.RIGHT_SPEAKER, Need.EVIDENCE),
    )
    for source in (S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START):
        yield Transition(
            Move.REVISE_REQUIREMENT,
            source,
            S.REQUIREMENT_CONFIRMED,
            BOOKED_KINDS,
            "R26",
            needs=_needs(Need.NOTICE, Need.FEE_NOTICE, Need.RIGHT_SPEAKER, Need.EVIDENCE, Need.REASON),
            starts=frozenset({ClockKind.BOOKING}),
            releases=_CUSTOMERS_WORD,
        )
    yield Transition(Move.BEGIN_COORDINATION, S.REQUIREMENT_CONFIRMED, S.COORDINATING, ALL_KINDS, "R37")
    yield Transition(
        Move.ASK_FOR_START,
        S.COORDINATING,
        S.AWAITING_START,
        BOOKED_KINDS,
        "R45",
        holds=PauseReason.AWAITING_CUSTOMER,
    )
    yield Transition(
        Move.CONFIRM_START,
        S.AWAITING_START,
        S.STARTED,
        BOOKED_KINDS,
        "R46",
        ledger=-1,
        needs=_needs(Need.WARNING_SHOWN, Need.RIGHT_SPEAKER, Need.EVIDENCE),
        releases=_CUSTOMERS_WORD,
    )
    yield Transition(
        Move.RECORD_BOOKING,
        S.STARTED,
        S.BOOKED,
        BOOKED_KINDS,
        "R48",
        needs=_needs(Need.HOSPITAL_REFERENCE),
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
    yield _end(Move.ARCHIVE, S.FOLLOWING_UP, S.ARCHIVED, ALL_KINDS, "R71", needs=_needs(Need.OUTCOME_FOLLOW_UP_UPDATE))


def _exits() -> Iterable[Transition]:
    reason = _needs(Need.REASON)
    word = _needs(Need.RIGHT_SPEAKER, Need.EVIDENCE, Need.REASON)
    yield _end(Move.REJECT, S.UNDER_REVIEW, S.REJECTED, ALL_KINDS, "R25", needs=_needs(Need.CLAUSE, Need.REASON))
    for source in BEFORE_START:
        yield _end(Move.WITHDRAW, source, S.WITHDRAWN, ALL_KINDS, "R50", needs=word)
    for source, clause in ((S.STARTED, "R50"), (S.BOOKED, "R49")):
        yield _end(
            Move.CANCEL_BY_INSURED,
            source,
            S.CANCELLED_BY_INSURED,
            BOOKED_KINDS,
            clause,
            needs=word | {Need.WARNING_SHOWN},
        )
    yield _end(Move.RECORD_NO_SHOW, S.BOOKED, S.NO_SHOW, BOOKED_KINDS, "R49", needs=_needs(Need.SOURCE))
    yield from _stops_of_a_hospital()
    yield _end(Move.RECORD_NOT_BOOKED, S.STARTED, S.NOT_BOOKED, BOOKED_KINDS, "A23", needs=reason)
    yield Transition(
        Move.REVERSE_START,
        S.NOT_BOOKED,
        None,
        BOOKED_KINDS,
        "A23",
        ledger=1,
        needs=_needs(Need.EVIDENCE, Need.REASON),
        lead_only=True,
    )


def _stops_of_a_hospital() -> Iterable[Transition]:
    """R52 for 门诊, R53 for a stay; for 检查 the handbook is silent (A22)."""
    examination = frozenset({ServiceKind.EXPEDITED_EXAMINATION})
    for kinds, clause in ((VISIT_KINDS - examination, "R52"), (STAY_KINDS, "R53"), (examination, "A22")):
        yield Transition(
            Move.RESCHEDULE_BY_HOSPITAL,
            S.BOOKED,
            S.STARTED,
            kinds,
            clause,
            needs=_needs(Need.EVIDENCE, Need.REASON),
            drops=frozenset({Planned.BOOKING}),
        )


def _from_anywhere() -> Iterable[Transition]:
    reason = _needs(Need.REASON)
    for source in _ACTIVE:
        yield Transition(Move.PAUSE, source, S.PAUSED, ALL_KINDS, "A45", needs=reason)
    yield Transition(Move.RESUME, S.PAUSED, None, ALL_KINDS, "A45")
    for pending in (*_ACTIVE, S.PAUSED):
        yield _end(Move.TERMINATE, pending, S.POLICY_TERMINATED, ALL_KINDS, "R7", needs=reason)
    # what an event of force majeure holds may end with it; whether a spent use goes back is the lead's (R86, A23)
    yield _end(Move.END_FOR_FORCE_MAJEURE, S.PAUSED, S.NOT_BOOKED, ALL_KINDS, "R86", needs=reason, lead_only=True)


def _corrections() -> Iterable[Transition]:
    """更正 by a lead: what was entered by mistake is put right, and the old value is kept (R48)."""
    proven = _needs(Need.EVIDENCE, Need.REASON)
    # what the contract ended comes back only with the contract (R7)
    for status in sorted(CLOSED_STATUSES - {S.POLICY_TERMINATED}):
        yield Transition(Move.REOPEN, status, None, ALL_KINDS, "R48", needs=proven, lead_only=True)
    yield Transition(
        Move.CORRECT_BOOKING,
        S.BOOKED,
        S.BOOKED,
        BOOKED_KINDS,
        "R48",
        needs=proven,
        lead_only=True,
        drops=frozenset({Planned.BOOKING}),
    )
    for status in (S.STARTED, S.BOOKED):
        yield _end(
            Move.CORRECT_START,
            status,
            S.WITHDRAWN,
            BOOKED_KINDS,
            "R48",
            needs=proven,
            ledger=1,
            lead_only=True,
            drops=frozenset(Planned),
        )
    yield Transition(
        Move.RESTORE_WITH_CONTRACT,
        S.POLICY_TERMINATED,
        None,
        ALL_KINDS,
        "R7",
        lead_only=True,
    )


TRANSITIONS: tuple[Transition, ...] = (*_main_path(), *_exits(), *_from_anywhere(), *_corrections())

_BY_KEY: dict[tuple[RequestStatus, Move, ServiceKind], Transition] = {
    (row.source, row.move, kind): row for row in TRANSITIONS for kind in row.kinds
}
_CLAUSE_OF_MOVE = {row.move: row.clause for row in reversed(TRANSITIONS)}
_THROUGH_PAUSE = frozenset({Move.WITHDRAW, Move.CANCEL_BY_INSURED, Move.CORRECT_START})
"""A paused request may be given up by the customer, or its mistaken start taken back, as if it were not paused."""
_BACK = frozenset({Move.REOPEN, Move.RESTORE_WITH_CONTRACT})
"""These return to the status that the request had before it was closed."""


def is_lead_only(move: Move) -> bool:
    """Tell whether every arrow of ``move`` is a lead's."""
    return all(row.lead_only for row in TRANSITIONS if row.move is move)


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
    back_to: RequestStatus | None = None,
) -> RequestStatus:
    """Return the status after ``move``; RuleViolation(WRONG_STATUS) where the table has no such arrow.

    ``paused_from`` is needed to resume, ``back_to`` names where a reopened request stood.
    """
    row = require_transition(status, move, kind, paused_from=paused_from)
    if row.target is not None:
        return row.target
    restored = paused_from if move is Move.RESUME else back_to if move in _BACK else status
    if restored is None or (move is Move.RESUME and restored not in _ACTIVE):
        raise RuleViolation(ErrorCode.WRONG_STATUS, clause=row.clause, status=status, move=move, kind=kind)
    return restored
