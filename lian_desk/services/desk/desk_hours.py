"""What the upper edge of the window says of this moment: open or closed, and what kind of day it is (R55)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class DeskHours:
    """Whether the desk is open, in words; and the day."""

    is_open: bool
    hours: str
    day: str


def desk_hours(desk: Desk, moment: datetime) -> DeskHours:
    """Return the words for ``moment``."""
    calendar = desk.calendar
    local = in_shanghai(moment)
    kind = calendar.kind_of(local.date())
    if kind is DayKind.DAY_OFF:
        day_words = calendar.name_of(local.date()) or phrase(kind)
    elif kind is DayKind.MAKE_UP_WORKING_DAY:
        day_words = phrase(kind)
    else:
        day_words = "工作日" if calendar.is_working_day(local.date()) else "周末"
    if calendar.status_of(local.year) is CalendarStatus.PROVISIONAL:
        day_words = f"{day_words}（{phrase(CalendarStatus.PROVISIONAL)}）"
    if calendar.is_service_time(moment):
        hours = f"服务时间内 · 至 {formats.clock_time(calendar.closing_of(local.date()))}"
        is_open = True
    else:
        hours = f"服务时间外 · {formats.moment(calendar.next_opening(moment), moment)} 开始"
        is_open = False
    return DeskHours(is_open, hours, f"{formats.long_day(local.date())} · {day_words}")
