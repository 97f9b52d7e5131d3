"""One whole tour: stage, window, steps, pictures, papers; whatever happens, the workspace goes in the end."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from lian_desk.services.clock import FixedClock
from lian_desk.tour.camera import Camera
from lian_desk.tour.chapters import FIRST_DAY, STEPS
from lian_desk.tour.stage import MOMENT, application, demo_workspace, opened_stage
from lian_desk.tour.story import Step, StepResult, Tour, TourReport, play

_PICTURE: Final = re.compile(r"\d{2,3}-[a-z0-9-]+-(light|dark)\.png")


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
    _clear_pictures(options.out)
    begun = perf_counter()
    camera = Camera(options.out)
    reports = [
        _play(options, camera, (options.files, STEPS), tell),
        _play(options, camera, (0, FIRST_DAY), tell),
    ]
    return TourReport(
        results=tuple(result for report in reports for result in report.results),
        pictures=tuple(camera.pictures),
        papers=tuple(paper for report in reports for paper in report.papers),
        warnings=tuple(dict.fromkeys(words for report in reports for words in report.warnings)),
        seconds=perf_counter() - begun,
    )


def _play(
    options: TourOptions, camera: Camera, part: tuple[int, Sequence[Step]], tell: Callable[[StepResult], None]
) -> TourReport:
    files, steps = part
    with demo_workspace(options.out, files) as workspace:
        application(workspace.parent)
        with opened_stage(workspace, FixedClock(MOMENT)) as stage:
            camera.look_through(stage.robot)
            return play(Tour(stage, camera, options.out), steps, tell)


def _clear_pictures(folder: Path) -> None:
    """Take away the pictures of an earlier tour, so that the numbers tell one story; nothing else is touched."""
    for picture in folder.glob("[0-9][0-9]*-*.png"):
        if _PICTURE.fullmatch(picture.name):
            picture.unlink()
