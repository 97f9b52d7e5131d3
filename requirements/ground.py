"""What every step of the set-up stands on: the checkout, its children, and the one kind of failure.

Read by any Python from 3.7 on, because an old one must be able to say that it is too old.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST, TOO_NEW = (3, 11), (3, 15)
FAILED, NO_PYTHON, NO_PACKAGES, NO_LIBRARIES = 1, 3, 4, 5
PROBE_SECONDS = 120

# What a person may have set for pip in general and what would lead this set-up astray. Mirrors, proxies and
# certificates stay as they are.
_ASTRAY = (
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "__PYVENV_LAUNCHER__",
    *tuple(
        f"PIP_{name}"
        for name in (
            *("TARGET", "PREFIX", "ROOT", "PYTHON", "REQUIREMENT", "EDITABLE", "NO_BINARY", "DRY_RUN", "PRE"),
            *("IGNORE_INSTALLED", "FORCE_REINSTALL", "UPGRADE", "REPORT", "PLATFORM", "ABI", "IMPLEMENTATION"),
        )
    ),
)


class SetupProblem(Exception):
    """The machine lacks something; the text says what to do, the code is the exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Checkout:
    """One working copy of the project and the places of its set-up."""

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter inside the virtual environment."""
        return self.script("python")

    @property
    def stamp(self) -> Path:
        """What was installed last; written only after everything was."""
        return self.venv / "desk-stamp.json"

    @property
    def unfinished(self) -> Path:
        """Stands as long as the virtual environment is being made."""
        return self.venv / "desk-unfinished"

    def script(self, name: str) -> Path:
        """Path of a program inside the virtual environment."""
        return self.venv / "Scripts" / f"{name}.exe" if os.name == "nt" else self.venv / "bin" / name

    def lock(self, name: str) -> Path:
        """Path of the lock file ``name`` (runtime, extras, dev, lock)."""
        return self.root / "requirements" / f"{name}.txt"

    def environment(self) -> dict[str, str]:
        """Environment of every child: this tree on the path, UTF-8, nothing buffered, nothing foreign."""
        environment = {name: value for name, value in os.environ.items() if name not in _ASTRAY}
        environment.update(
            PYTHONPATH=str(self.root),
            PYTHONUTF8="1",
            PYTHONUNBUFFERED="1",
            PIP_DISABLE_PIP_VERSION_CHECK="1",
            # these override files of settings, too
            PIP_USER="0",
            PIP_CONSTRAINT=os.devnull,
        )
        return environment

    def call(self, command: Sequence[str], **extra: str) -> int:
        """Run ``command`` in the project folder with its output on ours and return its exit code."""
        environment = {**self.environment(), **extra}
        return subprocess.run(command, cwd=self.root, env=environment, stdin=subprocess.DEVNULL, check=False).returncode

    def ask(
        self, command: Sequence[str], *, seconds: int | None = PROBE_SECONDS, holding: Sequence[int] = (), **extra: str
    ) -> tuple[int, str]:
        """Run ``command`` quietly and return its exit code and everything it printed.

        Args:
            command: program and arguments.
            seconds: how long to wait; None for ever.
            holding: numbers of open files that the child keeps open (not on Windows).
            extra: further variables of its environment.
        """
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env={**self.environment(), **extra},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                pass_fds=() if os.name == "nt" else tuple(holding),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return FAILED, str(error)
        return done.returncode, done.stdout.decode("utf-8", "replace")


def say(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


def suits(version: tuple[int, int]) -> bool:
    """Whether this minor version of Python is served."""
    return OLDEST <= version < TOO_NEW
