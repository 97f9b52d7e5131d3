"""What a request says on the board and in the list of 预约."""

from datetime import datetime

from lian_desk.models.vocabulary import NextAction, RequestStatus
from lian_desk.services.listings.service_requests import ServiceRequestRow
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.lists.columns import ButtonCell, Column, ColumnKind, DeadlineCell
from lian_desk.ui.common.lists.deadlines import deadline_cell
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone

_IN_HOSPITAL = (RequestStatus.ARRIVED, RequestStatus.IN_PROGRESS)


def request_columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column("时限", deadline=_deadline, width=124, kind=ColumnKind.DEADLINE, tooltip=lambda row: row.derivation),
        Column(
            "被保险人",
            text=lambda row: row.insured_name,
            secondary=lambda row: row.file_number,
            width=196,
            kind=ColumnKind.NAME,
        ),
        Column("服务", text=lambda row: phrase(row.kind), chips=_renowned, width=150),
        Column("医院 · 科室", text=where, width=240, stretch=True, tooltip=where),
        Column("状态", chips=_status, width=132, kind=ColumnKind.CHIP),
        Column("就诊时间", text=_visit, width=124, kind=ColumnKind.SECONDARY),
        Column("下一步", text=lambda row: phrase(row.next_action), width=128, yields=True),
        Column("", button=lambda _row: ButtonCell("打开"), width=76, kind=ColumnKind.ACTION),
    )


def where(row: ServiceRequestRow) -> str:
    """Return hospital, department or examination, as far as they are known."""
    return " · ".join(filter(None, (row.hospital, row.department or row.examination))) or "待确认需求"


def what(row: ServiceRequestRow) -> str:
    """Return the second line of a card: service and what is special about it."""
    parts = [phrase(row.kind)]
    if row.was_rescheduled:
        parts.append("医院改期 · 不另扣次")
    elif row.is_renowned:
        parts.append("知名专家")
    elif row.status is RequestStatus.PAUSED or row.next_action is NextAction.ASK_FOR_MATERIAL:
        parts.append(phrase(row.status))
    elif row.department or row.examination:
        parts.append(row.department or row.examination)
    return " · ".join(parts)


def card_chip(row: ServiceRequestRow, now: datetime) -> ChipText:
    """Return the badge of a card: the visit, the day of the stay, the follow-up or the running limit."""
    today = formats.local(now).date()
    if row.status is RequestStatus.BOOKED and row.visit_at is not None:
        is_past = row.visit_at < now
        return ChipText(_visit_words(row.visit_at, now), Tone.RISK if is_past else Tone.INFO)
    if row.status in _IN_HOSPITAL and row.attended_at is not None:
        day = (today - formats.local(row.attended_at).date()).days + 1
        return ChipText(f"第 {day} 天", Tone.ACCENT)
    if row.follow_up_on is not None:
        late = (today - row.follow_up_on).days
        if late > 0:
            return ChipText(f"逾期 {late} 天", Tone.BROKEN)
        return ChipText(formats.day(row.follow_up_on, today), Tone.RISK if late == 0 else Tone.NEUTRAL)
    cell = _deadline(row, now)
    if cell is None or row.due_at is None:
        return ChipText("未设期限", Tone.NEUTRAL)
    # on a card the day says enough until the day itself
    is_later = row.due_at > now and formats.local(row.due_at).date() != today
    return ChipText(formats.day_of(row.due_at, now) if is_later else cell.text, cell.tone)


def _visit_words(visit_at: datetime, now: datetime) -> str:
    """Return the hour of a near visit, the day of one that is further away: a card is narrow."""
    is_near = abs((formats.local(visit_at).date() - formats.local(now).date()).days) <= 1
    return formats.moment(visit_at, now) if is_near else formats.day_of(visit_at, now)


def _deadline(row: ServiceRequestRow, now: datetime) -> DeadlineCell | None:
    return deadline_cell(
        row.due_at, now, started_at=row.started_at, notice_at=row.notice_at, is_provisional=row.is_provisional
    )


def _renowned(row: ServiceRequestRow) -> tuple[ChipText, ...]:
    return (ChipText("知名专家", Tone.INFO),) if row.is_renowned else ()


def _status(row: ServiceRequestRow) -> tuple[ChipText, ...]:
    tones = {
        RequestStatus.BOOKED: Tone.INFO,
        RequestStatus.PAUSED: Tone.RISK,
        RequestStatus.AWAITING_MATERIAL: Tone.RISK,
        RequestStatus.ARRIVED: Tone.ACCENT,
        RequestStatus.IN_PROGRESS: Tone.ACCENT,
    }
    return (ChipText(phrase(row.status), tones.get(row.status, Tone.NEUTRAL)),)


def _visit(row: ServiceRequestRow) -> str:
    return formats.iso_moment(row.visit_at) if row.visit_at is not None else "—"
