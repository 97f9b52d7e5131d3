"""Reads the program's source without running it: docstrings, comments of columns, imports, rules that are cited."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_RANGE = re.compile(r"\b([RA])(\d{1,2})(?: (?:to|bis|–|-) ?|–)(?:([RA]))?(\d{1,2})\b")
_IMPORT = re.compile(r"^[ \t]*from (lian_desk[\w.]*) import (\([^)]*\)|[^(\n]+)", re.MULTILINE)
_NAME = re.compile(r"\w+")
_RULE = re.compile(r"\b[RA]\d{1,2}\b")
HIGHEST = {"R": 92, "A": 56}
"""Last clause and last decision that an edition may know; a word such as A4 paper is none, see ``NO_RULE``."""
NO_RULE = re.compile(
    r"\bA[345]\b(?= (?:paper|page|sheet|portrait|landscape|size)|纸| 纸)|[#&][0-9A-Fa-f]{3,8}\b|\bA[45]\("
)


@cache
def text_of(path: Path) -> str:
    """Return the text of a source file."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a source file as a tree."""
    return ast.parse(text_of(path), filename=str(path))


def modules(root: Path, folder: str) -> Iterator[Path]:
    """Yield every module below ``folder``, in the order of their paths; migrations stand alone and are left out."""
    for path in sorted((root / folder).rglob("*.py")):
        if "versions" not in path.parts and "__pycache__" not in path.parts:
            yield path


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring.

    Raises:
        ValueError: the module has none.
    """
    told = ast.get_docstring(tree_of(path))
    if not told:
        raise ValueError(f"{path} has no docstring")
    return told.split("\n", maxsplit=1)[0].strip()


def cited(text: str) -> frozenset[str]:
    """Return the rules that ``text`` cites, R26 to R28 as three."""
    text = NO_RULE.sub(" ", text)
    found = set(_RULE.findall(text))
    for kind, start, second, stop in _RANGE.findall(text):
        if second in {"", kind} and int(start) < int(stop) <= HIGHEST[kind]:
            found |= {f"{kind}{number}" for number in range(int(start), int(stop) + 1)}
    return frozenset(found)


def imported(path: Path) -> frozenset[str]:
    """Return every module of the program that a module names in its imports, those inside functions included."""
    found: set[str] = set()
    for module, names in _IMPORT.findall(text_of(path)):
        found.add(module)
        found |= {f"{module}.{name}" for name in _NAME.findall(names)}
    return frozenset(found)


def comments_of(path: Path, class_name: str) -> dict[str, str]:
    """Return what stands about the attributes of a class: ``#:`` lines above one, or a text right behind it."""
    lines = text_of(path).splitlines()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            return dict(_attribute_words(node, lines))
    return {}


def _attribute_words(node: ast.ClassDef, lines: list[str]) -> Iterator[tuple[str, str]]:
    for place, statement in enumerate(node.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        above: list[str] = []
        number = statement.lineno - 2
        while number >= 0 and lines[number].strip().startswith("#:"):
            above.insert(0, lines[number].strip().removeprefix("#:").strip())
            number -= 1
        behind = node.body[place + 1] if place + 1 < len(node.body) else None
        if above:
            yield statement.target.id, " ".join(above)
        elif isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant):
            yield statement.target.id, str(behind.value.value)
