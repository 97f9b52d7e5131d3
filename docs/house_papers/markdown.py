"""Little pieces of Markdown: tables, and places in a paper that are written by the generator."""

import re
from collections.abc import Iterable, Sequence

_PLACE = "<!-- {mark}: written by desk.py docs -->"
_END = "<!-- end of {mark} -->"


class PaperProblem(Exception):
    """A paper cannot be written; the text says what to mend."""


def cell(text: str) -> str:
    """Return ``text`` as the content of one cell: on one line, bars kept as signs, no tag that a browser would eat."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|").replace("<", "&lt;")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells of ``rows`` are escaped here."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell(one) for one in row) + " |" for row in rows]
    return "\n".join(lines)


def placed(paper: str, mark: str, content: str) -> str:
    """Return ``paper`` with ``content`` at the place that ``mark`` names.

    Raises:
        PaperProblem: the place is not there, or there twice.
    """
    begin, end = _PLACE.format(mark=mark), _END.format(mark=mark)
    if paper.count(begin) != 1 or paper.count(end) != 1 or paper.index(begin) > paper.index(end):
        raise PaperProblem(f"the lines {begin} and {end} must stand once each, in this order")
    before, rest = paper.split(begin)
    return f"{before}{begin}\n\n{content.strip()}\n\n{end}{rest.split(end)[1]}"
