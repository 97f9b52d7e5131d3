"""The same invented paper as other hospitals print it: other words, other dates beside the true one.

Two sets of wordings are kept apart (resources/demo/page_styles.toml): the rules of recognition were made with the one,
and are measured on the other.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any, Final, cast

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.papers import Paper, Subject


class PageSet(StrEnum):
    """Which wordings and layouts are used."""

    TUNING = "tuning"
    UNSEEN = "unseen"


_STATEMENTS: Final = frozenset(
    {
        MaterialKind.AUTHORIZATION_FORM,
        MaterialKind.CONFIRMATION,
        MaterialKind.GUARDIANSHIP_PROOF,
        MaterialKind.IDENTITY_DOCUMENT,
    }
)
_NOTICES: Final = frozenset(
    {MaterialKind.ADMISSION_NOTICE, MaterialKind.SURGERY_NOTICE, MaterialKind.EXAMINATION_NOTICE}
)
_REPORTS: Final = frozenset(
    {MaterialKind.BLOOD_TEST_REPORT, MaterialKind.EXAMINATION_REPORT, MaterialKind.PATHOLOGY_REPORT}
)
_PLAIN_DATE: Final = "日期"


@dataclass(frozen=True, slots=True)
class PageWording:
    """The words chosen for one page."""

    title: str
    name_label: str
    department_label: str
    identity_label: str
    age_label: str
    date_label: str
    doctor_label: str
    layout: str


@cache
def _styles() -> Mapping[str, Any]:
    with resource_path("demo", "page_styles.toml").open("rb") as stream:
        return tomllib.load(stream)


def choose_wording(page_set: PageSet, kind: MaterialKind, rng: Random) -> PageWording:
    """Return the words of one page of ``kind``."""
    words = cast("Mapping[str, Any]", _styles()[page_set.value])
    dates = words["date_labels"]["statement" if kind in _STATEMENTS else kind.value]
    doctors = words["doctor_labels"].get("notice" if kind in _NOTICES else kind.value, ["医师"])
    return PageWording(
        title=rng.choice(words["titles"][kind.value]),
        name_label=rng.choice(words["name_labels"]),
        department_label=rng.choice(words["department_labels"]),
        identity_label=rng.choice(words["identity_labels"]),
        age_label=rng.choice(words["age_labels"]),
        date_label=rng.choice(dates),
        doctor_label=rng.choice(doctors),
        layout=rng.choice(words["layouts"]),
    )


def reword(paper: Paper, subject: Subject, wording: PageWording, rng: Random) -> Paper:
    """Return ``paper`` in other words, with further dates and persons that are not the ones looked for."""
    labels = {
        "姓名": wording.name_label,
        "科室": wording.department_label,
        "证件号码": wording.identity_label,
        "年龄": wording.age_label,
    }
    print_date = _date_printer(rng)
    dated = print_date(subject.dated_on)
    has_date_in_head = rng.random() < _SHARE_DATE_IN_HEAD or paper.kind in _REPORTS
    fields = [
        (labels.get(label, label), value) for label, value in paper.fields if label not in {_PLAIN_DATE, "入院日期"}
    ]
    fields += _other_dates(paper.kind, subject.dated_on, rng, print_date)
    if has_date_in_head and paper.kind not in _STATEMENTS:
        fields.insert(rng.randint(2, len(fields)), (wording.date_label, dated))
    if rng.random() < _SHARE_IDENTITY and paper.kind not in _STATEMENTS:
        fields.insert(rng.randint(1, len(fields)), (wording.identity_label, subject.identity_number))
    signatures = _signatures(paper, subject, wording, dated)
    truth = dict(paper.truth) | {"identity_number": subject.identity_number if _has_identity(fields, wording) else ""}
    return replace(paper, title=wording.title, fields=tuple(fields), signatures=signatures, truth=truth)


_SHARE_DATE_IN_HEAD: Final = 0.6
_SHARE_IDENTITY: Final = 0.35


def _has_identity(fields: list[tuple[str, str]], wording: PageWording) -> bool:
    return any(label == wording.identity_label for label, _value in fields)


def _signatures(paper: Paper, subject: Subject, wording: PageWording, dated: str) -> tuple[tuple[str, str], ...]:
    foot_label = wording.date_label if paper.kind not in _REPORTS else "报告日期"
    if paper.kind in _STATEMENTS:
        return (("签名", subject.name), (wording.date_label, dated))
    return ((wording.doctor_label, f"{subject.doctor}"), (foot_label, dated))


def _other_dates(kind: MaterialKind, day: date, rng: Random, print_date: "_Printer") -> list[tuple[str, str]]:
    """Dates that stand on such papers too: of birth, of sampling, of admission, of the appointment."""
    found: list[tuple[str, str]] = []
    if rng.random() < 0.3:
        born = date(rng.randint(1942, 2005), rng.randint(1, 12), rng.randint(1, 28))
        found.append(("出生日期", print_date(born)))
    if kind in _REPORTS and rng.random() < 0.7:
        label = {"blood_test_report": "采样时间", "examination_report": "检查时间"}.get(kind.value, "收到日期")
        found.append((label, print_date(day - timedelta(days=rng.randint(0, 4)))))
    if kind is MaterialKind.DISCHARGE_SUMMARY:
        found.append(("入院日期", print_date(day - timedelta(days=rng.randint(4, 20)))))
    if kind in _NOTICES and rng.random() < 0.6:
        label = {"admission_notice": "预约入院日期", "surgery_notice": "拟手术日期"}.get(kind.value, "预约时间")
        found.append((label, print_date(day + timedelta(days=rng.randint(2, 20)))))
    return found


class _Printer:
    """Writes days in one manner of a hospital."""

    def __init__(self, pattern: str, clock: str) -> None:
        self._pattern = pattern
        self._clock = clock

    def __call__(self, day: date) -> str:
        return self._pattern.format(year=day.year, month=day.month, day=day.day) + self._clock


_PATTERNS: Final = (
    "{year}年{month:02d}月{day:02d}日",
    "{year}年{month}月{day}日",
    "{year}-{month:02d}-{day:02d}",
    "{year}/{month:02d}/{day:02d}",
    "{year}.{month:02d}.{day:02d}",
)


def _date_printer(rng: Random) -> _Printer:
    pattern = rng.choice(_PATTERNS)
    has_clock = rng.random() < 0.25 and "年" not in pattern
    clock = f" {rng.randint(8, 17):02d}:{rng.randint(0, 59):02d}" if has_clock else ""
    return _Printer(pattern, clock)
