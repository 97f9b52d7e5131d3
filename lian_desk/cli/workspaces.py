"""How the command line finds and opens a workspace."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

import platformdirs

from lian_desk.adapters.keys.envelope import Envelope
from lian_desk.adapters.keys.keyring_wrap import NO_HELP
from lian_desk.adapters.keys.unlocking import (
    Unlock,
    by_keyring,
    by_password,
    by_throw_away_key,
    is_remembered,
    opens_by_itself,
)
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import OpenWorkspace, open_workspace, peek_envelope

#: A script hands the password over a file descriptor, never in an argument or the environment.
PASSWORD_DESCRIPTOR = "--password-fd"  # noqa: S105 - the name of an option


def default_workspace() -> Path:
    """Return the folder in which the workspace lies when none is named."""
    return Path(platformdirs.user_data_dir("lian_desk", appauthor=False)) / "workspace"


def add_workspace_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a workspace and unlock it."""
    parser.add_argument(
        "--workspace", type=Path, default=default_workspace(), metavar="DIR", help="folder of the workspace"
    )
    parser.add_argument(
        PASSWORD_DESCRIPTOR,
        type=int,
        metavar="N",
        help="read the password from this file descriptor; without it the keyring is asked, then the terminal",
    )


@dataclass
class HeldKeys:
    """Keeps the keys of an unlocking, for a command that goes on when the database does not open."""

    keys: WorkspaceKeys | None = None

    def holding(self, unlock: Unlock) -> Unlock:
        """The same way in, which leaves the keys here."""

        def unlock_and_hold(envelope: Envelope) -> WorkspaceKeys:
            self.keys = unlock(envelope)
            return self.keys

        return unlock_and_hold


@contextmanager
def opened_desk(arguments: argparse.Namespace, held: HeldKeys | None = None) -> Iterator[Desk]:
    """Open the workspace that the arguments name, and close it cleanly.

    Raises:
        EnvironmentProblem: nothing unlocks it, or disk and database refuse, at the opening or while it is read.
    """
    with foreseen_problems():
        opened = open_for(arguments.workspace, arguments.password_fd, held)
        try:
            desk = Desk(opened, SystemClock())
        except BaseException:
            _close_damaged(opened)
            raise
        try:
            yield desk
        except BaseException:
            desk.renderer.close()
            _close_damaged(opened)
            raise
        desk.close()


def _close_damaged(opened: OpenWorkspace) -> None:
    """Close after a failure: what the closing meets besides says nothing new."""
    with suppress(EnvironmentProblem), foreseen_problems():
        opened.close()


def open_for(folder: Path, password_descriptor: int | None, held: HeldKeys | None = None) -> OpenWorkspace:
    """Unlock by the demo's own key, the keyring, the descriptor or the terminal, whichever there is.

    ``held`` gets the keys as soon as something has unlocked them.

    Raises:
        EnvironmentProblem: nothing unlocks it; the sentence says what to do.
        RuleViolation: ``VALUE_NOT_UNDERSTOOD`` for a descriptor that cannot be read.
    """
    now = SystemClock().now()
    held = held or HeldKeys()
    envelope = peek_envelope(folder)
    if opens_by_itself(envelope):
        return open_workspace(folder, held.holding(by_throw_away_key()), now)
    if password_descriptor is not None:
        return open_workspace(folder, held.holding(by_password(_password_from(password_descriptor))), now)
    if is_remembered(envelope):
        try:
            return open_workspace(folder, held.holding(by_keyring()), now)
        except EnvironmentProblem as problem:
            if problem.code not in NO_HELP:
                raise
    if not sys.stdin.isatty():
        raise EnvironmentProblem(ErrorCode.PASSWORD_MISSING, option=PASSWORD_DESCRIPTOR)
    return open_workspace(folder, held.holding(by_password(getpass("密码："))), now)


def _password_from(descriptor: int) -> str:
    """Read one line from a descriptor of the calling script."""
    try:
        with os.fdopen(descriptor, encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            value=f"{PASSWORD_DESCRIPTOR} {descriptor}",
            expected="请给出一个可以读出密码的文件描述符",
        ) from error
