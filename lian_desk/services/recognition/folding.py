"""Text as it is compared when papers are read: one width, no blanks or punctuation, look-alikes as one character."""

import re
import tomllib
import unicodedata
from functools import cache
from itertools import combinations
from typing import Final

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.plain_text import plain

COLONS: Final = "：:﹕;；】"
"""What stands behind a label as a colon."""
_KEPT_SIGNS: Final = frozenset("·■*")
_CHARACTERS_PER_SLIP: Final = 4


@cache
def _glyphs() -> dict[int, str]:
    document = tomllib.loads(resource_path("recognition", "glyphs.toml").read_text(encoding="utf-8"))
    first: dict[str, str] = {}
    for group in (*document["groups"], *document["forms"]):
        # a character of two groups makes one of them: 壬 is taken for 王, 王 for 玉
        known = {first.get(char, char) for char in group}
        head = min(known)
        first.update(dict.fromkeys(known | set(group), head))
        first.update({char: head for char, held in first.items() if held in known})
    return {ord(char): head for char, head in first.items() if char != head}


def squeezed(text: str) -> str:
    """Return ``text`` in one width, without blanks and punctuation; characters stay as they are."""
    return "".join(char for char in plain(text) if char.isalnum() or char in _KEPT_SIGNS)


def folded(text: str) -> str:
    """Return ``text`` squeezed, upper case, with look-alikes as one character: for key words and labels."""
    return squeezed(text).upper().translate(_glyphs())


def same_length(text: str) -> str:
    """Fold character by character, so that places in the result are places in ``text``; a colon stays one."""
    return "".join(_one(char) for char in text)


def _one(char: str) -> str:
    if char.isspace() or char in COLONS:
        return ":" if char in COLONS else " "
    plain_char = folded(char)
    if len(plain_char) == 1:
        return plain_char
    normal = unicodedata.normalize("NFKC", char)
    return normal if len(normal) == 1 else "\ufffd"


def alike(first: str, second: str) -> bool:
    """Tell whether two characters are the same, or taken for each other by recognition."""
    return first == second or folded(first) == folded(second) != ""


def differences(first: str, second: str) -> int:
    """Return how many characters must be changed, added or left out to turn one text into the other."""
    before = list(range(len(second) + 1))
    for row, char in enumerate(first, start=1):
        now = [row]
        for column, other in enumerate(second, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (char != other)))
        before = now
    return before[-1]


def almost(word: str) -> str:
    """Return the pattern of a folded ``word`` in which every fourth character may have been read as another."""
    slips = len(word) // _CHARACTERS_PER_SLIP
    if not slips:
        return re.escape(word)
    forms = (
        "".join("." if place in slipped else re.escape(char) for place, char in enumerate(word))
        for slipped in combinations(range(len(word)), slips)
    )
    return "|".join(forms)
