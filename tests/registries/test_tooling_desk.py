"""desk.py on machines that lack something: each case ends with one sentence, the right code and nothing half done."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from requirements import installing, libraries
from requirements.ground import (
    FAILED,
    NO_LIBRARIES,
    NO_PACKAGES,
    OLDEST,
    TOO_NEW,
    Checkout,
    SetupProblem,
    suits,
)

ROOT = Path(__file__).resolve().parents[2]
MISSING_EGL = (
    "Traceback (most recent call last):\n"
    '  File "<string>", line 2, in <module>\n'
    "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"
)


class _Machine(Checkout):
    """A checkout whose children are answered for: remembers the commands, gives prepared results."""

    commands: list[list[str]]
    answers: list[int]
    told: list[tuple[int, str]]

    @classmethod
    def at(cls, root: Path, *answers: int, told: tuple[tuple[int, str], ...] = ()) -> "_Machine":
        machine = cls(root)
        for name, value in (("commands", []), ("answers", list(answers)), ("told", list(told))):
            object.__setattr__(machine, name, value)
        return machine

    def call(self, command: Sequence[str], **_extra: str) -> int:
        self.commands.append(list(command))
        return self.answers.pop(0) if self.answers else 0

    def ask(self, command: Sequence[str], **_extra: Any) -> tuple[int, str]:
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]


@pytest.fixture
def desk() -> ModuleType:
    """The entry script as a module."""
    spec = importlib.util.spec_from_file_location("desk_script", ROOT / "desk.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    machine = _Machine.at(tmp_path, told=((1, MISSING_EGL),))
    assert "libEGL.so.1" in str(libraries.missing_library(machine, libraries.IMPORT_PROBE))


def test_without_rights_the_one_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries, "privileged", lambda _checkout: None)
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SetupProblem) as caught:
        libraries.ensure_system_libraries(_Machine.at(tmp_path, told=((1, MISSING_EGL),)), window=False)
    assert caught.value.code == NO_LIBRARIES
    assert "libEGL.so.1" in str(caught.value)
    assert "sudo apt-get install -y --no-install-recommends libgl1 libegl1" in str(caught.value)


def test_with_rights_the_libraries_are_installed_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = _Machine.at(tmp_path, told=((1, MISSING_EGL), (0, "")))
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries, "privileged", lambda _checkout: ["sudo", "-n"])
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    libraries.ensure_system_libraries(machine, window=False)
    assert [command[:2] for command in machine.commands] == [["sudo", "-n"], ["sudo", "-n"]]
    assert machine.commands[0][-1] == "update"
    assert set(libraries.OFFSCREEN_LIBRARIES) < set(machine.commands[1])
    assert "libEGL.so.1" in capsys.readouterr().out


@pytest.mark.parametrize(("answers", "said"), [((0, 0), "poppler-utils"), ((0, 1), "PDFium alone")])
def test_the_second_reader_of_papers_is_installed_and_never_stops_the_tests(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: tuple[int, ...],
    said: str,
) -> None:
    machine = _Machine.at(tmp_path, *answers)
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries, "privileged", lambda _checkout: [])
    monkeypatch.setattr(libraries.shutil, "which", lambda name: None if name == "pdftotext" else f"/usr/bin/{name}")
    libraries.ensure_second_reader(machine)
    assert machine.commands[1][-1] == "poppler-utils"
    assert said in capsys.readouterr().out
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    machine.commands.clear()
    libraries.ensure_second_reader(machine)
    assert machine.commands == []


def test_the_window_libraries_matter_only_where_a_window_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[str] = []
    machine = _Machine.at(tmp_path)
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries, "missing_library", lambda _checkout, probe: probes.append(probe))
    monkeypatch.setenv("DISPLAY", ":7")
    libraries.ensure_system_libraries(machine, window=False)
    assert probes == [libraries.IMPORT_PROBE]
    libraries.ensure_system_libraries(machine, window=True)
    assert probes[1:] == [libraries.IMPORT_PROBE, libraries.XCB_PROBE]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (PermissionError(13, "Permission denied"), "A folder may not be written"),
        (OSError(28, "No space left on device"), "The disk is full"),
    ],
)
def test_a_folder_that_cannot_be_written_is_named_with_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: OSError, said: str
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise refusal

    monkeypatch.setattr(installing.venv.EnvBuilder, "create", refuse)
    with pytest.raises(SetupProblem, match="cannot be made or written") as caught:
        installing.prepare(Checkout(tmp_path), ["runtime"])
    assert caught.value.code == NO_PACKAGES
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[1]", "", '{"locks": 1, "records": {"a": 1}}'])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, text: str) -> None:
    checkout = Checkout(tmp_path)
    checkout.venv.mkdir()
    checkout.stamp.write_text(text, encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    checkout.lock("runtime").write_text("a==1\n", encoding="utf-8")
    assert installing._Work(checkout)._is_current(["runtime"]) is False


@pytest.mark.parametrize(
    ("version", "served"), [((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False), ((4, 0), False)]
)
def test_the_served_versions_are_those_of_the_project(version: tuple[int, int], *, served: bool) -> None:
    assert suits(version) is served
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={OLDEST[0]}.{OLDEST[1]},<{TOO_NEW[0]}.{TOO_NEW[1]}"' in text


def test_a_failed_check_fails_the_command_though_the_tests_pass(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    machine = _Machine.at(ROOT, 0, 0, 1, 0, 0, 0, 0)
    monkeypatch.setattr(desk, "HERE", machine)
    assert desk.test(["-k", "clock"]) == FAILED
    assert len(machine.commands) == 7
    assert machine.commands[-1][-2:] == ["-k", "clock"]
    assert "checks failed: lint" in capsys.readouterr().out


def test_failed_tests_give_the_exit_code_of_pytest(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(desk, "HERE", _Machine.at(ROOT, 0, 0, 0, 0, 0, 0, 4))
    assert desk.test([]) == 4


def test_the_check_of_the_lock_is_one_of_the_checks(desk: ModuleType) -> None:
    (command,) = [command for name, command in desk.static_checks() if name == "lock"]
    assert command[1:] == ["-m", "requirements.check"]


def test_the_check_of_the_papers_is_one_of_the_checks_and_docs_writes_them(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (command,) = [command for name, command in desk.static_checks() if name == "papers"]
    assert command[1:] == ["-m", "docs.house_papers", "--check"]
    machine = _Machine.at(ROOT, 0)
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(desk, "HERE", machine)
    assert desk.docs([]) == 0
    assert machine.commands == [[str(machine.python), "-m", "docs.house_papers"]]


def test_a_tour_that_leaves_nothing_is_a_failure(
    desk: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(libraries, "has_display", lambda _checkout: False)
    monkeypatch.setattr(desk, "HERE", _Machine.at(tmp_path))
    assert desk.run([]) == FAILED
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


@pytest.mark.parametrize("arguments", [["--version"], ["rules", "deadlines"], ["--workspace", "x"]])
def test_arguments_of_run_go_to_the_program_and_its_exit_code_comes_back(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    machine = _Machine.at(ROOT, 3)
    monkeypatch.setattr(desk, "set_up", lambda *_args, **_options: None)
    monkeypatch.setattr(desk, "HERE", machine)
    assert desk.run(arguments) == 3
    assert machine.commands == [[str(machine.python), "-m", "lian_desk", *arguments]]


def test_a_dead_display_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _Machine.at(tmp_path, told=((-6, "could not connect to display"),))
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    assert libraries.has_display(machine) is False


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
