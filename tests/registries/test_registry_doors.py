"""Every command has a way in: somebody in the program gives it, and that somebody is reached from where people work.

People work in the window, on the command line and at the program's start. What they give themselves is named there;
what a service gives on its own behalf (sealing an export, taking a file in) is given in a module that they load.
"""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

from tests.registries.test_registry_commands import COMMANDS

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "lian_desk"
FRONTS: Final = ("lian_desk.ui", "lian_desk.cli", "lian_desk.bootstrap")
WITHOUT_A_DOOR: Final = {
    "TakeInHospitalList": "a list that is checked already; people use ImportHospitalList with its preview",
}


@cache
def _modules() -> dict[str, ast.Module]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def _imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & set(_modules())


@cache
def _reached() -> frozenset[str]:
    waiting = [name for name in _modules() if name.startswith(FRONTS)]
    found = set(waiting)
    while waiting:
        for name in _imports(_modules()[waiting.pop()]) - found:
            found.add(name)
            waiting.append(name)
    return frozenset(found)


@cache
def _givers() -> dict[str, set[str]]:
    """Return the modules that make an object of each class they call by its name."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, tree in _modules().items():
        if ".demo." in name or ".benchmarks." in name:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                word = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                found[word].add(name)
            elif isinstance(node, ast.Name) and name.startswith(FRONTS):
                found[node.id].add(name)
    return found


def test_each_command_is_given_by_something_that_people_reach() -> None:
    closed = {kind.__name__ for kind in COMMANDS if not _givers()[kind.__name__] & _reached()}
    assert closed - set(WITHOUT_A_DOOR) == set()


def test_what_has_a_door_is_not_listed_as_without() -> None:
    names = {kind.__name__ for kind in COMMANDS}
    assert set(WITHOUT_A_DOOR) <= names
    assert {name for name in WITHOUT_A_DOOR if _givers()[name] & _reached()} == set()
