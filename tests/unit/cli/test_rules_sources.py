"""By which rules and calendar ``lian-desk rules`` answers: what ships, a file beside it, or a workspace."""

import json
from pathlib import Path

import pytest

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.cli.main import main
from tests.desk_fixture import clock, desk, lead, world
from tests.desk_world import World

__all__ = ["clock", "desk", "lead", "world"]

Capture = pytest.CaptureFixture[str]
YEAR = {
    "year": 2027,
    "status": "official",
    "source": "国务院办公厅通知",
    "days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
    "make_up_working_days": [{"on": "2027-01-09"}],
}
DECEMBER = ("deadlines", "--service", "outpatient_coordination", "--confirmed", "2026-12-31T10:00")


def ask(capsys: Capture, *question: str) -> dict[str, object]:
    assert main(["rules", *question, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def refused(capsys: Capture, *question: str) -> str:
    assert main(["rules", *question, "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_further_year_as_json_or_csv(capsys: Capture, tmp_path: Path) -> None:
    assert ask(capsys, *DECEMBER)["booking_due"] == "2027-01-11T21:00:00+08:00"
    assert ask(capsys, *DECEMBER)["provisional"] is True
    as_json, as_csv = tmp_path / "2027.json", tmp_path / "2027.csv"
    as_json.write_text(json.dumps(YEAR), encoding="utf-8")
    rows = "".join(f"2027-01-0{day},off,元旦\n" for day in (1, 2, 3))
    as_csv.write_text(f"date,kind,name\n{rows}2027-01-09,work,\n", encoding="utf-8")
    for path in (as_json, as_csv):
        answer = ask(capsys, *DECEMBER, "--calendar", str(path))
        assert (answer["booking_due"], answer["provisional"]) == ("2027-01-11T21:00:00+08:00", False)
        assert "元旦 3 天不计" in str(answer["derivation"])
    received = ("response", "--received", "2027-01-01T10:00")
    assert ask(capsys, *received)["response_due"] == "2027-01-01T10:05:00+08:00"
    assert ask(capsys, *received, "--calendar", str(as_csv))["response_due"] == "2027-01-04T09:05:00+08:00"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "not a calendar",
        '{"year": 2027, "days_off": [{"from": "2027-02-30"}]}',
        "date,kind\n2027-01-01,maybe\n",
    ],
)
def test_a_damaged_year_is_one_sentence(capsys: Capture, tmp_path: Path, content: str) -> None:
    path = tmp_path / "year.json"
    path.write_text(content, encoding="utf-8")
    assert refused(capsys, *DECEMBER, "--calendar", str(path)).endswith("。\n")


def test_another_rule_pack_answers_without_code(capsys: Capture, tmp_path: Path) -> None:
    text = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
    for old, new in (
        ('booking_days = { value = 7, clause = "R58" }', 'booking_days = { value = 4, clause = "R58" }'),
        ('feedback_hours = { value = 48, clause = "R57" }', 'feedback_hours = { value = 72, clause = "R57" }'),
        ('response_minutes = { value = 5, clause = "R56" }', 'response_minutes = { value = 10, clause = "R56" }'),
        ('covered_policy_years = { value = 10, clause = "R3" }', 'covered_policy_years = { value = 2, clause = "R3" }'),
        ('"广州市", "深圳市"]', '"广州市", "深圳市", "重庆市"]'),
        ("closes = 21:00:00", "closes = 18:00:00"),
        ('renowned = { value = ["academician", ', 'renowned = { value = ["associate_professor", "academician", '),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "2027-01.toml"
    path.write_text(text, encoding="utf-8")
    rules = ("--rules", str(path))
    answer = ask(capsys, "deadlines", "--service", "outpatient_coordination", "--confirmed", "2026-11-18T10:00", *rules)
    assert answer["notice_due"] == "2026-11-21T10:00:00+08:00"
    assert answer["notice_internal_due"] == "2026-11-20T18:00:00+08:00"
    assert answer["booking_due"] == "2026-11-24T18:00:00+08:00"
    assert ask(capsys, "response", "--received", "2026-11-20T17:55", *rules) == {
        "response_due": "2026-11-23T09:05:00+08:00"
    }
    assert ask(capsys, "scope", "--city", "重庆", "--level", "三甲", *rules)["in_scope"] is True
    assert ask(capsys, "eligibility", "--effective", "2024-11-20", "--at", "2026-11-20", *rules)["eligible"] is False
    assert ask(capsys, "expert", "--title", "主任医师", "--honour", "副教授", *rules)["renowned"] is True
    path.write_text(text.replace("[product]", "[produce]"), encoding="utf-8")
    assert "规则包" in refused(capsys, "response", "--received", "2026-11-20T17:55", *rules)


def test_a_workspace_answers_by_its_own_calendar(capsys: Capture, world: World, tmp_path: Path) -> None:
    from lian_desk.services.working_calendar.views import preview_year
    from lian_desk.services.working_calendar.year_files import read_year_file
    from lian_desk.services.working_calendar.years import CalendarYearInput, ImportCalendarYear, day_inputs

    path = tmp_path / "2027.json"
    path.write_text(json.dumps(YEAR), encoding="utf-8")
    found = read_year_file(path)
    assert found.year is not None
    assert found.status is not None
    content = CalendarYearInput(found.year, found.status, found.source, day_inputs(found.rows))
    world.run(ImportCalendarYear, by=world.lead, content=content, accepted=preview_year(world.lead, content).mark)
    world.desk.opened.close()
    answer = ask(capsys, *DECEMBER, "--workspace", str(tmp_path / "workspace"))
    assert (answer["booking_due"], answer["provisional"]) == ("2027-01-11T21:00:00+08:00", False)
    assert ask(capsys, *DECEMBER)["provisional"] is True
