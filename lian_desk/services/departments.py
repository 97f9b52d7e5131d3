"""Departments and examinations of ``resources/departments.toml`` by any usual name (R34, R35, A20, A32).

The file holds names only; what a service excludes or covers is said by the rule pack.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache

from lian_desk.models.scope import DepartmentFacts, ExaminationFacts
from lian_desk.models.vocabulary import ExaminationCode
from lian_desk.services.resources import resource_path

_DROPPED = " 　-－/／()（）·."
_ENDINGS = ("专家门诊", "普通门诊", "门诊", "病房", "病区", "专科")


@dataclass(frozen=True, slots=True)
class Department:
    """One normalised department."""

    code: str
    name: str
    synonyms: tuple[str, ...]
    excluded_family: str | None


@dataclass(frozen=True, slots=True)
class _Directory:
    departments: tuple[Department, ...]
    by_name: dict[str, Department]
    examinations: dict[str, ExaminationCode]
    outside: frozenset[str]


def fold_name(text: str) -> str:
    """Return ``text`` as names are compared: one width, lower case, without blanks, hyphens and brackets."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char not in _DROPPED)


@cache
def _directory() -> _Directory:
    document = tomllib.loads(resource_path("departments.toml").read_text(encoding="utf-8"))
    departments = tuple(
        Department(row["code"], row["name"], tuple(row["synonyms"]), row.get("excluded_family"))
        for row in document["department"]
    )
    by_name = {fold_name(name): row for row in departments for name in (row.name, *row.synonyms)}
    examinations = {
        fold_name(name): ExaminationCode(row["code"])
        for row in document["examination"]
        for name in (row["name"], *row["synonyms"])
    }
    outside = frozenset(fold_name(name) for row in document["examination_not_covered"] for name in row["names"])
    return _Directory(departments, by_name, examinations, outside)


def all_departments() -> tuple[Department, ...]:
    """Return every department in the order of the file."""
    return _directory().departments


def department_by_code(code: str) -> Department | None:
    """Return the department with ``code`` or None."""
    return next((row for row in all_departments() if row.code == code), None)


def find_department(text: str) -> Department | None:
    """Return the department that ``text`` names; None if nobody knows it.

    An exact name or synonym first; then without an ending such as 门诊; then, so that no wording slips past an
    exclusion, the longest name of an excluded family that ``text`` holds, unless a longer allowed name explains it.
    """
    directory = _directory()
    name = fold_name(text)
    for candidate in (name, *(name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending))):
        if candidate in directory.by_name:
            return directory.by_name[candidate]
    contained = [known for known in directory.by_name if known in name]
    longest = max(contained, key=len, default=None)
    return directory.by_name[longest] if longest is not None else _by_root(name)


def _by_root(name: str) -> Department | None:
    """Find an excluded family by the root of its name: 口腔黏膜科, 发育牙病, 生殖内分泌."""
    for root, code in _ROOTS:
        if root in name:
            return department_by_code(code)
    return None


_ROOTS = (
    ("颌面", "oral_maxillofacial"),
    ("口腔", "stomatology"),
    ("牙", "stomatology"),
    ("正畸", "stomatology"),
    ("急诊", "emergency"),
    ("急救", "emergency"),
    ("生殖", "reproductive_centre"),
    ("试管婴儿", "reproductive_centre"),
    ("建档", "obstetric_registration"),
    ("建卡", "obstetric_registration"),
    ("建册", "obstetric_registration"),
)


def department_facts(text: str, *, is_allowed_by_lead: bool = False) -> DepartmentFacts:
    """Return what ``models/scope.py`` judges, for a department as typed or as chosen."""
    found = find_department(text)
    if found is None:
        return DepartmentFacts("", text, None, is_allowed_by_lead)
    return DepartmentFacts(found.code, text, found.excluded_family, is_allowed_by_lead)


def examination_facts(text: str, *, coded_as: ExaminationCode | None = None) -> ExaminationFacts:
    """Return what ``models/scope.py`` judges, for an examination as the order names it (R35, A32)."""
    directory = _directory()
    name = fold_name(text)
    if name in directory.examinations:
        return ExaminationFacts(text, directory.examinations[name], coded_as)
    if any(word in name for word in directory.outside):
        return ExaminationFacts(text, None, coded_as, is_known_outside=True)
    contained = [known for known in directory.examinations if known in name]
    longest = max(contained, key=len, default=None)
    code = directory.examinations[longest] if longest is not None else coded_as
    return ExaminationFacts(text, code, coded_as)
