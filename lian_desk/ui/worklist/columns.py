"""The columns of the worklist as data."""

from collections.abc import Callable
from datetime import datetime

from lian_desk.models.vocabulary import NextAction
from lian_desk.services.listings.worklist import WorklistRow
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import ButtonCell, Column, ColumnKind, DeadlineCell
from lian_desk.ui.common.lists.deadlines import deadline_cell
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone

_BUTTONS = {
    NextAction.RESPOND: "响应",
    NextAction.OPEN_FILE: "建档",
    NextAction.REVIEW: "审核",
    NextAction.ASK_FOR_MATERIAL: "催材料",
    NextAction.GIVE_FEEDBACK: "反馈",
}


def worklist_columns(clause_text: Callable[[str, str], str]) -> tuple[Column, ...]:
    """Return the columns; ``clause_text`` gives the words of a clause of an edition for the tool tip."""

    def why(row: WorklistRow) -> str:
        return "\n".join(filter(None, (row.derivation, clause_text(row.clause, row.edition))))

    return (
        Column("时限", deadline=_deadline, width=116, kind=ColumnKind.DEADLINE, tooltip=lambda row: row.derivation),
        Column("被保险人", text=_who, secondary=lambda row: row.file_number, width=174, kind=ColumnKind.NAME),
        Column("服务", text=_service, chips=_chips, width=138),
        Column("下一步", text=lambda row: phrase(row.next_action), width=130, stretch=True),
        Column("依据", text=_reason, width=152, kind=ColumnKind.BASIS, tooltip=why, yields=True),
        Column("", button=_button, width=80, kind=ColumnKind.ACTION),
    )


def _reason(row: WorklistRow) -> str:
    return " · ".join(filter(None, (f"手册 {row.place}" if row.place else "", row.promise)))


def _deadline(row: WorklistRow, now: datetime) -> DeadlineCell | None:
    if row.due_at is None:
        return DeadlineCell("已响应" if row.next_action is NextAction.OPEN_FILE else "未设期限", Tone.NEUTRAL)
    return deadline_cell(
        row.due_at,
        now,
        started_at=row.started_at,
        notice_at=row.notice_at,
        is_provisional=row.is_provisional,
    )


def _who(row: WorklistRow) -> str:
    return row.insured_name if row.application_id is None else f"新申请 · {row.insured_name}"


def _service(row: WorklistRow) -> str:
    return phrase(row.service_kind) if row.service_kind else "待明确"


def _chips(row: WorklistRow) -> tuple[ChipText, ...]:
    return (ChipText("知名专家", Tone.INFO),) if row.is_renowned else ()


def _button(row: WorklistRow) -> ButtonCell:
    words = _BUTTONS.get(row.next_action, "打开")
    return ButtonCell(words, row.next_action in _BUTTONS and row.next_action is not NextAction.ASK_FOR_MATERIAL)
