"""A whole file for the insured who asks for it: every original, summary and record, a list with checksums, in one ZIP.

The wish is written down before anything is written to the target: who asked, how the identity was checked, and why
(R16, R89). The copy then streams from the sealed store into the target, written beside and renamed; nothing else of it
touches the disk. Papers that show another person stay behind and are named in the list (R1).
"""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final, Self

from sqlalchemy import select

from lian_desk.adapters.disk.safe_sheets import csv_table
from lian_desk.adapters.drawing.delivery import deliver_by_writing
from lian_desk.adapters.file_kinds.sniffing import MediaType
from lian_desk.adapters.storage.names import clean_name
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.materials.material import Material, is_kept
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import (
    DocumentKind,
    EntryCategory,
    IdentityCheckMethod,
    MaskingLevel,
    MaterialState,
    SignerKind,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.changes import Changes
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers.issuing import IssuedPaper, issue
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.upkeep.stored_files import fault_of
from lian_desk.services.words.flaw_words import flaw_of, flaw_words
from lian_desk.services.words.formats import iso_moment
from lian_desk.services.words.wording import phrase

LIST_NAME: Final = "清单.csv"
SUMS_NAME: Final = "SHA256SUMS.txt"
_COLUMNS: Final = ("序号", "文件", "类别", "材料日期", "收到时间", "字节", "SHA-256", "说明")
_PAPERS: Final = (DocumentKind.FILE_SUMMARY, DocumentKind.FOLLOW_UP_RECORD)
_ASKERS: Final = frozenset({SignerKind.INSURED, SignerKind.GUARDIAN})

Report = Callable[[int, int, str], None]
"""Hears how many bytes of how many are done, and the present name."""


class _Cancelled(Exception):
    """Unwinds the copy when the person changed his mind, so that nothing is left at the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileExportOrder:
    """Who asks for the whole file, how that was checked, and why; ``identity_note`` says what was seen."""

    file_id: int
    requested_by: SignerKind
    identity_method: IdentityCheckMethod
    identity_note: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BeginFileExport(Command):
    """The whole file is about to leave the desk (R89)."""

    assistance_file_id: int
    requested_by: SignerKind
    identity_method: IdentityCheckMethod
    identity_note: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AbandonFileExport(Command):
    """The export was stopped or failed: nothing left the desk after all."""

    assistance_file_id: int


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One original that goes along, or stays behind for ``withheld``; ``flaw``: what was lost before it came."""

    name: str
    kind: str
    document_on: str
    received_at: datetime
    byte_size: int
    sha256: str
    sealed_sha256: str
    withheld: str = ""
    flaw: str = ""


@dataclass(frozen=True)
class PlannedExport:
    """What the copy will hold: the papers drawn for it and the originals; what was committed so far."""

    file_id: int
    file_number: str
    papers: tuple[IssuedPaper, ...]
    items: tuple[ExportItem, ...]
    at: datetime
    changes: tuple[Changes, ...]

    @property
    def total(self) -> int:
        """Bytes that will be written, the list aside."""
        return sum(len(paper.content) for paper in self.papers) + sum(
            item.byte_size for item in self.items if not item.withheld
        )

    @property
    def file_name(self) -> str:
        """The name of the copy: number of the file and the day, no name of a person."""
        return f"{self.file_number}_{in_shanghai(self.at):%Y%m%d-%H%M}.zip"


@dataclass(frozen=True, slots=True)
class FinishedExport:
    """What was written: the target, how many originals, how many stayed behind."""

    target: Path
    item_count: int
    withheld_count: int
    byte_count: int


@handles(BeginFileExport)
def begin_file_export(command: BeginFileExport, context: CommandContext) -> int:
    """Write down the wish; a closed file is handed out too, it is the insured's own.

    Raises:
        RuleViolation: ``NOT_ALLOWED`` for anybody but the insured or the guardian; ``FIELD_REQUIRED`` without a check of
            the identity or a reason; ``NOT_FOUND``.
    """
    file = context.get(AssistanceFile, command.assistance_file_id)
    if command.requested_by not in _ASKERS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause="R1", field="requested_by")
    seen = input_checks.required(command.identity_note, field="identity_note", clause="R16", limit=200)
    reason = input_checks.required(command.reason, field="reason", clause="R90", limit=200)
    who = f"{phrase(command.requested_by)} · {phrase(command.identity_method)}：{seen}"
    context.feed(file, EntryCategory.DOCUMENT, "应要求导出整份档案", f"{who} · 原因：{reason}")
    return file.id


@handles(AbandonFileExport)
def abandon_file_export(command: AbandonFileExport, context: CommandContext) -> int:
    """Write down that nothing was handed out."""
    file = context.get(AssistanceFile, command.assistance_file_id)
    context.feed(file, EntryCategory.DOCUMENT, "整份档案的导出没有完成", "没有留下文件")
    return file.id


