"""(a) Cold start to a usable window, as processes of their own, against a bare window with a table."""

import os
import subprocess
import sys
import time
from pathlib import Path

from lian_desk.benchmarks.figures import Figure, figure

_SECONDS = 120


def measure_start(folder: Path, row_count: int, runs: int) -> list[Figure]:
    """Return the start of the window and of the file list, each against the bare window."""
    bare = [_run("lian_desk.benchmarks.bare_window", str(row_count)) for _ in range(runs + 1)][1:]
    # the first run of each kind fills the disk cache and is left out
    worklist = [_run("lian_desk.benchmarks.desk_start", str(folder), "worklist") for _ in range(runs + 1)][1:]
    files = [_run("lian_desk.benchmarks.desk_start", str(folder), "assistance_files") for _ in range(runs + 1)][1:]
    floor = "bare PySide6 window with a table"
    return [
        figure("start to the worklist on screen", worklist, floor, bare, aim_ratio=3.0),
        figure("start to the file list on screen", files, floor, bare, aim_ratio=3.0),
    ]


def _run(module: str, *arguments: str) -> float:
    """Return the milliseconds from before the process to its first paint; both ends use the machine's one clock.

    Raises:
        RuntimeError: the process failed; its own words are in the message.
    """
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603 - this interpreter and our own module
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        check=False,
        env=environment,
        text=True,
        timeout=_SECONDS,
    )
    if done.returncode:
        message = f"{module} ended with {done.returncode}: {done.stderr.strip()[-800:]}"
        raise RuntimeError(message)
    return (float(done.stdout.strip().splitlines()[-1]) - begun) * 1000
