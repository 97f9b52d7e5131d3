"""Days, times and numbers as people write them; the one place that reads them out of fields, lists and calendars.

Known are ２０２７年１月３日, 2027-1-3, 2027.1.3, 2027/1/3, 20270103, 二〇二七年一月三日, 1月3日 beside a year that the reader
knows, a weekday or midnight behind the day, and marks that nobody sees anywhere. Nothing is guessed: what may mean two
days is no day. Who reads says how a fault is told; :class:`NotWritten` keeps what was understood.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from lian_desk.models.plain_text import plain
from lian_desk.models.rules.working_time import SHANGHAI

_DIGITS: Final = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "两": "2",
}
_CHINESE: Final = "零〇○一二两三四五六七八九十"
_BETWEEN: Final = r"\s*[-/.．·_,，、‐‑–—−]\s*"
_WEEKDAY: Final = r"(?:星期|周|礼拜)[一二三四五六日天]"
_LUNAR: Final = r"农历[\u4e00-\u9fff]{2,8}"
"""The day of the old calendar, which notices of the public holidays name beside the day: 农历腊月二十八."""
_TAIL: Final = (
    rf"(?:\s*{_WEEKDAY}|\s*[（(]\s*(?:{_LUNAR}\s*[、，,]\s*)?(?:{_WEEKDAY}|[一二三四五六日]|{_LUNAR})\s*[)）])?"
    r"(?:[\sT]+0{1,2}[:：]00(?:[:：]00(?:\.0+)?)?Z?)?"
)
_WHOLE: Final = re.compile(
    rf"(\d{{4}})(?:\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?|{_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})\s*日?"
    rf"|\s+(\d{{1,2}})\s+(\d{{1,2}})|(\d{{2}})(\d{{2}})){_TAIL}"
)
_SHORT_YEAR: Final = re.compile(
    rf"(\d{{2}})(?:\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?|\s*([-.])\s*(\d{{1,2}})\s*\4\s*(\d{{1,2}})){_TAIL}"
)
_NO_YEAR: Final = re.compile(rf"(?:(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?|(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})){_TAIL}")
_IN_WORDS: Final = re.compile(rf"(?:([{_CHINESE}]{{4}})年)?([{_CHINESE}]{{1,3}})月([{_CHINESE}]{{1,3}})[日号]{_TAIL}")
_RANGE: Final = re.compile(r"\s*(?:起?[至到]|~|～|〜|—{1,2}|–|--|\s-\s|[→⇒])\s*")
_DAY_ALONE: Final = re.compile(rf"(?:(\d{{1,2}})\s*[日号]?|([{_CHINESE}]{{1,3}})[日号]){_TAIL}")
#: Signs that stand inside a day too: where they part two days is tried.
_TIGHT: Final = re.compile(r"\s*([-/])\s*")
_FROM: Final = re.compile("^[自从由]")
_UNTIL: Final = re.compile("为?止$")
_COUNT: Final = re.compile(
    r"[，,、;；\s]*[(（]?(?:放假|休假|休息|调休|连休)*[，,、\s]*(?:共计?|合?计|放假|连休)\s*(\d{1,2})\s*[天日]\s*[)）]?。?$"
)
"""How long it is, behind a range: 共5天; it must agree."""
_TIME: Final = re.compile(
    r"(上午|早上|早晨|凌晨|中午|下午|傍晚|晚上|AM|PM)?\s*(\d{1,2})(?:\s*[:：.时点]\s*(\d{1,2})?|(\d{2}))"
    r"\s*(?:分|(半|一刻|三刻|整))?(?:[:：]\d{2})?\s*(AM|PM)?",
    re.IGNORECASE,
)
_QUARTERS: Final = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_AFTERNOON: Final = frozenset({"下午", "傍晚", "晚上", "PM"})
_MORNING: Final = frozenset({"上午", "早上", "早晨", "凌晨", "AM"})
_NOON: Final = 12
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Days of a spreadsheet from 1954 to 2119; a number outside is something else."""
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_CENTURY: Final = 100
_MONTHS: Final = 12
_SQUEEZED: Final = re.compile(r"(?<=[年月日号])\s+|\s+(?=[年月日号])")


class Fault(StrEnum):
    """Why nothing could be read."""

    EMPTY = "empty"
    NOT_UNDERSTOOD = "not_understood"
    NO_SUCH_DAY = "no_such_day"
    NO_YEAR = "no_year"
    NO_TIME = "no_time"
    NO_SUCH_TIME = "no_such_time"
    NOT_WHOLE = "not_whole"


