import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.rules.rule_packs import (
    edition_on,
    load_current_pack,
    load_rule_pack,
    require_verified,
    shipped_editions,
    verify_rule_pack,
)

CALENDAR = build_calendar()


@pytest.fixture(scope="module")
def text() -> str:
    return resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")


def refusal(text: str) -> str:
    with pytest.raises(EnvironmentProblem) as refused:
        read_rule_pack(text.encode())
    assert refused.value.code is ErrorCode.RULE_PACK_DAMAGED
    return str(refused.value.parameters["detail"])


@pytest.mark.parametrize("edition", shipped_editions())
def test_every_shipped_edition_passes_its_own_worked_examples(edition: str) -> None:
    pack = load_rule_pack(edition)
    assert len(pack.vectors) >= 10
    assert verify_rule_pack(pack, CALENDAR) == ()
    require_verified(pack, CALENDAR)


def test_every_rule_and_decision_of_the_handbook_is_quoted() -> None:
    clauses = load_current_pack().clauses
    expected = {f"R{number}" for number in range(1, 93)} | {f"A{number}" for number in range(1, 47)}
    assert set(clauses) == expected
    assert all(clause.text and clause.place for clause in clauses.values())


def test_an_example_that_does_not_come_out_is_named() -> None:
    pack = load_current_pack()
    wrong = replace(pack, thresholds=replace(pack.thresholds, response_minutes=6))
    assert {failure.id for failure in verify_rule_pack(wrong, CALENDAR)} == {"V1", "V3", "V4"}
    with pytest.raises(EnvironmentProblem) as refused:
        require_verified(wrong, CALENDAR)
    assert refused.value.parameters["detail"] == "V1、V3、V4"
    unknown = replace(pack, vectors=(replace(pack.vectors[0], call="guess"),))
    with pytest.raises(EnvironmentProblem):
        verify_rule_pack(unknown, CALENDAR)


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (lambda t: t.replace("[product]", "surprise = 1\n[product]", 1), "surprise"),
        (lambda t: t.replace('stale_working_days = { value = 2, clause = "R64" }', ""), "stale_working_days"),
        (lambda t: t.replace('value = 5, clause = "R56"', 'value = "5", clause = "R56"'), "response_minutes"),
        (lambda t: t.replace('value = 5, clause = "R56"', 'value = 0, clause = "R56"'), "response_minutes"),
        (lambda t: t.replace('value = 5, clause = "R56"', 'value = true, clause = "R56"'), "response_minutes"),
        (lambda t: t.replace('value = 5, clause = "R56"', 'clause = "R56"'), "response_minutes"),
        (lambda t: t.replace('value = 5, clause = "R56"', 'value = 5, extra = 1, clause = "R56"'), "extra"),
        (lambda t: t.replace('value = 15, clause = "R59"', 'value = 15, clause = "R159"'), "R159"),
        (lambda t: t.replace("closes = 21:00:00", "closes = 08:00:00"), "service_hours"),
        (lambda t: t.replace('kind = "surgery_notice"\nissuer', 'kind = "letter"\nissuer'), "letter"),
        (lambda t: t.replace('reason = "doctors_order"', 'reason = "awaiting_customer"'), "doctors_order"),
        (lambda t: t.replace('["emergency", "repro', '["casualty", "repro', 1), "casualty"),
        (lambda t: t.replace("booking_from_days = { value = 7", "booking_from_days = { value = 17"), "surgery"),
        (lambda t: t.replace("effective_on = 2024-11-01", 'effective_on = "2024"'), "effective_on"),
        (lambda t: t.replace('stops = ["booking"]', "stops = [1]", 1), "stops"),
        (lambda t: t.replace('outside = { clause = "A16" }', ""), "outside"),
        (lambda t: t.replace("[insurer]", "[insurer", 1), ""),
    ],
)
def test_a_damaged_pack_is_refused_and_the_place_named(text: str, damage: Callable[[str], str], names: str) -> None:
    damaged = damage(text)
    assert damaged != text
    assert names in refusal(damaged)


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(EnvironmentProblem):
        read_rule_pack(b'edition = "\xff"')


def test_the_pack_of_a_day() -> None:
    assert edition_on(date(2026, 11, 20)).edition == "2024-11"
    assert edition_on(date(2020, 1, 1)).edition == "2024-11"


def test_a_pack_that_was_never_shipped_is_missing() -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        load_rule_pack("1999-01")
    assert refused.value.code is ErrorCode.RESOURCE_MISSING


def test_a_folder_without_packs_is_an_incomplete_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lian_desk.services.rules.rule_packs.resource_path", lambda *parts: tmp_path.joinpath(*parts[1:])
    )
    with pytest.raises(EnvironmentProblem) as refused:
        load_current_pack()
    assert refused.value.code is ErrorCode.RESOURCE_MISSING


def test_reading_a_pack_does_not_delay_the_start(text: str) -> None:
    content = text.encode()
    best = 1.0
    for _ in range(7):
        begun = time.perf_counter()
        read_rule_pack(content)
        best = min(best, time.perf_counter() - begun)
    # 7 ms on a quiet core of the reference machine; the bound leaves room for a busy one
    assert best < 0.06


def test_numbers_of_the_handbook_stand_in_the_pack_alone() -> None:
    """No Python file of the rules names the limits of the handbook: 48 hours, 15 days, 10 policy years."""
    folder = Path(__file__).parents[4] / "lian_desk" / "models"
    forbidden = re.compile(r"\b(?:hours=48|48 \* 60|time\(9|time\(21|covered_policy_years\s*=\s*\d|uses\s*=\s*3)\b")
    found = [path.name for path in folder.glob("*.py") if forbidden.search(path.read_text(encoding="utf-8"))]
    assert found == []