def begin_export(desk: Desk, order: FileExportOrder) -> PlannedExport:
    """Write the wish down, issue summary and record in clear, and list what goes along.

    Raises:
        RuleViolation: see :func:`begin_file_export`.
    """
    begun = desk.execute(
        BeginFileExport(
            command_id=desk.new_id(),
            assistance_file_id=order.file_id,
            requested_by=order.requested_by,
            identity_method=order.identity_method,
            identity_note=order.identity_note,
            reason=order.reason,
        )
    )
    papers = tuple(
        issue(
            desk,
            ExportOrder(
                kind=kind, file_id=order.file_id, masking=MaskingLevel.REVEALED, purpose="应被保险人要求导出整份档案"
            ),
        )
        for kind in _PAPERS
    )
    with desk.read() as session:
        number = session.get_one(AssistanceFile, order.file_id).number
        rows = session.scalars(
            select(Material)
            .where(Material.assistance_file_id == order.file_id, is_kept())
            .order_by(Material.received_at, Material.id)
        ).all()
        items = tuple(_item(desk, place, row) for place, row in enumerate(rows, 1))
    changes = (begun.changes, *(change for paper in papers for change in paper.changes))
    return PlannedExport(order.file_id, number, papers, items, desk.clock.now(), changes)


def write_export(
    desk: Desk, planned: PlannedExport, folder: Path, report: Report, is_cancelled: Callable[[], bool]
) -> FinishedExport | None:
    """Write the copy into ``folder``; None when the person stopped it. Takes its time, call it off the UI thread.

    Raises:
        EnvironmentProblem: ``TARGET_FOLDER_MISSING``, ``TARGET_NOT_WRITABLE``, ``DISK_FULL``, or a damaged original.
            Nothing is left at the target in either case.
    """
    target = folder / planned.file_name
    try:
        with deliver_by_writing(target) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            _Bundle(archive, planned, report, is_cancelled).write(desk)
    except _Cancelled:
        return None
    withheld = sum(bool(item.withheld) for item in planned.items)
    return FinishedExport(target, len(planned.items) - withheld, withheld, target.stat().st_size)


def abandon_export(desk: Desk, planned: PlannedExport) -> Changes:
    """Write down that the copy was not made."""
    return desk.execute(AbandonFileExport(command_id=desk.new_id(), assistance_file_id=planned.file_id)).changes


def _item(desk: Desk, place: int, row: Material) -> ExportItem:
    day = (row.document_on or in_shanghai(row.received_at).date()).isoformat()
    ending = MediaType(row.media_type).ending if row.media_type in set(MediaType) else ""
    flaw = flaw_of(row)
    withheld = "姓名或证件号不符，已隔离，不提供" if row.state is MaterialState.QUARANTINED else ""
    if not withheld and fault_of(desk.materials, row.sha256, row.sealed_sha256) is not None:
        withheld = "原件缺失或损坏，未能提供"
    return ExportItem(
        name=clean_name(f"{place:03d} {phrase(row.kind)} {day}{ending}"),
        kind=phrase(row.kind),
        document_on=row.document_on.isoformat() if row.document_on else "",
        received_at=row.received_at,
        byte_size=row.byte_size,
        sha256=row.sha256,
        sealed_sha256=row.sealed_sha256,
        withheld=withheld,
        flaw="" if flaw is None else flaw_words(flaw, row.page_count),
    )


class _Bundle:
    """Writes the members of one copy and counts what went through."""

    def __init__(
        self, archive: zipfile.ZipFile, planned: PlannedExport, report: Report, is_cancelled: Callable[[], bool]
    ) -> None:
        self._archive = archive
        self._planned = planned
        self._report = report
        self._is_cancelled = is_cancelled
        self._done = 0
        self._rows: list[tuple[str, ...]] = []
        self._sums: list[str] = []

    def write(self, desk: Desk) -> None:
        """Write papers, originals, the list and its checksums."""
        for paper in self._planned.papers:
            name = f"文书/{paper.file_name}"
            with self._member(name) as member:
                member.write(paper.content)
            self._note(name, ("文书", "", iso_moment(self._planned.at)), len(paper.content), paper.drawn.sha256)
        for item in self._planned.items:
            told = (item.kind, item.document_on, iso_moment(item.received_at))
            if item.withheld:
                self._rows.append((str(len(self._rows) + 1), "", *told, "", "", item.withheld))
                continue
            name = f"材料/{item.name}"
            with self._member(name) as member:
                desk.materials.fetch_into(item.sha256, member)
            self._note(name, told, item.byte_size, item.sha256, item.flaw)
        self._archive.writestr(self._info(LIST_NAME), self._list())
        self._archive.writestr(self._info(SUMS_NAME), "".join(self._sums).encode())

    def _member(self, name: str) -> "_Member":
        self._report(self._done, self._planned.total, name.rpartition("/")[2])
        return _Member(self, self._archive.open(self._info(name), "w", force_zip64=True))

    def passed(self, count: int) -> None:
        """Count bytes; stop here when that is wished."""
        self._done += count
        self._report(self._done, self._planned.total, "")
        if self._is_cancelled():
            raise _Cancelled

    def _note(self, name: str, told: tuple[str, ...], size: int, sha256: str, remark: str = "") -> None:
        self._rows.append((str(len(self._rows) + 1), name, *told, str(size), sha256, remark))
        self._sums.append(f"{sha256}  {name}\n")

    def _list(self) -> bytes:
        content = csv_table([_COLUMNS, *self._rows])
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {LIST_NAME}\n")
        return content

    def _info(self, name: str) -> zipfile.ZipInfo:
        moment = in_shanghai(self._planned.at)
        return zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))


class _Member:
    """A member of the archive that tells its bundle what passes."""

    def __init__(self, bundle: _Bundle, stream: IO[bytes]) -> None:
        self._bundle = bundle
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self._stream.close()

    def write(self, content: bytes) -> int:
        """Write a piece."""
        written = self._stream.write(content)
        self._bundle.passed(len(content))
        return written
