"""The drop folder (收件文件夹): what a scanner or a colleague lays there waits in an inbox until a person says whose it is.

Nothing is taken in, and nothing moves, before that: a material needs a file and its authorization. A file counts as
arrived when two looks some time apart find it unchanged, so that one that is still being copied is let alone.
"""

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lian_desk.adapters.storage.names import clean_name
from lian_desk.adapters.storage.source_files import SourceState, state_of
from lian_desk.models.errors import RuleViolation
from lian_desk.services.commands.settings import AfterIntake, load_intake_settings
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import files_in_folder

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk

TAKEN: Final = "已收取"
"""Folder inside the drop folder to which files go once they are taken in."""
MOST_SHOWN: Final = 500
MOST_LOOKED_AT: Final = 5_000
SETTLING: Final = timedelta(seconds=3)
"""How long a file must have lain unchanged."""
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".tmp", ".download", ".filepart")
_MOST_NAMES: Final = 10_000


@dataclass(frozen=True)
class InboxFile:
    """A file that waits; size in bytes. ``is_arrived`` is False while it may still be growing."""

    path: Path
    name: str
    state: SourceState
    is_arrived: bool


@dataclass(frozen=True)
class Inbox:
    """What lies in the drop folder.

    Attributes:
        folder: the folder, None when none is set.
        is_reachable: False when it is set but cannot be read (a network disk that is gone).
        files: what waits, the oldest first, at most ``MOST_SHOWN``.
        total: how many wait in all.
    """

    folder: Path | None = None
    is_reachable: bool = True
    files: tuple[InboxFile, ...] = ()
    total: int = 0


class DropFolder:
    """Looks into the drop folder of a desk; from one thread at a time, never the one of the window."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._seen: dict[Path, tuple[SourceState, datetime]] = {}

    def look(self) -> Inbox:
        """Return what waits now; a disk that does not answer is a state, not an error."""
        with self._desk.read() as session:
            settings = load_intake_settings(session)
        if not settings.drop_folder:
            return Inbox()
        folder = Path(settings.drop_folder)
        try:
            # a listing, not a question for existence: only it shows that the disk answers
            with os.scandir(folder):
                found = (path for path in files_in_folder(folder, without=TAKEN) if not _is_unfinished(path))
                paths = list(islice(found, MOST_LOOKED_AT))
        except OSError:
            return Inbox(folder, is_reachable=False)
        with self._lock:
            waiting = self._waiting(paths, self._desk.clock.now())
        waiting.sort(key=lambda file: (file.state.modified_at, file.name))
        return Inbox(folder, files=tuple(waiting[:MOST_SHOWN]), total=len(waiting))

    def _waiting(self, paths: Iterable[Path], now: datetime) -> list[InboxFile]:
        states: dict[Path, SourceState] = {}
        for path in paths:
            try:
                states[path] = state_of(path)
            except RuleViolation:
                # gone again, a pipe, or not ours to read
                continue
        taken = intake_plans(self._desk).taken_states(list(states))
        self._seen = {
            path: self._seen[path] if path in self._seen and self._seen[path][0] == state else (state, now)
            for path, state in states.items()
        }
        return [
            InboxFile(path, clean_name(path.name), state, is_arrived=now - self._seen[path][1] >= SETTLING)
            for path, state in states.items()
            if taken.get(path) != state
        ]


def settle_taken(desk: "Desk", paths: Sequence[Path]) -> int:
    """Move files that were taken in out of the way, if the setting says so; returns how many could not be moved.

    A file that cannot be moved stays; it is known by its place, size and time and does not come up again.
    """
    with desk.read() as session:
        settings = load_intake_settings(session)
    if settings.after_intake is not AfterIntake.MOVE or not settings.drop_folder:
        return 0
    folder = Path(settings.drop_folder)
    failed = 0
    for path in dict.fromkeys(paths):
        if folder not in path.parents:
            continue
        try:
            target = folder / TAKEN / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(_free_name(target))
        except OSError:
            failed += 1
    return failed


def _free_name(target: Path) -> Path:
    """Return ``target`` or the next free name beside it: nothing there is written over."""
    for number in range(1, _MOST_NAMES):
        candidate = target if number == 1 else target.with_name(f"{target.stem} ({number}){target.suffix}")
        if not candidate.exists():
            return candidate
    raise FileExistsError


def _is_unfinished(path: Path) -> bool:
    return path.name.lower().endswith(_UNFINISHED) or path.name.startswith("~$")
