"""What tells beside the name whose a paper is (R1): the hospital's number of the patient, day of birth, age.

A key that agrees is a sign a person may go by where no name was seen; a day of birth or an age that cannot be the
insured's makes the same name a namesake's, until a person has looked.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lian_desk.models.rules.policy_years import age_on
from lian_desk.models.vocabulary import FindingMatch
from lian_desk.services.door.dates import days_in
from lian_desk.services.door.labelled import Labelled, Wanted
from lian_desk.services.door.person_names import WhoseFile
from lian_desk.services.recognition.page_words import WordLine

_VISIT_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,4}[0-9]{5,16}(?![0-9A-Za-z])")
_YEARS: Final = re.compile(r"^\D{0,3}(\d{1,3})\s*(?:周?岁|[Yy]|$)")
_CLEAR: Final = 0.9
_YOUNGER, _OLDER = 2, 3
"""By how many years an age on paper may differ: birthdays, and years counted the old way (虚岁)."""


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A key as it is kept, with how sure it is (0 to 1), what stands there, and where (upright)."""

    value: str
    confidence: float
    seen: str
    line: WordLine
    match: FindingMatch | None


def visit_number(values: Sequence[Labelled], whose: WhoseFile) -> KeyFound | None:
    """Return the hospital's number of the patient, one that is known already before any other."""
    found: list[KeyFound] = []
    for value in values:
        number = _VISIT_NUMBER.search(unicodedata.normalize("NFKC", value.text))
        if value.wanted is Wanted.VISIT_NUMBER and number is not None:
            match = FindingMatch.SAME if number[0].upper() in whose.visit_numbers else None
            sure = value.weight * value.line.confidence
            found.append(KeyFound(number[0].upper(), sure, value.text, value.line, match))
    return max(found, key=lambda key: (key.match is not None, key.confidence), default=None)


def birth(values: Sequence[Labelled], whose: WhoseFile, paper_day: date | None) -> KeyFound | None:
    """Return the day of birth beside the insured's; without one, an age that cannot be the insured's on that day."""
    if whose.born_on is None:
        return None
    for value in values:
        days = days_in(value.text) if value.wanted is Wanted.BIRTH else []
        if days:
            match = FindingMatch.SAME if days[0] == whose.born_on else FindingMatch.NEEDS_LOOK
            sure = value.weight * value.line.confidence
            return KeyFound(days[0].isoformat(), sure, value.text, value.line, match)
    return None if paper_day is None else _strange_age(values, whose.born_on, paper_day)


def _strange_age(values: Sequence[Labelled], born_on: date, paper_day: date) -> KeyFound | None:
    for value in values:
        years = _YEARS.match(unicodedata.normalize("NFKC", value.text)) if value.wanted is Wanted.AGE else None
        if years is None or value.line.confidence < _CLEAR:
            continue
        expected = age_on(born_on, paper_day)
        if not expected - _YOUNGER <= int(years[1]) <= expected + _OLDER:
            shown = f"{int(years[1])}岁"
            return KeyFound(shown, value.line.confidence, value.text, value.line, FindingMatch.NEEDS_LOOK)
    return None


def namesake(name: FindingMatch | None, keys: Iterable[KeyFound]) -> FindingMatch | None:
    """Return what a name means beside the second keys: the same name with another birth is looked at."""
    if name is FindingMatch.SAME and any(key.match is FindingMatch.NEEDS_LOOK for key in keys):
        return FindingMatch.NEEDS_LOOK
    return name
