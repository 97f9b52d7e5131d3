"""``lian-desk check``: pages, references, seals, ledger, rules and materials of a workspace."""

import argparse
import json
import sys

from lian_desk.cli.exit_codes import DONE, FOUND
from lian_desk.cli.workspaces import add_workspace_options, opened_desk
from lian_desk.services.health_check import PART_WORDS, HealthReport, Part, check_workspace


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="check a workspace for damage; exit code 1 when something is found")
    add_workspace_options(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the workspace and tell what was found."""
    with opened_desk(arguments) as desk:
        report = check_workspace(desk, begun=_tell_part, progress=_tell_progress)
    sys.stderr.write("\n")
    print(_as_json(report) if arguments.json else _as_text(report))
    return DONE if report.is_sound else FOUND


def _tell_part(part: Part) -> None:
    _tell(f"{PART_WORDS[part]} …          ")


def _tell_progress(done: int, total: int) -> None:
    _tell(f"{PART_WORDS[Part.MATERIALS]} {done}/{total}     ")


def _tell(words: str) -> None:
    """Overwrite one line; a script that keeps what is told gets the answer only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{words}")
        sys.stderr.flush()


def _as_text(report: HealthReport) -> str:
    lines = []
    for part in report.parts:
        state = "完好" if not part.faults else f"{len(part.faults)} 处问题"
        count = f"（{part.checked:,}）" if part.checked else ""
        lines.append(f"{PART_WORDS[part.part]}{count}：{state}")
        lines.extend(f"  - {fault}" for fault in part.faults)
    return "\n".join(lines)


def _as_json(report: HealthReport) -> str:
    return json.dumps(
        {
            "sound": report.is_sound,
            "parts": [
                {"part": part.part.value, "checked": part.checked, "faults": list(part.faults)} for part in report.parts
            ],
        },
        ensure_ascii=False,
    )
