"""``lian-desk tour``: drives the real window through the main path and leaves pictures and the two papers."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND

if TYPE_CHECKING:
    from lian_desk.tour.story import StepResult, TourReport

#: Pictures that the README shows, by the name of the step's picture.
_FOR_THE_README: Final = ("worklist", "bookings", "request-clocks-running", "material-viewer")
_MOST_FILES: Final = 100_000


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "tour",
        help="drive the real window through the main path and save pictures of every page",
        description=(
            "Drive the real window (off screen where there is no display) on a demonstration workspace made on the "
            "spot, from the first message to the printed follow-up record, and save a numbered picture of every page "
            "and dialog, light and dark, and the two PDFs. Exit codes: 0 every step succeeded, 1 a step failed, "
            "2 wrong input, 4 disk or folder refuse."
        ),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for pictures and PDFs")
    parser.add_argument("--files", type=_file_count, default=120, metavar="N", help="files of the demonstration (120)")
    parser.add_argument("--readme", type=Path, metavar="DIR", help="also copy the pictures of the README into DIR")
    parser.add_argument("--json", action="store_true", help="answer with facts as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Take the tour and tell where its pictures are."""
    if arguments.out.exists() and not arguments.out.is_dir():
        print(f"lian-desk: {arguments.out} 不是文件夹。", file=sys.stderr)
        return BAD_INPUT
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Qt is loaded only now, when the platform is chosen
    from lian_desk.tour.run import TourOptions, take_tour

    report = take_tour(TourOptions(arguments.out, arguments.files), _quiet if arguments.json else _tell)
    if arguments.readme is not None:
        _copy_for_readme(report, arguments.readme)
    _answer(arguments, report)
    return DONE if report.is_whole else FOUND


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


def _copy_for_readme(report: "TourReport", folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for picture in report.pictures:
        name = picture.stem.partition("-")[2]
        if any(name in {f"{wanted}-light", f"{wanted}-dark"} for wanted in _FOR_THE_README):
            shutil.copyfile(picture, folder / f"{name}.png")


def _answer(arguments: argparse.Namespace, report: "TourReport") -> None:
    failed = [result for result in report.results if result.problem]
    if arguments.json:
        facts = {
            "out": str(arguments.out),
            "steps": [
                {"id": r.step_id, "title": r.title, "seconds": round(r.seconds, 2), "problem": r.problem}
                for r in report.results
            ],
            "pictures": [picture.name for picture in report.pictures],
            "papers": [paper.name for paper in report.papers],
            "warnings": list(report.warnings),
            "seconds": round(report.seconds, 2),
            "succeeded": report.is_whole,
        }
        print(json.dumps(facts, ensure_ascii=False))
        return
    for warning in report.warnings:
        print(f"Qt: {warning}", file=sys.stderr)
    print(f"共 {len(report.results)} 步，{len(failed)} 步没有完成，用时 {report.seconds:.0f} 秒。")
    print(f"{len(report.pictures)} 张图片和 {len(report.papers)} 份 PDF 在：{arguments.out.resolve()}")
    for paper in report.papers:
        print(f"  {paper.name}")
