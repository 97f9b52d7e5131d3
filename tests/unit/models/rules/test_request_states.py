import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import EXITS, Move
from lian_desk.models.rules.request_states import (
    BEFORE_START,
    CLOSED_STATUSES,
    LOCKED_STATUSES,
    MAIN_PATH,
    OPEN_STATUSES,
    TRANSITIONS,
    allowed_moves,
    apply,
    find_transition,
    is_open,
)
from lian_desk.models.vocabulary import RequestStatus, ServiceKind

S = RequestStatus
OUTPATIENT = ServiceKind.OUTPATIENT_COORDINATION
SURGERY = ServiceKind.SURGERY_COORDINATION
CASE = ServiceKind.CASE_MANAGEMENT
BOOKED_KINDS = [kind for kind in ServiceKind if kind is not CASE]
MAIN_MOVES = [
    Move.SUBMIT,
    Move.BEGIN_REVIEW,
    Move.CONFIRM_REQUIREMENT,
    Move.BEGIN_COORDINATION,
    Move.ASK_FOR_START,
    Move.CONFIRM_START,
    Move.RECORD_BOOKING,
    Move.RECORD_ARRIVAL,
    Move.BEGIN_STAY,
    Move.COMPLETE_SERVICE,
    Move.BEGIN_FOLLOW_UP,
    Move.ARCHIVE,
]


def follow(kind: ServiceKind, moves: list[Move], status: RequestStatus = S.DRAFT) -> list[RequestStatus]:
    seen = [status]
    for move in moves:
        seen.append(apply(seen[-1], move, kind))
    return seen


@pytest.mark.parametrize("kind", [SURGERY, ServiceKind.INPATIENT_COORDINATION])
def test_the_main_path_with_a_stay(kind: ServiceKind) -> None:
    assert tuple(follow(kind, MAIN_MOVES)) == MAIN_PATH


@pytest.mark.parametrize("kind", [OUTPATIENT, ServiceKind.EXPEDITED_EXAMINATION])
def test_the_main_path_without_a_stay(kind: ServiceKind) -> None:
    moves = [move for move in MAIN_MOVES if move is not Move.BEGIN_STAY]
    assert follow(kind, moves) == [status for status in MAIN_PATH if status is not S.IN_PROGRESS]
    with pytest.raises(RuleViolation):
        apply(S.ARRIVED, Move.BEGIN_STAY, kind)


def test_a_stay_cannot_be_skipped() -> None:
    with pytest.raises(RuleViolation):
        apply(S.ARRIVED, Move.COMPLETE_SERVICE, SURGERY)


def test_case_management_never_books_and_never_spends() -> None:
    moves = [
        Move.SUBMIT,
        Move.BEGIN_REVIEW,
        Move.CONFIRM_REQUIREMENT,
        Move.BEGIN_COORDINATION,
        Move.COMPLETE_SERVICE,
        Move.BEGIN_FOLLOW_UP,
        Move.ARCHIVE,
    ]
    assert follow(CASE, moves)[-1] is S.ARCHIVED
    reached = reachable(CASE)
    assert not reached & {S.AWAITING_START, S.STARTED, S.BOOKED, S.ARRIVED, S.NO_SHOW, S.CANCELLED_BY_INSURED}
    assert all(row.ledger == 0 and not row.starts for row in TRANSITIONS if row.kinds == {CASE})


def reachable(kind: ServiceKind) -> set[RequestStatus]:
    found, waiting = {S.DRAFT}, [S.DRAFT]
    while waiting:
        status = waiting.pop()
        for row in allowed_moves(status, kind):
            if row.target is not None and row.target not in found:
                found.add(row.target)
                waiting.append(row.target)
    return found


def test_every_status_is_reachable_for_a_service_with_a_stay() -> None:
    assert reachable(SURGERY) == set(RequestStatus)
    assert reachable(OUTPATIENT) == set(RequestStatus) - {S.IN_PROGRESS}


def test_only_a_lead_gives_a_use_back() -> None:
    assert {row.lead_only for row in TRANSITIONS if row.ledger > 0} == {True}
    assert {row.move for row in TRANSITIONS if row.ledger < 0} == {Move.CONFIRM_START}


def test_every_arrow_cites_a_clause_of_the_pack() -> None:
    from lian_desk.services.rules.rule_packs import load_rule_pack

    clauses = load_rule_pack("2024-11").clauses
    assert {row.clause for row in TRANSITIONS} <= set(clauses)


@pytest.mark.parametrize(
    ("move", "sources"),
    [
        (Move.REJECT, {S.UNDER_REVIEW}),
        (Move.WITHDRAW, set(BEFORE_START)),
        (Move.CANCEL_BY_INSURED, {S.STARTED, S.BOOKED}),
        (Move.RECORD_NO_SHOW, {S.BOOKED}),
        (Move.RESCHEDULE_BY_HOSPITAL, {S.BOOKED}),
        (Move.RECORD_NOT_BOOKED, {S.STARTED}),
        (Move.REVERSE_START, {S.NOT_BOOKED}),
        (Move.PAUSE, set(OPEN_STATUSES) - {S.PAUSED}),
        (Move.RESUME, {S.PAUSED}),
        (Move.TERMINATE, set(OPEN_STATUSES)),
        (Move.REOPEN, set(CLOSED_STATUSES) - {S.POLICY_TERMINATED}),
        (Move.RESTORE_WITH_CONTRACT, {S.POLICY_TERMINATED}),
        (Move.CORRECT_BOOKING, {S.BOOKED}),
        (Move.CORRECT_START, {S.STARTED, S.BOOKED}),
        (Move.REVISE_REQUIREMENT, {S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START}),
    ],
)
def test_the_exits_leave_from_where_the_table_says(move: Move, sources: set[RequestStatus]) -> None:
    found = {status for status in RequestStatus if find_transition(status, move, SURGERY) is not None}
    assert found == sources


