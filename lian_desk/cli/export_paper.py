"""``lian-desk export-paper KIND``: any paper of the house as PDF."""

import argparse

from lian_desk.cli.papers import PaperCommand, register_paper


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``export-paper`` to the command line."""
    command = PaperCommand("export-paper", None, "Write one paper of an assistance file, or of the team, as PDF.")
    register_paper(subparsers, command)
