"""A running desk for measurements inside one process, with words that find something in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.bootstrap import DeskWindow, build_window
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.search_terms import name_syllables
from lian_desk.services.workspace.workspace import open_workspace
from lian_desk.ui.application import make_application

_APPLICATIONS: list[QApplication] = []


@dataclass(frozen=True)
class Sample:
    """Words to search for, and files with something in them."""

    searches: tuple[tuple[str, str], ...]
    file_ids: tuple[int, ...]
    file_with_follow_ups: int


@dataclass(frozen=True)
class Session:
    """The desk, its window and the sample."""

    desk: Desk
    running: DeskWindow
    sample: Sample


@contextmanager
def running_session(folder: Path) -> Iterator[Session]:
    """Open the demonstration in ``folder`` with its window, and close everything in order."""
    if QApplication.instance() is None:
        # Qt keeps its one application; the name holds it for Python
        _APPLICATIONS.append(make_application(["lian-desk"], catch_errors=False))
    clock = SystemClock()
    desk = Desk(open_workspace(folder, by_throw_away_key(), clock.now()), clock)
    running = build_window(desk)
    running.window.show()
    running.context.runner.wait_idle(60_000)
    try:
        yield Session(desk, running, _sample(desk))
    finally:
        running.close()


def _sample(desk: Desk) -> Sample:
    with desk.read() as session:
        rows = session.execute(
            select(AssistanceFile.id, InsuredPerson.name, InsuredPerson.phone, Policy.policy_number)
            .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
            .join(Policy, Policy.id == AssistanceFile.policy_id)
            .order_by(AssistanceFile.id)
            .limit(64)
        ).all()
        followed = session.scalar(
            select(FollowUp.assistance_file_id).where(FollowUp.done_at.is_not(None)).order_by(FollowUp.id).limit(1)
        )
    middle = rows[len(rows) // 2]
    initials = "".join(syllable[:1] for syllable in name_syllables(middle.name)[0])
    searches = (
        ("name", middle.name),
        ("pinyin initials", initials),
        ("policy number", middle.policy_number[:9]),
        ("phone tail", (middle.phone or "0000")[-4:]),
    )
    return Sample(searches, tuple(row.id for row in rows[:20]), followed or rows[0].id)
