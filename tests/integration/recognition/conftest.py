"""A desk with a file, and invented papers that are taken in as users do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from lian_desk.models.vocabulary import MaterialKind, MaterialSource
from lian_desk.services.demo.pages.artwork import ArtworkForm, draw
from lian_desk.services.demo.pages.papers import Subject
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.reading_queue.runner import ReadingQueue
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World, identity_number

OWN = Subject(
    name="王淑兰",
    sex="女",
    age=52,
    identity_number=identity_number(date(1974, 1, 1), 145),
    phone="14200000001",
    hospital="北京协和医院（东单院区）",
    department="乳腺外科",
    doctor="郑甲子",
    doctor_title="主任医师",
    disease="良性结节",
    disease_group="oncology",
    dated_on=date(2026, 9, 3),
)
OTHER = replace(OWN, name="赵铁军", sex="男", identity_number=identity_number(date(1981, 2, 3), 333))

TakeIn = Callable[..., int]


@pytest.fixture
def file_id(world: World) -> int:  # noqa: F811
    return world.open_file()


@pytest.fixture
def take_in(desk: Desk, file_id: int) -> Iterator[TakeIn]:  # noqa: F811
    """Take a paper in and return its key."""
    intake = MaterialIntake(desk, file_id, MaterialSource.DROP)

    def take(
        kind: MaterialKind = MaterialKind.OUTPATIENT_RECORD,
        subject: Subject = OWN,
        form: ArtworkForm = ArtworkForm.PDF,
        seed: int = 1,
    ) -> int:
        artwork = draw(kind, subject, form, seed)
        result = intake.take_in(IntakeItem(f"paper{artwork.suffix}", artwork.data))
        assert result.material_id is not None, result.sentence
        return result.material_id

    yield take
    intake.close()


@pytest.fixture
def queue(desk: Desk) -> Iterator[ReadingQueue]:  # noqa: F811
    made = ReadingQueue(desk)
    yield made
    made.close()


def read_everything(desk: Desk, queue: ReadingQueue) -> int:  # noqa: F811
    """Queue what is unread and read until nothing is left; returns the steps taken."""
    if queue.has_unread():
        desk.execute(queue.queue_unread())
    steps = 0
    while (step := queue.step()) is not None:
        steps += 1
        for command in step.commands:
            desk.execute(command)
    return steps
