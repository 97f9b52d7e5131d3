"""Long use: a robot walks through the real window for thousands of steps, and what the program holds must not grow.

Each figure stands beside what was held after the robot had seen the window once; the course between is kept with it.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from PySide6.QtGui import QColor, QImage, QPainter
from reportlab.pdfgen.canvas import Canvas

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.benchmarks.figures import Figure
from lian_desk.benchmarks.random_walk import RandomWalk, SystemDialogs
from lian_desk.benchmarks.scanned_pdf import scanned_pdf
from lian_desk.benchmarks.window_watch import Gap, Holdings, take_stock
from lian_desk.tour.stage import MOMENT, Stage, application, demo_workspace, opened_stage
from lian_desk.ui.common.look.theme import Scheme

#: What an eight-hour day may add, in MB.
GROWTH_AIM: Final = 50
#: The viewers share one child, taking in has one, recognition two.
CHILDREN_AIM: Final = 4
GAP_AIM_MS: Final = 100
_LOOKS: Final = 20
"""So many times the program is looked at on the way, besides its beginning and its end."""
_FEWEST_BETWEEN: Final = 50
_DAMAGED: Final = b"%PDF-1.7\nnothing of it is there"
_PICTURES: Final = 4

Say = Callable[[str], None]


@dataclass(frozen=True)
class RobotBench:
    """What is asked: ``steps`` steps on a demonstration of ``files`` files, the same ones for the same ``seed``."""

    steps: int
    seed: int
    files: int
    say: Say


@dataclass
class Course:
    """What was seen on the way: the holdings at each look, the longest gaps, and every exception."""

    steps: list[int] = field(default_factory=list)
    looks: list[Holdings] = field(default_factory=list)
    gaps: dict[str, Gap] = field(default_factory=dict)
    longest: list[float] = field(default_factory=list)
    unforeseen: list[str] = field(default_factory=list)
    seconds: float = 0.0


def measure_robot(bench: RobotBench) -> list[Figure]:
    """Walk, and return what grew.

    Raises:
        EnvironmentProblem: disk or folder refuse.
    """
    with (
        tempfile.TemporaryDirectory(prefix="desk-robot-") as parent,
        demo_workspace(Path(parent), bench.files) as place,
    ):
        application(place.parent, Scheme.LIGHT)
        clock = FixedClock(MOMENT)
        with opened_stage(place, clock) as stage:
            course = _walk(bench, stage, clock, Path(parent))
    return figures_of(course)


def _walk(bench: RobotBench, stage: Stage, clock: FixedClock, folder: Path) -> Course:
    random = Random(bench.seed)  # noqa: S311 - repeatable, no secret
    files = sample_files(folder / "offered")
    out = folder / "saved"
    out.mkdir()
    window = stage.running.window
    guard = SystemDialogs(random, files, out, window)
    walk = RandomWalk(window, stage.running.context, clock, random, files)
    course = Course(unforeseen=stage.unforeseen)
    between = max(_FEWEST_BETWEEN, bench.steps // _LOOKS)
    begun = perf_counter()
    for number in range(1, bench.steps + 1):
        walk.step()
        guard.stepped()
        if number % between == 0 or number == bench.steps:
            course.seconds = perf_counter() - begun
            _look(bench, walk, course, number)
    guard.stop()
    return course


def _look(bench: RobotBench, walk: RandomWalk, course: Course, number: int) -> None:
    walk.come_home()
    held = take_stock()
    gaps = walk.heart.take()
    for step, gap in gaps.items():
        if gap.cpu_ms > course.gaps.get(step, Gap()).cpu_ms:
            course.gaps[step] = gap
    longest = max(gaps.values(), key=lambda gap: gap.cpu_ms, default=Gap())
    course.steps.append(number)
    course.looks.append(held)
    course.longest.append(longest.cpu_ms)
    bench.say(
        f"step {number:>6,} {course.seconds:6.0f} s  {held.memory:6.1f} MB  {held.children} children "
        f"{held.children_memory:6.1f} MB  {held.widgets} widgets  {held.windows} windows  {held.strays} strays  "
        f"{held.objects} objects  gap {longest.cpu_ms:5.0f} ms ({longest.step})  {len(course.unforeseen)} exceptions"
    )
    walk.heart.begin("")


def figures_of(course: Course) -> list[Figure]:
    """Return what the program held at the worst moment, beside its first look; the rest of the course with each."""
    first, looks = course.looks[0], course.looks
    steps, after = course.steps[-1], f"after {course.steps[0]:,} steps"
    worst_gaps = sorted(course.gaps.values(), key=lambda gap: gap.cpu_ms, reverse=True)
    longest = worst_gaps[0] if worst_gaps else Gap()

    def held(name: str, values: list[float], floor: float, aim: float | None, unit: str, note: str = "") -> Figure:
        return Figure(
            name, values[-1], max(values), after, floor, steps, aim, unit=unit, course=tuple(values), note=note
        )

    return [
        held("memory added", [look.memory - first.memory for look in looks], first.memory, GROWTH_AIM, "MB"),
        held("children", [look.children for look in looks], first.children, CHILDREN_AIM, ""),
        held("memory of children", [look.children_memory for look in looks], first.children_memory, None, "MB"),
        held("windows nobody can close", [look.strays for look in looks], first.strays, 0, "", _counted(looks[-1])),
        held("top-level widgets", [look.windows for look in looks], first.windows, None, ""),
        held("widgets", [look.widgets for look in looks], first.widgets, None, ""),
        held("objects of Qt known to Python", [look.objects for look in looks], first.objects, None, ""),
        Figure(
            "longest gap of the window (its own work)",
            longest.cpu_ms,
            longest.wall_ms,
            "no gap",
            0.0,
            steps,
            GAP_AIM_MS,
            course=tuple(course.longest),
            note="; ".join(
                f"{gap.step}: {gap.cpu_ms:.0f} ms ({gap.wall_ms:.0f} on the wall)" for gap in worst_gaps[:12]
            ),
        ),
        Figure(
            "exceptions",
            len(course.unforeseen),
            len(course.unforeseen),
            "none",
            0.0,
            steps,
            0,
            unit="",
            note="\n".join(dict.fromkeys(course.unforeseen)),
        ),
    ]


def _counted(look: Holdings) -> str:
    return "; ".join(f"{count} {kind}" for kind, count in Counter(look.stray_kinds).most_common())


def sample_files(folder: Path) -> list[Path]:
    """Write papers and pictures that the robot brings along, one of them damaged, and return their paths."""
    folder.mkdir()
    paths = []
    for number in range(_PICTURES):
        paper, picture = folder / f"paper-{number}.pdf", folder / f"picture-{number}.png"
        canvas = Canvas(str(paper), invariant=1)
        for page in range(number + 1):
            canvas.drawString(72, 720, f"paper {number} page {page}")
            canvas.showPage()
        canvas.save()
        _draw(picture, number)
        paths += [paper, picture]
    scan, damaged = folder / "scan.pdf", folder / "damaged.pdf"
    scan.write_bytes(scanned_pdf(6, 200_000))
    damaged.write_bytes(_DAMAGED)
    return [*paths, scan, damaged]


def _draw(path: Path, number: int) -> None:
    image = QImage(900, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(80 + 40 * number, 120, 300, 500, QColor("gray"))
    painter.end()
    image.save(str(path))
