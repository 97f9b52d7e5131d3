"""The columns of the file list as data."""

from datetime import datetime

from lian_desk.models.vocabulary import PolicyStatus
from lian_desk.services.listings.assistance_files import AssistanceFileRow
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import Column, ColumnKind, DeadlineCell
from lian_desk.ui.common.lists.deadlines import deadline_cell
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone

_POLICY_TONES = {
    PolicyStatus.IN_FORCE: Tone.KEPT,
    PolicyStatus.SUSPENDED: Tone.RISK,
    PolicyStatus.TERMINATED: Tone.BROKEN,
}


def file_columns() -> tuple[Column, ...]:
    """Return the columns of the file list."""
    return (
        Column(
            "被保险人",
            text=lambda row: row.insured_name,
            secondary=lambda row: row.number,
            sort="name",
            width=200,
            kind=ColumnKind.NAME,
        ),
        Column("性别 · 年龄", text=lambda row: row.sex_age, width=96),
        Column("电话", text=lambda row: row.phone or "未提供", width=108, kind=ColumnKind.SECONDARY, yields=True),
        Column(
            "疾病", text=lambda row: row.disease or "未登记", width=220, stretch=True, tooltip=lambda row: row.disease
        ),
        Column("保单", chips=_policy, width=228, kind=ColumnKind.CHIP),
        Column("服务", text=_open_requests, width=88),
        Column("最近时限", deadline=_deadline, width=118, kind=ColumnKind.DEADLINE),
        Column("专案管家", text=lambda row: row.case_manager, width=84, kind=ColumnKind.SECONDARY, yields=True),
        Column(
            "最近更新",
            text=lambda row: formats.iso_moment(row.last_event_at),
            sort="recent",
            width=124,
            kind=ColumnKind.SECONDARY,
        ),
    )


def _policy(row: AssistanceFileRow) -> tuple[ChipText, ...]:
    chips = [ChipText(phrase(row.policy_status), _POLICY_TONES[row.policy_status])]
    if not row.is_authorized:
        chips.append(ChipText("未授权", Tone.RISK))
    if row.policy_year is not None:
        chips.append(ChipText(f"第 {row.policy_year} 年度", Tone.NEUTRAL))
    return tuple(chips)


def _open_requests(row: AssistanceFileRow) -> str:
    return f"{row.open_request_count} 项进行中" if row.open_request_count else "—"


def _deadline(row: AssistanceFileRow, now: datetime) -> DeadlineCell | None:
    return deadline_cell(row.next_due_at, now)
