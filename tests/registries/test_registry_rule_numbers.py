"""The handbook's numbers live in the rule pack alone: another pack, other deadlines, without touching code."""

import re
import tokenize
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import SHANGHAI, WorkCalendar
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import Channel, ClockKind, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.rules.calendars import shipped_years
from lian_desk.services.rules.edition_shelf import EditionShelf
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.service_requests.applications import RecordApplication
from tests.desk_fixture import clock, desk, lead, world
from tests.desk_world import World

__all__ = ["clock", "desk", "lead", "world"]

PACKAGE = Path(__file__).resolve().parents[2] / "lian_desk"
TEXT = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
Change = tuple[str, str]
OTHER: tuple[Change, ...] = (
    ('response_minutes = { value = 5, clause = "R56" }', 'response_minutes = { value = 7, clause = "R56" }'),
    ('covered_policy_years = { value = 10, clause = "R3" }', 'covered_policy_years = { value = 2, clause = "R3" }'),
    ('adult_age = { value = 18, clause = "R9" }', 'adult_age = { value = 60, clause = "R9" }'),
    ('feedback_hours = { value = 48, clause = "R57" }', 'feedback_hours = { value = 24, clause = "R57" }'),
    ('booking_days = { value = 7, clause = "R58" }', 'booking_days = { value = 4, clause = "R58" }'),
    ('uses = { value = 3, clause = "R12" }', 'uses = { value = 2, clause = "R12" }'),
)


def changed_pack(*changes: Change) -> RulePack:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_rule_pack(text.encode())


def use(world: World, pack: RulePack) -> None:
    for each in (world.desk, world.lead):
        each._editions = EditionShelf((pack,))


def due(world: World, kind: ClockKind) -> datetime:
    with world.desk.read() as session:
        found = session.scalars(
            select(ClockRun.due_at).where(ClockRun.kind == kind).order_by(ClockRun.id.desc())
        ).first()
    assert found is not None
    return found.astimezone(SHANGHAI)


def message(world: World) -> None:
    world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name="刘洋",
        need_text="想约号",
    )


def test_the_response_time_is_the_packs(world: World) -> None:
    use(world, changed_pack(OTHER[0]))
    message(world)
    assert due(world, ClockKind.RESPONSE) == world.clock.moment + timedelta(minutes=7)


def test_the_hours_of_service_are_the_packs(world: World) -> None:
    pack = changed_pack(("opens = 09:00:00", "opens = 10:30:00"), ("closes = 21:00:00", "closes = 18:00:00"))
    calendar = WorkCalendar(shipped_years(), pack.service_hours)
    use(world, pack)
    for each in (world.desk, world.lead):
        each._calendar = calendar
    message(world)
    assert due(world, ClockKind.RESPONSE) == world.clock.moment.replace(hour=10, minute=35)


def test_feedback_and_booking_times_are_the_packs(world: World) -> None:
    use(world, changed_pack(OTHER[3], OTHER[4]))
    world.to_requirement(world.open_file())
    assert due(world, ClockKind.FEEDBACK) == world.clock.moment + timedelta(hours=24)
    assert due(world, ClockKind.BOOKING) == datetime(2026, 10, 9, 21, 0, tzinfo=SHANGHAI)


def test_uses_years_and_age_are_the_packs(world: World) -> None:
    use(world, changed_pack(OTHER[1], OTHER[2], OTHER[5]))
    with pytest.raises(Exception, match="guardian_missing"):
        world.open_file()
    use(world, changed_pack(OTHER[1], OTHER[5]))
    file_id = world.open_file()
    with world.desk.read() as session:
        assert {balance.left for balance in balances(session, world.policy(file_id)).values()} == {2}
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert (view.policy_year, view.covered_years) == (None, 2)


def test_services_keep_the_kinds_of_the_vocabulary(desk: Desk) -> None:
    assert set(desk.pack.services) == set(ServiceKind)


NUMBERS: dict[str, Callable[[str], bool]] = {
    "48 hours": lambda line: bool(re.search(r"hours\s*=\s*48\b", line)),
    "15 working days": lambda line: bool(re.search(r"days\s*=\s*(15|7)\b(?!.*clause)", line)),
    "10 policy years": lambda line: bool(re.search(r"years\s*=\s*10\b", line)),
    "5 minutes": lambda line: bool(re.search(r"minutes\s*=\s*5\b", line)),
    "hours of service": lambda line: bool(re.search(r"time\(\s*(9|21)\b", line)),
    "3 uses": lambda line: bool(re.search(r"uses\w*\s*=\s*3\b", line)),
}


@pytest.mark.parametrize("what", NUMBERS)
def test_no_line_of_code_holds_a_number_of_the_handbook(what: str) -> None:
    """Looks at code alone, without strings and comments; invented stories of a demonstration may choose numbers."""
    found = []
    for folder in ("models", "adapters", "services", "ui"):
        for path in (PACKAGE / folder).rglob("*.py"):
            if "demo" in path.parts or "migrations" in path.parts:
                continue
            for number, line in _code_lines(path).items():
                if NUMBERS[what](line):
                    found.append(f"{path.relative_to(PACKAGE)}:{number}: {line}")
    assert found == []


@cache
def _code_lines(path: Path) -> dict[int, str]:
    lines: dict[int, list[str]] = {}
    with path.open("rb") as stream:
        for token in tokenize.tokenize(stream.readline):
            if token.type in {tokenize.NAME, tokenize.NUMBER, tokenize.OP}:
                lines.setdefault(token.start[0], []).append(token.string)
    return {number: " ".join(parts).replace(" (", "(").replace("( ", "(") for number, parts in lines.items()}
