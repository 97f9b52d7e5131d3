"""Whether the pins fit together: everything that is asked for is pinned, in a version that was asked for.

Runs inside the virtual environment and reads what the installed packages say of themselves. ``pip check`` looks at plain
requirements only; here an extra that somebody asks for (``coverage[toml]``) counts with all that it brings, and
packages that a developer installed by hand do not count.

    python -m requirements.fit runtime extras      prints what does not fit; 1 when something does not
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path

from requirements.tables import LOCKS, Pin, dependency_tables, normal_name, pins_in

try:
    from packaging.markers import Marker
    from packaging.requirements import Requirement
    from packaging.version import Version
except ImportError:
    # a virtual environment that holds pip and little else
    from pip._vendor.packaging.markers import Marker  # type: ignore[assignment]
    from pip._vendor.packaging.requirements import Requirement  # type: ignore[assignment]
    from pip._vendor.packaging.version import Version  # type: ignore[assignment]

PROJECT = "pyproject.toml"


def asked_by_project(project: Path, name: str) -> list[Requirement]:
    """Return what ``project`` asks for that the lock file ``name`` must answer."""
    tables = dependency_tables(project)
    if name not in {"runtime", "extras"}:
        return [Requirement(one) for one in _group(tables["dependency-groups"], name)]
    asked = list(tables["dependencies"])
    if name == "extras":
        asked += [one for extra in tables["optional-dependencies"].values() for one in extra]
    return [Requirement(one) for one in asked]


def _group(groups: Mapping[str, list[str | dict[str, str]]], name: str) -> Iterator[str]:
    for one in groups.get(name, []):
        if isinstance(one, str):
            yield one
        else:
            yield from _group(groups, one["include-group"])


@dataclass
class Walk:
    """Follows requirements from the project through the pins, for one kind of machine.

    Args:
        pins: the pins that hold for the machine, by name.
        machine: the variables of markers; ``None`` for the machine we run on.
    """

    pins: Mapping[str, Pin]
    machine: Mapping[str, str]
    gaps: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    """Packages whose own requirements are not known here, because they are not installed in the pinned version."""
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def follow(self, asked: Iterable[Requirement], asker: str, extras: Sequence[str] = ()) -> None:
        """Follow ``asked``, the requirements of ``asker`` of which ``extras`` are wanted."""
        for requirement in asked:
            marker = str(requirement.marker or "")
            if any(_holds(marker, frozenset({**self.machine, "extra": extra}.items())) for extra in ("", *extras)):
                self._take(requirement, asker)

    def _take(self, requirement: Requirement, asker: str) -> None:
        name = normal_name(requirement.name)
        pin = self.pins.get(name)
        if pin is None:
            self.gaps.append(f"{asker} needs {_wish(requirement)}, which the lock does not hold")
            return
        if not requirement.specifier.contains(pin.version, prereleases=True):
            self.gaps.append(f"{asker} needs {_wish(requirement)}, but the lock holds {name} {pin.version}")
        self.reached.add(name)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) in self._seen:
                continue
            self._seen.add((name, extra))
            needs = requirements_of(pin.name, pin.version)
            if needs is None:
                self.unread.add(name)
                return
            fresh = [one for one in needs if extra == "" or "extra" in str(one.marker or "")]
            self.follow(fresh, f"{name} {pin.version}", [extra] if extra else [])


@cache
def requirements_of(name: str, version: str) -> list[Requirement] | None:
    """Return what the installed package ``name`` asks for; None when it is not installed in that version."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    if not _same(found.version, version):
        return None
    return [Requirement(one) for one in found.requires or []]


@cache
def _holds(marker: str, machine: frozenset[tuple[str, str]]) -> bool:
    """Whether ``marker`` holds on a machine with these variables; an empty one holds everywhere."""
    return not marker or Marker(marker).evaluate(dict(machine))


def _wish(requirement: Requirement) -> str:
    return str(requirement).partition(";")[0].strip()


def _same(one: str, other: str) -> bool:
    return Version(one) == Version(other)


def this_machine() -> dict[str, str]:
    """Return the variables of markers of the machine and the Python that we run on, ready for others to change."""
    return {
        "implementation_name": sys.implementation.name,
        "platform_python_implementation": platform.python_implementation(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(map(str, sys.version_info[:2])),
    }


def holding(pins: Iterable[Pin], machine: Mapping[str, str]) -> list[Pin]:
    """Return those of ``pins`` that hold for ``machine``."""
    variables = frozenset(machine.items())
    return [pin for pin in pins if _holds(pin.marker, variables)]


def misfits(root: Path, names: Sequence[str]) -> list[str]:
    """Return what of the lock files ``names`` is not installed as pinned here, or does not fit together."""
    machine = this_machine()
    pins: dict[str, Pin] = {}
    for name in names:
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins.update({pin.name: pin for pin in holding(pins_in(text), machine)})
    found = [fault for pin in pins.values() for fault in _not_as_pinned(pin)]
    walk = Walk(pins, machine)
    for name in names:
        walk.follow(asked_by_project(root / PROJECT, name), PROJECT)
    return found + walk.gaps


def _not_as_pinned(pin: Pin) -> Iterator[str]:
    try:
        version = metadata.version(pin.name)
    except metadata.PackageNotFoundError:
        yield f"{pin.name} {pin.version} is pinned, but it is not installed"
        return
    if not _same(version, pin.version):
        yield f"{pin.name} {pin.version} is pinned, but {version} is installed"


if __name__ == "__main__":
    FOUND = misfits(Path.cwd(), [name for name in sys.argv[1:] if name in LOCKS])
    print("\n".join(FOUND))
    sys.exit(1 if FOUND else 0)
