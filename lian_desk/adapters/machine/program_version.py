"""Which program this is: version, commit, and whether it was changed since.

A wheel carries the facts of its build in ``_build.json`` (``requirements/build_hook.py`` writes them); a checkout asks
git. Standard library only, for the build reads this module too.
"""

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from lian_desk import __version__

#: Name of the file inside the package that holds the facts of the build.
BUILD_FACTS = "_build.json"

_PACKAGE = Path(__file__).resolve().parents[2]
#: Files that git does not know yet make another program only here.
_PROGRAM_FOLDERS = ("lian_desk/", "resources/")
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Source:
    """The commit that a program was made from."""

    commit: str
    """The first twelve digits."""
    changed: bool
    """Whether anything differed from the commit."""


def source_of(checkout: Path) -> Source | None:
    """Return what git says of ``checkout``; None without git, without a commit, or when it is no checkout itself."""
    if not (checkout / ".git").exists() or not (checkout / "pyproject.toml").is_file():
        # a folder inside somebody else's checkout is not of their commit
        return None
    commit = _git(checkout, "rev-parse", "--short=12", "HEAD")
    state = _git(checkout, "status", "--porcelain", "-z", "--untracked-files=all")
    if commit is None or state is None:
        return None
    changed = any(
        not entry.startswith("?? ") or entry[3:].startswith(_PROGRAM_FOLDERS) for entry in state.split("\0") if entry
    )
    return Source(commit.strip(), changed)


def _git(checkout: Path, *arguments: str) -> str | None:
    """Run git on ``checkout`` and return its answer; None when it has none. Nothing is written, the index included."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command on a folder of our own
            ["git", "--no-optional-locks", "-C", str(checkout), *arguments],  # noqa: S607 - git of the person's path
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def facts_text(source: Source) -> str:
    """Return the content of ``_build.json`` for ``source``."""
    return json.dumps(asdict(source)) + "\n"


def read_facts(package: Path) -> Source | None:
    """Return the facts of the build that ``package`` carries; None when it carries none, or damaged ones."""
    try:
        facts = json.loads((package / BUILD_FACTS).read_text(encoding="utf-8"))
        return Source(str(facts["commit"]), bool(facts["changed"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def program_version(package: Path = _PACKAGE) -> str:
    """Return version and commit in words, such as ``0.1.0 (commit 94ab3a0c1d2e, with changes)``.

    Args:
        package: the folder of the package.
    """
    source = read_facts(package) or source_of(package.parent)
    if source is None:
        return f"{__version__} (commit unknown)"
    return f"{__version__} (commit {source.commit}{', with changes' if source.changed else ''})"
