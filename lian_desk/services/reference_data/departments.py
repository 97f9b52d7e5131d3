"""Departments and examinations of ``resources/departments.toml`` by any usual name (R34, R35, A20, A32).

The file holds names only; what a service excludes or covers is said by the rule pack.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import plain
from lian_desk.models.rules.scope import DepartmentFacts, ExaminationFacts
from lian_desk.models.vocabulary import ExaminationCode

_DROPPED = " 　-－/／()（）·."
_ENDINGS = ("专家门诊", "普通门诊", "门诊", "病房", "病区", "专科")


@dataclass(frozen=True, slots=True)
class Department:
    """One normalised department."""

    code: str
    name: str
    synonyms: tuple[str, ...]
    excluded_family: str | None
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Directory:
    departments: tuple[Department, ...]
    by_name: dict[str, Department]
    by_root: dict[str, Department]
    examinations: dict[str, ExaminationCode]
    outside: frozenset[str]


def fold_name(text: str) -> str:
    """Return ``text`` as names are compared: one width, lower case, without blanks, hyphens and brackets."""
    folded = plain(text).casefold()
    return "".join(char for char in folded if char not in _DROPPED)


@cache
def _directory() -> _Directory:
    document = tomllib.loads(resource_path("departments.toml").read_text(encoding="utf-8"))
    departments = tuple(
        Department(
            row["code"], row["name"], tuple(row["synonyms"]), row.get("excluded_family"), tuple(row.get("roots", ()))
        )
        for row in document["department"]
    )
    by_name = {fold_name(name): row for row in departments for name in (row.name, *row.synonyms)}
    by_root = {fold_name(root): row for row in departments for root in row.roots}
    examinations = {
        fold_name(name): ExaminationCode(row["code"])
        for row in document["examination"]
        for name in (row["name"], *row["synonyms"])
    }
    outside = frozenset(fold_name(name) for row in document["examination_not_covered"] for name in row["names"])
    return _Directory(departments, by_name, by_root, examinations, outside)


def all_departments() -> tuple[Department, ...]:
    """Return every department in the order of the file."""
    return _directory().departments


def department_by_code(code: str) -> Department | None:
    """Return the department with ``code`` or None."""
    return next((row for row in all_departments() if row.code == code), None)


def find_department(text: str) -> Department | None:
    """Return the department that ``text`` names; None if nobody knows it.

    An exact name or synonym first, also without an ending such as 门诊; then the root of an excluded family, so that no
    wording slips past an exclusion; then the longest known name that ``text`` holds.
    """
    directory = _directory()
    name = fold_name(text)
    for candidate in (name, *(name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending))):
        if candidate in directory.by_name:
            return directory.by_name[candidate]
    root = max((known for known in directory.by_root if known in name), key=len, default=None)
    if root is not None:
        return directory.by_root[root]
    contained = max((known for known in directory.by_name if known in name), key=len, default=None)
    return directory.by_name[contained] if contained is not None else None


def department_facts(text: str, *, is_allowed_by_lead: bool = False) -> DepartmentFacts:
    """Return what ``models/rules/scope.py`` judges, for a department as typed or as chosen."""
    found = find_department(text)
    if found is None:
        return DepartmentFacts("", text, None, is_allowed_by_lead)
    return DepartmentFacts(found.code, text, found.excluded_family, is_allowed_by_lead)


def examination_facts(text: str, *, coded_as: ExaminationCode | None = None) -> ExaminationFacts:
    """Return what ``models/rules/scope.py`` judges, for an examination as the order names it (R35, A32)."""
    directory = _directory()
    name = fold_name(text)
    if name in directory.examinations:
        return ExaminationFacts(text, directory.examinations[name], coded_as)
    if any(_holds(name, word) for word in directory.outside):
        return ExaminationFacts(text, None, coded_as, is_known_outside=True)
    contained = [known for known in directory.examinations if _holds(name, known)]
    longest = max(contained, key=len, default=None)
    code = directory.examinations[longest] if longest is not None else coded_as
    return ExaminationFacts(text, code, coded_as)


def _holds(text: str, word: str) -> bool:
    """Tell whether ``text`` holds ``word``; letters count only as a whole word, so that TCT is no CT."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None
