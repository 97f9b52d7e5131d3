"""A disk that loses power: what the real program did is recorded, and every state a power cut could leave is rebuilt.

The recorder watches a folder while the program works in it. Every making, renaming and removing of a name is seen by
an audit hook before it happens, every flush by a wrapper of ``os.fsync``. Of each file it knows the content that was
flushed and the content that is there; of each folder the names that were flushed and the names that are there. At
each such moment the power may go: what was not flushed is dropped, torn in the middle or zero, unflushed names are
there or not, all together or one alone. Each of these disks is laid out anew and read by the program's own doors.

What SQLite writes is its own affair: its files count as flushed when they are seen (``synchronous = FULL`` has its own
tests), except those that the program renames itself and therefore has to flush (``.part``).
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_MUTATING = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir"})
_BY_SQLITE = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal")

Names = dict[int, dict[str, int]]
"""Of each folder (by number) its names, each with the number of the file or folder behind it."""
Contents = dict[int, bytes]


@dataclass(frozen=True)
class Moment:
    """What was flushed and what was there at one moment, and how many acknowledgements the program had given."""

    acknowledged: int
    flushed_names: Names
    names: Names
    flushed: Contents
    contents: Contents
    trusted: frozenset[int]

    def disks(self) -> Iterator[tuple[Names, Contents]]:
        """Every state in which the power cut may leave the disk."""
        for names in self._name_states():
            for contents in self._content_states():
                yield names, contents

    def _name_states(self) -> Iterator[Names]:
        yield self.flushed_names
        if self.names == self.flushed_names:
            return
        yield self.names
        there = {number for entries in self.names.values() for number in entries.values()}
        for folder, entries in self.names.items():
            before = self.flushed_names.get(folder, {})
            for name in {*entries, *before}:
                if entries.get(name) == before.get(name):
                    continue
                alone = {key: dict(value) for key, value in self.flushed_names.items()}
                if name in entries:
                    alone.setdefault(folder, {})[name] = entries[name]
                elif before[name] not in there:
                    # really removed; a name that only moved is not gone before its new one is there
                    del alone[folder][name]
                yield alone

    def _content_states(self) -> Iterator[Contents]:
        kept = {number: self.flushed.get(number, b"") for number in self.contents}
        kept |= {number: self.contents[number] for number in self.trusted}
        unflushed = [number for number, content in self.contents.items() if kept[number] != content]
        yield kept
        if unflushed:
            yield kept | {number: self.contents[number][: len(self.contents[number]) // 2] for number in unflushed}
            yield kept | {number: bytes(len(self.contents[number])) for number in unflushed}


@dataclass
class PowerCut:
    """The recording of one folder; ``acknowledge`` when the program has answered that something is kept."""

    root: Path
    ignore_file_flushes: bool = False
    ignore_folder_flushes: bool = False
    moments: list[Moment] = field(default_factory=list)
    is_blind: bool = field(init=False)
    _acknowledged: int = 0
    _flushed_names: Names = field(default_factory=dict)
    _flushed: Contents = field(default_factory=dict)
    _held: dict[int, int] = field(default_factory=dict)
    _trusted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Remember whether the disk of this recording ignores the flushes of folders altogether."""
        self.is_blind = self.ignore_folder_flushes

    def acknowledge(self) -> None:
        """The program has said that its work is kept: from here on no power cut may take it."""
        self._acknowledged += 1
        self.note()

    def note(self) -> None:
        """Look at the folder as it is now: here the power may go."""
        names = self._look()
        contents = {number: self._content(number) for number in self._held}
        copied = {folder: dict(entries) for folder, entries in self._flushed_names.items()}
        self.moments.append(
            Moment(self._acknowledged, copied, names, dict(self._flushed), contents, frozenset(self._trusted))
        )

    def begin(self) -> None:
        """Take what lies there now as flushed."""
        self._flushed_names = self._look()
        self._flushed = {number: self._content(number) for number in self._held}

    def flushed(self, descriptor: int) -> None:
        """The program flushed a file or folder."""
        number = os.fstat(descriptor).st_ino
        names = self._look()
        if number in names:
            if not self.ignore_folder_flushes:
                self._flushed_names[number] = names[number]
        elif number in self._held and not self.ignore_file_flushes:
            self._flushed[number] = self._content(number)
        self.note()

    def end(self) -> None:
        """Let go of the files that were held."""
        for descriptor in self._held.values():
            os.close(descriptor)

    def disks(self, into: Path) -> Iterator[tuple[int, Path]]:
        """Lay out every disk a power cut could leave, one after the other, with what was acknowledged by then."""
        seen: set[tuple[object, ...]] = set()
        count = 0
        for moment in self.moments:
            for names, contents in moment.disks():
                laid = {folder: tuple(sorted(entries.items())) for folder, entries in names.items()}
                files = {number for entries in names.values() for number in entries.values()} & contents.keys()
                key = (
                    moment.acknowledged,
                    tuple(sorted(laid.items())),
                    tuple((number, contents[number]) for number in sorted(files)),
                )
                if key in seen:
                    continue
                seen.add(key)
                count += 1
                disk = into / f"disk-{count}"
                self._lay_out(self.root.stat().st_ino, disk, names, contents)
                yield moment.acknowledged, disk

    def _lay_out(self, folder: int, place: Path, names: Names, contents: Contents) -> None:
        place.mkdir(mode=0o700)
        for name, number in names.get(folder, {}).items():
            if number in contents:
                (place / name).write_bytes(contents[number])
            else:
                self._lay_out(number, place / name, names, contents)

    def _look(self) -> Names:
        names: Names = {}
        for folder, folders, files in os.walk(self.root):
            entries: dict[str, int] = {}
            for name in (*folders, *files):
                path = Path(folder) / name
                entries[name] = path.stat().st_ino
                if name in files:
                    self._hold(path, entries[name])
            names[Path(folder).stat().st_ino] = entries
        return names

    def _hold(self, path: Path, number: int) -> None:
        """Keep a file open, so that its number is not given to another one and its content can be read later."""
        if number not in self._held:
            self._held[number] = os.open(path, os.O_RDONLY)
        if path.name.endswith(_BY_SQLITE):
            self._trusted.add(number)

    def _content(self, number: int) -> bytes:
        descriptor = self._held[number]
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


_WATCHING: list[PowerCut] = []
_IS_LOOKING: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _WATCHING or _IS_LOOKING or event not in _MUTATING:
        return
    recording = _WATCHING[-1]
    if not any(str(argument).startswith(str(recording.root)) for argument in arguments):
        return
    with _looking():
        recording.note()


sys.addaudithook(_hook)


@contextmanager
def _looking() -> Iterator[None]:
    _IS_LOOKING.append(True)
    try:
        yield
    finally:
        _IS_LOOKING.pop()


@contextmanager
def recorded(
    root: Path, *, ignore_file_flushes: bool = False, ignore_folder_flushes: bool = False
) -> Iterator[PowerCut]:
    """Record what happens under ``root``; a disk may be told to ignore flushes, as a control that the test can see."""
    recording = PowerCut(root, ignore_file_flushes, ignore_folder_flushes)
    real: Callable[[int], None] = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        with _looking():
            recording.flushed(descriptor)

    with _looking():
        recording.begin()
        recording.note()
    _WATCHING.append(recording)
    os.fsync = fsync  # type: ignore[assignment]
    try:
        yield recording
        with _looking():
            recording.note()
    finally:
        os.fsync = real
        _WATCHING.pop()
        recording.end()
