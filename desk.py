"""The one entry script for people: set up, run, check and test lian_desk on a fresh machine.

    python3 desk.py run             the window on a demo workspace; without a display the tour (pictures and PDFs)
    python3 desk.py test            every check, then every test
    python3 desk.py check           format, lint, types, import contracts, migration drift
    python3 desk.py setup           only the set-up
    python3 desk.py lock            requirements/*.txt anew from pyproject.toml, for every system and Python served

Arguments after ``--`` go on to the program (run), to pytest (test) or to the resolver (lock: --upgrade for the newest
of everything, --upgrade-package NAME for one). Uses the standard library only.

Exit codes: 0 done, 1 a check or test failed, 2 wrong arguments, 3 no suitable Python, 4 packages could not be
installed (or the folder not written), 5 system libraries are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    # python -I leaves it out
    sys.path.insert(0, str(ROOT))
VENV = ROOT / ".venv"
STAMP = VENV / "desk-stamp.json"
DEMO_WORKSPACE = Path("build") / "demo"
TOUR_FOLDER = Path("tour")
DRIFT_TEST = "tests/integration/test_migration_drift.py"

OLDEST, TOO_NEW = (3, 11), (3, 15)
FAILED, NO_PYTHON, NO_PACKAGES, NO_LIBRARIES = 1, 3, 4, 5
PROBE_SECONDS = 120

# Debian and Ubuntu names. The first list is enough to draw off screen, the second is for a window on X11.
OFFSCREEN_LIBRARIES = ("libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libxkbcommon0", "libdbus-1-3")
WINDOW_LIBRARIES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
IMPORT_PROBE = """
import PySide6.QtWidgets, PySide6.QtSvg, PySide6.QtPrintSupport
PySide6.QtWidgets.QApplication([])
"""
XCB_PROBE = """
import ctypes, pathlib, PySide6
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
"""
DISPLAY_PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


class SetupProblem(Exception):
    """The machine lacks something; the text says what to do, the code is the exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


# ------------------------------------------------------------------------------------------------ environment


def venv_python() -> Path:
    """Path of the interpreter inside the virtual environment."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def child_environment() -> dict[str, str]:
    """Environment of every child: this tree on the path, UTF-8, nothing buffered, no foreign virtual environment."""
    environment = dict(os.environ)
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    environment.update(PYTHONPATH=str(ROOT), PYTHONUTF8="1", PYTHONUNBUFFERED="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    return environment


def call(command: list[str], **extra: str) -> int:
    """Run ``command`` in the project folder with its output on ours and return its exit code."""
    environment = {**child_environment(), **extra}
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def ask(command: list[str], **extra: str) -> tuple[int, str]:
    """Run ``command`` quietly and return its exit code and everything it printed."""
    environment = {**child_environment(), **extra}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return FAILED, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


# ------------------------------------------------------------------------------------------------------ Python


def suits(version: tuple[int, int]) -> bool:
    """Whether this minor version of Python is served."""
    return OLDEST <= version < TOO_NEW


def other_python() -> str | None:
    """Find a suitable interpreter on the path when the one that started us is not."""
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    return None


def make_virtual_environment() -> None:
    """Make ``.venv`` when it is missing, broken or of a Python that is not served."""
    code, answer = ask([str(venv_python()), "-c", "import sys, pip; print(*sys.version_info[:2])"])
    if code == 0 and suits((int(answer.split()[0]), int(answer.split()[1]))):
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_with_apt(
            (f"python3.{sys.version_info[1]}-venv",), "Python's venv module is missing (Debian keeps it apart)."
        )
    say(f"Making the virtual environment {VENV.name} …")
    # Symbolic links on Windows need a right that ordinary users lack.
    try:
        venv.EnvBuilder(clear=VENV.exists(), symlinks=os.name != "nt", with_pip=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupProblem(NO_PACKAGES, f"The folder {VENV} cannot be made or replaced: {error}") from error


def read_stamp() -> dict[str, str]:
    """Digests of the requirement files installed last; empty when unknown."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def install_requirements(names: list[str]) -> None:
    """Install the hashed requirement files ``names`` unless exactly they were installed before."""
    files = [ROOT / "requirements" / f"{name}.txt" for name in names]
    wanted = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    stamp = read_stamp()
    if all(stamp.get(name) == digest for name, digest in wanted.items()):
        return
    say(f"Installing the pinned packages ({' and '.join(names)}) …")
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
    # The lock is complete: nothing is resolved. pip 23.2 would take the newest of a package that another asks for
    # with an extra, instead of the pinned one, and then miss its checksum.
    command += ["--no-deps", "--only-binary", ":all:"]
    for path in files:
        command += ["-r", str(path)]
    if call(command) != 0:
        raise SetupProblem(
            NO_PACKAGES,
            "The pinned packages could not be installed. Check the network or the proxy, then start the same "
            "command again; what was fetched is kept.",
        )
    code, answer = ask([str(venv_python()), "-m", "pip", "check"])
    if code != 0:
        raise SetupProblem(NO_PACKAGES, f"The pinned packages do not fit together:\n{answer.strip()}")
    STAMP.write_text(json.dumps({**stamp, **wanted}, indent=2) + "\n", encoding="utf-8")