def test_a_closed_request_moves_no_more_but_by_a_lead() -> None:
    for status in CLOSED_STATUSES:
        for kind in ServiceKind:
            assert all(row.lead_only for row in allowed_moves(status, kind))
        assert not is_open(status)
    assert is_open(S.PAUSED)
    assert EXITS < CLOSED_STATUSES
    assert not LOCKED_STATUSES & set(BEFORE_START)


def test_r48_nothing_is_cancelled_after_arrival() -> None:
    for status in (S.ARRIVED, S.IN_PROGRESS, S.SERVICE_COMPLETED, S.FOLLOWING_UP):
        moves = {row.move for row in allowed_moves(status, SURGERY)}
        assert not moves & {Move.WITHDRAW, Move.CANCEL_BY_INSURED, Move.RECORD_NO_SHOW, Move.RESCHEDULE_BY_HOSPITAL}


def test_a_pause_returns_to_where_it_came_from() -> None:
    assert apply(S.COORDINATING, Move.PAUSE, OUTPATIENT) is S.PAUSED
    assert apply(S.PAUSED, Move.RESUME, OUTPATIENT, paused_from=S.COORDINATING) is S.COORDINATING
    for nowhere in (None, S.PAUSED, S.ARCHIVED):
        with pytest.raises(RuleViolation):
            apply(S.PAUSED, Move.RESUME, OUTPATIENT, paused_from=nowhere)


def test_a_paused_request_may_be_given_up_as_if_it_were_not() -> None:
    assert apply(S.PAUSED, Move.WITHDRAW, OUTPATIENT, paused_from=S.COORDINATING) is S.WITHDRAWN
    assert apply(S.PAUSED, Move.CANCEL_BY_INSURED, OUTPATIENT, paused_from=S.BOOKED) is S.CANCELLED_BY_INSURED
    with pytest.raises(RuleViolation):
        apply(S.PAUSED, Move.WITHDRAW, OUTPATIENT, paused_from=S.STARTED)
    assert find_transition(S.PAUSED, Move.WITHDRAW, OUTPATIENT) is None


def test_reversal_keeps_the_status_and_reopening_names_it() -> None:
    assert apply(S.NOT_BOOKED, Move.REVERSE_START, OUTPATIENT) is S.NOT_BOOKED
    assert apply(S.NO_SHOW, Move.REOPEN, OUTPATIENT, back_to=S.BOOKED) is S.BOOKED
    assert apply(S.POLICY_TERMINATED, Move.RESTORE_WITH_CONTRACT, OUTPATIENT, back_to=S.STARTED) is S.STARTED
    with pytest.raises(RuleViolation):
        apply(S.NO_SHOW, Move.REOPEN, OUTPATIENT)


def test_v18_a_hospital_stop_and_a_no_show_cost_one_use_in_all() -> None:
    moves = [
        Move.CONFIRM_START,
        Move.RECORD_BOOKING,
        Move.RESCHEDULE_BY_HOSPITAL,
        Move.RECORD_BOOKING,
        Move.RECORD_NO_SHOW,
    ]
    status, spent = S.AWAITING_START, 0
    for move in moves:
        row = find_transition(status, move, OUTPATIENT)
        assert row is not None
        spent += row.ledger
        status = apply(status, move, OUTPATIENT)
    assert (status, spent) == (S.NO_SHOW, -1)


def test_v19_a_withdrawal_before_the_start_costs_nothing() -> None:
    for status in BEFORE_START:
        row = find_transition(status, Move.WITHDRAW, OUTPATIENT)
        assert row is not None
        assert row.ledger == 0
        assert row.is_exit


def test_a_refused_move_names_status_and_clause() -> None:
    with pytest.raises(RuleViolation) as refusal:
        apply(S.BOOKED, Move.CONFIRM_START, OUTPATIENT)
    assert (refusal.value.code, refusal.value.clause) == (ErrorCode.WRONG_STATUS, "R46")
    assert refusal.value.parameters["status"] is S.BOOKED


@given(st.sampled_from(BOOKED_KINDS), st.lists(st.sampled_from(list(Move)), max_size=60))
def test_any_sequence_of_moves_spends_at_most_one_use(kind: ServiceKind, moves: list[Move]) -> None:
    status, paused_from, starts = S.DRAFT, None, 0
    for move in moves:
        if move in {Move.REOPEN, Move.RESTORE_WITH_CONTRACT}:
            continue
        row = find_transition(status, move, kind, paused_from=paused_from)
        if row is None:
            continue
        before = status
        status = apply(status, move, kind, paused_from=paused_from)
        paused_from = before if status is S.PAUSED else None
        starts += row.move is Move.CONFIRM_START
    assert starts <= 1
