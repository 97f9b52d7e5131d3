"""What follows a commit: a table of which tables, once touched, ask the desk to look anew or to finish something.

The rows come in their order. Whoever adds a fact that the desk keeps in memory adds a row here and nothing to the desk.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from lian_desk.models.errors import EnvironmentProblem
from lian_desk.services.commands.changes import Changes
from lian_desk.services.stored_files.discards import ErasingDesk, discard_erased_files


class ReactingDesk(ErasingDesk, Protocol):
    """What the reactions need of a desk."""

    def reload_calendar(self) -> None:
        """Read the calendar anew."""

    def reload_editions(self) -> None:
        """Read the editions of the handbook anew."""

    def use_intake_settings(self) -> None:
        """Let the store of materials go by the settings as they are now."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What ``act`` does when a row of ``table`` was written; ``only_new``: not for one that was changed or deleted."""

    table: str
    act: Callable[[ReactingDesk], None]
    only_new: bool = False

    def answers(self, changes: Changes) -> bool:
        """Tell whether ``changes`` call for it."""
        return self.table in changes.created if self.only_new else changes.touches((self.table,))


def _discard(desk: ReactingDesk) -> None:
    with suppress(EnvironmentProblem):
        # the erasure stands; a disk that refuses now is asked again at the next start
        discard_erased_files(desk)


REACTIONS: Final = (
    Reaction("calendar_year", lambda desk: desk.reload_calendar()),
    Reaction("workspace_setting", lambda desk: desk.use_intake_settings()),
    Reaction("handbook_edition", lambda desk: desk.reload_editions()),
    Reaction("stored_file_discard", _discard, only_new=True),
)


def react(desk: ReactingDesk, changes: Changes) -> None:
    """Let the desk follow what was committed."""
    for reaction in REACTIONS:
        if reaction.answers(changes):
            reaction.act(desk)
