"""``lian-desk window``: opens the desk; what ``lian-desk`` does without a subcommand."""

import argparse
import sys

from lian_desk.cli.workspaces import add_workspace_options, open_for
from lian_desk.services.clock import SystemClock
from lian_desk.services.desk import Desk


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("window", help="open the window (default)")
    add_workspace_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window on the named workspace."""
    return show(arguments.workspace, arguments.password_fd)


def show(folder: object, password_descriptor: int | None = None) -> int:
    """Open the window on the workspace in ``folder`` and return the exit code."""
    from pathlib import Path

    from lian_desk.bootstrap import run_window
    from lian_desk.ui.application import make_application

    app = make_application(sys.argv)
    return run_window(app, Desk(open_for(Path(str(folder)), password_descriptor), SystemClock()))
