"""The robot that walks through the window at random: it runs as a command, tells what grew, and finds nothing left."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from lian_desk.benchmarks.random_walk import WORDS, SystemDialogs
from lian_desk.benchmarks.robot import Course, figures_of, sample_files
from lian_desk.benchmarks.window_watch import Gap, Holdings

ROOT = Path(__file__).resolve().parents[3]


def holdings(memory: float, strays: int = 0, children: int = 1) -> Holdings:
    return Holdings(memory, children, 30.0 * children, 1_000, 5, strays, 2_000, ("QLabel",) * strays)


def course(*looks: Holdings) -> Course:
    return Course(
        steps=[100 * (number + 1) for number in range(len(looks))],
        looks=list(looks),
        gaps={"theme": Gap(900.0, 700.0, "theme"), "page team": Gap(90.0, 80.0, "page team")},
        longest=[700.0] * len(looks),
    )


def by_name(found: Course) -> dict[str, object]:
    return {figure.name: figure for figure in figures_of(found)}


@pytest.mark.parametrize(
    ("name", "last", "is_met"),
    [
        ("memory added", holdings(450.0), True),
        ("memory added", holdings(451.0), False),
        ("windows nobody can close", holdings(400.0), True),
        ("windows nobody can close", holdings(400.0, strays=1), False),
        ("children", holdings(400.0, children=4), True),
        ("children", holdings(400.0, children=5), False),
    ],
)
def test_growth_is_held_against_its_aim(name: str, last: Holdings, is_met: bool) -> None:
    figure = by_name(course(holdings(400.0), last))[name]
    assert figure.is_met is is_met
    assert len(figure.course) == 2
    assert figure.runs == 200


def test_the_longest_gap_is_named_with_its_step() -> None:
    figure = by_name(course(holdings(400.0), holdings(400.0)))["longest gap of the window (its own work)"]
    assert (figure.value_ms, figure.is_met) == (700.0, False)
    assert figure.note.startswith("theme: 700 ms (900 on the wall); page team: 80 ms")


def test_every_exception_is_told() -> None:
    found = course(holdings(400.0), holdings(400.0))
    found.unforeseen = ["ValueError\n  lian_desk.x:1", "ValueError\n  lian_desk.x:1"]
    figure = by_name(found)["exceptions"]
    assert (figure.value_ms, figure.is_met, figure.note) == (2, False, "ValueError\n  lian_desk.x:1")


def test_the_robot_brings_good_and_bad_files(tmp_path: Path, qapp: object) -> None:
    files = sample_files(tmp_path / "offered")
    assert {path.suffix for path in files} == {".pdf", ".png"}
    assert all(path.stat().st_size for path in files)
    assert Random(1).choice(files) == Random(1).choice(files)


@pytest.mark.timeout(400)
def test_a_walk_leaves_no_window_and_raises_nothing() -> None:
    command = [sys.executable, "-m", "lian_desk", "bench", "robot", "--steps", "160", "--files", "20", "--seed", "7"]
    done = subprocess.run(
        [*command, "--json"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        text=True,
        encoding="utf-8",
    )
    facts = {figure["name"]: figure for figure in json.loads(done.stdout)["figures"]}
    assert facts["exceptions"]["value_ms"] == 0, facts["exceptions"]["note"]
    assert facts["windows nobody can close"]["worst_ms"] == 0, facts["windows nobody can close"]["note"]
    assert facts["children"]["met"] is True
    assert len(facts["memory added"]["course"]) == 4
    assert "step     50" in done.stderr


@pytest.mark.parametrize("seed", range(4))
def test_dialogs_that_stop_the_loop_are_answered(qapp: object, tmp_path: Path, seed: int) -> None:
    """A question for words once held the robot for ever: nobody clicks in a loop inside a loop."""
    given = tmp_path / "given.pdf"
    given.write_bytes(b"%PDF-1.7")
    guard = SystemDialogs(Random(seed), [given], tmp_path)
    words, is_given = QInputDialog.getMultiLineText(None, "材料有误", "哪里有误")
    assert not is_given or words in WORDS
    name, _kind = QFileDialog.getOpenFileName(None, "选择", str(tmp_path))
    assert name in {"", str(given)}
    guard.stop()
