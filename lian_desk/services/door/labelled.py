"""Finds values by the labels in front of them: beside, at the right edge, in the next cell or below."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import takewhile
from typing import Final

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.services.door.likely_names import looks_like_name, without_next_label
from lian_desk.services.door.name_cells import begins_under, goes_on, is_a_name, together
from lian_desk.services.door.roles import begins_with_kin, is_companions, is_themselves
from lian_desk.services.recognition.folding import COLONS, differences, folded, same_length
from lian_desk.services.recognition.page_words import WordLine, rows_of
from lian_desk.services.reference_data.departments import find_department


class Wanted(StrEnum):
    """What a label announces; other labels only end the value before them.

    ``RELATIVE`` names a person beside the patient; ``ROLE`` is a label that nobody knows, with a name behind it.
    """

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    VISIT_NUMBER = "visit_number"
    BIRTH = "birth"
    AGE = "age"
    SEX = "sex"
    DEPARTMENT = "department"
    DOCTOR = "doctor"
    DATE = "date"
    RELATIVE = "relative"
    ROLE = "role"
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


_Field = tuple[int, _Label, str, int]
"""A label in a row: the place of its line, the label, the text up to the next one and where that begins."""


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
_AROUND: Final = " \u3000_＿—|丨/" + COLONS
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
_PLAIN: Final = frozenset({Wanted.RELATIVE, Wanted.OTHER})
"""What is found only to end a value, or to say that a name is not the patient's."""
_BESIDE_THE_PATIENT: Final = 0.5
"""Weight of a name that a form gives to a relative: a person looks, whoever it is."""
_RELATION: Final = folded("关系")
_OTHER_RELATIONS: Final = frozenset(folded(word) for word in ("与投保人关系", "与户主关系"))
_QUALIFIED: Final = re.compile(r"[\u3400-\u9fff]{1,8}$")
_WIDE_FROM: Final = 0x2E80
"""First of the characters that are twice as wide as a letter."""


@cache
def _labels() -> dict[str, _Label]:
    document = tomllib.loads(resource_path("recognition", "labels.toml").read_text(encoding="utf-8"))
    found = {
        folded(word): _Label(Wanted(section), folded(word), float(weight))
        for section, entry in document.items()
        if section not in _PLAIN
        for word, weight in entry.items()
    }
    for word in document[Wanted.RELATIVE.value]["words"]:
        found.setdefault(folded(word), _Label(Wanted.RELATIVE, folded(word), 0.0))
    for word in document[Wanted.OTHER.value]["words"]:
        found.setdefault(folded(word), _Label(Wanted.OTHER, folded(word), 0.0))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """All labels, the longest first, their characters perhaps set apart; on text folded character by character."""
    words = sorted(_labels(), key=len, reverse=True)
    return re.compile("|".join(_BETWEEN.join(map(re.escape, word)) for word in words))


def labelled_values(upright: Sequence[WordLine]) -> list[Labelled]:
    """Return every value behind or below a wanted label, in reading order; a list of names as so many values."""
    rows = [_mended(row) for row in rows_of(upright)]
    found: list[Labelled] = []
    is_of_relative = False
    for index, row in enumerate(rows):
        fields = [(place, *field) for place, line in enumerate(row) for field in _inside(line)]
        besides = _beside_the_patient(row, fields, is_of_relative)
        is_of_relative = len(row) == 1 and len(fields) == 1 and _is_bare_relative(row, fields[0])
        for order, (place, label, text, after) in enumerate(fields):
            if label.wanted in _PLAIN:
                continue
            weight = min(label.weight, _BESIDE_THE_PATIENT) if order in besides else label.weight
            if len(text) >= _SHORTEST_VALUE:
                lines = [part_of(row[place], after, text)]
                if label.wanted is Wanted.NAME and after + len(text) == len(row[place].text.rstrip()):
                    lines = _with_the_next(lines[0], row[place + 1 :])
            else:
                lines = _values_apart(rows, index, place, label.wanted) if after == len(row[place].text) else []
            found.extend(Labelled(label.wanted, label.folded, weight, line.text, line) for line in lines)
    return found


