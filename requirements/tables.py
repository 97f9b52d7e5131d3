"""The lock as data: which files it has, what stands in them, and the digest of what they were made from.

A lock file is a plain requirement file: a head of comments, then one pin per package (name, version, for which
systems, checksums of every wheel, and who asked for it).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
# File → what of pyproject.toml it answers, as the resolver is asked for it.
LOCKS = {
    "runtime": ("pyproject.toml",),
    "extras": ("pyproject.toml", "--all-extras"),
    "dev": ("--group", "dev"),
    "lock": ("--group", "lock"),
}
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)

_DIGEST = re.compile(r"^# dependency tables: sha256 ([0-9a-f]{64})$", re.MULTILINE)
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))? \\$")
_VIA = re.compile(r"^    #(?: via|  ) *(?P<parent>\S.*)?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One pinned package of one lock file."""

    name: str
    """Name in the normal form: small letters, hyphens."""
    version: str
    marker: str
    """For which systems and Pythons the pin holds; empty for all."""
    parents: tuple[str, ...]
    """Who asked for it: names of packages, or ``lian-desk (pyproject.toml…)``."""


def normal_name(name: str) -> str:
    """Return ``name`` in the form in which indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project_table(project: Path) -> dict[str, Any]:
    """Return the table ``[project]`` of ``project`` (a pyproject.toml)."""
    table: dict[str, Any] = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    return table


def dependency_tables(project: Path) -> dict[str, Any]:
    """Return the parts of ``project`` (a pyproject.toml) that a lock depends on."""
    whole = tomllib.loads(project.read_text(encoding="utf-8"))
    about = whole.get("project", {})
    return {
        "requires-python": about.get("requires-python", ""),
        "dependencies": about.get("dependencies", []),
        "optional-dependencies": about.get("optional-dependencies", {}),
        "dependency-groups": whole.get("dependency-groups", {}),
        "build-system": whole.get("build-system", {}).get("requires", []),
    }


def digest_of(tables: dict[str, Any]) -> str:
    """Return the SHA-256 of ``tables``; order of tables and layout do not matter, order in a list does not either."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ordered(one) for key, one in value.items()}
        if isinstance(value, list):
            return sorted((ordered(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
        return value

    return hashlib.sha256(json.dumps(ordered(tables), sort_keys=True).encode("utf-8")).hexdigest()


def head(digest: str) -> str:
    """Return the comment lines on top of a lock file."""
    return (
        '# Made by "python3 desk.py lock" from pyproject.toml, never by hand; CONTRIBUTING.md says when.\n'
        f"# dependency tables: sha256 {digest}\n"
    )


def digest_in(text: str) -> str | None:
    """Return the digest that the head of a lock file names, or None."""
    found = _DIGEST.search(text)
    return found.group(1) if found else None


def pins_in(text: str) -> list[Pin]:
    """Return the pins of a lock file in their order."""
    pins: list[Pin] = []
    for line in text.splitlines():
        pin = _PIN.match(line)
        if pin:
            pins.append(Pin(normal_name(pin["name"]), pin["version"], pin["marker"] or "", ()))
            continue
        via = _VIA.match(line)
        if via and via["parent"] and pins:
            last = pins[-1]
            pins[-1] = Pin(last.name, last.version, last.marker, (*last.parents, via["parent"].strip()))
    return pins
