"""``lian-desk tour``: drives the real window through the main path and leaves pictures and the two papers."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND

if TYPE_CHECKING:
    from lian_desk.tour.story import StepResult, TourReport

#: Pictures that the README shows, by the name of the step's picture.
_FOR_THE_README: Final = ("worklist", "bookings", "request-clocks-running", "material-viewer")
_MOST_FILES: Final = 100_000
_LIGHT, _DARK, _BOTH = "light", "dark", "both"
#: Far above what the other half of a tour takes.
_PATIENCE_SECONDS: Final = 900


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "tour",
        help="drive the real window through the main path and save pictures of every page",
        description=(
            "Drive the real window (off screen where there is no display) on a demonstration workspace made on the "
            "spot, from the first message to the printed follow-up record, and save a numbered picture of every page "
            "and dialog, light and dark, and the two PDFs. The dark half is taken at the same time by a second "
            "process off screen. Exit codes: 0 every step succeeded, 1 a step failed, 2 wrong input, 4 disk or folder "
            "refuse."
        ),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for pictures and PDFs")
    parser.add_argument("--files", type=_file_count, default=120, metavar="N", help="files of the demonstration (120)")
    parser.add_argument("--look", choices=(_BOTH, _LIGHT, _DARK), default=_BOTH, help="which looks (default both)")
    parser.add_argument("--readme", type=Path, metavar="DIR", help="also copy the pictures of the README into DIR")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Take the tour and tell where its pictures are."""
    if arguments.out.exists() and not arguments.out.is_dir():
        print(f"lian-desk: {arguments.out} 不是文件夹。", file=sys.stderr)
        return BAD_INPUT
    arguments.out.mkdir(parents=True, exist_ok=True)
    other = _begin_dark_half(arguments) if arguments.look == _BOTH else None
    try:
        facts = _own_half(arguments)
        if other is not None:
            facts = _joined(facts, _end_dark_half(other))
    finally:
        if other is not None and other.poll() is None:
            other.kill()
            other.communicate()
    if arguments.readme is not None:
        _copy_for_readme(arguments.out, facts["pictures"], arguments.readme)
    _answer(arguments, facts)
    return DONE if facts["succeeded"] else FOUND


def _own_half(arguments: argparse.Namespace) -> dict[str, Any]:
    """Take the tour in this process, in one look."""
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Qt is loaded only now, when the platform is chosen
    from lian_desk.tour.run import TourOptions, take_tour
    from lian_desk.ui.common.look.theme import Scheme

    scheme = Scheme.DARK if arguments.look == _DARK else Scheme.LIGHT
    # the papers look the same in both looks: one half keeps them
    papers = None if scheme is Scheme.DARK else arguments.out
    options = TourOptions(arguments.out, papers, arguments.files, scheme)
    return _facts(arguments, take_tour(options, _quiet if arguments.json else _tell))


def _facts(arguments: argparse.Namespace, report: "TourReport") -> dict[str, Any]:
    return {
        "out": str(arguments.out),
        "steps": [
            {"id": r.step_id, "title": r.title, "seconds": round(r.seconds, 2), "problem": r.problem}
            for r in report.results
        ],
        "pictures": [picture.name for picture in report.pictures],
        "papers": [paper.name for paper in report.papers] if arguments.look != _DARK else [],
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 2),
        "succeeded": report.is_whole,
    }


# ------------------------------------------------------------------------------------------------------ dark half


def _begin_dark_half(arguments: argparse.Namespace) -> "subprocess.Popen[str]":
    own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-X", "utf8", "-m", "lian_desk"]
    command = [*own, "tour", "--out", str(arguments.out.resolve()), "--files", str(arguments.files)]
    package_parent = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(  # noqa: S603 - this program itself
        [*command, "--look", _DARK, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # two windows on one display would take the keyboard from each other
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": package_parent},
    )


def _end_dark_half(other: "subprocess.Popen[str]") -> dict[str, Any]:
    """Return the facts of the dark half; one that broke off is a failed step with its last words."""
    try:
        answer, complaint = other.communicate(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return _broken_off("没有按时结束")
    try:
        facts: dict[str, Any] = json.loads(answer)
    except json.JSONDecodeError:
        return _broken_off("".join(complaint.strip().splitlines()[-1:]) or "没有回答")
    return facts


def _broken_off(problem: str) -> dict[str, Any]:
    step = {"id": "dark-half", "title": "另一半", "seconds": 0.0, "problem": problem}
    return {"steps": [step], "pictures": [], "warnings": [], "seconds": 0.0, "succeeded": False}


def _joined(light: dict[str, Any], dark: dict[str, Any]) -> dict[str, Any]:
    failed = [{**step, "title": f"{step['title']}（深色）"} for step in dark["steps"] if step["problem"]]
    return {
        **light,
        "steps": [*light["steps"], *failed],
        "pictures": sorted([*light["pictures"], *dark["pictures"]]),
        "warnings": list(dict.fromkeys([*light["warnings"], *dark["warnings"]])),
        "seconds": max(light["seconds"], dark["seconds"]),
        "succeeded": light["succeeded"] and dark["succeeded"],
    }


# --------------------------------------------------------------------------------------------------------- words


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _file_count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= _MOST_FILES:
        message = f"a whole number from 1 to {_MOST_FILES:,}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _tell(result: "StepResult") -> None:
    if result.problem:
        print(f"× {result.title}（{result.step_id}）：{result.problem}", file=sys.stderr, flush=True)
    else:
        print(f"✓ {result.title}（{result.seconds:.1f} 秒）", flush=True)


def _quiet(_result: "StepResult") -> None:
    """The facts come at the end."""


def _copy_for_readme(out: Path, pictures: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    targets = {f"{name}-{_LIGHT}.png": f"{name}.png" for name in _FOR_THE_README}
    targets |= {f"{name}-{_DARK}.png": f"{name}-{_DARK}.png" for name in _FOR_THE_README}
    for picture in pictures:
        target = targets.get(picture.partition("-")[2])
        if target is not None:
            shutil.copyfile(out / picture, folder / target)


def _answer(arguments: argparse.Namespace, facts: dict[str, Any]) -> None:
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    for warning in facts["warnings"]:
        print(f"Qt: {warning}", file=sys.stderr)
    failed = [step for step in facts["steps"] if step["problem"]]
    for step in failed:
        print(f"× {step['title']}（{step['id']}）：{step['problem']}", file=sys.stderr)
    print(f"共 {len(facts['steps'])} 步，{len(failed)} 步没有完成，用时 {facts['seconds']:.0f} 秒。")
    print(f"{len(facts['pictures'])} 张图片和 {len(facts['papers'])} 份 PDF 在：{arguments.out.resolve()}")
    for paper in facts["papers"]:
        print(f"  {paper}")
