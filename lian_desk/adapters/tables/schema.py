"""What a kind of list asks for: its columns, by which headings they are known, and the heading of a column in one form."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lian_desk.models.plain_text import fold, plain

_REMARK: Final = re.compile(r"[(（\[【〔<《].*?[)）\]】〕>》]")
_STARS: Final = "*＊※★●○·:：、. "
_REQUIRED_WEIGHT: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnField:
    """One thing a list says of each row.

    Attributes:
        name: under which readers ask for it.
        label: what people call it.
        headings: other words at the head of such a column; the label is one of them.
        required: a list without it is refused.
        instead_of: fields whose place this one can take (days told as a range, say).
    """

    name: str
    label: str
    headings: tuple[str, ...] = ()
    required: bool = False
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSchema:
    """A kind of list. ``kind`` is its name where column mappings are kept."""

    kind: str
    label: str
    fields: tuple[ColumnField, ...]

    def field(self, name: str) -> ColumnField:
        """Return a field by its name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def known(self) -> Mapping[str, str]:
        """Names of fields by every heading in its one form; the first field that claims a heading has it."""
        found: dict[str, str] = {}
        for field in self.fields:
            for heading in (field.label, field.name, *field.headings):
                found.setdefault(plain_heading(heading), field.name)
        return found

    def missing(self, columns: Iterable[str]) -> tuple[ColumnField, ...]:
        """Return the required fields that ``columns`` do not give, by themselves or by a field in their place."""
        given = set(columns)
        given |= {name for field in self.fields if field.name in given for name in field.instead_of}
        return tuple(field for field in self.fields if field.required and field.name not in given)

    def weight(self, columns: Iterable[str]) -> int:
        """Return how much a row of headings gives; required columns count more."""
        return sum(
            _REQUIRED_WEIGHT if self.field(name).required or self.field(name).instead_of else 1 for name in columns
        )


def plain_heading(text: str) -> str:
    """Return a heading in the one form in which headings are compared: without remarks in brackets, stars, blanks."""
    words = plain(text)
    without = _REMARK.sub("", words).strip()
    return fold((without or words).strip(_STARS))


def fingerprint(kind: str, headings: Sequence[str]) -> str:
    """Return the checksum of a row of headings: equal for every file of the same form."""
    words = "\n".join(fold(plain(heading)) for heading in headings)
    return hashlib.sha256(f"{kind}\n{words}".encode()).hexdigest()
