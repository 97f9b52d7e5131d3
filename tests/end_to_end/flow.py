"""A flow of the handbook as a chain of steps; each is done once, at the window, and what the services say then is kept.

A test asks for the state after a step by its name. The steps before it are done first where they were not yet, so a
test may run alone, or on another worker than its neighbour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.assistance_files.views import FileView, load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.request_views.views import RequestView, load_request_view
from lian_desk.tour.acts import intake, materials, papers_on_disk, services
from lian_desk.tour.people import Customer
from lian_desk.tour.robot import Robot
from lian_desk.tour.stage import Stage


@dataclass(frozen=True)
class Seen:
    """What the services said after a step."""

    at: datetime
    file: FileView | None
    request: RequestView | None

    @property
    def titles(self) -> list[str]:
        """The lines of the feed, the newest first."""
        assert self.file is not None
        return [line.title for line in self.file.feed]

    def uses_left(self, kind: ServiceKind) -> int:
        assert self.file is not None
        return self.file.balances[kind].left


class Flow:
    """One customer, one service, a chain of steps."""

    def __init__(self, stage: Stage, customer: Customer, kind: ServiceKind) -> None:
        self.stage = stage
        self.customer = customer
        self.kind = kind
        self.file_id: int | None = None
        self.request_id: int | None = None
        self.papers: list[Path] = []
        self.refusal = ""
        self._steps: list[tuple[str, Callable[[], object]]] = []
        self._seen: dict[str, Seen] = {}

    @property
    def robot(self) -> Robot:
        return self.stage.robot

    @property
    def desk(self) -> Desk:
        return self.stage.running.context.desk

    def chain(self, *steps: tuple[str, Callable[[], object]]) -> "Flow":
        self._steps.extend(steps)
        return self

    def after(self, name: str) -> Seen:
        for step, act in self._steps:
            if step not in self._seen:
                act()
                self._seen[step] = self._look()
            if step == name:
                return self._seen[step]
        raise KeyError(name)

    def _look(self) -> Seen:
        desk = self.desk
        return Seen(
            at=desk.clock.now(),
            file=load_file_view(desk, self.file_id, revealed=True) if self.file_id is not None else None,
            request=load_request_view(desk, self.request_id) if self.request_id is not None else None,
        )

    # ------------------------------------------------------------------------------------------- steps of all flows

    def apply(self) -> None:
        self.robot.go_to("工作台")
        intake.record_application(self.robot, self.customer)
        self.robot.later(2)
        intake.respond(self.robot, self.customer)

    def open_file(self) -> None:
        self.robot.later(3)
        intake.begin_file(self.robot, self.customer)
        intake.fill_in_file(self.robot, self.customer)
        self.robot.submit()
        self.file_id = intake.shown_file(self.robot)

    def send_papers(self, *more: tuple) -> None:
        wanted = (papers_on_disk.ILLNESS[0], *more)
        sent = papers_on_disk.draw_papers(self.customer, self.stage.folder / "sent", wanted)
        materials.take_in(self.robot, sent)
        materials.classify_all(self.robot, sent)

    def request(self) -> None:
        self.robot.later(5)
        services.panel(self.robot)
        self.request_id = services.start_request(self.robot, self.kind)

    def beginning(self, papers: Sequence[tuple] = ()) -> "Flow":
        """Apply, open the file, send the papers, ask for the service."""
        return self.chain(
            ("apply", self.apply),
            ("open_file", self.open_file),
            ("papers", lambda: self.send_papers(*papers)),
            ("request", self.request),
        )


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
