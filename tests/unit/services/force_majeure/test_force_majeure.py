"""Force majeure by region, service and period: it pauses, lists and lets go on (R86)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import (
    ClockKind,
    ForceMajeureCause,
    PauseReason,
    RequestStatus,
    ServiceKind,
)
from lian_desk.services.force_majeure.force_majeure import (
    DeclareForceMajeure,
    EndForceMajeure,
    TerminateForForceMajeure,
    affected_requests,
)
from lian_desk.services.force_majeure.views import (
    EventPlan,
    directory_places,
    load_affected,
    load_events,
    preview_event,
)
from lian_desk.services.request_views.requirement_form import ask_rules
from lian_desk.services.service_requests import PauseRequest
from tests.desk_facts import refusal, titles
from tests.desk_world import World

K = ServiceKind
S = RequestStatus


def declare(world: World, **more: object) -> int:
    values = {"cause": ForceMajeureCause.NATURAL_DISASTER, "from_at": world.clock.moment, "note": "台风停诊"} | more
    return world.run(DeclareForceMajeure, by=world.lead, **values)


def affected(world: World, event: int) -> set[str]:
    with world.desk.read() as session:
        return set(affected_requests(session, event))


def due(world: World, request_id: int) -> tuple[object, ...]:
    with world.desk.read() as session:
        rows = session.scalars(select(ClockRun).where(ClockRun.service_request_id == request_id))
        return tuple(row.due_at for row in sorted(rows, key=lambda row: row.kind))


def ledger(world: World) -> int:
    with world.desk.read() as session:
        return sum(session.scalars(select(EntitlementEntry.amount)))


def test_it_pauses_what_it_meets_and_lists_it(world: World) -> None:
    file_id = world.open_file()
    outpatient, stay = world.to_requirement(file_id), world.to_requirement(file_id, K.INPATIENT_COORDINATION)
    before = due(world, outpatient)
    event = declare(world, places=("上海市",), services=(K.OUTPATIENT_COORDINATION,))
    assert (world.status(outpatient), world.status(stay)) == (S.PAUSED, S.REQUIREMENT_CONFIRMED)
    assert affected(world, event) == {world.row(outpatient).number}
    world.later(days=3)
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=event, to_at=world.clock.moment)
    assert world.status(outpatient) is S.REQUIREMENT_CONFIRMED
    assert all(after > was for after, was in zip(due(world, outpatient), before, strict=True))
    assert due(world, outpatient)[-1] == before[-1] + timedelta(days=3), "C2 stands still as long as C3"
    assert "门诊协调因不可抗力暂停：自然灾害" in titles(world.desk, file_id)


def test_another_region_is_not_met_and_everywhere_meets_all(world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    assert affected(world, declare(world, places=("北京市",))) == set()
    assert world.status(request_id) is S.REQUIREMENT_CONFIRMED
    event = declare(world)
    assert affected(world, event) == {world.row(request_id).number}


def test_a_request_that_another_reason_holds_stays_paused(world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(
        PauseRequest,
        request_id=request_id,
        reason=PauseReason.DOCTORS_ORDER,
        note="停药一周",
        paused_at=world.clock.moment,
    )
    event = declare(world)
    world.later(hours=2)
    world.run(EndForceMajeure, by=world.lead, force_majeure_id=event, to_at=world.clock.moment)
    assert (world.status(request_id), world.row(request_id).paused_from) == (S.PAUSED, S.REQUIREMENT_CONFIRMED)


def test_a_requirement_there_is_warned_of_while_it_lasts(world: World) -> None:
    file_id = world.open_file()
    given = world.requirement(file_id, K.OUTPATIENT_COORDINATION)
    assert ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given).warnings == ()
    declare(world, places=("上海市",))
    (line,) = ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given).warnings
    assert (line.code, line.clause.id, line.field) == ("force_majeure_here", "R86", "hospital_id")
    assert "自然灾害" in line.words


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"note": " "}, ErrorCode.FIELD_REQUIRED, "note"),
        ({"places": ("亚特兰蒂斯",)}, ErrorCode.VALUE_NOT_UNDERSTOOD, "places"),
    ],
)
def test_an_event_has_words_and_a_known_place(
    world: World, changes: dict[str, object], code: ErrorCode, field: str
) -> None:
    values = {"cause": ForceMajeureCause.EPIDEMIC, "from_at": world.clock.moment, "note": "封控"} | changes
    violation = refusal(world, DeclareForceMajeure, by=world.lead, **values)
    assert (violation.code, violation.parameters["field"]) == (code, field)


def test_only_a_lead_declares_and_ends_it_once(world: World) -> None:
    values = {"cause": ForceMajeureCause.WAR, "from_at": world.clock.moment, "note": "停运"}
    assert refusal(world, DeclareForceMajeure, **values).code is ErrorCode.NOT_ALLOWED
    event = declare(world)
    order = {"force_majeure_id": event, "to_at": world.clock.moment}
    assert refusal(world, EndForceMajeure, **order).code is ErrorCode.NOT_ALLOWED
    world.run(EndForceMajeure, by=world.lead, **order)
    assert refusal(world, EndForceMajeure, by=world.lead, **order).code is ErrorCode.CHANGED_MEANWHILE
    assert ClockKind.FEEDBACK in world.desk.pack.pauses[PauseReason.FORCE_MAJEURE].stops


def test_the_preview_names_what_would_be_met_and_changes_nothing(world: World) -> None:
    file_id = world.open_file()
    outpatient, stay = world.to_requirement(file_id), world.to_requirement(file_id, K.INPATIENT_COORDINATION)
    assert "上海市" in directory_places(world.lead)
    plan = EventPlan(("上海市",), (K.OUTPATIENT_COORDINATION,), world.clock.moment)
    (row,) = preview_event(world.lead, plan)
    assert (row.key, row.file_id, row.insured_name) == (outpatient, file_id, "王*兰")
    assert len(preview_event(world.lead, EventPlan((), (), world.clock.moment))) == 2
    assert world.status(stay) is S.REQUIREMENT_CONFIRMED
    assert load_events(world.lead) == ()


def test_what_does_not_end_in_time_ends_the_services_it_holds(world: World) -> None:
    """R86: convert to termination; the ledger stays, the lead decides about a spent use afterwards."""
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    before = ledger(world)
    event = declare(world)
    (line,) = load_events(world.lead)
    assert (line.key, line.places, line.services, line.affected, line.held) == (event, "全部地区", "全部服务", 1, 1)
    order = {"force_majeure_id": event, "to_at": world.later(days=2), "reason": "医院长期停诊"}
    assert refusal(world, TerminateForForceMajeure, **order).code is ErrorCode.NOT_ALLOWED
    blank = refusal(world, TerminateForForceMajeure, by=world.lead, **(order | {"reason": " "}))
    assert (blank.code, blank.clause) == (ErrorCode.FIELD_REQUIRED, "R86")
    world.run(TerminateForForceMajeure, by=world.lead, **order)
    row = world.row(request_id)
    assert (row.status, row.is_open, row.closing_clause) == (S.NOT_BOOKED, False, "R86")
    assert ledger(world) == before
    assert "门诊协调因不可抗力终止" in titles(world.desk, file_id)
    assert [found.status for found in load_affected(world.lead, event)] == [S.NOT_BOOKED]
    again = refusal(world, TerminateForForceMajeure, by=world.lead, **order)
    assert again.code is ErrorCode.CHANGED_MEANWHILE
