"""The four other services, and the ways a service ends without a visit."""

from datetime import datetime
from typing import Final

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.words.formats import ZONE
from lian_desk.tour.acts import bookings, intake, services
from lian_desk.tour.people import ADULT
from lian_desk.tour.story import Tour

#: The surgery was booked for 12 October, 9:30.
MISSED: Final = datetime(2026, 10, 13, 14, 0, tzinfo=ZONE)


def inpatient(tour: Tour) -> None:
    """住院协调: booked, stopped by the hospital, booked again; one use in all."""
    robot = tour.robot
    _to_started(tour, ServiceKind.INPATIENT_COORDINATION)
    bookings.record_booking(robot, "2026-10-12 08:30")
    bookings.reschedule_by_hospital(robot, look=tour.camera.take)
    tour.camera.take("request-hospital-stop")
    bookings.record_booking(robot, "2026-10-19 08:30")
    bookings.send_instructions(robot)
    tour.camera.take("inpatient-booked-again")


def surgery(tour: Tour) -> None:
    """手术协调: booked."""
    _to_started(tour, ServiceKind.SURGERY_COORDINATION)
    bookings.record_booking(tour.robot, "2026-10-12 09:30")
    bookings.send_instructions(tour.robot)
    tour.camera.take("surgery-booked")


def no_show(tour: Tour) -> None:
    """手术协调: the registration was missed; it counts as used."""
    kind = ServiceKind.SURGERY_COORDINATION
    intake.find_file(tour.robot, ADULT)
    services.show_request(tour.robot, tour.key(kind.value), kind)
    tour.robot.until(MISSED)
    bookings.record_no_show(tour.robot, look=tour.camera.take)
    tour.camera.take("request-no-show")


def examination(tour: Tour) -> None:
    """检查加急: cancelled by the customer after the start; it counts as used."""
    _to_started(tour, ServiceKind.EXPEDITED_EXAMINATION)
    bookings.cancel_by_insured(tour.robot, look=tour.camera.take)
    tour.camera.take("request-cancelled")


def case_management(tour: Tour) -> None:
    """专案管家: a plan instead of a booking, no use spent."""
    robot, kind = tour.robot, ServiceKind.CASE_MANAGEMENT
    intake.find_file(robot, ADULT)
    tour.keys[kind.value] = services.start_request(robot, kind)
    services.review(robot)
    services.confirm_requirement(robot, kind, look=lambda name: tour.camera.take(f"case-{name}"))
    tour.camera.take("case-management")


def _to_started(tour: Tour, kind: ServiceKind) -> None:
    robot = tour.robot
    intake.find_file(robot, ADULT)
    robot.later(1)
    tour.keys[kind.value] = services.start_request(robot, kind)
    services.review(robot)
    services.confirm_requirement(robot, kind, look=lambda name: tour.camera.take(f"{kind.value.split('_')[0]}-{name}"))
    services.give_feedback(robot)
    services.confirm_start(robot)
