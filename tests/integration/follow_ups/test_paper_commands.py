"""``lian-desk export-record`` and ``export-summary`` on a real workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import SystemClock
from lian_desk.cli.main import main
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.integration.follow_ups.conftest import NAME, open_file
from tests.integration.paper_forms.reading import read_back

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    folder = tmp_path / "w"
    now = SystemClock().now()
    create_workspace(folder, NewWorkspace("陈静", "NJ01", None, is_demo=True), now)
    desk = Desk(open_workspace(folder, by_throw_away_key(), now), SystemClock())
    open_file(desk)
    with desk.read() as session:
        from sqlalchemy import select

        from lian_desk.models.tables.people.assistance_file import AssistanceFile

        number = session.scalars(select(AssistanceFile.number)).one()
    desk.close()

    def start(*arguments: str) -> tuple[int, str, str]:
        words = [number if word == "FILE" else word for word in arguments]
        code = main([*words, "--workspace", str(folder)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return start


@pytest.mark.parametrize(("command", "title"), [("export-record", "随访记录"), ("export-summary", "个案摘要")])
def test_a_paper_is_written_and_found_again(run: Run, tmp_path: Path, command: str, title: str) -> None:
    code, out, _err = run(command, "--file", "FILE", "--out", str(tmp_path), "--json")
    assert code == 0
    facts = json.loads(out)
    got = read_back(Path(facts["path"]))
    assert title in got.run
    assert NAME not in got.run
    assert facts["page_count"] == len(got.pages)
    code, out, _err = run(command, "--verify", facts["path"], "--json")
    assert (code, json.loads(out)["number"]) == (0, facts["number"])
    Path(facts["path"]).write_bytes(b"%PDF-1.7 another")
    code, out, _err = run(command, "--verify", facts["path"])
    assert code == 1
    assert "不是本工作区签发" in out


def test_clear_data_asks_for_a_purpose(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("export-record", "--file", "FILE", "--out", str(tmp_path), "--unmasked")
    assert code == 3
    assert "请写明原因" in err
    target = tmp_path / "named.pdf"
    code, out, _err = run("export-record", "--file", "FILE", "--out", str(target), "--unmasked", "--purpose", "归档")
    assert code == 0
    assert str(target) in out
    assert NAME in read_back(target).run


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--file", "A-26-NJ01-99999"), 2),
        (("--file", "FILE", "--unmasked"), 3),
        (("--file", "FILE", "--from", "2026-11-02", "--to", "2026-11-01"), 2),
        (("--file", "FILE", "--from", "2026-11-02"), 2),
        (("--file", "FILE", "--from", "yesterday"), 2),
        ((), 2),
        (("--file", "FILE", "--out", "/no/such/folder/x.pdf"), 4),
        (("--verify", "/no/such.pdf"), 4),
    ],
)
def test_exit_codes(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run("export-record", *arguments)[0] == code
