"""Decisions where the handbook is silent, each held by what the desk does and not by what it says (A1 to A45)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.rules.scope import (
    CampusFacts,
    NoticeFacts,
    RequestedPlace,
    judge_campus,
    judge_examination,
    judge_notice,
)
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import (
    ClockKind,
    ExaminationCode,
    HospitalLevel,
    MaterialKind,
    ServiceKind,
)
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.reference_data.departments import examination_facts
from lian_desk.services.reference_data.regions import find_city
from lian_desk.services.rules.rule_packs import load_rule_pack
from lian_desk.services.service_requests.requirement_rules import campus_facts
from lian_desk.services.words.wording import phrase
from tests.desk_world import World

K = ServiceKind
PACK = load_rule_pack("2024-11")
TOP = HospitalLevel.CLASS_A_TERTIARY


def booking_clock_of(world: World, request_id: int) -> ClockRun:
    with world.desk.read() as session:
        return session.scalars(
            select(ClockRun).where(ClockRun.service_request_id == request_id, ClockRun.kind == ClockKind.BOOKING)
        ).one()


def test_a1_the_five_services_have_one_name_each_and_the_typo_none() -> None:
    assert phrase(K.CASE_MANAGEMENT) == PACK.service(K.CASE_MANAGEMENT).label == "专案管家"
    words = [rule.label for rule in PACK.services.values()]
    assert len(set(words)) == len(list(K)) == 5
    assert "专案专家" not in words
    assert "专案专家" in PACK.clause("A1").text


def test_a10_a11_a_booking_on_the_first_day_keeps_the_promise_and_the_visit_does_not_matter(world: World) -> None:
    """2-7 days is an expectation; the clock stops when the hospital's confirmation is recorded, not with the visit."""
    request_id = world.to_started(world.open_file())
    begun = booking_clock_of(world, request_id)
    assert begun.window_opens_on is not None
    visit_at = world.clock.moment + timedelta(days=60)
    world.book(request_id, visit_at=visit_at)
    run = booking_clock_of(world, request_id)
    assert run.met_at is not None
    assert run.met_at <= world.clock.moment < run.due_at < visit_at
    assert run.met_at.astimezone(SHANGHAI).date() < run.window_opens_on  # type: ignore[operator]


def test_a18_city_and_level_belong_to_the_campus(world: World) -> None:
    """Two campuses of one hospital stand in the directory with places of their own, and each is judged by its own."""
    with world.desk.read() as session:
        hospital = session.scalars(select(Hospital).order_by(Hospital.id)).first()
        assert hospital is not None
        facts = campus_facts(session, hospital, date(2026, 9, 28))
        assert (facts.city_name, facts.level) == (hospital.city, hospital.level)
    inside = CampusFacts(find_city("苏州"), "苏州", TOP)
    elsewhere = replace(inside, city=find_city("杭州"), city_name="杭州")
    lower = replace(inside, level=HospitalLevel.SECONDARY)
    assert judge_campus(inside, PACK).is_allowed
    assert [reason.code for reason in judge_campus(elsewhere, PACK).reasons] == [ErrorCode.CITY_OUT_OF_SCOPE]
    assert [reason.code for reason in judge_campus(lower, PACK).reasons] == [ErrorCode.HOSPITAL_LEVEL_OUT_OF_SCOPE]


def test_a24_the_uses_are_for_the_whole_term_and_no_new_year_brings_new_ones(world: World) -> None:
    file_id = world.open_file(effective_on=date(2024, 3, 1))
    world.to_started(file_id)
    for year in (2026, 2027, 2028, 2033):
        world.clock.moment = datetime(year, 12, 1, 10, tzinfo=SHANGHAI)
        with world.desk.read() as session:
            balance = balances(session, world.policy(file_id))[K.OUTPATIENT_COORDINATION]
        assert (balance.granted, balance.used, balance.left) == (3, 1, 2)


@pytest.mark.parametrize(
    ("doctor", "hospital", "campus", "team", "reasons", "warnings"),
    [
        ("张三", "", "", False, [], []),
        ("张 三", "甲医院", "东院", False, [], []),
        ("张三", "甲医院", "西院", False, [], [ErrorCode.NOTICE_OTHER_CAMPUS]),
        ("张三", "乙医院", "", False, [ErrorCode.NOTICE_WRONG_DOCTOR], []),
        ("李四", "甲医院", "东院", True, [], [ErrorCode.NOTICE_BY_TEAM]),
        ("李四", "甲医院", "东院", False, [ErrorCode.NOTICE_WRONG_DOCTOR], []),
        ("", "甲医院", "东院", False, [ErrorCode.NOTICE_WRONG_DOCTOR], []),
    ],
)
def test_a31_r41_the_doctor_is_the_one_named_at_the_place_named(
    doctor: str, hospital: str, campus: str, team: bool, reasons: list[ErrorCode], warnings: list[ErrorCode]
) -> None:
    notice = NoticeFacts(
        MaterialKind.SURGERY_NOTICE,
        date(2026, 9, 20),
        issuing_hospital=hospital,
        issuing_campus=campus,
        issuing_doctor=doctor,
        is_from_the_team=team,
    )
    found = judge_notice(K.SURGERY_COORDINATION, notice, RequestedPlace("甲医院", "东院", "张三"), PACK)
    assert [reason.code for reason in found.reasons] == reasons
    assert [warning.code for warning in found.warnings] == warnings


@pytest.mark.parametrize(
    ("coded_as", "allowed"),
    [
        (ExaminationCode.LABORATORY, True),
        (ExaminationCode.IMAGING, True),
        (ExaminationCode.LUMBAR_PUNCTURE, False),
        (ExaminationCode.GI_ENDOSCOPY, False),
        (None, False),
    ],
)
def test_a32_only_laboratory_or_imaging_brings_an_excluded_examination_in(
    coded_as: ExaminationCode | None, allowed: bool
) -> None:
    assert judge_examination(examination_facts("基因检测", coded_as=coded_as), PACK).is_allowed is allowed
