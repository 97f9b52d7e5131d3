"""The columns of the follow-up list as data."""

from collections.abc import Callable
from datetime import date

from lian_desk.services.listings.follow_ups import FollowUpRow
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import ButtonCell, Column, ColumnKind
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone


def follow_up_columns(today: Callable[[], date]) -> tuple[Column, ...]:
    """Return the columns; ``today`` tells the day by the desk's clock."""

    def standing(row: FollowUpRow) -> tuple[ChipText, ...]:
        return (standing_chip(row, today()),)

    def due(row: FollowUpRow) -> str:
        return formats.day(row.due_on, today())

    def button(row: FollowUpRow) -> ButtonCell:
        if row.closed_at is not None:
            return ButtonCell("打开")
        return ButtonCell("开始随访", primary=row.due_on <= today())

    return (
        Column("状态", chips=standing, width=112, kind=ColumnKind.CHIP),
        Column(
            "被保险人",
            text=lambda row: row.insured_name,
            secondary=lambda row: row.file_number,
            sort="name",
            width=210,
            kind=ColumnKind.NAME,
        ),
        Column(
            "随访", text=lambda row: row.label, secondary=_about, width=230, kind=ColumnKind.TWO_LINES, stretch=True
        ),
        Column("应于", text=due, sort="due", width=132),
        Column("联系", text=_contact, width=190, kind=ColumnKind.SECONDARY),
        Column("电话", text=lambda row: row.phone or "—", width=116, kind=ColumnKind.SECONDARY),
        Column("专案管家", text=lambda row: row.case_manager, width=90, kind=ColumnKind.SECONDARY),
        Column("", button=button, width=108, kind=ColumnKind.ACTION),
    )


def standing_chip(row: FollowUpRow, today: date) -> ChipText:
    """Return how a follow-up stands on ``today``."""
    if row.closed_at is not None:
        done = row.outcome is None or row.outcome.value in {"reached", "closed"}
        return ChipText(phrase(row.outcome) if row.outcome else "已关闭", Tone.KEPT if done else Tone.NEUTRAL)
    late = (today - row.due_on).days
    if row.escalated_at is not None:
        return ChipText("请主管处理", Tone.BROKEN)
    if late > 0:
        return ChipText(f"逾期 {late} 天", Tone.BROKEN)
    return ChipText("今日", Tone.RISK) if late == 0 else ChipText("待随访", Tone.NEUTRAL)


def _about(row: FollowUpRow) -> str:
    service = f"{phrase(row.service_kind)} {row.request_number}" if row.service_kind else ""
    return service or phrase(row.kind)


def _contact(row: FollowUpRow) -> str:
    if row.done_at is None:
        return f"已联系 {row.attempt_count} 次未成" if row.attempt_count else ""
    when = f"{formats.local(row.done_at):%m-%d %H:%M}"
    return f"{when} · {phrase(row.channel)}" if row.channel else when


def file_columns(today: Callable[[], date]) -> tuple[Column, ...]:
    """Return the columns inside one file: no name, but what was told."""

    def standing(row: FollowUpRow) -> tuple[ChipText, ...]:
        return (standing_chip(row, today()),)

    def due(row: FollowUpRow) -> str:
        return formats.day(row.due_on, today())

    def button(row: FollowUpRow) -> ButtonCell | None:
        return ButtonCell("开始随访", primary=row.due_on <= today()) if row.closed_at is None else None

    return (
        Column("状态", chips=standing, width=112, kind=ColumnKind.CHIP),
        Column("应于", text=due, width=132),
        Column(
            "随访", text=lambda row: row.label, secondary=_about, width=220, kind=ColumnKind.TWO_LINES, stretch=True
        ),
        Column("联系", text=_contact, width=150, kind=ColumnKind.SECONDARY),
        Column("", button=button, width=108, kind=ColumnKind.ACTION),
    )
