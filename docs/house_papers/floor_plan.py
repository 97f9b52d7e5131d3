"""The rooms of the program, floor by floor, each with the line that its door says of it."""

from pathlib import Path

from docs.house_papers.markdown import table
from docs.house_papers.reading import first_line

PACKAGE = "lian_desk"
FLOORS = (
    ("ui", "what is seen"),
    ("services", "what can be done"),
    ("adapters", "what the machine offers"),
    ("models", "what is true"),
)
"""From the roof down: nobody imports from a floor above."""
BESIDE = ("bootstrap.py", "tour", "benchmarks", "cli")


def rooms(root: Path, floor: str) -> list[tuple[str, int, str]]:
    """Return every room below ``floor``: its dotted name there, its number of modules, and what it says of itself."""
    base = root / PACKAGE / floor
    found = []
    for door in sorted(base.rglob("__init__.py")):
        room = door.parent.relative_to(base)
        if room.parts and "versions" not in room.parts:
            inside = sum(1 for path in door.parent.glob("*.py") if path.name != "__init__.py")
            found.append((".".join(room.parts), inside, first_line(door)))
    return found


def floor_plan(root: Path) -> str:
    """Return the floor plan for ARCHITECTURE: a table for each floor."""
    parts = []
    for floor, meaning in FLOORS:
        found = rooms(root, floor)
        parts.append(f"### `{floor}/`: {meaning}\n\n{first_line(root / PACKAGE / floor / '__init__.py')}\n")
        parts.append(table(("room", "modules", "what lives there"), [(f"`{n}`", str(c), line) for n, c, line in found]))
        parts.append("")
    return "\n".join(parts)


def short_plan(root: Path) -> str:
    """Return the floor plan for README: one line a floor, its rooms by name."""
    lines = ["```", f"{PACKAGE}/"]
    for name in BESIDE:
        path = root / PACKAGE / name
        said = first_line(path if path.suffix else path / "__init__.py")
        lines.append(f"├── {name:<13} {said}")
    for floor, _meaning in FLOORS:
        lines.append(f"├── {floor + '/':<13} {first_line(root / PACKAGE / floor / '__init__.py')}")
        names = [name for name, _count, _line in rooms(root, floor) if "." not in name]
        lines += [f"│     {line}" for line in _wrapped(names)]
    lines.append("```")
    return "\n".join(lines)


def _wrapped(names: list[str], width: int = 108) -> list[str]:
    lines, line = [], ""
    for name in names:
        if line and len(line) + len(name) + 3 > width:
            lines.append(line)
            line = ""
        line = f"{line} · {name}" if line else name
    return [*lines, line] if line else lines
