"""Where a card of the board may go, and why it may not: the table of states read column by column.

Nothing is changed here. A move that is allowed names the action whose dialog opens; one that is refused names the
step that is missing, and its clause.
"""

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Final

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.request_moves import Move, Transition
from lian_desk.models.rules.request_states import TRANSITIONS
from lian_desk.models.vocabulary import PauseReason, RequestStatus, ServiceKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.listings.service_requests import STAGES, stage_of
from lian_desk.services.request_views.actions import ActionFacts, RequestAction, action_words
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.services.words.wording import phrase

A = RequestAction

_MOVE_OF: Final = {
    A.SUBMIT: Move.SUBMIT,
    A.REVIEW: Move.BEGIN_REVIEW,
    A.CONFIRM_REQUIREMENT: Move.CONFIRM_REQUIREMENT,
    A.REVISE_REQUIREMENT: Move.REVISE_REQUIREMENT,
    A.BEGIN_COORDINATION: Move.BEGIN_COORDINATION,
    A.AWAIT_START: Move.ASK_FOR_START,
    A.CONFIRM_START: Move.CONFIRM_START,
    A.RECORD_BOOKING: Move.RECORD_BOOKING,
    A.RECORD_ATTENDANCE: Move.RECORD_ARRIVAL,
    A.COMPLETE_SERVICE: Move.COMPLETE_SERVICE,
    A.RESCHEDULE_BY_HOSPITAL: Move.RESCHEDULE_BY_HOSPITAL,
}
"""The actions that carry a card forward, and the two that take it back."""
_ACTION_OF: Final = {move: action for action, move in _MOVE_OF.items()} | {Move.BEGIN_STAY: A.RECORD_ATTENDANCE}
_FORWARD: Final = frozenset(_ACTION_OF) - {Move.REVISE_REQUIREMENT, Move.RESCHEDULE_BY_HOSPITAL} | {
    Move.BEGIN_FOLLOW_UP,
    Move.RECEIVE_MATERIAL,
}
_RESUME_CLAUSE: Final = "A45"
_UNBOOKED_CLAUSE: Final = "R11"


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One thing that can be done with a card; ``stage``: the column it would stand in then, empty where it stays."""

    action: RequestAction
    words: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class BoardRefusal:
    """Why a card cannot go to a column: one sentence and the id of the clause."""

    sentence: str
    clause: str


@dataclass(frozen=True, slots=True)
class BoardMoves:
    """All that can be done with a card, and what a drop on each other column means."""

    request_id: int
    file_id: int
    kind: ServiceKind
    status: RequestStatus
    insured_name: str
    stage: str
    open_follow_up_id: int | None
    steps: tuple[BoardStep, ...]
    refusals: dict[str, BoardRefusal]

    def step_to(self, stage: str) -> BoardStep | None:
        """Return the step that brings the card to ``stage``, None where there is none."""
        return next((step for step in self.steps if step.stage == stage), None)


def load_board_moves(desk: Desk, request_id: int) -> BoardMoves | None:
    """Return what a card may do now; None when there is no such request or it stands in no column."""
    view = load_request_view(desk, request_id)
    here = stage_of(view.status) if view is not None else None
    if view is None or here is None:
        return None
    steps = tuple(BoardStep(offer.action, offer.words, _reaches(offer.action, view, here)) for offer in view.offers)
    open_ways = {step.stage for step in steps}
    return BoardMoves(
        request_id=view.request_id,
        file_id=view.file_id,
        kind=view.kind,
        status=view.status,
        insured_name=view.insured_name,
        stage=here,
        open_follow_up_id=view.open_follow_up_id,
        steps=steps,
        refusals={
            stage: _refusal(view, here, stage, desk.pack)
            for stage in STAGES
            if stage != here and stage not in open_ways
        },
    )


def _reaches(action: RequestAction, view: RequestView, here: str) -> str:
    """Return the column that an action leads to; empty where the card stays or leaves the board."""
    move = _MOVE_OF.get(action)
    target = next((row.target for row in TRANSITIONS if row.move is move and view.kind in row.kinds), None)
    stage = stage_of(target) if target is not None else None
    return stage if stage is not None and stage != here else ""


def _refusal(view: RequestView, here: str, stage: str, pack: RulePack) -> BoardRefusal:
    order = list(STAGES)
    title = STAGES[stage][0]
    if view.status is RequestStatus.PAUSED:
        return _held(view, title, pack)
    if stage not in _stages_of(view.kind):
        return BoardRefusal(f"{phrase(view.kind)}服务没有“{title}”这一步。", _UNBOOKED_CLAUSE)
    if order.index(stage) < order.index(here):
        words = f"已是“{phrase(view.status)}”，不能退回“{title}”。"
        return BoardRefusal(words, _clause_into(view.status, view.kind))
    path = _path(view.status, view.kind, stage)
    if not path:
        return BoardRefusal(f"现在不能到“{title}”，请打开卡片按下一步办理。", _clause_into(view.status, view.kind))
    # the last step before the column is the one whose lack a person would name
    missing = path[-2] if len(path) > 1 else _before(view)
    words = _words(missing, view)
    return BoardRefusal(f"还不能到“{title}”：请先完成“{words}”。", missing.clause)


def _held(view: RequestView, title: str, pack: RulePack) -> BoardRefusal:
    """Name what holds a paused card and the clause of that reason; a suspended policy ends its pause by itself (R6)."""
    if not view.pause_reasons:
        return BoardRefusal(f"服务正在暂停，不能到“{title}”；请先“恢复服务”。", _RESUME_CLAUSE)
    reason = view.pause_reasons[-1]
    way = "保单效力恢复后继续办理" if reason is PauseReason.POLICY_SUSPENDED else "请先“恢复服务”"
    return BoardRefusal(f"服务因{phrase(reason)}暂停，不能到“{title}”；{way}。", pack.pauses[reason].clause)


def _before(view: RequestView) -> Transition:
    """The arrow exists but is not offered yet: the step under way is not finished, for example the review."""
    for row in TRANSITIONS:
        if row.target is view.status and view.kind in row.kinds and row.move in _FORWARD:
            return row
    return next(row for row in TRANSITIONS if row.source is view.status and view.kind in row.kinds)


def _words(row: Transition, view: RequestView) -> str:
    action = _ACTION_OF.get(row.move)
    if action is None:
        return phrase(view.next_action)
    offered = next((offer.words for offer in view.offers if offer.action is action), None)
    facts = ActionFacts(view.status, view.kind, view.next_action)
    return offered or action_words(action, facts)


def _clause_into(status: RequestStatus, kind: ServiceKind) -> str:
    """Return the clause of the arrow that leads into a status: what was done by it stays done."""
    found = (row.clause for row in TRANSITIONS if row.target is status and kind in row.kinds and row.move in _FORWARD)
    return next(found, "R25")


@cache
def _stages_of(kind: ServiceKind) -> frozenset[str]:
    targets = {row.target for row in TRANSITIONS if kind in row.kinds and row.move in _FORWARD and row.target}
    return frozenset(stage for status in targets if (stage := stage_of(status))) | {"review"}


@cache
def _path(status: RequestStatus, kind: ServiceKind, stage: str) -> tuple[Transition, ...]:
    """Return the shortest way of the main path from ``status`` into ``stage``, empty where there is none."""
    ways: deque[tuple[RequestStatus, tuple[Transition, ...]]] = deque([(status, ())])
    seen = {status}
    while ways:
        at, way = ways.popleft()
        for row in TRANSITIONS:
            if row.source is not at or kind not in row.kinds or row.move not in _FORWARD or row.target is None:
                continue
            if stage_of(row.target) == stage:
                return (*way, row)
            if row.target not in seen:
                seen.add(row.target)
                ways.append((row.target, (*way, row)))
    return ()
