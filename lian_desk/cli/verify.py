"""``lian-desk verify FILE.pdf``: was this paper issued here, and is it unchanged (校验记录)?"""

import argparse
import sys
from pathlib import Path

from lian_desk.cli.exit_codes import DONE, FOUND
from lian_desk.cli.papers import print_check
from lian_desk.cli.workspaces import add_workspace_options, opened_desk

#: The file is no paper of this workspace.
UNKNOWN = 3


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "verify",
        help="tell whether a PDF was issued here and is unchanged",
        description=(
            "Tell whether a PDF is a paper that this workspace issued, byte for byte; whether a later paper corrects "
            "it; and what its signature says."
        ),
        epilog="Exit codes: 0 issued here, unchanged; 1 issued here, changed since; 2 wrong input; "
        "3 unknown to this workspace; 4 disk, key or file refuse.",
    )
    add_workspace_options(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("pdf", type=Path, nargs="?", metavar="FILE.pdf", help="the file to look at")
    what.add_argument(
        "--certificate",
        type=Path,
        metavar="OUT.pem",
        help="write the certificate of this workstation instead, for whoever checks signatures elsewhere",
    )
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the file and answer."""
    from lian_desk.adapters.drawing.delivery import deliver
    from lian_desk.adapters.drawing.paper_signature import certificate_of
    from lian_desk.services.papers.issuing import signer_of
    from lian_desk.services.papers.register import Verdict, check_paper

    with opened_desk(arguments) as desk:
        if arguments.certificate is not None:
            deliver(certificate_of(signer_of(desk)), arguments.certificate)
            print(f"lian-desk: 已写出本工位的证书 {arguments.certificate}", file=sys.stderr)
            return DONE
        check = check_paper(desk, arguments.pdf)
    print_check(check, as_json=arguments.json)
    return {Verdict.UNCHANGED: DONE, Verdict.CHANGED: FOUND, Verdict.UNKNOWN: UNKNOWN}[check.verdict]
