"""Carry out a command from the window: on the write lane, then tell every open list what changed."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.commands import Command, Outcome


def carry_out(
    context: UiContext,
    owner: QObject,
    command: "Command",
    done: "Callable[[Outcome], object]",
    failed: Callable[[BaseException], object] | None = None,
) -> None:
    """Run ``command`` off the UI thread; its changes go to the bus before ``done`` is called.

    The changes are told even when ``owner`` is gone by then: the fact stays a fact.
    """

    def execute() -> "Outcome":
        outcome = context.desk.execute(command)
        context.bus.arrived.emit(outcome.changes)
        return outcome

    context.runner.write(owner, execute, partial(_deliver, done), failed)


def _deliver(done: "Callable[[Outcome], object]", outcome: "Outcome") -> None:
    done(outcome)
