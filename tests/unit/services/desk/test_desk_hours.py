"""The upper edge: open or closed, and what kind of day it is."""

from datetime import datetime

import pytest

from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.services.desk.desk import Desk
from lian_desk.services.desk.desk_hours import desk_hours


@pytest.mark.parametrize(
    ("moment", "is_open", "hours", "day"),
    [
        ("2026-09-28T10:00", True, "服务时间内 · 至 21:00", "工作日"),
        ("2026-09-28T08:59", False, "服务时间外 · 今日 09:00 开始", "工作日"),
        ("2026-09-28T21:00", False, "服务时间外 · 明日 09:00 开始", "工作日"),
        ("2026-09-25T12:00", False, "服务时间外", "中秋节"),
        ("2026-10-03T12:00", False, "服务时间外", "国庆节"),
        ("2026-10-10T12:00", True, "服务时间内", "调休上班"),
        ("2026-10-11T12:00", False, "服务时间外", "周末"),
        ("2027-03-01T12:00", True, "服务时间内", "工作日（暂定）"),
    ],
)
def test_words_of_the_moment(desk: Desk, moment: str, is_open: bool, hours: str, day: str) -> None:
    found = desk_hours(desk, datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
    assert found.is_open is is_open
    assert found.hours.startswith(hours)
    assert found.day.endswith(f" · {day}")


def test_another_zone_tells_the_same(desk: Desk) -> None:
    moment = datetime.fromisoformat("2026-09-28T02:00+00:00")
    assert desk_hours(desk, moment) == desk_hours(desk, moment.astimezone(SHANGHAI))
