"""Runs every measurement on one demonstration workspace, kept between runs."""

import gc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.benchmarks.cold_start import measure_start
from lian_desk.benchmarks.figures import Figure
from lian_desk.benchmarks.lists import measure_lists, measure_scrolling
from lian_desk.benchmarks.pages import measure_opening, measure_paper
from lian_desk.benchmarks.session import running_session
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.services.workspace.workspace import open_workspace, workspace_exists

Say = Callable[[str], None]


def holds_files(folder: Path, files: int, now: datetime) -> bool:
    """Tell whether ``folder`` holds a demonstration of exactly ``files`` files that this program can open."""
    if not workspace_exists(folder):
        return False
    opened = open_workspace(folder, by_throw_away_key(), now)
    try:
        with opened.database.read_session() as session:
            return session.scalar(select(func.count(AssistanceFile.id))) == files
    finally:
        opened.close()


def measure_all(folder: Path, files: int, *, runs: int, say: Say) -> list[Figure]:
    """Return every figure; ``say`` hears what is being measured."""
    say("cold start")
    figures = measure_start(folder, files, runs=max(1, runs // 3))
    with running_session(folder) as session:
        gc.collect()
        say("lists and searches")
        figures += measure_lists(session, runs)
        say("scrolling")
        figures += measure_scrolling(session)
        say("opening files")
        figures += measure_opening(session)
        say("papers")
        figures += measure_paper(session, runs)
    return figures
