"""Names of patients that stand behind no label of their own: by their place and by what stands beside them.

A name without a label is believed to be the patient's where sex and age follow it (李建国 男 45岁), in whatever manner a
hospital sets them apart, or where the sentence of a certificate names it (兹证明患者李建国，男…). A likely name without
any such sign is nobody's: the page then says no name, and a person looks.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from lian_desk.services.door.labelled import Labelled, Wanted, is_known_label, part_of
from lian_desk.services.door.likely_names import HAN, looks_like_name
from lian_desk.services.door.roles import is_companions
from lian_desk.services.recognition.folding import squeezed
from lian_desk.services.recognition.page_words import WordLine, rows_of
from lian_desk.services.reference_data.departments import find_department

_APART: Final = r"[\s,，、/|丨·;；:：()（）\[\]【】-]*"
_SEX: Final = r"(?:性\s*别[:：]?\s*)?(?P<sex>男|女|(?<![A-Za-z])[MF](?![A-Za-z]))性?"
_AGE: Final = r"(?:年\s*龄[:：]?|现年)?\s*(?P<age>\d{1,3})\s*(?:周?岁|[Yy](?![a-z])|个?月|天)"
_YEARS: Final = r"(?:年\s*龄[:：]?|现年)?\s*\d{1,3}\s*(?:周?岁|[Yy](?![a-z]))"
_NAME: Final = rf"(?P<name>{HAN}(?:\s?{HAN}){{1,3}})"
_BEFORE: Final = (
    r"(?:^|(?<=[\s\d:：,，/|丨(（)）】\]-])|(?<=患者|病人|病员|患儿|产妇|证明|兹有|今有|伤者|床号|姓名)|(?<=床))"
)
_SEX_THEN_AGE: Final = re.compile(rf"{_BEFORE}{_NAME}{_APART}{_SEX}{_APART}{_AGE}")
_AGE_THEN_SEX: Final = re.compile(rf"{_BEFORE}{_NAME}{_APART}{_AGE}{_APART}{_SEX}")
_ONLY_ONE: Final = re.compile(rf"{_BEFORE}{_NAME}(?:{_APART}{_YEARS}|[\s,，/|丨(（]+{_SEX}(?=$|[\s,，/|丨)）]))")
_SENTENCE: Final = re.compile(
    rf"(?:患者|病人|病员|患儿|产妇|兹证明|兹有|今有)(?:患者|病人)?[:：]?\s*(?P<name>{HAN}{{2,4}}?)"
    r"(?:同志|先生|女士)?\s*(?=[,，(（]|性\s*别|\s+(?:男|女|性))"
)
_HONOURED: Final = re.compile(rf"(?:^|[\s，。:：])(?P<name>{HAN}{{2,4}}?)(?:同志|先生|女士)[,，]")
_CALLED: Final = re.compile(r"(?:患者|病人|病员|患儿|产妇|兹证明|兹有|今有|证明|姓名)+")
_ENDING: Final = re.compile(r"(?:患者|病人|同志|先生|女士|性别)$")
_GLUED: Final = frozenset("床号")
_NEXT_WORD: Final = re.compile(rf"{_APART}(?P<ward>{HAN}{{2,8}})")
_WARD: Final = re.compile(rf"(?:我院|收入|收住|就诊于)(?P<ward>{HAN}{{2,8}}?科)")
_UNKNOWN_ROLE: Final = re.compile(
    rf"(?:^|(?<=[\s\d,，;；。|丨/【（(]))(?P<role>{HAN}{{1,9}}?(?:人|者|妇|儿|员|方|主|对象|姓名|名字|名))\s*[】]?\s*[：:]\s*"
    rf"(?P<name>{HAN}{{2,4}})(?!{HAN})"
)
_OPEN: Final = 0.5
"""Weight of a name behind a label that nobody knows: it is looked at."""
_JUST_BEFORE: Final = 6
_FAINT: Final = 0.6
"""Weight of a department that stands behind no label."""
_BOTH: Final = 0.95
_ONE: Final = 0.8
_WHOLE_SENTENCE: Final = 0.85
_ROW_BELOW: Final = 2.6
"""How far below a name that stands alone sex and age may stand, in heights of its line."""


def unlabelled_values(upright: Sequence[WordLine]) -> list[Labelled]:
    """Return the names that place and form alone say are the patient's, as values of the label they might have had."""
    rows = rows_of(upright)
    found: list[Labelled] = []
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else []
        found.extend(_in_row(row))
        found.extend(_alone(row, below))
    return found


