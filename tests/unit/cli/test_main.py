"""The command line: help of every subcommand, exit codes, sentences instead of tracebacks, no secrets in arguments."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lian_desk.adapters.keys.envelope import envelope_path, read_envelope, seal_keys, write_envelope
from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password, by_throw_away_key
from lian_desk.adapters.machine.program_version import program_version
from lian_desk.cli import workspaces
from lian_desk.cli.exit_codes import BAD_INPUT, DONE, FOUND, PROBLEM, REFUSED
from lian_desk.cli.main import SUBCOMMANDS, build_parser, main
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.desk_fixture import MONDAY, template

Capture = pytest.CaptureFixture[str]
PASSWORD = "梧桐雨后的石城 9"
ROOT = Path(__file__).resolve().parents[3]
CHEAP = PasswordCost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "工作区"
    create_workspace(folder, NewWorkspace("沈知远", "NJ01", PASSWORD, cost=CHEAP), MONDAY)
    return folder


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    import shutil

    folder = tmp_path / "demo"
    shutil.copytree(template(), folder)
    return folder


def descriptor(content: bytes) -> int:
    """Return a descriptor from which ``content`` can be read once."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return reading


# ------------------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_help(capsys: Capture, name: str) -> None:
    assert main([name, "--help"]) == DONE
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: lian-desk {name}")
    assert err == ""


def test_the_help_lists_every_subcommand_and_the_version_is_told(capsys: Capture) -> None:
    assert main(["--help"]) == DONE
    out = capsys.readouterr().out
    assert [name for name in SUBCOMMANDS if name not in out] == []
    assert main(["--version"]) == DONE
    assert capsys.readouterr().out.strip() == f"lian-desk {program_version()}"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["check", "--nonsense"], ["check", "--password-fd", "x"], ["--odd"]]
)
def test_wrong_input_ends_with_two(capsys: Capture, arguments: list[str]) -> None:
    assert main(arguments) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("查看用法。\n")
    assert err.count("\n") == 1


def test_every_subcommand_sets_what_to_run() -> None:
    parser = build_parser(list(SUBCOMMANDS))
    actions = next(action for action in parser._actions if action.dest == "command")
    assert set(actions.choices) == set(SUBCOMMANDS)
    for name, sub in actions.choices.items():
        assert callable(sub.get_default("run")) or sub._subparsers is not None, name


def test_exit_codes_differ() -> None:
    assert [DONE, FOUND, BAD_INPUT, REFUSED, PROBLEM] == [0, 1, 2, 3, 4]


# ------------------------------------------------------------------------------------------------------ workspaces


@pytest.mark.parametrize("name", ["check", "export-record", "export-summary"])
def test_a_workspace_that_is_not_there_is_said_in_a_sentence(capsys: Capture, tmp_path: Path, name: str) -> None:
    more = [] if name == "check" else ["--file", "A-26-01-00001"]
    for folder, words in ((tmp_path / "gone", "找不到工作区文件夹"), (tmp_path, "这个文件夹里没有工作区")):
        assert main([name, "--workspace", str(folder), *more]) == PROBLEM
        out, err = capsys.readouterr()
        assert out == ""
        assert words in err
        assert str(tmp_path) not in err
        assert "Traceback" not in err


def test_the_password_comes_over_a_descriptor(capsys: Capture, folder: Path) -> None:
    given = descriptor(f"{PASSWORD}\n".encode())
    assert main(["check", "--workspace", str(folder), "--password-fd", str(given), "--json"]) == DONE
    out, err = capsys.readouterr()
    assert json.loads(out)["sound"] is True
    assert PASSWORD not in out + err
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(given)


@pytest.mark.parametrize("line", [b"wrong one\n", b"\n", b"", f" {PASSWORD}\n".encode()])
def test_a_wrong_password_is_refused_and_not_repeated(capsys: Capture, folder: Path, line: bytes) -> None:
    assert main(["check", "--workspace", str(folder), "--password-fd", str(descriptor(line))]) == PROBLEM
    out, err = capsys.readouterr()
    assert "密码不对" in err
    assert out == ""
    assert "wrong one" not in err


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_descriptor_that_gives_no_words_is_wrong_input(capsys: Capture, folder: Path, content: bytes | None) -> None:
    given = 991 if content is None else descriptor(content)
    assert main(["check", "--workspace", str(folder), "--password-fd", str(given)]) == BAD_INPUT
    err = capsys.readouterr().err
    assert f"--password-fd {given}" in err
    assert "Traceback" not in err


