"""What a tour is made of: steps as data, the state they share, and the report of how they went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from lian_desk.models.errors import DeskError
from lian_desk.services.words.wording import sentence
from lian_desk.tour.camera import Camera
from lian_desk.tour.robot import Robot, RobotStuck
from lian_desk.tour.stage import Stage


@dataclass
class Tour:
    """What the steps of one tour share.

    Attributes:
        papers_in: folder that the PDFs are exported to.
        keys: keys of records that a step made, by name.
        papers: the PDFs that were exported.
    """

    stage: Stage
    camera: Camera
    papers_in: Path
    keys: dict[str, int] = field(default_factory=dict)
    papers: list[Path] = field(default_factory=list)

    @property
    def robot(self) -> Robot:
        """The robot at the window."""
        return self.stage.robot

    def key(self, name: str) -> int:
        """Return a key that an earlier step made.

        Raises:
            RobotStuck: that step did not get there.
        """
        if name not in self.keys:
            raise RobotStuck(f"前面的步骤没有留下“{name}”")
        return self.keys[name]


@dataclass(frozen=True)
class Step:
    """One step: an id for scripts, a title for people, and what is done.

    A step that fails ends its ``chapter``; other chapters go on.
    """

    step_id: str
    title: str
    act: Callable[[Tour], None]
    chapter: str


@dataclass(frozen=True)
class StepResult:
    """How a step went; ``problem`` is empty when it succeeded."""

    step_id: str
    title: str
    seconds: float
    problem: str = ""


@dataclass(frozen=True)
class TourReport:
    """Everything a tour left behind."""

    results: tuple[StepResult, ...]
    pictures: tuple[Path, ...]
    papers: tuple[Path, ...]
    warnings: tuple[str, ...]
    seconds: float

    @property
    def is_whole(self) -> bool:
        """True when every step succeeded."""
        return all(not result.problem for result in self.results)


_SKIPPED: Final = "同一章里前面的一步没有完成，这一步没有做"


def play(tour: Tour, steps: Sequence[Step], tell: Callable[[StepResult], None]) -> TourReport:
    """Do the steps in order; ``tell`` hears of each as it ends."""
    begun = perf_counter()
    results: list[StepResult] = []
    ended: set[str] = set()
    for step in steps:
        skipped = StepResult(step.step_id, step.title, 0.0, _SKIPPED)
        result = skipped if step.chapter in ended else _do(tour, step)
        if result.problem:
            ended.add(step.chapter)
        results.append(result)
        tell(result)
    return TourReport(
        results=tuple(results),
        pictures=tuple(tour.camera.pictures),
        papers=tuple(tour.papers),
        warnings=tuple(dict.fromkeys(tour.stage.warnings)),
        seconds=perf_counter() - begun,
    )


def _do(tour: Tour, step: Step) -> StepResult:
    begun = perf_counter()
    before = len(tour.stage.unforeseen)
    problem = ""
    try:
        step.act(tour)
    except RobotStuck as stuck:
        problem = str(stuck)
    except DeskError as refusal:
        problem = sentence(refusal)
    if not problem and len(tour.stage.unforeseen) > before:
        problem = f"程序出现意外错误：{tour.stage.unforeseen[-1]}"
    if problem:
        # what the eye saw when it went wrong helps more than the words
        tour.camera.take(f"problem-{step.step_id}")
        tour.robot.clear_away()
    return StepResult(step.step_id, step.title, perf_counter() - begun, problem)