class NotWritten(ValueError):
    """What stands there is no day, time or number; ``parts`` hold year, month and day where they were understood."""

    def __init__(self, fault: Fault, parts: tuple[int, ...] = ()) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.parts = parts


def read_day(text: str, *, year: int | None = None, latest: date | None = None, is_number: bool = False) -> date:
    """Return the day that ``text`` names.

    Args:
        text: What stands there.
        year: The year of a day that is written without one (1月3日); None: such a day is refused.
        latest: Two figures of a year (26-08-07, 26年8月7日) mean the last such year not after this day; None: they are
            refused, because 26-08-07 may be a day of birth of 1926.
        is_number: The cell of a spreadsheet holds a number: 45660 is its 2025-01-03.

    Raises:
        NotWritten: ``EMPTY``, ``NOT_UNDERSTOOD``, ``NO_YEAR``, or ``NO_SUCH_DAY`` with the parts.
    """
    wanted = _SQUEEZED.sub("", plain(text))
    if not wanted:
        raise NotWritten(Fault.EMPTY)
    if is_number and (serial := _serial(wanted)) is not None:
        return serial
    found = _WHOLE.fullmatch(wanted)
    if found is not None:
        return _day(*(int(part) for part in found.groups() if part is not None))
    if latest is not None and (found := _SHORT_YEAR.fullmatch(wanted)) is not None:
        short, month, day = (int(part) for part in found.groups() if part is not None and part.isdigit())
        return _day(_full_year(short, month, day, latest), month, day)
    found = _IN_WORDS.fullmatch(wanted)
    if found is not None:
        written = "".join(_DIGITS.get(char, "") for char in found[1] or "")
        month, day = _small_number(found[2]), _small_number(found[3])
        return _with_year(int(written) if written else year, month, day)
    found = _NO_YEAR.fullmatch(wanted)
    if found is not None:
        month, day = (int(part) for part in found.groups() if part is not None)
        return _with_year(year, month, day)
    raise NotWritten(Fault.NOT_UNDERSTOOD)


def read_days(text: str, *, year: int | None = None) -> tuple[date, date]:
    """Return first and last day of a range (10月1日至7日, 2027-10-01 ~ 2027-10-07); a single day is both.

    What the end does not say (year, month) is that of the beginning; an end before the beginning lies in the next year
    where neither names one. A sign that stands inside days too (5.1-5.5, 2027-5-1/2027-5-5) parts them where that can be
    read in one way only; a number of days behind it (共5天) must agree.

    Raises:
        NotWritten: as of :func:`read_day`.
    """
    wanted: str = _SQUEEZED.sub("", plain(text))
    counted = _COUNT.search(wanted)
    if counted is not None:
        wanted = wanted[: counted.start()]
    first, last = _read_range(_UNTIL.sub("", _FROM.sub("", wanted)), year)
    if counted is not None and (last - first).days + 1 != int(counted[1]):
        raise NotWritten(Fault.NOT_UNDERSTOOD)
    return first, last


def _read_range(wanted: str, year: int | None) -> tuple[date, date]:
    try:
        day = read_day(wanted, year=year)
    except NotWritten as problem:
        if problem.fault is not Fault.NOT_UNDERSTOOD:
            raise
    else:
        return day, day
    parts = _RANGE.split(wanted)
    if len(parts) == len(("first", "last")):
        return _read_ends(parts[0], parts[1], year)
    if len(parts) > 1:
        raise NotWritten(Fault.NOT_UNDERSTOOD)
    readings: set[tuple[date, date]] = set()
    told = NotWritten(Fault.NOT_UNDERSTOOD)
    for first, last in _tight_parts(wanted):
        try:
            readings.add(_read_ends(first, last, year))
        except NotWritten as fault:
            told = fault if fault.fault is not Fault.NOT_UNDERSTOOD else told
    if not readings:
        raise told
    if len(readings) > 1:
        raise NotWritten(Fault.NOT_UNDERSTOOD)
    return readings.pop()


def _tight_parts(wanted: str) -> Iterator[tuple[str, str]]:
    """Yield where - or / may part two days. / does so between whole days alone, else it may be a list."""
    for sign in _TIGHT.finditer(wanted):
        first, last = wanted[: sign.start()], wanted[sign.end() :]
        has_year = re.match(r"\d{4}", first) is not None
        # 05-01-05 is a day with a short year, not the first to the fifth of May
        is_short_day = last.isdecimal() and sign[1] in first and not has_year
        if not is_short_day and (has_year or sign[1] != "/"):
            yield first, last


