"""``lian-desk demo``: makes a demonstration workspace of invented people, from one file to a million."""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.vocabulary import ServiceKind

if TYPE_CHECKING:
    from datetime import datetime

    from lian_desk.services.demo.generator import DemoOptions, DemoReport

#: The operator of a demonstration; everybody sees that the name is invented.
OPERATOR_NAME = "沈甲申"
STAFF_NUMBER = "101"
WORKSTATION_CODE = "01"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "demo",
        help="make a demonstration workspace of invented people",
        description=(
            "Make a demonstration workspace. It carries its own throw-away key and says so on the screen; the same "
            "seed at the same moment gives the same rows. Exit codes: 0 made, 2 wrong input, 4 disk or folder refuse."
        ),
    )
    parser.add_argument("--workspace", type=Path, required=True, metavar="DIR", help="new or empty folder")
    parser.add_argument("--files", type=_file_count, default=120, metavar="N", help="1 to 1,000,000 (default 120)")
    parser.add_argument("--seed", type=int, default=20_241_101, metavar="S", help="another seed, other people")
    parser.add_argument("--papers", type=int, default=60, metavar="N", help="first N files get papers of their own")
    parser.add_argument("--again", action="store_true", help="throw away a demonstration that lies in the folder")
    parser.add_argument("--verify", action="store_true", help="check the result row by row (exit code 1 on a fault)")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.add_argument("--open", action="store_true", help="open the window on it afterwards")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the workspace and tell what is in it."""
    from lian_desk.adapters.machine.clock import SystemClock
    from lian_desk.services.demo.generator import DemoOptions

    if arguments.papers < 0:
        print("lian-desk: --papers 不能为负数。", file=sys.stderr)
        return BAD_INPUT
    options = DemoOptions(files=arguments.files, seed=arguments.seed, own_papers=arguments.papers)
    if arguments.again:
        throw_away(arguments.workspace)
    report, faults = make_workspace(
        arguments.workspace, options, SystemClock().now(), verify=arguments.verify, is_quiet=arguments.json
    )
    _answer(arguments, report, faults)
    if faults:
        return FOUND
    if arguments.open:
        from lian_desk.cli.window import show

        return show(arguments.workspace)
    return DONE


def make_workspace(
    folder: Path, options: "DemoOptions", now: "datetime", *, verify: bool = False, is_quiet: bool = False
) -> "tuple[DemoReport, list[str]]":
    """Create the workspace, fill it and close it cleanly; a run that fails leaves nothing behind.

    Raises:
        EnvironmentProblem: the folder holds something else, or disk and rights refuse.
    """
    from lian_desk.adapters.keys.unlocking import by_throw_away_key
    from lian_desk.services.demo.generator import make_demo
    from lian_desk.services.demo.verification import verify_demo
    from lian_desk.services.rules.rule_packs import load_current_pack
    from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace

    create_workspace(
        folder,
        NewWorkspace(OPERATOR_NAME, WORKSTATION_CODE, None, is_demo=True, staff_number=STAFF_NUMBER),
        now,
    )
    is_made = False
    try:
        opened = open_workspace(folder, by_throw_away_key(), now)
        try:
            report = make_demo(opened, options, now, None if is_quiet else _progress)
            faults: list[str] = []
            if verify:
                with opened.database.read_session() as session:
                    faults = verify_demo(
                        session,
                        opened.keys.seal_key,
                        most_uses=max(load_current_pack().service(kind).uses or 0 for kind in ServiceKind),
                    )
        finally:
            opened.close()
        is_made = True
    finally:
        if not is_made:
            shutil.rmtree(folder, ignore_errors=True)
    return report, faults


def throw_away(folder: Path) -> None:
    """Remove a demonstration; anything else is left alone.

    Raises:
        EnvironmentProblem: ``WORKSPACE_EXISTS`` when the workspace is a real one, or it is in use.
    """
    from lian_desk.adapters.disk.instance_lock import InstanceLock
    from lian_desk.adapters.machine.clock import SystemClock
    from lian_desk.services.workspace.workspace import peek_envelope, workspace_exists

    if not workspace_exists(folder):
        return
    if not peek_envelope(folder).identity.is_demo:
        raise EnvironmentProblem(ErrorCode.WORKSPACE_EXISTS)
    InstanceLock.acquire(folder, SystemClock().now()).release()
    shutil.rmtree(folder)


def _file_count(text: str) -> int:
    from lian_desk.services.demo.generator import MOST_FILES

    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MOST_FILES:
        message = f"a whole number from 1 to {MOST_FILES:,}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _progress(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r正在生成演示工作区：{done:,} / {total:,} 份档案", end=end, file=sys.stderr, flush=True)


def _answer(arguments: argparse.Namespace, report: "DemoReport", faults: list[str]) -> None:
    total = sum(report.rows.values())
    if arguments.json:
        facts = {
            "workspace": str(arguments.workspace),
            "files": report.files,
            "seed": arguments.seed,
            "rows": total,
            "tables": {table: count for table, count in sorted(report.rows.items()) if count},
            "seconds": round(report.seconds, 2),
            "verified": arguments.verify and not faults,
            "faults": faults,
        }
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"演示工作区已生成：{arguments.workspace}")
    print(
        f"{report.files:,} 份档案，{report.rows['service_request']:,} 项服务申请，共 {total:,} 行，用时 {report.seconds:.1f} 秒。"
    )
    print("人物均为虚构；工作区自带一次性密钥，请勿录入真实客户资料。")
    for fault in faults:
        print(f"检查未通过：{fault}", file=sys.stderr)
