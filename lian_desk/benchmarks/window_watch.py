"""What a window costs while it is used: memory, children, widgets, gaps of the UI thread."""

import gc
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

_MEGABYTE: Final = 1024 * 1024
_BEAT_MS: Final = 5
_PROCESSES: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the event loop did not turn.

    ``wall_ms`` as the clock on the wall has it; ``cpu_ms`` is what the UI thread itself worked of it, which other
    programs on the machine do not lengthen. ``step`` names what was done.
    """

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    step: str = ""


class Heartbeat(QObject):
    """Beats in the event loop of the UI thread and notes the longest times between two beats."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._step = ""
        self._wall = time.perf_counter()
        self._cpu = time.thread_time()
        self._worst: dict[str, Gap] = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    @property
    def step(self) -> str:
        """What is being done."""
        return self._step

    def begin(self, step: str) -> None:
        """What comes now belongs to ``step``; the time since the last beat was the measuring's own."""
        self._step = step
        self._wall, self._cpu = time.perf_counter(), time.thread_time()

    def take(self) -> dict[str, Gap]:
        """Return the longest gap of each kind of step since the last call."""
        found, self._worst = self._worst, {}
        return found

    def _beat(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        gap = Gap((wall - self._wall) * 1000, (cpu - self._cpu) * 1000, self._step)
        self._wall, self._cpu = wall, cpu
        held = self._worst.get(self._step)
        if held is None or gap.cpu_ms > held.cpu_ms:
            self._worst[self._step] = gap


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the program holds at one moment; memory in MB, 0 where the system does not tell (without ``/proc``)."""

    memory: float
    children: int
    children_memory: float
    widgets: int
    windows: int
    strays: int
    objects: int
    stray_kinds: tuple[str, ...] = ()


def take_stock() -> Holdings:
    """Count what there is, after everything that waits to be deleted is gone.

    ``windows`` are top-level widgets, hidden ones included; ``strays`` are those without a parent that are not shown:
    nobody will ever close them; ``stray_kinds`` names their classes.
    """
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = QApplication.topLevelWidgets()
    children = _descendants(os.getpid())
    strays = [window for window in windows if is_stray(window)]
    return Holdings(
        memory=_resident(os.getpid()),
        children=len(children),
        children_memory=sum(map(_resident, children)),
        widgets=len(QApplication.allWidgets()),
        windows=len(windows),
        strays=len(strays),
        objects=sum(1 for held in gc.get_objects() if isinstance(held, QObject)),
        stray_kinds=tuple(sorted(f"{type(stray).__name__} {stray.objectName()}".strip() for stray in strays)),
    )


def is_stray(window: QWidget) -> bool:
    """Tell whether a top-level widget belongs to nothing and is not shown; the list of a completer belongs to that."""
    is_offer = isinstance(window, QAbstractItemView) and window.windowType() is Qt.WindowType.Popup
    return window.parent() is None and not window.isVisible() and not is_offer


def _resident(process: int) -> float:
    try:
        pages = int((_PROCESSES / str(process) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def _descendants(process: int) -> list[int]:
    """Return the children of a process, and theirs; none where the system has no ``/proc``."""
    parents = dict(_parents())
    found = [process]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found[1:]


def _parents() -> Iterator[tuple[int, int]]:
    """Yield every process of the machine with its parent."""
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text()
        except OSError:
            # it ended just now
            continue
        # the name in brackets may hold anything; the state and the parent come behind it
        yield int(folder.name), int(state.rpartition(")")[2].split()[1])
