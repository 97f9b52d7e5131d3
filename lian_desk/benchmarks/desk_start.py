"""The start of the desk as people start it. Run as a program; prints when its rows are painted.

``python -m lian_desk.benchmarks.desk_start WORKSPACE PAGE`` opens the window as ``lian-desk`` does, brings PAGE to
the front and writes ``time.monotonic()`` of the first paint of its list and the CPU seconds of the process.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

from lian_desk.services.desk.early_start import begin_start


def main(folder: Path, page_id: str) -> float:
    """Open the desk on ``folder`` and return the moment of the first paint of the list of ``page_id``."""
    begin_start()
    painted_at: float = import_module("lian_desk.benchmarks.start_watch").start_desk(folder, page_id)
    return painted_at


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2])!r} {time.process_time()!r}\n")
