"""The one entry script for people: set up, run, check and test lian_desk on a fresh machine.

    python3 desk.py run             the window on a demo workspace; without a display the tour (pictures and PDFs)
    python3 desk.py run -- ARGS     the program itself with ARGS, as ``lian-desk ARGS``
    python3 desk.py test            every check, then every test
    python3 desk.py test --mutants  single places of rules and handlers changed: how many a test notices
    python3 desk.py check           lock, format, lint, types, import contracts, papers, migration drift
    python3 desk.py docs            docs/ and the floor plan of README anew, as far as they are read off the code
    python3 desk.py setup           only the set-up
    python3 desk.py lock            requirements/*.txt anew from pyproject.toml, for every system and Python served

Arguments after ``--`` go on to the program (run), to pytest (test, check), to the mutants
(--seed, --seconds, --only) or to the resolver (lock: --upgrade for the
newest of everything, --upgrade-package NAME for one). Uses the standard library only.

Exit codes: 0 done, 1 a check or test failed, 2 wrong arguments, 3 no suitable Python, 4 packages could not be
installed (or the folder not written), 5 system libraries are missing; run -- ARGS: those of the program.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    # python -I leaves it out
    sys.path.insert(0, str(ROOT))

from requirements.ground import FAILED, NO_PYTHON, OLDEST, TOO_NEW, Checkout, SetupProblem, say, suits  # noqa: E402

HERE = Checkout(ROOT)
DEMO_WORKSPACE = Path("build") / "demo"
TOUR_FOLDER = Path("tour")
DRIFT_TEST = "tests/integration/test_migration_drift.py"


def other_python() -> str | None:
    """Find a suitable interpreter on the path when the one that started us is not."""
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # what is found may be a mere signpost to an interpreter that is not there
        if found and HERE.ask([found, "-c", ""])[0] == 0:
            return found
    return None


def set_up(names: list[str], *, window: bool, readers: bool = False) -> None:
    """Virtual environment, packages, system libraries and (``readers``) what tests read papers with; soon done again."""
    from requirements.installing import prepare
    from requirements.libraries import ensure_second_reader, ensure_system_libraries

    prepare(HERE, names)
    ensure_system_libraries(HERE, window=window)
    if readers:
        ensure_second_reader(HERE)


# ---------------------------------------------------------------------------------------------------- commands


def run(arguments: list[str]) -> int:
    """Open the window on the demo workspace, take the tour where no window can be opened, or do what is asked."""
    from requirements.libraries import has_display

    set_up(["runtime", "extras"], window=True)
    program = [str(HERE.python), "-m", "lian_desk"]
    if arguments:
        return HERE.call([*program, *arguments])
    if has_display(HERE):
        say(f"Opening the window on the demo workspace {DEMO_WORKSPACE} …")
        return HERE.call([*program, "demo", "--workspace", str(DEMO_WORKSPACE), "--open"])
    say("There is no display here, so the tour is taken instead: it drives the real window off screen.")
    code = HERE.call([*program, "tour", "--out", str(TOUR_FOLDER)], QT_QPA_PLATFORM="offscreen")
    if code != 0:
        return code
    folder = HERE.root / TOUR_FOLDER
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
    python = str(HERE.python)
    return [
        ("lock", [python, "-m", "requirements.check"]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("import contracts", [str(HERE.script("lint-imports"))]),
        ("papers", [python, "-m", "docs.house_papers", "--check"]),
    ]


def run_checks(checks: list[tuple[str, list[str]]]) -> list[str]:
    """Run all ``checks``, also after one failed, and return the names of the failed ones."""
    failed = []
    for name, command in checks:
        say(f"== {name}")
        started = time.monotonic()
        if HERE.call(command) != 0:
            failed.append(name)
            say(f"== {name} FAILED")
        say(f"== {name}: {time.monotonic() - started:.1f} s")
    return failed


def pytest_command(*arguments: str) -> list[str]:
    """Command that runs pytest on ``arguments``."""
    return [str(HERE.python), "-m", "pytest", *arguments]


def check(arguments: list[str]) -> int:
    """Everything but the tests: lock, format, lint, types, import contracts, papers, migration drift."""
    set_up(["runtime", "extras", "dev"], window=False)
    drift = ("migration drift", pytest_command("-q", DRIFT_TEST, *arguments))
    failed = run_checks([*static_checks(), drift])
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return FAILED if failed else 0


def test(arguments: list[str]) -> int:
    """Every check, then every test; the last line printed is pytest's own."""
    set_up(["runtime", "extras", "dev"], window=False, readers=True)
    failed = run_checks(static_checks())
    say(f"== checks failed: {', '.join(failed)}" if failed else "== checks passed")
    say("== tests")
    code = HERE.call(pytest_command("-n", "2", "--dist", "worksteal", *arguments))
    return code or (FAILED if failed else 0)


def mutants(arguments: list[str]) -> int:
    """Change single places of rules and handlers in a copy, and print how many of the changes a test noticed."""
    set_up(["runtime", "extras", "dev"], window=False)
    return HERE.call([str(HERE.python), "-m", "tests.mutants", *arguments])


def setup(_arguments: list[str]) -> int:
    """Only the set-up, for running and for testing."""
    set_up(["runtime", "extras", "dev"], window=True)
    say(f"Ready: python3 desk.py run, python3 desk.py test, {HERE.script('lian-desk').relative_to(ROOT)}")
    return 0


def docs(_arguments: list[str]) -> int:
    """Write the papers that are read off the code; what a person wrote in them stays."""
    set_up(["runtime", "extras", "dev"], window=False)
    return HERE.call([str(HERE.python), "-m", "docs.house_papers"])


def lock(arguments: list[str]) -> int:
    """Make requirements/*.txt anew from pyproject.toml; keep every pin that still fits unless told otherwise."""
    from requirements.installing import prepare
    from requirements.lock import LockProblem, Resolver, make, with_mirror

    prepare(HERE, ["lock"])
    say("Resolving for every system and Python served …")
    try:
        resolver = Resolver(HERE.python, ROOT, with_mirror(HERE.python, HERE.environment()))
        changed = make(resolver, ROOT / "requirements", arguments)
    except LockProblem as problem:
        say(f"The lock stays as it was. The resolver says:\n{problem}")
        return FAILED
    for line in changed or ["No version changes."]:
        say(line)
    return 0


COMMANDS = {"run": run, "test": test, "check": check, "docs": docs, "setup": setup, "lock": lock}


# -------------------------------------------------------------------------------------------------------- main


def parse(argv: list[str]) -> tuple[str, list[str]]:
    """Split the command line into our subcommand and what goes on to the program, to pytest or to the resolver."""
    own, rest = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, [])
    parser = argparse.ArgumentParser(
        prog="desk.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=list(COMMANDS))
    parser.add_argument("--mutants", action="store_true", help="test: change single places, see whether a test notices")
    asked = parser.parse_args(own)
    if asked.mutants and asked.command != "test":
        parser.error("--mutants goes with test")
    return "mutants" if asked.mutants else str(asked.command), rest


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
        return HERE.call([python, str(Path(__file__).resolve()), *argv])
    try:
        return mutants(rest) if command == "mutants" else COMMANDS[command](rest)
    except SetupProblem as problem:
        say(str(problem))
        return problem.code


if __name__ == "__main__":
    try:
        EXIT_CODE = main(sys.argv[1:])
    except KeyboardInterrupt:
        EXIT_CODE = 130
    sys.exit(EXIT_CODE)
