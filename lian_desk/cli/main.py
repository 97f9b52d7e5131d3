"""The command line: without a subcommand it opens the window.

Each subcommand is a module of this folder with ``register(subparsers)``; its parser sets ``run``, a function from
the parsed arguments to an exit code. Modules are imported only when asked for, so that the window starts fast.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from lian_desk.cli.exit_codes import BAD_INPUT, PROBLEM, REFUSED
from lian_desk.cli.sentence_parser import SentenceParser
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode
from lian_desk.services.words.wording import sentence

#: Subcommand and the module that brings it, in the order of the help.
SUBCOMMANDS = {
    "window": "lian_desk.cli.window",
    "demo": "lian_desk.cli.demo",
    "tour": "lian_desk.cli.tour",
    "export-record": "lian_desk.cli.export_record",
    "export-summary": "lian_desk.cli.export_summary",
    "export-paper": "lian_desk.cli.export_paper",
    "verify": "lian_desk.cli.verify",
    "check": "lian_desk.cli.check",
    "rules": "lian_desk.cli.rules",
    "bench": "lian_desk.cli.bench",
}


class _TellVersion(argparse.Action):
    """Prints the version; git is asked only now."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002 - argparse's name
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_parsed: object) -> None:
        version = importlib.import_module("lian_desk.adapters.machine.program_version").program_version()
        print(f"lian-desk {version}")
        parser.exit()


def build_parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser with the subcommands ``names``."""
    parser = SentenceParser(
        prog="lian-desk",
        description="就医协助台: assistance files, booking tracking and follow-up records. Without a subcommand the window opens.",
    )
    parser.add_argument("--version", action=_TellVersion, help="tell version and commit")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in names:
        importlib.import_module(SUBCOMMANDS[name]).register(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code.

    0: done; 1: something needs attention, as the output says; 2: wrong input; 3: the rules refuse;
    4: disk, key or file refuse.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0].startswith("--workspace"):
        arguments.insert(0, "window")
    chosen = arguments[0]
    parser = build_parser([chosen] if chosen in SUBCOMMANDS else list(SUBCOMMANDS))
    try:
        parsed = parser.parse_args(arguments)
        code: int = parsed.run(parsed)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except OSError as error:
        # a folder of the caller's own, such as --out, that disk or rights refuse; loaded late, for it brings SQLAlchemy
        problem = importlib.import_module("lian_desk.adapters.machine.environment_problems").environment_problem(error)
        if problem is None:
            raise
        print(f"lian-desk: {sentence(problem)}", file=sys.stderr)
        return PROBLEM
    except DeskError as error:
        print(f"lian-desk: {sentence(error)}", file=sys.stderr)
        if error.code is ErrorCode.VALUE_NOT_UNDERSTOOD:
            return BAD_INPUT
        return PROBLEM if isinstance(error, EnvironmentProblem) else REFUSED
    return code
