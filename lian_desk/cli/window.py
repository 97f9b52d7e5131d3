"""``lian-desk window``: opens the desk; what ``lian-desk`` does without a subcommand."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from lian_desk.adapters.diagnostics.crash_watch import CrashWatch
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.cli.workspaces import default_workspace
from lian_desk.services.desk.early_start import begin_start


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("window", help="open the window (default)")
    parser.add_argument(
        "--workspace", type=Path, default=default_workspace(), metavar="DIR", help="folder of the workspace"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window on the named workspace; the window asks for the password itself."""
    return show(arguments.workspace)


def show(folder: Path) -> int:
    """Open the window on the workspace in ``folder`` and return the exit code."""
    # before anything else: the watcher is a copy of this process
    watch = CrashWatch.begin()
    begin_start()
    # Qt is loaded only where a window is wanted
    application = import_module("lian_desk.ui.application")
    bootstrap = import_module("lian_desk.bootstrap")
    app = application.make_application(sys.argv[:1])
    code: int = bootstrap.DeskProgram(app, SystemClock(), watch).run(folder)
    return code
