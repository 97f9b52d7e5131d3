"""What happens on a day, as calendars say it: 放假, 休, 补班, 工作日, 是 or 否 below 是否放假 (A4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from lian_desk.models.plain_text import fold
from lian_desk.models.vocabulary import DayKind
from lian_desk.services.words.wording import phrase

_OFF_WORDS: Final = (
    "off day_off rest 放假 休 休息 休息日 休假 假 假日 假期 节日 节假日 法定节假日 法定假日 法定假 法定节日 公休 公休日 "
    "放假日 调休放假 调休休息 补休 节假 法定 holiday public_holiday publicholiday legal_holiday legalholiday vacation"
).split()
_WORK_WORDS: Final = (
    "work make_up_working_day 上班 上班日 班 补班 补班日 调休上班 调休补班 调休上班日 调班 补上班 加班 串休上班 "
    "makeup make_up makeup_workday makeupworkday make_up_day compensatory_workday"
).split()
_PLAIN_WORK_WORDS: Final = "工作日 平日 正常上班 正常 普通工作日 工作 workday workingday working_day 正常工作日".split()
_PLAIN_OFF_WORDS: Final = "周末 双休日 双休 周六 周日 星期六 星期日 星期天 周末休息 weekend".split()
_EITHER_WORDS: Final = "调休 调休日 串休 调整".split()
_YES: Final = frozenset("是 对 有 y yes true 1 1.0 √ ✓ \u2714 \u2611 v t".split())
_NO: Final = frozenset("否 不是 不 无 没有 n no false 0 0.0 × \u2717 \u2718 \u2610 x f".split())
_WORKING_WEEKDAYS: Final = 5
_OFF_TITLES: Final = frozenset(
    "holiday holidays off offday offdays dayoff daysoff restday restdays vacation vacations publicholiday publicholidays "
    "legalholiday legalholidays holidaydays 放假 放假日 放假日期 放假安排 节假日 法定节假日 法定假日 法定节日 休息日 休息 休假 假期 假日 "
    "节日 休 放假时间".split()
)
_WORK_TITLES: Final = frozenset(
    "work makeup makeupday makeupdays makeupworkday makeupworkdays makeupworkingdays compensatoryworkdays 上班 上班日 "
    "上班日期 补班 补班日 补班日期 调休上班 调休上班日 调休补班 班 周末上班 上班安排".split()
)
_PLAIN_WORK_TITLES: Final = frozenset("workday workdays workingday workingdays 工作日".split())
MARK: Final = re.compile(
    r"[(（【\[]?\s*(休假|休息|放假|假期|休|调休上班|调休补班|补班|上班|班)\s*[)）】\]]?\s*$|^\s*(休|班)\s*[:：·]?\s*"
)
"""What a name says at its end or beginning: 春节（班）, 休 元旦."""
_FESTIVAL: Final = re.compile(
    r"(?:元旦|春节|除夕|清明|劳动|五一|端午|中秋|国庆|十一|中秋国庆|国庆中秋|农历除夕|初[一二三四五六七])(?:、(?:中秋|国庆))?"
    r"(?:国际)?(?:节|节日)?(?:假期|假|小长假|长假|黄金周)?"
)


@dataclass(frozen=True, slots=True)
class DaySaid:
    """What is said of a day; ``kind`` None without ``problem``: only what its weekday says anyway."""

    kind: DayKind | None = None
    note: str = ""
    problem: str = ""


def is_weekday(day: date) -> bool:
    """Tell Monday to Friday."""
    return day.weekday() < _WORKING_WEEKDAYS


def read_kind(words: str, day: date) -> DaySaid:
    """Return what ``words`` say of ``day``. 调休 alone says both: at a weekend it is worked, else it is off."""
    known = _KINDS.get(fold(words) or words)
    if known is _PLAIN_WORK_WORDS:
        return DaySaid(None if is_weekday(day) else DayKind.MAKE_UP_WORKING_DAY)
    if known is _PLAIN_OFF_WORDS and not is_weekday(day):
        return DaySaid()
    if known is _EITHER_WORDS:
        kind = DayKind.DAY_OFF if is_weekday(day) else DayKind.MAKE_UP_WORKING_DAY
        return DaySaid(kind, f"“{words}”按{phrase(kind)}理解，请核对")
    if known is _OFF_WORDS or known is _WORK_WORDS:
        return DaySaid(DayKind.DAY_OFF if known is _OFF_WORDS else DayKind.MAKE_UP_WORKING_DAY)
    return DaySaid(problem=f"类型“{words}”看不懂，应为 放假 或 上班（off 或 work）" if words else "缺少类型")


def read_answer(words: str, day: date, *, is_off: bool) -> DaySaid:
    """Return what 是 or 否 says of ``day`` below 是否放假 (``is_off``) or 是否上班."""
    answer = words.casefold()
    if answer not in _YES | _NO:
        return DaySaid(problem=f"“{words}”看不懂，应为 是 或 否" if words else "没有写明是或否")
    if (answer in _YES) is is_off:
        return DaySaid(DayKind.DAY_OFF)
    return DaySaid(None if is_weekday(day) else DayKind.MAKE_UP_WORKING_DAY)


def kind_of_title(title: str) -> str:
    """Return what the name above some days says of them: 放假, 上班, 工作日, or nothing."""
    words = "".join(char for char in title.casefold() if char.isalnum())
    known = (("放假", _OFF_TITLES), ("上班", _WORK_TITLES), ("工作日", _PLAIN_WORK_TITLES))
    return next((kind for kind, titles in known if words in titles), "")


def said_by_words(words: Iterable[str], weekday: date | None) -> tuple[str, str]:
    """Return kind and name that the words beside a day say; the kind is empty where they do not say it.

    ``weekday``: the day, where it is one from Monday to Friday: then the name of a public holiday says that it is off.
    """
    kind, names = "", []
    for word in filter(None, words):
        marked = MARK.search(word)
        if fold(word) in _KINDS or word in _KINDS or word.isdecimal():
            kind = kind or word
        elif marked is not None:
            kind = kind or marked[1] or marked[2]
            names.append(MARK.sub("", word).strip())
        else:
            names.append(word)
    name = " ".join(filter(None, names))
    if not kind and weekday is not None and _FESTIVAL.fullmatch(name):
        kind = "放假"
    return kind, name


_KINDS: Final = {
    fold(word): words
    for words in (_OFF_WORDS, _WORK_WORDS, _PLAIN_WORK_WORDS, _PLAIN_OFF_WORDS, _EITHER_WORDS)
    for word in words
}
