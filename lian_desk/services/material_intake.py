"""Takes files in, one after the other: look, seal into the store, look closely, then one transaction with the row.

The file is on the disk before the row is written: a crash leaves at worst a file without a row, which
``services/integrity.py`` finds, never a row without its file. Each file has its own result, so one bad file stops none
of the others, and what is left after a cancel can be taken in later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Final

from sqlalchemy import select

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.material import Material
from lian_desk.models.vocabulary import MaterialKind, MaterialSource
from lian_desk.services.changes import Changes
from lian_desk.services.desk import Desk
from lian_desk.services.materials import AddMaterial
from lian_desk.services.rendering.renderer import Renderer
from lian_desk.services.rendering.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.services.storage.material_store import StoredFile, regular_size
from lian_desk.services.storage.names import clean_name
from lian_desk.services.storage.thumbnails import StoredSource
from lian_desk.services.storage.vault import MEGABYTE, Cancelled, Progress, Watch
from lian_desk.services.wording import sentence

MOST_FOLDER_FILES: Final = 2_000
"""Files taken from one dropped folder; more is surely not what was meant."""
_HIDDEN: Final = frozenset({"thumbs.db", "desktop.ini"})

NOTE_NOT_PREVIEWABLE: Final = "已加密保存，但不能安全地显示；可以另存后用其他程序查看。"
NOTE_OTHER_FILE: Final = "同一份文件也在 {numbers} 中，请核对是否为被保险人本人的材料。"
NOTE_OTHER_TYPE: Final = "文件名与内容不符，按 {name} 收下。"


@dataclass(frozen=True)
class IntakeItem:
    """One file to take in: a path on this computer, or bytes with a name (a pasted picture)."""

    name: str
    content: Path | bytes

    @property
    def shown_name(self) -> str:
        """The cleaned name for the eye."""
        return clean_name(self.name)


class IntakeOutcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class IntakeResult:
    """What became of one file, with the sentence the user reads (empty when there is nothing to say)."""

    name: str
    outcome: IntakeOutcome
    sentence: str = ""
    material_id: int | None = None
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True)
class Prepared:
    """A file that lies sealed in the store and waits for its row."""

    command: AddMaterial
    is_new_file: bool
    note: str


class MaterialIntake:
    """Takes files in for one assistance file; used from one thread at a time, closed at the end.

    It looks at incoming files in a child process of its own, so that a hostile one does not disturb the viewer.
    """

    def __init__(self, desk: Desk, assistance_file_id: int, source: MaterialSource) -> None:
        self._desk = desk
        self._file_id = assistance_file_id
        self._source = source
        self._renderer = Renderer()

    def close(self) -> None:
        """End the child process."""
        self._renderer.close()

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
            return refused_result(item, error)
        return self.admit(item, prepared)

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
        _refuse_unknown(item)
        stored = self._desk.materials.keep(item.content, Watch(progress=progress, cancel=cancel))
        try:
            media_type, page_count = self._look_closely(stored)
        except RuleViolation:
            self._let_go(stored)
            raise
        notes = [] if page_count is not None else [NOTE_NOT_PREVIEWABLE]
        notes.extend(self._notes(item, stored, media_type))
        command = AddMaterial(
            command_id=self._desk.new_id(),
            assistance_file_id=self._file_id,
            sha256=stored.sha256,
            sealed_sha256=stored.sealed_sha256,
            byte_size=stored.size,
            original_name=item.shown_name,
            media_type=media_type,
            page_count=page_count,
            source=self._source,
            kind=kind,
        )
        return Prepared(command, stored.is_new, " ".join(notes))

    def admit(self, item: IntakeItem, prepared: Prepared) -> IntakeResult:
        """Write the row of a prepared file and say what became of it."""
        try:
            outcome = self._desk.execute(prepared.command)
        except (RuleViolation, EnvironmentProblem) as error:
            if prepared.is_new_file:
                self._desk.materials.discard(prepared.command.sha256)
            return refused_result(item, error)
        return IntakeResult(item.shown_name, IntakeOutcome.ADDED, prepared.note, outcome.key, outcome.changes)

    def _look_closely(self, stored: StoredFile) -> tuple[str, int | None]:
        """Type and page count; no count for a file that ended the child: it is kept, but never shown."""
        source = StoredSource(self._desk.materials, stored.sha256, stored.size)
        try:
            probe = self._renderer.probe(source)
        except EnvironmentProblem as problem:
            if problem.code is not ErrorCode.MATERIAL_NOT_PREVIEWABLE:
                raise
            head = _Head()
            self._desk.materials.fetch_into(stored.sha256, head)
            media_type = sniff(head.content)
            return "" if media_type is None else media_type.value, None
        return probe.media_type.value, probe.page_count

    def _let_go(self, stored: StoredFile) -> None:
        if stored.is_new:
            self._desk.materials.discard(stored.sha256)

    def _notes(self, item: IntakeItem, stored: StoredFile, media_type: str) -> Iterator[str]:
        ending = Path(item.shown_name).suffix.lower()
        found = ending_of(media_type)
        if ending in _ENDINGS and found and ending not in _ALIKE.get(found, {found}):
            yield NOTE_OTHER_TYPE.format(name=found[1:].upper())
        with self._desk.read() as session:
            numbers = session.scalars(
                select(AssistanceFile.number)
                .join(Material, Material.assistance_file_id == AssistanceFile.id)
                .where(Material.sha256 == stored.sha256, AssistanceFile.id != self._file_id)
                .limit(3)
            ).all()
        if numbers:
            yield NOTE_OTHER_FILE.format(numbers="、".join(numbers))


_ALIKE: Final = {
    ".jpg": {".jpg", ".jpeg"},
    ".tif": {".tif", ".tiff"},
    ".heic": {".heic", ".heif"},
}
_ENDINGS: Final = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".webp", ".bmp"})


def ending_of(media_type: str) -> str:
    """Return the usual ending of a media type with its dot, empty for an unknown one."""
    return MediaType(media_type).ending if media_type in set(MediaType) else ""


class _Head:
    """Keeps the beginning of a stream and forgets the rest."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, content: bytes) -> int:
        if len(self.content) < HEAD_BYTES:
            self.content += content[: HEAD_BYTES - len(self.content)]
        return len(content)


