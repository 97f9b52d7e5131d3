"""What the head of a DICOM file says of itself: plain values that cross from the child and stand in the list of a study."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

LONGEST_WORDS: Final = 200
"""Characters of a description that are kept."""
MOST_PAGES: Final = 10_000
"""Pages one file may have."""
_UID: Final = re.compile(r"[0-9.]{1,64}")
_LARGEST_SIDE: Final = 1_000_000.0


class InstanceKind(StrEnum):
    """What a DICOM file holds; the values stand in stored studies."""

    IMAGE = "image"
    REPORT = "report"
    DOCUMENT = "document"
    OTHER = "other"
    DIRECTORY = "directory"


@dataclass(frozen=True)
class InstanceHead:
    """The head of one file.

    ``study``, ``series`` and ``instance`` are its unique identifiers (DICOM PS3.5, 9); ``whose`` is name, number and
    birth date of the patient as the file has them, only compared, never shown. ``sizes`` are width and height of its
    pages in points: one for all frames of an image. ``pages`` is 0 where there is nothing to look at.
    """

    study: str
    series: str
    instance: str
    kind: InstanceKind
    whose: str = ""
    modality: str = ""
    series_words: str = ""
    dated: str = ""
    series_number: int = 0
    instance_number: int = 0
    pages: int = 0
    sizes: tuple[tuple[float, float], ...] = ()

    @property
    def place(self) -> tuple[int, str, int, str]:
        """Where the file stands in its study: by series, then by number in it."""
        return (self.series_number, self.series, self.instance_number, self.instance)

    def as_values(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**vars(self), "kind": self.kind.value, "sizes": [list(size) for size in self.sizes]}


def head_from(values: Mapping[str, Any]) -> InstanceHead:
    """Return a head from what :meth:`InstanceHead.as_values` gave; whatever a stranger wrote there stays in bounds.

    Raises:
        ValueError, TypeError, LookupError: it was not made by us.
    """
    pages = int(values["pages"])
    sizes = tuple((_side(width), _side(height)) for width, height in values["sizes"])
    if not 0 <= pages <= MOST_PAGES or (pages and len(sizes) not in {1, pages}):
        raise ValueError("pages")
    return InstanceHead(
        study=uid(values["study"]),
        series=uid(values["series"]),
        instance=uid(values["instance"]),
        kind=InstanceKind(values["kind"]),
        whose=words(values["whose"]),
        modality=words(values["modality"]),
        series_words=words(values["series_words"]),
        dated=words(values["dated"]),
        series_number=int(values["series_number"]),
        instance_number=int(values["instance_number"]),
        pages=pages,
        sizes=sizes,
    )


def uid(value: object) -> str:
    """Return a unique identifier; empty for what is none."""
    text = str(value or "").strip("\x00 ")
    return text if _UID.fullmatch(text) else ""


def words(value: object) -> str:
    """Return a text in one line, no longer than ``LONGEST_WORDS``."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value or "")).split())[:LONGEST_WORDS]


def _side(value: object) -> float:
    side = float(str(value))
    if not 0 < side <= _LARGEST_SIDE:
        raise ValueError("side")
    return side
