"""The table of contents of a study: which files it holds, in which order, and what each has to show.

A study is one stored file: a ZIP archive without compression (as DICOM PS3.12 has it for files on media) whose first
member is this list. The files in it are those of the disc, byte for byte, under names that tell nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lian_desk.adapters.exchange.instance_head import InstanceHead, InstanceKind, head_from

LIST_NAME: Final = "STUDY.JSON"
MOST_INSTANCES: Final = 10_000
"""Files of one study."""
_NAME_PLACE: Final = 30
_FORM: Final = 1


@dataclass(frozen=True)
class SeriesOfStudy:
    """A series: its heads in their order."""

    heads: tuple[InstanceHead, ...]

    @property
    def words(self) -> str:
        """What the machine or the technician called it."""
        return self.heads[0].series_words

    @property
    def modality(self) -> str:
        """Code of the kind of examination."""
        return self.heads[0].modality

    @property
    def images(self) -> int:
        """Number of pictures."""
        return sum(head.pages for head in self.heads if head.kind is InstanceKind.IMAGE)

    @property
    def pages(self) -> int:
        """Number of pages, reports included."""
        return sum(head.pages for head in self.heads)


def is_study(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a study as the program makes it."""
    name = LIST_NAME.encode()
    return head.startswith(b"PK\x03\x04") and head[_NAME_PLACE : _NAME_PLACE + len(name)] == name


def in_order(heads: Sequence[InstanceHead]) -> list[InstanceHead]:
    """Return heads by series and number; what has nothing to show comes last in its series."""
    return sorted(heads, key=lambda head: head.place)


def member_names(heads: Sequence[InstanceHead]) -> list[str]:
    """Return the name of each file in the archive, in the order of ``heads``: no person, no hospital in it."""
    numbers: dict[str, int] = {}
    names = []
    count = 0
    for head in heads:
        if head.series not in numbers:
            numbers[head.series] = len(numbers) + 1
            count = 0
        count += 1
        names.append(f"DICOM/S{numbers[head.series]:04d}/I{count:05d}")
    return names


def series_of(heads: Sequence[InstanceHead]) -> list[SeriesOfStudy]:
    """Return the series of ordered heads."""
    found: dict[str, list[InstanceHead]] = {}
    for head in heads:
        found.setdefault(head.series, []).append(head)
    return [SeriesOfStudy(tuple(inside)) for inside in found.values()]


def as_bytes(heads: Sequence[InstanceHead]) -> bytes:
    """Return the list of ordered heads as it is stored; the same for the same files."""
    values = {"form": _FORM, "instances": [head.as_values() for head in heads]}
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def heads_from(stored: bytes) -> list[InstanceHead]:
    """Return the ordered heads of a study.

    Raises:
        ValueError, TypeError, LookupError: it was not made by us.
    """
    values = json.loads(stored)
    if values["form"] != _FORM or len(values["instances"]) > MOST_INSTANCES:
        raise ValueError("form")
    return [head_from(each) for each in values["instances"]]
