"""Finds the studies among files that are offered: by the heads of the files, which are read in the render child."""

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from lian_desk.adapters.exchange.instance_head import InstanceHead
from lian_desk.adapters.exchange.study_list import LIST_NAME, MOST_INSTANCES
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.adapters.storage.archives import ArchiveMember, ArchiveShelf
from lian_desk.adapters.storage.loose_sources import LooseSource
from lian_desk.adapters.storage.source_files import SourceState, opened_source
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.services.imaging.studies import ImagingStudy, StudyPart, study_of

Place = Path | ArchiveMember


@dataclass(frozen=True)
class Offered:
    """A file that is offered; ``origin`` tells the dropped folder or archive it lies in, None for a file of its own.

    ``place`` None stands for what is refused already.
    """

    name: str
    place: Place | None
    origin: Path | None = None


FEWEST_PARTS: Final = 2
"""Files that make a study; a single one is a material of its own."""
_READ_OF_MEMBER: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Gathered:
    """What was found among offered files, told by their numbers in the offered order.

    Attributes:
        studies: each with the number of the file at whose place it stands.
        taken: files that went into a study, and tables of contents of the discs or exports that they came from.
        left_out: files of no known type that lay beside a study in the same folder or archive: programs for looking.
    """

    studies: tuple[tuple[int, ImagingStudy], ...] = ()
    taken: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Seen:
    media_type: MediaType | None
    state: SourceState | None
    is_readable: bool = True


def gather_studies(offered: Sequence[Offered]) -> Gathered:
    """Return the studies among ``offered``.

    Without the extra, and where a head cannot be read, a file stays what it is and gets its own sentence.
    """
    with closing(_Heads()) as heads:
        seen = {number: heads.look(one.place) for number, one in enumerate(offered) if one.place is not None}
        scans = [number for number, found in seen.items() if found.media_type is MediaType.DICOM]
        if len(scans) < FEWEST_PARTS:
            return Gathered()
        return _grouped(offered, seen, _parts(heads, offered, seen, scans))


def _parts(
    heads: "_Heads", offered: Sequence[Offered], seen: dict[int, _Seen], scans: list[int]
) -> dict[int, StudyPart | None]:
    """Return the parts by number; None stands for the table of contents of a disc."""
    found: dict[int, StudyPart | None] = {}
    for number in scans[:MOST_INSTANCES]:
        place = offered[number].place
        if place is None:
            continue
        try:
            found[number] = StudyPart(place, heads.read(place, seen[number].state), seen[number].state)
        except (RuleViolation, EnvironmentProblem) as problem:
            if problem.code is ErrorCode.MATERIAL_DICOM_MISSING:
                return {}
            if problem.code is ErrorCode.MATERIAL_DICOM_DIRECTORY:
                found[number] = None
    return found


def _grouped(offered: Sequence[Offered], seen: dict[int, _Seen], parts: dict[int, StudyPart | None]) -> Gathered:
    groups: dict[tuple[str, str], list[int]] = {}
    for number, part in parts.items():
        if part is not None and part.head.study:
            groups.setdefault((part.head.study, part.head.whose), []).append(number)
    found = {numbers[0]: numbers for numbers in groups.values() if len(numbers) >= FEWEST_PARTS}
    if not found:
        return Gathered()
    studies = tuple(
        (first, study_of([part for n in numbers if (part := parts[n])])) for first, numbers in found.items()
    )
    inside = {number for numbers in found.values() for number in numbers}
    origins = {offered[number].origin for number in inside} - {None}
    directories = {number for number, part in parts.items() if part is None}
    lists = {number for number, one in enumerate(offered) if one.name == LIST_NAME and one.origin in origins}
    strangers = {
        number
        for number, one in seen.items()
        if one.is_readable and one.media_type is None and offered[number].origin in origins
    }
    return Gathered(studies, frozenset(inside | directories | lists), frozenset(strangers - lists))


class _Heads:
    """Reads heads: of loose files and of members of archives. The child is started by the first one."""

    def __init__(self) -> None:
        self._renderer = Renderer()
        self._shelf = ArchiveShelf()

    def close(self) -> None:
        """End the child and let go of an archive."""
        self._renderer.close()
        self._shelf.close()

    def look(self, place: Place) -> _Seen:
        """Return the type of a file by its first bytes; unknown where it cannot be read: the sentence comes later."""
        with suppress(DeskError, OSError):
            if isinstance(place, ArchiveMember):
                with self._shelf.open(place) as stream:
                    return _Seen(sniff(stream.read(HEAD_BYTES)), None)
            with opened_source(place) as (source, state):
                return _Seen(sniff(source.read(HEAD_BYTES)), state)
        return _Seen(None, None, is_readable=False)

    def read(self, place: Place, state: SourceState | None) -> InstanceHead:
        """Return what the head of a file says.

        Raises:
            RuleViolation, EnvironmentProblem: it cannot be read.
        """
        if isinstance(place, ArchiveMember):
            with self._shelf.open(place) as stream:
                content = _bytes_of(stream)
            source: BytesSource | LooseSource = BytesSource("/".join(map(str, place.chain)), content)
        else:
            if state is None:
                raise RuleViolation(ErrorCode.MATERIAL_UNREADABLE)
            source = LooseSource(place, state)
        try:
            return self._renderer.dicom_head(source)
        finally:
            self._renderer.forget(source)


def _bytes_of(stream: BinaryIO) -> bytes:
    try:
        return stream.read(_READ_OF_MEMBER)
    except OSError as error:
        raise RuleViolation(ErrorCode.ARCHIVE_UNREADABLE) from error
