"""A year of the working calendar in JSON of any shape, as one table: what is a day, and what is said to happen then.

Known are objects in lists or by their day ({"2027-01-01": {…}}), words by their day ({"2027-01-01": "元旦"}), and bare days
below a name that says what they are ({"holidays": ["2027-01-01"]}). Where nothing says what happens on a day, the name of a
public holiday does on a day from Monday to Friday, which nobody would list as worked; any other day tells that it lacks it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lian_desk.adapters.tables.cells import Cell, Sheet, SheetRow
from lian_desk.adapters.tables.schema import TableSchema, plain_heading
from lian_desk.adapters.tables.text_sheets import cell_of
from lian_desk.adapters.tables.workbook_guard import check_place
from lian_desk.models.plain_text import plain
from lian_desk.services.words.as_written import NotWritten, read_days
from lian_desk.services.working_calendar.calendar_words import is_weekday, kind_of_title, said_by_words

_MOST_DEPTH: Final = 5
_DAY, _FROM, _KIND, _NAME, _IS_OFF = "date", "from", "kind", "name", "is_off"
_SAYS: Final = ("kind", "is_off", "is_work")
_SHORT_DAY: Final = re.compile(r"\d{1,2}-\d{1,2}")
_YEAR: Final = re.compile(r"(20\d\d)年?")
_RANGES: Final = frozenset({"range", "日期范围"})
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_DIGITS_OF_A_DAY: Final = len("20270101")
_SOME_YEAR: Final = 2000
"""A leap year, to tell whether 02-29 is a day."""

Entry = dict[str, object]
"""What is said of a day, by the names of the fields."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a document something stands: what the names above it say of kind, festival and year."""

    kind: str = ""
    name: str = ""
    year: str = ""
    depth: int = 0

    def below(self, key: str) -> "_Place":
        """Return the place of what stands below ``key``."""
        deeper = replace(self, depth=self.depth + 1)
        year, kind = _YEAR.fullmatch(key), kind_of_title(key)
        if year is not None:
            return replace(deeper, year=year[1])
        if kind:
            return replace(deeper, kind=kind)
        return replace(deeper, name=key.strip()) if _CHINESE.search(key) else deeper


def read_calendar_days(document: object, schema: TableSchema) -> Sheet:
    """Return every day of a document as one table; without rows where it has no day that can be known as one.

    A day of which nothing is said has an empty kind, which its row then tells.
    """
    entries = [entry for entry in _Walk(schema).entries(document, _Place()) if _DAY in entry]
    if not entries:
        return Sheet("", ())
    keys = list(dict.fromkeys(key for entry in entries for key in entry))
    if not {*keys} & {*_SAYS}:
        keys.append(_KIND)
    check_place(len(entries), len(keys))
    head = SheetRow(0, tuple(Cell(schema.field(key).label) for key in keys))
    rows = (SheetRow(at, tuple(cell_of(entry.get(key)) for key in keys)) for at, entry in enumerate(entries, start=1))
    return Sheet("", (head, *rows))


def says_something(sheet: Sheet, schema: TableSchema) -> bool:
    """Tell whether some day of the table says what happens on it."""
    labels = {schema.field(name).label for name in _SAYS}
    if not sheet.rows:
        return False
    places = [at for at, cell in enumerate(sheet.rows[0].cells) if cell.text in labels]
    return any(row.cell(at).text for row in sheet.rows[1:] for at in places)


