"""``lian-desk bench``: how fast the desk is on this machine, each figure beside its floor in the same run."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from lian_desk.cli.exit_codes import DONE, FOUND

if TYPE_CHECKING:
    from lian_desk.benchmarks.figures import Figure

#: The robot's demonstration is made anew each time.
_MOST_FILES_OF_ROBOT = 200
_MARKS = {True: "met", False: "MISSED", None: ""}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "bench",
        help="measure the desk against its floors",
        description=(
            "Measure start, lists, searches, scrolling, opening and PDF on a demonstration workspace that is made once "
            "and kept; or, with a subject, that part alone. Exit codes: 0 every aim met, 1 an aim missed, 4 disk or "
            "folder refuse."
        ),
    )
    parser.add_argument(
        "subject", nargs="?", choices=tuple(_SUBJECTS), default="desk", help="what to measure (default: the window)"
    )
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="where what is measured on is kept")
    parser.add_argument("--files", type=int, default=100_000, metavar="N", help="files in it (default 100,000)")
    parser.add_argument("--runs", type=int, default=15, metavar="N", help="runs per figure (default 15)")
    parser.add_argument("--only", action="append", default=[], metavar="MODULE", help="a part of the subject alone")
    parser.add_argument(
        "--megabytes", type=int, default=1024, metavar="N", help="materials: how much is taken in (default 1,024)"
    )
    parser.add_argument(
        "--pages", type=int, default=100_000, metavar="N", help="materials: pages of text searched (default 100,000)"
    )
    parser.add_argument("--records", type=int, default=1_000, metavar="N", help="paper: how many (default 1,000)")
    parser.add_argument("--steps", type=int, default=2_000, metavar="N", help="robot: how many (default 2,000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="robot: which way it walks (default 1)")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure the subject and answer."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = _SUBJECTS[arguments.subject](arguments)
    if arguments.json:
        facts = {"files": arguments.files, "figures": [found.as_facts() for found in figures]}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        _print_table(figures)
    return FOUND if any(found.is_met is False for found in figures) else DONE


def _desk(arguments: argparse.Namespace) -> "list[Figure]":
    """Make the workspace if it is not there yet, and measure the window on it."""
    from lian_desk.adapters.machine.clock import SystemClock
    from lian_desk.benchmarks.suite import holds_files, measure_all
    from lian_desk.cli.demo import make_workspace, throw_away
    from lian_desk.services.demo.generator import DemoOptions

    folder = arguments.workspace or default_folder(arguments.files)
    now = SystemClock().now()
    if not holds_files(folder, arguments.files, now):
        _say(f"making {arguments.files:,} files in {folder}")
        throw_away(folder)
        make_workspace(folder, DemoOptions(files=arguments.files), now)
    return measure_all(folder, arguments.files, runs=max(2, arguments.runs), say=_say)


def _materials(arguments: argparse.Namespace) -> "list[Figure]":
    """Measure what is done with materials."""
    from lian_desk.benchmarks.materials.materials_suite import MaterialsBench, measure_materials

    folder = arguments.workspace or default_folder(0).with_name("bench-materials")
    bench = MaterialsBench(folder, max(2, arguments.runs), arguments.megabytes, arguments.pages, _say)
    return measure_materials(bench, arguments.only)


def _paper(arguments: argparse.Namespace) -> "list[Figure]":
    """Measure records on paper against a bare canvas and another library."""
    from lian_desk.benchmarks.paper import measure_papers

    return measure_papers(max(2, arguments.records), _say)


def _robot(arguments: argparse.Namespace) -> "list[Figure]":
    """Let a robot use the window for a long time, on a small demonstration of its own."""
    from lian_desk.benchmarks.robot import RobotBench, measure_robot

    files = min(arguments.files, _MOST_FILES_OF_ROBOT)
    return measure_robot(RobotBench(max(1, arguments.steps), arguments.seed, files, _say))


def _open_work(arguments: argparse.Namespace) -> "list[Figure]":
    """Measure the worklist on a workspace in which every request is open, and the reckoning of deadlines."""
    from lian_desk.adapters.machine.clock import SystemClock
    from lian_desk.benchmarks.open_work import measure_open_work
    from lian_desk.benchmarks.suite import holds_files
    from lian_desk.cli.demo import make_workspace, throw_away
    from lian_desk.services.demo.generator import DemoOptions

    folder = arguments.workspace or default_folder(arguments.files).with_name(f"bench-open-{arguments.files}")
    now = SystemClock().now()
    if not holds_files(folder, arguments.files, now):
        _say(f"making {arguments.files:,} open requests in {folder}")
        throw_away(folder)
        make_workspace(folder, DemoOptions(files=arguments.files, own_papers=0, is_all_open=True), now)
    return measure_open_work(folder, runs=max(2, arguments.runs), say=_say)


def default_folder(files: int) -> Path:
    """Return the cache folder of the demonstration with ``files`` files."""
    return Path(platformdirs.user_cache_dir("lian_desk", appauthor=False)) / f"bench-{files}"


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _print_table(figures: "list[Figure]") -> None:
    width = max(len(found.name) for found in figures)
    print(f"{'':{width}}  {'median':>9}  {'worst':>9}  {'floor':>9}  {'ratio':>6}  aim")
    for found in figures:
        unit = found.unit
        aim = f"≤ {found.aim_ms:g} {unit}" if found.aim_ms is not None else ""
        if found.aim_ratio is not None:
            aim = f"≤ {found.aim_ratio:.3g} × floor"
        print(
            f"{found.name:{width}}  {found.value_ms:7.1f}{unit}  {found.worst_ms:7.1f}{unit}  {found.floor_ms:7.2f}{unit}  "
            f"{found.ratio:6.2f}  {aim} {_MARKS[found.is_met]}"
        )
        print(f"{'':{width}}  floor: {found.floor_name}, {found.runs} runs")
        for line in found.note.splitlines():
            print(f"{'':{width}}  {line}")


_SUBJECTS = {"desk": _desk, "materials": _materials, "open-work": _open_work, "paper": _paper, "robot": _robot}