def _beside_the_patient(row: Sequence[WordLine], fields: Sequence[_Field], is_of_relative: bool) -> set[int]:  # noqa: FBT001 - what the row above said
    """Which fields of a row are names of relatives: by the heading, by 家属 right before 姓名, by a 关系 behind it."""
    found: set[int] = set()
    last: int | None = None
    for order, (place, label, text, after) in enumerate(fields):
        if label.wanted is Wanted.NAME:
            last = order
            if is_of_relative or (order and _is_bare_relative(row, fields[order - 1])):
                found.add(order)
        elif label.wanted is Wanted.RELATIVE:
            last = None
        elif last is not None and _tells_relation(label):
            # 母亲 is a label of its own, so that it stands behind 关系 as the next field
            related = text or row[place].text[after:] or "".join(line.text for line in row[place + 1 : place + 2])
            if related and not is_themselves(related):
                found.add(last)
    return found


def _tells_relation(label: _Label) -> bool:
    """Tell whether a label says how somebody is related to the patient; to whoever pays is something else."""
    return label.folded.endswith(_RELATION) and label.folded not in _OTHER_RELATIONS


def _is_bare_relative(row: Sequence[WordLine], field: _Field) -> bool:
    """Tell whether a label of a relative has no value: it is a heading for what follows."""
    place, label, text, after = field
    if label.wanted is not Wanted.RELATIVE or text:
        return False
    return after < len(row[place].text) or _beside(row, place) is None


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
    first, plain = folded(begun), same_length(text)
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
        if label.wanted not in _PLAIN and len(word) <= _LONGEST_APART:
            for end in range(1, len(word)):
                found.setdefault(word[:end], []).append(word)
    return {begun: tuple(sorted(words, key=len, reverse=True)) for begun, words in found.items()}


_LONGEST_PART: Final = 3
_LONGEST_APART: Final = 4
"""Labels of at most so many characters are printed with blanks between them."""


def is_known_label(word: str) -> bool:
    """Tell whether a word is one of the labels."""
    return folded(word) in _labels()


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
    plain = same_length(text)
    matches = [
        (_labels()[re.sub(r"\s", "", match[0])], match.start(), match.end()) for match in _pattern().finditer(plain)
    ]
    is_row = len(matches) >= _ROW_OF_FIELDS and not plain[: matches[0][1]].strip() and not _SENTENCE.search(text)
    found: list[_Found] = []
    for label, start, first_end in matches:
        translated = _TRANSLATION.match(text, first_end)
        end = first_end if translated is None else translated.end()
        rest = plain[end:].lstrip()
        has_colon = bool(rest) and rest[0] in COLONS
        is_first = not plain[:start].strip("【[（(· ")
        stands_apart = start > 0 and plain[start - 1].isspace() and bool(found)
        is_opened = is_first and (not rest or _may_open(label, plain, text, end))
        if has_colon or stands_apart or is_row or is_opened:
            found.append(_Found(_as_qualified(label, text[found[-1].end if found else 0 : start]), start, end))
    return found


def _as_qualified(label: _Label, before: str) -> _Label:
    """Return the label of a relative where the words glued before 姓名 make it one (陪床者姓名)."""
    glued = _QUALIFIED.search(before)
    if label.wanted is not Wanted.NAME or glued is None or not is_companions(glued[0]):
        return label
    return _Label(Wanted.RELATIVE, label.folded, 0.0)


def _may_open(label: _Label, plain: str, text: str, end: int) -> bool:
    """A label at the beginning of a line without a colon.

    Trusted when a blank follows, when it can be nothing else, and when what is glued to it is a value of its kind.
    """
    if plain[end].isspace():
        return True
    glued = without_next_label(re.split(r"[\s,，;；|/（(]", text[end:].strip())[0])
    if label.wanted is Wanted.NAME:
        return label.weight >= _SURE_LABEL and looks_like_name(glued)
    if label.wanted is Wanted.DEPARTMENT and len(label.folded) <= _SHORT:
        return find_department(glued) is not None and glued.endswith(("科", "中心", "病区", "室"))
    return len(label.folded) > _SHORT


