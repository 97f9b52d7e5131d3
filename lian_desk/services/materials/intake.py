"""Takes files in, one after the other: look, seal into the store, look closely, then one transaction with the row.

The file is on the disk before the row is written: a crash leaves at worst a file without a row, which
``services/upkeep/stored_files.py`` finds, never a row without its file. Each file has its own result, so one bad file stops none
of the others, and what is left after a cancel can be taken in later.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock
from typing import BinaryIO, Final, cast

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.file_kinds.containers import may_be_known
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.rendering.renderer import Renderer
from lian_desk.adapters.storage.archives import ArchiveMember, ArchiveShelf
from lian_desk.adapters.storage.material_store import StoredFile
from lian_desk.adapters.storage.source_files import opened_source
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.adapters.storage.vault import MEGABYTE, Cancelled, Progress, Watch
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.vocabulary import IntakeState, MaterialKind, MaterialSource
from lian_desk.services.commands.changes import Changes
from lian_desk.services.desk.desk import Desk
from lian_desk.services.imaging.studies import ImagingStudy
from lian_desk.services.imaging.study_stream import StudyStream
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.materials.materials import AddMaterial
from lian_desk.services.stored_files.discards import discard_unowned
from lian_desk.services.words.flaw_words import ADVICE, flaw_words
from lian_desk.services.words.format_words import kept_note
from lian_desk.services.words.wording import sentence

_SEALING: Final = 2
"""Files that are sealed and looked at side by side where nobody waits at a window."""
_AHEAD: Final = 4
"""Files that are sealed before their turn for a row."""

NOTE_NOT_PREVIEWABLE: Final = "已加密保存，但不能安全地显示；可以另存后用其他程序查看。"
NOTE_DICOM: Final = "已加密保存；本机没有安装显示 DICOM 影像的组件，可以另存后用影像软件查看。"
NOTE_DECODER: Final = "已加密保存；它的压缩方式本机不能解开，可以另存后用影像软件查看。"
NOTE_SCRIPTS: Final = (
    "PDF 里带有脚本、程序或附件，本程序不会运行或打开它们，原文件照原样加密保存；"
    "附件里若有材料，请用 PDF 阅读器另存后单独收取。"
)
NOTE_OTHER_TYPE: Final = "文件名与内容不符，按 {name} 收取。"


class IntakeOutcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class IntakeResult:
    """What became of one file, with the sentence the user reads (empty when there is nothing to say).

    ``waiting`` is the order of a file that is here already: a person decides about it (``services/materials/twins.py``).
    ``may_retry``: it was not the file's fault; once the disk or the network is back, it can be taken in.
    """

    name: str
    outcome: IntakeOutcome
    sentence: str = ""
    material_id: int | None = None
    changes: Changes = field(default_factory=Changes)
    waiting: AddMaterial | None = None
    may_retry: bool = False


@dataclass(frozen=True)
class Prepared:
    """A file that lies sealed in the store and waits for its row."""

    command: AddMaterial
    is_new_file: bool
    note: str


class MaterialIntake:
    """Takes files in for one assistance file; closed at the end. Files may be prepared side by side.

    It looks at incoming files in a child process of its own, so that a hostile one does not disturb the viewer.
    """

    def __init__(self, desk: Desk, assistance_file_id: int, source: MaterialSource) -> None:
        self._desk = desk
        self._file_id = assistance_file_id
        self._source = source
        self._renderer = Renderer()
        self._shelf = ArchiveShelf()
        self._shelf_lock = Lock()

    def close(self) -> None:
        """End the child process and let go of an archive."""
        self._renderer.close()
        self._shelf.close()

    def take_in(
        self,
        item: IntakeItem,
        *,
        kind: MaterialKind = MaterialKind.UNCLASSIFIED,
        progress: Progress | None = None,
        cancel: Event | None = None,
    ) -> IntakeResult:
        """Take one file in and say what became of it; foreseen problems become a result, never an exception."""
        try:
            prepared = self.prepare(item, kind=kind, progress=progress, cancel=cancel)
        except Cancelled:
            return IntakeResult(item.shown_name, IntakeOutcome.CANCELLED)
        except (RuleViolation, EnvironmentProblem) as error:
            result = refused_result(item, error)
            self.settle(item, result)
            return result
        return self.admit(item, prepared)

    def attempt(
        self, item: IntakeItem, *, progress: Progress | None = None, cancel: Event | None = None
    ) -> Prepared | IntakeResult:
        """Prepare a file; what keeps it out becomes a result, never an exception. Changes no row."""
        try:
            return self.prepare(item, progress=progress, cancel=cancel)
        except Cancelled:
            return IntakeResult(item.shown_name, IntakeOutcome.CANCELLED)
        except (RuleViolation, EnvironmentProblem) as error:
            return refused_result(item, error)

    def prepare(
        self,
        item: IntakeItem,
        *,
        kind: MaterialKind = MaterialKind.UNCLASSIFIED,
        progress: Progress | None = None,
        cancel: Event | None = None,
    ) -> Prepared:
        """Look at a file, seal it into the store and look closely at what was stored; changes no row.

        Raises:
            Cancelled: nothing was kept.
            RuleViolation: empty, too large, of no known type, truncated, locked, unreadable.
            EnvironmentProblem: disk full, read-only or gone.
        """
        with self._content_of(item) as (content, size):
            stored = self._desk.materials.keep(content, Watch(progress, cancel, total=size), claim=True)
        try:
            seen = self._look_closely(stored)
        except BaseException:
            self._let_go(stored.sha256, is_new=stored.is_new)
            raise
        notes = [*seen.notes, *_notes(item, seen.media_type)]
        command = AddMaterial(
            command_id=self._desk.new_id(),
            assistance_file_id=self._file_id,
            sha256=stored.sha256,
            sealed_sha256=stored.sealed_sha256,
            byte_size=stored.size,
            original_name=item.shown_name,
            archive_name=item.archive,
            media_type=seen.media_type,
            page_count=seen.page_count,
            source=self._source,
            flaw=seen.flaw,
            kind=kind,
            intake_entry_id=item.entry_id,
        )
        return Prepared(command, stored.is_new, " ".join(notes))

    def admit(self, item: IntakeItem, prepared: Prepared) -> IntakeResult:
        """Write the row of a prepared file and say what became of it."""
        sha256 = prepared.command.sha256
        try:
            outcome = self._desk.execute(prepared.command)
        except (RuleViolation, EnvironmentProblem) as error:
            self._let_go(sha256, is_new=prepared.is_new_file)
            result = refused_result(item, error)
            self.settle(item, result)
            is_twin = result.outcome is IntakeOutcome.DUPLICATE
            return replace(result, waiting=prepared.command) if is_twin else result
        self._desk.materials.release(sha256)
        return IntakeResult(item.shown_name, IntakeOutcome.ADDED, prepared.note, outcome.key, outcome.changes)

    def settle(self, item: IntakeItem, result: IntakeResult) -> None:
        """Note in the plan what became of a file without a row, unless it may be tried again."""
        is_open = result.may_retry or result.outcome is IntakeOutcome.CANCELLED
        if item.entry_id is not None and not is_open:
            intake_plans(self._desk).settle(item.entry_id, IntakeState(result.outcome.value))

    def let_go(self, prepared: Prepared) -> None:
        """Forget a prepared file that will not get its row after all."""
        self._let_go(prepared.command.sha256, is_new=prepared.is_new_file)

    @contextmanager
    def _content_of(self, item: IntakeItem) -> Iterator[tuple[Path | bytes | BinaryIO, int]]:
        """Look at the first bytes before anything is copied, and yield what is to be sealed with its size in bytes."""
        if item.refusal is not None:
            raise item.refusal
        if isinstance(item.content, ImagingStudy):
            with closing(StudyStream(item.content)) as study:
                # only its reading is asked for
                yield cast("BinaryIO", study), item.content.size
        elif isinstance(item.content, ArchiveMember):
            with self._shelf_lock:
                with self._shelf.open(item.content) as stream:
                    _refuse_unknown(_read_head(stream))
                with self._shelf.open(item.content) as stream:
                    yield stream, item.content.size
        elif isinstance(item.content, Path):
            with opened_source(item.content) as (source, state):
                if item.planned is not None and state != item.planned:
                    raise RuleViolation(ErrorCode.MATERIAL_CHANGING)
                _refuse_unknown(_read_head(source) if state.size else b"")
            yield item.content, state.size
        else:
            _refuse_unknown(item.content[:HEAD_BYTES])
            yield item.content, len(item.content)

    def _look_closely(self, stored: StoredFile) -> "_Seen":
        """Type and page count; no count for a file that cannot be shown safely: it is kept, but never shown."""
        source = StoredSource(self._desk.materials, stored.sha256, stored.size)
        try:
            probe = self._renderer.probe(source)
        except (RuleViolation, EnvironmentProblem) as problem:
            note = _KEPT_UNSEEN.get(problem.code)
            if note is None:
                raise
            with closing(self._desk.materials.open_parts(stored.sha256)) as parts:
                media_type = sniff(parts.read_at(0, HEAD_BYTES))
            return _Seen("" if media_type is None else media_type.value, None, (note,))
        if not probe.media_type.is_shown:
            return _Seen(probe.media_type.value, None, (kept_note(probe.media_type),))
        notes = [NOTE_SCRIPTS] if probe.has_scripts else []
        if probe.flaw is not None:
            notes.append(f"{flaw_words(probe.flaw, probe.page_count)}；{ADVICE}")
        return _Seen(probe.media_type.value, probe.page_count, tuple(notes), probe.flaw)

    def _let_go(self, sha256: str, *, is_new: bool) -> None:
        self._desk.materials.release(sha256)
        if is_new:
            # a file that was taken in anew in place of a damaged one stays: the rows that need it have it back
            discard_unowned(self._desk, sha256)


@dataclass(frozen=True)
class _Seen:
    """What a close look found out, with what the user should know."""

    media_type: str
    page_count: int | None
    notes: tuple[str, ...]
    flaw: Flaw | None = None


_KEPT_UNSEEN: Final = {
    ErrorCode.MATERIAL_NOT_PREVIEWABLE: NOTE_NOT_PREVIEWABLE,
    ErrorCode.MATERIAL_DICOM_MISSING: NOTE_DICOM,
    ErrorCode.MATERIAL_DECODER_MISSING: NOTE_DECODER,
}
_ALIKE: Final = {
    ".jpg": {".jpg", ".jpeg"},
    ".tif": {".tif", ".tiff"},
    ".heic": {".heic", ".heif"},
    ".dcm": {".dcm", ".dicom"},
    ".jp2": {".jp2", ".j2k", ".jpx", ".jpf"},
}
_ENDINGS: Final = frozenset(
    {".pdf", ".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".dcm", ".dicom"}
)


def _notes(item: IntakeItem, media_type: str) -> Iterator[str]:
    ending = Path(item.shown_name).suffix.lower()
    found = ending_of(media_type)
    if ending in _ENDINGS and found and ending not in _ALIKE.get(found, {found}):
        yield NOTE_OTHER_TYPE.format(name=found[1:].upper())


def ending_of(media_type: str) -> str:
    """Return the usual ending of a media type with its dot, empty for an unknown one."""
    return MediaType(media_type).ending if media_type in set(MediaType) else ""


def take_all_in(
    intake: MaterialIntake, items: Sequence[IntakeItem], *, cancel: Event | None = None
) -> Iterator[IntakeResult]:
    """Take files in one after the other: while one gets its row, the next is sealed. Yields a result for each."""
    with ThreadPoolExecutor(_SEALING, thread_name_prefix="intake") as ahead:
        coming = deque(ahead.submit(intake.attempt, item, cancel=cancel) for item in items[:_AHEAD])
        for place, item in enumerate(items):
            answer = coming.popleft().result()
            if place + _AHEAD < len(items):
                coming.append(ahead.submit(intake.attempt, items[place + _AHEAD], cancel=cancel))
            if isinstance(answer, Prepared):
                yield intake.admit(item, answer)
            else:
                intake.settle(item, answer)
                yield answer


def _read_head(stream: BinaryIO) -> bytes:
    try:
        return stream.read(HEAD_BYTES)
    except OSError as error:
        raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error


def _refuse_unknown(head: bytes) -> None:
    if not head:
        raise RuleViolation(ErrorCode.MATERIAL_EMPTY)
    if not may_be_known(head):
        raise RuleViolation(ErrorCode.MATERIAL_TYPE_UNKNOWN)


def refused_result(item: IntakeItem, error: DeskError) -> IntakeResult:
    """Say what a refusal means for one file: a duplicate is no failure."""
    outcome = IntakeOutcome.DUPLICATE if error.code is ErrorCode.MATERIAL_DUPLICATE else IntakeOutcome.REFUSED
    is_gone = error.code is ErrorCode.MATERIAL_UNREADABLE and item.path is not None and not _is_there(item.path)
    may_retry = isinstance(error, EnvironmentProblem) or is_gone
    return IntakeResult(item.shown_name, outcome, sentence(error), may_retry=may_retry)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def size_limit_megabytes(desk: Desk) -> int:
    """Return the largest size of a file that is taken in, in megabytes, for the drop zone's words."""
    return desk.materials.size_limit // MEGABYTE
