"""The state table in words: the lines of the help, and the page with its diagram in ``docs/STATES.md``.

Both are printed from the rows that :func:`moves.move` carries out; nothing about a status is written down here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lian_desk.models.rules.request_moves import Move, Need, Planned, Transition
from lian_desk.models.rules.request_states import ALL_KINDS, BOOKED_KINDS, STAY_KINDS, TRANSITIONS, VISIT_KINDS
from lian_desk.models.vocabulary import ClockKind, PauseReason, RequestStatus, ServiceKind
from lian_desk.services.words.wording import phrase

MOVE_WORDS: Final = {
    Move.SUBMIT: "提交申请",
    Move.BEGIN_REVIEW: "开始审核",
    Move.ASK_FOR_MATERIAL: "请客户补件",
    Move.RECEIVE_MATERIAL: "补件已到",
    Move.REJECT: "审核不通过",
    Move.CONFIRM_REQUIREMENT: "确认需求",
    Move.REVISE_REQUIREMENT: "修改需求",
    Move.BEGIN_COORDINATION: "开始协调",
    Move.ASK_FOR_START: "等待客户确认",
    Move.CONFIRM_START: "确认开启服务",
    Move.RECORD_BOOKING: "预约成功",
    Move.RECORD_ARRIVAL: "到院",
    Move.BEGIN_STAY: "住院或手术开始",
    Move.COMPLETE_SERVICE: "服务完成",
    Move.BEGIN_FOLLOW_UP: "开始随访",
    Move.ARCHIVE: "归档",
    Move.WITHDRAW: "客户撤回",
    Move.CANCEL_BY_INSURED: "客户取消",
    Move.RECORD_NO_SHOW: "未按时就约",
    Move.RESCHEDULE_BY_HOSPITAL: "医院停诊改期",
    Move.RECORD_NOT_BOOKED: "未约成",
    Move.REVERSE_START: "冲正权益",
    Move.PAUSE: "暂停",
    Move.RESUME: "恢复服务",
    Move.TERMINATE: "合同终止",
    Move.END_FOR_FORCE_MAJEURE: "因不可抗力终止",
    Move.REOPEN: "更正：恢复服务",
    Move.CORRECT_BOOKING: "更正预约内容",
    Move.CORRECT_START: "更正：误开启",
    Move.RESTORE_WITH_CONTRACT: "更正：随合同恢复",
}
NEED_WORDS: Final = {
    Need.THREE_PASSES: "服务审核三项通过",
    Need.NOTICE: "医院通知单",
    Need.FEE_NOTICE: "已告知费用说明",
    Need.WARNING_SHOWN: "已说明对权益的影响",
    Need.RIGHT_SPEAKER: "本人（未成年人由监护人）确认",
    Need.EVIDENCE: "凭证",
    Need.HOSPITAL_REFERENCE: "医院的确认号或确认方式",
    Need.SOURCE: "消息来源",
    Need.CLAUSE: "依据的条款",
    Need.REASON: "原因",
    Need.OUTCOME_FOLLOW_UP_UPDATE: "档案更新，随访已答复或由主管免除",
}
DROP_WORDS: Final = {Planned.TASKS: "未办的提醒与随访", Planned.BOOKING: "现有预约及其提醒"}
_KIND_GROUPS: Final = (
    (ALL_KINDS, "各项服务"),
    (BOOKED_KINDS, "专案管家以外"),
    (STAY_KINDS, "住院与手术"),
    (VISIT_KINDS, "门诊与检查"),
)


@dataclass(frozen=True, slots=True)
class StateLine:
    """One move in words: from where, to where, for which services, by whom, what it asks for and what it does."""

    move: str
    sources: tuple[str, ...]
    target: str
    services: str
    clause: str
    is_lead_only: bool
    needs: tuple[str, ...]
    effects: tuple[str, ...]


def state_lines(rows: Iterable[Transition] = TRANSITIONS) -> tuple[StateLine, ...]:
    """Return the table in words; rows that differ in where they start are one line."""
    merged: dict[Transition, list[RequestStatus]] = {}
    for row in rows:
        merged.setdefault(replace(row, source=RequestStatus.DRAFT), []).append(row.source)
    return tuple(_line(row, sources) for row, sources in merged.items())


def states_page() -> str:
    """Return ``docs/STATES.md``: the diagram of each way through the table, and every row with its marks."""
    parts = [
        "# States of a service request",
        "",
        "Printed from `lian_desk/models/rules/request_states.py` by `lian-desk rules states --page`; a test compares the",
        "two. One function, `services/service_requests/moves.py`, carries these rows out.",
    ]
    for title, kind in (
        ("门诊 and 检查", ServiceKind.OUTPATIENT_COORDINATION),
        ("住院 and 手术", ServiceKind.INPATIENT_COORDINATION),
        ("专案管家", ServiceKind.CASE_MANAGEMENT),
    ):
        parts += ["", f"## {title}", "", "```mermaid", *_diagram(kind), "```"]
    parts += [
        "",
        "Pauses, the end of the contract and corrections are possible from many places and stand in the table.",
    ]
    heads = ("move", "from", "to", "services", "clause", "by", "asks for", "does")
    parts += ["", "## Every row", "", f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for line in state_lines():
        cells = (
            line.move,
            "、".join(line.sources),
            line.target,
            line.services,
            line.clause,
            "lead" if line.is_lead_only else "",
            "、".join(line.needs),
            "；".join(line.effects),
        )
        parts.append(f"| {' | '.join(cells)} |")
    return "\n".join(parts) + "\n"


def _line(row: Transition, sources: list[RequestStatus]) -> StateLine:
    return StateLine(
        move=MOVE_WORDS[row.move],
        sources=tuple(phrase(source) for source in sources),
        target=_target_words(row),
        services=_services(row.kinds),
        clause=row.clause,
        is_lead_only=row.lead_only,
        needs=tuple(NEED_WORDS[need] for need in Need if need in row.needs),
        effects=tuple(_effects(row)),
    )


def _target_words(row: Transition) -> str:
    if row.target is not None:
        return phrase(row.target)
    return "不变" if row.move is Move.REVERSE_START else "之前的状态"


def _services(kinds: frozenset[ServiceKind]) -> str:
    named = next((words for group, words in _KIND_GROUPS if group == kinds), "")
    return named or "、".join(phrase(kind) for kind in ServiceKind if kind in kinds)


def _effects(row: Transition) -> Iterable[str]:
    if row.ledger:
        yield f"权益 {row.ledger:+d}"
    if row.starts:
        yield f"开始计时：{_clocks(row.starts)}"
    if row.stops:
        yield "停止全部计时" if row.stops == frozenset(ClockKind) else f"达成：{_clocks(row.stops)}"
    if row.holds is not None:
        yield f"暂停计时：{phrase(row.holds)}"
    if row.releases and row.releases != frozenset(PauseReason):
        yield f"结束暂停：{'、'.join(phrase(reason) for reason in PauseReason if reason in row.releases)}"
    for planned in Planned:
        if planned in row.drops:
            yield f"取消{DROP_WORDS[planned]}"


def _clocks(kinds: frozenset[ClockKind]) -> str:
    return "、".join(phrase(kind) for kind in ClockKind if kind in kinds)


_ASIDE: Final = frozenset({Move.PAUSE, Move.RESUME, Move.TERMINATE, Move.END_FOR_FORCE_MAJEURE})


def _diagram(kind: ServiceKind) -> Iterable[str]:
    """Return the Mermaid diagram of the way of one service; what is possible from anywhere is left out."""
    yield "stateDiagram-v2"
    rows = [
        row
        for row in TRANSITIONS
        if kind in row.kinds and row.target is not None and not row.lead_only and row.move not in _ASIDE
    ]
    reached = {row.source for row in rows} | {row.target for row in rows if row.target is not None}
    for status in RequestStatus:
        if status in reached:
            yield f"    {status.value} : {phrase(status)}"
    yield f"    [*] --> {RequestStatus.DRAFT.value}"
    for row in rows:
        if row.target is not None:
            yield f"    {row.source.value} --> {row.target.value} : {MOVE_WORDS[row.move]}"
    left = {row.source for row in rows}
    for status in RequestStatus:
        if status in reached - left:
            yield f"    {status.value} --> [*]"
