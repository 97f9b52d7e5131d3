"""(a) Cold start to a usable window, as processes of their own, against a bare window with a table."""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from lian_desk.benchmarks.figures import Figure, figure

_SECONDS = 120


def measure_start(folder: Path, row_count: int, runs: int) -> list[Figure]:
    """Return the start of the window and of the file list, each against the bare window."""
    with tempfile.TemporaryDirectory() as bytecode:
        run = partial(_run, Path(bytecode))
        # the first run of each kind fills the disk cache and keeps the bytecode, as an installation does
        bare = [run("lian_desk.benchmarks.bare_window", str(row_count)) for _ in range(runs + 1)][1:]
        floor = "bare PySide6 window with a table"
        figures: list[Figure] = []
        for words, page_id in (("the worklist", "worklist"), ("the file list", "assistance_files")):
            starts = [run("lian_desk.benchmarks.desk_start", str(folder), page_id) for _ in range(runs + 1)][1:]
            for unit, place, ratio in (("on screen", 0, 3.0), ("on screen and closed (CPU)", 1, None)):
                taken, least = [start[place] for start in starts], [start[place] for start in bare]
                figures.append(figure(f"start to {words} {unit}", taken, floor, least, aim_ratio=ratio))
    return figures


def _run(bytecode: Path, module: str, *arguments: str) -> tuple[float, float]:
    """Return the milliseconds from before the process to its first paint, and those of its CPU work in all.

    Both ends use the machine's one clock.

    Raises:
        RuntimeError: the process failed; its own words are in the message.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }
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
    painted_at, worked = done.stdout.strip().splitlines()[-1].split()
    return (float(painted_at) - begun) * 1000, float(worked) * 1000
