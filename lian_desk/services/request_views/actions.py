"""What can be done with a request now, in words for a button: one next step and the quiet others (R64).

Which moves exist says the state table alone; here they get a name for the screen and an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.request_states import allowed_moves
from lian_desk.models.vocabulary import FollowUpKind, NextAction, RequestStatus, Role, ServiceKind
from lian_desk.services.commands.commands import LEADS

S = RequestStatus
K = ServiceKind


class RequestAction(StrEnum):
    """Something a person can do with a request; each opens a dialog or carries out one command."""

    SUBMIT = "submit"
    START_REVIEW = "start_review"
    REVIEW = "review"
    MATERIAL_ARRIVED = "material_arrived"
    CONFIRM_REQUIREMENT = "confirm_requirement"
    REVISE_REQUIREMENT = "revise_requirement"
    BEGIN_COORDINATION = "begin_coordination"
    RECORD_ATTEMPT = "record_attempt"
    GIVE_FEEDBACK = "give_feedback"
    AWAIT_START = "await_start"
    CONFIRM_START = "confirm_start"
    RECORD_BOOKING = "record_booking"
    SEND_INSTRUCTIONS = "send_instructions"
    RECORD_ATTENDANCE = "record_attendance"
    COMPLETE_SERVICE = "complete_service"
    FOLLOW_UP = "follow_up"
    ARCHIVE = "archive"
    RESUME = "resume"
    PAUSE = "pause"
    WITHDRAW = "withdraw"
    CANCEL_BY_INSURED = "cancel_by_insured"
    RECORD_NO_SHOW = "record_no_show"
    RESCHEDULE_BY_HOSPITAL = "reschedule_by_hospital"
    RECORD_NOT_BOOKED = "record_not_booked"
    REVERSE_START = "reverse_start"
    REOPEN = "reopen"
    CORRECT_START = "correct_start"
    CORRECT_BOOKING = "correct_booking"
    RECORD_RESTRICTION = "record_restriction"
    RECORD_SENSITIVE_EVENT = "record_sensitive_event"


A = RequestAction

_WORDS = {
    A.SUBMIT: "提交申请",
    A.START_REVIEW: "开始审核",
    A.REVIEW: "服务审核",
    A.MATERIAL_ARRIVED: "补件已到",
    A.CONFIRM_REQUIREMENT: "确认需求",
    A.REVISE_REQUIREMENT: "修改需求",
    A.BEGIN_COORDINATION: "开始协调",
    A.RECORD_ATTEMPT: "记录联系医院",
    A.GIVE_FEEDBACK: "记录反馈",
    A.AWAIT_START: "等待客户确认",
    A.CONFIRM_START: "被保险人已确认，开启服务",
    A.RECORD_BOOKING: "记录预约成功",
    A.SEND_INSTRUCTIONS: "告知结果与注意事项",
    A.RECORD_ATTENDANCE: "记录到院",
    A.COMPLETE_SERVICE: "服务完成",
    A.FOLLOW_UP: "记录随访",
    A.ARCHIVE: "归档",
    A.RESUME: "恢复服务",
    A.PAUSE: "暂停",
    A.WITHDRAW: "客户撤回",
    A.CANCEL_BY_INSURED: "客户取消",
    A.RECORD_NO_SHOW: "未按时就约",
    A.RESCHEDULE_BY_HOSPITAL: "医院停诊改期",
    A.RECORD_NOT_BOOKED: "未约成",
    A.REVERSE_START: "冲正权益",
    A.REOPEN: "更正：恢复服务",
    A.CORRECT_START: "更正：误开启",
    A.CORRECT_BOOKING: "更正预约内容",
    A.RECORD_RESTRICTION: "登记医院限制预约",
    A.RECORD_SENSITIVE_EVENT: "登记转院或去世",
}
_GUARDIAN_START = "监护人已确认，开启服务"
_ATTENDANCE_WORDS = {
    K.INPATIENT_COORDINATION: "记录入院",
    K.SURGERY_COORDINATION: "记录手术登记",
    K.EXPEDITED_EXAMINATION: "记录接受检查",
}
_OF_MOVE: dict[Move, tuple[RequestAction, ...]] = {
    Move.SUBMIT: (A.SUBMIT,),
    Move.BEGIN_REVIEW: (A.REVIEW, A.START_REVIEW),
    Move.ASK_FOR_MATERIAL: (A.REVIEW,),
    Move.RECEIVE_MATERIAL: (A.MATERIAL_ARRIVED,),
    Move.CONFIRM_REQUIREMENT: (A.CONFIRM_REQUIREMENT,),
    Move.REVISE_REQUIREMENT: (A.REVISE_REQUIREMENT,),
    Move.BEGIN_COORDINATION: (A.BEGIN_COORDINATION, A.RECORD_ATTEMPT),
    Move.ASK_FOR_START: (A.CONFIRM_START, A.AWAIT_START, A.RECORD_ATTEMPT),
    Move.CONFIRM_START: (A.CONFIRM_START, A.RECORD_ATTEMPT),
    Move.RECORD_BOOKING: (A.RECORD_BOOKING, A.RECORD_ATTEMPT),
    Move.RECORD_ARRIVAL: (A.RECORD_ATTENDANCE, A.SEND_INSTRUCTIONS),
    Move.BEGIN_STAY: (A.RECORD_ATTENDANCE,),
    Move.COMPLETE_SERVICE: (A.COMPLETE_SERVICE,),
    Move.ARCHIVE: (A.ARCHIVE,),
    Move.WITHDRAW: (A.WITHDRAW,),
    Move.CANCEL_BY_INSURED: (A.CANCEL_BY_INSURED,),
    Move.RECORD_NO_SHOW: (A.RECORD_NO_SHOW,),
    Move.RESCHEDULE_BY_HOSPITAL: (A.RESCHEDULE_BY_HOSPITAL,),
    Move.RECORD_NOT_BOOKED: (A.RECORD_NOT_BOOKED,),
    Move.REVERSE_START: (A.REVERSE_START,),
    Move.PAUSE: (A.PAUSE,),
    Move.RESUME: (A.RESUME,),
    Move.REOPEN: (A.REOPEN,),
    Move.CORRECT_BOOKING: (A.CORRECT_BOOKING,),
    Move.CORRECT_START: (A.CORRECT_START,),
    Move.END_FOR_FORCE_MAJEURE: (),
}
_OF_NEXT = {
    NextAction.SUBMIT: A.SUBMIT,
    NextAction.REVIEW: A.REVIEW,
    NextAction.ASK_FOR_MATERIAL: A.MATERIAL_ARRIVED,
    NextAction.CONFIRM_REQUIREMENT: A.CONFIRM_REQUIREMENT,
    NextAction.GIVE_FEEDBACK: A.GIVE_FEEDBACK,
    NextAction.CONFIRM_START: A.CONFIRM_START,
    NextAction.RECORD_BOOKING: A.RECORD_BOOKING,
    NextAction.SEND_INSTRUCTIONS: A.SEND_INSTRUCTIONS,
    NextAction.RECORD_ATTENDANCE: A.RECORD_ATTENDANCE,
    NextAction.RECORD_PROGRESS: A.FOLLOW_UP,
    NextAction.COMPLETE_SERVICE: A.COMPLETE_SERVICE,
    NextAction.FOLLOW_UP: A.FOLLOW_UP,
    NextAction.ARCHIVE: A.ARCHIVE,
    NextAction.RESUME: A.RESUME,
}
_TOLD = frozenset({S.REQUIREMENT_CONFIRMED, S.COORDINATING, S.AWAITING_START, S.STARTED})
_LAST = frozenset(
    {
        A.PAUSE,
        A.WITHDRAW,
        A.CANCEL_BY_INSURED,
        A.RECORD_NO_SHOW,
        A.RESCHEDULE_BY_HOSPITAL,
        A.RECORD_NOT_BOOKED,
        A.REVISE_REQUIREMENT,
        A.REVERSE_START,
        A.REOPEN,
        A.CORRECT_START,
        A.CORRECT_BOOKING,
        A.RECORD_RESTRICTION,
        A.RECORD_SENSITIVE_EVENT,
    }
)
"""Offered behind 更多: they end the request, stand it still or turn it back."""
_IN_HOSPITAL = frozenset({S.ARRIVED, S.IN_PROGRESS})
"""While the insured is in the hospital a transfer or a death may be told (R68)."""
_RESTRICTED_AFTER = frozenset({S.NO_SHOW, S.CANCELLED_BY_INSURED})
"""After these a hospital may restrict the insured's bookings (R51)."""


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """One thing that can be done; ``is_more``: it belongs behind 更多."""

    action: RequestAction
    words: str
    is_primary: bool = False
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What decides which actions are offered."""

    status: RequestStatus
    kind: ServiceKind
    next_action: NextAction
    paused_from: RequestStatus | None = None
    role: Role = Role.CASE_MANAGER
    is_minor: bool = False
    open_follow_up: FollowUpKind | None = None
    is_reversed: bool = False


def offers(facts: ActionFacts) -> tuple[ActionOffer, ...]:
    """Return what can be done now: the next step first, then the others, the exits last."""
    possible: list[RequestAction] = []
    for row in allowed_moves(facts.status, facts.kind, paused_from=facts.paused_from):
        if row.lead_only and (facts.role not in LEADS or facts.is_reversed):
            continue
        possible.extend(action for action in _OF_MOVE.get(row.move, ()) if action not in possible)
    if facts.status in _RESTRICTED_AFTER:
        possible.append(A.RECORD_RESTRICTION)
    if facts.status in _IN_HOSPITAL:
        possible.append(A.RECORD_SENSITIVE_EVENT)
    if facts.status is S.UNDER_REVIEW and facts.next_action is NextAction.REVIEW:
        possible.remove(A.CONFIRM_REQUIREMENT)
    if facts.status in _TOLD and facts.kind is not K.CASE_MANAGEMENT:
        possible.append(A.GIVE_FEEDBACK)
    if facts.open_follow_up is not None:
        possible.append(A.FOLLOW_UP)
    if facts.kind is K.CASE_MANAGEMENT and facts.status is S.REQUIREMENT_CONFIRMED:
        possible.append(A.COMPLETE_SERVICE)
        possible.remove(A.RECORD_ATTEMPT)
    primary = _primary(facts, possible)
    rest = [action for action in possible if action is not primary]
    ordered = [action for action in rest if action not in _LAST] + [action for action in rest if action in _LAST]
    found = [ActionOffer(primary, action_words(primary, facts), is_primary=True)] if primary is not None else []
    return (
        *found,
        *(ActionOffer(action, action_words(action, facts), is_more=action in _LAST) for action in ordered),
    )


def _primary(facts: ActionFacts, possible: Sequence[RequestAction]) -> RequestAction | None:
    wanted = _OF_NEXT.get(facts.next_action)
    if wanted in possible:
        return wanted
    if wanted is A.CONFIRM_START and A.RECORD_ATTEMPT in possible:
        return A.RECORD_ATTEMPT
    if wanted is A.FOLLOW_UP and A.COMPLETE_SERVICE in possible:
        return A.COMPLETE_SERVICE
    return next((action for action in possible if action not in _LAST), None)


def action_words(action: RequestAction, facts: ActionFacts) -> str:
    """Return the words of the button."""
    if action is A.CONFIRM_START and facts.is_minor:
        return _GUARDIAN_START
    if action is A.RECORD_ATTENDANCE:
        return _ATTENDANCE_WORDS.get(facts.kind, _WORDS[action])
    if action is A.FOLLOW_UP and facts.open_follow_up is FollowUpKind.IN_STAY:
        return "记录住院进展"
    return _WORDS[action]


@dataclass(frozen=True, slots=True)
class Journey:
    """Where a request stands: names of its steps, the present one (0 is the first) and its closer word."""

    steps: tuple[str, ...]
    current: int
    word: str


_BOOKED_STEPS = ("申请", "审核", "需求", "协调", "确认", "就诊", "随访")
_CASE_STEPS = ("申请", "审核", "计划", "跟进", "随访")
_VISIT_WORDS = {
    K.INPATIENT_COORDINATION: "住院",
    K.SURGERY_COORDINATION: "手术",
    K.EXPEDITED_EXAMINATION: "检查",
}
_PLACE: dict[RequestStatus, tuple[int, int, str]] = {
    S.DRAFT: (0, 0, "草稿"),
    S.SUBMITTED: (1, 1, "待审核"),
    S.UNDER_REVIEW: (1, 1, "审核中"),
    S.AWAITING_MATERIAL: (1, 1, "待补件"),
    S.REQUIREMENT_CONFIRMED: (3, 3, "待协调"),
    S.COORDINATING: (3, 3, "协调中"),
    S.AWAITING_START: (4, 3, "待确认"),
    S.STARTED: (5, 3, "约号中"),
    S.BOOKED: (5, 3, "已预约"),
    S.ARRIVED: (5, 3, "已到院"),
    S.IN_PROGRESS: (5, 3, "在院中"),
    S.SERVICE_COMPLETED: (6, 4, "待随访"),
    S.FOLLOWING_UP: (6, 4, "随访中"),
}


def journey(facts: ActionFacts) -> Journey:
    """Return where a request stands; a closed one has all steps behind it or stopped where it ended."""
    is_case = facts.kind is K.CASE_MANAGEMENT
    steps = list(_CASE_STEPS if is_case else _BOOKED_STEPS)
    if not is_case:
        steps[5] = _VISIT_WORDS.get(facts.kind, steps[5])
    status = facts.paused_from if facts.status is S.PAUSED and facts.paused_from else facts.status
    if status not in _PLACE:
        return Journey(tuple(steps), len(steps) if status is S.ARCHIVED else -1, "")
    booked, case, word = _PLACE[status]
    current = case if is_case else booked
    if status is S.UNDER_REVIEW and facts.next_action is NextAction.CONFIRM_REQUIREMENT:
        current, word = 2, "待确认"
    if is_case and word in {"协调中", "待协调"}:
        word = "跟进中"
    return Journey(tuple(steps), current, "暂停" if facts.status is S.PAUSED else word)
