"""What kind of material a page is: by its heading first, by what stands in its body besides."""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.recognition.folding import almost, folded
from lian_desk.services.recognition.page_words import PageWords, WordLine, rows_of

_HEADING: Final = 10.0
"""Weight of the first pattern of a kind in a heading; later patterns weigh a little less."""
_LATER_PATTERN: Final = 0.5
_LONGEST_HEADING: Final = 26
_HEADING_ROWS: Final = 5
_LOW_HEADING: Final = 0.45
_MOST_BODY: Final = 9.0
_LEAST_SCORE: Final = 2.5
_STEEPNESS: Final = 3.0


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind with how sure it is (0 to 1) and the line that told it (upright)."""

    kind: MaterialKind
    confidence: float
    line: WordLine


@dataclass(frozen=True, slots=True)
class _Profile:
    kind: MaterialKind
    titles: tuple[re.Pattern[str], ...]
    words: tuple[tuple[re.Pattern[str], float], ...]
    against: tuple[str, ...]


@cache
def _profiles() -> tuple[_Profile, ...]:
    document = tomllib.loads(resource_path("recognition", "kinds.toml").read_text(encoding="utf-8"))
    return tuple(
        _Profile(
            MaterialKind(name),
            tuple(re.compile(_folded_pattern(pattern)) for pattern in entry["titles"]),
            tuple((re.compile(almost(folded(word))), float(weight)) for word, weight in entry["words"].items()),
            tuple(folded(word) for word in entry.get("against", ())),
        )
        for name, entry in document.items()
    )


def _folded_pattern(pattern: str) -> str:
    return re.sub(r"[\u4e00-\u9fff]+", lambda found: folded(found[0]), pattern)


def guess_kind(words: PageWords) -> KindGuess | None:
    """Return the kind of a page, None when nothing speaks for any."""
    upright = words.upright
    if not upright:
        return None
    headings = _headings(upright)
    body = folded("".join(line.text for line in upright))
    scored = sorted(
        ((*_score(profile, headings, body, upright), profile.kind) for profile in _profiles()),
        key=lambda entry: entry[0],
        reverse=True,
    )
    (best, line, kind), (second, _line, _kind) = scored[0], scored[1]
    if best < _LEAST_SCORE:
        return None
    margin = best - max(second, 0.0)
    sure = 1 / (1 + math.exp(-margin / _STEEPNESS))
    return KindGuess(kind, min(0.99, sure * min(1.0, best / _HEADING) * (0.5 + line.confidence / 2)), line)


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    weight: float
    line: WordLine


def _headings(upright: Sequence[WordLine]) -> list[_Heading]:
    """Short lines near the top, in large letters: the larger and the higher, the more likely a heading."""
    heights = sorted(line.height for line in upright)
    usual = heights[len(heights) // 2]
    found: list[_Heading] = []
    rows = [row for row in rows_of(upright) if row[0].top < _LOW_HEADING]
    for index, row in enumerate(rows):
        for line in row:
            text = folded(line.text)
            if not text or len(text) > _LONGEST_HEADING or _is_labelled(line.text):
                continue
            large = min(max(line.height / usual, 0.6), 1.8)
            high = 1.0 if index < _HEADING_ROWS else 0.45
            found.append(_Heading(text, large * high, line))
    return found


def _is_labelled(text: str) -> bool:
    """A line such as 临床诊断：肺癌 is no heading."""
    return bool(re.search(r"[：:].*\w", text))


def _score(
    profile: _Profile, headings: Sequence[_Heading], body: str, upright: Sequence[WordLine]
) -> tuple[float, WordLine]:
    best, line = 0.0, upright[0]
    for heading in headings:
        if any(word in heading.text for word in profile.against):
            continue
        for order, pattern in enumerate(profile.titles):
            match = pattern.search(heading.text)
            if match is None:
                continue
            # a heading that says nothing else tells more than a long one that mentions it
            share = (match.end() - match.start()) / len(heading.text)
            value = (_HEADING - _LATER_PATTERN * order) * heading.weight * (0.6 + 0.4 * share)
            if value > best:
                best, line = value, heading.line
    told = sum(weight for word, weight in profile.words if word.search(body))
    return best + min(told, _MOST_BODY), line
