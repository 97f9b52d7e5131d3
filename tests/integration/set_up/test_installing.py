"""The set-up as it is, without a network: a folder of small wheels is the index, newer releases lie beside the pins."""

import ensurepip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from requirements import installing
from requirements.ground import NO_PACKAGES, SetupProblem
from requirements.installing import _Work, prepare
from requirements.turns import turn
from tests.small_project import ROOT, SmallProject, pips
from tests.small_wheels import make_wheel, pin

PINNED = {"asker": "1.0", "cover": "1.0", "tables": "1.0"}
PATIENCE_SECONDS = 120
PARTS = 600


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A small project with an environment that holds nothing but the pip of this Python."""
    project = SmallProject(tmp_path_factory.mktemp("set-up"))
    venv.EnvBuilder(symlinks=os.name != "nt").create(project.checkout.venv)
    project.put_pip(pips()[0])
    return project


@pytest.fixture
def project(made: SmallProject) -> Iterator[SmallProject]:
    """The same, with its locks as they were and nothing but pip installed."""
    locks = {path: path.read_bytes() for path in (made.checkout.root / "requirements").glob("*.txt")}
    made.empty()
    yield made
    for path, content in locks.items():
        path.write_bytes(content)


@pytest.mark.parametrize("wheel", pips(), ids=lambda wheel: wheel.name.removesuffix("-py3-none-any.whl"))
def test_every_pip_found_takes_the_pinned_release_and_not_the_newest(project: SmallProject, wheel: Path) -> None:
    project.put_pip(wheel)
    try:
        code, output = project.set_up()
        assert code == 0, output
        assert project.versions() == PINNED
        old = _old_way(project)
    finally:
        project.put_pip(pips()[0])
    # the control: the way of before, with the resolver, fails with the pip of Python 3.11 and 3.12
    if wheel.name.startswith("pip-23.2"):
        assert "In --require-hashes mode" in old


def test_the_pip_of_this_python_is_among_those_tried() -> None:
    bundled = Path(ensurepip.__file__).parent / "_bundled"
    assert pips()[0].parent == bundled or not bundled.is_dir()


def _old_way(project: SmallProject) -> str:
    """Install with the resolver, as before, and return what pip prints."""
    project.empty()
    command = [str(project.checkout.python), "-m", "pip", "install", "--quiet", "--require-hashes"]
    command += ["--only-binary", ":all:"]
    for name in ("runtime", "dev"):
        command += ["-r", str(project.checkout.lock(name))]
    done = subprocess.run(command, env=project.environment(), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_the_command_of_the_program_works_from_anywhere(project: SmallProject, tmp_path: Path) -> None:
    assert project.set_up("runtime", "extras")[0] == 0
    environment = {"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
    done = subprocess.run(
        [str(project.checkout.script("lian-desk")), "rules", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "the program rules --json\n"), done.stderr


def test_a_second_call_does_nothing_and_a_changed_pin_is_installed(project: SmallProject) -> None:
    assert "Installing" in project.set_up()[1]
    assert project.set_up() == (0, "")
    project.wheels["cover"] = project.index / "cover-2.0-py3-none-any.whl"
    project.lock("runtime", "cover", "tables", "asker")
    project.lock("dev", "asker", "cover", "tables")
    try:
        code, output = project.set_up()
    finally:
        project.wheels["cover"] = project.index / "cover-1.0-py3-none-any.whl"
    assert code == 0, output
    assert project.versions() == {**PINNED, "cover": "2.0"}


def test_a_package_removed_by_hand_is_put_back(project: SmallProject) -> None:
    project.set_up()
    command = [str(project.checkout.python), "-m", "pip", "uninstall", "-q", "-y", "cover"]
    subprocess.run(command, env=project.environment(), check=True)
    assert "cover" not in project.versions()
    assert project.set_up()[0] == 0
    assert project.versions() == PINNED


@pytest.mark.parametrize(
    ("packages", "named"),
    [
        (("cover", "asker"), "cover 1.0 needs tables>=1, which the lock does not hold"),
        (("tables", "asker"), "asker 1.0 needs cover[toml]>=1, which the lock does not hold"),
        (("tables", "cover"), "pyproject.toml needs asker>=1, which the lock does not hold"),
    ],
)
def test_a_dependency_that_the_lock_lacks_is_named(
    project: SmallProject, packages: tuple[str, ...], named: str
) -> None:
    project.lock("runtime", *packages)
    code, output = project.set_up("runtime")
    assert code == NO_PACKAGES
    assert named in output
    assert not project.checkout.stamp.exists()


def test_a_contradiction_in_the_lock_is_named(project: SmallProject) -> None:
    project.wheels["asker"] = make_wheel(project.index, "asker", "1.5", ["cover[toml]>=2"])
    project.lock("runtime", "cover", "tables", "asker")
    try:
        code, output = project.set_up("runtime")
    finally:
        project.wheels["asker"] = project.index / "asker-1.0-py3-none-any.whl"
    assert code == NO_PACKAGES
    assert "asker 1.5 needs cover[toml]>=2, but the lock holds cover 1.0" in output


def _wrong_hash(project: SmallProject) -> None:
    text = pin(project.wheels["cover"])
    project.checkout.lock("runtime").write_text(text[:-5] + "0000\n", encoding="utf-8")


def _nowhere(project: SmallProject) -> None:
    text = pin(project.wheels["cover"]).replace("cover==1.0", "cover==7.0")
    project.checkout.lock("runtime").write_text(text, encoding="utf-8")


def _no_hash(project: SmallProject) -> None:
    project.checkout.lock("runtime").write_text("cover==1.0\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "extra", "said", "cause"),
    [
        (_wrong_hash, {}, "not the one that was pinned", "checksums differ: cover==1.0"),
        (_nowhere, {}, "has no file of that package for this Python", "No matching distribution found for cover==7.0"),
        (_no_hash, {}, "The lock has a gap", "Hashes are required"),
        (
            lambda _project: None,
            {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1"},
            "The package index cannot be reached",
            "No matching distribution found for cover==1.0",
        ),
    ],
    ids=["checksum", "no such release", "no checksum", "no network"],
)
def test_a_failure_names_its_cause(
    project: SmallProject, spoil: Callable[[SmallProject], None], extra: dict[str, str], said: str, cause: str
) -> None:
    spoil(project)
    code, output = project.set_up("runtime", **extra)
    assert code == NO_PACKAGES
    assert said in output
    assert f"pip: {cause}" in output


def test_settings_of_pip_that_lead_elsewhere_are_not_followed(project: SmallProject, tmp_path: Path) -> None:
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("cover==2.0\n", encoding="utf-8")
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[install]\nuser = true\nconstraint = {constraints}\n", encoding="utf-8")
    code, output = project.set_up(PIP_CONFIG_FILE=str(settings), PIP_TARGET=str(tmp_path / "elsewhere"))
    assert code == 0, output
    assert project.versions() == PINNED
    assert not (tmp_path / "elsewhere").exists()


# ----------------------------------------------------------------------------------------- what is found on the way


@pytest.fixture
def bare(tmp_path: Path) -> SmallProject:
    """A small project of its own, its environment as :func:`made` has it; for tests that spoil the whole environment."""
    project = SmallProject(tmp_path)
    venv.EnvBuilder(symlinks=os.name != "nt").create(project.checkout.venv)
    project.put_pip(pips()[0])
    return project


def _why(project: SmallProject) -> str | None:
    return _Work(project.checkout)._why_unusable()


def test_an_environment_that_cannot_serve_is_known(bare: SmallProject, tmp_path: Path) -> None:
    checkout = bare.checkout
    assert _why(bare) is None
    checkout.unfinished.touch()
    assert "stopped while making it" in str(_why(bare))
    checkout.unfinished.unlink()
    checkout.stamp.write_text(json.dumps({"root": str(tmp_path / "elsewhere")}), encoding="utf-8")
    assert "moved or copied" in str(_why(bare))
    checkout.stamp.write_text(json.dumps({"root": str(checkout.root)}), encoding="utf-8")
    assert _why(bare) is None
    shutil.rmtree(bare.packages / "pip")
    assert "does not start" in str(_why(bare))
    shutil.rmtree(checkout.venv)
    assert _why(bare) == ""
    checkout.venv.write_text("not a folder", encoding="utf-8")
    assert "does not start" in str(_why(bare))


def test_a_python_that_is_not_served_is_named(bare: SmallProject) -> None:
    folder = bare.packages / "pip"
    with (folder / "__init__.py").open("a", encoding="utf-8") as module:
        module.write("\nimport sys\nsys.version_info = (3, 10, 1)\n")
    assert _why(bare) == "its Python 3.10 is not served"


def test_an_environment_that_is_shared_by_a_link_is_neither_moved_nor_removed(
    bare: SmallProject, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    bare.checkout.venv.rename(shared)
    bare.checkout.venv.symlink_to(shared, target_is_directory=True)
    (shared / "desk-unfinished").touch()
    before = sorted(path.name for path in shared.iterdir())
    process = _start(bare)
    _wait_for(lambda: not bare.checkout.venv.is_symlink(), process)
    _kill(process, children=True)
    assert sorted(path.name for path in shared.iterdir()) == before


def test_a_program_left_half_installed_is_installed_anew(project: SmallProject) -> None:
    assert project.set_up()[0] == 0
    (info,) = project.packages.glob("lian_desk-*.dist-info")
    stamp = json.loads(project.checkout.stamp.read_text(encoding="utf-8"))
    stamp["records"].remove(info.name)
    del stamp["program"]
    project.checkout.stamp.write_text(json.dumps(stamp), encoding="utf-8")
    (info / "RECORD").unlink()
    project.checkout.script("lian-desk").unlink()
    code, output = project.set_up()
    assert (code, output) == (0, "")
    assert project.checkout.script("lian-desk").is_file()


def test_where_nothing_may_be_written_a_finished_set_up_still_serves(
    project: SmallProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.set_up()[0] == 0

    def refuse(_path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(installing, "turn", refuse)
    prepare(project.checkout, ["runtime", "dev"])
    with pytest.raises(SetupProblem, match="A folder may not be written"):
        prepare(project.checkout, ["runtime", "extras"])


# ----------------------------------------------------------------------------------- two at once, and sudden ends


def _wait_for(happened: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _start(project: SmallProject, *names: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        project.command(*names),
        env=project.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes], *, children: bool) -> None:
    if os.name == "nt":
        process.kill()
    elif children:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_killed_while_making_the_environment_then_two_at_once(tmp_path: Path) -> None:
    project = SmallProject(tmp_path)
    first = _start(project)
    _wait_for(project.checkout.unfinished.exists, first)
    _kill(first, children=True)
    assert project.checkout.unfinished.exists()
    both = [_start(project), _start(project)]
    answers = [process.communicate(timeout=PATIENCE_SECONDS)[0].decode("utf-8") for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert sorted("anew: an earlier set-up was stopped" in answer for answer in answers) == [False, True]
    assert sorted("Installing the pinned packages" in answer for answer in answers) == [False, True]
    assert sorted("Another set-up is at work" in answer for answer in answers) == [False, True]
    assert project.versions() == PINNED
    assert not list(project.checkout.root.glob(".venv-old-*"))


@pytest.mark.parametrize("children", [True, False], ids=["pip killed too", "pip goes on"])
def test_killed_while_pip_installs(project: SmallProject, *, children: bool) -> None:
    slow = make_wheel(project.index, "slow", "1.0", files=PARTS)
    project.wheels["slow"] = slow
    project.lock("runtime", "cover", "tables", "asker", "slow")
    process = _start(project, "runtime")
    last = project.packages / "slow_parts"
    _wait_for(last.exists, process)
    _kill(process, children=children)
    assert not project.checkout.stamp.exists()
    code, output = project.set_up("runtime")
    assert code == 0, output
    assert project.versions() == PINNED
    assert len(list((project.packages / "slow_parts").glob("*.py"))) == PARTS


def test_a_child_that_outlives_its_killed_parent_is_waited_for(tmp_path: Path) -> None:
    path, started, ended = tmp_path / "lock", tmp_path / "started", tmp_path / "ended"
    child = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(1.5); pathlib.Path({str(ended)!r}).touch()"
    parent = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from requirements.ground import Checkout\n"
        "from requirements.turns import turn\n"
        "with turn(Path(sys.argv[2])) as held:\n"
        "    Checkout(Path(sys.argv[1])).ask([sys.executable, '-c', sys.argv[3]], holding=[held])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent, str(ROOT), str(path), child], stdout=subprocess.PIPE, start_new_session=True
    )
    _wait_for(started.exists, process)
    _kill(process, children=False)
    assert not ended.exists()
    with turn(path):
        assert ended.exists()


def test_the_lock_is_given_back_by_the_dead(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("left by a process that was killed", encoding="utf-8")
    with turn(path):
        pass
    with turn(path) as held:
        assert os.fstat(held).st_size > 0
