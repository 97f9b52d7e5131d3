"""Ranks, honours and levels as people and hospitals write them, read into the words of the rule pack (R30, R32, R33).

The pack holds the spellings; here only width, blanks and brackets are evened out, and one line with several words
(主任医师、教授) is taken apart.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.vocabulary import ExpertHonour, ExpertTitle, HospitalLevel
from lian_desk.services.reference_data.departments import fold_name
from lian_desk.services.words.hospital_words import NotUnderstood, read_level

E = TypeVar("E", bound=StrEnum)
_BETWEEN: Final = re.compile(r"[\s、，,；;/／|｜+＋&＆（）()·]+|兼|和|及|暨")


@dataclass(frozen=True, slots=True)
class RankWords:
    """What a line of ranks and honours says; ``unknown``: words that the pack does not know, in their order."""

    title: ExpertTitle | None
    honours: tuple[ExpertHonour, ...]
    unknown: tuple[str, ...]


def find_level(text: str, pack: RulePack) -> HospitalLevel | None:
    """Return the level that ``text`` names by the words of the pack or as hospitals write it, or None."""
    known = _find(text, pack.scope.level_names)
    if known is not None:
        return known
    try:
        return read_level(text).level
    except NotUnderstood:
        return None


def read_ranks(title: str, honours: Iterable[str], pack: RulePack) -> RankWords:
    """Read a title, which may bring honours along, and further honours.

    A word is looked up whole before it is taken apart, so that 博士 生导师 is one word and 教授兼博士生导师 are two.
    """
    found: list[ExpertTitle] = []
    named: list[ExpertHonour] = []
    unknown: list[str] = []
    for text, is_title in ((title, True), *((honour, False) for honour in honours)):
        for word in _words(text, pack):
            rank = _find(word, pack.scope.titles) if is_title else None
            honour = _find(word, pack.scope.honours)
            if rank is not None:
                found.append(rank)
            elif honour is not None:
                named.append(honour)
            elif word not in unknown:
                unknown.append(word)
    return RankWords(found[0] if found else None, tuple(dict.fromkeys(named)), tuple(unknown))


def _words(text: str, pack: RulePack) -> Iterable[str]:
    if _find(text, pack.scope.titles) is not None or _find(text, pack.scope.honours) is not None:
        return (text,)
    return tuple(word for word in _BETWEEN.split(text) if word)


def _find(text: str, names: Mapping[str, E]) -> E | None:
    wanted = fold_name(text)
    return next((member for name, member in names.items() if fold_name(name) == wanted), None)