# -------------------------------------------------------------------------------------------- system libraries


def privileged() -> list[str] | None:
    """How to call a program as root without being asked: nothing before it, ``sudo -n``, or None when impossible."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and ask([sudo, "-n", "true"])[0] == 0:
        return [sudo, "-n"]
    return None


def install_with_apt(packages: tuple[str, ...], reason: str) -> None:
    """Install Debian packages where we may; else say the one command to type."""
    apt = shutil.which("apt-get")
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if apt is None:
        raise SetupProblem(
            NO_LIBRARIES, f"{reason} Install what Debian calls {' '.join(packages)} with your system's package tool."
        )
    prefix = privileged()
    if prefix is None:
        raise SetupProblem(NO_LIBRARIES, f"{reason} Type this, then start again:\n\n    sudo {line}\n")
    say(f"{reason} Installing: {' '.join(packages)}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-q"]
    if call([*quiet, "update"]) != 0:
        say("The package lists could not be refreshed; trying with the old ones.")
    if call([*quiet, "install", "-y", "--no-install-recommends", *packages]) != 0:
        raise SetupProblem(NO_LIBRARIES, f"{reason} apt-get could not install them. Type this:\n\n    sudo {line}\n")


def missing_library(probe: str) -> str | None:
    """Run ``probe`` with the environment's Python off screen; return the line that names what is missing, or None."""
    code, answer = ask([str(venv_python()), "-c", probe], QT_QPA_PLATFORM="offscreen")
    if code == 0:
        return None
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    named = [line for line in lines if ".so" in line and "cannot open" in line]
    return (named or lines or [f"exit code {code}"])[-1]


def ensure_system_libraries(*, window: bool) -> None:
    """See that Qt loads, off screen and (``window``) on X11; install what Debian and Ubuntu lack."""
    probes = [(IMPORT_PROBE, OFFSCREEN_LIBRARIES)]
    if window and sys.platform == "linux" and os.environ.get("DISPLAY"):
        probes.append((XCB_PROBE, WINDOW_LIBRARIES))
    for probe, packages in probes:
        missing = missing_library(probe)
        if missing is None:
            continue
        if sys.platform != "linux":
            raise SetupProblem(NO_LIBRARIES, f"Qt does not load: {missing}")
        install_with_apt(packages, f"Qt lacks system libraries ({missing}).")
        still = missing_library(probe)
        if still is not None:
            raise SetupProblem(NO_LIBRARIES, f"Qt still does not load: {still}")


def has_display() -> bool:
    """Whether a window can really be opened here; a display that is named but dead does not count."""
    if sys.platform == "linux":
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return False
        if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal", "vnc")):
            return False
    return ask([str(venv_python()), "-c", DISPLAY_PROBE])[0] == 0


def set_up(names: list[str], *, window: bool) -> None:
    """Virtual environment, packages, system libraries; a second call costs one probe."""
    make_virtual_environment()
    install_requirements(names)
    ensure_system_libraries(window=window)


# ---------------------------------------------------------------------------------------------------- commands


def run(arguments: list[str]) -> int:
    """Open the window on the demo workspace, or take the tour where no window can be opened."""
    set_up(["runtime", "extras"], window=True)
    program = [str(venv_python()), "-m", "lian_desk"]
    if has_display():
        say(f"Opening the window on the demo workspace {DEMO_WORKSPACE} …")
        return call([*program, "demo", "--workspace", str(DEMO_WORKSPACE), "--open", *arguments])
    say("There is no display here, so the tour is taken instead: it drives the real window off screen.")
    code = call([*program, "tour", "--out", str(TOUR_FOLDER), *arguments], QT_QPA_PLATFORM="offscreen")
    if code != 0:
        return code
    folder = ROOT / TOUR_FOLDER
    pictures, documents = sorted(folder.rglob("*.png")), sorted(folder.rglob("*.pdf"))
    if not pictures or not documents:
        say(f"The tour left {len(pictures)} pictures and {len(documents)} PDFs in {folder}; something is missing.")
        return FAILED
    say(f"{len(pictures)} pictures: {pictures[0].parent}")
    for document in documents:
        say(f"PDF: {document}")
    return 0


