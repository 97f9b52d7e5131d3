"""Take in a hospital list: compare it with what holds, show that, and write only the sound rows (R31, R85).

Nothing is deleted and no past is rewritten: a campus that changes gets a new row from the effective date on, one that is
taken off keeps its row with its last day. Requests keep the row they were made with (A41).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_list import HospitalInput, hospital_values
from lian_desk.services.hospitals.hospital_lists import holds_sample, record_list, sample_notice
from lian_desk.services.hospitals.list_files import ListedHospital, identity_of, made_code
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase

SOURCE_LENGTH: Final = 200
_LONGEST_RUNNING_NUMBER: Final = 4


class ListChange(StrEnum):
    """What a list does to a campus."""

    NEW = "new"
    CHANGED = "changed"
    TAKEN_OFF = "taken_off"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


class PlannedRow(NamedTuple):
    """One line of the preview. ``number``: row of the file, 0 for a campus that the file no longer names."""

    key: int
    number: int
    change: ListChange
    name: str
    campus: str
    city: str
    detail: str
    hospital: HospitalInput | None
    hospital_id: int | None


@dataclass(frozen=True)
class ListPlan:
    """What taking in a list would do; ``mark`` goes back with the command as ``accepted``."""

    effective_on: date
    rows: tuple[PlannedRow, ...]
    is_first: bool = False
    """No real list was taken in before: one that only confirms the sample is worth taking in too."""

    def count(self, change: ListChange) -> int:
        """Return how many campuses have this change."""
        return sum(row.change is change for row in self.rows)

    @property
    def confirms(self) -> bool:
        """True for a first real list that says of campuses what the sample says."""
        return self.is_first and self.count(ListChange.UNCHANGED) > 0

    @property
    def mark(self) -> str:
        """A checksum of what would be written."""
        text = "\n".join(
            f"{row.change} {row.hospital_id} {row.hospital} {row.detail}"
            for row in self.rows
            if row.change not in {ListChange.UNCHANGED, ListChange.FAULTY}
        )
        return hashlib.sha256(f"{self.effective_on}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class ListInput:
    """A list as it is taken in: every row of the file, from when it holds, and whether it is the whole list.

    A list that is not whole takes nothing off.
    """

    rows: tuple[ListedHospital, ...]
    effective_on: date
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class ImportHospitalList(Command):
    """Take in the sound rows of a list; ``accepted`` is the mark of the plan that the lead has seen."""

    content: ListInput
    source: str
    accepted: str


@handles(ImportHospitalList, roles=LEADS)
def import_hospital_list(command: ImportHospitalList, context: CommandContext) -> None:
    """Write what the plan says.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` for the source, ``IMPORT_PREVIEW_OUTDATED`` when the directory changed since
            the preview, ``IMPORT_NOTHING_TO_TAKE`` when nothing would change.
    """
    source = input_checks.required(command.source, field="source", clause="R31", limit=SOURCE_LENGTH)
    plan = plan_list(context.session, command.content)
    if plan.mark != command.accepted:
        raise RuleViolation(ErrorCode.IMPORT_PREVIEW_OUTDATED, clause="R31")
    changed = any(plan.count(change) for change in (ListChange.NEW, ListChange.CHANGED, ListChange.TAKEN_OFF))
    if not changed and not plan.confirms:
        raise RuleViolation(ErrorCode.IMPORT_NOTHING_TO_TAKE, clause="R31")
    for row in plan.rows:
        _WRITERS.get(row.change, _leave)(context, row, source, plan.effective_on)
    record_list(context, source, plan.effective_on, is_whole=command.content.is_whole)


def preview_list(desk: Desk, content: ListInput) -> ListPlan:
    """Compare a list with the directory; nothing is written."""
    with desk.read() as session:
        return plan_list(session, content)


def plan_list(session: Session, content: ListInput) -> ListPlan:
    """Return what taking in ``content`` would do, in the order of the file, then what it takes off."""
    known = _Directory(session.scalars(select(Hospital).order_by(Hospital.id)))
    rows: list[PlannedRow] = []
    meant: dict[int, int] = {}
    for listed in content.rows:
        row = _plan_row(listed, known, content.effective_on)
        if row.hospital_id in meant and row.change is not ListChange.FAULTY:
            twin = f"与第 {meant[row.hospital_id]} 行指向现有的同一院区"
            row = row._replace(change=ListChange.FAULTY, detail=twin, hospital=None)
        elif row.hospital_id is not None:
            meant.setdefault(row.hospital_id, row.number)
        rows.append(row)
    if content.is_whole:
        named = {row.hospital_id for row in rows if row.hospital_id is not None}
        rows += _taken_off(known, named, content.effective_on)
    numbered = (row._replace(key=place) for place, row in enumerate(rows, start=1))
    return ListPlan(content.effective_on, tuple(numbered), holds_sample(session))


class _Directory:
    """The newest row of every campus, found by code or by name and campus."""

    def __init__(self, hospitals: Iterable[Hospital]) -> None:
        self._by_code: dict[str, Hospital] = {}
        for hospital in hospitals:
            held = self._by_code.get(hospital.code)
            if held is None or (hospital.on_list_from or date.min) >= (held.on_list_from or date.min):
                self._by_code[hospital.code] = hospital
        self._by_identity = {identity_of(row.name, row.campus): row for row in self._by_code.values()}

    @property
    def newest(self) -> Sequence[Hospital]:
        """Every campus once."""
        return list(self._by_code.values())

    def find(self, listed: ListedHospital) -> Hospital | None:
        """Return the campus that a row of a file means.

        A running number (1, 2, 3) says nothing of a campus: another list numbers others so.
        """
        held = self._by_code.get(listed.hospital.code) if listed.hospital is not None else None
        if held is not None and (
            not _is_running_number(held.code) or identity_of(held.name, held.campus) == listed.identity
        ):
            return held
        return self._by_identity.get(listed.identity)

    def free_code(self, hospital: HospitalInput) -> HospitalInput:
        """Return a new campus with a code that no other campus has."""
        is_taken = hospital.code in self._by_code
        return replace(hospital, code=made_code(hospital.name, hospital.campus)) if is_taken else hospital


def _plan_row(listed: ListedHospital, known: _Directory, effective_on: date) -> PlannedRow:
    held = known.find(listed)
    key = held.id if held is not None else None
    if listed.hospital is None:
        return PlannedRow(
            0, listed.number, ListChange.FAULTY, listed.name, listed.campus, "", listed.problem, None, key
        )
    given = listed.hospital

    def line(change: ListChange, detail: str, hospital: HospitalInput = given) -> PlannedRow:
        words = "；".join(filter(None, (detail, listed.note)))
        return PlannedRow(0, listed.number, change, given.name, given.campus, given.city, words, hospital, key)

    if held is None:
        given = known.free_code(given)
        starts = given.on_list_from or effective_on
        return line(ListChange.NEW, f"{starts} 起列入", replace(given, on_list_from=starts))
    given = replace(given, code=held.code)
    if held.on_list_from is not None and held.on_list_from > effective_on:
        return line(ListChange.FAULTY, f"现有记录自 {held.on_list_from} 起列入，晚于本名录的生效日期")
    differences = _differences(held, given)
    if not _is_listed(held, effective_on) and (given.on_list_to is None or given.on_list_to > effective_on):
        again = "重新列入" if held.on_list_from is not None else "列入"
        words = "；".join([f"{effective_on} 起{again}", *differences])
        return line(ListChange.CHANGED, words, replace(given, on_list_from=effective_on))
    ends = given.on_list_to is not None and given.on_list_to != held.on_list_to
    if ends:
        differences.append(f"{given.on_list_to} 移出")
    if not differences:
        return line(ListChange.UNCHANGED, "", replace(given, on_list_from=held.on_list_from))
    return line(ListChange.CHANGED, "；".join(differences), replace(given, on_list_from=effective_on))


def _is_running_number(code: str) -> bool:
    return code.isdecimal() and len(code) <= _LONGEST_RUNNING_NUMBER


def _is_listed(hospital: Hospital, day: date) -> bool:
    starts, ends = hospital.on_list_from, hospital.on_list_to
    return starts is not None and starts <= day and (ends is None or ends > day)


def _differences(held: Hospital, given: HospitalInput) -> list[str]:
    pairs: Mapping[str, tuple[str, str]] = {
        "名称": (held.name, given.name),
        "院区": (held.campus, given.campus),
        "省份": (held.province, given.province),
        "城市": (held.city, given.city),
        "等级": (phrase(held.level), phrase(given.level)),
        "专科": (phrase(held.specialty), phrase(given.specialty)),
    }
    found = [f"{name} {old or '无'} → {new or '无'}" for name, (old, new) in pairs.items() if old != new]
    if given.aliases and set(given.aliases.split("、")) != set(held.aliases.split("、")):
        found.append(f"别名 {held.aliases or '无'} → {given.aliases}")
    return found


def _taken_off(known: _Directory, named: set[int], effective_on: date) -> list[PlannedRow]:
    return [
        PlannedRow(
            0,
            0,
            ListChange.TAKEN_OFF,
            row.name,
            row.campus,
            row.city,
            f"{effective_on} 起不在名录；记录保留",
            None,
            row.id,
        )
        for row in known.newest
        if row.id not in named and _is_listed(row, effective_on)
    ]


# ---------------------------------------------------------------------------------------------------------- writing


def _add(context: CommandContext, row: PlannedRow, source: str, _effective_on: date) -> None:
    assert row.hospital is not None
    values = hospital_values(replace(row.hospital, source=source))
    context.session.add(Hospital(id=context.new_id(), recorded_at=context.now, **values))


def _change(context: CommandContext, row: PlannedRow, source: str, effective_on: date) -> None:
    """End the old row and add a new one; where both would begin on one day, or only words change, the row itself."""
    assert row.hospital is not None
    assert row.hospital_id is not None
    held = context.get(Hospital, row.hospital_id)
    was_listed = _is_listed(held, effective_on)
    ends = row.hospital.on_list_to or (held.on_list_to if was_listed else None)
    given = replace(row.hospital, source=source, aliases=row.hospital.aliases or held.aliases, on_list_to=ends)
    if held.on_list_from in {None, effective_on} or (was_listed and _only_words(held, given)):
        starts = held.on_list_from if was_listed else effective_on
        for name, value in hospital_values(replace(given, on_list_from=starts)).items():
            setattr(held, name, value)
        return
    if was_listed:
        held.on_list_to = effective_on
    context.session.flush()
    _add(context, row._replace(hospital=given), source, effective_on)


def _only_words(held: Hospital, given: HospitalInput) -> bool:
    """Aliases and the last day decide nothing about what the campus is; the row stays the same one."""
    decisive = ("name", "campus", "province", "city", "level", "specialty")
    return all(getattr(held, name) == getattr(given, name) for name in decisive)


def _take_off(context: CommandContext, row: PlannedRow, _source: str, effective_on: date) -> None:
    assert row.hospital_id is not None
    context.get(Hospital, row.hospital_id).on_list_to = effective_on


def _leave(_context: CommandContext, _row: PlannedRow, _source: str, _effective_on: date) -> None:
    """Leave what is unchanged or faulty alone."""


_WRITERS: Final = {ListChange.NEW: _add, ListChange.CHANGED: _change, ListChange.TAKEN_OFF: _take_off}


# ---------------------------------------------------------------------------------------------------------- history


@dataclass(frozen=True, slots=True)
class ListPeriod:
    """One row of a campus: from when to when it was so."""

    from_on: date | None
    to_on: date | None
    name: str
    city: str
    level: str
    source: str
    recorded: str


@dataclass(frozen=True)
class HospitalView:
    """A campus with all its rows, the newest first."""

    name: str
    campus: str
    code: str
    province: str
    city: str
    level: str
    specialty: str
    aliases: str
    is_on_list: bool
    periods: tuple[ListPeriod, ...]
    list_notice: str = ""
    """What is to be said of the list; empty once a real one holds."""


def load_hospital(desk: Desk, hospital_id: int) -> HospitalView:
    """Read one campus with its history.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(Hospital, hospital_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=Hospital.__tablename__)
        history = session.scalars(
            select(Hospital).where(Hospital.code == row.code).order_by(Hospital.on_list_from.desc())
        ).all()
        notice = sample_notice(session)
    return HospitalView(
        name=row.name,
        campus=row.campus,
        code=row.code,
        province=row.province,
        city=row.city,
        level=phrase(row.level),
        specialty=phrase(row.specialty),
        aliases=row.aliases,
        is_on_list=_is_listed(row, desk.today),
        periods=tuple(
            ListPeriod(
                period.on_list_from,
                period.on_list_to,
                " ".join(filter(None, (period.name, period.campus))),
                period.city,
                f"{phrase(period.level)} · {phrase(period.specialty)}",
                period.source,
                formats.iso_moment(period.recorded_at),
            )
            for period in history
        ),
        list_notice=notice,
    )
