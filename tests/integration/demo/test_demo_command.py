import json

import pytest

from lian_desk.cli.exit_codes import BAD_INPUT, DONE, PROBLEM
from lian_desk.cli.main import main
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace


def _demo(folder, *more):
    return main(["demo", "--workspace", str(folder), "--files", "3", "--papers", "1", *more])


def test_it_makes_a_checked_workspace_and_answers_with_facts(tmp_path, capsys):
    assert _demo(tmp_path / "demo", "--json", "--verify") == DONE
    facts = json.loads(capsys.readouterr().out)
    assert facts["files"] == facts["tables"]["assistance_file"] == 3
    assert facts["verified"] is True
    assert (tmp_path / "demo" / "desk.sqlite3").stat().st_size > 100_000


def test_it_speaks_chinese_and_shows_its_progress(tmp_path, capsys):
    assert _demo(tmp_path / "demo") == DONE
    told = capsys.readouterr()
    assert "3 份档案" in told.out
    assert "3 / 3" in told.err


def test_a_second_one_in_the_same_folder_needs_the_word_again(tmp_path, capsys):
    assert _demo(tmp_path / "demo", "--json") == DONE
    assert _demo(tmp_path / "demo", "--json") == PROBLEM
    assert _demo(tmp_path / "demo", "--json", "--again", "--seed", "5") == DONE
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["seed"] == 5


def test_a_real_workspace_is_never_thrown_away(tmp_path, clock_now):
    folder = tmp_path / "real"
    create_workspace(folder, NewWorkspace("周甲子", "07", "long enough a password"), clock_now)
    kept = (folder / "desk.sqlite3").read_bytes()
    assert _demo(folder, "--again") == PROBLEM
    assert (folder / "desk.sqlite3").read_bytes() == kept


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    assert _demo(tmp_path) == PROBLEM
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".txt"] == ["letter.txt"]


@pytest.mark.parametrize("files", ["0", "1000001", "many", "-1", "１２"])
def test_a_wrong_number_of_files_is_refused(tmp_path, files):
    assert main(["demo", "--workspace", str(tmp_path / "demo"), f"--files={files}"]) == BAD_INPUT
    assert not (tmp_path / "demo").exists()


@pytest.fixture
def clock_now():
    from datetime import UTC, datetime

    return datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
