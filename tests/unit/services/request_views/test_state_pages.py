"""Help and diagram are printed from the state table: what they say is what is carried out."""

import json
from pathlib import Path

import pytest

from lian_desk.cli.main import main
from lian_desk.models.rules.request_moves import Move, Need, Planned
from lian_desk.models.rules.request_states import TRANSITIONS
from lian_desk.services.request_views.state_pages import DROP_WORDS, MOVE_WORDS, NEED_WORDS, state_lines, states_page

PAGE = Path(__file__).resolve().parents[4] / "docs" / "STATES.md"


def test_the_page_in_the_repository_is_the_one_the_table_prints() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == states_page(), "print it anew: lian-desk rules states --page > docs/STATES.md"


def test_everything_that_a_row_can_say_has_its_words() -> None:
    assert set(MOVE_WORDS) == set(Move)
    assert set(NEED_WORDS) == set(Need)
    assert set(DROP_WORDS) == set(Planned)


def test_every_row_stands_in_a_line_with_all_it_asks_for() -> None:
    lines = state_lines()
    assert sum(len(line.sources) for line in lines) == len(TRANSITIONS)
    (start,) = [line for line in lines if line.move == "确认开启服务"]
    assert start.needs == ("已说明对权益的影响", "本人（未成年人由监护人）确认", "凭证")
    assert start.effects == ("权益 -1", "结束暂停：待客户答复")


def test_the_command_line_tells_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "states"]) == 0
    words = capsys.readouterr().out
    assert "冲正权益（主管）：未约成 → 不变（A23，专案管家以外）" in words
    assert main(["rules", "states", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(state_lines())
    assert main(["rules", "states", "--page"]) == 0
    assert capsys.readouterr().out == states_page()
