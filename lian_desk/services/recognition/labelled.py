"""Finds values by the labels in front of them: beside, at the right edge, in the next cell or below."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from lian_desk.services.recognition.folding import differences, folded
from lian_desk.services.recognition.page_words import WordLine, rows_of
from lian_desk.services.resources import resource_path


class Wanted(StrEnum):
    """What a label announces; other labels only end the value before them."""

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    DEPARTMENT = "department"
    DOCTOR = "doctor"
    DATE = "date"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with its label (folded), the label's weight (0 to 1) and its place (upright)."""

    wanted: Wanted
    label: str
    weight: float
    text: str
    line: WordLine


@dataclass(frozen=True, slots=True)
class _Label:
    wanted: Wanted
    folded: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A label inside a line: from where to where of the line's text."""

    label: _Label
    start: int
    end: int


_SHORT: Final = 2
_ROW_OF_FIELDS: Final = 3
_SENTENCE: Final = re.compile("[，。；！？]")
_BETWEEN: Final = r"[\s\u3000]*"
_COLONS: Final = "：:﹕;；"
_BELOW: Final = 3.2
"""How far below its label a value may stand, in heights of the label."""
_SHORTEST_VALUE: Final = 1
_WIDE_FROM: Final = 0x2E80
"""First of the characters that are twice as wide as a letter."""


@cache
def _labels() -> dict[str, _Label]:
    document = tomllib.loads(resource_path("recognition", "labels.toml").read_text(encoding="utf-8"))
    found = {
        folded(word): _Label(Wanted(section), folded(word), float(weight))
        for section, entry in document.items()
        if section != Wanted.OTHER
        for word, weight in entry.items()
    }
    for word in document[Wanted.OTHER.value]["words"]:
        found.setdefault(folded(word), _Label(Wanted.OTHER, folded(word), 0.0))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """All labels, the longest first, their characters perhaps set apart; on text folded character by character."""
    words = sorted(_labels(), key=len, reverse=True)
    return re.compile("|".join(_BETWEEN.join(map(re.escape, word)) for word in words))


def labelled_values(upright: Sequence[WordLine]) -> list[Labelled]:
    """Return every value behind or below a wanted label, in reading order."""
    rows = rows_of(upright)
    found: list[Labelled] = []
    for index, row in enumerate(rows):
        for place, line in enumerate(row):
            for label, text, after in _inside(line):
                if label.wanted is Wanted.OTHER:
                    continue
                if len(text) >= _SHORTEST_VALUE:
                    found.append(Labelled(label.wanted, label.folded, label.weight, text, _part(line, after, text)))
                elif after == len(line.text):
                    beside = _value_apart(rows, index, place)
                    if beside is not None:
                        found.append(Labelled(label.wanted, label.folded, label.weight, beside.text, beside))
    return found


def first_label(text: str) -> bool:
    """Tell whether a line begins with a label."""
    return any(mark.start == 0 for mark in _marks(text))


def _inside(line: WordLine) -> Iterator[tuple[_Label, str, int]]:
    """Yield the labels of a line with the text up to the next label and where it begins."""
    marks = _marks(line.text)
    for position, mark in enumerate(marks):
        end = marks[position + 1].start if position + 1 < len(marks) else len(line.text)
        raw = line.text[mark.end : end]
        text = raw.strip(" \u3000_＿—" + _COLONS)
        yield mark.label, text, mark.end + (len(raw) - len(raw.lstrip(" \u3000_＿—" + _COLONS)))


def _marks(text: str) -> list[_Found]:
    """Labels of a line: at its beginning, behind a blank, or followed by a colon; so 科室 in a sentence is none.

    A line that begins with a label and holds several more is a row of fields whose blanks were lost.
    """
    plain = _same_length(text)
    matches = [
        (_labels()[re.sub(r"\s", "", match[0])], match.start(), match.end()) for match in _pattern().finditer(plain)
    ]
    is_row = len(matches) >= _ROW_OF_FIELDS and not plain[: matches[0][1]].strip() and not _SENTENCE.search(text)
    found: list[_Found] = []
    for label, start, end in matches:
        rest = plain[end:].lstrip()
        has_colon = bool(rest) and rest[0] in _COLONS
        is_first = not plain[:start].strip("【[（(· ")
        stands_apart = start > 0 and plain[start - 1].isspace() and bool(found)
        if has_colon or stands_apart or is_row or (is_first and (not rest or _may_open(label, plain, end))):
            found.append(_Found(label, start, end))
    return found


def _may_open(label: _Label, plain: str, end: int) -> bool:
    """A label at the beginning of a line without a colon: trusted when a blank follows or it can be nothing else."""
    return plain[end].isspace() or (len(label.folded) > _SHORT and label.wanted is not Wanted.NAME)


def _same_length(text: str) -> str:
    """Fold character by character, so that places in the result are places in ``text``."""
    return "".join(_one(char) for char in text)


def _one(char: str) -> str:
    if char.isspace() or char in _COLONS:
        return ":" if char in _COLONS else " "
    plain = folded(char)
    if len(plain) == 1:
        return plain
    normal = unicodedata.normalize("NFKC", char)
    return normal if len(normal) == 1 else "\ufffd"


def _part(line: WordLine, start: int, text: str) -> WordLine:
    """The part of a line's box in which ``text`` stands, by its share of the width."""
    widths = [2 if ord(char) > _WIDE_FROM else 1 for char in line.text]
    total = sum(widths) or 1
    before, own = sum(widths[:start]), sum(widths[start : start + len(text)])
    return line._replace(text=text, left=line.left + line.width * before / total, width=line.width * own / total)


def _value_apart(rows: Sequence[Sequence[WordLine]], index: int, place: int) -> WordLine | None:
    """The value of a label that ends its line: beside it, or below it where labels stand in a row of their own.

    A neighbour that is a label but for one character (性割) is believed to be one when a value stands below.
    """
    row = rows[index]
    beside, below = _beside(row, place), _below(rows, index, row[place])
    if beside is None or (below is not None and _almost_label(beside.text)):
        return below
    return beside


def _almost_label(text: str) -> bool:
    plain = folded(text)
    return any(len(word) == len(plain) and differences(word, plain) <= 1 for word in _labels())


def _beside(row: Sequence[WordLine], place: int) -> WordLine | None:
    """The next words in the row, unless they are a label of their own."""
    if place + 1 >= len(row):
        return None
    neighbour = row[place + 1]
    return None if first_label(neighbour.text) else neighbour


def _below(rows: Sequence[Sequence[WordLine]], index: int, label: WordLine) -> WordLine | None:
    """The words that begin under the label, close to it."""
    for row in rows[index + 1 : index + 4]:
        for line in row:
            gap = line.top - label.bottom
            begins_there = abs(line.left - label.left) < max(1.5 * label.height, 0.6 * label.width)
            if begins_there and -0.5 * label.height < gap < _BELOW * label.height and not first_label(line.text):
                return line
    return None
