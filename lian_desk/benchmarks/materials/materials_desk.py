"""A small workspace of its own for measurements about materials, made anew each time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.services.demo.generator import DemoOptions, make_demo
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace


@contextmanager
def fresh_desk(folder: Path) -> Iterator[tuple[Desk, int]]:
    """Yield a desk on a new demonstration in ``folder`` and the key of a file that may be written; removed at the end."""
    clock = SystemClock()
    shutil.rmtree(folder, ignore_errors=True)
    create_workspace(folder, NewWorkspace("测量", "01", None, is_demo=True), clock.now())
    opened = open_workspace(folder, by_throw_away_key(), clock.now())
    desk: Desk | None = None
    try:
        make_demo(opened, DemoOptions(files=4, own_papers=0), clock.now())
        desk = Desk(opened, clock)
        with desk.read() as session:
            file_id = session.scalars(select(AssistanceFile.id).where(AssistanceFile.closed_at.is_(None))).first()
        if file_id is None:
            message = "the demonstration has no open file"
            raise LookupError(message)
        yield desk, file_id
    finally:
        if desk is not None:
            desk.close()
        else:
            opened.close()
        shutil.rmtree(folder, ignore_errors=True)
