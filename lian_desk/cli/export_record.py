"""``lian-desk export-record``: the 随访记录 of one assistance file as PDF."""

import argparse

from lian_desk.cli.papers import PaperCommand, register_paper
from lian_desk.models.vocabulary import DocumentKind


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``export-record`` to the command line."""
    command = PaperCommand(
        "export-record",
        DocumentKind.FOLLOW_UP_RECORD,
        "Write the follow-up record (随访记录) of one assistance file as PDF.",
    )
    register_paper(subparsers, command)
