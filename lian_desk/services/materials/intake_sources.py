"""What is offered to be taken in: files, folders with all that lies in them, archives with all that is packed in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from lian_desk.adapters.storage.archives import ArchiveMember, files_in_archive, looks_like_archive
from lian_desk.adapters.storage.names import clean_name
from lian_desk.adapters.storage.source_files import SourceState
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.services.imaging.gathering import Offered, gather_studies
from lian_desk.services.imaging.studies import ImagingStudy

MOST_FOLDER_FILES: Final = 20_000
"""Files taken from one dropped folder; more is surely not what was meant, and it is said."""
LEFT_OUT_NAME: Final = "光盘里的其他文件"
_HIDDEN: Final = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class IntakeItem:
    """One file to take in.

    Attributes:
        name: as it came.
        content: where it lies, or its bytes (a pasted picture), or the files of a study.
        archive: cleaned name of the archive it is packed in, empty for a file of its own.
        refusal: why it cannot be taken in, when that is known already.
        entry_id: its line in the plan of an intake that outlives the program.
        planned: how the file was when it was planned.
    """

    name: str
    content: Path | bytes | ArchiveMember | ImagingStudy
    archive: str = ""
    refusal: RuleViolation | None = None
    entry_id: int | None = None
    planned: SourceState | None = None

    @property
    def shown_name(self) -> str:
        """The cleaned name for the eye."""
        return clean_name(self.name)

    @property
    def path(self) -> Path | None:
        """The file on this computer that it is, or is packed in."""
        if isinstance(self.content, ArchiveMember | ImagingStudy):
            return self.content.path
        return self.content if isinstance(self.content, Path) else None


def items_from(paths: Iterable[Path]) -> list[IntakeItem]:
    """Return every file of ``paths``: folders walked through, archives looked into, hidden files and links to folders out.

    The order is that of the names, so that 扫描件(1), 扫描件(2) stay together. What cannot be taken in is an item with
    its refusal, so that it gets its sentence. The DICOM files of one examination are one item.
    """
    found: list[IntakeItem] = []
    origins: list[Path | None] = []
    for path in paths:
        if _is_folder(path):
            inside = sorted(files_in_folder(path))
            for entry in inside[:MOST_FOLDER_FILES]:
                found.extend(_items_of(entry))
            if len(inside) > MOST_FOLDER_FILES:
                too_many = RuleViolation(ErrorCode.FOLDER_TOO_MANY, limit=MOST_FOLDER_FILES)
                found.append(IntakeItem(path.name, path, refusal=too_many))
            origins += [path] * (len(found) - len(origins))
        else:
            found.extend(_items_of(path))
            is_packed = len(found) > len(origins) and bool(found[-1].archive)
            origins += [path if is_packed else None] * (len(found) - len(origins))
    return _with_studies(found, origins)


def items_handed_over(items: Iterable[IntakeItem]) -> list[IntakeItem]:
    """Return what another program handed over in memory: archives looked into as those of a disk are, studies as one."""
    found: list[IntakeItem] = []
    for item in items:
        is_packed = item.refusal is None and isinstance(item.content, bytes) and looks_like_archive(item.content)
        found.extend(_packed_in(item) if is_packed else [item])
    return _with_studies(found, [None] * len(found))


def _with_studies(items: list[IntakeItem], origins: list[Path | None]) -> list[IntakeItem]:
    """Put each study in the place of its first file, and one sentence in the place of what lay beside it on the disc."""
    offered = [
        Offered(
            item.name,
            None if item.refusal is not None or not isinstance(item.content, Path | ArchiveMember) else item.content,
            origin,
        )
        for item, origin in zip(items, origins, strict=True)
    ]
    gathered = gather_studies(offered)
    studies = dict(gathered.studies)
    kept: list[IntakeItem] = []
    for number, item in enumerate(items):
        if number in studies:
            kept.append(IntakeItem(f"{studies[number].name}.zip", studies[number], item.archive))
        elif number not in gathered.taken | gathered.left_out:
            kept.append(item)
    if gathered.left_out:
        first = items[min(gathered.left_out)]
        left_out = RuleViolation(ErrorCode.STUDY_LEFT_OUT, count=len(gathered.left_out))
        kept.append(IntakeItem(LEFT_OUT_NAME, first.content, first.archive, refusal=left_out))
    return kept


def _items_of(path: Path) -> list[IntakeItem]:
    """A file is an item; an archive is as many as are packed in it, or one with its refusal."""
    if not looks_like_archive(path):
        return [IntakeItem(path.name, path)]
    return _packed_in(IntakeItem(path.name, path))


def _packed_in(item: IntakeItem) -> list[IntakeItem]:
    if not isinstance(item.content, Path | bytes):
        return [item]
    try:
        packed = files_in_archive(item.content)
    except RuleViolation as violation:
        return [replace(item, refusal=violation)]
    archive = item.shown_name
    return [IntakeItem(found.name, found.member, archive, found.refusal) for found in packed]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        # a name with NUL, a disk that is gone: the sentence comes when it is read
        return False


def files_in_folder(folder: Path, *, without: str = "") -> Iterator[Path]:
    """Yield the files under a folder, hidden ones and the folder named ``without`` left out.

    Links to folders are not followed, so no circle is walked.
    """
    waiting = [folder]
    while waiting:
        try:
            entries = list(waiting.pop().iterdir())
        except OSError:
            # a folder that may not be read has nothing to offer
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower() in _HIDDEN or entry == folder / (without or "."):
                continue
            if _is_folder(entry):
                if not entry.is_symlink():
                    waiting.append(entry)
            else:
                yield entry
