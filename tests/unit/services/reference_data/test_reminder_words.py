"""The first reminder of a booking carries what to bring and to do: the hospital's words, else the library's (R63)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lian_desk.models.tables.requests.follow_up import Reminder
from lian_desk.models.vocabulary import ReminderKind, ServiceKind
from lian_desk.services.reference_data.education_texts import EducationPhase, load_education_texts
from tests.desk_world import World

LIMITED = [
    ServiceKind.OUTPATIENT_COORDINATION,
    ServiceKind.INPATIENT_COORDINATION,
    ServiceKind.SURGERY_COORDINATION,
    ServiceKind.EXPEDITED_EXAMINATION,
]


def _first_reminder(world: World, kind: ServiceKind, instructions: str) -> str:
    booking_id = world.book(world.to_started(world.open_file(), kind), instructions=instructions)
    with world.desk.read() as session:
        return session.scalars(
            select(Reminder.text).where(Reminder.booking_id == booking_id, Reminder.kind == ReminderKind.INSTRUCTIONS)
        ).one()


@pytest.mark.parametrize("kind", LIMITED)
def test_a_booking_without_words_of_its_own_is_reminded_of_in_the_librarys(world: World, kind: ServiceKind) -> None:
    usual = next(
        text.body for text in load_education_texts() if kind in text.services and text.phase is EducationPhase.BEFORE
    )
    assert _first_reminder(world, kind, "").partition("\n")[2] == usual


def test_the_hospitals_own_words_go_before_the_librarys(world: World) -> None:
    text = _first_reminder(world, ServiceKind.OUTPATIENT_COORDINATION, "空腹，二号楼三层报到")
    assert text.partition("\n")[2] == "空腹，二号楼三层报到"
