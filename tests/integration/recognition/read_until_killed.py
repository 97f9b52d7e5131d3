"""Reads a queue in a process of its own and stands still after the first pages were kept, to be killed there."""

import sys
import time
from pathlib import Path

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.services.desk.desk import Desk
from lian_desk.services.reading_queue.runner import ReadingQueue
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_fixture import MONDAY


def main(folder: Path) -> None:
    """Keep the words of some pages, say so, and wait."""
    desk = Desk(open_workspace(folder, by_throw_away_key(), MONDAY), FixedClock(MONDAY))
    queue = ReadingQueue(desk)
    step = queue.step()
    assert step is not None
    for command in step.commands:
        desk.execute(command)
    # the next pages are read, and lost with the process
    queue.step()
    print(f"kept {step.page} of {step.page_count}", flush=True)
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
