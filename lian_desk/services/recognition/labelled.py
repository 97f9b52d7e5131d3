"""Finds values by the labels in front of them: beside, at the right edge, in the next cell or below."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from lian_desk.services.departments import find_department
from lian_desk.services.recognition.folding import differences, folded
from lian_desk.services.recognition.likely_names import looks_like_name
from lian_desk.services.recognition.page_words import WordLine, rows_of
from lian_desk.services.resources import resource_path


class Wanted(StrEnum):
    """What a label announces; other labels only end the value before them."""

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    VISIT_NUMBER = "visit_number"
    BIRTH = "birth"
    AGE = "age"
    SEX = "sex"
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
_COLONS: Final = "：:﹕;；】"
_AROUND: Final = " \u3000_＿—|丨/" + _COLONS
"""What may stand between a label and its value, and behind the value, without belonging to it."""
_TRANSLATION: Final = re.compile(r"[ 　]*[/|(（]?[ 　]*[A-Za-z][A-Za-z .']{0,18}[)）]?(?=[ 　]*(?:[：:﹕】]|$))")
"""The English word that bilingual forms print behind a label."""
_BELOW: Final = 3.2
"""How far below its label a value may stand, in heights of the label."""
_ABOVE: Final = 1.6
"""How far above its label a value may stand."""
_SURE_LABEL: Final = 0.7
"""Weight from which a label of a name may be glued to its value."""
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
    rows = [_mended(row) for row in rows_of(upright)]
    found: list[Labelled] = []
    for index, row in enumerate(rows):
        for place, line in enumerate(row):
            for label, text, after in _inside(line):
                if label.wanted is Wanted.OTHER:
                    continue
                if len(text) >= _SHORTEST_VALUE:
                    found.append(Labelled(label.wanted, label.folded, label.weight, text, part_of(line, after, text)))
                elif after == len(line.text):
                    beside = _value_apart(rows, index, place, label.wanted)
                    if beside is not None:
                        found.append(Labelled(label.wanted, label.folded, label.weight, beside.text, beside))
    return found


def _mended(row: Sequence[WordLine]) -> list[WordLine]:
    """Put the parts of a label that was set apart (姓    名) together again: the first part takes the rest over."""
    mended: list[WordLine] = []
    for line in row:
        before = mended[-1] if mended else None
        rest = 0 if before is None else _rest_of_label(before.text, line.text)
        if before is None or not rest:
            mended.append(line)
            continue
        mended[-1] = before._replace(text=before.text + line.text[:rest], width=max(before.width, 0.0))
        value = line.text[rest:].lstrip(" \u3000")
        if value:
            mended.append(part_of(line, len(line.text) - len(value), value))
    return mended


def _rest_of_label(begun: str, text: str) -> int:
    """Return how many characters of ``text`` end the wanted label that ``begun`` begins, with its colon; 0 for none."""
    first, plain = folded(begun), _same_length(text)
    if not first or len(first) > _LONGEST_PART or len(first) != len(begun.strip()):
        return 0
    for word in _beginnings().get(first, ()):
        match = re.match(_BETWEEN.join(map(re.escape, word[len(first) :])) + r"\s*[：:]?", plain)
        if match is not None:
            return match.end()
    return 0


@cache
def _beginnings() -> dict[str, tuple[str, ...]]:
    """Every proper beginning of a wanted label, with the labels that it begins, the longest first."""
    found: dict[str, list[str]] = {}
    for word, label in _labels().items():
        if label.wanted is not Wanted.OTHER and len(word) <= _LONGEST_APART:
            for end in range(1, len(word)):
                found.setdefault(word[:end], []).append(word)
    return {begun: tuple(sorted(words, key=len, reverse=True)) for begun, words in found.items()}


_LONGEST_PART: Final = 3
_LONGEST_APART: Final = 4
"""Labels of at most so many characters are printed with blanks between them."""


def first_label(text: str) -> bool:
    """Tell whether a line begins with a label."""
    return any(mark.start == 0 for mark in _marks(text))


def _inside(line: WordLine) -> Iterator[tuple[_Label, str, int]]:
    """Yield the labels of a line with the text up to the next label and where it begins."""
    marks = _marks(line.text)
    for position, mark in enumerate(marks):
        end = marks[position + 1].start if position + 1 < len(marks) else len(line.text)
        raw = line.text[mark.end : end].rstrip("【[")
        text = raw.strip(_AROUND)
        yield mark.label, text, mark.end + (len(raw) - len(raw.lstrip(_AROUND)))


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
    for label, start, first_end in matches:
        translated = _TRANSLATION.match(text, first_end)
        end = first_end if translated is None else translated.end()
        rest = plain[end:].lstrip()
        has_colon = bool(rest) and rest[0] in _COLONS
        is_first = not plain[:start].strip("【[（(· ")
        stands_apart = start > 0 and plain[start - 1].isspace() and bool(found)
        is_opened = is_first and (not rest or _may_open(label, plain, text, end))
        if has_colon or stands_apart or is_row or is_opened:
            found.append(_Found(label, start, end))
    return found


def _may_open(label: _Label, plain: str, text: str, end: int) -> bool:
    """A label at the beginning of a line without a colon.

    Trusted when a blank follows, when it can be nothing else, and when what is glued to it is a value of its kind.
    """
    if plain[end].isspace():
        return True
    glued = re.split(r"[\s,，;；|/（(]", text[end:].strip())[0]
    if label.wanted is Wanted.NAME:
        return label.weight >= _SURE_LABEL and looks_like_name(glued)
    if label.wanted is Wanted.DEPARTMENT and len(label.folded) <= _SHORT:
        return find_department(glued) is not None and glued.endswith(("科", "中心", "病区", "室"))
    return len(label.folded) > _SHORT


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


def part_of(line: WordLine, start: int, text: str) -> WordLine:
    """The part of a line's box in which ``text`` stands, by its share of the width."""
    widths = [2 if ord(char) > _WIDE_FROM else 1 for char in line.text]
    total = sum(widths) or 1
    before, own = sum(widths[:start]), sum(widths[start : start + len(text)])
    return line._replace(text=text, left=line.left + line.width * before / total, width=line.width * own / total)


def _value_apart(rows: Sequence[Sequence[WordLine]], index: int, place: int, wanted: Wanted) -> WordLine | None:
    """The value of a label that ends its line: beside it, below or above it where labels stand in a row of their own.

    A neighbour that is a label but for one character (性割) is believed to be one when a value stands below.
    """
    row = rows[index]
    beside, below = _beside(row, place), _below(rows, index, row[place])
    if beside is None or (below is not None and _almost_label(beside.text)):
        above = _above(rows, index, row[place]) if wanted in {Wanted.NAME, Wanted.DEPARTMENT} else None
        return above if above is not None and (below is None or _fits_better(wanted, above.text, below.text)) else below
    return beside


def _fits_better(wanted: Wanted, first: str, second: str) -> bool:
    """Tell whether of two places only the first holds what a label announces."""
    fits = looks_like_name if wanted is Wanted.NAME else (lambda text: find_department(text) is not None)
    return fits(first) and not fits(second)


def _above(rows: Sequence[Sequence[WordLine]], index: int, label: WordLine) -> WordLine | None:
    """The words that begin above a small label, close to it: a form that prints its labels under the lines."""
    for line in rows[index - 1] if index else ():
        begins_there = abs(line.left - label.left) < max(1.5 * label.height, 0.6 * label.width)
        is_close = -0.5 * label.height < label.top - line.bottom < _ABOVE * label.height
        if begins_there and is_close and not first_label(line.text):
            return line
    return None


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
