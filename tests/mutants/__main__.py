"""Makes single changes of rules and handlers, one at a time, and asks their tests whether they notice.

``python3 desk.py test --mutants`` runs it. Changes are drawn by a seed and tried for a given time, in a copy of the
checkout, so that a kill leaves the sources as they are. A target with a floor fails below it.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.mutants.changes import Change, changes_in

ROOT: Final = Path(__file__).resolve().parents[2]
TARGETS: Final = Path(__file__).with_name("targets.toml")
#: What a copy needs to run the tests.
PARTS: Final = ("lian_desk", "resources", "tests", "requirements", "pyproject.toml", "README.md")
#: A change that makes a loop endless is caught by the clock: this many times the time of the unchanged run.
PATIENCE: Final = 4
_LEAST_PATIENCE: Final = 60.0
_CAUGHT, _PASSED = 1, 0


@dataclass(frozen=True)
class Target:
    """Modules that are changed, the tests that ought to notice, and the share that must be caught (percent)."""

    name: str
    modules: tuple[Path, ...]
    tests: tuple[str, ...]
    floor: int


@dataclass
class Tally:
    """What became of the changes of one target."""

    tried: int = 0
    caught: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Percent of the tried changes that a test noticed."""
        return 100 * self.caught / self.tried if self.tried else 0.0


def load_targets(root: Path = ROOT) -> tuple[Target, ...]:
    """Return the targets of ``targets.toml``; a pattern without a file is an error."""
    rows = tomllib.loads(TARGETS.read_text(encoding="utf-8"))["target"]
    targets = []
    for row in rows:
        modules = tuple(
            path
            for pattern in row["modules"]
            for path in _some(sorted(root.glob(pattern)), pattern)
            if path.name != "__init__.py"
        )
        for test in row["tests"]:
            _some([root / test] if (root / test).exists() else [], test)
        targets.append(Target(row["name"], modules, tuple(row["tests"]), row.get("floor", 0)))
    return tuple(targets)


def _some(paths: list[Path], pattern: str) -> list[Path]:
    if not paths:
        raise FileNotFoundError(pattern)
    return paths


def drawn(target: Target, seed: int) -> list[tuple[Path, Change]]:
    """Return all changes of a target in an order drawn by ``seed``; the same seed draws the same."""
    every = [(path, change) for path in target.modules for change in changes_in(path.read_text(encoding="utf-8"))]
    random.Random(f"{seed} {target.name}").shuffle(every)
    return every


class Workbench:
    """A copy of the checkout in which one change at a time is made and undone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / part)

    def run(self, tests: Sequence[str], patience: float | None = None) -> int:
        """Run tests on the copy as it stands; ``_CAUGHT`` also when they take longer than ``patience`` seconds."""
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *tests]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, timeout=patience, check=False
            )
        except subprocess.TimeoutExpired:
            return _CAUGHT
        return done.returncode

    def try_change(self, path: Path, change: Change, tests: Sequence[str], patience: float) -> bool:
        """Tell whether the tests notice a change; the copy is whole again afterwards."""
        place = self.folder / path.relative_to(ROOT)
        source = place.read_text(encoding="utf-8")
        try:
            place.write_text(change.applied(source), encoding="utf-8")
            return self.run(tests, patience) != _PASSED
        finally:
            place.write_text(source, encoding="utf-8")


def try_target(bench: Workbench, target: Target, seed: int, seconds: float) -> Tally:
    """Try changes of one target until the time is used up or none is left.

    Raises:
        RuntimeError: the tests fail without any change.
    """
    began = time.monotonic()
    if bench.run(target.tests) != _PASSED:
        raise RuntimeError(f"{target.name}: its tests fail without any change")
    patience = max(_LEAST_PATIENCE, PATIENCE * (time.monotonic() - began))
    tally, began = Tally(), time.monotonic()
    for path, change in drawn(target, seed):
        if time.monotonic() - began >= seconds:
            break
        tally.tried += 1
        if bench.try_change(path, change, target.tests, patience):
            tally.caught += 1
        else:
            tally.survivors.append(f"{path.relative_to(ROOT)}:{change.line} {change.what}: {change.text}")
    return tally


def main(arguments: Sequence[str]) -> int:
    """Try every target for its share of the time; 1 when a floor is missed."""
    parser = argparse.ArgumentParser(prog="desk.py test --mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600.0, help="time for all targets together")
    parser.add_argument("--only", default="", help="name of one target")
    asked = parser.parse_args(arguments)
    targets = [target for target in load_targets() if asked.only in {"", target.name}]
    is_short = False
    with TemporaryDirectory(prefix="desk-mutants-") as folder:
        bench = Workbench(Path(folder))
        for target in targets:
            tally = try_target(bench, target, asked.seed, asked.seconds / len(targets))
            is_short |= tally.share < target.floor
            for survivor in tally.survivors:
                print(f"  survived {survivor}")
            print(
                f"{target.name}: {tally.caught} of {tally.tried} changes caught, {tally.share:.0f} % "
                f"(floor {target.floor} %), seed {asked.seed}",
                flush=True,
            )
    return int(is_short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
