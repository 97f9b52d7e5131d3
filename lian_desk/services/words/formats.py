"""Dates, durations and sizes for the eye, in Chinese and in Asia/Shanghai; the present moment is always handed in.

Used by the screens (through ``ui/common/look/formats.py``) and by the documents, so that both say the same.
"""

from datetime import date, datetime, timedelta
from typing import Final

from lian_desk.models.rules.working_time import SHANGHAI

ZONE: Final = SHANGHAI
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_WEEKDAYS: Final = "一二三四五六日"
_NEAR: Final = {-1: "昨日", 0: "今日", 1: "明日"}
_KIB: Final = 1024


def local(moment: datetime) -> datetime:
    """Return an aware moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def day(on: date, today: date) -> str:
    """Return 今日, 明日, 昨日, 10月8日, or 2027年1月5日 in another year."""
    near = _NEAR.get((on - today).days)
    if near is not None:
        return near
    return f"{on.month}月{on.day}日" if on.year == today.year else f"{on.year}年{on.month}月{on.day}日"


def moment(at: datetime, now: datetime) -> str:
    """Return 今日 16:20, 明日 10:05, 9月28日 15:05."""
    there = local(at)
    return f"{day(there.date(), local(now).date())} {there:%H:%M}"


def day_of(at: datetime, now: datetime) -> str:
    """Return the day of a moment as :func:`day` words it."""
    return day(local(at).date(), local(now).date())


def clock_time(at: datetime) -> str:
    """Return 16:20."""
    return f"{local(at):%H:%M}"


def long_day(on: date) -> str:
    """Return 2026年9月30日 周三."""
    return f"{on.year}年{on.month}月{on.day}日 周{_WEEKDAYS[on.weekday()]}"


def weekday(on: date) -> str:
    """Return 周三."""
    return f"周{_WEEKDAYS[on.weekday()]}"


def iso_day(on: date | None) -> str:
    """Return 2026-09-30, or a dash when there is none."""
    return "—" if on is None else on.isoformat()


def iso_moment(at: datetime | None) -> str:
    """Return 2026-09-30 16:20, or a dash when there is none."""
    return "—" if at is None else f"{local(at):%Y-%m-%d %H:%M}"


def duration(span: timedelta) -> str:
    """Return a length of time in its two largest units: 3 天, 5 小时 38 分, 12 分, 40 秒; never negative."""
    span = abs(span)
    if span >= 3 * _DAY:
        return f"{span // _DAY} 天"
    if span >= _DAY:
        hours = span % _DAY // _HOUR
        return f"{span // _DAY} 天 {hours} 小时" if hours else f"{span // _DAY} 天"
    if span >= _HOUR:
        minutes = span % _HOUR // _MINUTE
        return f"{span // _HOUR} 小时 {minutes} 分" if minutes else f"{span // _HOUR} 小时"
    if span >= _MINUTE:
        return f"{span // _MINUTE} 分"
    return f"{span.seconds} 秒"


def countdown(due: datetime, now: datetime) -> str:
    """Return 剩 02:41 below one hour, 剩 5 小时 38 分, 剩 3 天, and 超时 1 天 when it is past."""
    left = due - now
    if left < timedelta(0):
        return f"超时 {_past(-left)}"
    if left < _HOUR:
        seconds = int(left.total_seconds())
        return f"剩 {seconds // 60:02d}:{seconds % 60:02d}"
    return f"剩 {duration(left)}"


def _past(late: timedelta) -> str:
    """Late by less than a minute still counts as one."""
    if late >= _DAY:
        return f"{late // _DAY} 天"
    if late >= _HOUR:
        return f"{late // _HOUR} 小时"
    return f"{max(late // _MINUTE, 1)} 分"


def size(byte_count: int) -> str:
    """Return 812 B, 34 KB, 2.4 MB, 1.1 GB."""
    amount = float(byte_count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < _KIB or unit == "GB":
            return f"{amount:.0f} {unit}" if unit in {"B", "KB"} else f"{amount:.1f} {unit}"
        amount /= _KIB
    return f"{byte_count} B"


def age_on(born_on: date, on: date) -> int:
    """Return the age in whole years on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