def test_without_a_terminal_nobody_is_asked(capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: PTH123, SIM115
    try:
        assert main(["check", "--workspace", str(folder)]) == PROBLEM
    finally:
        sys.stdin.close()
    assert "--password-fd" in capsys.readouterr().err


def test_a_terminal_is_asked(capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD

    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(workspaces, "getpass", answer)
    assert main(["check", "--workspace", str(folder)]) == DONE
    assert asked == ["密码："]
    assert "完好" in capsys.readouterr().out


SILENT = """
import sys, threading
import keyring
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        threading.Event().wait()
    def set_password(self, service, username, password):
        threading.Event().wait()
    def delete_password(self, service, username):
        threading.Event().wait()
Keyring.__module__ = "keyring.backends.libsecret"
keyring.set_keyring(Keyring())
from lian_desk.cli.main import main
sys.exit(main(["check", "--workspace", sys.argv[1]]))
"""


def test_a_keyring_that_never_answers_leads_to_the_password_and_lets_the_program_end(
    folder: Path, capsys: Capture
) -> None:
    """The thread that asks hangs for good; the program asks for the password and ends all the same."""
    path = envelope_path(folder)
    envelope = read_envelope(path)
    keys = by_password(PASSWORD)(envelope)
    write_envelope(path, envelope.with_wrap(seal_keys(envelope.identity, "keyring", {"entry": "x"}, bytes(32), keys)))
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SILENT, str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == PROBLEM
    assert "--password-fd" in done.stderr
    assert "Traceback" not in done.stderr
    capsys.readouterr()


def test_a_workspace_in_use_is_said_so(capsys: Capture, demo: Path) -> None:
    opened = open_workspace(demo, by_throw_away_key(), MONDAY)
    try:
        assert main(["check", "--workspace", str(demo)]) == PROBLEM
    finally:
        opened.close()
    assert "已在另一个窗口中打开" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------------ check


def test_a_sound_workspace(capsys: Capture, demo: Path) -> None:
    assert main(["check", "--workspace", str(demo)]) == DONE
    out = capsys.readouterr().out
    assert out.count("完好") == 6
    assert main(["check", "--workspace", str(demo), "--json"]) == DONE
    facts = json.loads(capsys.readouterr().out)
    assert [part["part"] for part in facts["parts"]] == [
        "database",
        "references",
        "seals",
        "entitlement",
        "rules",
        "materials",
    ]
    assert all(part["faults"] == [] for part in facts["parts"])


def test_damage_ends_with_one_and_is_named(capsys: Capture, demo: Path) -> None:
    opened = open_workspace(demo, by_throw_away_key(), MONDAY)
    connection = opened.database.driver_connection()
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")
    connection.execute("update audit_entry set body = '{}' where sequence = 1")
    connection.close()
    opened.close()
    assert main(["check", "--workspace", str(demo), "--json"]) == FOUND
    facts = json.loads(capsys.readouterr().out)
    assert facts["sound"] is False
    assert next(part["faults"] for part in facts["parts"] if part["part"] == "seals") == [
        "第 1 条起封印不符，记录可能被改动"
    ]


def test_a_number_of_no_file_is_wrong_input(capsys: Capture, demo: Path) -> None:
    assert main(["export-summary", "--workspace", str(demo), "--file", "A-26-01-99999"]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("lian-desk: ")
    assert "A-26-01-99999" in err


def test_a_demonstration_checks_sound(capsys: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    made = ["demo", "--workspace", str(folder), "--files", "12", "--papers", "2", "--json", "--verify"]
    assert main(made) == DONE
    assert json.loads(capsys.readouterr().out)["files"] == 12
    assert main(["check", "--workspace", str(folder)]) == DONE
    assert "处问题" not in capsys.readouterr().out


# ---------------------------------------------------------------------------------------------------------- window


@pytest.mark.parametrize("arguments", [[], ["window"], ["--workspace", "somewhere"], ["--workspace=somewhere"]])
def test_without_a_subcommand_the_window_opens(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Path] = []

    def show(folder: Path) -> int:
        shown.append(folder)
        return 0

    monkeypatch.setattr("lian_desk.cli.window.show", show)
    assert main(arguments) == DONE
    named = any("somewhere" in argument for argument in arguments)
    assert shown == [Path("somewhere") if named else workspaces.default_workspace()]


def test_the_module_is_a_program() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "lian_desk", "--version"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (found.returncode, found.stdout.strip()) == (0, f"lian-desk {program_version()}")
