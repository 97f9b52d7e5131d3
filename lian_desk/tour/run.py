"""One whole tour: stage, window, steps, pictures, papers; whatever happens, the workspace goes in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lian_desk.services.clock import FixedClock
from lian_desk.tour.camera import Camera
from lian_desk.tour.chapters import STEPS
from lian_desk.tour.stage import MOMENT, application, demo_workspace, opened_stage
from lian_desk.tour.story import StepResult, Tour, TourReport, play


@dataclass(frozen=True)
class TourOptions:
    """Where the pictures go, and how many files the demonstration has."""

    out: Path
    files: int = 120


def take_tour(options: TourOptions, tell: Callable[[StepResult], None]) -> TourReport:
    """Take the tour; ``tell`` hears of each step as it ends.

    Raises:
        EnvironmentProblem: disk or folder refuse.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    with demo_workspace(options.out, options.files) as workspace:
        application(workspace.parent)
        with opened_stage(workspace, FixedClock(MOMENT)) as stage:
            tour = Tour(stage, Camera(stage.robot, options.out), options.out)
            return play(tour, STEPS, tell)
