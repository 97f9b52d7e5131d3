"""Whether lock and pyproject.toml agree; needs no network.

    python -m requirements.check      prints what does not agree; 1 when something does not

Four looks, each of which sees what the others cannot: the digest in every head (somebody changed a requirement and did
not make the lock anew), the requirements themselves for every system and Python served (somebody changed a pin), the
askers noted beside each pin (a pin that nobody asks for), and what the installed packages say of themselves (a
dependency that the lock does not hold, one in a version that was not asked for).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import SpecifierSet

from requirements.fit import PROJECT, Walk, asked_by_project, holding, this_machine
from requirements.ground import OLDEST, TOO_NEW
from requirements.tables import (
    LOCKS,
    Pin,
    dependency_tables,
    digest_in,
    digest_of,
    normal_name,
    pins_in,
)

# As markers see the systems that the lock is made for.
SYSTEMS: dict[str, dict[str, str]] = {
    "Linux x86-64": {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
    },
    "Linux ARM": {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "aarch64",
        "os_name": "posix",
    },
    "Windows": {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "os_name": "nt",
    },
    "macOS": {
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "platform_machine": "arm64",
        "os_name": "posix",
    },
}
_OWN = f"lian-desk ({PROJECT}"
_RESOLVE = "make the lock anew: python3 desk.py lock"


def machines() -> Iterator[tuple[str, dict[str, str]]]:
    """Tell every system and Python served, by name, with its variables of markers."""
    for system, variables in SYSTEMS.items():
        for minor in range(OLDEST[1], TOO_NEW[1]):
            version = f"{OLDEST[0]}.{minor}"
            yield (
                f"{system}, Python {version}",
                {
                    **variables,
                    "implementation_name": "cpython",
                    "platform_python_implementation": "CPython",
                    "python_version": version,
                    "python_full_version": f"{version}.9",
                },
            )


def problems(root: Path, *, everything_installed: bool) -> list[str]:
    """Return every disagreement between ``pyproject.toml`` and the lock files of the checkout ``root``.

    Args:
        root: the checkout.
        everything_installed: the environment holds all lock files, so that a pin which no installed package asks for
            is one too many, and a pinned package that is not there is a fault.
    """
    digest = digest_of(dependency_tables(root / PROJECT))
    found = list(_python_problems(root))
    for name in LOCKS:
        path = root / "requirements" / f"{name}.txt"
        if not path.is_file():
            found.append(f"{path.name} is missing; {_RESOLVE}")
            continue
        text = path.read_text(encoding="utf-8")
        if digest_in(text) != digest:
            found.append(f"{path.name} was made from other requirements than {PROJECT} holds now; {_RESOLVE}")
        pins = pins_in(text)
        found += [f"{path.name}: {one}" for one in _unasked(root, name, pins)]
        found += [f"{path.name}: {one}" for one in _gaps(root, name, pins)]
        if everything_installed:
            found += [f"{path.name}: {one}" for one in _here(root, name, pins)]
    return found


def _python_problems(root: Path) -> Iterator[str]:
    served = SpecifierSet(dependency_tables(root / PROJECT)["requires-python"])
    for minor in range(OLDEST[1] - 1, TOO_NEW[1] + 1):
        version = f"{OLDEST[0]}.{minor}"
        if served.contains(f"{version}.9") is not (OLDEST <= (OLDEST[0], minor) < TOO_NEW):
            yield f"{PROJECT} and requirements/ground.py disagree whether Python {version} is served"


def _gaps(root: Path, name: str, pins: list[Pin]) -> list[str]:
    """Follow every requirement on every machine; one line per gap, with the machines it shows on."""
    shown_on: dict[str, list[str]] = {}
    count = 0
    asked = asked_by_project(root / PROJECT, name)
    for machine, variables in machines():
        count += 1
        held = holding(pins, variables)
        twice = {pin.name for pin in held if sum(one.name == pin.name for one in held) > 1}
        walk = Walk({pin.name: pin for pin in held}, variables)
        walk.follow(asked, PROJECT)
        for gap in [*walk.gaps, *(f"{one} is pinned twice" for one in sorted(twice))]:
            shown_on.setdefault(gap, []).append(machine)
    return [gap if len(where) == count else f"{gap} ({'; '.join(where)})" for gap, where in shown_on.items()]


def _unasked(root: Path, name: str, pins: list[Pin]) -> list[str]:
    """Return the pins that no chain of askers, as noted in the lock, ties to the project."""
    asked = {normal_name(one.name) for one in asked_by_project(root / PROJECT, name)}
    tied = {pin.name for pin in pins if pin.name in asked and any(one.startswith(_OWN) for one in pin.parents)}
    while True:
        more = {pin.name for pin in pins if pin.name not in tied and tied.intersection(pin.parents)}
        if not more:
            return [f"nothing asks for {pin.name} {pin.version}" for pin in pins if pin.name not in tied]
        tied |= more


def _here(root: Path, name: str, pins: list[Pin]) -> list[str]:
    """Return the pins of this machine that are not installed, or that no installed package asks for."""
    machine = this_machine()
    held = holding(pins, machine)
    walk = Walk({pin.name: pin for pin in held}, machine)
    walk.follow(asked_by_project(root / PROJECT, name), PROJECT)
    missing = [f"{one} is not installed as pinned: python3 desk.py setup" for one in sorted(walk.unread)]
    idle = [pin for pin in held if pin.name not in walk.reached]
    return missing + [f"no installed package asks for {pin.name} {pin.version}" for pin in idle if not missing]


if __name__ == "__main__":
    FOUND = problems(Path.cwd(), everything_installed=True)
    print("\n".join(FOUND) or "The lock answers pyproject.toml.")
    sys.exit(1 if FOUND else 0)
