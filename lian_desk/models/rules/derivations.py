"""The readable sentence of a deadline, part by part, in Chinese (stored and printed with it)."""

from datetime import date, datetime
from typing import Protocol

from lian_desk.models.rules.working_time import WorkCalendar
from lian_desk.models.vocabulary import DayKind


class DeadlineFacts(Protocol):
    """What a sentence needs to know of a deadline."""

    @property
    def started_at(self) -> datetime:
        """Start of the clock."""

    @property
    def due_at(self) -> datetime:
        """End of the clock."""

    @property
    def internal_due_at(self) -> datetime:
        """End of the clock for the desk."""

    @property
    def is_open_pause(self) -> bool:
        """A pause lasts."""

    @property
    def amount(self) -> int:
        """Minutes, hours or days."""

    @property
    def paused_amount(self) -> float:
        """Hours or days not counted."""

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar it was reckoned on."""


def describe_day(day: date, beside: date) -> str:
    """Return ``10月23日``, with the year where it differs from that of ``beside``."""
    text = f"{day.month}月{day.day}日"
    return text if day.year == beside.year else f"{day.year}年{text}"


def describe_time(at: datetime, beside: datetime) -> str:
    """Return ``10月23日 21:00``, with seconds where there are any."""
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{describe_day(at.date(), beside.date())} {clock}"


def describe_response(facts: DeadlineFacts) -> str:
    """C1: 「5 个工作分钟 · 11月20日 20:58 收到 · 21:00 后顺延至下一服务日 → 11月23日 09:03」."""
    calendar, start = facts.calendar, facts.started_at
    parts = [f"服务时间内 {facts.amount} 分钟", f"{describe_time(start, start)} 收到"]
    opening = calendar.next_opening(start)
    if opening != start:
        parts.append(f"服务时间外，自 {describe_time(opening, start)} 起算")
    if facts.due_at.date() != opening.date():
        parts.append(f"当日 {calendar.hours.closes:%H:%M} 停止服务，余下顺延")
    return _finish(parts, facts, start.date(), facts.due_at.date())


def describe_feedback(facts: DeadlineFacts) -> str:
    """C2: 「48 小时 · 自 11月18日 10:00 起算 → 11月20日 10:00」, with the internal deadline where it is earlier."""
    start = facts.started_at
    parts = [f"{facts.amount} 小时", f"自 {describe_time(start, start)} 起算"]
    if facts.paused_amount:
        parts.append(f"暂停 {facts.paused_amount:g} 小时不计")
    text = _finish(parts, facts, start.date(), facts.due_at.date())
    if facts.internal_due_at != facts.due_at:
        text += f" · 内部截止 {describe_time(facts.internal_due_at, start)}"
    return text


def describe_booking(facts: DeadlineFacts) -> str:
    """C3: 「15 个工作日 · 自 9月28日次日起算 · 国庆节 7 天不计 · 10月10日调休计入 → 10月23日 21:00」."""
    calendar, start, end = facts.calendar, facts.started_at.date(), facts.due_at.date()
    parts = [f"{facts.amount} 个工作日", f"自 {describe_day(start, start)}次日起算"]
    parts += [
        f"{run.name or describe_day(run.first_on, start) + '起放假'} {run.count} 天不计"
        for run in calendar.days_off_between(start, end)
    ]
    parts += [f"{describe_day(day, start)}调休计入" for day in calendar.make_up_days_between(start, end)]
    if facts.paused_amount:
        parts.append(f"暂停 {facts.paused_amount:g} 个工作日不计")
    return _finish(parts, facts, start, end)


def _finish(parts: list[str], facts: DeadlineFacts, start: date, end: date) -> str:
    if facts.is_open_pause:
        parts.append("现正暂停，恢复后顺延")
    text = f"{' · '.join(parts)} → {describe_time(facts.due_at, facts.started_at)}"
    years = facts.calendar.provisional_years(start, end)
    if years:
        text += f"（暂定：{'、'.join(str(year) for year in years)} 年放假安排尚未录入）"
    return text


def describe_day_kind(calendar: WorkCalendar, day: date) -> str:
    """Return why ``day`` is or is not a working day: 放假, 调休上班, 工作日 or 周末."""
    kind = calendar.kind_of(day)
    if kind is DayKind.DAY_OFF:
        return f"{calendar.name_of(day) or '节假日'}放假"
    if kind is DayKind.MAKE_UP_WORKING_DAY:
        return "调休上班"
    return "工作日" if calendar.is_working_day(day) else "周末"
