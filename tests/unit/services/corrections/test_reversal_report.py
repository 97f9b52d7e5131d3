"""The month's list of uses given back, for the insurer."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import EntryKind
from lian_desk.services.bookings import RecordNotBooked
from lian_desk.services.corrections.corrections import CorrectStart
from lian_desk.services.corrections.reversal_report import first_of_next_month, load_reversals, write_reversals
from lian_desk.services.service_requests.reversing import ReverseStart
from tests.desk_facts import last_sealed
from tests.desk_world import World

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def given_back(world: World, file_id: int, **more: Any) -> int:
    request_id = world.to_started(file_id)
    world.run(RecordNotBooked, request_id=request_id, reason="无号源")
    values = {"request_id": request_id, "reason": "=医院停诊", "evidence": world.evidence()} | more
    world.run(ReverseStart, by=world.lead, **values)
    return request_id


def test_a23_the_month_lists_every_use_given_back_with_reason_and_evidence(world: World) -> None:
    file_id = world.open_file()
    request_id = given_back(world, file_id, insurer_reference="LA-2026-0042")
    wrong = world.to_started(file_id)
    world.run(CorrectStart, by=world.lead, request_id=wrong, reason="误点", evidence=world.evidence())
    first, second = load_reversals(world.desk, SEPTEMBER)
    assert (first.kind, first.request_number, first.amount) == (
        EntryKind.REVERSAL,
        world.row(request_id).number,
        1,
    )
    assert (first.insurer_reference, first.posted_by) == ("LA-2026-0042", world.lead.operator.name)
    assert (second.kind, second.reason) == (EntryKind.CORRECTION, "误点")
    assert "*" in first.policy_number
    assert load_reversals(world.desk, OCTOBER) == ()


def test_a23_the_month_ends_with_its_last_second_in_shanghai(world: World) -> None:
    file_id = world.open_file()
    world.clock.moment = datetime(2026, 9, 30, 23, 30, tzinfo=SHANGHAI)
    given_back(world, file_id)
    world.clock.moment = datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI)
    given_back(world, file_id)
    counts = [len(load_reversals(world.desk, month)) for month in (SEPTEMBER, OCTOBER)]
    assert counts == [1, 1]
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a23_the_list_is_sealed_then_written_and_nothing_in_it_is_a_formula(
    world: World, tmp_path: Path, name: str
) -> None:
    file_id = world.open_file()
    given_back(world, file_id)
    written = write_reversals(world.lead, SEPTEMBER, tmp_path / name, purpose="报送保险公司")
    assert written.count == 1
    assert last_sealed(world.desk).kind == "ExportReversals"
    if name.endswith(".csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as stream:
            header, row = csv.reader(stream)
        assert len(header) == len(row) == 10
        assert row[2] == f"JLB202403{world.count:06d}"
        assert row[6] == "'=医院停诊"


def test_a23_only_a_lead_exports_and_says_what_for(world: World, tmp_path: Path) -> None:
    for desk, purpose, code in (
        (world.desk, "报送", ErrorCode.NOT_ALLOWED),
        (world.lead, " ", ErrorCode.FIELD_REQUIRED),
    ):
        with pytest.raises(RuleViolation) as refused:
            write_reversals(desk, SEPTEMBER, tmp_path / "list.csv", purpose=purpose)
        assert refused.value.code is code
    assert not (tmp_path / "list.csv").exists()
