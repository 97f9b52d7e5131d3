from datetime import datetime

import pytest

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.clocks import feedback_clock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import MaterialKind, ServiceKind
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_packs import load_rule_pack


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_rule_pack("2024-11")


def test_the_handbook_says_of_each_service(pack: RulePack) -> None:
    said = {
        kind: (rule.uses, rule.feedback_hours, rule.booking_from_days, rule.booking_days, rule.renowned_days)
        for kind, rule in pack.services.items()
    }
    assert said == {
        ServiceKind.CASE_MANAGEMENT: (None, None, None, None, None),
        ServiceKind.OUTPATIENT_COORDINATION: (3, 48, 2, 7, 15),
        ServiceKind.INPATIENT_COORDINATION: (3, 48, 2, 7, None),
        ServiceKind.SURGERY_COORDINATION: (3, 48, 7, 15, None),
        ServiceKind.EXPEDITED_EXAMINATION: (3, 48, None, 3, None),
    }


def test_four_services_are_counted_and_booked(pack: RulePack) -> None:
    assert set(pack.limited_services) == set(ServiceKind) - {ServiceKind.CASE_MANAGEMENT}
    assert [kind for kind in ServiceKind if pack.service(kind).has_booking] == list(pack.limited_services)


def test_every_number_names_its_clause(pack: RulePack) -> None:
    outpatient = pack.service(ServiceKind.OUTPATIENT_COORDINATION)
    names = ("uses", "feedback_hours", "booking_from_days", "booking_days", "renowned_days", "titles")
    assert [outpatient.clause_of(name) for name in names] == ["R12", "R57", "R58", "R58", "R59", "R32"]
    assert pack.thresholds.clause_of("covered_policy_years") == "R3"
    assert pack.scope.clause_of("levels") == "R30"


def test_clauses_quote_the_handbook(pack: RulePack) -> None:
    assert pack.clause("R58").text == "非知名专家2-7个工作日内完成服务预约。"
    assert pack.clause("R58").place == "二·2·5) 服务标准"
    assert not pack.clause("R58").is_decision
    assert pack.clause("A9").is_decision
    assert [clause.id for clause in pack.notices] == [f"R{number}" for number in range(73, 80)]
    warning = [clause.id for clause in pack.start_warning(ServiceKind.OUTPATIENT_COORDINATION)]
    assert {"R46", "R48", "R49", "R50", "R80"} <= set(warning)


def test_a_service_without_booking_has_no_limit(pack: RulePack) -> None:
    with pytest.raises(ValueError, match="case_management"):
        pack.service(ServiceKind.CASE_MANAGEMENT).booking_limit(is_renowned=False)


def test_the_five_materials_of_the_handbook_are_seeded(pack: RulePack) -> None:
    five = {
        MaterialKind.OUTPATIENT_RECORD,
        MaterialKind.BLOOD_TEST_REPORT,
        MaterialKind.EXAMINATION_REPORT,
        MaterialKind.DISCHARGE_SUMMARY,
    }
    for rule in pack.services.values():
        assert five <= {item.kind for item in rule.checklist}


def test_the_internal_end_of_the_feedback_is_told() -> None:
    at = datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
    deadline = feedback_clock(at, load_rule_pack("2024-11"), build_calendar(), kind=ServiceKind.SURGERY_COORDINATION)
    assert deadline.derivation == "48 小时 · 自 11月20日 10:00 起算 → 11月22日 10:00 · 内部截止 11月20日 21:00"