def static_checks() -> list[tuple[str, list[str]]]:
    """Name and command of every check that runs no test."""
    python = str(venv_python())
    linter = venv_python().with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")
    return [
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("import contracts", [str(linter)]),
    ]


def run_checks(checks: list[tuple[str, list[str]]]) -> list[str]:
    """Run all ``checks``, also after one failed, and return the names of the failed ones."""
    failed = []
    for name, command in checks:
        say(f"== {name}")
        started = time.monotonic()
        if call(command) != 0:
            failed.append(name)
            say(f"== {name} FAILED")
        say(f"== {name}: {time.monotonic() - started:.1f} s")
    return failed


def pytest_command(*arguments: str) -> list[str]:
    """Command that runs pytest on ``arguments``."""
    return [str(venv_python()), "-m", "pytest", *arguments]


def check(arguments: list[str]) -> int:
    """Everything but the tests: format, lint, types, import contracts, migration drift."""
    set_up(["runtime", "extras", "dev"], window=False)
    drift = ("migration drift", pytest_command("-q", DRIFT_TEST, *arguments))
    failed = run_checks([*static_checks(), drift])
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return FAILED if failed else 0


def test(arguments: list[str]) -> int:
    """Every check, then every test; the last line printed is pytest's own."""
    set_up(["runtime", "extras", "dev"], window=False)
    failed = run_checks(static_checks())
    say(f"== checks failed: {', '.join(failed)}" if failed else "== checks passed")
    say("== tests")
    code = call(pytest_command("-n", "2", "--dist", "worksteal", *arguments))
    return code or (FAILED if failed else 0)


def setup(_arguments: list[str]) -> int:
    """Only the set-up, for running and for testing."""
    set_up(["runtime", "extras", "dev"], window=True)
    say("Ready: python3 desk.py run, python3 desk.py test")
    return 0


def lock(arguments: list[str]) -> int:
    """Make requirements/*.txt anew from pyproject.toml; keep every pin that still fits unless told otherwise."""
    from requirements.lock import LockProblem, Resolver, make

    make_virtual_environment()
    install_requirements(["lock"])
    say("Resolving for every system and Python served …")
    try:
        changed = make(Resolver(venv_python(), ROOT, child_environment()), ROOT / "requirements", arguments)
    except LockProblem as problem:
        say(f"The lock stays as it was. The resolver says:\n{problem}")
        return FAILED
    for line in changed or ["No version changes."]:
        say(line)
    return 0


# -------------------------------------------------------------------------------------------------------- main


def parse(argv: list[str]) -> tuple[str, list[str]]:
    """Split the command line into our subcommand and what goes on to the program or to pytest."""
    own, rest = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, [])
    parser = argparse.ArgumentParser(
        prog="desk.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["run", "test", "check", "setup", "lock"])
    return str(parser.parse_args(own).command), rest


def main(argv: list[str]) -> int:
    """Do one subcommand and return the exit code."""
    if sys.stdin is None:
        # Started with standard input closed: keep its number from being given to the next file we open.
        os.open(os.devnull, os.O_RDONLY)
    command, rest = parse(argv)
    if not suits(sys.version_info[:2]):
        python = other_python()
        if python is None:
            say(
                f"lian_desk needs Python {OLDEST[0]}.{OLDEST[1]} to 3.{TOO_NEW[1] - 1}; "
                f"this is {sys.version_info[0]}.{sys.version_info[1]}. Install one and start desk.py with it."
            )
            return NO_PYTHON
        return call([python, str(Path(__file__).resolve()), *argv])
    try:
        return {"run": run, "test": test, "check": check, "setup": setup, "lock": lock}[command](rest)
    except SetupProblem as problem:
        say(str(problem))
        return problem.code


if __name__ == "__main__":
    try:
        EXIT_CODE = main(sys.argv[1:])
    except KeyboardInterrupt:
        EXIT_CODE = 130
    sys.exit(EXIT_CODE)
