"""Writes down where the program fell: Python's fault handler tells the places, a watcher makes a record of them.

What the handler writes holds the full path of every source file and so, perhaps, a person's name. Therefore it never
reaches the disk as it is where that can be had: on POSIX the handler writes into a pipe, and a copy of this process,
made before anything was unlocked and doing nothing but read, writes the record without those paths. Where no such copy
can be made (Windows) the words of the handler lie in the folder of the records until the next start turns them.
"""

import faulthandler
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from lian_desk.adapters.diagnostics.crash_records import RecordKind, fall_report, write_record
from lian_desk.adapters.disk.durable_files import make_folder
from lian_desk.adapters.machine.clock import SystemClock

CAN_COPY: Final = sys.platform != "win32"
_FOLDER_LINE: Final = b"\0folder "
_MOST_BYTES: Final = 256 * 1024
_RAW: Final = ".raw"


class CrashWatch:
    """The fault handler of this process; ``begin`` it first thing, tell it ``into`` which folder, ``end`` it last."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._raw: Path | None = None

    @classmethod
    def begin(cls) -> "CrashWatch":
        """Begin to watch. Before any thread, window or secret: the watcher is a copy of this process.

        Raises:
            OSError: the system gives no process.
        """
        if not CAN_COPY:
            return cls(None)
        reading, writing = os.pipe()
        if os.fork() == 0:
            _watch(reading)
        os.close(reading)
        faulthandler.enable(writing, all_threads=True)
        return cls(writing)

    def into(self, folder: Path) -> None:
        """Let records go into ``folder`` from now on, that of the opened workspace.

        Raises:
            OSError: the disk refuses.
        """
        if self._descriptor is not None and self._raw is None:
            os.write(self._descriptor, _FOLDER_LINE + os.fsencode(folder) + b"\0")
            return
        self.end()
        make_folder(folder)
        self._raw = folder / f"{os.getpid()}{_RAW}"
        self._descriptor = os.open(self._raw, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        faulthandler.enable(self._descriptor, all_threads=True)

    def end(self) -> None:
        """End the watch in order; harmless when done twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        faulthandler.disable()
        os.close(descriptor)
        if self._raw is not None:
            self._raw.unlink(missing_ok=True)


def turn_raw_words(folder: Path, now: datetime) -> int:
    """Make records of what a handler left in ``folder`` as it was, and remove it; returns how many.

    Call it before the own watch goes ``into`` the folder, and while the lock of the workspace is held.

    Raises:
        OSError: the disk refuses.
    """
    turned = 0
    for path in sorted(folder.glob(f"*{_RAW}")) if folder.is_dir() else ():
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES)
        if raw.strip():
            write_record(folder, RecordKind.FALL, fall_report(raw.decode("utf-8", "replace")), now)
            turned += 1
        path.unlink()
    return turned


def _watch(reading: int) -> None:
    """Run as the watcher: wait for the end of the other process, write what it said, and end without a trace."""
    try:
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        # whatever else the other process had open is its own
        os.closerange(3, reading)
        os.closerange(reading + 1, _most_descriptors())
        with suppress(OSError):
            keep(_all_of(reading))
    finally:
        os._exit(0)


def _most_descriptors() -> int:
    limit = os.sysconf("SC_OPEN_MAX")
    return min(limit, 65_536) if limit > 0 else 1_024


def _all_of(reading: int) -> bytes:
    told = b""
    while content := os.read(reading, 65_536):
        told = (told + content)[:_MOST_BYTES]
    return told


def keep(told: bytes) -> None:
    """Write what a process said before it ended; nothing when it ended in order or never opened a workspace.

    Raises:
        OSError: the disk refuses.
    """
    _before, mark, rest = told.rpartition(_FOLDER_LINE)
    folder, _end, raw = rest.partition(b"\0")
    if mark and raw.strip():
        text = fall_report(raw.decode("utf-8", "replace"))
        write_record(Path(os.fsdecode(folder)), RecordKind.FALL, text, SystemClock().now())
