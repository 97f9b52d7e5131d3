"""desk.py on machines that lack something: each case ends with one sentence, the right code and nothing half done."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MISSING_EGL = (
    "Traceback (most recent call last):\n"
    '  File "<string>", line 2, in <module>\n'
    "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The entry script as a module, with its virtual environment moved to a temporary folder."""
    spec = importlib.util.spec_from_file_location("desk_script", ROOT / "desk.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "desk-stamp.json")
    (tmp_path / ".venv").mkdir()
    return module


class _Calls:
    """Stands in for child processes: remembers the commands and answers with prepared results."""

    def __init__(self, *answers: int) -> None:
        self.commands: list[list[str]] = []
        self._answers = list(answers)

    def __call__(self, command: list[str], **_extra: str) -> int:
        self.commands.append(command)
        return self._answers.pop(0) if self._answers else 0


def test_a_missing_library_is_named(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "ask", lambda *_args, **_extra: (1, MISSING_EGL))
    assert "libEGL.so.1" in desk.missing_library(desk.IMPORT_PROBE)


def test_without_rights_the_one_command_is_named(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.sys, "platform", "linux")
    monkeypatch.setattr(desk, "ask", lambda *_args, **_extra: (1, MISSING_EGL))
    monkeypatch.setattr(desk, "privileged", lambda: None)
    monkeypatch.setattr(desk.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(desk.SetupProblem) as caught:
        desk.ensure_system_libraries(window=False)
    assert caught.value.code == desk.NO_LIBRARIES
    assert "libEGL.so.1" in str(caught.value)
    assert "sudo apt-get install -y --no-install-recommends libgl1 libegl1" in str(caught.value)


def test_with_rights_the_libraries_are_installed_and_tried_again(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [(1, MISSING_EGL), (0, "")]
    calls = _Calls()
    monkeypatch.setattr(desk.sys, "platform", "linux")
    monkeypatch.setattr(desk, "ask", lambda *_args, **_extra: answers.pop(0))
    monkeypatch.setattr(desk, "call", calls)
    monkeypatch.setattr(desk, "privileged", lambda: ["sudo", "-n"])
    monkeypatch.setattr(desk.shutil, "which", lambda name: f"/usr/bin/{name}")
    desk.ensure_system_libraries(window=False)
    assert [command[:2] for command in calls.commands] == [["sudo", "-n"], ["sudo", "-n"]]
    assert calls.commands[0][-1] == "update"
    assert set(desk.OFFSCREEN_LIBRARIES) < set(calls.commands[1])
    assert "libEGL.so.1" in capsys.readouterr().out


def test_the_window_libraries_matter_only_where_a_window_is_meant(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[str] = []
    monkeypatch.setattr(desk.sys, "platform", "linux")
    monkeypatch.setattr(desk, "missing_library", probes.append)
    monkeypatch.setenv("DISPLAY", ":7")
    desk.ensure_system_libraries(window=False)
    assert probes == [desk.IMPORT_PROBE]
    desk.ensure_system_libraries(window=True)
    assert probes[1:] == [desk.IMPORT_PROBE, desk.XCB_PROBE]


def test_packages_are_installed_once_and_again_only_when_the_pins_change(
    desk: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = _Calls()
    monkeypatch.setattr(desk, "call", calls)
    monkeypatch.setattr(desk, "ask", lambda *_args, **_extra: (0, "No broken requirements found."))
    monkeypatch.setattr(desk, "ROOT", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("a==1\n", encoding="utf-8")
    desk.install_requirements(["runtime"])
    desk.install_requirements(["runtime"])
    assert len(calls.commands) == 1
    assert "--require-hashes" in calls.commands[0]
    (tmp_path / "requirements" / "runtime.txt").write_text("a==2\n", encoding="utf-8")
    desk.install_requirements(["runtime"])
    assert len(calls.commands) == 2
    assert set(json.loads(desk.STAMP.read_text(encoding="utf-8"))) == {"runtime"}
    assert "Installing" in capsys.readouterr().out


def test_packages_that_cannot_be_installed_are_tried_again_next_time(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "call", _Calls(1))
    with pytest.raises(desk.SetupProblem) as caught:
        desk.install_requirements(["runtime"])
    assert caught.value.code == desk.NO_PACKAGES
    assert not desk.STAMP.exists()


def test_a_folder_that_cannot_be_written_is_named(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(desk, "say", lambda _text: None)
    monkeypatch.setattr(desk.venv.EnvBuilder, "create", refuse)
    with pytest.raises(desk.SetupProblem, match="cannot be made or replaced") as caught:
        desk.make_virtual_environment()
    assert caught.value.code == desk.NO_PACKAGES


def test_a_damaged_stamp_counts_as_none(desk: ModuleType) -> None:
    desk.STAMP.write_text("{", encoding="utf-8")
    assert desk.read_stamp() == {}
    desk.STAMP.write_text("[1]", encoding="utf-8")
    assert desk.read_stamp() == {}


@pytest.mark.parametrize(
    ("version", "served"), [((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False), ((4, 0), False)]
)
def test_the_served_versions_are_those_of_the_project(
    desk: ModuleType, version: tuple[int, int], *, served: bool
) -> None:
    assert desk.suits(version) is served
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={desk.OLDEST[0]}.{desk.OLDEST[1]},<{desk.TOO_NEW[0]}.{desk.TOO_NEW[1]}"' in text


def test_a_failed_check_fails_the_command_though_the_tests_pass(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    calls = _Calls(0, 1, 0, 0, 0)
    monkeypatch.setattr(desk, "call", calls)
    assert desk.test(["-k", "clock"]) == desk.FAILED
    assert len(calls.commands) == 5
    assert calls.commands[-1][-2:] == ["-k", "clock"]
    assert "checks failed: lint" in capsys.readouterr().out


def test_failed_tests_give_the_exit_code_of_pytest(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(desk, "call", _Calls(0, 0, 0, 0, 4))
    assert desk.test([]) == 4


def test_a_tour_that_leaves_nothing_is_a_failure(
    desk: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desk, "ROOT", tmp_path)
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(desk, "has_display", lambda: False)
    monkeypatch.setattr(desk, "call", _Calls())
    assert desk.run([]) == desk.FAILED
    (tmp_path / "tour").mkdir()
    (tmp_path / "tour" / "01.png").write_bytes(b"x")
    (tmp_path / "tour" / "record.pdf").write_bytes(b"x")
    capsys.readouterr()
    assert desk.run([]) == 0
    out = capsys.readouterr().out
    assert "no display" in out
    assert str(tmp_path / "tour" / "record.pdf") in out


def test_arguments_after_two_dashes_go_on(desk: ModuleType) -> None:
    assert desk.parse(["test", "--", "-k", "--", "x"]) == ("test", ["-k", "--", "x"])
    assert desk.parse(["run"]) == ("run", [])


def test_a_dead_display_does_not_count(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.sys, "platform", "linux")
    monkeypatch.setattr(desk, "ask", lambda *_args, **_extra: (-6, "could not connect to display"))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    assert desk.has_display() is False


def test_help_needs_neither_packages_nor_a_home(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "",
        "PYTHONUTF8": "1",
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "desk.py"), "--help"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "python3 desk.py run" in done.stdout


def test_the_runner_of_the_checks_calls_the_same_command() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert text.splitlines()[-1] == "exec python3 desk.py test"
    if os.name != "nt":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
