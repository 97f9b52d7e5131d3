"""A study: the files of one examination of one person, in their order, from wherever they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lian_desk.adapters.dicom.dicom_names import modality_words
from lian_desk.adapters.exchange.instance_head import InstanceHead
from lian_desk.adapters.exchange.study_list import series_of
from lian_desk.adapters.storage.archives import ArchiveMember
from lian_desk.adapters.storage.source_files import SourceState


@dataclass(frozen=True)
class StudyPart:
    """One file of a study: where it lies, what its head says, and how it was when it was looked at."""

    content: Path | ArchiveMember
    head: InstanceHead
    state: SourceState | None = None

    @property
    def path(self) -> Path | None:
        """The file on this computer that it is, or is packed in; None where the archive lies in memory."""
        return self.content.path if isinstance(self.content, ArchiveMember) else self.content

    @property
    def size(self) -> int:
        """Bytes of the file."""
        if isinstance(self.content, ArchiveMember):
            return self.content.size
        return self.state.size if self.state is not None else 0


@dataclass(frozen=True)
class ImagingStudy:
    """Files that belong together, in the order in which they are shown."""

    parts: tuple[StudyPart, ...]

    @property
    def path(self) -> Path | None:
        """Where its first file lies, or the archive; None where that lies in memory."""
        return self.parts[0].path

    @property
    def heads(self) -> tuple[InstanceHead, ...]:
        """The heads of its files."""
        return tuple(part.head for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(part.size for part in self.parts)

    @property
    def name(self) -> str:
        """The name it is listed by: kind, day and extent of the examination; nobody's name."""
        series = series_of(self.heads)
        kinds = "、".join(
            dict.fromkeys(modality_words(each.modality) for each in series if each.images and each.modality)
        )
        day = next((head.dated for head in self.heads if head.dated), "")
        images = sum(each.images for each in series)
        extent = f"{len(series)} 个序列 {images} 幅" if images else f"{len(self.parts)} 个文件"
        return " ".join(filter(None, (kinds, "影像检查", day, f"（{extent}）")))


def study_of(parts: Sequence[StudyPart]) -> ImagingStudy:
    """Return the study of these files: in order, and each file once, however often it lies on the disc."""
    once: dict[str, StudyPart] = {}
    for part in parts:
        once.setdefault(part.head.instance or str(len(once)), part)
    return ImagingStudy(tuple(sorted(once.values(), key=lambda part: part.head.place)))
