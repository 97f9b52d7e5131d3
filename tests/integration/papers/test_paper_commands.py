"""Papers from the command line: any kind, any reader, corrections; verify tells by its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND, PROBLEM, REFUSED
from lian_desk.cli.main import main
from lian_desk.services.desk.desk import Desk
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_fixture import CASE_MANAGER, MONDAY, as_operator, template
from tests.desk_world import World
from tests.integration.paper_forms.reading import read_back

Capture = pytest.CaptureFixture[str]
NUMBER = "A-26-01-00001"
UNKNOWN = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "workspace"
    shutil.copytree(template(), place)
    opened = open_workspace(place, by_throw_away_key(), MONDAY)
    clock = FixedClock(MONDAY)
    desk = Desk(opened, clock, staff_number=CASE_MANAGER)
    World(desk, as_operator(desk, "002"), clock).open_file()
    opened.close()
    return place


def said(capsys: Capture) -> dict[str, object]:
    return json.loads(capsys.readouterr().out)


def export(folder: Path, out: Path, *more: str) -> list[str]:
    return ["export-paper", *more, "--workspace", str(folder), "--out", str(out), "--json"]


def test_a_paper_is_written_verified_changed_and_corrected(capsys: Capture, folder: Path, tmp_path: Path) -> None:
    assert main(export(folder, tmp_path, "entitlement_statement", "--file", NUMBER)) == DONE
    first = said(capsys)
    path = Path(str(first["path"]))
    assert path.name == f"{NUMBER}_{first['number']}.pdf"
    assert first["is_signed"] is True
    verify = ["verify", str(path), "--workspace", str(folder), "--json"]
    assert main(verify) == DONE
    told = said(capsys)
    assert (told["verdict"], told["number"], told["masking"]) == ("unchanged", first["number"], "insured")
    assert told["signature"]["is_whole"] is True  # type: ignore[index]
    more = ("entitlement_statement", "--file", NUMBER, "--corrects", str(first["number"]), "--reason", "姓名有误")
    assert main(export(folder, tmp_path, *more)) == DONE
    second = said(capsys)
    assert f"本件更正{first['number']}" in read_back(Path(str(second["path"]))).run
    assert main(verify) == DONE
    assert said(capsys)["corrected_by"] == second["number"]
    assert main(export(folder, tmp_path, *more)) == REFUSED
    assert str(second["number"]) in capsys.readouterr().err
    path.write_bytes(path.read_bytes() + b" ")
    assert main(verify) == FOUND
    assert said(capsys)["verdict"] == "changed"
    assert main(["verify", str(path), "--workspace", str(folder)]) == FOUND
    assert "已被改动" in capsys.readouterr().out


def test_an_unknown_an_unreadable_and_a_missing_file_differ(capsys: Capture, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7")
    assert main(["verify", str(tmp_path / "other.pdf"), "--workspace", str(folder)]) == UNKNOWN
    assert "不是本工作区签发" in capsys.readouterr().out
    for path in (tmp_path / "gone.pdf", tmp_path):
        assert main(["verify", str(path), "--workspace", str(folder)]) == PROBLEM
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
    assert main(["verify", "--workspace", str(folder)]) == BAD_INPUT


def test_readers_are_named_and_needs_are_said(capsys: Capture, folder: Path, tmp_path: Path) -> None:
    base = ("file_summary", "--file", NUMBER)
    assert main(export(folder, tmp_path, *base, "--for", "hospital")) == BAD_INPUT
    assert "--recipient" in capsys.readouterr().err
    assert main(export(folder, tmp_path, *base, "--for", "revealed")) == REFUSED
    assert main(export(folder, tmp_path, "medical_sheet", "--file", NUMBER, "--recipient", "中山医院")) == DONE
    assert "王淑兰" in read_back(Path(str(said(capsys)["path"]))).run
    assert main(export(folder, tmp_path, *base, "--for", "internal")) == DONE
    assert "王淑兰" not in read_back(Path(str(said(capsys)["path"]))).run
    assert main(export(folder, tmp_path, "file_summary")) == BAD_INPUT
    assert main(export(folder, tmp_path, "nonsense", "--file", NUMBER)) == BAD_INPUT
    assert main(export(folder, tmp_path, *base, "--corrects", "CS-26-01-99999", "--reason", "x")) == REFUSED
    # the first operator is a case manager: the figures of the team are for a lead
    assert main(export(folder, tmp_path, "team_summary")) == REFUSED


def test_the_certificate_is_written_for_others(capsys: Capture, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "desk.pem"
    assert main(["verify", "--certificate", str(target), "--workspace", str(folder)]) == DONE
    assert target.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    assert main(["verify", "--certificate", str(tmp_path / "no" / "x.pem"), "--workspace", str(folder)]) == PROBLEM
