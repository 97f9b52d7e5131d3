"""The first reminder of a booking carries what to bring and to do: the hospital's words, else the library's (R63)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lian_desk.models.booking import Booking
from lian_desk.models.follow_up import Reminder
from lian_desk.models.vocabulary import ReminderKind, ServiceKind
from lian_desk.services.education_texts import EducationPhase, load_education_texts
from tests.desk_world import World

LIMITED = [
    ServiceKind.OUTPATIENT_COORDINATION,
    ServiceKind.INPATIENT_COORDINATION,
    ServiceKind.SURGERY_COORDINATION,
    ServiceKind.EXPEDITED_EXAMINATION,
]


def _first_reminder(world: World, kind: ServiceKind) -> tuple[Booking, Reminder]:
    request_id = world.to_booked(world.open_file(), kind)
    with world.desk.read() as session:
        booking = session.scalars(select(Booking).where(Booking.service_request_id == request_id)).one()
        reminder = session.scalars(
            select(Reminder).where(Reminder.booking_id == booking.id, Reminder.kind == ReminderKind.INSTRUCTIONS)
        ).one()
    return booking, reminder


@pytest.mark.parametrize("kind", LIMITED)
def test_a_booking_without_words_of_its_own_is_reminded_of_in_the_librarys(world: World, kind: ServiceKind) -> None:
    booking, reminder = _first_reminder(world, kind)
    usual = next(
        text.body for text in load_education_texts() if kind in text.services and text.phase is EducationPhase.BEFORE
    )
    first, _, rest = reminder.text.partition("\n")
    assert rest == (booking.instructions or usual)
    assert first.startswith(("门诊", "住院", "手术", "检查"))