def _read_ends(before: str, behind: str, year: int | None) -> tuple[date, date]:
    first = read_day(before, year=year)
    only_day = _DAY_ALONE.fullmatch(behind)
    if only_day is not None:
        number = int(only_day[1]) if only_day[1] else _small_number(only_day[2])
        return first, _day(first.year, first.month, number)
    last = read_day(behind, year=first.year)
    if last < first and not re.match(rf"\d{{4}}|[{_CHINESE}]{{4}}年", behind):
        last = _day(last.year + 1, last.month, last.day)
    return first, last


def read_time(text: str) -> time:
    """Return the time of the day: 16:20, 1620, 16时20分, 下午4点半, 4:20 PM.

    Raises:
        NotWritten: ``NO_TIME`` for anything else, ``NO_SUCH_TIME`` for 25:00.
    """
    found = _TIME.fullmatch(plain(text))
    if found is None:
        raise NotWritten(Fault.NO_TIME)
    before, hours, minutes, solid_minutes, quarter, after = found.groups()
    half = (before or after or "").upper()
    hour = int(hours)
    minute = int(minutes or solid_minutes or 0) if quarter is None else _QUARTERS[quarter]
    if hour < _NOON and (half in _AFTERNOON or (half == "中午" and hour < _NOON - 1)):
        hour += _NOON
    elif hour == _NOON and half in _MORNING:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        raise NotWritten(Fault.NO_SUCH_TIME) from None


def read_moment(text: str, *, year: int | None = None) -> datetime:
    """Return the moment in Asia/Shanghai that a day and a time behind it name.

    Raises:
        NotWritten: as of :func:`read_day` and :func:`read_time`.
    """
    wanted = _SQUEEZED.sub("", plain(text)).replace("T", " ")
    # the day is the longest beginning that is one: a weekday belongs to it, a time never does
    cuts = {match.start() for match in re.finditer(r"\s+|(?<=[日号一二三四五六天)])(?=.)", wanted)}
    for cut in sorted(cuts, reverse=True):
        try:
            day = read_day(wanted[:cut], year=year)
        except NotWritten as problem:
            if problem.fault is Fault.NO_SUCH_DAY:
                raise
            continue
        return datetime.combine(day, read_time(wanted[cut:]), SHANGHAI)
    read_day(wanted, year=year)
    raise NotWritten(Fault.NO_TIME)


def read_number(text: str) -> Decimal:
    """Return a number: ７.５, 1,234.5, 12 345; only groups of three are taken for groups.

    Raises:
        NotWritten: ``EMPTY`` or ``NOT_UNDERSTOOD``.
    """
    wanted = re.sub("[\u2010-\u2015\u2212]", "-", plain(text)).replace("，", ",")
    if not wanted:
        raise NotWritten(Fault.EMPTY)
    if _NUMBER.fullmatch(wanted) is None:
        raise NotWritten(Fault.NOT_UNDERSTOOD)
    try:
        return Decimal(re.sub("[, ]", "", wanted))
    except InvalidOperation:
        raise NotWritten(Fault.NOT_UNDERSTOOD) from None


def read_whole_number(text: str) -> int:
    """Return a whole number, also written with a decimal point (3.0) as spreadsheets do.

    Raises:
        NotWritten: ``EMPTY``, ``NOT_UNDERSTOOD``, ``NOT_WHOLE``.
    """
    number = read_number(text)
    if number != number.to_integral_value():
        raise NotWritten(Fault.NOT_WHOLE)
    return int(number)


def _serial(text: str) -> date | None:
    try:
        number = read_number(text)
    except NotWritten:
        return None
    if not _FIRST_SERIAL <= number < _LAST_SERIAL:
        return None
    return _SERIAL_EPOCH + timedelta(days=int(number))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotWritten(Fault.NO_SUCH_DAY, (year, month, day)) from None


def _with_year(year: int | None, month: int, day: int) -> date:
    if year is None:
        raise NotWritten(Fault.NO_YEAR, (month, day))
    return _day(year, month, day)


def _full_year(short: int, month: int, day: int, latest: date) -> int:
    year = latest.year - latest.year % _CENTURY + short
    return year - _CENTURY if (year, month, day) > (latest.year, latest.month, latest.day) else year


def _small_number(words: str) -> int:
    """Return the number of 一 to 三十一; 0 where the characters are no number."""
    tens, ten, ones = words.rpartition("十")
    try:
        if not ten:
            return int("".join(_DIGITS[char] for char in words))
        return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)
    except KeyError:
        return 0