def _in_row(row: Sequence[WordLine]) -> Iterator[Labelled]:
    text, places = _joined(row)
    yield from _behind_unknown_labels(text, places)
    named = _WARD.search(text)
    if named is not None and find_department(named["ward"]) is not None:
        yield _value(Wanted.DEPARTMENT, _FAINT, named.span("ward"), text, places)
    for pattern, weight in (
        (_SEX_THEN_AGE, _BOTH),
        (_AGE_THEN_SEX, _BOTH),
        (_SENTENCE, _WHOLE_SENTENCE),
        (_HONOURED, _WHOLE_SENTENCE),
        (_ONLY_ONE, _ONE),
    ):
        hits = [hit for match in pattern.finditer(text) for hit in _hits(match, text, places, weight)]
        if hits:
            yield from hits
            return


def _hits(match: re.Match[str], text: str, places: Sequence[tuple[int, WordLine]], weight: float) -> Iterator[Labelled]:
    """The name, with the age and the department that stand in the same breath."""
    name = _hit(match, text, places, weight)
    if name is None:
        return
    yield name
    if "age" in match.re.groupindex:
        yield _value(Wanted.AGE, weight, match.span("age"), text, places)
    ward = _NEXT_WORD.match(text, match.end())
    if ward is not None and ward["ward"].endswith("科") and find_department(ward["ward"]) is not None:
        yield _value(Wanted.DEPARTMENT, _FAINT, ward.span("ward"), text, places)


def _behind_unknown_labels(text: str, places: Sequence[tuple[int, WordLine]]) -> Iterator[Labelled]:
    """Yield names behind labels that nobody knows (鉴评对象人：李建国): whose they are, a person must say."""
    for match in _UNKNOWN_ROLE.finditer(text):
        is_open = not is_known_label(match["role"]) and not is_companions(match["role"])
        if is_open and looks_like_name(match["name"]):
            yield _value(Wanted.ROLE, _OPEN, match.span("name"), text, places, match["role"])


def _value(
    wanted: Wanted,
    weight: float,
    span: tuple[int, int],
    text: str,
    places: Sequence[tuple[int, WordLine]],
    label: str = "",
) -> Labelled:
    begins, line = max((place for place in places if place[0] <= span[0]), key=lambda place: place[0])
    words = text[span[0] : span[1]]
    return Labelled(wanted, label, weight, words, part_of(line, span[0] - begins, words))


def _hit(match: re.Match[str], text: str, places: Sequence[tuple[int, WordLine]], weight: float) -> Labelled | None:
    first, last = match.span("name")
    whole = _ENDING.sub("", text[first:last])
    begun = _CALLED.match(whole)
    starts = {0, 0 if begun is None else begun.end()}
    # a bed or a number may be glued to the name: 12床李建国
    starts |= {place + 1 for place, char in enumerate(whole) if char in _GLUED}
    start = next((place for place in sorted(starts) if looks_like_name(whole[place:])), None)
    if start is None or is_companions(text[max(0, first + start - _JUST_BEFORE) : first + start]):
        return None
    return _value(Wanted.NAME, weight, (first + start, first + len(whole)), text, places)


def _alone(row: Sequence[WordLine], below: Sequence[WordLine]) -> Iterator[Labelled]:
    """A name that is all of its line, with sex and age at the beginning of the row below."""
    if len(row) != 1 or not below or not looks_like_name(row[0].text):
        return
    name, next_row = row[0], " ".join(line.text for line in below)
    is_close = below[0].top - name.bottom < _ROW_BELOW * name.height
    text = f"{squeezed(name.text)} {unicodedata.normalize('NFKC', next_row)}"
    if is_close and (_SEX_THEN_AGE.match(text) or _AGE_THEN_SEX.match(text)):
        yield Labelled(Wanted.NAME, "", _ONE, name.text, name)


def _joined(row: Sequence[WordLine]) -> tuple[str, list[tuple[int, WordLine]]]:
    """The words of a row, joined by blanks, with where each line of it begins."""
    text, places = "", []
    for line in row:
        text += " " if text else ""
        places.append((len(text), line))
        text += line.text
    return text, places
