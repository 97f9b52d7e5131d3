"""Makes the lock anew: one resolution for every system and Python served, proven wheel by wheel before it is kept.

The resolver is uv, itself pinned in ``lock.txt``. All files are cut from one resolution, so that they never name two
versions of one package for one machine. Pins that still satisfy ``pyproject.toml`` stay as they are; ``--upgrade``
takes the newest of everything, ``--upgrade-package NAME`` of one.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from requirements.tables import (
    LOCKS,
    NEWEST_PYTHON,
    OLDEST_PYTHON,
    dependency_tables,
    digest_of,
    head,
    pins_in,
)

# The machines that the program is meant for, as the resolver calls them: every pin must have a wheel for each.
SYSTEMS = ("x86_64-manylinux_2_34", "aarch64-manylinux_2_39", "windows", "aarch64-apple-darwin")
# onnxruntime is built for this macOS and newer
OLDEST_MACOS = "14.0"
_MIRROR = re.compile(r"^(?:global|install)\.index-url='(.+)'\s*$", re.MULTILINE)


class LockProblem(Exception):
    """The lock cannot be made; the text is what the resolver said."""


class Resolver:
    """Runs uv for one project folder.

    Args:
        python: interpreter of the environment that holds uv.
        root: the folder of ``pyproject.toml``.
        environment: environment of the child.
    """

    def __init__(self, python: Path, root: Path, environment: dict[str, str]) -> None:
        self._python = python
        self.root = root
        self._environment = {**environment, "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS}
        self._environment.pop("PYTHONPATH", None)

    def _uv(self, *arguments: str) -> None:
        command = [str(self._python), "-m", "uv", *arguments, "--python", str(self._python)]
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode != 0:
            raise LockProblem(done.stdout.decode("utf-8", "replace").strip())

    def compile(self, asked: Sequence[str], known: str, options: Sequence[str] = ()) -> str:
        """Resolve what is ``asked`` for all systems at once and return the requirement file.

        Args:
            asked: sources as ``uv pip compile`` takes them.
            known: a requirement file whose pins are kept where they fit.
            options: further options, like ``--upgrade``.
        """
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "pins.txt"
            out.write_text(known, encoding="utf-8")
            self._uv(
                *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"),
                *("--python-version", ".".join(map(str, OLDEST_PYTHON)), "--only-binary", ":all:"),
                *("--output-file", str(out), *options, *asked),
            )
            return out.read_text(encoding="utf-8")

    def prove(self, pins: str, system: str, python: tuple[int, int]) -> None:
        """See that every pin that holds for ``system`` and ``python`` has a wheel with a known checksum there."""
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "pins.txt"
            listed.write_text(pins, encoding="utf-8")
            self._uv(
                *("pip", "install", "--quiet", "--dry-run", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
                *("--target", folder, "--python-platform", system, "--python-version", ".".join(map(str, python))),
                *("-r", str(listed)),
            )


def with_mirror(python: Path, environment: dict[str, str]) -> dict[str, str]:
    """Return ``environment`` in which uv asks the package index that pip is set to, where uv has no setting of its own.

    Args:
        python: interpreter of the environment that holds pip.
        environment: environment of a child.
    """
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_NO_INDEX"} & environment.keys():
        return environment
    mirror = environment.get("PIP_INDEX_URL", "")
    if not mirror:
        # "config get" does not see a file that is named by a variable
        command = [str(python), "-m", "pip", "config", "list"]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = _MIRROR.search(done.stdout.decode("utf-8", "replace"))
        mirror = found.group(1) if found else ""
    return {**environment, "UV_DEFAULT_INDEX": mirror} if mirror else environment


def make(resolver: Resolver, folder: Path, options: Sequence[str]) -> list[str]:
    """Make all lock files anew in ``folder`` and return what changed, one line per package.

    Nothing is written unless everything could be resolved and proven.

    Raises:
        LockProblem: the requirements contradict each other, or a pin has no wheel for a machine that is served.
    """
    before = {name: _read(folder / f"{name}.txt") for name in LOCKS}
    digest = digest_of(dependency_tables(resolver.root / "pyproject.toml"))
    everything = ("pyproject.toml", "--all-extras", "--group", "dev", "--group", "lock")
    whole = resolver.compile(everything, "\n".join(before.values()), options)
    versions = {(pin.name, pin.version) for pin in pins_in(whole)}
    after = {name: resolver.compile(asked, whole) for name, asked in LOCKS.items()}
    for name, text in after.items():
        strange = [f"{pin.name}=={pin.version}" for pin in pins_in(text) if (pin.name, pin.version) not in versions]
        if strange:
            raise LockProblem(f"{name}.txt does not follow the common resolution: {', '.join(strange)}")
    for system in SYSTEMS:
        for minor in range(OLDEST_PYTHON[1], NEWEST_PYTHON[1] + 1):
            resolver.prove(whole, system, (OLDEST_PYTHON[0], minor))
    for name, text in after.items():
        _write(folder / f"{name}.txt", head(digest) + text)
    return changes(before, after)


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Tell which versions differ between two sets of lock files, sorted by name."""

    def versions(texts: dict[str, str]) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        for text in texts.values():
            for pin in pins_in(text):
                found.setdefault(pin.name, set()).add(pin.version)
        return {name: " and ".join(sorted(several)) for name, several in found.items()}

    old, new = versions(before), versions(after)
    return [
        f"{name}: {old.get(name, 'new')} → {new.get(name, 'gone')}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    """Replace ``path`` as a whole, so that a stopped run leaves the old file or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
