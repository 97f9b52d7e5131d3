"""What ``export-record``, ``export-summary`` and ``export-paper`` share: options, issuing, checking a file."""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND
from lian_desk.cli.workspaces import add_workspace_options, opened_desk
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel

if TYPE_CHECKING:
    from lian_desk.services.desk.desk import Desk
    from lian_desk.services.papers.issuing import IssuedPaper
    from lian_desk.services.papers.orders import ExportOrder
    from lian_desk.services.papers.register import PaperCheck


@dataclass(frozen=True)
class PaperCommand:
    """One subcommand; without ``kind`` the caller names the kind of paper."""

    name: str
    kind: DocumentKind | None
    help: str

    @property
    def has_period(self) -> bool:
        """Only the follow-up record and the summary of the team cover a period."""
        return self.kind in {None, DocumentKind.FOLLOW_UP_RECORD}


def register_paper(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", command: PaperCommand) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        command.name,
        help=command.help,
        description=f"{command.help} The paper gets a number, is written with its seal and is entered in the audit log.",
        epilog="Exit codes: 0 done; 1 the checked file is no issued paper; 2 wrong input; 3 the rules refuse; "
        "4 disk, key or file refuse.",
    )
    add_workspace_options(parser)
    if command.kind is None:
        kinds = [kind.value for kind in DocumentKind]
        parser.add_argument("kind", choices=kinds, metavar="KIND", help=f"one of {', '.join(kinds)}")
        parser.add_argument("--subject", type=int, metavar="KEY", help="key of the booking or education note")
    what = parser.add_mutually_exclusive_group(required=command.kind is not None)
    what.add_argument("--file", metavar="NUMBER", help="number of the assistance file, such as A-26-NJ01-00001")
    what.add_argument("--verify", type=Path, metavar="PDF", help="tell which issued paper a PDF is, byte for byte")
    parser.add_argument("--out", type=Path, default=Path(), metavar="PATH", help="folder or file to write (default: .)")
    _add_reader_options(parser)
    if command.has_period:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD", help="first day")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=lambda arguments: _run(command, arguments))


def _add_reader_options(parser: argparse.ArgumentParser) -> None:
    """Add for whose eyes the paper is, and what it corrects."""
    levels = [level.value for level in MaskingLevel]
    reader = parser.add_mutually_exclusive_group()
    reader.add_argument("--for", dest="masking", choices=levels, metavar="READER", help=f"one of {', '.join(levels)}")
    reader.add_argument("--unmasked", action="store_true", help="print personal data in clear; needs --purpose")
    parser.add_argument("--recipient", default="", metavar="TEXT", help="who gets it; needed for a hospital")
    parser.add_argument("--purpose", default="", metavar="TEXT", help="what for; kept with the paper")
    parser.add_argument("--corrects", metavar="NUMBER", help="number of the issued paper that this one corrects")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why it is corrected")


def _run(command: PaperCommand, arguments: argparse.Namespace) -> int:
    first, last = getattr(arguments, "first", None), getattr(arguments, "last", None)
    if (first is None) != (last is None) or (first is not None and last is not None and last < first):
        print("lian-desk: 起止日期请一起给出，且止日不早于起日。", file=sys.stderr)
        return BAD_INPUT
    with opened_desk(arguments) as desk:
        if arguments.verify is not None:
            return _verify(desk, arguments)
        period = (first, last) if first is not None and last is not None else None
        return _issue(desk, _order(desk, command, arguments, period), arguments)


def _order(
    desk: "Desk", command: PaperCommand, arguments: argparse.Namespace, period: tuple[date, date] | None
) -> "ExportOrder":
    from lian_desk.services.papers.orders import ExportOrder, usual_reader
    from lian_desk.services.papers.register import find_issued

    kind = command.kind or DocumentKind(arguments.kind)
    masking = MaskingLevel.REVEALED if arguments.unmasked else MaskingLevel(arguments.masking or usual_reader(kind))
    if masking is MaskingLevel.HOSPITAL and not arguments.recipient.strip():
        expected = "交医疗机构的文书请写明交给谁"
        raise RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value="--recipient", expected=expected)
    old = find_issued(desk, arguments.corrects) if arguments.corrects else None
    return ExportOrder(
        kind=kind,
        file_id=_find_file(desk, arguments.file) if kind is not DocumentKind.TEAM_SUMMARY else None,
        masking=masking,
        recipient=arguments.recipient,
        purpose=arguments.purpose,
        period=period,
        subject_id=getattr(arguments, "subject", None),
        corrects_id=old.key if old else None,
        correction_reason=arguments.reason,
    )


def _issue(desk: "Desk", order: "ExportOrder", arguments: argparse.Namespace) -> int:
    from lian_desk.services.papers.issuing import issue

    paper = issue(desk, order, arguments.out)
    path = arguments.out / paper.file_name if arguments.out.is_dir() else arguments.out
    if arguments.json:
        print(json.dumps(_facts(paper, path), ensure_ascii=False, indent=2))
    else:
        print(f"{paper.number} · {paper.drawn.page_count} 页 · {path}")
    return DONE


def _find_file(desk: "Desk", number: str | None) -> int:
    from lian_desk.services.papers.views import file_id_of

    expected = "这个工作区里没有这份档案；请核对档案号，例如 A-26-NJ01-00001"
    try:
        if number is not None:
            return file_id_of(desk, number)
    except RuleViolation as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        raise RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value=f"--file {number}", expected=expected) from error
    raise RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value="--file", expected="请给出档案号，例如 A-26-NJ01-00001")


def _facts(paper: "IssuedPaper", path: Path) -> dict[str, object]:
    return {
        "number": paper.number,
        "path": str(path),
        "page_count": paper.drawn.page_count,
        "byte_size": paper.drawn.size,
        "sha256": paper.drawn.sha256,
        "seal": paper.drawn.seal,
        "is_signed": paper.is_signed,
        "replaced": [f"U+{item.code_point:04X}" for item in paper.drawn.replaced],
    }


def _verify(desk: "Desk", arguments: argparse.Namespace) -> int:
    from lian_desk.services.papers.register import Verdict, check_paper

    check = check_paper(desk, arguments.verify)
    print_check(check, as_json=arguments.json)
    return DONE if check.verdict is Verdict.UNCHANGED else FOUND


def print_check(check: "PaperCheck", *, as_json: bool) -> None:
    """Answer with the result of a check, for people or for programs."""
    if as_json:
        print(json.dumps(check_facts(check), ensure_ascii=False, indent=2))
    else:
        print("\n".join(check.sentences))


def check_facts(check: "PaperCheck") -> dict[str, object]:
    """Return the result of a check as plain values."""
    facts: dict[str, object] = {"verdict": check.verdict.value, "sha256": check.sha256}
    fact, signature = check.fact, check.signature
    if fact is not None:
        facts |= {
            "number": fact.number,
            "kind": fact.kind.value,
            "file_number": fact.file_number,
            "page_count": fact.page_count,
            "masking": fact.masking.value,
            "edition": fact.handbook_edition,
            "issued_at": fact.issued_at.isoformat(),
            "issued_sha256": fact.content_sha256,
            "corrects": fact.corrects,
            "corrected_by": fact.corrected_by,
        }
    if signature is not None:
        facts["signature"] = {
            "signer": signature.signer,
            "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
            "is_whole": signature.is_whole,
            "is_ours": signature.is_ours,
        }
    return facts
