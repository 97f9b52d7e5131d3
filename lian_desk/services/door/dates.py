"""Days on papers: every usual way to write them, with the slips of recognition, and which one is the paper's own."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lian_desk.models.plain_text import plain
from lian_desk.services.door.labelled import Labelled, Wanted
from lian_desk.services.recognition.page_words import WordLine

_LOOK_ALIKES: Final = str.maketrans(
    {"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "曰": "日", "臼": "日"}
)
_CHINESE: Final = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"○": "0", "〇": "0"}
_SEPARATED: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年,，·_~]\s*(\d{1,2})\s*[-/.月,，·_~]\s*(\d{1,2})(?!\d{3})"
)
_SOLID_WITH_CLOCK: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{2}:\d{2})")
_SHORT: Final = re.compile(
    r"(?<![\d.])(\d\d)\s?[-/.年]\s?(0?[1-9]|1[0-2])\s?[-/.月]\s?(0[1-9]|[12]\d|3[01])(?:日|(?=\d{2}:\d{2})|(?![\d.]))"
)
"""A year of two digits; only a label tells that such numbers are a day."""
_SOLID: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_WITH_CLOCK: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{2})[-/.](\d{2})(\d{2}:\d{2})")
_BY_WORDS: Final = re.compile(
    r"([零一二三四五六七八九〇○]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_OLDEST: Final = date(1990, 1, 1)
_UNLABELLED: Final = 0.3
_FOOT: Final = 0.55
"""Weight of a day without a label in the lower half, where papers are signed."""
_LOWER_HALF: Final = 0.5
_LEAST: Final = 0.1
"""Weight that says nothing: a day of birth or of an appointment."""
_AGREEMENT: Final = 0.25
"""What another place with the same day adds."""


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day with how sure it is the paper's own (0 to 1), what stands there, and where (upright)."""

    day: date
    confidence: float
    line: WordLine


def days_in(text: str) -> list[date]:
    """Return every day that stands in ``text``."""
    written = plain(text)
    figures = written.translate(_LOOK_ALIKES)
    found: list[date] = []
    for pattern in (_WITH_CLOCK, _SEPARATED, _SOLID_WITH_CLOCK, _SOLID):
        for match in pattern.finditer(figures):
            found.extend(_day(match[1], match[2], match[3]))
        if found:
            return found
    for match in _BY_WORDS.finditer(written):
        year = "".join(_CHINESE[char] for char in match[1])
        found.extend(_day(year, str(_number(match[2])), str(_number(match[3]))))
    return found


def short_days_in(text: str, latest: date) -> list[date]:
    """Return the days with years of two digits in the value of a label (26-08-07), none of them after ``latest``."""
    figures = plain(text).translate(_LOOK_ALIKES)
    found: list[date] = []
    for match in _SHORT.finditer(figures):
        for century in ("20", "19"):
            days = [day for day in _day(century + match[1], match[2], match[3]) if day <= latest]
            if days:
                found.extend(days)
                break
    return found


def _day(year: str, month: str, day: str) -> list[date]:
    try:
        return [date(int(year), int(month), int(day))]
    except ValueError:
        return []


def _number(words: str) -> int:
    """Return the number of 一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int("".join(_CHINESE[char] for char in words))
    return (int(_CHINESE[tens]) if tens else 1) * 10 + (int(_CHINESE[ones]) if ones else 0)


def paper_day(values: Sequence[Labelled], upright: Sequence[WordLine], latest: date) -> DayFound | None:
    """Return the day of the paper: by the weight of its label, and by how many places say the same; none in future."""
    weights: dict[date, list[tuple[float, WordLine]]] = defaultdict(list)
    labelled_lines: set[tuple[float, float]] = set()
    births = {day for value in values if value.wanted is Wanted.BIRTH for day in days_in(value.text)[:1]}
    for value in values:
        if value.wanted not in {Wanted.DATE, Wanted.BIRTH}:
            continue
        labelled_lines.add((round(value.line.top, 3), round(value.line.bottom, 3)))
        if value.wanted is Wanted.DATE:
            for day in (days_in(value.text) or short_days_in(value.text, latest))[:1]:
                weights[day].append((value.weight * value.line.confidence, value.line))
    for line in upright:
        if (round(line.top, 3), round(line.bottom, 3)) in labelled_lines:
            continue
        for day in days_in(line.text):
            if day in births:
                continue
            weights[day].append(((_FOOT if line.top > _LOWER_HALF else _UNLABELLED) * line.confidence, line))
    ranked = sorted(
        (
            (max(weight for weight, _line in places) + _AGREEMENT * (len(places) - 1), day, places)
            for day, places in weights.items()
            if _OLDEST <= day <= latest
        ),
        key=lambda entry: (entry[0], entry[1]),
        reverse=True,
    )
    if not ranked or ranked[0][0] <= _LEAST:
        return None
    score, day, places = ranked[0]
    rival = ranked[1][0] if len(ranked) > 1 else 0.0
    sure = min(0.99, 0.5 * min(score, 1.0) + 0.5 * min(1.0, (score - rival) / 0.4 + 0.3))
    return DayFound(day, sure, max(places, key=lambda place: place[0])[1])
