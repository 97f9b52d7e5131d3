"""All papers that the generator writes into, in one table: path, place, and who knows what stands there."""

from collections.abc import Callable
from pathlib import Path

from docs.house_papers.data_dictionary import data_dictionary
from docs.house_papers.decisions import index as decision_index
from docs.house_papers.floor_plan import floor_plan, short_plan
from docs.house_papers.glossary import members
from docs.house_papers.markdown import placed
from docs.house_papers.register import register

PLACES: tuple[tuple[str, str, Callable[[Path], str]], ...] = (
    ("README.md", "floor plan", short_plan),
    ("docs/ARCHITECTURE.md", "rooms", floor_plan),
    ("docs/DATA-DICTIONARY.md", "tables", data_dictionary),
    ("docs/GLOSSARY.md", "members", members),
    ("docs/REGISTER.md", "clauses", register),
    ("docs/decisions/README.md", "decisions", decision_index),
)
"""A paper may stand here with several places; their texts are read off the code each time."""


def papers(root: Path) -> dict[Path, str]:
    """Return every paper as it should be.

    Raises:
        PaperProblem: something in the code has no word yet; the text says what to mend.
        OSError: a paper is missing.
    """
    found: dict[Path, str] = {}
    for name, mark, write_place in PLACES:
        path = root / name
        text = found.get(path) or path.read_text(encoding="utf-8")
        found[path] = placed(text, mark, write_place(root))
    return found


def stale(root: Path) -> list[str]:
    """Return one line for each paper that says something else than the code."""
    return [
        f"{path.relative_to(root).as_posix()} does not answer the code any more; type: python3 desk.py docs"
        for path, text in papers(root).items()
        if path.read_text(encoding="utf-8") != text
    ]


def write(root: Path) -> list[str]:
    """Write the papers that changed and return their names."""
    changed = []
    for path, text in papers(root).items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(f"{path.relative_to(root).as_posix()}: written")
    return changed
