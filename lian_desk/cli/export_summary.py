"""``lian-desk export-summary``: the 个案摘要 of one assistance file as PDF."""

import argparse

from lian_desk.cli.papers import PaperCommand, register_paper
from lian_desk.models.vocabulary import DocumentKind


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``export-summary`` to the command line."""
    command = PaperCommand(
        "export-summary", DocumentKind.FILE_SUMMARY, "Write the summary (个案摘要) of one assistance file as PDF."
    )
    register_paper(subparsers, command)
