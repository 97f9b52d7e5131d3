"""What ``export-record`` and ``export-summary`` share: options, issuing, checking a file against what was issued."""

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
from lian_desk.models.vocabulary import DocumentKind

if TYPE_CHECKING:
    from lian_desk.services.desk import Desk
    from lian_desk.services.issued_documents import IssuedFact, IssuedPaper


@dataclass(frozen=True)
class PaperCommand:
    """One subcommand for one kind of paper."""

    name: str
    kind: DocumentKind
    help: str

    @property
    def has_period(self) -> bool:
        """Only the follow-up record covers a period."""
        return self.kind is DocumentKind.FOLLOW_UP_RECORD


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
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--file", metavar="NUMBER", help="number of the assistance file, such as A-26-NJ01-00001")
    what.add_argument("--verify", type=Path, metavar="PDF", help="tell which issued paper a PDF is, byte for byte")
    parser.add_argument("--out", type=Path, default=Path(), metavar="PATH", help="folder or file to write (default: .)")
    parser.add_argument("--unmasked", action="store_true", help="print personal data in clear; needs --purpose")
    parser.add_argument("--purpose", default="", metavar="TEXT", help="for whom or what for; kept with the paper")
    if command.has_period:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD", help="first day")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=lambda arguments: _run(command, arguments))


def _run(command: PaperCommand, arguments: argparse.Namespace) -> int:
    first, last = getattr(arguments, "first", None), getattr(arguments, "last", None)
    if (first is None) != (last is None) or (first is not None and last is not None and last < first):
        print("lian-desk: 起止日期请一起给出，且止日不早于起日。", file=sys.stderr)
        return BAD_INPUT
    with opened_desk(arguments) as desk:
        if arguments.verify is not None:
            return _verify(desk, arguments)
        period = (first, last) if first is not None and last is not None else None
        return _issue(desk, command, arguments, period)


def _issue(desk: "Desk", command: PaperCommand, arguments: argparse.Namespace, period: tuple[date, date] | None) -> int:
    from lian_desk.services.issued_documents import ExportOrder, issue

    order = ExportOrder(
        kind=command.kind,
        file_id=_find_file(desk, arguments.file),
        masked=not arguments.unmasked,
        purpose=arguments.purpose,
        period=period,
    )
    paper = issue(desk, order, arguments.out)
    path = arguments.out / paper.file_name if arguments.out.is_dir() else arguments.out
    if arguments.json:
        print(json.dumps(_facts(paper, path), ensure_ascii=False, indent=2))
    else:
        print(f"{paper.number} · {paper.drawn.page_count} 页 · {path}")
    return DONE


def _find_file(desk: "Desk", number: str) -> int:
    from lian_desk.services.document_views import file_id_of

    try:
        return file_id_of(desk, number)
    except RuleViolation as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        expected = "这个工作区里没有这份档案；请核对档案号，例如 A-26-NJ01-00001"
        raise RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value=f"--file {number}", expected=expected) from error


def _facts(paper: "IssuedPaper", path: Path) -> dict[str, object]:
    return {
        "number": paper.number,
        "path": str(path),
        "page_count": paper.drawn.page_count,
        "byte_size": paper.drawn.size,
        "sha256": paper.drawn.sha256,
        "seal": paper.drawn.seal,
        "replaced": [f"U+{item.code_point:04X}" for item in paper.drawn.replaced],
    }


def _verify(desk: "Desk", arguments: argparse.Namespace) -> int:
    from lian_desk.services.issued_documents import verify_paper

    fact = verify_paper(desk, arguments.verify)
    if arguments.json:
        print(
            json.dumps({"is_issued": fact is not None, **(_known(fact) if fact else {})}, ensure_ascii=False, indent=2)
        )
    elif fact is not None:
        print(f"与签发时一致：{fact.number} · 档案 {fact.file_number} · {fact.page_count} 页")
    else:
        print("不是本工作区签发的文件，或内容已被改动。")
    return DONE if fact is not None else FOUND


def _known(fact: "IssuedFact") -> dict[str, object]:
    return {
        "number": fact.number,
        "kind": fact.kind.value,
        "file_number": fact.file_number,
        "page_count": fact.page_count,
        "is_masked": fact.is_masked,
        "issued_at": fact.issued_at.isoformat(),
        "sha256": fact.content_sha256,
    }
