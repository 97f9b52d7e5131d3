"""One whole tour: stage, window, steps, pictures, papers; whatever happens, the workspace goes in the end."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.tour.camera import Camera
from lian_desk.tour.chapters import FIRST_DAY, STEPS
from lian_desk.tour.stage import MOMENT, application, demo_workspace, opened_stage
from lian_desk.tour.story import Step, StepResult, Tour, TourReport, play
from lian_desk.ui.common.look.theme import Scheme

_PICTURE: Final = re.compile(r"\d{2,3}-[a-z0-9-]+-(light|dark)\.png")


@dataclass(frozen=True)
class TourOptions:
    """What is asked of a tour.

    Attributes:
        out: folder of the pictures.
        papers: folder of the PDFs; None throws them away with the workspace.
        files: how many files the demonstration has.
        scheme: the looks; each tour keeps to one, so that its pictures tell one story.
    """

    out: Path
    papers: Path | None
    files: int = 120
    scheme: Scheme = Scheme.LIGHT


def take_tour(options: TourOptions, tell: Callable[[StepResult], None]) -> TourReport:
    """Take the tour; ``tell`` hears of each step as it ends.

    Raises:
        EnvironmentProblem: disk or folder refuse.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    _clear_pictures(options)
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
        application(workspace.parent, options.scheme)
        with opened_stage(workspace, FixedClock(MOMENT)) as stage:
            camera.look_through(stage.robot)
            papers = options.papers or workspace.parent / "papers"
            papers.mkdir(exist_ok=True)
            return play(Tour(stage, camera, papers), steps, tell)


def _clear_pictures(options: TourOptions) -> None:
    """Take away the pictures of an earlier tour, so that the numbers tell one story; nothing else is touched."""
    for picture in options.out.glob(f"[0-9][0-9]*-{options.scheme.value}.png"):
        if _PICTURE.fullmatch(picture.name):
            picture.unlink()
