"""``lian-desk check``: pages, references, seals, ledger, rules and materials of a workspace."""

import argparse
import json
import sys

from lian_desk.adapters.database.backups import newest_sound_backup
from lian_desk.adapters.database.salvage import Readable, readable_records
from lian_desk.adapters.fences.fence import Fence, fence_words
from lian_desk.cli.exit_codes import DONE, FOUND, PROBLEM
from lian_desk.cli.workspaces import HeldKeys, add_workspace_options, opened_desk
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.upkeep.health_check import PART_WORDS, HealthReport, Part, check_workspace
from lian_desk.services.words.wording import sentence
from lian_desk.services.workspace.layout import WorkspaceLayout


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check", help="check a workspace for damage; exit code 1 when something is found, 4 for a damaged database"
    )
    add_workspace_options(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the workspace and tell what was found; of a damaged database tell what can still be read."""
    held = HeldKeys()
    report = HealthReport(())
    try:
        with opened_desk(arguments, held) as desk:
            report = check_workspace(desk, begun=_tell_part, progress=_tell_progress)
            fence = desk.renderer.fence
    except EnvironmentProblem as problem:
        if problem.code is not ErrorCode.DATABASE_DAMAGED or held.keys is None:
            raise
    else:
        if not report.has_damaged_database:
            sys.stderr.write("\n")
            words = f"{_as_text(report)}\n{fence_words(fence)}"
            print(_as_json(report, fence=fence) if arguments.json else words)
            return DONE if report.is_sound else FOUND
    sys.stderr.write("\n")
    layout = WorkspaceLayout(arguments.workspace)
    readable = readable_records(layout.database, held.keys.database) if held.keys is not None else ()
    backup = newest_sound_backup((layout.backups, layout.upgrade_backups), held.keys.database) if held.keys else None
    rescue = "" if backup is None else backup.path.name
    print(_as_json(report, readable, rescue) if arguments.json else _rescue_text(report, readable, rescue))
    print(f"lian-desk: {sentence(EnvironmentProblem(ErrorCode.DATABASE_DAMAGED))}", file=sys.stderr)
    return PROBLEM


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


def _rescue_text(report: HealthReport, readable: tuple[Readable, ...], backup: str) -> str:
    lines = [_as_text(report)] if report.parts else []
    lines.append("仍可读出：")
    lines.extend(f"  - {line.sentence}" for line in readable)
    lines.append(f"最近的完好备份：{backup}" if backup else "没有完好的备份。")
    return "\n".join(lines)


def _as_json(
    report: HealthReport,
    readable: tuple[Readable, ...] | None = None,
    backup: str = "",
    *,
    fence: Fence | None = None,
) -> str:
    facts: dict[str, object] = {
        "sound": report.is_sound and readable is None,
        "parts": [
            {"part": part.part.value, "checked": part.checked, "faults": list(part.faults)} for part in report.parts
        ],
    }
    if fence is not None:
        facts["fence"] = fence.as_facts()
    if readable is not None:
        facts["damaged_database"] = {
            "readable": [{"records": line.words, "rows": line.rows, "whole": line.is_whole} for line in readable],
            "newest_sound_backup": backup or None,
        }
    return json.dumps(facts, ensure_ascii=False)
