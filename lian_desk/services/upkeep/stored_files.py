"""Compares every material row with its stored file, and every stored file with the rows.

The quick look hashes the sealed file and compares it with the row. Where they differ the file is decrypted: the right
content under another seal is sound (it was taken in anew after damage), a readable file of other content was swapped,
and what cannot be decrypted is damaged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Final

from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select, union_all

from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.vault import Cancelled
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material, StoredFileDiscard
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.file_keeping import FileErasure
from lian_desk.services.desk.desk import Desk

ORPHAN_AGE: Final = timedelta(days=1)
"""A younger file without a row may belong to an intake that is under way."""
_ROWS_AT_ONCE: Final = 500

Report = Callable[[int, int], None]
"""Called with materials done and materials in all."""


class Fault(StrEnum):
    """What can be wrong with stored materials."""

    MISSING = "missing"
    DAMAGED = "damaged"
    SWAPPED = "swapped"
    UNREADABLE = "unreadable"
    ORPHAN = "orphan"
    STRANGER = "stranger"


FAULT_WORDS: Final = {
    Fault.MISSING: "文件不见了",
    Fault.DAMAGED: "文件已损坏",
    Fault.SWAPPED: "文件被换过，与登记的校验值不符",
    Fault.UNREADABLE: "磁盘读不出文件",
    Fault.ORPHAN: "有文件而没有登记",
    Fault.STRANGER: "材料文件夹里有不认识的文件",
}


ADVICE: Final = {
    Fault.MISSING: "请从材料文件夹的副本取回，或重新收取同一份文件。",
    Fault.DAMAGED: "请从材料文件夹的副本取回，或重新收取同一份文件；损坏的文件会移入隔离文件夹。",
    Fault.SWAPPED: "请报告主管；从材料文件夹的副本取回，换上的文件会移入隔离文件夹。",
    Fault.UNREADABLE: "请检查磁盘与权限，再核对一次。",
    Fault.ORPHAN: "没有档案登记这个文件；主管可以把它移入隔离文件夹，不会删除。",
    Fault.STRANGER: "请查看是谁放入的；程序不打开也不移动它。",
}
_REPAIRABLE: Final = frozenset({Fault.MISSING, Fault.DAMAGED, Fault.SWAPPED})


@dataclass(frozen=True)
class Finding:
    """One fault. ``material_id`` and ``file_number`` are empty for a file without a row; ``sha256`` for a stranger.

    An issued paper that lies in the store has a ``file_number`` but no ``material_id``.
    """

    fault: Fault
    material_id: int | None = None
    file_number: str = ""
    sha256: str = ""

    @property
    def is_repairable(self) -> bool:
        """True when the right file could be put back in its place."""
        return self.fault in _REPAIRABLE and bool(self.sha256)

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.is_repairable and self.material_id is None:
            return "封存的文书：请从材料文件夹的副本取回。"
        return ADVICE[self.fault]

    @property
    def sentence(self) -> str:
        """What is wrong and where, without personal data."""
        place = f"{self.file_number} · " if self.file_number else ""
        name = f"（校验值 {self.sha256[:12]}…）" if self.sha256 else ""
        return f"{place}{FAULT_WORDS[self.fault]}{name}"


@dataclass(frozen=True)
class IntegrityReport:
    """What a check found; sound when ``findings`` is empty."""

    material_count: int
    stored_count: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """True when every row has its file and every file its row."""
        return not self.findings


def check_materials(desk: Desk, *, progress: Report | None = None, cancel: Event | None = None) -> IntegrityReport:
    """Compare all rows with all files.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    findings: list[Finding] = []
    known: set[str] = set()
    done, last_id = 0, 0
    with desk.read() as session:
        total = session.scalar(select(func.count(Material.id)).where(Material.erased_at.is_(None))) or 0
    while True:
        rows = _next_rows(desk, last_id)
        if not rows:
            break
        for key, sha256, sealed_sha256, number in rows:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            fault = fault_of(desk.materials, sha256, sealed_sha256)
            if fault is not None:
                findings.append(Finding(fault, key, number, sha256))
            known.add(sha256)
            done, last_id = done + 1, key
            if progress is not None:
                progress(done, total)
    for sha256, number in _frozen_papers(desk):
        if not desk.materials.exists(sha256):
            findings.append(Finding(Fault.MISSING, file_number=number, sha256=sha256))
        known.add(sha256)
    known.update(_to_be_discarded(desk))
    stored = set(desk.materials.names())
    findings.extend(Finding(Fault.ORPHAN, sha256=name) for name in sorted(stored - known))
    findings.extend(Finding(Fault.STRANGER) for _path in desk.materials.strangers())
    return IntegrityReport(done, len(stored), tuple(findings))


