"""Records of what went wrong, kept on this computer: versions and places in the program, never a value.

Each record is one small text in ``logs/crashes`` of the workspace. Of a place it holds file, line and function, the
file as it lies in the program or its libraries: the path of a user's folder may carry a name. Texts of exceptions are
left out, for they may quote what was typed. Nothing leaves the computer by itself.
"""

import platform
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final

import lian_desk
from lian_desk.adapters.disk.durable_files import make_folder, move_durably, remove_durably, write_durably
from lian_desk.models.rules.working_time import SHANGHAI

KEPT: Final = 20
"""Records of each kind that stay; older ones are removed at the start."""
KEPT_FOR: Final = timedelta(days=180)
_UNTOLD: Final = "new-"
_NAME: Final = re.compile(r"(?P<new>new-)?(?P<kind>fall|error)-(?P<time>\d{8}T\d{6})-[0-9a-f]{8}\.txt")
_TIME: Final = "%Y%m%dT%H%M%S"
_PACKAGE: Final = "lian_desk"
_MOST_LINES: Final = 2_000

_PLACE: Final = re.compile(r'\s*File "(?P<path>.*)", line (?P<line>\d+|\?\?\?) in (?P<function>.*)')
_THREAD: Final = re.compile(r"(?P<which>Current thread|Thread) \S+.*\(most recent call first\):")
_CAUSE: Final = re.compile(r"(?:Fatal Python error|Windows fatal exception): (?P<cause>[A-Za-z ]{1,60})")
_FUNCTION: Final = re.compile(r"[\w<>.]{1,120}")


class RecordKind(StrEnum):
    """What a record tells of."""

    FALL = "fall"
    ERROR = "error"


@dataclass(frozen=True)
class CrashRecord:
    """One record: a fall ended the program, after an error it went on; ``is_new`` until somebody was told."""

    path: Path
    kind: RecordKind
    at: datetime
    is_new: bool

    def text(self) -> str:
        """What stands in it.

        Raises:
            OSError: it is gone, or the disk refuses.
        """
        return self.path.read_text(encoding="utf-8", errors="replace")


def heading() -> str:
    """Versions of the program and of what it stands on."""
    parts = [f"Python {platform.python_version()}"]
    qt = sys.modules.get("PySide6")
    if qt is not None:
        parts.append(f"Qt {qt.__version__}")
    parts.append(platform.system())
    return f"就医协助台 {lian_desk.__version__}\n{' · '.join(parts)}"


def report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return what is told of an exception: versions, its kind, and module, line and function inside the program."""
    lines = [heading(), f"{kind.__module__}.{kind.__qualname__}"]
    for frame, line in traceback.walk_tb(trace):
        module = str(frame.f_globals.get("__name__", "?"))
        if module.partition(".")[0] == _PACKAGE:
            lines.append(f"  {module}:{line} {frame.f_code.co_name}")
    return "\n".join(lines)


def fall_report(raw: str) -> str:
    """Return what is told of a fall: versions, the cause, and file, line and function of each thread.

    ``raw`` is what Python's fault handler wrote; whatever does not look like a cause, a thread or a place is left out.
    """
    return "\n".join([heading(), *_plain_lines(raw)])


def _plain_lines(raw: str) -> Iterator[str]:
    for line in raw.splitlines()[:_MOST_LINES]:
        if cause := _CAUSE.match(line):
            yield cause["cause"].strip()
        elif thread := _THREAD.match(line):
            yield thread["which"]
        elif place := _PLACE.fullmatch(line):
            function = place["function"] if _FUNCTION.fullmatch(place["function"]) else "?"
            yield f"  {plain_path(place['path'])}:{place['line']}:{function}"


def plain_path(path: str) -> str:
    """Return a source file as it lies in the program, the libraries or Python, without the folders above."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    for mark, keep in ((_PACKAGE, True), ("site-packages", False)):
        if mark in parts:
            # the last one: a folder of the user may be called the same
            place = len(parts) - 1 - parts[::-1].index(mark)
            return "/".join(parts[place if keep else place + 1 :])
    return parts[-1] if parts and path.endswith(".py") else "?"


def write_record(folder: Path, kind: RecordKind, text: str, now: datetime) -> Path:
    """Keep ``text`` as a new record.

    Raises:
        OSError: the disk is full, read-only or gone.
    """
    make_folder(folder)
    path = folder / f"{_UNTOLD}{kind}-{now.astimezone(SHANGHAI).strftime(_TIME)}-{secrets.token_hex(4)}.txt"
    write_durably(path, f"{text}\n".encode())
    return path


def list_records(folder: Path) -> tuple[CrashRecord, ...]:
    """The records of a folder, newest first; other files are not looked at.

    Raises:
        OSError: the folder cannot be read.
    """
    if not folder.is_dir():
        return ()
    found = []
    for path in folder.iterdir():
        name = _NAME.fullmatch(path.name)
        if name is not None:
            at = datetime.strptime(name["time"], _TIME).replace(tzinfo=SHANGHAI)
            found.append(CrashRecord(path, RecordKind(name["kind"]), at, name["new"] is not None))
    return tuple(sorted(found, key=lambda record: (record.at, record.path.name), reverse=True))


def mark_told(folder: Path) -> None:
    """Note that the user was told of every record; none of them is new any more.

    Raises:
        OSError: the disk refuses.
    """
    for record in list_records(folder):
        if record.is_new:
            move_durably(record.path, record.path.with_name(record.path.name.removeprefix(_UNTOLD)))


def delete_records(folder: Path) -> int:
    """Remove every record; returns how many.

    Raises:
        OSError: the disk refuses.
    """
    records = list_records(folder)
    for record in records:
        remove_durably(record.path)
    return len(records)


def prune_records(folder: Path, now: datetime) -> int:
    """Remove all but the newest of each kind, and what is older than half a year; returns how many.

    Raises:
        OSError: the disk refuses.
    """
    removed = 0
    for kind in RecordKind:
        records = [record for record in list_records(folder) if record.kind is kind]
        for place, record in enumerate(records):
            if place >= KEPT or now - record.at > KEPT_FOR:
                remove_durably(record.path)
                removed += 1
    return removed
