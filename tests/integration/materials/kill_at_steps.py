"""Run by the test: takes files in and ends itself by SIGKILL at one step of the disk or the database.

``kill_at_steps.py FOLDER FILE_ID SOURCES COUNTS``: each count makes a process of its own that takes in everything under
``SOURCES/<count>`` into ``FOLDER/<count>``, a workspace, and dies at that step; 0 dies never and prints how many there
are. A step is any call that changes a disk, or any statement or commit of the database, before it and after it.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, event

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_plan import intake_plans
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.services.workspace.workspace import open_workspace

MOMENT = datetime(2026, 9, 28, 11, 0, tzinfo=SHANGHAI)
CALLS = ("open", "fsync", "replace", "rename", "unlink", "mkdir")


class Steps:
    """Counts, and ends the process at the step that was asked for."""

    def __init__(self, last: int) -> None:
        self.done = 0
        self._last = last

    def take(self, *_details: object, **_more: object) -> None:
        self.done += 1
        if self.done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def counted(*values: Any, **more: Any) -> Any:
            self.take()
            answer = call(*values, **more)
            self.take()
            return answer

        return counted


class CountedFile:
    """A file for writing whose every write is a step, also in the middle of it."""

    def __init__(self, stream: Any, steps: Steps) -> None:
        self._stream = stream
        self._steps = steps

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._stream.write(content[:half])
        self._stream.flush()
        self._steps.take()
        self._stream.write(content[half:])
        return len(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._stream.close()


def watch(steps: Steps) -> None:
    for name in CALLS:
        setattr(os, name, steps.around(getattr(os, name)))
    plain = os.fdopen

    def fdopen(descriptor: int, mode: str = "r", *values: Any, **more: Any) -> Any:
        stream = plain(descriptor, mode, *values, **more)
        return CountedFile(stream, steps) if mode == "wb" else stream

    os.fdopen = fdopen  # type: ignore[assignment]
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, steps.take)


def take_all_in(folder: Path, file_id: int, sources: Path, last: int) -> int:
    desk = Desk(open_workspace(folder, by_throw_away_key(), MOMENT), FixedClock(MOMENT))
    steps = Steps(last)
    watch(steps)
    plan = intake_plans(desk).begin(file_id, MaterialSource.BUTTON, items_from([sources]))
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    for item in plan.items:
        intake.take_in(item)
    intake.close()
    intake_plans(desk).end(plan.job_id)
    desk.close()
    return steps.done


def main() -> None:
    folder, file_id, sources = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    for count in sys.argv[4:]:
        process = os.fork()
        if not process:
            done = take_all_in(folder / count, file_id, sources / count, int(count))
            print(done, flush=True)
            os._exit(0)
        _pid, status = os.waitpid(process, 0)
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)


if __name__ == "__main__":
    main()