def fault_of(store: MaterialStore, sha256: str, sealed_sha256: str) -> Fault | None:
    """Check one material; None when its file is sound."""
    try:
        if store.sealed_checksum(sha256) == sealed_sha256:
            return None
        return None if store.verify(sha256).sha256 == sha256 else Fault.SWAPPED
    except EnvironmentProblem as problem:
        return _FAULTS.get(problem.code, Fault.UNREADABLE)


_FAULTS: Final = {ErrorCode.MATERIAL_MISSING: Fault.MISSING, ErrorCode.MATERIAL_DAMAGED: Fault.DAMAGED}


def set_orphans_aside(desk: Desk, now: datetime, quarantine: Path) -> int:
    """Move files without a row that are older than a day into ``quarantine``; returns how many.

    Names are compared as sets first; only a file that seems to have no owner is looked up again before it moves.
    """
    stored = set(desk.materials.names())
    with desk.read() as session:
        stored.difference_update(session.scalars(_owned_names()))
    moved = 0
    for name in sorted(stored):
        if now.timestamp() - desk.materials.modified_seconds(name) < ORPHAN_AGE.total_seconds():
            continue
        with desk.read() as session:
            is_known = session.scalar(_owner_of(name)) is not None
        if not is_known:
            desk.materials.set_aside(name, quarantine)
            moved += 1
    return moved


def _frozen_papers(desk: Desk) -> list[tuple[str, str]]:
    """Return digest and file number of every issued paper whose frozen copy lies in the store (R92)."""
    statement = (
        select(IssuedDocument.content_sha256, AssistanceFile.number)
        .outerjoin(AssistanceFile, AssistanceFile.id == IssuedDocument.assistance_file_id)
        .where(IssuedDocument.content_sha256 != "", _is_not_erased())
    )
    with desk.read() as session:
        # a paper about the team belongs to no file
        return [(row[0], row[1] or "") for row in session.execute(statement)]


def _is_not_erased() -> ColumnElement[bool]:
    """Return the condition that a paper's file was not erased; a paper about the team belongs to no file."""
    erased = select(FileErasure.assistance_file_id)
    return or_(IssuedDocument.assistance_file_id.is_(None), IssuedDocument.assistance_file_id.not_in(erased))


def _to_be_discarded(desk: Desk) -> set[str]:
    """Return the names of erased files that are still on their way off the disk."""
    with desk.read() as session:
        return set(session.scalars(select(StoredFileDiscard.sha256)))


def _owned_names() -> CompoundSelect[str]:
    """Return the statement for every name that a row owns."""
    return union_all(
        select(Material.sha256).where(Material.erased_at.is_(None)),
        select(IssuedDocument.content_sha256).where(IssuedDocument.content_sha256 != "", _is_not_erased()),
    )


def _owner_of(name: str) -> CompoundSelect[int]:
    """Return the statement for the material or the issued paper whose file is named ``name``."""
    return union_all(
        select(Material.id).where(Material.sha256 == name, Material.erased_at.is_(None)),
        select(IssuedDocument.id).where(IssuedDocument.content_sha256 == name, _is_not_erased()),
    )


def _next_rows(desk: Desk, last_id: int) -> list[tuple[int, str, str, str]]:
    statement = (
        select(Material.id, Material.sha256, Material.sealed_sha256, AssistanceFile.number)
        .join(AssistanceFile, AssistanceFile.id == Material.assistance_file_id)
        .where(Material.id > last_id, Material.erased_at.is_(None))
        .order_by(Material.id)
        .limit(_ROWS_AT_ONCE)
    )
    with desk.read() as session:
        return [(row.id, row.sha256, row.sealed_sha256, row.number) for row in session.execute(statement)]