def part_of(line: WordLine, start: int, text: str) -> WordLine:
    """The part of a line's box in which ``text`` stands, by its share of the width."""
    widths = [2 if ord(char) > _WIDE_FROM else 1 for char in line.text]
    total = sum(widths) or 1
    before, own = sum(widths[:start]), sum(widths[start : start + len(text)])
    return line._replace(text=text, left=line.left + line.width * before / total, width=line.width * own / total)


def _values_apart(rows: Sequence[Sequence[WordLine]], index: int, place: int, wanted: Wanted) -> list[WordLine]:
    """The value of a label that ends its line; of a name every one that follows it in the row or down the column."""
    first = _value_apart(rows, index, place, wanted)
    if first is None or wanted is not Wanted.NAME:
        return [] if first is None else [first]
    rest = rows[index][place + 1 :]
    if rest and first is rest[0]:
        return _with_the_next(first, rest[1:])
    return [first, *_down_the_column(rows, first)]


def _with_the_next(first: WordLine, rest: Sequence[WordLine]) -> list[WordLine]:
    """A name with the cells behind it: its own characters set apart, whose child it is, and further names."""
    cells = list(rest)
    is_apart = len(first.text.strip()) == 1
    while cells and is_apart and goes_on(first.text, cells[0].text) and not first_label(cells[0].text):
        first = together(first, cells.pop(0))
    if cells and begins_with_kin(cells[0].text):
        first = together(first, cells.pop(0))
    further = takewhile(lambda cell: is_a_name(cell.text) and not first_label(cell.text), cells)
    return [first, *further]


def _down_the_column(rows: Sequence[Sequence[WordLine]], first: WordLine) -> Iterator[WordLine]:
    """Yield the names under a first one: a list of persons, up to the next row of headings or a gap."""
    last = first
    for row in rows:
        under = [line for line in row if line.middle > last.middle and begins_under(line, first)]
        if not under:
            continue
        is_heading = first_label(under[0].text) or sum(first_label(line.text) for line in row) > 1
        if is_heading or under[0].top - last.bottom > _BELOW * last.height:
            return
        last = under[0]
        if is_a_name(last.text):
            yield last


def _value_apart(rows: Sequence[Sequence[WordLine]], index: int, place: int, wanted: Wanted) -> WordLine | None:
    """The value of a label that ends its line: beside it, below or above it where labels stand in a row of their own.

    A neighbour that is a label but for one character (性割) is believed to be one when a value stands below.
    """
    row = rows[index]
    beside, below = _beside(row, place), _below(rows, index, row[place])
    is_heading = _is_heading(wanted, beside, below)
    if beside is None or is_heading or (below is not None and _almost_label(beside.text)):
        above = _above(rows, index, row[place]) if wanted in {Wanted.NAME, Wanted.DEPARTMENT} else None
        return above if above is not None and (below is None or _fits_better(wanted, above.text, below.text)) else below
    return beside


def _is_heading(wanted: Wanted, beside: WordLine | None, below: WordLine | None) -> bool:
    """Tell whether the words beside 姓名 are the heading of the next column (工资): a name stands below, none beside."""
    if wanted is not Wanted.NAME or beside is None or below is None:
        return False
    return len(beside.text) > 1 and _fits_better(wanted, below.text, beside.text)


def _fits_better(wanted: Wanted, first: str, second: str) -> bool:
    """Tell whether of two places only the first holds what a label announces."""
    fits = looks_like_name if wanted is Wanted.NAME else (lambda text: find_department(text) is not None)
    return fits(first) and not fits(second)


def _above(rows: Sequence[Sequence[WordLine]], index: int, label: WordLine) -> WordLine | None:
    """The words that begin above a small label, close to it: a form that prints its labels under the lines."""
    for line in rows[index - 1] if index else ():
        is_close = -0.5 * label.height < label.top - line.bottom < _ABOVE * label.height
        if begins_under(line, label) and is_close and not first_label(line.text):
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
            if (
                begins_under(line, label)
                and -0.5 * label.height < gap < _BELOW * label.height
                and not first_label(line.text)
            ):
                return line
    return None