class _Walk:
    """Goes through a document and yields what it says of days."""

    def __init__(self, schema: TableSchema) -> None:
        self._known = schema.known

    def entries(self, node: object, place: _Place) -> Iterator[Entry]:
        """Yield the entries of ``node``."""
        if place.depth > _MOST_DEPTH:
            return
        if isinstance(node, dict):
            yield from self._of_object(node, place)
        elif isinstance(node, list):
            for item in node:
                if is_day(item):
                    yield _said_of(item, None, place)
                elif isinstance(item, dict):
                    yield from self.entries(item, replace(place, depth=place.depth + 1))

    def _of_object(self, item: Mapping[str, object], place: _Place) -> Iterator[Entry]:
        entry = self._known_as(item)
        if _DAY not in entry and _FROM not in entry:
            yield from self._of_mapping(item, place)
            return
        if _DAY not in entry:
            first, last = entry.pop(_FROM), entry.pop("to", None)
            entry[_DAY] = f"{first} 至 {last}" if last else first
        yield _with_kind(entry, place)
        # what stands inside besides: the days worked for a holiday, say
        rest = {key: value for key, value in item.items() if plain_heading(key) not in self._known}
        yield from self._of_mapping(rest, replace(place, name=str(entry.get(_NAME) or place.name)))

    def _of_mapping(self, node: Mapping[str, object], place: _Place) -> Iterator[Entry]:
        for key, value in node.items():
            if not is_day(key):
                yield from self.entries(value, place.below(key))
            elif isinstance(value, dict):
                # behind what the object says itself: 01-01 stands beside the whole day
                yield _with_kind({_DAY: _whole(key, place.year)} | self._known_as(value), place)
            else:
                yield _said_of(key, value, place)

    def _known_as(self, item: Mapping[str, object]) -> Entry:
        entry: Entry = {}
        for key, value in item.items():
            heading = plain_heading(key)
            name = self._known.get(heading)
            if name is None or isinstance(value, dict) or (isinstance(value, list) and not all(map(is_day, value))):
                continue
            is_range = heading in _RANGES and isinstance(value, list) and value
            entry.setdefault(name, f"{value[0]} 至 {value[-1]}" if is_range and isinstance(value, list) else value)
        return entry


def is_day(value: object) -> bool:
    """Tell whether a key or an entry is a day: 2027-01-01, 01-01, 20270101, 1月1日; a number in a list is none."""
    if not isinstance(value, str):
        return False
    words = plain(value)
    if words.isdecimal() and len(words) != _DIGITS_OF_A_DAY:
        return False
    try:
        read_days(words, year=_SOME_YEAR)
    except NotWritten:
        return False
    return True


def _whole(day: str, year: str) -> str:
    return f"{year}-{plain(day)}" if year and _SHORT_DAY.fullmatch(plain(day)) else day


def _with_kind(entry: Entry, place: _Place) -> Entry:
    """Return an entry that says nothing of what happens with what its own name and the names above it say."""
    if place.name and not entry.get(_NAME):
        entry = entry | {_NAME: place.name}
    if any(str(entry.get(name, "") if entry.get(name) is not None else "").strip() for name in _SAYS):
        return entry
    kind, name = said_by_words([str(entry.get(_NAME) or "").strip()], _weekday_of(entry))
    found = entry | ({_NAME: name} if name else {})
    return found | {_KIND: place.kind if place.kind and not _is_marked(entry, name) else kind}


def _is_marked(entry: Entry, name: str) -> bool:
    """Tell a name that says itself what happens: 春节（班）."""
    return str(entry.get(_NAME) or "").strip() != name


def _said_of(day: object, value: object, place: _Place) -> Entry:
    entry: Entry = {_DAY: _whole(str(day), place.year)}
    if isinstance(value, bool):
        answers = {"放假": value, "上班": not value, "工作日": not value}
        return entry | ({_IS_OFF: answers[place.kind]} if place.kind else {_KIND: str(value).casefold()})
    if isinstance(value, int | float):
        return entry | {_KIND: str(value)}
    words: Sequence[object] = value if isinstance(value, list) else (value,)
    texts = [str(word).strip() for word in words if word is not None]
    kind, name = said_by_words(texts, _weekday_of(entry))
    if kind and not (place.kind and name == " ".join(texts)):
        return entry | {_KIND: kind, _NAME: name or place.name}
    return _with_kind(entry | ({_NAME: name} if name else {}), place)


def _weekday_of(entry: Entry) -> date | None:
    """Return the one day of an entry where it is worked else."""
    try:
        first, last = read_days(str(entry.get(_DAY, "")))
    except NotWritten:
        return None
    return first if first == last and is_weekday(first) else None
