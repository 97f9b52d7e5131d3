"""Which hospital issued a paper: compared with the directory, campus and aliases included."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from typing import Final

from lian_desk.services.door.labelled import Labelled, Wanted
from lian_desk.services.recognition.folding import folded
from lian_desk.services.recognition.page_words import WordLine
from lian_desk.services.reference_data.departments import find_department

_ISSUER: Final = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{2,28}(?:医院|卫生院|医学中心|医疗中心|妇幼保健院|诊所|研究所|疗养院|门诊部)"
)
_ALMOST: Final = 0.84
"""Likeness (0 to 1) from which a name read with slips is taken for one of the directory."""
_SHORTEST_ALIAS: Final = 4
_UPPER_PART: Final = 0.4
_LOW_WEIGHT: Final = 0.8
_LONGEST_LINE: Final = 34


@dataclass(frozen=True, slots=True)
class HospitalEntry:
    """A campus of the directory; ``aliases`` are other usual names."""

    hospital_id: int
    name: str
    campus: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuerFound:
    """A hospital with how sure it is (0 to 1), its key when the directory knows it, and where it stands (upright)."""

    name: str
    hospital_id: int | None
    confidence: float
    seen: str
    line: WordLine


@dataclass(frozen=True)
class HospitalDirectory:
    """The campuses in the form in which papers are compared with them."""

    entries: tuple[HospitalEntry, ...]

    @cached_property
    def by_name(self) -> dict[str, tuple[HospitalEntry, ...]]:
        """Campuses by folded name or alias."""
        found: dict[str, list[HospitalEntry]] = {}
        for entry in self.entries:
            for name in (entry.name, *entry.aliases):
                key = folded(name)
                if len(key) >= _SHORTEST_ALIAS:
                    found.setdefault(key, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    def named_in(self, text: str) -> tuple[tuple[HospitalEntry, ...], float, str]:
        """Return the campuses whose name stands in folded ``text``, how alike, and the folded name; empty for none."""
        held = max((name for name in self.by_name if name in text), key=len, default="")
        if held:
            return self.by_name[held], 1.0, held
        if not _may_name_one().search(text):
            return (), 0.0, ""
        best, likeness = "", _ALMOST
        for name in self.by_name:
            if abs(len(name) - len(text)) > 1 + len(name) // 4:
                continue
            matcher = SequenceMatcher(None, name, text, autojunk=False)
            if matcher.real_quick_ratio() <= likeness or matcher.quick_ratio() <= likeness:
                continue
            value = matcher.ratio()
            if value > likeness:
                best, likeness = name, value
        return (self.by_name[best], likeness, best) if best else ((), 0.0, "")


@cache
def _may_name_one() -> re.Pattern[str]:
    """Folded text without any of these is not compared with every name of the directory."""
    return re.compile("|".join(folded(word) for word in ("医", "院", "中心", "所")))


def issuer(upright: Sequence[WordLine], directory: HospitalDirectory) -> IssuerFound | None:
    """Return the hospital that issued the paper: in its heading before anywhere else."""
    found: list[IssuerFound] = []
    for index, line in enumerate(upright):
        if len(line.text) > _LONGEST_LINE:
            continue
        text = folded(line.text)
        entries, likeness, name = directory.named_in(text)
        is_named = _ISSUER.search(line.text)
        weight = 1.0 if line.top < _UPPER_PART else _LOW_WEIGHT
        if entries:
            # the campus may stand in the line below
            nearby = text + (folded(upright[index + 1].text) if index + 1 < len(upright) else "")
            entry, certainty = _campus(entries, nearby.replace(name, "", 1))
            sure = likeness * weight * certainty * line.confidence
            found.append(IssuerFound(_shown(entry, certainty), entry.hospital_id, sure, line.text, line))
        elif is_named:
            found.append(IssuerFound(is_named[0], None, 0.55 * weight * line.confidence, line.text, line))
    return max(found, key=lambda one: one.confidence, default=None)


def _campus(entries: Sequence[HospitalEntry], rest: str) -> tuple[HospitalEntry, float]:
    """Choose among the campuses of one hospital; the confidence falls where the paper does not say which."""
    if len(entries) == 1:
        return entries[0], 0.98
    named = [entry for entry in entries if entry.campus and folded(entry.campus) in rest]
    if named:
        return max(named, key=lambda entry: len(entry.campus)), 0.98
    whole = [entry for entry in entries if not entry.campus]
    return (whole[0], 0.85) if whole else (entries[0], _UNSAID)


_UNSAID: Final = 0.6


def _shown(entry: HospitalEntry, certainty: float) -> str:
    has_campus = entry.campus and certainty > _UNSAID
    return f"{entry.name}（{entry.campus}）" if has_campus else entry.name


def department(values: Sequence[Labelled]) -> tuple[str, float, Labelled] | None:
    """Return the department behind the surest label, in its usual name where it is known."""
    best: tuple[str, float, Labelled] | None = None
    for value in values:
        if value.wanted is not Wanted.DEPARTMENT:
            continue
        text = re.split(r"[\s，,；;]", value.text.strip())[0]
        if not text:
            continue
        known = find_department(text)
        sure = value.weight * value.line.confidence * (1.0 if known is not None else 0.6)
        if best is None or sure > best[1]:
            best = (text if known is None else _usual(text, known.name, known.synonyms), sure, value)
    return best


def _usual(text: str, name: str, synonyms: tuple[str, ...]) -> str:
    """A synonym stays as the hospital writes it; a slip becomes the usual name."""
    return text if any(folded(text) == folded(word) for word in (name, *synonyms)) else name