def _refuse_unknown(item: IntakeItem) -> None:
    """Look at the first bytes before anything is copied."""
    if isinstance(item.content, bytes):
        head = item.content[:HEAD_BYTES]
    else:
        try:
            if regular_size(item.content) == 0:
                raise RuleViolation(ErrorCode.MATERIAL_EMPTY)
            with item.content.open("rb") as stream:
                head = stream.read(HEAD_BYTES)
        except (OSError, ValueError) as error:
            # ValueError: a name with NUL, which no file system takes
            raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE) from error
    if not head:
        raise RuleViolation(ErrorCode.MATERIAL_EMPTY)
    if sniff(head) is None:
        raise RuleViolation(ErrorCode.MATERIAL_TYPE_UNKNOWN)


def refused_result(item: IntakeItem, error: DeskError) -> IntakeResult:
    """Say what a refusal means for one file: a duplicate is no failure."""
    outcome = IntakeOutcome.DUPLICATE if error.code is ErrorCode.MATERIAL_DUPLICATE else IntakeOutcome.REFUSED
    return IntakeResult(item.shown_name, outcome, sentence(error))


def items_from(paths: Iterable[Path]) -> list[IntakeItem]:
    """Return every file of ``paths``, folders walked through, hidden files and links to folders left out.

    The order is that of the names, so that 扫描件(1), 扫描件(2) stay together.
    """
    found: list[IntakeItem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(_files_in(path))
            found.extend(IntakeItem(entry.name, entry) for entry in inside[:MOST_FOLDER_FILES])
        else:
            found.append(IntakeItem(path.name, path))
    return found


def _files_in(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        try:
            entries = list(waiting.pop().iterdir())
        except OSError:
            # a folder that may not be read has nothing to offer
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower() in _HIDDEN:
                continue
            if entry.is_dir():
                if not entry.is_symlink():
                    waiting.append(entry)
            else:
                yield entry


def size_limit_megabytes(desk: Desk) -> int:
    """Return the largest size of a file that is taken in, in megabytes, for the drop zone's words."""
    return desk.materials.size_limit // MEGABYTE
