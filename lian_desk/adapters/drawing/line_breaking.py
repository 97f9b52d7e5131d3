"""Where a line of Chinese text may end. Pure: widths come in as a function.

Closing punctuation never begins a line and opening punctuation never ends one; a run of Latin letters or digits, raised and
lowered ones among them, stays whole unless it is longer than the line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Characters that must not begin a line.
NO_START = frozenset("，。；：？！、）】」』》〉〕］｝”’…—～％·‰℃°!),.:;?]}%")
#: Characters that must not end a line.
NO_END = frozenset("（【「『《〈〔［｛“‘([{￥¥$")

#: Raised and lowered figures stay with the unit or number they stand at, as in the units of a blood count.
_PIECE = re.compile(r" +|[!-~\u00a1-\u024f\u2070-\u209f]+|.", re.DOTALL)


def break_lines(text: str, limit: float, width_of: Callable[[str], float]) -> list[str]:
    """Cut `text` into lines no wider than `limit`; line feeds in the text are kept as breaks.

    Always returns at least one line. A single character wider than `limit` stands alone on its line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_fill(paragraph, limit, width_of))
    return lines


def _fill(paragraph: str, limit: float, width_of: Callable[[str], float]) -> Iterator[str]:
    line: list[str] = []
    used = 0.0
    for cluster in _clusters(paragraph):
        width = width_of(cluster)
        if used + width <= limit:
            line.append(cluster)
            used += width
            continue
        if cluster.isspace():
            continue
        if line:
            yield "".join(line).rstrip(" ")
        rest = cluster
        while width > limit:
            cut = _forced_cut(rest, limit, width_of)
            if cut == len(rest):
                break
            yield rest[:cut]
            rest = rest[cut:]
            width = width_of(rest)
        line, used = [rest], width
    yield "".join(line).rstrip(" ")


def _clusters(paragraph: str) -> Iterator[str]:
    """Yield the smallest pieces that must stay on one line, in order."""
    waiting = ""
    for match in _PIECE.finditer(paragraph):
        piece = match.group()
        # a blank behind an opening bracket does not free it from what it opens
        opens = waiting.rstrip(" ")[-1:] in NO_END if waiting.strip(" ") else False
        if waiting and (opens if piece.isspace() else piece[0] in NO_START or opens):
            waiting += piece
            continue
        if waiting:
            yield waiting
        waiting = piece
    if waiting:
        yield waiting


def _forced_cut(cluster: str, limit: float, width_of: Callable[[str], float]) -> int:
    """Return where to cut a cluster that is wider than a whole line; at least 1."""
    used = 0.0
    fits = 0
    for character in cluster:
        used += width_of(character)
        if used > limit:
            break
        fits += 1
    fits = max(fits, 1)
    if fits >= len(cluster):
        return len(cluster)
    # Prefer a place that keeps the punctuation rules; a long run of nothing but punctuation has none.
    for cut in range(fits, fits // 2, -1):
        if cluster[cut] not in NO_START and cluster[cut - 1] not in NO_END:
            return cut
    return fits


def breaks_rule(lines: list[str]) -> bool:
    """Tell whether any line begins or ends with a character that must not stand there."""
    return any(
        (after[:1] in NO_START) or (before[-1:] in NO_END) for before, after in pairwise(lines) if before and after
    )
