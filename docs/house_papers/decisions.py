"""The decision records: read for their index, and held to one form."""

import re
from pathlib import Path

from docs.house_papers.markdown import PaperProblem, table

SECTIONS = ("Context", "Decision", "Consequences", "Alternatives")
_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def records(root: Path) -> list[tuple[str, str, Path]]:
    """Return number, title and path of every decision record, in their order.

    Raises:
        PaperProblem: a record has another form than the others.
    """
    found = []
    for path in sorted((root / "docs" / "decisions").glob("*.md")):
        if path.name == "README.md":
            continue
        named = _NAME.fullmatch(path.name)
        lines = path.read_text(encoding="utf-8").splitlines()
        heads = tuple(line.removeprefix("## ") for line in lines if line.startswith("## "))
        if named is None or heads != SECTIONS or not lines[0].startswith(f"# {named[1]} "):
            raise PaperProblem(
                f"{path.name}: a record is NNNN-title.md, begins '# NNNN …' and has {', '.join(SECTIONS)}"
            )
        found.append((named[1], lines[0].removeprefix(f"# {named[1]} "), path))
    return found


def index(root: Path) -> str:
    """Return the table of all records.

    Raises:
        PaperProblem: see ``records``; or two records have one number.
    """
    found = records(root)
    numbers = [number for number, _title, _path in found]
    if len(set(numbers)) != len(numbers):
        raise PaperProblem("two decision records have one number")
    return table(("number", "decision"), [(f"[{number}]({path.name})", title) for number, title, path in found])
