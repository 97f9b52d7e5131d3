"""Rooms: each says what lives there and what does not, holds what fits in a head, and is entered by its door."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = ROOT / "lian_desk"
#: A room holds about twenty modules; what grows beyond is parted.
MOST_MODULES: Final = 21
#: Floors whose rooms have doors. Features of the window do not know each other at all, by a contract.
WITH_DOORS: Final = ("adapters", "services", "models/rules", "models/tables", "ui/common", "ui/materials")
#: Stories above everything: they may look where they like.
_REVISIONS: Final = "models/migrations"


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _modules() -> dict[str, Path]:
    return {_name(path): path for path in sorted(PROGRAM.rglob("*.py")) if _REVISIONS not in path.as_posix()}


def _room_of(module: str) -> str:
    path = _modules()[module]
    return _name(path.parent / "__init__.py")


def _rooms() -> list[Path]:
    return sorted({path.parent for path in _modules().values() if len(path.relative_to(PROGRAM).parts) > 1})


def _doors() -> dict[str, list[str]]:
    """The rooms with a door, and what each offers."""
    found = {}
    for folder in _rooms():
        relative = folder.relative_to(PROGRAM).as_posix()
        if relative.startswith(WITH_DOORS) and any(path.name != "__init__.py" for path in folder.glob("*.py")):
            found[_name(folder / "__init__.py")] = _offered(folder / "__init__.py")
    return found


def _offered(path: Path) -> list[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def _bound(path: Path) -> set[str]:
    """Names that a door binds itself: what it takes in from its room, and its constants."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name for one in node.names}
        elif isinstance(node, ast.Assign):
            found |= {ast.unparse(one) for one in node.targets}
        elif isinstance(node, ast.AnnAssign):
            found.add(ast.unparse(node.target))
    return found


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Modules that a module asks for, each with the name that it takes out of them (empty: all of it)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                yield (whole, "") if whole in _modules() else (node.module, one.name)
        elif isinstance(node, ast.Import):
            for one in node.names:
                yield one.name, ""


@cache
def _crossings() -> frozenset[tuple[str, str, str]]:
    """Every step into another room: who asks, which room, what it takes there (a module, or a name of the door)."""
    found = set()
    for asking, path in _modules().items():
        for asked, name in _imports(path):
            if asked not in _modules() or _room_of(asking) == _room_of(asked):
                continue
            is_door = _modules()[asked].name == "__init__.py"
            found.add((asking, _room_of(asked), name if is_door else asked.rpartition(".")[2]))
    return frozenset(found)


@pytest.mark.parametrize("folder", _rooms(), ids=lambda folder: folder.relative_to(PROGRAM).as_posix())
def test_a_room_says_what_lives_there_and_holds_what_fits_in_a_head(folder: Path) -> None:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert said.count(".") >= 2, "what lives there, and what does not"
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MOST_MODULES


def test_nobody_reaches_past_a_door() -> None:
    doors = _doors()
    assert len(doors) > 50
    past = [
        (asking, f"{room}.{taken}") for asking, room, taken in _crossings() if taken not in doors.get(room, [taken])
    ]
    assert sorted(past) == []


def test_a_door_offers_what_is_there_and_wanted() -> None:
    wanted: dict[str, set[str]] = {}
    for _asking, room, taken in _crossings():
        wanted.setdefault(room, set()).add(taken)
    for room, offered in _doors().items():
        own = _bound(_modules()[room])
        for name in offered:
            assert f"{room}.{name}" in _modules() or name in own, f"{room} offers {name}, which is not there"
        modules = {name for name in offered if f"{room}.{name}" in _modules()}
        assert modules - wanted.get(room, set()) == set(), f"{room} offers what nobody asks for"
